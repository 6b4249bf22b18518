"""A session as it goes: what is said of sets, what is proposed and decided, and its end."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.programme.clearance import Clearance, Exclusion, Level
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import EventGrade, SetKind, Verdict
from lift_monitor.station_words import Mode
from lift_monitor.visit.visit import Visit
from tests.visit.happenings import (
    AT,
    BEGAN,
    BY,
    DAY,
    Clock,
    calibrated,
    landing,
    lift,
    status,
    trained,
)

ROOT = Path(__file__).resolve().parents[2]
WEEK = timedelta(days=7)


def do_deadlifts(visit: Visit, *, rpe: int = 13, pain: int = 0) -> None:
    """All sets of the deadlift, watched, clean and rated."""
    visit.apply([calibrated()])
    for number in range(1, 8):
        for done in visit.apply(lift(number, 100.0 * number)):
            visit.rate(done.id, rpe=rpe, pain=pain)


def session_on(clinic: Clinic, person: Person, days: int, **ratings: int) -> Visit:
    """A whole session of deadlifts, so many days after the first day; not ended."""
    at = AT + timedelta(days=days)
    visit = Visit.begin(clinic, person, BY, clock=Clock(at))
    visit.listen(Mode.LIVE, at)
    do_deadlifts(visit, **ratings)
    return visit


# -- what is said of a set ----------------------------------------------------------------------


def test_two_taps_are_kept_and_can_be_changed(visit: Visit, clinic: Clinic) -> None:
    (done,) = visit.apply(lift(1, 10.0))
    visit.rate(done.id, rpe=14)
    visit.rate(done.id, pain=2, pain_where="knee")
    visit.rate(done.id, rpe=15)
    (stored,) = clinic.sessions.sets(visit.session.id)
    assert (stored.ratings.rpe, stored.ratings.pain, stored.ratings.pain_where) == (15, 2, "knee")
    assert visit.sets() == (stored,)
    with pytest.raises(ClinicError, match="6 to 20"):
        visit.rate(done.id, rpe=21)
    assert visit.sets()[0].ratings.rpe == 15


def test_repetitions_are_edited_and_edits_taken_back(visit: Visit) -> None:
    (done,) = visit.apply(lift(1, 10.0))
    visit.take_out(done.repetitions[1].id, "a set-down")
    visit.add_repetition(done.id)
    assert visit.sets()[0].counted == 5
    visit.undo(done.id)
    assert visit.sets()[0].counted == 4
    visit.put_back(done.repetitions[1].id)
    assert visit.sets()[0].counted == 5
    visit.correct_load(done.id, 32.5)
    assert visit.sets()[0].new.load_kg == 32.5


def test_a_set_that_was_none_gives_its_number_back(visit: Visit) -> None:
    first, _ = (visit.apply(lift(n, 100.0 * n))[0] for n in (1, 2))
    visit.remove_set(first.id, "only moved the bar")
    assert [s.new.number for s in visit.sets()] == [2]
    (again,) = visit.apply(lift(3, 300.0))
    assert (again.new.kind, again.new.number) == (SetKind.WARM_UP, 1)


def test_rest_is_counted_from_the_end_of_the_last_set(visit: Visit, clock: Clock) -> None:
    assert visit.rest() is None
    (done,) = visit.apply(lift(1, 10.0))
    clock.at = done.new.at + timedelta(seconds=84)
    rest = visit.rest()
    assert rest is not None
    assert (rest.since_s, rest.planned_s, rest.ready, rest.left_s) == (84.0, 120.0, False, 36.0)
    clock.go(36.0)
    rest = visit.rest()
    assert rest is not None
    assert rest.ready
    clock.at = done.new.at - timedelta(hours=1)  # the clock of the computer was set back
    rest = visit.rest()
    assert rest is not None
    assert rest.since_s == 0.0


def test_an_adverse_event_stops_what_it_must(visit: Visit) -> None:
    do_deadlifts(visit)
    assert visit.urgent() == ()
    visit.adverse(EventGrade.SERIOUS, "fell while racking the bar", "deadlift")
    assert [e.text for e in visit.adverse_events()] == ["fell while racking the bar"]
    assert {p.proposal.action for p in visit.urgent()} == {Action.STOP_AND_REFER}
    assert len(visit.urgent()) == 4


# -- which exercise -------------------------------------------------------------------------------


def test_what_is_barred_cannot_be_chosen(clinic: Clinic, clock: Clock) -> None:
    person = trained(clinic)
    excluded = (Exclusion("back_squat", "knee replacement", BY),)
    cleared = Clearance(Level.HIGH_INTENSITY, DAY, BY, excluded=excluded)
    clinic.care.set_clearance(person.id, cleared, BY)
    visit = Visit.begin(clinic, person, BY, clock=clock)
    with pytest.raises(ValueError, match="knee replacement"):
        visit.choose("back_squat")
    assert visit.current == "deadlift"
    assert next(i for i in visit.today().items if i.exercise == "back_squat").blocked


def test_nobody_who_was_not_assessed_is_given_anything(clinic: Clinic, clock: Clock) -> None:
    person = clinic.people.add("Heron 15", BY, DAY)
    visit = Visit.begin(clinic, person, BY, clock=clock)
    visit.listen(Mode.LIVE, BEGAN)
    assert visit.current is None
    assert visit.next() is None
    assert visit.apply([*lift(1, 10.0), landing(60.0)]) == ()
    assert all(item.blocked for item in visit.today().items)
    with pytest.raises(ValueError, match="choose an exercise"):
        visit.add_set(5)


def test_the_day_at_a_glance(visit: Visit) -> None:
    visit.apply([calibrated(), *lift(1, 100.0), *lift(2, 200.0), *lift(3, 300.0)])
    visit.apply(lift(4, 400.0)[:3])
    today = visit.today()
    assert [(i.exercise, i.done, i.left, i.warm_ups_done, i.current) for i in today.items][:2] == [
        ("deadlift", 1, 4, 2, True),
        ("back_squat", 0, 5, 0, False),
    ]
    assert today.next is not None
    assert (today.next.number, today.of, today.open_count) == (2, 5, 2)
    assert [(s.number, s.counted, s.red, s.rated) for s in today.last_sets] == [
        (1, 5, 0, False), (2, 5, 0, False), (1, 5, 0, False),
    ]  # fmt: skip
    assert (today.attended, today.planned, today.trouble) == (1, 70, "")


# -- proposals and decisions ----------------------------------------------------------------------


def test_a_step_is_accepted_once_however_often_it_is_asked_for(
    clinic: Clinic, person: Person
) -> None:
    session_on(clinic, person, 0).end()
    visit = session_on(clinic, person, 3)
    pending = visit.proposal("deadlift")
    assert pending.proposal.action is Action.STEP_UP
    assert (pending.proposal.load_kg, pending.decision) == (53.5, None)
    decision = visit.decide(pending.proposal, Verdict.ACCEPTED)
    assert (decision.load_kg, decision.session) == (53.5, visit.session.key)
    again = visit.proposal("deadlift")
    assert again.proposal == pending.proposal
    assert again.decision == decision
    assert not again.outdated
    planned = visit.next()
    assert planned is not None
    assert planned.load_kg == 52.5  # today is done as it was prescribed
    visit.end()
    after = Visit.begin(clinic, person, BY, clock=Clock(AT + WEEK))
    loads = [s.load_kg for s in after.prescription("deadlift").sets if s.kind is SetKind.WORKING]
    assert loads == [53.5] * 5


def test_a_decision_on_facts_that_changed_is_told(clinic: Clinic, person: Person) -> None:
    session_on(clinic, person, 0).end()
    visit = session_on(clinic, person, 3)
    visit.decide(visit.proposal("deadlift").proposal, Verdict.ACCEPTED)
    visit.rate(visit.sets()[-1].id, pain=6)
    pending = visit.proposal("deadlift")
    assert pending.outdated
    assert pending.proposal.action.rank < Action.STEP_UP.rank
    held = visit.decide(pending.proposal, Verdict.ACCEPTED)
    assert not visit.proposal("deadlift").outdated
    assert held.load_kg is not None
    assert held.load_kg <= 52.5


def test_a_change_and_a_rejection_need_a_reason(clinic: Clinic, person: Person) -> None:
    session_on(clinic, person, 0).end()
    visit = session_on(clinic, person, 3)
    proposal = visit.proposal("deadlift").proposal
    for verdict in (Verdict.CHANGED, Verdict.REJECTED):
        with pytest.raises(ValueError, match="why"):
            visit.decide(proposal, verdict)
    changed = visit.decide(proposal, Verdict.CHANGED, reason="slept badly", load_kg=53.0)
    assert (changed.load_kg, changed.reason) == (53.0, "slept badly")
    rejected = visit.decide(proposal, Verdict.REJECTED, reason="not ready")
    assert rejected.load_kg == 52.5
    assert visit.proposal("deadlift").decision == rejected
    assert [d.verdict for _, d in clinic.decisions.proposals(person.id)][-2:] == [
        Verdict.CHANGED, Verdict.REJECTED,
    ]  # fmt: skip


def test_only_what_concerns_today_is_to_be_decided(visit: Visit) -> None:
    assert visit.to_decide() == ()
    do_deadlifts(visit)
    assert [p.proposal.exercise for p in visit.to_decide()] == ["deadlift"]


def test_a_return_from_an_absence_is_decided_before_the_bar_is_loaded(
    clinic: Clinic, person: Person
) -> None:
    session_on(clinic, person, 0).end()
    away = Visit.begin(clinic, person, BY, clock=Clock(AT + 5 * WEEK))
    urgent = {p.proposal.exercise: p for p in away.urgent()}
    pending = urgent["deadlift"]
    assert pending.proposal.action is Action.REFAMILIARISE
    assert away.prescription("deadlift").blocked  # what stood before is not what is lifted now
    away.decide(pending.proposal, Verdict.ACCEPTED)
    loads = [s.load_kg for s in away.prescription("deadlift").sets if s.kind is SetKind.WORKING]
    assert all(kg is not None and kg < 52.5 for kg in loads)
    assert loads
    assert "deadlift" not in {p.proposal.exercise for p in away.urgent()}
    assert away.proposal("deadlift").decision is not None


def test_sudden_back_pain_stops_everything_until_somebody_answers_for_it(
    clinic: Clinic, person: Person
) -> None:
    visit = session_on(clinic, person, 0)
    visit.rate(visit.sets()[-1].id, sudden_back_pain=True)
    assert {p.proposal.action for p in visit.urgent()} == {Action.STOP_AND_REFER}
    for pending in visit.urgent():
        visit.decide(pending.proposal, Verdict.ACCEPTED)
    assert visit.urgent() == ()
    visit.end()
    later = Visit.begin(clinic, person, BY, clock=Clock(AT + timedelta(days=2)))
    assert later.current is None
    assert later.urgent() == ()  # it is decided; it is not asked for again and again
    stop = later.proposal("deadlift").proposal
    later.decide(stop, Verdict.CHANGED, reason="seen by a doctor: a strain", load_kg=40.0)
    assert not later.prescription("deadlift").blocked
    assert later.current == "deadlift"


# -- the end, and what comes between --------------------------------------------------------------


def test_the_end_keeps_the_note_and_the_set_that_was_going_on(
    visit: Visit, clinic: Clinic, clock: Clock
) -> None:
    visit.apply(lift(1, 10.0)[:-1])
    clock.go(3600.0)
    ended = visit.end("tired after a cold")
    assert (ended.note, ended.ended_at) == ("tired after a cold", clock.at)
    assert [s.counted for s in clinic.sessions.sets(ended.id)] == [5]
    assert clinic.sessions.open_ones() == ()
    assert visit.end("went home well").note == "went home well"  # only the note is another


def test_a_session_of_today_that_was_left_open_goes_on(
    clinic: Clinic, person: Person, clock: Clock
) -> None:
    first = session_on(clinic, person, 0)
    again = Visit.begin(clinic, person, BY, clock=Clock(AT + timedelta(hours=1)))
    assert again.session == first.session
    assert again.sets() == first.sets()
    assert again.prescriptions == first.prescriptions
    assert again.proposals() == first.proposals()
    assert again.next() == first.next()
    assert again.rest() is not None
    with pytest.raises(ClinicError, match="not ended"):
        Visit.begin(clinic, person, BY, clock=Clock(AT + WEEK))


def test_a_session_that_a_wrong_clock_began_can_be_ended(clinic: Clinic, person: Person) -> None:
    """Begun while the clock was a day ahead; then the clock was put right."""
    begun = Visit.begin(clinic, person, BY, clock=Clock(AT + timedelta(days=1)))
    visit = Visit.resume(clinic, begun.session, BY, Clock(AT))
    assert visit.end().ended_at == AT + timedelta(days=1)
    assert clinic.sessions.open_ones() == ()


@pytest.mark.parametrize("after", [1, 4])
def test_a_killed_session_goes_on_with_every_set_that_was_told(
    path: Path, after: int, clinic: Clinic, person: Person
) -> None:
    clinic.close()
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.visit.killed", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    told = [int(running.stdout.readline()) for _ in range(after)]
    running.send_signal(signal.SIGKILL)
    told += [int(line) for line in running.stdout]
    running.wait()
    running.stdout.close()
    with Clinic.open(path, durable=False) as again:
        (left,) = again.sessions.open_ones()
        visit = Visit.resume(again, left, BY, Clock(AT))
        stored = visit.sets()
        assert {s.id for s in stored} >= set(told)
        assert all(s.counted == 5 and len(s.new.flags) == 1 for s in stored)
        assert all(s.ratings.rpe == 13 for s in stored if s.id in told)
        visit.listen(Mode.LIVE, BEGAN)
        assert len(visit.apply(lift(1, 10.0))) == 1
        visit.end()


def test_a_set_that_cannot_be_stored_is_kept_told_and_tried_again(
    visit: Visit, path: Path, clinic: Clinic, clock: Clock
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert visit.apply(lift(1, 10.0)) == ()
        assert visit.unsaved == 1
        assert visit.today().trouble
        planned = visit.next()
        assert planned is not None
        assert planned.number == 2  # it is done, and counts
        with pytest.raises(ClinicError):
            visit.end()
        visit.listen(Mode.LIVE, BEGAN)
        assert visit.take(status(60.0)) == ()  # the store is not asked again at once
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert visit.take(status(61.0)) == ()
    assert visit.unsaved == 1
    clock.go(60.0)
    visit.take(status(121.0))
    (done,) = visit.sets()
    assert (done.counted, visit.unsaved, visit.trouble) == (5, 0, "")
    assert clinic.sessions.sets(visit.session.id) == (done,)
    assert date(2026, 3, 2) == visit.day
