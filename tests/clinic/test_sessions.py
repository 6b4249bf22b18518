"""Sessions, their sets, and a clinician's edits of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Person, Ratings, StoredSession, StoredSet
from lift_monitor.events import Confidence
from lift_monitor.programme.record import EventGrade
from lift_monitor.technique import Severity
from tests.clinic.records import AT, BY, flag, landing, lift_set, new_set


def counting(stored: StoredSet) -> list[int]:
    return [r.number for r in stored.repetitions if r.counts]


def test_a_set_comes_back_whole_from_the_file(path: Path) -> None:
    measured = lift_set(0.5, 0.4, confidence=Confidence.LOW, reasons=("thin stream",))
    new = new_set(
        3,
        measured=measured,
        flags=(flag(10.5, 11.0), flag(21.0, None, Severity.AMBER, under_load=None)),
        landings=(landing(3.0, 3.25), landing(5.0, 4.5, clipped=True)),
        rung=2,
        ceiling_bw=4.0,
        confidence=Confidence.LOW,
        reasons=("one sensor was lost",),
    )
    with Clinic.open(path) as clinic:
        person = clinic.people.add("Heron 14", BY, AT.date())
        session = clinic.sessions.begin(person.id, AT, BY)
        given = clinic.sessions.add_set(session.id, new, BY)
        rated = clinic.sessions.rate(given.id, Ratings(rpe=13, pain=2, pain_where="hip"), BY)
    with Clinic.open(path) as clinic:
        read = clinic.sessions.sets(session.id)
    assert given == replace(read[0], ratings=Ratings())
    assert (rated,) == read
    assert read[0].new == new
    assert [r.measured for r in read[0].repetitions] == list(measured.repetitions)
    assert [(r.red, r.amber) for r in read[0].repetitions] == [(True, False), (False, True)]


def test_a_day_is_the_day_of_the_clinics_own_clock(clinic: Clinic, heron: Person) -> None:
    far_east = timezone(timedelta(hours=11))
    session = clinic.sessions.begin(heron.id, datetime(2026, 3, 3, 8, 0, tzinfo=far_east), BY)
    assert (session.day, session.key) == (date(2026, 3, 3), "2026-03-03")
    assert session.started_at == datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    with pytest.raises(ClinicError, match="zone"):
        clinic.sessions.end(session.id, datetime(2026, 3, 3, 9, 0), BY)


def test_one_session_of_a_person_is_open_at_a_time(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    with pytest.raises(ClinicError, match="Heron 14 has a session of 2026-03-02"):
        clinic.sessions.begin(heron.id, AT, BY)
    other = clinic.people.add("Teal 3", BY, AT.date())
    clinic.sessions.begin(other.id, AT, BY)
    assert clinic.sessions.open_ones()[0] == session
    ended = clinic.sessions.end(session.id, AT + timedelta(hours=1), BY, "went well")
    assert (ended.note, ended.ended_at) == ("went well", AT + timedelta(hours=1))
    with pytest.raises(ClinicError, match="over already"):
        clinic.sessions.end(session.id, AT, BY)
    assert clinic.sessions.begin(heron.id, AT, BY).key == "2026-03-02b"
    missed = clinic.sessions.miss(heron.id, date(2026, 3, 5), "flu", BY)
    assert (missed.attended, missed.reason_missed) == (False, "flu")
    assert [s.key for s in clinic.sessions.all(heron.id)] == [
        "2026-03-02", "2026-03-02b", "2026-03-05",
    ]  # fmt: skip
    with pytest.raises(ClinicError, match="missed"):
        clinic.sessions.add_set(missed.id, new_set(), BY)


def test_why_a_set_was_not_watched_is_kept(clinic: Clinic, session: StoredSession) -> None:
    for why in (None, "the thorax sensor was lost"):
        clinic.sessions.add_set(session.id, new_set(watched=False, unwatched=why), BY)
    with pytest.raises(ClinicError, match="watched and not watched"):
        clinic.sessions.add_set(session.id, new_set(watched=True, unwatched="dark"), BY)
    with Clinic.open(clinic.where) as fresh:
        old, new = (kept.new for kept in fresh.sessions.sets(session.id))
    assert (old.unwatched, old.not_watched_because) == (None, "not recorded")
    assert new.not_watched_because == new.unwatched == "the thorax sensor was lost"
    assert new_set().not_watched_because == ""


def test_edits_leave_what_was_measured_and_can_be_taken_back_one_by_one(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    store = clinic.sessions
    start = store.add_set(session.id, new_set(), BY)
    removed = store.remove_repetition(start.repetitions[1].id, BY, "set the bar down")
    assert (counting(removed), removed.counted) == ([1, 3, 4, 5], 4)
    assert removed.repetitions[1].measured == start.repetitions[1].measured
    added = store.add_repetition(start.id, BY, "the sensor slept")
    assert (counting(added), added.repetitions[-1].measured) == ([1, 3, 4, 5, 6], None)
    loaded = store.set_load_of(start.id, 52.5, BY)
    assert loaded.new.load_kg == 52.5
    assert store.remove_set(start.id, BY, "wrong person").counts is False
    assert store.sets(session.id) == ()
    assert store.sets(session.id, removed=True)[0].id == start.id
    assert store.undo(start.id, BY) == loaded
    assert store.undo(start.id, BY) == added
    taken_back = store.undo(start.id, BY)
    assert counting(taken_back) == [1, 3, 4, 5]
    assert counting(store.undo(start.id, BY)) == [1, 2, 3, 4, 5]
    with pytest.raises(ClinicError, match="no edit"):
        store.undo(start.id, BY)
    assert [entry.what for entry in reversed(clinic.audit.entries(heron.id))][3:] == [
        "repetition_removed", "repetition_added", "load_changed", "set_removed",
        "edit_undone", "edit_undone", "edit_undone", "edit_undone",
    ]  # fmt: skip
    entry = next(e for e in clinic.audit.entries() if e.what == "load_changed")
    assert (entry.before, entry.after) == ({"load_kg": 50.0}, {"load_kg": 52.5})


def test_an_edit_that_changes_nothing_is_told(clinic: Clinic, session: StoredSession) -> None:
    store = clinic.sessions
    stored = store.add_set(session.id, new_set(), BY)
    first = stored.repetitions[0].id
    with pytest.raises(ClinicError, match="counts already"):
        store.restore_repetition(first, BY)
    store.remove_repetition(first, BY)
    with pytest.raises(ClinicError, match="does not count already"):
        store.remove_repetition(first, BY)
    assert counting(store.restore_repetition(first, BY)) == [1, 2, 3, 4, 5]
    with pytest.raises(ClinicError, match="why"):
        store.remove_set(stored.id, BY, "")
    with pytest.raises(ClinicError, match="no set 99"):
        store.undo(99, BY)
    with pytest.raises(ClinicError, match="no set 99"):
        store.rate(99, Ratings(), BY)


def test_ratings_replace_each_other_and_old_ones_are_kept(
    clinic: Clinic, session: StoredSession
) -> None:
    store = clinic.sessions
    stored = store.add_set(session.id, new_set(), BY)
    for ratings in (Ratings(rpe=12), Ratings(), Ratings(rpe=15, pain=3, seen_clean=False)):
        assert store.rate(stored.id, ratings, BY).ratings == ratings
        assert store.get_set(stored.id).ratings == ratings
    entries = [e for e in clinic.audit.entries() if e.what == "set_rated"]
    assert [e.after.get("rpe") for e in entries] == [15, None, 12]
    assert entries[1].before["rpe"] == 12
    for wrong in (Ratings(rpe=5), Ratings(rpe=21), Ratings(pain=11), Ratings(pain=-1)):
        with pytest.raises(ClinicError, match="scale"):
            store.rate(stored.id, wrong, BY)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (new_set(load_kg=-1.0), "load"),
        (new_set(load_kg=float("nan")), "load"),
        (new_set(0), "between 1 and 1000"),
        (new_set(counted_by_hand=-2), "by hand"),
        (new_set(exercise=" "), "exercise"),
        (new_set(recording="../a.mcap"), "folder"),
        (new_set(recording="C:\\a.mcap"), "folder"),
        (new_set(at=datetime(2026, 3, 2)), "zone"),
        (new_set(measured=lift_set(0.5, float("nan"))), "finite"),
    ],
)
def test_a_set_that_cannot_be_is_refused_whole(
    clinic: Clinic, session: StoredSession, new: NewSet, said: str
) -> None:
    before = clinic.audit.entries()
    with pytest.raises(ClinicError, match=said):
        clinic.sessions.add_set(session.id, new, BY)
    assert clinic.sessions.sets(session.id) == ()
    assert clinic.audit.entries() == before


def test_recordings_and_adverse_events_belong_to_their_person(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    store = clinic.sessions
    store.add_recording(session.id, "a.mcap", "deadlift", AT, BY)
    with pytest.raises(ClinicError, match="folder"):
        store.add_recording(session.id, "tmp/a.mcap", "deadlift", AT, BY)
    assert [r.file_name for r in store.recordings(heron.id)] == ["a.mcap"]
    event = store.adverse_event(
        heron.id, session.id, EventGrade.MINOR, "knee pain", "back_squat", AT.date(), BY
    )
    other = clinic.people.add("Teal 3", BY, AT.date())
    with pytest.raises(ClinicError, match="another person's"):
        store.adverse_event(other.id, session.id, EventGrade.MINOR, "fell", "", AT.date(), BY)
    assert store.adverse_events(heron.id) == (event,)
    assert store.adverse_events(other.id) == ()
    assert store.recordings(other.id) == ()
