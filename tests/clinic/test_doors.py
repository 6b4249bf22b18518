"""What comes in at the store's doors: numbers that cannot be, texts that spoil a file."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.text import clean_text
from lift_monitor.clinic.words import Identity, NewSet, Outcome, Person, Ratings, StoredSession
from lift_monitor.events import Confidence
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Plate, Rack
from lift_monitor.programme.record import Decision, EventGrade, Maximum, MaximumSource
from lift_monitor.programme.shipped import LIFTMOR
from tests.clinic.records import ASSESSMENT, AT, BY, CLEARANCE, DAY, DECISION, PROPOSAL, new_set

MAXIMUM = Maximum("deadlift", MaximumSource.VELOCITY, 67.0, 60.0, 72.0, DAY, Confidence.LOW, "")
NAN, HUGE = float("nan"), 2_147_483_648


@pytest.mark.parametrize(
    "decision",
    [
        replace(DECISION, load_kg=-1.0),
        replace(DECISION, load_kg=1e308),
        replace(DECISION, load_kg=NAN),
        replace(DECISION, maximum_kg=-1.0),
        replace(DECISION, maximum_kg=1e308),
        replace(DECISION, rung=-1),
        replace(DECISION, rung=HUGE),
        replace(DECISION, exercise="juggling"),
        replace(DECISION, session="2026-03-09"),
        replace(DECISION, by="D. Other"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(
    clinic: Clinic, heron: Person, decision: Decision
) -> None:
    with pytest.raises(ClinicError):
        clinic.decisions.add(heron.id, decision, BY)
    assert clinic.decisions.all(heron.id) == ()


@pytest.mark.parametrize(
    "new",
    [
        new_set(ceiling_bw=NAN),
        new_set(ceiling_bw=-1.0),
        new_set(counted_by_hand=HUGE),
        new_set(counted_by_hand=NAN),
        new_set(rung=-1),
        new_set(target_repetitions=HUGE),
        new_set(load_kg=500.5),
    ],
)
def test_a_set_with_a_number_that_cannot_be_is_refused(
    clinic: Clinic, session: StoredSession, new: NewSet
) -> None:
    with pytest.raises(ClinicError, match="must lie between"):
        clinic.sessions.add_set(session.id, new, BY)
    assert clinic.sessions.sets(session.id) == ()


@pytest.mark.parametrize("changes", [{"kg": -1.0}, {"low_kg": -1.0}, {"high_kg": 1e308}])
def test_a_maximum_that_cannot_be_is_refused(
    clinic: Clinic, heron: Person, changes: dict[str, float]
) -> None:
    with pytest.raises(ClinicError, match="maximum"):
        clinic.maxima.add(heron.id, replace(MAXIMUM, **changes), BY)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [-1.0, 0.0, 8.12, 1e308, NAN])
def test_an_outcome_outside_of_what_it_can_be_is_refused(
    clinic: Clinic, heron: Person, value: float
) -> None:
    with pytest.raises(ClinicError, match=r"between 0\.2 and 2\.5 g/cm²"):
        clinic.outcomes.add(heron.id, Outcome(Measure.BMD_SPINE, value, DAY, BY), BY)
    kept = clinic.outcomes.add(heron.id, Outcome(Measure.BMD_SPINE, 0.9, DAY, BY), BY)
    with pytest.raises(ClinicError, match="between"):
        clinic.outcomes.correct(kept.id or 0, value, BY, "a slip")


def test_a_senseless_plan_is_refused(clinic: Clinic, heron: Person) -> None:
    bare = replace(LIFTMOR, rack=Rack((), (Plate(5.0, 2),)))
    with pytest.raises(ClinicError):
        clinic.plans.set(heron.id, bare, BY, "")
    assert clinic.plans.current(heron.id) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("knee\nand hip\tboth", "knee\nand hip\tboth"),
        ("Zoë – 5 kg, 骨, 😀, עברית", "Zoë – 5 kg, 骨, 😀, עברית"),
        ("a\x00b\x1b[31mc\x7f\x85", "ab[31mc"),
        ("broken \ud83d paste", "broken  paste"),
        ("12\u202e43\u2066x\u2069", "1243x"),
    ],
)
def test_what_nobody_can_see_is_left_out(
    clinic: Clinic, heron: Person, session: StoredSession, given: str, kept: str
) -> None:
    assert clean_text(given) == kept
    assert clinic.sessions.note(session.id, given, BY).note == kept
    stored = clinic.sessions.add_set(session.id, new_set(reasons=(given,)), BY)
    assert clinic.sessions.rate(stored.id, Ratings(pain_where=given), BY).ratings.pain_where == kept
    clinic.care.add_assessment(heron.id, replace(ASSESSMENT, exam=given), BY)
    assert clinic.care.assessments(heron.id)[0].exam == kept
    clinic.people.set_identity(heron.id, Identity(given, contact=given), BY)
    assert clinic.people.identity(heron.id) == Identity(kept, contact=kept)
    clinic.audit.note(BY, "exported", heron.id, given, after={"files": [given]}, reason=given)
    entry = clinic.audit.entries(limit=1)[0]
    assert (entry.subject, entry.after, entry.reason) == (kept, {"files": [kept]}, kept)
    with Clinic.open(clinic.where) as fresh:
        assert fresh.sessions.sets(session.id)[0].new.reasons == (kept,)


def test_words_without_end_are_refused(clinic: Clinic, session: StoredSession) -> None:
    with pytest.raises(ClinicError, match="20001 characters"):
        clinic.sessions.note(session.id, "x" * 20_001, BY)
    with pytest.raises(ClinicError, match="shorten"):
        clinic.sessions.note(session.id, "x", "K" * 201)
    with pytest.raises(ClinicError, match="who does it"):
        clinic.sessions.note(session.id, "x", "\u202e\x00 ")


def test_time_runs_forward_and_the_archived_do_not_train(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    with pytest.raises(ClinicError, match="before it began"):
        clinic.sessions.end(session.id, AT - timedelta(seconds=1), BY)
    with pytest.raises(ClinicError, match="was not ended"):
        clinic.people.archive(heron.id, BY, "moved away")
    clinic.sessions.end(session.id, AT, BY)
    clinic.people.archive(heron.id, BY, "moved away")
    with pytest.raises(ClinicError, match="archived"):
        clinic.sessions.begin(heron.id, AT, BY)
    with pytest.raises(ClinicError, match="no session 99"):
        clinic.sessions.sets(99)
    with pytest.raises(ClinicError, match="too many digits"):
        clinic.people.get(2**70)


def test_a_time_is_no_day(clinic: Clinic, heron: Person) -> None:
    kept = clinic.audit.entries()
    for write in (
        lambda: clinic.people.add("Teal 3", BY, AT),
        lambda: clinic.sessions.miss(heron.id, AT, "flu", BY),
        lambda: clinic.maxima.add(heron.id, replace(MAXIMUM, day=AT), BY),
    ):
        with pytest.raises(ClinicError, match="has a time; a day alone is needed"):
            write()
    assert clinic.audit.entries() == kept


@pytest.mark.parametrize("year", [1, 1026, 9999])
def test_a_day_of_no_patients_life_is_a_slip(
    clinic: Clinic, heron: Person, session: StoredSession, year: int
) -> None:
    slip = DAY.replace(year=year)
    kept = clinic.audit.entries()
    for write in (
        lambda: clinic.people.add("Teal 3", BY, slip),
        lambda: clinic.people.set_identity(heron.id, Identity("Ada", slip), BY),
        lambda: clinic.care.add_assessment(heron.id, replace(ASSESSMENT, day=slip), BY),
        lambda: clinic.care.set_clearance(heron.id, replace(CLEARANCE, day=slip), BY),
        lambda: clinic.sessions.begin(heron.id, AT.replace(year=year), BY),
        lambda: clinic.sessions.miss(heron.id, slip, "flu", BY),
        lambda: clinic.sessions.adverse_event(
            heron.id, session.id, EventGrade.MINOR, "dizzy", "", slip, BY
        ),
        lambda: clinic.maxima.add(heron.id, replace(MAXIMUM, day=slip), BY),
        lambda: clinic.decisions.add(heron.id, replace(DECISION, day=slip), BY),
        lambda: clinic.outcomes.add(heron.id, Outcome(Measure.BMD_SPINE, 0.8, slip, BY), BY),
    ):
        with pytest.raises(ClinicError, match=f"{slip}; a day from 1900 to 2199"):
            write()
    assert clinic.audit.entries() == kept


def test_what_is_told_of_nobody_here_is_refused_with_a_sentence(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    with pytest.raises(ClinicError, match="no person 99"):
        clinic.audit.note(BY, "exported", 99, "all")
    with pytest.raises(ClinicError, match="time zone"):
        clinic.sessions.add_recording(session.id, "a.mcap", "deadlift", AT.replace(tzinfo=None), BY)
    assert len(clinic.audit.entries(heron.id)) == 2


def test_what_is_given_back_is_what_is_kept(
    clinic: Clinic, heron: Person, session: StoredSession
) -> None:
    recording = clinic.sessions.add_recording(session.id, "a\x00.mcap", "dead\x00lift", AT, BY)
    assert clinic.sessions.recordings(heron.id) == (recording,)
    event = clinic.sessions.adverse_event(
        heron.id, session.id, EventGrade.MINOR, "diz\x00zy", "dead\x00lift", DAY, f" {BY}\x00 "
    )
    assert clinic.sessions.adverse_events(heron.id) == (event,)
    outcome = Outcome(Measure.BMD_SPINE, 0.8, DAY, BY, "A\x00", "no\x00te")
    given = clinic.outcomes.add(heron.id, outcome, BY)
    assert clinic.outcomes.all(heron.id) == (given,)
    maximum = clinic.maxima.add(heron.id, replace(MAXIMUM, basis="by\x00"), BY)
    assert clinic.maxima.all(heron.id) == (maximum,)
    clinic.plans.set(heron.id, LIFTMOR, BY, "")
    plan = clinic.plans.set(heron.id, LIFTMOR, BY, " wi\x00nter ")
    assert clinic.plans.current(heron.id) == plan
    decision = clinic.decisions.add(heron.id, replace(DECISION, action="a\x00"), BY)
    assert clinic.decisions.all(heron.id) == (decision,)
    stored = clinic.sessions.add_set(session.id, new_set(recording="a\x00.mcap"), BY)
    with Clinic.open(clinic.where) as fresh:
        assert fresh.sessions.sets(session.id) == (stored,)
    assert clinic.sessions.get_set(stored.id) == stored


@pytest.mark.parametrize("odd", ["\ud83d", "x" * 5_000, "x" * 1_000_000, "\x00"])
def test_a_word_that_names_nothing_is_told_shortly(clinic: Clinic, heron: Person, odd: str) -> None:
    for read in (
        lambda: clinic.people.find(odd),
        lambda: clinic.decisions.add(heron.id, replace(DECISION, exercise=odd), BY),
        lambda: clinic.decisions.add(heron.id, replace(DECISION, by=odd), BY),
        lambda: clinic.decisions.add(heron.id, replace(DECISION, session=f"{odd}1"), BY),
    ):
        with pytest.raises(ClinicError) as told:
            read()
        assert len(str(told.value)) < 300
        assert "restore" not in str(told.value)


def test_a_proposal_that_could_not_be_read_again_is_not_kept(clinic: Clinic, heron: Person) -> None:
    for rung in (2**63, -(2**70)):
        with pytest.raises(ClinicError, match="too many digits"):
            clinic.decisions.add(heron.id, DECISION, BY, replace(PROPOSAL, rung=rung))
    clinic.decisions.add(heron.id, DECISION, BY, replace(PROPOSAL, rung=2**63 - 1))
    assert len(clinic.decisions.proposals(heron.id)) == 1


@pytest.mark.parametrize("name", ["x" * 300 + ".sqlite", "a\0b", ""])
def test_a_name_that_no_file_can_have_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ClinicError) as told:
        Clinic.open(f"{tmp_path}/{name}" if name else "")
    assert len(str(told.value)) < 300


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_is_no_file(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(ClinicError, match="pipe"):
        Clinic.open(path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sets SET kind = 'wOrking'",
        "UPDATE sets SET reasons = '[torn'",
        "UPDATE sets SET ended_at = '2026-13-45'",
        "UPDATE sets SET ended_at = 5",
        "UPDATE training_sessions SET day = 'x'",
        "UPDATE sets SET recording = CAST(X'fffe41' AS TEXT)",
        "UPDATE sets SET exercise = CAST(X'fffe41' AS TEXT)",
    ],
)
def test_a_damaged_record_is_told_wherever_it_is_read(
    path: Path, session: StoredSession, clinic: Clinic, damage: str
) -> None:
    stored = clinic.sessions.add_set(session.id, new_set(), BY)
    clinic.sessions.rate(stored.id, Ratings(rpe=12), BY)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        named = "FROM sqlite_master WHERE name = 'keep_sets_update'"
        (guard,) = connection.execute(f"SELECT sql {named}").fetchone()
        connection.execute("DROP TRIGGER keep_sets_update")  # a failing disk asks no guard
        connection.execute(damage)
        connection.execute(guard)
    with Clinic.open(path) as fresh:
        told = []
        for read in (
            lambda: fresh.sessions.sets(session.id),
            lambda: fresh.sessions.all(session.person_id),
            lambda: fresh.history(session.person_id),
        ):
            try:
                read()
            except ClinicError as error:
                told.append(str(error))
        assert told
        assert all("restore a backup" in sentence for sentence in told)
