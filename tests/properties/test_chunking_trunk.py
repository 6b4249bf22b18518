"""A lifter with sensors on bar, thorax and pelvis: however packets come and are cut, the same.

The packets are those of a sample recording; what happens to them on the way is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.packet import LINK, LINK_DOWN, LINK_UP, Packet
from lift_monitor.events import Event, Exercise, ExerciseChanged, SetEnded, SetStarted
from lift_monitor.recordings.container import Recording
from lift_monitor.remarks import commands_in
from lift_monitor.road import Road
from lift_monitor.signal.commands import SetExercise
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_words import TrunkConfig
from lift_monitor.technique import FlagRaised, LandingDetected, TrunkCalibrated

RECORDINGS = Path(__file__).parents[2] / "recordings"


@dataclass(frozen=True, slots=True)
class Mishap:
    """What befalls one sensor's packets between two moments."""

    sensor: int
    start_s: float
    length_s: float
    kind: str


@cache
def opened(name: str) -> tuple[Recording, tuple[Packet, ...]]:
    recording = Recording.open(RECORDINGS / f"{name}.mcap")
    return recording, tuple(recording.packets())


def befallen(packets: tuple[Packet, ...], ids: list[str], mishaps: list[Mishap]) -> list[Packet]:
    """Packets lost, held back, made unreadable, or parted by a broken link."""
    kept: list[Packet] = list(packets)
    for mishap in mishaps:
        sensor_id = ids[mishap.sensor % len(ids)]
        start_ns = round(mishap.start_s * 1e9)
        end_ns = start_ns + round(mishap.length_s * 1e9)
        met: list[Packet] = []
        for packet in kept:
            hit = packet.sensor_id == sensor_id and start_ns <= packet.host_time_ns < end_ns
            if not hit:
                met.append(packet)
            elif mishap.kind == "late":
                met.append(replace(packet, host_time_ns=end_ns))
            elif mishap.kind == "garbage":
                met.append(replace(packet, payload=packet.payload[:7]))
        if mishap.kind == "link":
            met += [
                Packet(sensor_id, LINK, start_ns, LINK_DOWN),
                Packet(sensor_id, LINK, end_ns, LINK_UP),
            ]
        kept = sorted(met, key=lambda packet: packet.host_time_ns)
    return kept


def walk(
    name: str,
    packets: list[Packet],
    exercise: Exercise,
    cuts: list[int],
    changes: tuple[SetExercise, ...] = (),
) -> tuple[list[Event], SpineBlock]:
    recording, _ = opened(name)
    road = Road(recording.sensors, exercise, trunk=TrunkConfig(body_mass_kg=60.0))
    for command in (*commands_in(recording.annotations), *changes):
        road.command(command)
    outputs = []
    stops = set(cuts)
    for number, packet in enumerate(packets):
        road.decode(packet)
        if number in stops:
            outputs.append(road.advance())
    outputs.append(road.finish())
    events = [event for output in outputs for event in output.events]
    blocks = [output.spine for output in outputs if len(output.spine)]
    return sorted(events, key=lambda e: (e.at_s, e.kind, repr(e))), SpineBlock.concatenate(blocks)


MISHAPS = st.lists(
    st.builds(
        Mishap,
        sensor=st.integers(0, 2),
        start_s=st.floats(0.5, 45.0),
        length_s=st.floats(0.05, 6.0),
        kind=st.sampled_from(["loss", "late", "garbage", "link"]),
    ),
    max_size=4,
)


# Both trunk sensors silent at once; then the bar's, after its link was made anew.
@example(
    mishaps=[Mishap(1, 36.04, 3.51, "link"), Mishap(2, 35.12, 4.21, "garbage")], every=38, offset=0
)
@example(
    mishaps=[Mishap(0, 5.52, 4.33, "link"), Mishap(0, 32.772, 4.565, "garbage")],
    every=416,
    offset=0,
)
@settings(max_examples=6, deadline=None)
@given(mishaps=MISHAPS, every=st.integers(25, 600), offset=st.integers(0, 400))
def test_a_lift_with_trunk_sensors_is_told_alike(
    mishaps: list[Mishap], every: int, offset: int
) -> None:
    recording, packets = opened("deadlift_trunk")
    ids = [info.sensor_id for info in recording.sensors]
    walked = befallen(packets, ids, mishaps)
    whole, block = walk("deadlift_trunk", walked, Exercise.DEADLIFT, [])
    cuts = list(range(offset, len(walked), every))
    events, parts = walk("deadlift_trunk", walked, Exercise.DEADLIFT, cuts)
    assert [repr(event) for event in events] == [repr(event) for event in whole]
    for f in fields(SpineBlock):
        one, other = getattr(parts, f.name), getattr(block, f.name)
        assert one.tobytes() == other.tobytes(), f.name


def test_the_sample_itself_is_flagged_as_it_was_lifted() -> None:
    _, packets = opened("deadlift_trunk")
    events, block = walk("deadlift_trunk", list(packets), Exercise.DEADLIFT, [])
    assert [e.roles for e in events if isinstance(e, TrunkCalibrated)] != []
    raised = [e.flag for e in events if isinstance(e, FlagRaised)]
    assert [flag.severity.value for flag in raised] == ["amber", "amber", "red"]
    assert all(flag.under_load for flag in raised)
    assert np.isfinite(block.lumbar_flexion_deg).mean() > 0.99


CHANGES = st.lists(
    st.builds(SetExercise, st.floats(0.0, 60.0), st.sampled_from(list(Exercise))), max_size=3
)


@settings(max_examples=6, deadline=None)
@given(mishaps=MISHAPS, changes=CHANGES, every=st.integers(25, 600))
def test_a_session_of_several_exercises_is_told_alike(
    mishaps: list[Mishap], changes: list[SetExercise], every: int
) -> None:
    recording, packets = opened("deadlift_trunk")
    ids = [info.sensor_id for info in recording.sensors]
    walked = befallen(packets, ids, mishaps)
    whole, block = walk("deadlift_trunk", walked, Exercise.DEADLIFT, [], tuple(changes))
    cuts = list(range(0, len(walked), every))
    events, parts = walk("deadlift_trunk", walked, Exercise.DEADLIFT, cuts, tuple(changes))
    assert [repr(event) for event in events] == [repr(event) for event in whole]
    assert sum(isinstance(event, ExerciseChanged) for event in events) == len(changes)
    for f in fields(SpineBlock):
        one, other = getattr(parts, f.name), getattr(block, f.name)
        assert one.tobytes() == other.tobytes(), f.name


def test_one_calibration_holds_for_all_exercises() -> None:
    _, packets = opened("deadlift_trunk")
    plain, block = walk("deadlift_trunk", list(packets), Exercise.DEADLIFT, [])
    last_s = max(e.at_s for e in plain if isinstance(e, SetEnded)) + 0.5
    change = SetExercise(last_s, Exercise.BACK_SQUAT, 40.0)
    events, after = walk("deadlift_trunk", list(packets), Exercise.DEADLIFT, [], (change,))
    assert after.lumbar_flexion_deg.tobytes() == block.lumbar_flexion_deg.tobytes()
    assert [repr(e) for e in events if not isinstance(e, ExerciseChanged)] == list(map(repr, plain))
    assert any(isinstance(e, SetStarted) for e in plain)


@settings(max_examples=4, deadline=None)
@given(mishaps=MISHAPS, every=st.integers(25, 400))
def test_landings_are_told_alike(mishaps: list[Mishap], every: int) -> None:
    recording, packets = opened("drop_landings")
    ids = [info.sensor_id for info in recording.sensors]
    walked = befallen(packets, ids, mishaps)
    whole, _ = walk("drop_landings", walked, Exercise.JUMPING_CHIN_UP, [])
    cuts = list(range(0, len(walked), every))
    events, _ = walk("drop_landings", walked, Exercise.JUMPING_CHIN_UP, cuts)
    assert [repr(event) for event in events] == [repr(event) for event in whole]
    if not mishaps:
        assert sum(isinstance(event, LandingDetected) for event in events) == 8
