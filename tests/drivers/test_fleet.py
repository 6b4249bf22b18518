"""Emulated sensors as data: built, written, read back, refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lift_monitor.drivers.ble.families import FAMILIES, family_of
from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.faults import Faults, FaultyPeripheral
from lift_monitor.drivers.emulated.fleet import (
    Feels,
    FleetSpec,
    MotionSpec,
    SensorSpec,
    example,
    load_samples,
    save_samples,
)
from lift_monitor.events import Exercise
from lift_monitor.samples import ImuChunk

TIMES_S = np.arange(100) / 100.0


def chunk() -> ImuChunk:
    rng = np.random.default_rng(1)
    return ImuChunk.build(TIMES_S + 5.0, rng.normal(size=(100, 3)), rng.normal(size=(100, 3)))


def test_every_family_is_emulated() -> None:
    assert {family.key for family in FAMILIES} == set(PERIPHERALS)


@pytest.mark.parametrize("key", PERIPHERALS)
def test_an_example_is_recognised_as_of_its_family(key: str) -> None:
    family = family_of(example(key, 7).build().advertisement)
    assert family is not None
    assert family.key == key


def test_examples_differ_by_address_and_keep_what_is_asked_for() -> None:
    fleet = FleetSpec(tuple(example("open-imu", number) for number in (1, 255, 256, 65535)))
    assert len({sensor.serial for sensor in fleet.sensors}) == 4
    changed = example("open-imu", 1, name="Bar", battery_pct=5.0)
    peripheral = changed.build()
    assert (peripheral.identity.name, peripheral.battery_pct) == ("Bar", 5.0)


def test_json_gives_back_the_same_fleet() -> None:
    fleet = FleetSpec(
        (
            example("open-imu", 1),
            example(
                "movella-dot",
                2,
                motion=MotionSpec(
                    Feels.LIFTER, exercise=Exercise.BACK_SQUAT, sets=1, reps=2, taps_s=(1.0, 2.5)
                ),
                clock_start_s=4290.0,
                clock_error=-0.01,
                faults=Faults(loss=0.1, gaps_s=((1.0, 2.0),), missing=("x",)),
                faults_seed=9,
            ),
        )
    )
    assert FleetSpec.loads(fleet.dumps()) == fleet


def test_a_sensor_has_its_clock_its_taps_and_its_faults() -> None:
    spec = example(
        "open-imu",
        motion=MotionSpec(taps_s=(0.5,)),
        clock_start_s=100.0,
        clock_error=0.01,
        faults=Faults(loss=1.0),
    )
    peripheral = spec.build()
    assert peripheral.clock.shows(100.0) == pytest.approx(201.0)
    acc, _ = peripheral.motion.at(np.array([0.4, 0.505]))
    still, _ = example("open-imu").build().motion.at(np.array([0.4, 0.505]))
    np.testing.assert_allclose((acc - still)[:, 2], [0.0, 60.0])
    assert isinstance(peripheral, FaultyPeripheral)
    assert not isinstance(example("open-imu").build(), FaultyPeripheral)


def test_sensors_of_one_lifter_feel_the_same() -> None:
    lifts = MotionSpec(Feels.LIFTER, sets=1, reps=1, seed=3)
    first, second, other = (
        MotionSpec(Feels.LIFTER, sets=1, reps=1, seed=seed).build().at(TIMES_S)[0]
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, second)
    assert not np.allclose(first, other)
    assert lifts.build() is lifts.build()  # made once: it costs a second


def test_samples_of_a_recording_are_felt_again(tmp_path: Path) -> None:
    path = tmp_path / "samples.npz"
    save_samples(chunk(), path)
    acc, gyr = MotionSpec(Feels.SAMPLES, path=str(path)).build().at(TIMES_S)
    np.testing.assert_allclose(acc, chunk().acc_sensor_mps2)
    np.testing.assert_allclose(gyr, chunk().gyr_sensor_radps)
    np.savez(path, time_s=TIMES_S)
    with pytest.raises(ValueError, match=r"samples\.npz holds no acc, gyr"):
        load_samples(path)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: SensorSpec("abacus", "C0:FF:EE:00:00:01", "", ""), "choose one of"),
        (lambda: SensorSpec("open-imu", "c0:ff", "", ""), "no Bluetooth address"),
        (lambda: MotionSpec(rate_hz=0.0), "above 0"),
        (lambda: MotionSpec(Feels.SAMPLES), "path is empty"),
        (lambda: FleetSpec((example("open-imu"), example("movesense"))), "share the address"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()
