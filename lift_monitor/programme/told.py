"""A draft in words: as the headline of a proposal, and as what would have been proposed."""

from __future__ import annotations

from lift_monitor.programme import say
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.plan import ExerciseKind, PlanExercise
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.standing import Standing


def told(planned: PlanExercise, draft: Draft, before_kg: float | None) -> str:
    """Say a draft, e.g. ``step up to 52.5 kg``.

    Parameters
    ----------
    planned
        The exercise.
    draft
        What would have been proposed.
    before_kg
        The load that stands.
    """
    amount = dose_text(planned, draft.load_kg, draft.rung)
    why = f", {draft.because.rstrip('.')}" if draft.because else ""
    if draft.action is Action.STEP_UP:
        if draft.load_kg is not None and draft.load_kg == before_kg:
            return f"training begins with {amount}"
        return f"step up to {amount}"
    if draft.action is Action.RETEST:
        return "find the one-repetition maximum"
    if draft.action is Action.HOLD:
        return f"hold {amount}{why}"
    verb = "step down to" if draft.action is Action.STEP_DOWN else "go on with"
    return f"{verb} {amount}{why}"


def headline(planned: PlanExercise, stand: Standing, draft: Draft, share: float | None) -> str:
    """Say a proposal in one sentence, e.g. ``Deadlift: 52.5 kg → 55 kg (82 % of 67 kg)``.

    Parameters
    ----------
    planned
        The exercise.
    stand
        What stands.
    draft
        What is proposed.
    share
        Of the accepted maximum, in per cent.
    """
    because = f": {draft.because.rstrip('.')}" if draft.because else ""
    if draft.action is Action.STOP_AND_REFER:
        return f"{planned.name}: stop and refer{because}"
    if draft.rule in ("barred", "free", "undecided"):
        said = draft.because.rstrip(".")
        return said if said.startswith(planned.name) else f"{planned.name}: {said}"
    before, after = (
        dose_text(planned, stand.load_kg, stand.rung),
        dose_text(planned, draft.load_kg, draft.rung),
    )
    if draft.action is Action.RETEST:
        return f"{planned.name}: find the one-repetition maximum, {after} stands{because}"
    if draft.action is Action.HOLD:
        return f"{planned.name}: hold {after}{because}"
    if draft.action is Action.REFAMILIARISE and before == after:
        return f"{planned.name}: begin again with {after}{because}"
    of = ""
    if share and draft.maximum_kg is not None:
        of = f" ({say.pct(share)} of {round(draft.maximum_kg, 1):g} kg)"
    return f"{planned.name}: {before} → {after}{of}{because}"


def dose_text(planned: PlanExercise, load_kg: float | None, rung: int | None) -> str:
    """Say what is on the bar, or of impacts the rung."""
    return rung_text(planned, rung) if planned.kind is ExerciseKind.IMPACT else say.load(load_kg)


def rung_text(planned: PlanExercise, rung: int | None) -> str:
    """Say a rung, e.g. ``rung 4 of 9: low drops from 10 cm, 3 x 5``."""
    if rung is None or not 0 <= rung < len(planned.ladder):
        return say.NOT_KNOWN
    step = planned.ladder[rung]
    height = f" from {step.height_cm:g} cm" if step.height_cm is not None else ""
    return (
        f"rung {rung + 1} of {len(planned.ladder)}: {step.name}{height}, "
        f"{step.sets} x {step.repetitions}"
    )
