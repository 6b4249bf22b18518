"""Which of the drafts is proposed, with the reasons of all that speak in it."""

from __future__ import annotations

import dataclasses

from lift_monitor.programme.draft import Draft, dose_of, most_careful
from lift_monitor.programme.plan import PlanExercise
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.told import told


def chosen(
    planned: PlanExercise,
    before_kg: float | None,
    drafts: tuple[Draft, ...],
    present: Draft | None = None,
) -> Draft:
    """The most careful draft with the lowest load and rung that any of them asks for.

    If another draft sets the load, its reason is told too.

    Parameters
    ----------
    planned
        The exercise.
    before_kg
        The load that stands.
    drafts
        What every rule has to say.
    present
        What would have been proposed without an absence, if there is one.
    """
    careful = most_careful(drafts)
    lowest = min(drafts, key=dose_of)
    speaking = [careful] if dose_of(lowest) >= dose_of(careful) else [careful, lowest]
    changes: list[str] = []
    for draft in speaking:
        if draft.unless:
            other = present if draft.action is Action.REFAMILIARISE else None
            if other is None:
                rest = tuple(found for found in drafts if found is not draft)
                other = chosen(planned, before_kg, rest, present)
            then = told(planned, other, before_kg)
            changes += [f"{clause}: {then}." for clause in draft.unless]
        changes += draft.would_change
    return dataclasses.replace(
        careful,
        load_kg=lowest.load_kg,
        rung=lowest.rung,
        because=", and ".join(draft.because for draft in speaking if draft.because),
        would_change=tuple(changes),
        doubts=tuple(dict.fromkeys(doubt for draft in speaking for doubt in draft.doubts)),
    )
