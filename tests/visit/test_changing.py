"""A prescription changed for today: kept, done, told, and never a reason for more load."""

from __future__ import annotations

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import SetKind
from lift_monitor.visit.visit import Visit
from tests.visit.happenings import BY, Clock, calibrated, landing, lift, status


def work(visit: Visit, exercise: str = "deadlift") -> list[tuple[int, float | None]]:
    return [
        (s.repetitions, s.load_kg)
        for s in visit.prescription(exercise).sets
        if s.kind is not SetKind.WARM_UP
    ]


def test_before_the_first_set_fewer_of_all_with_a_reason(visit: Visit, clinic: Clinic) -> None:
    visit.change_today("deadlift", "slept badly", sets=3, repetitions=4, load_kg=45.0)
    assert work(visit) == [(4, 45.0)] * 3
    (item, *_) = visit.today().items
    assert (item.sets, item.repetitions, item.load_kg) == (3, 4, 45.0)
    assert "slept badly" in visit.today().notes[0]
    (entry, *_) = [e for e in clinic.audit.entries() if "changed_for_today" in e.what]
    assert (entry.by, entry.reason, entry.after["sets"]) == (BY, "slept badly", 3)


def test_a_program_that_was_killed_goes_on_with_the_change(visit: Visit, clinic: Clinic) -> None:
    visit.change_today("deadlift", "slept badly", sets=2)
    again = Visit.resume(clinic, clinic.sessions.get(visit.session.id), BY, Clock())
    assert again.prescriptions == visit.prescriptions


def test_what_is_left_out_is_not_done_and_the_next_exercise_is(visit: Visit) -> None:
    assert visit.current == "deadlift"
    visit.change_today("deadlift", "shoulder", left_out=True)
    assert visit.current == "back_squat"
    with pytest.raises(ValueError, match="Left out today: shoulder"):
        visit.choose("deadlift")
    visit.change_today("deadlift", "wants to try")
    visit.choose("deadlift")
    assert len(work(visit)) == 5


def test_what_is_left_out_in_the_middle_keeps_its_sets(visit: Visit) -> None:
    visit.apply([calibrated()])
    (done,) = visit.apply(lift(1, 10.0))
    visit.change_today("deadlift", "knee", left_out=True)
    assert [s.id for s in visit.sets("deadlift")] == [done.id]
    assert visit.current == "back_squat"


def test_everything_left_out_leaves_nothing_to_do(visit: Visit) -> None:
    for found in visit.prescriptions:
        visit.change_today(found.exercise, "fever", left_out=True)
    assert (visit.current, visit.next()) == (None, None)


def test_a_load_said_before_gives_way_to_the_change(visit: Visit) -> None:
    visit.set_load(50.0)
    visit.change_today("deadlift", "slept badly", load_kg=40.0)
    visit.skip()
    while (planned := visit.next()) is not None and planned.kind is SetKind.WARM_UP:
        visit.skip()
    assert planned is not None
    assert planned.load_kg == 40.0


def test_sets_are_stored_with_what_was_asked_today(visit: Visit) -> None:
    visit.change_today("deadlift", "slept badly", sets=1, repetitions=3)
    visit.apply([calibrated()])
    stored = [
        done for number in range(1, 9) for done in visit.apply(lift(number, 100.0 * number, 3))
    ]
    assert 3 in [s.new.target_repetitions for s in stored if s.new.kind is SetKind.WORKING]


def test_less_than_the_plan_asks_for_never_steps_up(visit: Visit) -> None:
    visit.change_today("deadlift", "slept badly", sets=3)
    visit.apply([calibrated()])
    for number in range(1, 7):
        for done in visit.apply(lift(number, 100.0 * number)):
            visit.rate(done.id, rpe=11, pain=0)
    proposal = visit.proposal("deadlift").proposal
    assert proposal.action.rank <= Action.HOLD.rank
    assert (proposal.load_kg or 0) <= 52.5


def test_what_cannot_be_changes_nothing(visit: Visit, clinic: Clinic) -> None:
    before = visit.prescriptions
    with pytest.raises(ValueError, match="Enter why"):
        visit.change_today("deadlift", " ", sets=3)
    with pytest.raises(ValueError, match="0 sets"):
        visit.change_today("deadlift", "tired", sets=0)
    visit.end()
    with pytest.raises(ClinicError, match="is over"):
        visit.change_today("deadlift", "tired", sets=3)
    assert visit.prescriptions == before
    assert clinic.sessions.day_changes(visit.session.id) == ()


def test_a_set_of_impacts_that_is_left_out_in_its_middle_is_kept(visit: Visit) -> None:
    visit.choose("jumping_chin_up")
    visit.apply([landing(10.0)])
    visit.apply([landing(14.0)])
    opened = visit.open_set
    visit.change_today("jumping_chin_up", "knee", left_out=True)
    assert (opened is not None, visit.open_set) == (True, None)
    visit.take(status(25.0))
    (done,) = visit.sets()
    assert (done.new.exercise, len(done.new.landings)) == ("jumping_chin_up", 2)
