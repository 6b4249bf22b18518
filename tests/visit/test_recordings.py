"""The shipped recordings as if they were live: however the road is walked, the same sets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet
from lift_monitor.drivers.packet import Packet
from lift_monitor.recordings.reading import Recording
from lift_monitor.remarks import commands_in
from lift_monitor.road import Road
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station_words import Mode
from lift_monitor.visit.visit import Visit
from tests.visit.happenings import BEGAN, BY, Clock, trained

RECORDINGS = Path(__file__).resolve().parents[2] / "recordings"


@dataclass(frozen=True)
class Walk:
    """How often the road hands over what it has, in seconds of the recording."""

    stride_s: float


def outputs(recording: Recording, walk: Walk) -> Iterator[PipelineOutput]:
    """What a station makes of a recording, told in strides."""
    exercise = recording.session.exercise
    assert exercise is not None
    road = Road(recording.sensors, exercise)
    for command in commands_in(recording.annotations):
        road.command(command)
    held: list[Packet] = []
    due_s = 0.0
    for packet in recording.packets():
        held.append(packet)
        if packet.host_time_ns * 1e-9 >= due_s:
            road.decode_all(held)
            held = []
            yield road.advance()
            due_s = packet.host_time_ns * 1e-9 + walk.stride_s
    road.decode_all(held)
    yield road.finish()


def stored(clinic: Clinic, name: str, exercise: str, walk: Walk) -> list[NewSet]:
    """The sets of a visit that listened to a recording."""
    person = trained(clinic, f"{name} {walk.stride_s:g}")
    visit = Visit.begin(clinic, person, BY, clock=Clock())
    visit.choose(exercise)
    visit.listen(Mode.LIVE, BEGAN)
    for output in outputs(Recording.open(RECORDINGS / name), walk):
        visit.take(output)
    visit.stop_listening()
    return [done.new for done in visit.sets()]


@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("deadlift_trunk.mcap", "deadlift"),
        ("drop_landings.mcap", "jumping_chin_up"),
        ("overhead_press_lossy.mcap", "overhead_press"),
    ],
)
def test_how_the_road_is_walked_makes_no_difference(
    tmp_path: Path, name: str, exercise: str
) -> None:
    with Clinic.open(tmp_path / "clinic.sqlite", durable=False) as clinic:
        told = [stored(clinic, name, exercise, Walk(s)) for s in (0.3, math.inf)]
    assert told[0]
    assert told[1] == told[0]
