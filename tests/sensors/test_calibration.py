from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from lift_monitor.events import Confidence, Event, Exercise, SetStarted
from lift_monitor.samples import Role
from lift_monitor.sensors.calibration import ANSWER_S, SKIPPED, CalibrationFlow, FlowState
from lift_monitor.sensors.calibration_guide import (
    DOWN_S,
    HINGE_DEG,
    HOLD_S,
    STEPS,
    UP_S,
    CalibrationGuide,
    GuideState,
    Pace,
    Pose,
)
from lift_monitor.sensors.calibration_record import OLD_S, CalibrationRecord, Standing
from lift_monitor.signal import trunk_calibration
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.signal.trunk_calibration import GuidedMinute, Window
from lift_monitor.station import Mode, SensorStatus, StationReset, StationStatus
from lift_monitor.technique import CalibrationRefused, SensorSlipped, TrunkCalibrated

BOTH = (Role.THORAX, Role.PELVIS)
REASON = "The thorax sensor stood 9° differently after the hinge; calibrate again."
SENTENCE = "The pelvis swayed by 4° while standing; hold still and calibrate again."
TOTAL_S = sum(step.ready_s + step.measured_s for step in STEPS)


class NotedStation:
    """Notes what a station would be asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Window, Window, Window]] = []
        self.remarks: list[tuple[str, str]] = []

    def calibrate(self, stand: Window, hinge: Window, stand_again: Window) -> None:
        self.asked.append((stand, hinge, stand_again))

    def annotate(self, kind: str, text: str) -> None:
        self.remarks.append((kind, text))


def sensor(role: Role) -> SensorStatus:
    return SensorStatus(role.value, role, role.value, 80.0, 100.0, 0.0, 0.01, "ok", "")


def status(now_s: float, roles: Sequence[Role] = BOTH, *, ended: bool = False) -> StationStatus:
    sensors = tuple(sensor(role) for role in (Role.BAR, *roles))
    return StationStatus(
        Mode.LIVE, now_s, None, 1.0, True, None, 0.0, None, sensors, None, ended, 0
    )  # fmt: skip


def told(*events: Event) -> PipelineOutput:
    return PipelineOutput(events, TraceBlock.empty())


def good(at_s: float, roles: tuple[Role, ...] = BOTH) -> TrunkCalibrated:
    return TrunkCalibrated(at_s, roles, "hinge", Confidence.HIGH, ())


def led(flow: CalibrationFlow, start_s: float, until_s: float) -> None:
    """Let a station's time run in tenths of a second."""
    for tenth in range(round(10 * start_s) + 1, round(10 * until_s) + 1):
        flow.apply(status(tenth / 10))


def begun(start_s: float = 10.0) -> tuple[CalibrationFlow, NotedStation]:
    station = NotedStation()
    flow = CalibrationFlow(station)
    flow.apply(status(start_s))
    flow.begin()
    return flow, station


def awaiting(start_s: float = 10.0) -> tuple[CalibrationFlow, NotedStation]:
    flow, station = begun(start_s)
    led(flow, start_s, start_s + TOTAL_S + 1.0)
    assert flow.state is FlowState.AWAITING
    return flow, station


# -- the guide ------------------------------------------------------------------------------


def test_time_alone_leads_through_the_minute() -> None:
    guide = CalibrationGuide()
    guide.begin(100.0)
    seen: list[tuple[GuideState, Pose]] = []
    minute: GuidedMinute | None = None
    for tenth in range(700):
        if not seen or seen[-1] != (guide.state, guide.step.pose):
            seen.append((guide.state, guide.step.pose))
        minute = minute or guide.advance(100.0 + tenth / 10)
    steps = [(state, pose) for pose in Pose for state in (GuideState.READY, GuideState.MEASURING)]
    assert seen == [*steps, (GuideState.OVER, Pose.STAND_AGAIN)]
    assert minute is not None
    for window, step in zip((minute.stand, minute.hinge, minute.stand_again), STEPS, strict=True):
        assert window.end_s - window.start_s == pytest.approx(step.measured_s, abs=0.11)
    assert minute.stand.start_s == pytest.approx(100.0 + STEPS[0].ready_s, abs=0.11)
    # Nobody is measured while getting into position.
    assert minute.hinge.start_s - minute.stand.end_s >= STEPS[1].ready_s - 0.01
    assert minute.stand_again.start_s - minute.hinge.end_s >= STEPS[2].ready_s - 0.01


def test_the_windows_are_long_enough_for_the_calibration() -> None:
    for step in STEPS:
        if step.pose is not Pose.HINGE:
            assert step.least_s >= 2.0 * trunk_calibration.STAND_S
        assert step.measured_s > step.least_s
    assert STEPS[1].measured_s >= DOWN_S + HOLD_S + UP_S
    # Deep enough to be of high confidence, with something to spare.
    assert trunk_calibration.WANTED_HINGE_DEG + 5.0 <= HINGE_DEG


def test_somebody_may_go_on_earlier_but_not_too_early() -> None:
    guide = CalibrationGuide()
    guide.begin(0.0)
    assert guide.go_on(1.0) is None
    assert guide.state is GuideState.MEASURING
    assert not guide.may_go_on(1.0 + STEPS[0].least_s - 0.1)
    guide.go_on(1.0 + STEPS[0].least_s - 0.1)
    assert guide.step.pose is Pose.STAND
    guide.go_on(5.0)
    guide.go_on(6.0)
    guide.go_on(16.0)
    guide.go_on(17.0)
    minute = guide.go_on(21.0)
    assert minute == GuidedMinute(Window(1.0, 5.0), Window(6.0, 16.0), Window(17.0, 21.0))


def test_told_late_only_the_time_that_was_asked_counts() -> None:
    guide = CalibrationGuide()
    guide.begin(0.0)
    guide.go_on(0.0)
    guide.advance(60.0)  # the screen hung
    assert guide.step.pose is Pose.HINGE
    assert guide.remaining_s(60.0) == STEPS[1].ready_s
    for at_s in (61.0, 70.0, 71.0):
        guide.go_on(at_s)
    minute = guide.go_on(75.0)
    assert minute is not None
    assert minute.stand == Window(0.0, STEPS[0].measured_s)


def test_the_hinge_goes_down_is_held_and_comes_up() -> None:
    guide = CalibrationGuide()
    guide.begin(0.0)
    assert guide.pace(0.0) == (Pace.UPRIGHT, 0.0)
    for at_s in (1.0, 6.0, 10.0):
        guide.go_on(at_s)
    assert guide.step.pose is Pose.HINGE
    paces = [guide.pace(10.0 + tenth / 10) for tenth in range(170)]
    order = [pace for k, (pace, _) in enumerate(paces) if k == 0 or pace is not paces[k - 1][0]]
    assert order == [Pace.DOWN, Pace.HOLD, Pace.UP, Pace.UPRIGHT]
    depths = [depth for _, depth in paces]
    assert max(depths) == 1.0
    assert min(depths) == 0.0
    # No jerk: never more than 9 degrees a second.
    assert max(abs(b - a) for a, b in itertools.pairwise(depths)) * HINGE_DEG < 0.9


def test_a_clock_that_goes_back_ends_the_guide() -> None:
    guide = CalibrationGuide()
    guide.begin(50.0)
    assert guide.advance(20.0) is None
    assert guide.state is GuideState.IDLE


# -- what stands ------------------------------------------------------------------------------


def record(*updates: PipelineOutput | StationStatus | StationReset) -> CalibrationRecord:
    found = CalibrationRecord()
    for update in updates:
        found.apply(update)
    return found


def test_what_stands_and_whether_it_still_holds() -> None:
    assert CalibrationRecord().now(0.0).standing is Standing.NO_SENSOR
    assert record(status(0.0, ())).now(0.0).standing is Standing.NO_SENSOR
    assert record(status(0.0)).now(0.0).standing is Standing.NONE
    fresh = record(status(0.0), told(good(60.0))).now(60.0 + 12 * 60.0)
    assert (fresh.standing, fresh.age_s, fresh.roles) == (Standing.GOOD, 720.0, BOTH)
    assert not fresh.standing.wants_another
    low = TrunkCalibrated(60.0, BOTH, "hinge", Confidence.LOW, (REASON,))
    weak = record(status(0.0), told(low)).now(70.0)
    assert (weak.standing, weak.reasons) == (Standing.LOW, (REASON,))
    assert weak.standing.wants_another


def test_an_old_calibration_asks_for_a_new_one() -> None:
    found = record(status(0.0), told(good(60.0)))
    assert found.now(60.0 + OLD_S - 1.0).standing is Standing.GOOD
    assert found.now(60.0 + OLD_S + 1.0).standing is Standing.OLD
    found.apply(told(good(7000.0)))
    assert found.now(7001.0).standing is Standing.GOOD


def test_a_slip_asks_for_a_new_one_until_it_is_taken_back_or_calibrated() -> None:
    slip = SensorSlipped(100.0, Role.PELVIS, True, "The pelvis sensor slipped.")
    found = record(status(0.0), told(good(60.0), slip))
    now = found.now(101.0)
    assert (now.standing, now.slipped, now.reasons) == (
        Standing.SLIPPED,
        (Role.PELVIS,),
        ("The pelvis sensor slipped.",),
    )
    assert not now.standing.calibrated
    back = replace(slip, at_s=110.0, active=False)
    assert record(status(0.0), told(good(60.0), slip, back)).now(111.0).standing is Standing.GOOD
    found.apply(told(good(200.0)))
    assert found.now(201.0).standing is Standing.GOOD


def test_a_refusal_leaves_the_old_calibration_standing() -> None:
    found = record(status(0.0), told(good(60.0), CalibrationRefused(900.0, SENTENCE)))
    assert found.now(900.0).standing is Standing.GOOD
    assert found.now(900.0).age_s == 840.0
    assert found.refusal == SENTENCE


def test_one_sensor_is_told_by_the_session_and_then_by_the_calibration() -> None:
    found = record(status(0.0, (Role.PELVIS,)))
    assert found.now(0.0).lean_only
    both = record(status(0.0))
    assert not both.now(0.0).lean_only
    both.apply(told(good(50.0, (Role.THORAX,))))  # the other sent nothing
    assert both.now(60.0).lean_only


def test_a_jump_in_a_recording_forgets_and_is_told_again() -> None:
    found = record(status(0.0), told(good(60.0)), StationReset(30.0))
    assert found.now(30.0).standing is Standing.NONE
    found.apply(told(good(60.0)))
    assert found.now(61.0).standing is Standing.GOOD


# -- the flow -----------------------------------------------------------------------------------


def test_the_station_is_asked_once_with_the_three_windows() -> None:
    _, station = awaiting()
    assert len(station.asked) == 1
    stand, hinge, again = station.asked[0]
    assert 10.0 < stand.start_s < stand.end_s < hinge.start_s < hinge.end_s < again.start_s
    assert again.end_s == pytest.approx(10.0 + TOTAL_S, abs=1.0)


def test_the_answer_is_shown_and_stands() -> None:
    flow, _ = awaiting()
    flow.apply(told(good(flow.now_s)))
    assert flow.state is FlowState.CALIBRATED
    assert flow.now.standing is Standing.GOOD


def test_a_refusal_says_its_sentence_and_can_be_tried_again() -> None:
    flow, station = awaiting()
    flow.apply(told(CalibrationRefused(flow.now_s, SENTENCE)))
    assert (flow.state, flow.refusal) == (FlowState.REFUSED, SENTENCE)
    assert flow.now.standing is Standing.NONE
    flow.begin()
    assert (flow.state, flow.refusal) == (FlowState.GUIDED, "")
    start_s = flow.now_s
    led(flow, start_s, start_s + TOTAL_S + 1.0)
    assert len(station.asked) == 2


def test_without_an_answer_the_wait_ends_and_a_late_answer_still_counts() -> None:
    flow, _ = awaiting()
    start_s = flow.now_s
    led(flow, start_s, start_s + ANSWER_S + 1.0)
    seen = [(flow.state, flow.refusal)]
    flow.apply(told(good(flow.now_s)))
    seen.append((flow.state, flow.refusal))
    assert [state for state, _ in seen] == [FlowState.REFUSED, FlowState.CALIBRATED]
    assert "no answer" in seen[0][1]
    assert seen[1][1] == ""


@pytest.mark.parametrize("after_s", [1.0, 15.0, 30.0, 50.0])
def test_cancelled_at_any_time_nothing_is_asked_and_the_old_one_stands(after_s: float) -> None:
    station = NotedStation()
    flow = CalibrationFlow(station)
    flow.apply(status(0.0))
    flow.apply(told(good(0.0)))
    flow.begin()
    led(flow, 0.0, after_s)
    flow.cancel()
    led(flow, after_s, 120.0)
    assert station.asked == []
    assert flow.state is FlowState.INTRO
    assert (flow.now.standing, flow.now.age_s) == (Standing.GOOD, 120.0)


def test_skipped_is_written_down_and_never_looks_calibrated() -> None:
    station = NotedStation()
    flow = CalibrationFlow(station)
    flow.apply(status(5.0))
    flow.skip()
    assert flow.now.standing is Standing.SKIPPED
    assert flow.now.standing.wants_another
    assert station.remarks == [(SKIPPED, "Spine not watched: not calibrated.")]


def test_skipping_a_second_one_writes_nothing_as_the_first_stands() -> None:
    station = NotedStation()
    flow = CalibrationFlow(station)
    flow.apply(status(5.0))
    flow.apply(told(good(5.0)))
    flow.skip()
    assert flow.now.standing is Standing.GOOD
    assert station.remarks == []


def test_a_set_that_begins_ends_the_guide() -> None:
    flow, station = begun()
    led(flow, 10.0, 20.0)
    flow.apply(told(SetStarted(20.0, 1, Exercise.DEADLIFT, 19.0, None)))
    assert (flow.state, flow.interrupted) == (FlowState.INTRO, True)
    led(flow, 20.0, 100.0)
    assert station.asked == []


def test_a_session_that_ends_ends_the_guide() -> None:
    flow, station = begun()
    flow.apply(status(12.0, ended=True))
    assert flow.state is FlowState.INTRO
    assert station.asked == []
