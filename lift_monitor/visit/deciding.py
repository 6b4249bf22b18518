"""What is proposed in a session, and what the clinician decides on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import (
    Person,
    StoredSession,
)
from lift_monitor.programme.decide import decision_from
from lift_monitor.programme.maximum_tests import maxima_of_tests
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.progression import before_session, propose, propose_all
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import Decision, History, Maximum, SetKind, Verdict
from lift_monitor.visit.ground import Clock, Ground, time_now
from lift_monitor.visit.past import decided, without_session

_CAREFUL: Final = (Action.STOP_AND_REFER, Action.REFAMILIARISE)


@dataclass(frozen=True, slots=True)
class Pending:
    """A proposal of today, and what was decided on it."""

    proposal: Proposal
    name: str
    """Of the exercise."""
    decision: Decision | None
    """``None``: nothing is decided, and what stood before stands."""

    @property
    def outdated(self) -> bool:
        """The facts have changed since it was decided, and the proposal with them."""
        made, now = self.decision, self.proposal
        if made is None:
            return False
        other = (made.load_kg, made.rung) != (now.load_kg, now.rung)
        return made.action != now.action or (made.verdict is Verdict.ACCEPTED and other)


class Deciding(Ground):
    """Proposals and decisions of one session."""

    def __init__(
        self,
        clinic: Clinic,
        person: Person,
        session: StoredSession,
        by: str,
        clock: Clock = time_now,
    ) -> None:
        super().__init__(clinic, person, session, by, clock)
        self._proposals: tuple[Pending, ...] = ()
        self._pressing: set[str] = set()

    def proposals(self) -> tuple[Pending, ...]:
        """What is proposed by the facts of this moment, for every exercise of the plan.

        What was decided in this session does not count as a fact: a proposal that is asked for
        again starts from where it started the first time, so that no step is taken twice.
        """
        if self._stale:
            history = self._clinic.history(self.person.id)
            history = replace(history, maxima=(*history.maxima, *self._tests(history)))
            done = decided(history, self.session.key, self.day)
            found = propose_all(history, self.day, session=self.session.key)
            self._pressing = {p.exercise for p in before_session(history, self.day)}
            self._proposals = tuple(
                Pending(p, self.plan.exercise(p.exercise).name, done.get(p.exercise)) for p in found
            )
            self._stale = False
        return self._proposals

    def _tests(self, history: History) -> tuple[Maximum, ...]:
        """One-repetition maxima that today's test sets found, and that are not stored yet."""
        found = maxima_of_tests((record_of(s) for s in self._sets), self.day)
        return tuple(maximum for maximum in found if maximum not in history.maxima)

    def _keep_tests(self, exercise: str | None = None) -> None:
        """Store what the test sets found: a measurement, not a decision."""
        if all(s.new.kind is not SetKind.TEST for s in self._sets):
            return
        for maximum in self._tests(self._clinic.history(self.person.id)):
            if exercise is None or maximum.exercise == exercise:
                self._clinic.maxima.add(self.person.id, maximum, self.by)

    def to_decide(self) -> tuple[Pending, ...]:
        """Proposals that concern today: of what was trained, and what asks for care."""
        trained = {s.new.exercise for s in self._sets}
        return tuple(
            p
            for p in self.proposals()
            if p.proposal.exercise in trained or p.proposal.action in _CAREFUL
        )

    def urgent(self) -> tuple[Pending, ...]:
        """Stops and returns from an absence that nobody has decided on: before anything else.

        A stop that a clinician accepted is not asked for again; its exercise is blocked.
        """
        found = self.proposals()
        return tuple(
            p
            for p in found
            if p.proposal.exercise in self._pressing and p.proposal.action in _CAREFUL
        )

    def proposal(self, exercise: str) -> Pending:
        """What is proposed for one exercise.

        Raises
        ------
        KeyError
            If nothing is.
        """
        for pending in self.proposals():
            if pending.proposal.exercise == exercise:
                return pending
        raise KeyError(exercise)

    def decide(
        self,
        proposal: Proposal,
        verdict: Verdict,
        *,
        reason: str = "",
        load_kg: float | None = None,
        rung: int | None = None,
        maximum_kg: float | None = None,
        phase: Phase | None = None,
    ) -> Decision:
        """Accept, change or reject a proposal; from then on the decision stands.

        What is decided on an exercise before it is done today, by what was known before, counts
        for today: its prescription is made anew.

        Raises
        ------
        ValueError
            If a reason is needed and none is given.
        ClinicError
            If the store cannot be written.
        """
        self._keep_tests(proposal.exercise)
        known = propose(self.before, proposal.exercise, self.day).action in _CAREFUL
        first = known and not self.sets(proposal.exercise)
        decision = decision_from(
            proposal,
            verdict,
            self.by,
            self.day,
            0,  # the store counts
            reason=reason,
            session="" if first else self.session.key,
            load_kg=load_kg,
            rung=rung,
            maximum_kg=maximum_kg,
            phase=phase,
        )
        stored = self._clinic.decisions.add(self.person.id, decision, self.by, proposal)
        self._stale = True
        if first:
            self._prescribe_anew()
        return stored

    def _prescribe_anew(self) -> None:
        history = self._clinic.history(self.person.id)
        self.before = without_session(history, self.session.key)
        self.prescriptions = self._prescribed()
        if self._current is None or self.prescription(self._current).blocked:
            self._move_to(self._where_to_go_on())
