"""What is written down of a set that was done: as it was measured, or as somebody counted it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lift_monitor.clinic.words import NewSet
from lift_monitor.events import Confidence
from lift_monitor.visit.words import ClosedSet, Task

BY_HAND: Final = "it was counted by hand"
"""Why no sensor watched such a set: nobody knows when it began."""


def measured_set(
    closed: ClosedSet, number: int, *, began: datetime, ceiling_bw: float, recording: str
) -> NewSet:
    """Words of the store for a set that sensors measured.

    Parameters
    ----------
    closed : ClosedSet
    number : int
        Of the set among those of its exercise and kind.
    began : datetime
        When session time was 0.
    ceiling_bw : float
        Ceiling of a landing in body weights; kept with impacts only.
    recording : str
        Name of the file; empty if there is none.
    """
    task, planned = closed.task, closed.task.planned
    return NewSet(
        exercise=task.exercise,
        kind=planned.kind,
        number=number,
        load_kg=planned.load_kg,
        target_repetitions=planned.repetitions,
        at=began + timedelta(seconds=closed.end_s),
        measured=closed.measured,
        flags=closed.flags,
        landings=closed.landings,
        watched=not closed.unwatched,
        unwatched=closed.unwatched or None,
        rung=task.rung,
        ceiling_bw=ceiling_bw if task.is_impact else None,
        recording=recording,
        confidence=closed.confidence,
        reasons=closed.reasons,
    )


def set_by_hand(
    task: Task, number: int, repetitions: int | None, *, at: datetime, ceiling_bw: float
) -> NewSet:
    """Words of the store for a set that no sensor measured.

    Parameters
    ----------
    task : Task
    number : int
        Of the set among those of its exercise and kind.
    repetitions : int or None
        Or landings; ``None``: nobody counted.
    at : datetime
        When it ended.
    ceiling_bw : float
        Ceiling of a landing in body weights; kept with impacts only.
    """
    return NewSet(
        exercise=task.exercise,
        kind=task.planned.kind,
        number=number,
        load_kg=task.planned.load_kg,
        target_repetitions=task.planned.repetitions,
        at=at,
        rung=task.rung,
        ceiling_bw=ceiling_bw if task.is_impact else None,
        unwatched=BY_HAND,
        counted_by_hand=repetitions,
        confidence=Confidence.HIGH if repetitions is not None else Confidence.LOW,
        reasons=() if repetitions is not None else ("nobody counted the repetitions",),
    )
