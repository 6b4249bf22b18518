"""Slips of the hand and of the computer: one sentence each, nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lift_monitor.cli import main
from tests.patience import until

FULL = Path("/dev/full")


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """The one sentence on stderr of a command that ends with status 2."""
    capsys.readouterr()
    assert main([str(word) for word in words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    sentence = err.strip()
    assert sentence.endswith(".")
    return sentence


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with one simulated person, Heron 3, whose first session is on 1 June 2026."""
    path = tmp_path_factory.mktemp("practice") / "clinic.sqlite"
    words = ["--people", "1", "--sessions", "4", "--start", "2026-06-01"]
    assert main(["simulate-clinic", str(path), *words]) == 0
    return path


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report"], "Missing argument 'PERSON'; see lift-monitor report --help."),
        (["simulate", "x.mcap", "--sets", "0"], "1; see lift-monitor simulate --help."),
        (["simulate", "x.mcap", "--sets", "x"], "integer; see lift-monitor simulate --help."),
        (["reprot"], "No such command 'reprot'; did you mean 'report'"),
        (["backup", "--nosuch"], "No such option: --nosuch; see lift-monitor backup --help."),
        (["simulate", "x.mcap", "--exercise", "deadlfit"], "'--exercise': 'deadlfit' is not one"),
        (["report", "Heron", "3", "heron.pdf"], "words that belong together in quotation marks"),
    ],
)
def test_a_mistyped_command_points_to_its_own_help(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in said(capsys, *words)


@pytest.mark.parametrize("day", ["2026-13-01", "1.6.2026", "yesterday", ""])
def test_a_day_that_is_none_is_told_with_how_to_write_one(
    day: str, practice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.pdf"
    for flag in ("--from", "--to"):
        told = said(capsys, "report", "Heron 3", out, "--clinic", practice, flag, day)
        assert told == f"{flag} {day}".strip() + " is no day; give it as 2026-03-31."
    told = said(capsys, "simulate-clinic", tmp_path / "x.sqlite", "--start", day)
    assert told == f"--start {day}".strip() + " is no day; give it as 2026-03-31."
    assert list(tmp_path.iterdir()) == []


def test_a_period_before_the_first_day_is_not_told_as_days_turned_round(
    practice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", "Heron 3", tmp_path / "x.pdf", "--clinic", practice]
    told = said(capsys, *words, "--to", "2020-01-01")
    assert told == (
        "The report would end on 2020-01-01, before the first day of Heron 3, 2026-05-29; "
        "choose a later last day."
    )
    told = said(capsys, *words, "--from", "2026-06-09", "--to", "2026-06-03")
    assert "turn the two days round" in told
    told = said(capsys, *words, "--from", "2999-01-01")
    assert "choose an earlier first day" in told


@pytest.mark.parametrize(
    "words",
    [
        ["simulate", "file/x.mcap"],
        ["demo", "--offscreen", "--png", "file/x.png"],
        ["report", "Heron 3", "file/x.pdf"],
        ["backup", "file/x.sqlite"],
        ["simulate-clinic", "file/x.sqlite"],
        ["export-clinic", "file/tables"],
        ["sounds", "file/sounds"],
    ],
)
def test_a_file_in_the_place_of_a_folder_is_called_a_file(
    words: list[str],
    practice: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("a file")
    if words[0] in ("report", "backup", "export-clinic"):
        words = [*words, "--clinic", str(practice)]
    assert "file is a file, not a folder" in said(capsys, *words)


def test_a_backup_is_not_put_into_a_folder_that_is_not_there(
    practice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A stick that is not plugged in: a folder of its name would be on the same disk.
    told = said(capsys, "backup", tmp_path / "stick" / "today.sqlite", "--clinic", practice)
    assert told == (
        f"The folder {tmp_path / 'stick'} for today.sqlite does not exist; plug in the drive "
        "that it is on, or make it first."
    )
    assert not (tmp_path / "stick").exists()


def test_a_clinic_that_is_named_as_nothing_or_as_a_url_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said(capsys, "people", "--clinic", "") == "--clinic names no file; give it one."
    told = said(capsys, "people", "--clinic", "sqlite:///new.sqlite")
    assert told == "sqlite:///new.sqlite is the URL of a file; give the file itself: new.sqlite."
    assert list(tmp_path.iterdir()) == []


def test_restore_says_that_a_wrong_file_is_no_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "letter.pdf"
    wrong.write_bytes(b"%PDF-1.7 " * 40)
    target = tmp_path / "clinic.sqlite"
    told = said(capsys, "restore", wrong, "--clinic", target)
    assert told == (
        f"{wrong} is not a clinic's file of lift-monitor, or its beginning is damaged; name "
        "another backup."
    )
    wrong.write_bytes(b"")
    assert said(capsys, "restore", wrong, "--clinic", target).endswith("name another backup.")
    assert not target.exists()


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "lift_monitor", *(str(word) for word in words)]


def without_rights(folder: Path) -> list[str]:
    """What to put before a command so that a read-only folder is read-only for it as well."""
    if os.name != "posix":
        pytest.skip("the rights of a folder are those of POSIX")
    if os.geteuid() != 0:
        return []
    drop = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
    try:
        tried = subprocess.run([*drop, "test", "-w", str(folder)], capture_output=True)
    except FileNotFoundError:
        pytest.skip("root writes everywhere, and setpriv is not here")
    if tried.returncode == 0:
        pytest.skip("root writes everywhere here")
    return drop


@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "{sample}", "--traces", "{there}/t.csv"],
        ["export", "{sample}", "--signals", "{there}/s.parquet"],
        ["simulate-clinic", "{there}/c.sqlite"],
        ["demo", "--live", "--offscreen", "--record", "{there}/r.mcap"],
        ["live", "--emulated", "--offscreen", "--seconds", "5", "--recordings", "{there}"],
    ],
)
def test_a_folder_without_the_right_to_write_is_told_by_the_name_that_was_given(
    words: list[str], repository: Path, tmp_path: Path
) -> None:
    there = Path("there")
    (tmp_path / there).mkdir(mode=0o555)
    sample = repository / "recordings" / "deadlift_trunk.mcap"
    filled = [word.format(sample=sample, there=there) for word in words]
    done = subprocess.run(
        [*without_rights(tmp_path / there), *command(*filled)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("there")
    assert "cannot be written (Permission denied)" in done.stderr
    assert ".part" not in done.stderr
    assert ".simulated" not in done.stderr
    assert list((tmp_path / there).iterdir()) == []


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [["doctor"], ["analyze", "{sample}", "--json"]])
def test_output_that_finds_no_room_is_told_once(words: list[str], repository: Path) -> None:
    sample = repository / "recordings" / "squat_failed.mcap"
    with FULL.open("w") as full:
        done = subprocess.run(
            command(*(word.format(sample=sample) for word in words)),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=240,
        )
    assert done.returncode == 2
    assert done.stderr == (
        "The output cannot be written (No space left on device); make room, or send it elsewhere.\n"
    )


@pytest.mark.parametrize("words", [["--version"], ["doctor"], ["sounds", "earcons"]])
def test_a_pipe_that_nobody_reads_is_no_error(words: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        command(*words), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(240) in (0, 1)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX sends them")
def test_ctrl_c_ends_a_session_offscreen_also_while_it_is_drawn(
    repository: Path, tmp_path: Path
) -> None:
    # Qt prints what is raised while it draws, and goes on.
    held = tmp_path / "held.py"
    held.write_text(
        "import os, signal, sys\n"
        "from lift_monitor.ui import window\n"
        "paint = window.MonitorWindow.paintEvent\n"
        "def pressed(self, event):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    paint(self, event)\n"
        "window.MonitorWindow.paintEvent = pressed\n"
        "from lift_monitor.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    sample = repository / "recordings" / "squat_failed.mcap"
    done = subprocess.run(
        [sys.executable, str(held), "replay", "--offscreen", str(sample), "--png", "x.png"],
        cwd=tmp_path,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == "Stopped.\n"
    assert not (tmp_path / "x.png").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX sends them")
def test_ctrl_c_while_a_clinic_is_simulated_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("simulate-clinic", tmp_path / "x.sqlite"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who runs the tests in the background has Ctrl+C ignored, and so would the program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        until(lambda: any(tmp_path.rglob("*.sqlite")), "the clinic is being made")
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=240)
    assert running.returncode == 130
    assert err == "Stopped.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX sends them")
def test_ctrl_c_within_the_database_is_obeyed_once_it_is_left(tmp_path: Path) -> None:
    # SQLAlchemy prints what is raised while it closes a connection.
    held = tmp_path / "held.py"
    held.write_text(
        "import os, signal, sys\n"
        "from sqlalchemy.engine.default import DefaultDialect\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "close = DefaultDialect.do_close\n"
        "def pressed(self, connection):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    close(self, connection)\n"
        "DefaultDialect.do_close = pressed\n"
        "from lift_monitor.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, str(held), "simulate-clinic", "x.sqlite", "--people", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == "Stopped.\n"
    assert list(tmp_path.iterdir()) == [held]


@pytest.mark.skipif(sys.platform != "linux", reason="only there a display is named by a variable")
@pytest.mark.parametrize("words", [["demo"], ["clinic", "--clinic", "c.sqlite"]])
def test_a_display_that_is_not_there_is_told_instead_of_an_abort(
    words: list[str], tmp_path: Path
) -> None:
    display = {"DISPLAY": ":4711", "QT_QPA_PLATFORM": "xcb", "HOME": str(tmp_path)}
    done = subprocess.run(
        command(*words),
        cwd=tmp_path,
        env={**os.environ, **display},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("No window can be opened")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="the rights of a folder are those of POSIX")
@pytest.mark.parametrize("name", ["people", "backup"])
def test_a_home_in_which_no_records_can_be_is_told_with_the_way_round(
    name: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.write_text("no folder")
    done = subprocess.run(
        command(name),
        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": "", "LIFT_MONITOR_CLINIC": ""},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 2, done.stderr
    assert "The folder for the clinic's records cannot be made" in done.stderr
    assert done.stderr.endswith("name a file with --clinic.\n")
