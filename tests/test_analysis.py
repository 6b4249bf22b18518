"""A whole recording at once: what the analysis gives beside the events."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lift_monitor.analysis import analyse
from lift_monitor.document import contract
from lift_monitor.drivers.formats import FormatError, float_rows
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Confidence, Exercise
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.traces import write_traces

BAR = SensorInfo("bar", Role.BAR, float_rows.NAME)


def lifting(lifts: int = 4, *, sensor: SensorInfo = BAR) -> list[Packet]:
    """A bar lifted by half a metre some times, one packet a tenth of a second."""
    time_s = np.arange(int((8 + 4 * lifts) * 100)) / 100.0
    rows = np.random.default_rng(3).normal(0, 0.02, (time_s.shape[0], 7))
    rows[:, 0] = time_s
    rows[:, 3] += 9.80665
    for start_s in 4.0 + 4.0 * np.arange(lifts):
        for begin_s, sign in ((start_s, 1.0), (start_s + 1.5, -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + 1.0)
            rows[inside, 3] += sign * np.pi * np.sin(2 * np.pi * (time_s[inside] - begin_s))
    return [
        Packet(
            sensor.sensor_id,
            "imu",
            round(float(time_s[k + 9]) * 1e9),
            float_rows.encode(rows[k : k + 10]),
        )
        for k in range(0, time_s.shape[0], 10)
    ]


def test_sets_traces_and_facts_come_together() -> None:
    found = analyse(MemorySource([BAR], lifting()), exercise=Exercise.DEADLIFT)
    assert len(found.sets) == 1
    assert [rep.number for rep in found.repetitions] == [1, 2, 3, 4]
    assert all(rep.refined for rep in found.repetitions)
    assert len(found.trace_live) == len(found.trace_refined) > 2000
    (facts,) = found.sensors
    assert (facts.stream.samples, facts.unreadable_packets) == (2400, 0)
    assert found.duration_s == pytest.approx(23.99)


def test_without_traces_the_numbers_are_the_same() -> None:
    source = MemorySource([BAR], lifting())
    kept = analyse(source, exercise=Exercise.DEADLIFT)
    bare = analyse(source, exercise=Exercise.DEADLIFT, keep_traces=False)
    assert repr(bare.sets) == repr(kept.sets)
    assert repr(bare.events) == repr(kept.events)
    assert len(bare.trace_live) == len(bare.trace_refined) == 0


def test_progress_rises_to_one_and_may_end_the_work() -> None:
    shares: list[float] = []
    rows = np.zeros((50_000, 7))
    rows[:, 0] = np.arange(50_000) / 1000.0
    rows[:, 3] = 9.81
    packets = [
        Packet("bar", "imu", round(float(part[-1, 0]) * 1e9), float_rows.encode(part))
        for part in np.split(rows, 500)
    ]
    source = MemorySource([BAR], packets)
    analyse(source, exercise=Exercise.FREE, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) == 3

    def stop(share: float) -> None:
        raise InterruptedError("the user closed the window")

    with pytest.raises(InterruptedError):
        analyse(source, exercise=Exercise.FREE, progress=stop)


def test_unreadable_packets_are_told_not_fatal() -> None:
    packets = lifting()
    packets.insert(5, Packet("bar", "imu", packets[5].host_time_ns, b"odd"))
    packets.insert(9, Packet("bar", "magnetometer", packets[9].host_time_ns, b""))
    found = analyse(MemorySource([BAR], packets), exercise=Exercise.DEADLIFT)
    assert found.sensors[0].unreadable_packets == 2
    assert len(found.repetitions) == 4
    (note,) = found.notes
    assert "2 packets of the bar sensor could not be read" in note
    assert "no whole number of rows" in note


def test_a_format_of_the_future_is_refused() -> None:
    future = replace(BAR, format="telepathy")
    with pytest.raises(FormatError, match="'telepathy' is not known"):
        analyse(MemorySource([future], []), exercise=Exercise.FREE)


def test_sensors_of_the_trunk_are_counted_beside_the_bar() -> None:
    pelvis = SensorInfo("p", Role.PELVIS, float_rows.NAME)
    packets = [*lifting(), *lifting(2, sensor=pelvis)]
    found = analyse(MemorySource([BAR, pelvis], packets), exercise=Exercise.DEADLIFT)
    alone = analyse(MemorySource([BAR], lifting()), exercise=Exercise.DEADLIFT)
    assert repr(found.sets) == repr(alone.sets)
    sensors = contract(found)["sensors"]
    assert sensors["pelvis"]["samples"] == 1600
    assert sensors["pelvis"]["mean_rate_hz"] == pytest.approx(100.0)
    assert sensors["bar"]["samples"] == 2400


def test_no_packets_give_an_empty_document() -> None:
    document = contract(analyse(MemorySource([BAR], []), exercise=Exercise.DEADLIFT))
    assert document["sets"] == []
    assert document["sensors"]["bar"]["samples"] == 0
    json.dumps(document, allow_nan=False)


def test_numbers_that_are_not_finite_become_null() -> None:
    found = analyse(MemorySource([BAR], lifting()), exercise=Exercise.DEADLIFT)
    (lift_set,) = found.sets
    withdrawn = replace(
        lift_set,
        velocity_loss_pct=math.nan,
        confidence=Confidence.NONE,
        repetitions=(replace(lift_set.repetitions[0], rom_m=math.inf),),
    )
    document = contract(replace(found, sets=(withdrawn,)))
    assert document["sets"][0]["velocity_loss_pct"] is None
    assert document["sets"][0]["confidence"] == "none"
    assert document["sets"][0]["reps"][0]["rom_m"] is None
    json.dumps(document, allow_nan=False)


def test_traces_that_cannot_be_written_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = analyse(MemorySource([BAR], lifting()), exercise=Exercise.DEADLIFT)
    path = tmp_path / "traces.csv"
    path.write_text("the old one")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.csv.write_csv", full)
    with pytest.raises(OSError, match="No space left"):
        write_traces(found, path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["traces.csv"]
    assert path.read_text() == "the old one"
