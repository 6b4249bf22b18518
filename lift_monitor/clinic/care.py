"""Assessments, clearances and plans of people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Ledger, document, needed, of_document, one
from lift_monitor.clinic.words import StoredPlan
from lift_monitor.programme.assess import exceeds_findings
from lift_monitor.programme.clearance import Assessment, Clearance
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.plan_check import problems


class Care(Ledger):
    """What was found, and what a person is cleared for."""

    def add_assessment(self, person_id: int, assessment: Assessment, by: str) -> int:
        """Keep an assessment; give its number."""
        kept = document(assessment)
        table = schema.assessments
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            number = write.insert(
                table,
                person_id=person_id,
                day=assessment.day,
                by_whom=write.by,
                written_at=write.at,
                document=kept,
            )
            write.audit("assessed", person_id, f"assessment {number}", after=kept)
        return number

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
        for override in clearance.overrides:
            needed(override.by, f"Overriding {override.finding} needs a clinician's name.")
            needed(override.reason, f"Overriding {override.finding} needs a reason.")
        beyond = exceeds_findings(clearance)
        if beyond:
            raise ClinicError(beyond)
        kept = document(clearance)
        known = {(o.finding, o.by, o.reason) for c in self.clearances(person_id)[-1:]
                 for o in c.overrides}  # fmt: skip
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            table = schema.clearances
            last = select(table.c.document).where(table.c.person_id == person_id)
            before = write.connection.execute(last.order_by(table.c.id.desc()).limit(1)).scalar()
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
            write.audit("clearance_set", person_id, subject, before=before or {}, after=kept)
            for override in clearance.overrides:
                if (override.finding, override.by, override.reason) not in known:
                    write.audit(
                        "contraindication_overridden",
                        person_id,
                        override.finding,
                        after=document(override),
                        reason=override.reason,
                    )

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
        kept = document(plan)
        before = self.current(person_id)
        if before is not None and not reason.strip():
            raise ClinicError("Changing a plan needs a reason.")
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            number = write.insert(
                schema.plans,
                person_id=person_id,
                plan_key=plan.key,
                version=plan.version,
                by_whom=write.by,
                written_at=write.at,
                reason=reason.strip(),
                document=kept,
            )
            write.audit(
                "plan_set",
                person_id,
                f"plan {number}",
                before=_called(before.plan) if before else None,
                after=_called(plan),
                reason=reason.strip(),
            )
        return StoredPlan(number, plan, write.by, write.at, reason.strip())

    def current(self, person_id: int) -> StoredPlan | None:
        """The plan that holds; ``None`` if none was set."""
        table = schema.plans
        query = select(table).where(table.c.person_id == person_id)
        found = self.each(query.order_by(table.c.id.desc()).limit(1), _plan)
        return found[0] if found else None

    def all(self, person_id: int) -> tuple[StoredPlan, ...]:
        """All plans, oldest first."""
        table = schema.plans
        query = select(table).where(table.c.person_id == person_id).order_by(table.c.id)
        return self.each(query, _plan)


def _called(plan: Plan) -> dict[str, Any]:
    # The documents themselves stay in the table of plans, where nothing is ever removed.
    return {"plan": plan.key, "version": plan.version, "name": plan.name}


def _plan(row: Any) -> StoredPlan:
    plan = of_document(Plan, row["document"], "plan")
    return StoredPlan(row["id"], plan, row["by_whom"], row["written_at"], row["reason"])
