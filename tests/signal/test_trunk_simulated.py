"""The simulated trunk: repeatable, physical, and honest about what is skin and what is bone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.drivers.simulated.trunk import TrunkPlan, simulate_trunk
from lift_monitor.samples import Role
from lift_monitor.units import STANDARD_GRAVITY_MPS2

PLAN = TrunkPlan(reps=2, squat=False, rounded=(1,), wobble_deg=0.0, stretch=0.0)
IDEAL = SensorModel.ideal(100.0)


def test_a_seed_gives_the_same_session_and_another_one_another() -> None:
    short = TrunkPlan(reps=1)
    one, same, other = (simulate_trunk(short, IDEAL, seed) for seed in (3, 3, 4))
    for role in Role.THORAX, Role.PELVIS:
        assert np.array_equal(
            one.measured[role].acc_sensor_mps2, same.measured[role].acc_sensor_mps2
        )
    assert one.duration_s != other.duration_s
    with pytest.raises(ValueError, match="seed"):
        simulate_trunk(PLAN, IDEAL, -1)


def test_truth_shows_the_taught_hinge_neutral_and_the_rounded_repetition_rounded() -> None:
    truth = simulate_trunk(PLAN, IDEAL, 1).truth

    def largest(window: tuple[float, float]) -> float:
        inside = (truth.time_s >= window[0]) & (truth.time_s <= window[1])
        return float(truth.lumbar_flexion_deg[inside].max())

    assert largest(truth.hinge) < 3.0  # breathing
    assert largest(truth.reps[0]) < 9.0
    assert largest(truth.reps[1]) > 22.0
    assert truth.thorax_tilt_deg.max() > 45.0


def test_sensors_are_turned_but_not_beyond_what_was_asked() -> None:
    sim = simulate_trunk(PLAN, IDEAL, 2, mounting_deg=45.0)
    for role in Role.THORAX, Role.PELVIS:
        acc = sim.measured[role].acc_sensor_mps2[50:300].mean(axis=0)
        assert np.linalg.norm(acc) == pytest.approx(STANDARD_GRAVITY_MPS2, abs=0.05)
        assert 1.0 < np.degrees(np.arccos(acc[2] / np.linalg.norm(acc))) < 46.0


def test_rotation_and_gravity_of_a_sensor_agree() -> None:
    """Integrating the gyroscope through the hinge turns gravity as the accelerometer sees it."""
    sim = simulate_trunk(PLAN, IDEAL, 5)
    measured, truth = sim.measured[Role.PELVIS], sim.truth
    inside = (measured.time_s > truth.hinge[0] - 0.5) & (measured.time_s < truth.hinge[1] + 0.5)
    up = measured.acc_sensor_mps2[measured.time_s < truth.hinge[0] - 0.5][-50:].mean(axis=0)
    up /= np.linalg.norm(up)
    start, deepest = up.copy(), 0.0
    for rate in measured.gyr_sensor_radps[inside]:
        up = up - np.cross(rate, up) / 100.0
        up /= np.linalg.norm(up)
        deepest = max(deepest, float(np.degrees(np.arccos(up @ start))))
    assert np.degrees(np.arccos(up @ start)) < 1.5
    hinge = (truth.time_s > truth.hinge[0]) & (truth.time_s < truth.hinge[1])
    assert deepest == pytest.approx(truth.pelvis_tilt_deg[hinge].max(), abs=2.0)


def test_skin_and_slip_move_the_sensors_and_not_the_truth() -> None:
    bare = simulate_trunk(PLAN, IDEAL, 7)
    skin = simulate_trunk(replace(PLAN, stretch=0.06), IDEAL, 7)
    assert np.array_equal(bare.truth.lumbar_flexion_deg, skin.truth.lumbar_flexion_deg)
    one, other = (s.measured[Role.PELVIS].acc_sensor_mps2 for s in (bare, skin))
    assert np.abs(one - other).max() > 0.2
    slipped = simulate_trunk(replace(PLAN, slip_deg=20.0), IDEAL, 7)
    assert slipped.truth.slip_at_s is not None
    assert bare.truth.slip_at_s is None
    assert slipped.truth.lumbar_flexion_deg[-100:] == pytest.approx(0.0, abs=3.0)
    acc = slipped.measured[Role.PELVIS].acc_sensor_mps2
    turned = acc[-100:].mean(axis=0) @ acc[50:250].mean(axis=0) / STANDARD_GRAVITY_MPS2**2
    assert np.degrees(np.arccos(turned)) == pytest.approx(20.0, abs=3.0)
