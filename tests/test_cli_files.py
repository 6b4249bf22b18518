"""Files in, files out: import, export, simulate, recover; doctor and the root command."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from lift_monitor.cli import main
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import Recording

HEADER = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps"


def write_lifts(path: Path, lifts: int = 3) -> Path:
    time_s = np.arange(int((8 + 4 * lifts) * 100)) / 100.0
    rows = np.random.default_rng(2).normal(0, 0.02, (time_s.shape[0], 7))
    rows[:, 0] = time_s
    rows[:, 3] += 9.80665
    for start_s in 4.0 + 4.0 * np.arange(lifts):
        for begin_s, sign in ((start_s, 1.0), (start_s + 1.5, -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + 1.0)
            rows[inside, 3] += sign * np.pi * np.sin(2 * np.pi * (time_s[inside] - begin_s))
    np.savetxt(path, rows, fmt="%.6f", delimiter=",", header=HEADER, comments="")
    return path


def run(*arguments: object) -> int:
    return main([str(word) for word in arguments])


def test_import_keeps_facts_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar, out = write_lifts(tmp_path / "a.csv"), tmp_path / "a.mcap"
    assert run("import", bar, out, "--exercise", "back_squat", "--load", 80, "--alias", "K7") == 0
    assert "packets" in capsys.readouterr().out
    recording = Recording.open(out)
    assert recording.session.source == "imported"
    assert recording.session.exercise == Exercise.BACK_SQUAT
    assert (recording.session.load_kg, recording.session.alias) == (80.0, "K7")
    before = out.read_bytes()
    assert run("import", bar, out) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_several_files_become_several_sensors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write_lifts(tmp_path / f"{name}.csv", 1) for name in ("x", "my_thorax", "pelvis")]
    out = tmp_path / "all.mcap"
    assert run("import", *files, out) == 0
    assert [info.role.value for info in Recording.open(out).sensors] == ["bar", "thorax", "pelvis"]
    capsys.readouterr()
    assert run("import", files[0], files[1], tmp_path / "two.mcap", "--role", "bar") == 2
    assert "2 files and 1 --role" in capsys.readouterr().err
    assert run("import", *files[:2], tmp_path / "x.mcap", "--role", "bar", "--role", "bar") == 2
    assert "same sensor" in capsys.readouterr().err
    assert run("import", files[0], tmp_path / "x.mcap", "--role", "hat") == 2
    assert "--role hat" in capsys.readouterr().err
    assert not (tmp_path / "x.mcap").exists()


def test_export_writes_both_or_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar, recording = write_lifts(tmp_path / "a.csv"), tmp_path / "a.mcap"
    reps, signals = tmp_path / "reps.csv", tmp_path / "signals.parquet"
    run("import", bar, recording, "--exercise", "deadlift")
    assert run("export", recording, "--repetitions", reps, "--signals", signals) == 0
    with reps.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["repetition"] for row in rows] == ["1", "2", "3"]
    table = pq.read_table(signals)
    assert table.num_rows > 1900
    assert "velocity_mps" in table.column_names
    capsys.readouterr()
    assert run("export", recording) == 2
    assert "Say what to export" in capsys.readouterr().err
    assert run("export", recording, "--repetitions", recording) == 2
    assert "is an input" in capsys.readouterr().err


def test_simulate_makes_a_recording_that_counts_what_was_ordered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "s.mcap"
    words = ("--exercise", "back_squat", "--sets", 2, "--reps", 4, "--seed", 5, "--rest", 20)
    assert run("simulate", out, *words) == 0
    recording = Recording.open(out)
    assert recording.session.source == "simulated"
    assert (recording.session.target_sets, recording.session.target_reps) == (2, 4)
    capsys.readouterr()
    assert run("analyze", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [len(lift_set["reps"]) for lift_set in found["sets"]] == [4, 4]
    again = tmp_path / "again.mcap"
    assert run("simulate", again, *words) == 0
    assert list(Recording.open(again).packets()) == list(recording.packets())


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--exercise", "free"), "does not know the exercise free"),
        (("--exercise", "free"), "bench_press, jumping_chin_up, drop_landing, heel_drop."),
        (("--sample", "unheard-of"), "choose one of: deadlift"),
        (("--reps", "0"), "--reps"),
        (("--rest", "1"), "--rest"),
    ],
)
def test_what_cannot_be_simulated_is_told_and_leaves_nothing(
    arguments: tuple[str, ...], part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("simulate", tmp_path / "s.mcap", *arguments) == 2
    assert part in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_sample_session_can_be_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("simulate", tmp_path / "s.mcap", "--sample", "deadlift") == 0
    assert "fatigue" in Recording.open(tmp_path / "s.mcap").session.notes["about"]
    capsys.readouterr()


def test_recover_makes_a_whole_file_of_a_cut_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar, recording = write_lifts(tmp_path / "a.csv"), tmp_path / "a.mcap"
    run("import", bar, recording)
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(recording.read_bytes()[:-5000])
    capsys.readouterr()
    assert run("recover", cut, tmp_path / "whole.mcap") == 0
    assert "recovered from cut.mcap" in capsys.readouterr().out
    recovered = Recording.open(tmp_path / "whole.mcap")
    assert recovered.recovery is None
    original = list(Recording.open(recording).packets())
    found = list(recovered.packets())
    assert 0 < len(found) <= len(original)
    assert found == original[: len(found)]
    (tmp_path / "picture.mcap").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    assert run("recover", tmp_path / "picture.mcap") == 2
    assert "JPEG" in capsys.readouterr().err


def test_doctor_answers_in_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor") == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[1] for line in lines} == {
        "version",
        "python",
        "system",
        "libraries",
        "screen",
        "bluetooth",
        "samples",
        "disk",
    }
    assert all(line.split()[0] in ("ok", "check") for line in lines)


def test_the_root_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ((), ("--help",)):
        assert run(*arguments) == 0
        out = capsys.readouterr().out
        for command in ("demo", "replay", "analyze", "import", "export", "simulate", "recover"):
            assert command in out
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("lift-monitor ")
    assert run("fly") == 2
    assert "No such command 'fly'" in capsys.readouterr().err


def test_help_needs_no_heavy_library() -> None:
    script = (
        "import sys; from lift_monitor.cli import main; main(['--help']);"
        "heavy = {'numpy', 'scipy', 'PySide6', 'pyarrow', 'vqf'} & set(sys.modules);"
        "sys.exit(f'{heavy} were imported' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "lift_monitor", "doctor"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.close()
    errors = first.stderr.read()
    first.stderr.close()
    first.wait()
    assert errors == b""
