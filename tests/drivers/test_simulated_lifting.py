"""A whole lifter: the trunk goes along with the bar, and does what it was asked to."""

from __future__ import annotations

import numpy as np
import pytest

from lift_monitor.drivers.simulated import (
    HABITS,
    TRUNK_CALIBRATION,
    LiftingTrunk,
    Rounding,
    SensorModel,
    SessionPlan,
    SimulatedSession,
    SimulatedSource,
    TrunkTruth,
    simulate_session,
)
from lift_monitor.events import Exercise
from lift_monitor.samples import Role

STANDING = [e for e in HABITS if e is not Exercise.BENCH_PRESS]
HINGED = [e for e in STANDING if e not in (Exercise.OVERHEAD_PRESS, Exercise.BENT_OVER_ROW)]
IDEAL = SensorModel.ideal(50.0)
ONE_SET = {"sets": 1, "reps": 3, "velocity_loss": 0.1}


def _at(truth: TrunkTruth, values: np.ndarray, time_s: float) -> float:
    return float(np.interp(time_s, truth.time_s, values))


def _largest(truth: TrunkTruth, window: tuple[float, float]) -> float:
    inside = (truth.time_s >= window[0]) & (truth.time_s <= window[1])
    return float(truth.lumbar_flexion_deg[inside].max())


def _trunk(session: SimulatedSession) -> TrunkTruth:
    assert session.trunk is not None
    return session.trunk


@pytest.fixture(scope="module", params=STANDING)
def lifted(request: pytest.FixtureRequest) -> tuple[Exercise, SimulatedSession]:
    exercise: Exercise = request.param
    trunk = LiftingTrunk(rounded=(Rounding(1, 2, 26.0),))
    return exercise, simulate_session(SessionPlan(exercise, **ONE_SET), IDEAL, 5, trunk)  # type: ignore[arg-type]


def test_the_bar_moves_as_without_a_trunk_only_later(
    lifted: tuple[Exercise, SimulatedSession],
) -> None:
    exercise, session = lifted
    alone = simulate_session(SessionPlan(exercise, **ONE_SET), IDEAL, 5)  # type: ignore[arg-type]
    late = session.truth.sets[0].start_s - alone.truth.sets[0].start_s
    assert late == pytest.approx(_trunk(session).stand_again[1], abs=2.0)
    for one, other in zip(session.truth.repetitions, alone.truth.repetitions, strict=True):
        assert one.start_s - other.start_s == pytest.approx(late, abs=1e-6)
        assert one.mean_velocity_mps == pytest.approx(other.mean_velocity_mps, rel=1e-6)
    assert alone.trunk is None
    assert alone.notes == ()


def test_the_bar_rests_through_the_guided_minute_and_the_spine_is_neutral_in_it(
    lifted: tuple[Exercise, SimulatedSession],
) -> None:
    _, session = lifted
    truth, bar = _trunk(session), session.truth
    resting = bar.time_s <= truth.stand_again[1]
    assert np.ptp(bar.height_m[resting]) == 0.0
    assert truth.stand[1] < truth.hinge[0] < truth.hinge[1] < truth.stand_again[0]
    assert np.abs(truth.lumbar_flexion_deg[truth.time_s <= truth.stand_again[1]]).max() < 2.0
    hinge = (truth.time_s >= truth.hinge[0]) & (truth.time_s <= truth.hinge[1])
    assert truth.pelvis_tilt_deg[hinge].max() > 35.0
    for still in (truth.stand, truth.stand_again):
        inside = (truth.time_s >= still[0]) & (truth.time_s <= still[1])
        assert np.abs(truth.thorax_tilt_deg[inside]).max() < 3.0


def test_the_trunk_bends_as_the_bar_falls(lifted: tuple[Exercise, SimulatedSession]) -> None:
    exercise, session = lifted
    truth = _trunk(session)
    lean = 0.5 * (truth.thorax_tilt_deg + truth.pelvis_tilt_deg)
    for rep in session.truth.repetitions:
        low = _at(truth, lean, rep.concentric_start_s)
        top = _at(truth, lean, rep.concentric_end_s)
        if exercise in HINGED:
            assert low - top > 20.0
        elif exercise is Exercise.OVERHEAD_PRESS:
            assert abs(low) < 12.0
            assert abs(top) < 12.0
        else:
            assert low > 30.0
            assert top > 30.0
    upright = truth.time_s > session.truth.sets[-1].end_s + 9.0
    assert np.abs(lean[upright]).max(initial=0.0) < 3.0
    assert abs(lean[-1]) < 30.0


def test_only_the_repetition_to_be_rounded_is_rounded(
    lifted: tuple[Exercise, SimulatedSession],
) -> None:
    _, session = lifted
    truth = _trunk(session)
    assert truth.rounded == (1,)
    (red,) = truth.episodes(20.0, 0.3)
    rep = session.truth.repetitions[1]
    assert rep.concentric_start_s - 1.0 < red.start_s < rep.concentric_start_s + 0.3
    assert 21.0 < red.peak_deg < 29.0
    # It does not end before the bar is clearly up, else no load would be on it.
    assert red.end_s > rep.concentric_start_s + 0.5
    first, _, last = truth.reps
    assert _largest(truth, (first[0], red.start_s - 1.0)) < 9.0
    assert _largest(truth, (max(last[0], red.end_s + 0.5), last[1])) < 9.0


def test_a_failed_and_a_dropped_bar_leave_the_lifter_upright() -> None:
    failed = simulate_session(
        SessionPlan(Exercise.BACK_SQUAT, sets=1, reps=2, failed_in_sets=(1,)),
        IDEAL,
        3,
        LiftingTrunk(),
    )
    dropped = simulate_session(
        SessionPlan(Exercise.DEADLIFT, sets=2, reps=2, rest_s=20.0, drop_at_end=True),
        IDEAL,
        3,
        LiftingTrunk(),
    )
    for session in (failed, dropped):
        truth = _trunk(session)
        assert abs(truth.thorax_tilt_deg[-1]) < 3.0
    assert [note.kind for note in failed.notes] == [TRUNK_CALIBRATION, "failed repetition"]
    truth = _trunk(dropped)
    let_go = dropped.truth.repetitions[-1].concentric_end_s
    after = truth.time_s > let_go + 0.1
    assert np.abs(truth.thorax_tilt_deg[after]).max() < 12.0


def test_a_twist_is_where_it_was_asked_for() -> None:
    trunk = LiftingTrunk(twisted=((1, 2),))
    session = simulate_session(SessionPlan(Exercise.BACK_SQUAT, sets=1, reps=3), IDEAL, 4, trunk)
    truth = _trunk(session)
    twisted = truth.time_s[np.abs(truth.twist_deg) > 5.0]
    rep = session.truth.repetitions[1]
    assert np.abs(truth.twist_deg).max() == pytest.approx(25.0, abs=0.5)
    assert rep.concentric_start_s - 0.2 < twisted[0] < twisted[-1] < rep.concentric_end_s + 1.5


def test_a_source_carries_the_remarks_and_gives_the_same_bytes_twice() -> None:
    plan = SessionPlan(Exercise.OVERHEAD_PRESS, sets=1, reps=1)
    arguments = (plan, SensorModel.realistic(50.0), 6, LiftingTrunk())
    lazy, session = SimulatedSource(*arguments), simulate_session(*arguments)
    assert list(lazy.packets()) == list(session.source.packets())
    assert [info.role for info in lazy.sensors] == [Role.BAR, Role.PELVIS, Role.THORAX]
    (note,) = lazy.annotations
    assert note.kind == TRUNK_CALIBRATION
    windows = [tuple(map(float, note.data[k].split(":"))) for k in ("stand", "hinge")]
    assert windows == [
        pytest.approx(w, abs=0.01) for w in (_trunk(session).stand, _trunk(session).hinge)
    ]
    assert note.at_s > _trunk(session).stand_again[1]


def test_what_cannot_be_done_is_refused_in_one_sentence() -> None:
    plan = SessionPlan(Exercise.DEADLIFT, sets=1, reps=2)
    with pytest.raises(ValueError, match="repetition 3 of set 1 is not in the plan"):
        simulate_session(plan, IDEAL, 1, LiftingTrunk(rounded=(Rounding(1, 3, 26.0),)))
    with pytest.raises(ValueError, match="repetition 1 of set 2 is not in the plan"):
        simulate_session(plan, IDEAL, 1, LiftingTrunk(twisted=((2, 1),)))
    with pytest.raises(ValueError, match="flexion_deg is 3"):
        LiftingTrunk(rounded=(Rounding(1, 1, 3.0),))
    with pytest.raises(ValueError, match="stand_s is 1"):
        LiftingTrunk(stand_s=1.0)
