"""From a station's events to sets in the store."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Person, StoredSet
from lift_monitor.events import Confidence, Event, Exercise
from lift_monitor.programme.record import SetKind
from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station_words import Mode, StationReset
from lift_monitor.technique import Severity
from lift_monitor.visit.collector import CUT_OFF
from lift_monitor.visit.visit import Visit
from tests.visit.happenings import (
    BEGAN,
    BY,
    Clock,
    calibrated,
    flag,
    flag_up,
    gap,
    landing,
    lift,
    nothing_after_all,
    slipped,
    spine,
    status,
    trained,
)


def news(sets: Sequence[StoredSet]) -> list[NewSet]:
    return [done.new for done in sets]


def one(visit: Visit, events: Sequence[Event]) -> NewSet:
    (done,) = visit.apply(events)
    return done.new


# -- which set it was ---------------------------------------------------------------------------


def test_sets_take_kind_number_and_load_from_the_prescription(visit: Visit) -> None:
    for number in range(1, 9):
        visit.apply(lift(number, 100.0 * number))
    told = [(s.kind.value, s.number, s.load_kg) for s in news(visit.sets())]
    assert told == [
        ("warm_up", 1, 30.0),
        ("warm_up", 2, 42.5),
        *(("working", n, 52.5) for n in range(1, 7)),  # the last one is beyond the plan
    ]
    assert {s.exercise for s in news(visit.sets())} == {"deadlift"}


def test_a_set_is_in_the_file_when_it_has_ended(
    visit: Visit, path: Path, clinic: Clinic, person: Person
) -> None:
    visit.apply(lift(1, 10.0)[:-1])
    assert clinic.sessions.sets(visit.session.id) == ()
    visit.apply(lift(1, 10.0)[-1:])
    with Clinic.open(path, durable=False) as other:
        (done,) = other.sessions.sets(visit.session.id)
    assert done.counted == 5
    assert done.new.at == BEGAN + timedelta(seconds=10.0 + 4 * 4.0 + 3.0)


def test_a_skipped_warm_up_and_another_load(visit: Visit) -> None:
    visit.skip()
    planned = visit.next()
    assert planned is not None
    assert (planned.kind, planned.number) == (SetKind.WARM_UP, 2)
    visit.skip()
    visit.set_load(50.0)
    first, second = (one(visit, lift(n, 100.0 * n)) for n in (1, 2))
    assert (first.kind, first.number, first.load_kg) == (SetKind.WORKING, 1, 50.0)
    assert (second.number, second.load_kg) == (2, 50.0)


def test_a_load_that_cannot_be_loaded_tells_no_plates(visit: Visit) -> None:
    visit.set_load(41.3)
    planned = visit.next()
    assert planned is not None
    assert planned.bar is None
    visit.set_load(40.0)
    planned = visit.next()
    assert planned is not None
    assert planned.bar is not None
    assert planned.bar.total_kg == 40.0


def test_another_load_is_said_before_and_not_during_a_set(visit: Visit) -> None:
    events = lift(1, 10.0)
    visit.apply(events[:3])
    visit.set_load(20.0)  # it is for the next one: this one is on the way already
    assert one(visit, events[3:]).load_kg == 30.0


def test_a_set_stays_what_it_was_when_another_exercise_is_chosen_meanwhile(visit: Visit) -> None:
    events = lift(1, 10.0, waited_s=2.0)  # the station closes it at once
    visit.apply(events[:-1])
    visit.choose("back_squat")
    assert visit.apply(events[-1:]) == ()  # the trunk may have more to tell
    (stored,) = visit.take(status(40.0))
    done = stored.new
    assert done.exercise == "deadlift"
    assert done.confidence is Confidence.HIGH
    done = one(visit, lift(2, 200.0, exercise=Exercise.BACK_SQUAT))
    assert (done.exercise, done.load_kg) == ("back_squat", 25.0)


def test_what_was_measured_as_another_exercise_is_doubted(visit: Visit) -> None:
    done = one(visit, lift(1, 10.0, exercise=Exercise.BACK_SQUAT))
    assert done.confidence is Confidence.LOW
    assert "another exercise" in done.reasons[0]


def test_what_was_no_set_is_not_stored(visit: Visit) -> None:
    assert visit.apply(nothing_after_all(1, 10.0)) == ()
    assert visit.open_set is None
    assert visit.sets() == ()


def test_nothing_is_stored_of_an_exercise_that_nobody_measures(
    visit: Visit, clinic: Clinic, clock: Clock
) -> None:
    visit.choose("jumping_chin_up")
    assert visit.apply(lift(1, 10.0)) == ()  # somebody moved the bar
    visit.choose("deadlift")
    assert visit.apply([landing(50.0)]) == ()  # the bar was dropped


# -- how far it is to be trusted ----------------------------------------------------------------


def test_a_flag_belongs_to_the_set_in_which_it_was_raised(visit: Visit) -> None:
    events = [calibrated(), *lift(1, 100.0), flag(98.0), flag(98.6), flag(106.0, Severity.AMBER),
              flag(121.5), flag(130.0)]  # fmt: skip
    done = one(visit, events)
    assert [f.raised_s for f in done.flags] == [98.6, 106.0, 121.5]
    (stored,) = visit.sets()
    assert [r.red for r in stored.repetitions] == [True, False, False, False, True]
    assert [r.amber for r in stored.repetitions] == [False, True, False, False, False]


def test_a_flag_that_stands_is_not_lost(visit: Visit) -> None:
    one(visit, [calibrated(), *lift(1, 100.0), flag_up(110.0)])
    (stored,) = visit.sets()
    assert [r.red for r in stored.repetitions] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ([], "no sensor on the trunk"),
        ([calibrated(108.0)], "not calibrated"),
        ([calibrated(roles=(Role.THORAX,))], "one trunk sensor only"),
        ([calibrated(), slipped(50.0)], "sat otherwise"),
        ([calibrated(), slipped(50.0), slipped(104.0, active=False)], "sat otherwise"),
        ([calibrated(), gap("pelvis", 105.0, 107.0)], "data from the pelvis sensor"),
    ],
)
def test_not_watched_is_told_with_its_reason(visit: Visit, before: list[Event], why: str) -> None:
    done = one(visit, [*before, *lift(1, 100.0)])
    assert not done.watched
    assert why in visit.unwatched(visit.sets()[0].id)
    assert why in (done.unwatched or "")
    # The bar was measured all the same: its numbers are not doubted for that.
    assert done.confidence is Confidence.HIGH


@pytest.mark.parametrize(
    "before",
    [
        [calibrated()],
        [calibrated(), slipped(50.0), slipped(60.0, active=False)],
        [calibrated(), slipped(50.0), calibrated(70.0)],
        [calibrated(), gap("pelvis", 80.0, 90.0)],
        [calibrated(), gap("bar", 80.0, 90.0)],
    ],
)
def test_watched_throughout(visit: Visit, before: list[Event]) -> None:
    done = one(visit, [*before, *lift(1, 100.0)])
    assert done.watched
    assert visit.unwatched(visit.sets()[0].id) == ""
    assert done.unwatched is None


@pytest.mark.parametrize("dark", [(105.0, 105.4), (105.0, 107.0), (60.0, 90.0), (118.0, 300.0)])
def test_an_angle_that_is_not_known_was_not_watched(
    visit: Visit, dark: tuple[float, float]
) -> None:
    seen = dark in ((105.0, 105.4), (60.0, 90.0))  # short, or before the set
    events = [calibrated(), *lift(1, 100.0)]
    visit.take(PipelineOutput(spine=spine(0.0, 110.0, dark)))
    (done,) = visit.take(PipelineOutput(tuple(events), spine=spine(110.0, 140.0, dark)))
    assert done.new.watched is seen


def test_a_calibration_of_low_confidence_lowers_that_of_the_set(visit: Visit) -> None:
    done = one(visit, [calibrated(confidence=Confidence.LOW), *lift(1, 100.0)])
    assert done.watched
    assert (done.confidence, done.reasons) == (Confidence.LOW, ("the hinge was small",))


def test_a_fault_of_the_bar_within_a_set_is_its_doubt(visit: Visit) -> None:
    done = one(visit, [gap("bar", 104.0, 105.0), *lift(1, 100.0)])
    assert done.confidence is Confidence.LOW
    assert done.reasons == ("No data from the bar sensor for 1.0 s",)


def test_a_set_that_the_data_end_in_is_doubted(visit: Visit) -> None:
    visit.apply(lift(1, 100.0, 2, waited_s=1.0))
    assert visit.take(status(112.0)) == ()  # it may go on
    (stored,) = visit.take(status(128.0))
    done = stored.new
    assert done.confidence is Confidence.LOW
    assert done.reasons == (CUT_OFF,)
    counted = visit.count(visit.sets()[0].id, 5)
    assert counted.counted == 5
    assert [r.measured is None for r in counted.repetitions] == [False, False, True, True, True]
    assert visit.count(counted.id, 4).counted == 4


def test_a_set_goes_on_when_the_sensor_is_back(visit: Visit) -> None:
    visit.apply(lift(1, 100.0, 2, waited_s=1.0))
    visit.take(status(112.0))
    visit.apply([gap("bar", 107.0, 113.0), *lift(2, 115.0, 3)[:2]])
    assert visit.open_set is not None
    assert visit.open_set[1] == 3
    (done,) = visit.apply(lift(2, 115.0, 3)[2:])
    assert (done.new.kind, done.new.number, done.counted) == (SetKind.WARM_UP, 1, 5)
    assert [r.number for r in done.repetitions] == [1, 2, 3, 4, 5]
    assert done.new.confidence is Confidence.LOW
    assert any("8 s of it are missing" in reason for reason in done.new.reasons)
    assert len(visit.sets()) == 1


def test_after_a_rest_it_is_another_set(visit: Visit) -> None:
    visit.apply(lift(1, 100.0, 2, waited_s=1.0))
    visit.apply(lift(2, 130.0))
    assert [(s.new.number, s.counted) for s in visit.sets()] == [(1, 2), (2, 5)]


def test_what_seemed_to_go_on_and_was_nothing_leaves_the_first_part(visit: Visit) -> None:
    events = [*lift(1, 100.0, 2, waited_s=1.0), *nothing_after_all(2, 112.0)]
    (done,) = visit.apply(events)
    assert (done.counted, done.new.reasons) == (2, (CUT_OFF,))


def test_a_bar_that_is_lost_for_good_leaves_what_was_seen(visit: Visit) -> None:
    visit.apply(lift(1, 100.0, 3)[:-1])
    assert visit.take(status(112.0, lost=[Role.BAR])) == ()
    assert visit.take(status(125.0)) == ()  # it is back: the set may go on
    assert visit.take(status(126.0, lost=[Role.BAR])) == ()
    (done,) = visit.take(status(133.0, lost=[Role.BAR]))
    assert (done.counted, done.new.confidence) == (3, Confidence.LOW)
    assert CUT_OFF in done.new.reasons
    # What the station makes of it when the sensor is back is the same set.
    assert visit.apply(lift(1, 100.0, 3, waited_s=1.0)[-1:]) == ()
    assert len(visit.sets()) == 1


def test_a_station_that_is_closed_in_a_set_leaves_what_was_seen(visit: Visit) -> None:
    visit.apply(lift(1, 100.0, 4)[:-1])
    (done,) = visit.stop_listening()
    assert (done.counted, done.new.confidence) == (4, Confidence.LOW)
    assert visit.apply(lift(1, 100.0, 4)[-1:]) == ()


def test_a_set_that_was_counted_by_hand(visit: Visit, clock: Clock) -> None:
    done = visit.add_set(5)
    assert (done.new.kind, done.new.number, done.counted) == (SetKind.WARM_UP, 1, 5)
    assert done.new.at == clock.at
    assert not done.new.watched
    unknown = visit.add_set(None)
    assert unknown.counted is None
    assert unknown.new.confidence is Confidence.LOW


# -- impacts --------------------------------------------------------------------------------------


def test_a_set_of_impacts_closes_at_its_number(visit: Visit) -> None:
    visit.choose("jumping_chin_up")
    stored = visit.apply([landing(10.0 + 4.0 * n, 3.0 + 0.1 * n) for n in range(7)])
    (done,) = news(stored)
    assert (done.exercise, done.rung, done.number) == ("jumping_chin_up", 3, 1)
    assert [x.contact_s for x in done.landings] == [pytest.approx(9.7 + 4.0 * n) for n in range(5)]
    assert (done.load_kg, done.ceiling_bw) == (None, 4.0)
    assert visit.open_set is not None
    assert visit.open_set[1] == 2


def test_a_flag_that_is_told_after_the_last_landing_is_not_lost(visit: Visit) -> None:
    visit.choose("jumping_chin_up")
    visit.apply([calibrated(), *(landing(10.0 + 4.0 * n) for n in range(5))])
    assert visit.sets() == ()  # the fifth one may have been a red one
    assert visit.open_set is None
    planned = visit.next()
    assert planned is not None
    assert planned.number == 2
    assert visit.apply([flag(26.4)]) == ()
    (done,) = visit.take(status(31.0))
    assert [f.raised_s for f in done.new.flags] == [26.4]


@pytest.mark.parametrize("together", [True, False])
def test_a_flag_that_is_told_after_an_early_end_is_not_lost(visit: Visit, together: bool) -> None:
    """In one call or in two, the trunk tells of the last repetition after the bar did."""
    *lifted, ended = lift(1, 100.0, 3, waited_s=2.0)
    visit.apply([calibrated(), *lifted])
    visit.choose("back_squat")  # the station ends the set at once
    bar, trunk = [ended], [flag(111.5)]
    steps = spine(0.0, 130.0)
    if together:
        (done,) = visit.take(PipelineOutput((*bar, *trunk), spine=steps))
    else:
        assert visit.take(PipelineOutput(tuple(bar))) == ()
        (done,) = visit.take(PipelineOutput(tuple(trunk), spine=steps))
    assert [f.raised_s for f in done.new.flags] == [111.5]
    assert [r.red for r in done.repetitions] == [False, False, True]
    assert done.new.watched


def test_a_rest_or_a_hand_closes_a_set_of_impacts(visit: Visit) -> None:
    visit.choose("jumping_chin_up")
    assert visit.apply([landing(10.0), landing(14.0)]) == ()
    (by_rest,) = visit.apply([landing(60.0)])  # told after the rest: two are the set before
    assert len(by_rest.new.landings) == 2
    assert visit.take(status(70.0)) == ()
    (by_time,) = visit.take(status(81.0))
    assert (len(by_time.new.landings), by_time.new.number) == (1, 2)
    visit.apply([landing(90.0)])
    visit.close_set()
    assert visit.take(status(92.0)) == ()
    (by_hand,) = visit.take(status(95.0))
    assert by_hand.new.number == 3
    visit.apply([landing(100.0)])
    visit.choose("deadlift")
    visit.take(status(105.0))
    assert len(visit.sets("jumping_chin_up")) == 4


def test_doubtful_landings_make_a_doubtful_set(visit: Visit) -> None:
    visit.choose("jumping_chin_up")
    visit.apply([landing(10.0), landing(14.0, low=True)])
    visit.close_set()
    (done,) = news(visit.take(status(20.0)))
    assert (done.confidence, done.reasons) == (Confidence.LOW, ("the trunk turned in the air",))


# -- how it is told -------------------------------------------------------------------------------


def whole_session() -> list[Event]:
    """Lifts with flags, faults and a set that was none, as a station tells them."""
    events = [
        calibrated(),
        *lift(1, 100.0),
        flag(104.0),
        gap("pelvis", 205.0, 206.0),
        *lift(2, 200.0, 4),
        *nothing_after_all(3, 250.0),
        slipped(301.0),
        *lift(3, 300.0),
        flag(310.0, Severity.AMBER),
        calibrated(350.0),
        *lift(4, 400.0, 3, waited_s=1.0),
        *lift(5, 430.0, 2),
    ]
    return sorted(events, key=lambda e: e.at_s)


def test_how_the_events_are_cut_makes_no_difference(clinic: Clinic, clock: Clock) -> None:
    events = whole_session()
    chance = random.Random(5)
    told: list[list[NewSet]] = []
    cuts: list[list[int]] = [[len(events)], list(range(1, len(events) + 1))]
    cuts += [[*sorted(chance.sample(range(1, len(events)), 5)), len(events)] for _ in range(4)]
    for number, cut in enumerate(cuts):
        visit = Visit.begin(clinic, trained(clinic, f"Heron {number}"), BY, clock=clock)
        visit.listen(Mode.LIVE, BEGAN)
        for start, stop in itertools.pairwise([0, *cut]):
            visit.apply(events[start:stop])
        told.append(news(visit.sets()))
    assert len(told[0]) == 5
    assert all(sets == told[0] for sets in told)
    assert [s.watched for s in told[0]] == [True, False, False, True, True]


def test_within_a_call_the_order_of_two_sensors_makes_no_difference(
    clinic: Clinic, clock: Clock
) -> None:
    events = whole_session()
    bar_first = sorted(events, key=lambda e: e.kind in ("flag_ended", "trunk_calibrated"))
    told = []
    for number, order in enumerate((events, bar_first)):
        visit = Visit.begin(clinic, trained(clinic, f"Heron {number}"), BY, clock=clock)
        visit.listen(Mode.LIVE, BEGAN)
        visit.apply(order)
        told.append(news(visit.sets()))
    assert told[0] == told[1]


def test_a_replay_is_not_stored(clinic: Clinic, person: Person, clock: Clock) -> None:
    visit = Visit.begin(clinic, person, BY, clock=clock)
    assert visit.apply(lift(1, 10.0)) == ()  # nobody said that a station is live
    visit.listen(Mode.REPLAY)
    assert visit.apply(lift(1, 10.0)) == ()
    visit.listen(Mode.LIVE)
    visit.take(status(5.0, mode=Mode.REPLAY))
    assert visit.apply(lift(1, 10.0)) == ()
    visit.listen(Mode.LIVE)
    visit.take(StationReset(3.0))
    assert visit.apply(lift(1, 10.0)) == ()
    assert visit.stop_listening() == ()
    assert clinic.sessions.sets(visit.session.id) == ()


def test_the_recording_is_referred_to_by_its_file_name(
    visit: Visit, clinic: Clinic, person: Person
) -> None:
    for now in (1.0, 2.0):
        visit.take(status(now, recording="/data/recordings/2026-03-02-0935.mcap"))
    (found,) = clinic.sessions.recordings(person.id)
    assert (found.file_name, found.exercise) == ("2026-03-02-0935.mcap", "deadlift")
    assert one(visit, lift(1, 10.0)).recording == "2026-03-02-0935.mcap"


def test_two_stations_of_one_visit_count_their_sets_anew(visit: Visit) -> None:
    visit.apply(lift(1, 10.0))
    visit.stop_listening()
    visit.listen(Mode.LIVE, BEGAN + timedelta(minutes=10))
    done = one(visit, lift(1, 10.0))
    assert (done.kind, done.number) == (SetKind.WARM_UP, 2)


def test_a_set_whose_end_was_never_told_is_stored_all_the_same(visit: Visit) -> None:
    stored = visit.apply([*lift(1, 100.0, 3)[:-1], *lift(2, 200.0)])
    assert [(s.counted, s.new.confidence) for s in stored] == [
        (3, Confidence.LOW), (5, Confidence.HIGH),
    ]  # fmt: skip


def test_a_set_whose_beginning_was_missed_is_stored_all_the_same(visit: Visit) -> None:
    _, *others = lift(1, 10.0)
    assert one(visit, others).target_repetitions == 5
