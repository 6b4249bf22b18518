"""A live session over taps in memory: its beginning, its trouble and its end."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lift_monitor.drivers.formats import open_imu
from lift_monitor.drivers.live import LinkFacts, LiveSource, TapError
from lift_monitor.drivers.packet import host_now_ns
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import Recording
from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.recorder import Recorder
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.station import Mode, Station, StationConfig, StationStatus
from tests.patience import until

CONFIG = StationConfig(Exercise.DEADLIFT)


class MemoryTap:
    """A sensor that sends what a test says."""

    def __init__(self, role: Role = Role.BAR, trouble: str = "") -> None:
        self.info = SensorInfo(role.value, role, open_imu.NAME, nominal_rate_hz=100.0)
        self.trouble = trouble
        self.sink: Callable[[str, bytes, int], None] | None = None
        self.closed = False

    def open(self, sink: Callable[[str, bytes, int], None]) -> None:
        if self.trouble:
            raise TapError(self.trouble)
        self.sink = sink

    def close(self) -> None:
        self.sink = None
        self.closed = True

    def link(self) -> LinkFacts:
        return LinkFacts(up=True)

    def send(self) -> None:
        assert self.sink is not None
        self.sink(open_imu.CHANNEL, b"\x01", host_now_ns())


class Told:
    """The newest status of a station."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.status: StationStatus | None = None

    def when(self, true: Callable[[StationStatus], bool], what: str) -> StationStatus:
        def look() -> bool:
            for update in self._station.drain():
                if isinstance(update, StationStatus):
                    self.status = update
            return self.status is not None and true(self.status)

        until(look, what)
        assert self.status is not None
        return self.status


def live(*taps: MemoryTap, record_to: Path | None = None) -> Station:
    return Station(LiveSource(taps), CONFIG, Mode.LIVE, record_to=record_to)


def test_a_session_that_cannot_begin_leaves_nothing_behind(tmp_path: Path) -> None:
    bar, pelvis = MemoryTap(), MemoryTap(Role.PELVIS, "The pelvis cannot be listened to.")
    station = live(bar, pelvis, record_to=tmp_path / "session.mcap")
    with pytest.raises(TapError, match="cannot be listened to"):
        station.start()
    station.close()
    assert bar.closed
    assert not list(tmp_path.iterdir())
    assert "lift-recorder" not in [thread.name for thread in threading.enumerate()]


def test_a_sensor_that_never_sends_is_lost() -> None:
    with live(MemoryTap()) as station:
        status = Told(station).when(lambda s: s.now_s > 2.2, "two seconds went by")
    assert status.sensors[0].state == "lost"
    assert status.sensors[0].text == "Nothing has come from the bar sensor since the beginning."


@pytest.mark.parametrize("meets_it", ["a packet", "a mark"])
def test_the_watching_goes_on_when_the_disk_is_full(
    meets_it: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = MemoryTap()
    path = tmp_path / "session.mcap"
    with live(bar, record_to=path) as station:
        told = Told(station)
        bar.send()
        told.when(lambda s: s.sensors[0].age_s is not None, "the first packet was seen")

        def full(recorder: Recorder) -> None:
            raise RecordingError("No space left on device")

        monkeypatch.setattr(Recorder, "flush", full)
        if meets_it == "a mark":
            station.annotate("mark", "")
        else:
            bar.send()
        status = told.when(lambda s: s.error is not None, "the trouble was told")
        assert status.error is not None
        assert status.error == (
            f"Recording to {path} stopped, the screen goes on: No space left on device."
        )
        assert status.recording_to is None
        station.annotate("mark", "")  # where nothing is recorded nothing fails either
        seen = 3 if meets_it == "a packet" else 2

        def still_looked_at(status: StationStatus) -> bool:
            bar.send()  # again and again: of a sensor that was quiet only that is said
            number, _, _ = status.sensors[0].text.partition(" packets")
            return number.isdigit() and int(number) >= seen

        told.when(still_looked_at, "packets are still looked at")


def test_a_program_that_ends_waits_for_the_end_of_its_recording(tmp_path: Path) -> None:
    path = tmp_path / "session.mcap"
    program = Path(__file__).parent / "recordings" / "slow_end.py"
    subprocess.run([sys.executable, str(program), str(path)], check=True, timeout=60)
    assert {left.name for left in tmp_path.iterdir()} == {"session.mcap", "session.done"}
    assert len(list(Recording.open(path).packets())) == 20
