"""``scan``, ``record`` and ``live`` on emulated sensors, as a user types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lift_monitor.cli import main
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import Recording
from lift_monitor.samples import Role
from tests.integration.pace import real_time


@real_time
def test_scan_lists_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["scan", "--emulated", "--seconds", "3", "--json", "--details"]) == 0
    sensors = json.loads(capsys.readouterr().out)["sensors"]
    names = [sensor["name"] for sensor in sensors]
    assert names == sorted(names)
    assert {sensor["serial"] for sensor in sensors} == {"EMU0001", "EMU0002", "EMU0003"}
    assert {sensor["family"] for sensor in sensors} == {"Open IMU board"}
    assert all(sensor["battery_pct"] > 50 and sensor["rssi_dbm"] < 0 for sensor in sensors)


@real_time
def test_scan_is_readable_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--emulated", "--seconds", "3"]) == 0
    told = capsys.readouterr().out
    assert "Emulated bar 01" in told
    assert "dBm" in told


@real_time
def test_record_makes_a_recording_of_the_sensors_named(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path_factory.mktemp("record") / "out.mcap"
    words = ["--bar", "EMU0001", "--pelvis", "C0:FF:EE:00:00:03", "--seconds", "3"]
    assert main(["record", "--emulated", *words, "--exercise", "deadlift", str(out)]) == 0
    told = re.search(r"out\.mcap: ([0-9.]+) s", "".join(capsys.readouterr().out.splitlines()))
    assert told
    recording = Recording.open(out)
    assert {info.role for info in recording.sensors} == {Role.BAR, Role.PELVIS}
    assert {info.placement for info in recording.sensors} == {"collar", "sacrum"}
    assert recording.session.exercise is Exercise.DEADLIFT
    # On a crowded machine it is less of the three seconds, or more.
    assert recording.duration_s > 1.0
    assert recording.duration_s == pytest.approx(float(told[1]), abs=0.3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["out.mcap"], "Name a sensor with --bar"),
        (["--emulated", "--bar", "Nobody", "--within", "1", "out.mcap"], "There is no sensor Nobo"),
        (["--emulated", "there.mcap"], "exists already"),
        (["--emulated", "no/where.mcap"], "does not exist; make it first"),
    ],
)
def test_record_refuses_with_one_sentence(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.mcap").write_bytes(b"mine")
    assert main(["record", *words]) == 2
    said = capsys.readouterr().err.strip()
    assert told in said
    assert "\n" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["there.mcap"]
    assert (tmp_path / "there.mcap").read_bytes() == b"mine"


@real_time
def test_live_goes_from_the_sensors_page_to_a_recording(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path = tmp_path_factory.mktemp("live")
    folder, picture = tmp_path / "recordings", tmp_path / "live.png"
    words = ["--recordings", str(folder), "--png", str(picture), "--seconds", "8"]
    assert main(["live", "--emulated", "--offscreen", *words]) == 0
    assert "Live session: " in capsys.readouterr().out
    (recorded,) = folder.iterdir()
    assert recorded.name.endswith("_deadlift.mcap")
    recording = Recording.open(recorded)
    assert recording.session.source == "simulated"
    assert recording.session.notes == {}
    assert {info.role for info in recording.sensors} == set(Role)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "live-sensors.png").exists()
