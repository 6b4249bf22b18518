"""The simulated motion is what its own derivatives say, and moves as people do."""

import numpy as np
import pytest

from lift_monitor.drivers.simulated import HABITS, SessionPlan
from lift_monitor.drivers.simulated.lifter import Performance, perform
from lift_monitor.drivers.simulated.motion import BarMotion, Piece, Wave
from lift_monitor.drivers.simulated.truth import START_VELOCITY_MPS, true_sets
from lift_monitor.events import Exercise

EVERY = pytest.mark.parametrize("exercise", list(HABITS))


def _fine(performance: Performance, step_s: float = 2e-4) -> np.ndarray:
    return np.arange(0.0, min(performance.duration_s, 40.0), step_s)


@EVERY
def test_velocity_and_acceleration_are_the_derivatives_of_the_height(exercise: Exercise) -> None:
    performance = perform(SessionPlan(exercise, sets=1, reps=3), 4)
    time_s = _fine(performance)
    height, velocity, acceleration = performance.motion.height(time_s)
    step = time_s[1]
    middle_velocity = np.diff(height) / step
    middle_acceleration = np.diff(velocity) / step
    np.testing.assert_allclose(middle_velocity, (velocity[1:] + velocity[:-1]) / 2, atol=2e-3)
    np.testing.assert_allclose(
        middle_acceleration, (acceleration[1:] + acceleration[:-1]) / 2, atol=2.0
    )


@EVERY
def test_the_rate_of_turn_turns_the_bar(exercise: Exercise) -> None:
    performance = perform(SessionPlan(exercise, sets=1, reps=3), 5)
    time_s = _fine(performance)
    state = performance.motion.evaluate(time_s)
    np.testing.assert_allclose(np.linalg.norm(state.up_bar, axis=1), 1.0, atol=1e-12)
    turning = np.gradient(state.up_bar, time_s, axis=0)
    expected = -np.cross(state.rate_bar_radps, state.up_bar)
    np.testing.assert_allclose(turning[1:-1], expected[1:-1], atol=1e-3)


def test_orientation_goes_around_on_all_three_axes() -> None:
    motion = BarMotion()
    motion.yaw_rad.waves.append(Wave(0, 4, 0.3, 0.4))
    motion.tilt_rad.waves.append(Wave(0, 4, 0.2, 0.7, 1.0))
    motion.spin_rad.pieces.append(Piece.minimum_jerk(0.5, 2.0, 1.0))
    motion.y_m.pieces.append(Piece.minimum_jerk(1.0, 1.0, 0.3))
    time_s = np.arange(0.0, 4.0, 1e-3)
    state = motion.evaluate(time_s)
    turning = np.gradient(state.up_bar, time_s, axis=0)
    expected = -np.cross(state.rate_bar_radps, state.up_bar)
    np.testing.assert_allclose(turning[1:-1], expected[1:-1], atol=1e-4)
    length = np.linalg.norm(state.specific_force_bar_mps2, axis=1)
    gravity = np.array([0.0, 0.0, 9.80665])
    world = np.linalg.norm(state.acceleration_mps2 + gravity, axis=1)
    np.testing.assert_allclose(length, world, atol=1e-9)


@EVERY
def test_a_bar_at_rest_feels_gravity_and_nothing_else(exercise: Exercise) -> None:
    performance = perform(SessionPlan(exercise, sets=1, reps=2), 6)
    state = performance.motion.evaluate(np.arange(0.0, 1.9, 0.01))
    np.testing.assert_allclose(state.specific_force_bar_mps2, 9.80665 * state.up_bar, atol=1e-12)
    assert not state.rate_bar_radps.any()
    assert not state.velocity_mps.any()


@EVERY
def test_repetitions_obey_the_written_rule(exercise: Exercise) -> None:
    performance = perform(SessionPlan(exercise, sets=2, reps=4), 7)
    for true_set in true_sets(performance):
        assert len(true_set.reps) == 4
        for rep in true_set.reps:
            times = np.array([rep.concentric_start_s, rep.concentric_end_s])
            height, velocity, _ = performance.motion.height(times)
            np.testing.assert_allclose(velocity, START_VELOCITY_MPS, atol=2e-3)
            rise, duration = np.diff(height)[0], np.diff(times)[0]
            assert rep.rom_m == pytest.approx(rise)
            assert rep.mean_velocity_mps == pytest.approx(rise / duration)
            assert rep.peak_velocity_mps > rep.mean_velocity_mps > 0.15
            assert rep.mean_propulsive_velocity_mps > 0.95 * rep.mean_velocity_mps
            assert rep.start_s <= rep.concentric_start_s < rep.concentric_end_s <= rep.end_s
            inside = performance.motion.height(np.arange(times[0], times[1], 1e-3)[5:-5])[1]
            assert inside.min() > 0.0


@EVERY
def test_no_two_repetitions_begin_or_end_at_the_same_height(exercise: Exercise) -> None:
    performance = perform(SessionPlan(exercise, sets=2, reps=5), 8)
    for when in ("concentric_start_s", "concentric_end_s"):
        times = [getattr(r, when) for s in true_sets(performance) for r in s.reps]
        heights = np.sort(performance.motion.height(np.array(times))[0])
        assert np.diff(heights).min() > 1e-6
        assert np.ptp(heights) > 0.002


def test_velocity_falls_over_a_set_as_planned() -> None:
    plan = SessionPlan(
        Exercise.BACK_SQUAT, sets=1, reps=8, velocity_loss=0.3, first_velocity_mps=0.6
    )
    speeds = [r.mean_velocity_mps for r in true_sets(perform(plan, 9))[0].reps]
    assert 1 - speeds[-1] / speeds[0] == pytest.approx(0.3, abs=0.1)


@EVERY
def test_a_failed_attempt_stands_apart_from_the_repetitions(exercise: Exercise) -> None:
    plan = SessionPlan(exercise, sets=2, reps=3, failed_in_sets=(1,))
    first, second = true_sets(perform(plan, 10))
    assert [len(first.reps), len(first.failed)] == [3, 1]
    assert [len(second.reps), len(second.failed)] == [3, 0]
    assert first.failed[0].failed
    typical = np.median([rep.rom_m for rep in first.reps])
    assert 0.1 * typical < first.failed[0].rom_m < 0.6 * typical
    assert second.reps[0].start_s > first.end_s + 15


def test_a_dropped_bar_falls_freely_and_hits_hard() -> None:
    plan = SessionPlan(Exercise.DEADLIFT, sets=1, reps=2, drop_at_end=True)
    performance = perform(plan, 11)
    after = performance.sets[0][-1].top_s
    state = performance.motion.evaluate(np.arange(after, performance.duration_s, 1e-3))
    force = np.linalg.norm(state.specific_force_bar_mps2, axis=1)
    assert force.min() < 0.5
    assert force.max() > 8 * 9.81
    assert state.position_m[-1, 2] == pytest.approx(performance.motion.z_m.start, abs=0.02)


def test_dead_stops_are_still_and_touch_and_go_is_not() -> None:
    def longest_rest_s(touch_and_go: bool) -> float:
        plan = SessionPlan(Exercise.DEADLIFT, sets=1, reps=4, touch_and_go=touch_and_go)
        performance = perform(plan, 12)
        first, *_, last = true_sets(performance)[0].reps
        time_s = np.arange(first.concentric_end_s, last.concentric_start_s, 0.01)
        low = performance.motion.height(time_s)[0] < performance.motion.z_m.start + 0.02
        still = low & (np.abs(performance.motion.height(time_s)[1]) < 1e-4)
        runs = np.diff(np.flatnonzero(np.diff(still.astype(int), prepend=0, append=0)))
        return float(runs[::2].max(initial=0)) * 0.01

    assert longest_rest_s(touch_and_go=False) > 0.3
    assert longest_rest_s(touch_and_go=True) < 0.2


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("does not know the exercise free", {"exercise": Exercise.FREE}),
        ("sets is 0", {"exercise": Exercise.DEADLIFT, "sets": 0}),
        ("rom_m is nan", {"exercise": Exercise.DEADLIFT, "rom_m": float("nan")}),
        ("set 4 cannot fail", {"exercise": Exercise.DEADLIFT, "failed_in_sets": (4,)}),
        ("not dropped in a bench press", {"exercise": Exercise.BENCH_PRESS, "drop_at_end": True}),
    ],
)
def test_impossible_plans_are_refused_in_one_sentence(words: str, plan: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=words):
        SessionPlan(**plan)  # type: ignore[arg-type]
