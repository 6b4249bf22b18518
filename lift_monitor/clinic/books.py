"""Maxima, decisions with their proposals, and outcomes of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Engine, RowMapping, bindparam, func, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import (
    Ledger,
    document,
    needed,
    of_document,
    one,
    require_day,
    require_kg,
    require_within,
)
from lift_monitor.clinic.shelf import Shelf
from lift_monitor.clinic.text import clean_text, cleaned, quoted
from lift_monitor.clinic.words import Outcome
from lift_monitor.events import Confidence
from lift_monitor.programme.outcomes import SPECS, Measure, implausible
from lift_monitor.programme.plan import Phase, Plan
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import Decision, Maximum, MaximumSource, Verdict
from lift_monitor.programme.shipped import LIFTMOR

_MAXIMA: Final = (
    select(schema.maxima)
    .where(schema.maxima.c.person_id == bindparam("person"))
    .order_by(schema.maxima.c.day, schema.maxima.c.id)
)
_DECISIONS: Final = (
    select(schema.decisions)
    .where(schema.decisions.c.person_id == bindparam("person"))
    .order_by(schema.decisions.c.ordinal)
)


class Maxima(Ledger):
    """One-repetition maxima; the three sources are kept apart."""

    def add(self, person_id: int, maximum: Maximum, by: str) -> Maximum:
        """Keep a maximum.

        Raises
        ------
        ClinicError
            If a number or the day in it cannot be.
        """
        maximum = cleaned(maximum)
        require_day(maximum.day, "The day of the maximum")
        for kg in (maximum.kg, maximum.low_kg, maximum.high_kg):
            require_kg(kg, "The maximum")
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            number = write.insert(
                schema.maxima,
                person_id=person_id,
                exercise=maximum.exercise,
                source=maximum.source.value,
                kg=maximum.kg,
                low_kg=maximum.low_kg,
                high_kg=maximum.high_kg,
                day=maximum.day,
                confidence=maximum.confidence.value,
                basis=maximum.basis,
                confirmed=maximum.confirmed.strip() or None,
                by_whom=write.by,
                written_at=write.at,
            )
            write.audit("maximum_added", person_id, f"maximum {number}", after=document(maximum))
        return maximum

    def all(self, person_id: int) -> tuple[Maximum, ...]:
        """Maxima of a person, oldest first."""
        with self.reading() as connection:
            return maxima_of(connection, person_id)


class Decisions(Ledger):
    """What clinicians decided, with the proposal that they had before them."""

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        super().__init__(engine, where, now)
        self._keys: Shelf[int, frozenset[str]] = Shelf(64)

    def add(
        self, person_id: int, decision: Decision, by: str, proposal: Proposal | None = None
    ) -> Decision:
        """Keep a decision; from now on it stands.

        Returns
        -------
        Decision
            With the order that the store gave it.

        Raises
        ------
        ClinicError
            If a proposal was changed or rejected without a reason, somebody else decided than
            writes, or a number, exercise or session in it cannot be.
        """
        decision = cleaned(decision)
        require_day(decision.day, "The day of the decision")
        require_kg(decision.load_kg, "The load")
        require_kg(decision.maximum_kg, "The maximum")
        require_within(decision.rung, 0, 50, "The rung")
        if decision.by.strip() != clean_text(by).strip():
            raise ClinicError(
                f"{quoted(decision.by)} decided, and {quoted(by)} cannot write it down for them."
            )
        if decision.verdict in (Verdict.CHANGED, Verdict.REJECTED):
            needed(decision.reason, f"A proposal that is {decision.verdict.value} needs a reason.")
        table = schema.decisions
        shown = document(proposal) if proposal is not None else None
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            self._require_known(write.connection, person_id, decision)
            last = _last(write.connection, person_id, decision.exercise)
            proposal_id = None
            if proposal is not None:
                proposal_id = write.insert(
                    schema.proposals,
                    person_id=person_id,
                    exercise=proposal.exercise,
                    day=proposal.day,
                    action=proposal.action.value,
                    rules_version=proposal.rules_version,
                    written_at=write.at,
                    document=shown,
                )
            highest = select(func.max(table.c.ordinal)).where(table.c.person_id == person_id)
            order = (write.connection.execute(highest).scalar() or 0) + 1
            kept = replace(decision, order=order, by=write.by)
            number = write.insert(
                table,
                person_id=person_id,
                proposal_id=proposal_id,
                exercise=kept.exercise,
                day=kept.day,
                ordinal=kept.order,
                verdict=kept.verdict.value,
                by_whom=kept.by,
                phase=kept.phase.value,
                load_kg=kept.load_kg,
                rung=kept.rung,
                maximum_kg=kept.maximum_kg,
                reason=kept.reason,
                session_key=kept.session,
                action=kept.action,
                written_at=write.at,
            )
            set_freely = kept.verdict is Verdict.SET
            write.audit(
                "decision_set" if set_freely else f"proposal_{kept.verdict.value}",
                person_id,
                f"decision {number}",
                before=document(_decision(last)) if last is not None else None,
                after=document(kept),
                reason=kept.reason,
            )
        return kept

    def _require_known(self, connection: Connection, person_id: int, decision: Decision) -> None:
        """Refuse a decision on an exercise or after a session that the person has not."""
        query = select(func.max(schema.plans.c.id)).where(schema.plans.c.person_id == person_id)
        plan_id = connection.execute(query).scalar()
        keys = frozenset(exercise.key for exercise in LIFTMOR.exercises)
        if plan_id is not None:
            keys = self._keys.get(plan_id) or self._keys.put(plan_id, _keys(connection, plan_id))
        if decision.exercise not in keys:
            raise ClinicError(f"The person's plan has no exercise {quoted(decision.exercise)}.")
        if decision.session:
            table = schema.training_sessions
            found = select(table.c.id).where(
                table.c.person_id == person_id, table.c.session_key == decision.session
            )
            if connection.execute(found).first() is None:
                raise ClinicError(f"The person has no session {quoted(decision.session)}.")

    def all(self, person_id: int) -> tuple[Decision, ...]:
        """Decisions of a person in their order."""
        with self.reading() as connection:
            return decisions_of(connection, person_id)

    def proposals(self, person_id: int) -> tuple[tuple[Proposal, Decision], ...]:
        """Proposals with what was decided on them, in order."""
        table, shown = schema.decisions, schema.proposals
        query = (
            select(table, shown.c.document)
            .join(shown, shown.c.id == table.c.proposal_id)
            .where(table.c.person_id == person_id)
            .order_by(table.c.ordinal)
        )
        return self.each(
            query,
            lambda row: (of_document(Proposal, row["document"], "proposal"), _decision(row)),
        )

    def rules_versions(self, person_id: int) -> tuple[tuple[date, str], ...]:
        """Of every proposal that was decided on: its day and the version of its rules, in order."""
        table, shown = schema.decisions, schema.proposals
        query = (
            select(shown.c.day, shown.c.rules_version)
            .join(table, shown.c.id == table.c.proposal_id)
            .where(table.c.person_id == person_id)
            .order_by(table.c.ordinal)
        )
        return self.each(query, lambda row: (row["day"], str(row["rules_version"])))


class Outcomes(Ledger):
    """What was measured at assessments."""

    def add(self, person_id: int, outcome: Outcome, by: str) -> Outcome:
        """Keep an outcome; give it with its number.

        Raises
        ------
        ClinicError
            If the value is outside of what the measure can be.
        """
        outcome = cleaned(outcome)
        require_day(outcome.day, "The day of the outcome")
        _require_possible(outcome.measure, outcome.value)
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            number = write.insert(
                schema.outcomes,
                person_id=person_id,
                measure=outcome.measure.value,
                value=outcome.value,
                day=outcome.day,
                by_whom=outcome.by,
                device=outcome.device,
                note=outcome.note,
                written_at=write.at,
            )
            kept = replace(outcome, id=number)
            write.audit("outcome_added", person_id, f"outcome {number}", after=document(kept))
        return kept

    def all(self, person_id: int) -> tuple[Outcome, ...]:
        """Outcomes of a person, oldest first."""
        table = schema.outcomes
        query = select(table).where(table.c.person_id == person_id)
        return self.each(query.order_by(table.c.day, table.c.id), _outcome)

    def correct(self, outcome_id: int, value: float, by: str, reason: str) -> Outcome:
        """Correct a slip of the hand; the old value is kept in the audit.

        Raises
        ------
        ClinicError
            Without a reason, or if the value is outside of what the measure can be.
        """
        why = needed(reason, "Correcting an outcome needs a reason.")
        table = schema.outcomes
        with self.writing(by) as write:
            row = one(write.connection, table, outcome_id, "outcome")
            _require_possible(Measure(row["measure"]), value)
            write.connection.execute(
                update(table).where(table.c.id == outcome_id).values(value=value)
            )
            write.audit(
                "outcome_corrected",
                row["person_id"],
                f"outcome {outcome_id}",
                before={"value": row["value"]},
                after={"value": value},
                reason=why,
            )
        return replace(_outcome(row), value=value)


def maxima_of(connection: Connection, person_id: int) -> tuple[Maximum, ...]:
    """Maxima of a person, oldest first."""
    rows = connection.execute(_MAXIMA, {"person": person_id}).mappings()
    return tuple(
        Maximum(
            exercise=row["exercise"],
            source=MaximumSource(row["source"]),
            kg=row["kg"],
            low_kg=row["low_kg"],
            high_kg=row["high_kg"],
            day=row["day"],
            confidence=Confidence(row["confidence"]),
            basis=row["basis"],
            confirmed=row["confirmed"] or "",
        )
        for row in rows
    )


def decisions_of(connection: Connection, person_id: int) -> tuple[Decision, ...]:
    """Decisions of a person in their order."""
    rows = connection.execute(_DECISIONS, {"person": person_id}).mappings()
    return tuple(_decision(row) for row in rows)


def _require_possible(measure: Measure, value: float) -> None:
    if wrong := implausible(value, SPECS[measure]):
        raise ClinicError(wrong)


def _keys(connection: Connection, plan_id: int) -> frozenset[str]:
    row = one(connection, schema.plans, plan_id, "plan")
    plan = of_document(Plan, row["document"], "plan")
    return frozenset(exercise.key for exercise in plan.exercises)


def _last(connection: Connection, person_id: int, exercise: str) -> RowMapping | None:
    table = schema.decisions
    query = select(table).where(table.c.person_id == person_id, table.c.exercise == exercise)
    return connection.execute(query.order_by(table.c.ordinal.desc()).limit(1)).mappings().first()


def _decision(row: RowMapping) -> Decision:
    return Decision(
        exercise=row["exercise"],
        day=row["day"],
        order=row["ordinal"],
        verdict=Verdict(row["verdict"]),
        by=row["by_whom"],
        phase=Phase(row["phase"]),
        load_kg=row["load_kg"],
        rung=row["rung"],
        maximum_kg=row["maximum_kg"],
        reason=row["reason"],
        session=row["session_key"],
        action=row["action"],
    )


def _outcome(row: RowMapping) -> Outcome:
    return Outcome(
        measure=Measure(row["measure"]),
        value=row["value"],
        day=row["day"],
        by=row["by_whom"],
        device=row["device"],
        note=row["note"],
        id=row["id"],
    )
