"""A person's history, put together for the programme."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Outcome, Person, Ratings, StoredSession
from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Clearance, Level
from lift_monitor.programme.decide import decision_from
from lift_monitor.programme.doubt import doubt_of_maximum
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.progression import propose
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import (
    AdverseEvent,
    DayChange,
    Decision,
    EventGrade,
    Maximum,
    MaximumSource,
    OutcomeRecord,
    SetKind,
    Verdict,
)
from lift_monitor.programme.shipped import HOME, LIFTMOR
from lift_monitor.technique import Severity
from tests.clinic.records import AT, BY, DAY, flag, landing, lift_set, new_set


def test_everything_that_was_kept_is_in_the_history(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    empty = clinic.history(heron.id)
    assert (empty.plan, empty.clearance, empty.adverse) == (LIFTMOR, None, ())
    assert [s.sets for s in empty.sessions] == [()]
    mine = replace(LIFTMOR, version=2, sessions=60, weeks=30)
    clinic.plans.set(heron.id, HOME, BY, "lives far away")
    clinic.plans.set(heron.id, mine, BY, "moved nearer")
    clearance = Clearance(Level.RESTRICTED, DAY, BY, cap_pct=60.0, impacts=False)
    clinic.care.set_clearance(heron.id, replace(clearance, cap_pct=50.0), BY)
    clinic.care.set_clearance(heron.id, clearance, BY)
    later = Maximum("deadlift", MaximumSource.TESTED, 70.0, None, None,
                    DAY + timedelta(days=9), Confidence.HIGH, "tested")  # fmt: skip
    first = replace(later, source=MaximumSource.VELOCITY, kg=68.0, low_kg=60.0, day=DAY)
    clinic.maxima.add(heron.id, later, BY)
    clinic.maxima.add(heron.id, first, BY)
    decided = clinic.decisions.add(
        heron.id, Decision("deadlift", DAY, 0, Verdict.SET, BY, Phase.TRAINING, 52.5), BY
    )
    for measure, value in ((Measure.HEIGHT, 161.5), (Measure.TIMED_UP_AND_GO, 9.0)):
        clinic.outcomes.add(heron.id, Outcome(measure, value, DAY, BY), BY)
    kept = clinic.sessions.add_set(session.id, new_set(), BY)
    clinic.sessions.adverse_event(
        heron.id, session.id, EventGrade.MINOR, "dizzy", "deadlift", DAY, BY
    )
    clinic.sessions.adverse_event(heron.id, None, EventGrade.SERIOUS, "fell", "", DAY, BY)
    missed = clinic.sessions.miss(heron.id, DAY - timedelta(days=3), "snow", BY)
    history = clinic.history(heron.id)
    assert history.plan == mine
    assert history.clearance == clearance
    assert history.maxima == (first, later)
    assert history.outcomes == (OutcomeRecord(Measure.HEIGHT, 161.5, DAY),)
    assert history.decisions == (decided,)
    assert history.adverse == (AdverseEvent(DAY, EventGrade.SERIOUS, "fell", "", 1),)
    assert [(s.key, s.attended, s.reason_missed) for s in history.sessions] == [
        (missed.key, False, "snow"), (session.key, True, ""),
    ]  # fmt: skip
    assert history.sessions[1].sets == (record_of(kept),)
    assert history.sessions[1].adverse == (
        AdverseEvent(DAY, EventGrade.MINOR, "dizzy", "deadlift", 1),
    )
    with pytest.raises(ClinicError, match="no person 9"):
        clinic.history(9)


def test_a_history_is_never_stale(path: Path, clinic: Clinic, heron: Person,
                                  session: StoredSession) -> None:  # fmt: skip
    """What one program keeps in memory, another may change."""

    def seen() -> tuple[int | None, float | None, int | None]:
        record = clinic.history(heron.id).sessions[0].sets[0]
        return record.repetitions, record.load_kg, record.rpe

    kept = clinic.sessions.add_set(session.id, new_set(), BY)
    assert seen() == (5, 50.0, None)
    with Clinic.open(path) as other:
        other.sessions.remove_repetition(kept.repetitions[0].id, BY)
        assert seen() == (4, 50.0, None)
        clinic.sessions.set_load_of(kept.id, 55.0, BY)
        assert other.history(heron.id).sessions == clinic.history(heron.id).sessions
        other.sessions.rate(kept.id, Ratings(rpe=14), BY)
        assert seen() == (4, 55.0, 14)
        assert clinic.sessions.get_set(kept.id) == other.sessions.get_set(kept.id)
        other.sessions.remove_set(kept.id, BY, "not this person")
        assert clinic.history(heron.id).sessions[0].sets == ()
        other.sessions.undo(kept.id, BY)
        assert seen() == (4, 55.0, 14)
    with pytest.raises(ClinicError):
        clinic.sessions.remove_repetition(kept.repetitions[0].id, BY)
    assert seen() == (4, 55.0, 14)
    # Unchanged, it is the same object: what the programme made of it is remembered by that.
    before = clinic.history(heron.id).sessions
    clinic.sessions.miss(heron.id, DAY + timedelta(days=3), "snow", BY)
    assert clinic.history(heron.id).sessions[0] is before[0]


flags = st.builds(
    flag,
    st.floats(0.0, 60.0),
    st.none(),
    st.sampled_from(Severity),
    under_load=st.sampled_from((True, False, None)),
)
landings = st.builds(
    landing,
    st.floats(0.0, 60.0),
    st.floats(0.5, 9.0),
    clipped=st.booleans(),
    confidence=st.sampled_from(Confidence),
)
sets = st.builds(
    new_set,
    st.integers(1, 5),
    kind=st.sampled_from(SetKind),
    load_kg=st.none() | st.floats(0.0, 200.0),
    measured=st.none()
    | st.builds(
        lift_set,
        st.floats(0.05, 1.0),
        st.floats(0.05, 1.0),
        confidence=st.sampled_from(Confidence),
        reasons=st.sampled_from(((), ("thin",))),
    ),
    watched=st.booleans(),
    flags=st.lists(flags, max_size=3).map(tuple),
    landings=st.lists(landings, max_size=3).map(tuple),
    ceiling_bw=st.none() | st.floats(1.0, 8.0),
    counted_by_hand=st.none() | st.integers(0, 6),
    rung=st.none() | st.integers(0, 3),
    confidence=st.sampled_from(Confidence),
)
rated = st.builds(
    Ratings,
    rpe=st.none() | st.integers(6, 20),
    pain=st.none() | st.integers(0, 10),
    sudden_back_pain=st.booleans(),
    to_failure=st.booleans(),
    seen_clean=st.sampled_from((None, True, False)),
)


@pytest.fixture(scope="module")
def ward() -> Iterator[Clinic]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Clinic.open(Path(folder) / "clinic.sqlite", durable=False) as clinic,
    ):
        yield clinic


@settings(max_examples=60, deadline=None)
@given(
    done=st.lists(st.tuples(sets, rated, st.sampled_from(("", "remove", "add", "out"))), max_size=4)
)
def test_the_short_way_through_the_columns_tells_what_the_whole_sets_tell(
    ward: Clinic, done: list[tuple[NewSet, Ratings, str]]
) -> None:
    person = ward.people.add(ward.people.free_pseudonym(), BY, date(2026, 3, 1))
    session = ward.sessions.begin(person.id, AT, BY)
    for new, ratings, edit in done:
        kept = ward.sessions.add_set(session.id, new, BY)
        if edit == "remove" and kept.repetitions:
            ward.sessions.remove_repetition(kept.repetitions[0].id, BY)
        elif edit == "add":
            ward.sessions.add_repetition(kept.id, BY)
        elif edit == "out":
            ward.sessions.remove_set(kept.id, BY, "a mistake")
        ward.sessions.rate(kept.id, ratings, BY)
    with Clinic.open(ward.where, durable=False) as fresh:
        whole = tuple(record_of(kept) for kept in fresh.sessions.sets(session.id))
        assert fresh.history(person.id).sessions[0].sets == whole
        assert ward.history(person.id).sessions[0].sets == whole


def test_an_event_is_answered_by_the_next_decision_of_the_same_day(
    clinic: Clinic, heron: Person
) -> None:
    clinic.care.set_clearance(heron.id, Clearance(Level.HIGH_INTENSITY, DAY, BY), BY)
    begun = Decision("deadlift", DAY, 0, Verdict.SET, BY, Phase.FAMILIARISATION, 20.0)
    clinic.decisions.add(heron.id, begun, BY)
    for text, kg in (("fell at home", 15.0), ("numb legs", 10.0)):
        clinic.sessions.adverse_event(heron.id, None, EventGrade.SERIOUS, text, "", DAY, BY)
        stop = propose(clinic.history(heron.id), "deadlift", DAY)
        assert (stop.action, text in stop.headline) == (Action.STOP_AND_REFER, True)
        answer = decision_from(stop, Verdict.CHANGED, BY, DAY, 0, reason="examined", load_kg=kg)
        clinic.decisions.add(heron.id, answer, BY, stop)
        found = propose(clinic.history(heron.id), "deadlift", DAY)
        assert (found.action, found.load_before_kg) == (Action.HOLD, kg)


def test_a_confirmed_maximum_is_kept_with_its_reason_and_audited(
    clinic: Clinic, heron: Person
) -> None:
    first = Maximum(
        "deadlift", MaximumSource.TESTED, 60.0, None, None, DAY, Confidence.HIGH, "tested"
    )
    clinic.maxima.add(heron.id, first, BY)
    high = replace(first, kg=132.0, day=DAY + timedelta(days=42))
    assert doubt_of_maximum(clinic.history(heron.id), high)
    confirmed = replace(high, confirmed="seen on the platform")
    clinic.maxima.add(heron.id, confirmed, BY)
    assert clinic.history(heron.id).maxima == (first, confirmed)
    assert clinic.audit.entries(heron.id, limit=1)[0].after["confirmed"] == confirmed.confirmed


def test_what_holds_of_a_days_changes_is_in_the_history(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    first = DayChange("deadlift", BY, "slept badly", sets=2)
    last = DayChange("deadlift", BY, "slept badly, and late", sets=1)
    press = DayChange("overhead_press", BY, "shoulder", left_out=True)
    for change in (first, press):
        clinic.sessions.change_day(session.id, change, BY)
    assert clinic.history(heron.id).sessions[0].changes == (first, press)
    clinic.sessions.change_day(session.id, last, BY)
    clinic.sessions.end(session.id, AT, BY)
    clinic.sessions.begin(heron.id, AT + timedelta(days=3), BY)
    assert [s.changes for s in clinic.history(heron.id).sessions] == [(last, press), ()]
