"""``demo`` and ``replay`` without a display: the same window, a picture and a table."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lift_monitor.cli import main
from lift_monitor.cli.screen import load
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import Recording
from lift_monitor.station import Mode

HEADER = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps"


@pytest.fixture
def recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A recording of three deadlifts of half a metre."""
    time_s = np.arange(2000) / 100.0
    rows = np.random.default_rng(2).normal(0, 0.02, (time_s.shape[0], 7))
    rows[:, 0] = time_s
    rows[:, 3] += 9.80665
    for start_s in (4.0, 8.0, 12.0):
        for begin_s, sign in ((start_s, 1.0), (start_s + 1.5, -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + 1.0)
            rows[inside, 3] += sign * np.pi * np.sin(2 * np.pi * (time_s[inside] - begin_s))
    source = tmp_path / "lifts.csv"
    np.savetxt(source, rows, fmt="%.6f", delimiter=",", header=HEADER, comments="")
    path = tmp_path / "lifts.mcap"
    assert main(["import", str(source), str(path), "--exercise", "deadlift", "--load", "70"]) == 0
    capsys.readouterr()
    return path


def in_a_process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run(
        [sys.executable, "-m", "lift_monitor", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )


def table(printed: str) -> list[str]:
    """The rows of repetitions, the only lines that end with their trust, and the head."""
    return [
        line for line in printed.splitlines() if line.rstrip().endswith(("Trust", "high", "low"))
    ]


def test_replay_without_a_display_leaves_a_picture_and_the_table(
    recording: Path, tmp_path: Path
) -> None:
    done = in_a_process(tmp_path, "replay", recording.name)
    assert done.returncode == 0, done.stderr
    assert "lifts.mcap: 3 repetitions" in done.stdout
    assert "replay.png" in done.stdout
    picture = (tmp_path / "replay.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 1920
    assert int.from_bytes(picture[20:24]) == 1080


def test_a_session_of_landings_is_printed_as_such_and_with_its_flags(tmp_path: Path) -> None:
    landed = in_a_process(tmp_path, "demo", "--session", "drop_landings")
    assert landed.returncode == 0, landed.stderr
    assert "Landings (forces are estimated):" in landed.stdout
    assert "m/s" not in landed.stdout  # no empty table of repetitions
    lifted = in_a_process(tmp_path, "demo", "--session", "deadlift_trunk")
    assert "Flags of technique:" in lifted.stdout
    bar_only = in_a_process(tmp_path, "demo", "--session", "squat_failed")
    assert "Technique was not watched" in bar_only.stdout


def test_demo_without_a_display_leaves_a_picture_and_the_table(tmp_path: Path) -> None:
    done = in_a_process(tmp_path, "demo")
    assert done.returncode == 0, done.stderr
    assert "repetitions" in done.stdout
    assert (tmp_path / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["demo.png"]


def test_a_simulated_lifter_is_watched_and_recorded(tmp_path: Path) -> None:
    done = in_a_process(tmp_path, "demo", "--live", "--record", "live.mcap", "--view", "lifter")
    assert done.returncode == 0, done.stderr
    recording = Recording.open(tmp_path / "live.mcap")
    assert recording.recovery is None
    assert recording.session.source == "simulated"
    again = in_a_process(tmp_path, "replay", "live.mcap")
    assert table(again.stdout) == table(done.stdout)
    assert len(table(done.stdout)) > 10


def test_a_session_is_prepared_with_the_recordings_own_facts(recording: Path) -> None:
    shares: list[float] = []
    loaded = load(recording, None, shares.append)
    assert loaded.station.mode == Mode.REPLAY
    assert loaded.station.config.exercise == Exercise.DEADLIFT
    assert loaded.station.config.load_kg == 70.0
    assert loaded.overview is not None
    assert len(loaded.overview.repetitions) == 3
    assert loaded.title == "lifts.mcap"
    assert shares[-1] == 1.0
    with pytest.raises(ValueError, match="does not exist"):
        load(recording.with_name("nowhere.mcap"), None, None)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["replay", "nowhere.mcap"], "nowhere.mcap does not exist"),
        (["replay", "lifts.mcap", "--speed", "fast"], "--speed fast"),
        (["replay", "lifts.mcap", "--speed", "9"], "0.1 to 8, or max"),
        (["replay", "lifts.mcap", "--view", "pilot"], "clinician or lifter"),
        (["replay", "lifts.mcap", "--theme", "pink"], "dark or light"),
        (["replay", "lifts.mcap", "--offscreen", "--png", "lifts.mcap"], "is an input"),
        (["replay", "lifts.mcap", "--offscreen", "--png", "no/where.png"], "make it first"),
        (["demo", "--record", "x.mcap"], "--record needs --live"),
        (["demo", "--live", "--record", "lifts.mcap"], "exists already"),
        (["demo", "--session", "unheard-of"], "no sample session unheard-of"),
    ],
)
def test_a_wrong_command_is_told_in_one_sentence(
    arguments: list[str],
    part: str,
    recording: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(recording.parent)
    before = recording.read_bytes()
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert part in error
    assert error.count("\n") == 1
    assert recording.read_bytes() == before
    assert not list(recording.parent.glob("*.png"))


def test_no_window_is_left_to_be_freed_in_another_thread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--offscreen", "--png", str(tmp_path / "demo.png")]) == 0
    capsys.readouterr()
    from PySide6.QtWidgets import QApplication

    from lift_monitor.ui.window import MonitorWindow

    assert gc.isenabled()
    assert not [w for w in QApplication.allWidgets() if isinstance(w, MonitorWindow)]
