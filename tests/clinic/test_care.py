"""Assessments, clearances, plans, maxima, decisions and outcomes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Outcome, Person
from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Finding, Level, Weight
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.record import Maximum, MaximumSource, Verdict
from lift_monitor.programme.shipped import HOME, LIFTMOR
from tests.clinic.records import (
    ASSESSMENT,
    BY,
    CLEARANCE,
    DAY,
    DECISION,
    OVERRIDE,
    PROPOSAL,
)

BLOCKING = Finding("malignancy", Weight.BLOCKS, "A malignancy.", "design default")


def test_assessments_come_back_oldest_first(clinic: Clinic, heron: Person) -> None:
    later = replace(ASSESSMENT, day=DAY + timedelta(days=30), t_spine=None)
    clinic.care.add_assessment(heron.id, later, BY)
    clinic.care.add_assessment(heron.id, ASSESSMENT, BY)
    assert clinic.care.assessments(heron.id) == (ASSESSMENT, later)
    with pytest.raises(ClinicError, match="no person 7"):
        clinic.care.add_assessment(7, ASSESSMENT, BY)


def test_an_override_is_written_down_once_with_its_name_and_reason(
    clinic: Clinic, heron: Person
) -> None:
    assert clinic.care.clearance(heron.id) is None
    for lacking in (replace(OVERRIDE, by=" "), replace(OVERRIDE, reason="")):
        with pytest.raises(ClinicError, match="Overriding vertebral_fracture needs"):
            clinic.care.set_clearance(heron.id, replace(CLEARANCE, overrides=(lacking,)), BY)
    assert clinic.care.clearance(heron.id) is None
    clinic.care.set_clearance(heron.id, CLEARANCE, BY)
    again = replace(CLEARANCE, cap_kg=45.0)
    clinic.care.set_clearance(heron.id, again, BY)
    assert clinic.care.clearance(heron.id) == again
    assert clinic.care.clearances(heron.id) == (CLEARANCE, again)
    entries = clinic.audit.entries(heron.id)
    overridden = [e for e in entries if e.what == "contraindication_overridden"]
    assert [(e.subject, e.after["by"], e.reason) for e in overridden] == [
        ("vertebral_fracture", "Dr. Vale", "healed, twelve years ago")
    ]
    assert entries[0].before["cap_kg"] == 40.0


def test_each_change_of_a_plan_is_a_new_one_with_a_reason(clinic: Clinic, heron: Person) -> None:
    assert clinic.plans.current(heron.id) is None
    first = clinic.plans.set(heron.id, LIFTMOR, BY, "")
    with pytest.raises(ClinicError, match="reason"):
        clinic.plans.set(heron.id, HOME, BY, "  ")
    second = clinic.plans.set(heron.id, HOME, BY, "winter")
    assert clinic.plans.current(heron.id) == second
    assert clinic.plans.all(heron.id) == (first, second)
    entry = clinic.audit.entries(heron.id, limit=1)[0]
    assert (entry.before["plan"], entry.after["plan"]) == (LIFTMOR.key, HOME.key)


def test_decisions_are_numbered_by_the_store_and_keep_their_proposal(
    clinic: Clinic, heron: Person
) -> None:
    other = clinic.people.add("Teal 3", BY, DAY)
    assert clinic.decisions.add(other.id, DECISION, BY).order == 1
    first = clinic.decisions.add(heron.id, DECISION, BY, PROPOSAL)
    for verdict in (Verdict.CHANGED, Verdict.REJECTED):
        with pytest.raises(ClinicError, match="needs a reason"):
            clinic.decisions.add(heron.id, replace(DECISION, verdict=verdict), BY, PROPOSAL)
    changed = replace(DECISION, verdict=Verdict.CHANGED, load_kg=52.5, reason="tired", order=77)
    second = clinic.decisions.add(heron.id, changed, BY, PROPOSAL)
    third = clinic.decisions.add(heron.id, replace(DECISION, verdict=Verdict.SET), BY)
    assert clinic.decisions.all(heron.id) == (first, second, third)
    assert [d.order for d in clinic.decisions.all(heron.id)] == [1, 2, 3]
    assert clinic.decisions.proposals(heron.id) == ((PROPOSAL, first), (PROPOSAL, second))
    assert clinic.decisions.rules_versions(heron.id) == ((DAY, "1"), (DAY, "1"))
    entries = [e for e in clinic.audit.entries(heron.id) if "load_kg" in e.after]
    assert [e.what for e in entries] == ["decision_set", "proposal_changed", "proposal_accepted"]
    assert (entries[1].before["load_kg"], entries[1].after["load_kg"]) == (55.0, 52.5)
    assert entries[1].reason == "tired"


def test_a_corrected_outcome_keeps_the_old_value_in_the_audit(
    clinic: Clinic, heron: Person
) -> None:
    outcome = Outcome(Measure.BMD_SPINE, 1.82, date(2026, 1, 5), BY, "scanner A")
    kept = clinic.outcomes.add(heron.id, outcome, BY)
    for wrong, reason in ((float("inf"), "slip"), (0.812, " ")):
        with pytest.raises(ClinicError):
            clinic.outcomes.correct(kept.id or 0, wrong, BY, reason)
    corrected = clinic.outcomes.correct(kept.id or 0, 0.812, BY, "a digit slipped")
    assert clinic.outcomes.all(heron.id) == (corrected,)
    assert corrected == replace(kept, value=0.812)
    entry = clinic.audit.entries(heron.id, limit=1)[0]
    assert (entry.before, entry.after, entry.reason) == (
        {"value": 1.82}, {"value": 0.812}, "a digit slipped",
    )  # fmt: skip


def test_a_maximum_of_no_barbell_is_refused(clinic: Clinic, heron: Person) -> None:
    wrong = Maximum("deadlift", MaximumSource.TESTED, float("nan"), None, None, DAY,
                    Confidence.HIGH, "")  # fmt: skip
    with pytest.raises(ClinicError, match="maximum"):
        clinic.maxima.add(heron.id, wrong, BY)
    assert clinic.maxima.all(heron.id) == ()


def test_a_clearance_beyond_the_findings_is_refused(clinic: Clinic, heron: Person) -> None:
    beyond = replace(CLEARANCE, level=Level.HIGH_INTENSITY, overrides=(), findings=(BLOCKING,))
    with pytest.raises(ClinicError, match="goes beyond what was found"):
        clinic.care.set_clearance(heron.id, beyond, BY)
    assert clinic.care.clearance(heron.id) is None


def test_an_assessment_is_kept_with_its_clearance_or_not_at_all(
    clinic: Clinic, heron: Person
) -> None:
    before = clinic.audit.entries()
    beyond = replace(CLEARANCE, level=Level.HIGH_INTENSITY, overrides=(), findings=(BLOCKING,))
    with pytest.raises(ClinicError, match="goes beyond what was found"):
        clinic.care.assess(heron.id, ASSESSMENT, beyond, BY)
    with pytest.raises(ClinicError, match="no person 7"):
        clinic.care.assess(7, ASSESSMENT, CLEARANCE, BY)
    # The database itself refuses the last piece of the second half: its disk is full, say.
    with closing(sqlite3.connect(clinic.where, isolation_level=None)) as raw:
        raw.execute(
            "CREATE TRIGGER failing BEFORE INSERT ON overrides "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        with pytest.raises(ClinicError, match="full: nothing of this step was kept"):
            clinic.care.assess(heron.id, ASSESSMENT, CLEARANCE, BY)
        assert clinic.care.assessments(heron.id) == ()
        assert clinic.care.clearance(heron.id) is None
        assert clinic.audit.entries() == before
        raw.execute("DROP TRIGGER failing")
    clinic.care.assess(heron.id, ASSESSMENT, CLEARANCE, BY)
    assert clinic.care.assessments(heron.id) == (ASSESSMENT,)
    assert clinic.care.clearance(heron.id) == CLEARANCE
    written = [entry.what for entry in clinic.audit.entries(heron.id)]
    assert written[:3] == ["contraindication_overridden", "clearance_set", "assessed"]
