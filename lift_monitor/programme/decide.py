"""From a proposal to what stands: the clinician's decision."""

from __future__ import annotations

import math
from datetime import date

from lift_monitor.programme.plan import Phase
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import Decision, History, Verdict
from lift_monitor.programme.standing import first_load, first_phase


def decision_from(
    proposal: Proposal,
    verdict: Verdict,
    by: str,
    day: date,
    order: int,
    *,
    reason: str = "",
    session: str = "",
    load_kg: float | None = None,
    rung: int | None = None,
    maximum_kg: float | None = None,
    phase: Phase | None = None,
) -> Decision:
    """Make the decision that a clinician takes on a proposal.

    Parameters
    ----------
    proposal
        What was proposed.
    verdict
        Accepted, changed or rejected.
    by, day, order
        Who decides, when, and the place among the person's decisions.
    reason
        Required for what is changed or rejected.
    session
        Key of the session after which it is decided.
    load_kg, rung, maximum_kg, phase
        Of what is changed: what shall stand instead; what is not named is as proposed. A smaller
        load in training, without a maximum, lowers the accepted maximum so far that the load is
        in the band.

    Raises
    ------
    ValueError
        If nobody decides, a reason is missing, or what shall stand cannot be; one sentence.
    """
    if not by.strip():
        raise ValueError("Nobody is named as deciding; enter who you are.")
    given = (load_kg, rung, maximum_kg, phase)
    if verdict is Verdict.SET:
        raise ValueError("A proposal is accepted, changed or rejected; it is not set.")
    if verdict is not Verdict.ACCEPTED and not reason.strip():
        raise ValueError(f"Enter why the proposal for {proposal.exercise} is {verdict.value}.")
    if verdict is not Verdict.CHANGED and any(value is not None for value in given):
        raise ValueError("Only a changed proposal takes other values; choose to change it.")
    _check(load_kg, rung, maximum_kg)
    if verdict is Verdict.REJECTED:
        return Decision(
            exercise=proposal.exercise,
            day=day,
            order=order,
            verdict=verdict,
            by=by,
            phase=proposal.phase_before or proposal.phase,
            load_kg=proposal.load_before_kg,
            rung=proposal.rung_before,
            maximum_kg=proposal.maximum_before_kg,
            reason=reason,
            session=session,
            action=proposal.action.value,
        )
    if maximum_kg is None:
        maximum_kg = _fitting(proposal, phase or proposal.phase, load_kg)
    return Decision(
        exercise=proposal.exercise,
        day=day,
        order=order,
        verdict=verdict,
        by=by,
        phase=phase or proposal.phase,
        load_kg=proposal.load_kg if load_kg is None else load_kg,
        rung=proposal.rung if rung is None else rung,
        maximum_kg=maximum_kg,
        reason=reason,
        session=session,
        action=proposal.action.value,
    )


def first_decision(history: History, exercise: str, by: str, day: date, order: int) -> Decision:
    """Where somebody begins with an exercise: what the plan begins with.

    Raises
    ------
    KeyError
        If the plan has no such exercise.
    """
    planned = history.plan.exercise(exercise)
    return Decision(
        exercise=exercise,
        day=day,
        order=order,
        verdict=Verdict.SET,
        by=by,
        phase=first_phase(planned),
        load_kg=first_load(planned),
        rung=0 if planned.ladder else None,
    )


def _fitting(proposal: Proposal, phase: Phase, load_kg: float | None) -> float | None:
    """The maximum to accept with another load: as proposed, or less so that the band holds."""
    maximum_kg, band = proposal.maximum_kg, proposal.band
    if load_kg is None or maximum_kg is None or band is None or phase is not Phase.TRAINING:
        return maximum_kg
    if load_kg >= maximum_kg * band.low_pct / 100.0:
        return maximum_kg
    return math.floor(load_kg * 100_000.0 / band.low_pct + 1e-6) / 1000.0 or None


def _check(load_kg: float | None, rung: int | None, maximum_kg: float | None) -> None:
    for name, value in (("load", load_kg), ("one-repetition maximum", maximum_kg)):
        if value is not None and not (math.isfinite(value) and 0.0 <= value <= 300.0):
            raise ValueError(f"{value:g} kg is no {name}; enter a mass up to 300 kg.")
    if rung is not None and rung < 0:
        raise ValueError(f"There is no rung {rung + 1} of the ladder; the lowest is 1.")
