"""Assessments, clearances and plans of people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import (
    Ledger,
    Writing,
    document,
    needed,
    of_document,
    one,
    require_day,
)
from lift_monitor.clinic.text import clean_text
from lift_monitor.clinic.words import StoredPlan
from lift_monitor.programme.assess import exceeds_findings
from lift_monitor.programme.clearance import Assessment, Clearance
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.plan_check import problems


class Care(Ledger):
    """What was found, and what a person is cleared for."""

    def assess(self, person_id: int, assessment: Assessment, clearance: Clearance, by: str) -> None:
        """Keep an assessment with the clearance that was given on it: both, or neither.

        Raises
        ------
        ClinicError
            As :meth:`set_clearance`; nothing is kept then.
        """
        found, given = document(assessment), _sound(clearance)
        with self.writing(by) as write:
            _add_assessment(write, person_id, assessment, found)
            _set_clearance(write, person_id, clearance, given)

    def add_assessment(self, person_id: int, assessment: Assessment, by: str) -> int:
        """Keep an assessment; give its number."""
        kept = document(assessment)
        with self.writing(by) as write:
            return _add_assessment(write, person_id, assessment, kept)

    def assessments(self, person_id: int) -> tuple[Assessment, ...]:
        """Assessments, oldest first."""
        table = schema.assessments
        query = select(table.c.document).where(table.c.person_id == person_id)
        return self.each(
            query.order_by(table.c.day, table.c.id),
            lambda row: of_document(Assessment, row["document"], "assessment"),
        )

    def set_clearance(self, person_id: int, clearance: Clearance, by: str) -> None:
        """Keep a clearance; from now on it holds. Overrides that are new are told by name.

        Raises
        ------
        ClinicError
            If an override has no name or no reason, or the level goes beyond the findings.
        """
        kept = _sound(clearance)
        with self.writing(by) as write:
            _set_clearance(write, person_id, clearance, kept)

    def clearance(self, person_id: int) -> Clearance | None:
        """The clearance that holds; ``None`` if nobody gave one."""
        found = self.clearances(person_id)
        return found[-1] if found else None

    def clearances(self, person_id: int) -> tuple[Clearance, ...]:
        """All clearances in the order in which they were given; the last holds."""
        table = schema.clearances
        query = select(table.c.document).where(table.c.person_id == person_id)
        return self.each(
            query.order_by(table.c.id),
            lambda row: of_document(Clearance, row["document"], "clearance"),
        )


def _add_assessment(
    write: Writing, person_id: int, assessment: Assessment, kept: dict[str, Any]
) -> int:
    require_day(assessment.day, "The day of the assessment")
    one(write.connection, schema.people, person_id, "person")
    number = write.insert(
        schema.assessments,
        person_id=person_id,
        day=assessment.day,
        by_whom=write.by,
        written_at=write.at,
        document=kept,
    )
    write.audit("assessed", person_id, f"assessment {number}", after=kept)
    return number


def _sound(clearance: Clearance) -> dict[str, Any]:
    """A clearance's document, if it can be given."""
    require_day(clearance.day, "The day of the clearance")
    for override in clearance.overrides:
        needed(override.by, f"Overriding {override.finding} needs a clinician's name.")
        needed(override.reason, f"Overriding {override.finding} needs a reason.")
    beyond = exceeds_findings(clearance)
    if beyond:
        raise ClinicError(beyond)
    kept: dict[str, Any] = document(clearance)
    return kept


def _set_clearance(
    write: Writing, person_id: int, clearance: Clearance, kept: dict[str, Any]
) -> None:
    one(write.connection, schema.people, person_id, "person")
    table = schema.clearances
    last = select(table.c.document).where(table.c.person_id == person_id)
    before = write.connection.execute(last.order_by(table.c.id.desc()).limit(1)).scalar() or {}
    number = write.insert(
        table,
        person_id=person_id,
        day=clearance.day,
        level=clearance.level.value,
        by_whom=write.by,
        written_at=write.at,
        document=kept,
    )
    write.insert_all(
        schema.overrides,
        [
            {
                "clearance_id": number,
                "finding": override.finding,
                "by_whom": override.by,
                "reason": override.reason,
                "day": override.day,
            }
            for override in clearance.overrides
        ],
    )
    subject = f"clearance {number}"
    write.audit("clearance_set", person_id, subject, before=before, after=kept)
    known = [(o["finding"], o["by"], o["reason"]) for o in before.get("overrides", ())]
    for override in kept["overrides"]:
        if (override["finding"], override["by"], override["reason"]) not in known:
            write.audit(
                "contraindication_overridden",
                person_id,
                override["finding"],
                after=override,
                reason=override["reason"],
            )


class Plans(Ledger):
    """Plans; each change is a new one, and the last holds."""

    def set(self, person_id: int, plan: Plan, by: str, reason: str) -> StoredPlan:
        """Give a person a plan.

        Raises
        ------
        ClinicError
            If it replaces another plan without a reason, or is dangerous or senseless
            (:func:`lift_monitor.programme.plan_check.problems`).
        """
        wrong = problems(plan)
        if wrong:
            raise ClinicError(wrong[0])
        kept, why = document(plan), clean_text(reason).strip()
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            before = _holding(write.connection, person_id)
            if before is not None and not why:
                raise ClinicError("Changing a plan needs a reason.")
            number = write.insert(
                schema.plans,
                person_id=person_id,
                plan_key=plan.key,
                version=plan.version,
                by_whom=write.by,
                written_at=write.at,
                reason=why,
                document=kept,
            )
            write.audit(
                "plan_set",
                person_id,
                f"plan {number}",
                before=_called(before.plan) if before else None,
                after=_called(plan),
                reason=why,
            )
        return StoredPlan(number, plan, write.by, write.at, why)

    def current(self, person_id: int) -> StoredPlan | None:
        """The plan that holds; ``None`` if none was set."""
        with self.reading() as connection:
            return _holding(connection, person_id)

    def all(self, person_id: int) -> tuple[StoredPlan, ...]:
        """All plans, oldest first."""
        table = schema.plans
        query = select(table).where(table.c.person_id == person_id).order_by(table.c.id)
        return self.each(query, _plan)


def _holding(connection: Connection, person_id: int) -> StoredPlan | None:
    table = schema.plans
    query = select(table).where(table.c.person_id == person_id).order_by(table.c.id.desc())
    row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else _plan(row)


def _called(plan: Plan) -> dict[str, Any]:
    # The documents themselves stay in the table of plans, where nothing is ever removed.
    return {"plan": plan.key, "version": plan.version, "name": plan.name}


def _plan(row: Any) -> StoredPlan:
    plan = of_document(Plan, row["document"], "plan")
    return StoredPlan(row["id"], plan, row["by_whom"], row["written_at"], row["reason"])
