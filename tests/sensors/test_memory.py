"""Which sensor sits where is remembered by what the sensor says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lift_monitor.samples import Role
from lift_monitor.sensors.memory import KnownSensor, Memory

BAR = KnownSensor("S1", "Movesense 1", "movesense")
OTHER = KnownSensor("S2", "Movesense 2", "movesense")


def test_a_place_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "sensors.json"
    Memory(path).assign(BAR, Role.BAR)
    (known,) = Memory(path).sensors
    assert known.key == "S1"
    assert known.role is Role.BAR
    assert known.placement == "collar"


def test_a_place_has_one_sensor(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "s.json")
    memory.assign(BAR, Role.BAR)
    memory.assign(OTHER, Role.BAR)
    roles = {known.key: known.role for known in Memory(tmp_path / "s.json").sensors}
    assert roles == {"S1": None, "S2": Role.BAR}


def test_a_sensor_can_be_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "s.json")
    memory.assign(BAR, Role.BAR)
    memory.forget("S1")
    assert Memory(tmp_path / "s.json").sensors == ()


def test_a_better_key_keeps_the_place(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "s.json")
    memory.assign(KnownSensor("Movella DOT", "Movella DOT", "movella-dot"), Role.PELVIS)
    memory.rename("Movella DOT", KnownSensor("D422", "Movella DOT", "movella-dot"))
    (known,) = Memory(tmp_path / "s.json").sensors
    assert (known.key, known.role) == ("D422", Role.PELVIS)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"version": 9, "sensors": []}',
        b'{"version": 1, "sensors": [{"key": "a"}]}',
        b'{"version": 1, "sensors": [{"key": "a", "name": "a", "family": "f", "role": "knee"}]}',
        b"[" * 100_000,
    ],
)
def test_an_unreadable_list_is_set_aside_never_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sensors.json"
    path.write_bytes(content)
    memory = Memory(path)
    assert memory.sensors == ()
    assert "assign the sensors again" in memory.trouble
    memory.assign(BAR, Role.BAR)
    kept = [file for file in tmp_path.iterdir() if file != path]
    assert [file.read_bytes() for file in kept] == [content]
    assert json.loads(path.read_text())["sensors"][0]["key"] == "S1"


def test_a_list_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    memory = Memory(tmp_path / "file" / "sensors.json")
    memory.assign(BAR, Role.BAR)
    assert "could not be" in memory.trouble
    assert memory.get("S1") is not None
