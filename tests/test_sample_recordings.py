"""The sample sessions that ship are what the simulator makes today."""

from pathlib import Path

import numpy as np
import pytest

from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.simulated import TRUNK_CALIBRATION, ShippedSession, shipped_sessions
from lift_monitor.drivers.source import PacketSource
from lift_monitor.recordings.container import Recording
from lift_monitor.samples import ImuChunk, SensorInfo

SESSIONS = shipped_sessions()
each = pytest.mark.parametrize("sample", SESSIONS, ids=[s.name for s in SESSIONS])


def _samples(source: PacketSource, info: SensorInfo) -> ImuChunk:
    decoder = make_decoder(info)
    packets = (p for p in source.packets() if p.sensor_id == info.sensor_id)
    return ImuChunk.concatenate([decoder.feed(packet) for packet in packets])


@each
def test_a_sample_is_small_and_tells_that_it_is_simulated(
    sample: ShippedSession, repository: Path
) -> None:
    path = repository / "recordings" / f"{sample.name}.mcap"
    recording = Recording.open(path)
    assert path.stat().st_size < 500_000 * len(recording.sensors)
    assert recording.recovery is None
    assert recording.session.source == "simulated"
    assert recording.session.exercise == sample.plan.exercise
    assert recording.session.target_sets == sample.plan.sets
    assert recording.session.notes["seed"] == str(sample.seed)


@each
def test_a_sample_is_what_its_seed_gives_today(sample: ShippedSession, repository: Path) -> None:
    """Make them anew with tools/sample_recordings.py when the simulator has changed."""
    recording = Recording.open(repository / "recordings" / f"{sample.name}.mcap")
    made = sample.simulate().source
    assert recording.sensors == made.sensors
    assert [p.host_time_ns for p in recording.packets()] == pytest.approx(
        [p.host_time_ns for p in made.packets()], abs=1000
    )
    for info in made.sensors:
        kept, now = _samples(recording, info), _samples(made, info)
        np.testing.assert_array_equal(kept.sensor_time_s, now.sensor_time_s)
        # Another processor may round a count of the sensor the other way.
        np.testing.assert_allclose(kept.acc_sensor_mps2, now.acc_sensor_mps2, atol=0.02)
        np.testing.assert_allclose(kept.gyr_sensor_radps, now.gyr_sensor_radps, atol=0.005)


@each
def test_a_sample_carries_the_remarks_of_its_session(
    sample: ShippedSession, repository: Path
) -> None:
    kept = Recording.open(repository / "recordings" / f"{sample.name}.mcap").annotations
    made = sample.simulate()
    assert [(a.at_s, a.kind, a.data) for a in kept] == [
        (note.at_s, note.kind, note.data) for note in made.notes
    ]
    calibrations = [a for a in kept if a.kind == TRUNK_CALIBRATION]
    assert len(calibrations) == (made.trunk is not None)


def test_every_recording_that_ships_is_a_sample(repository: Path) -> None:
    names = {path.stem for path in (repository / "recordings").iterdir()}
    assert names == {sample.name for sample in SESSIONS}
