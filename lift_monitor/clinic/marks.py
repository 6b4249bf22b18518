"""Which repetitions a flag of technique belongs to.

- Flags of an unloaded lifter do not count. Where the load is not known, they do: a flag is never
  dropped for want of knowledge.
- A flag belongs to every repetition that it overlaps in time. One that overlaps none, e.g. while
  the bar is set down, belongs to the repetition that is nearest, so that it is not lost.
- A repetition is red if a red flag belongs to it; amber if only amber ones do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lift_monitor.events import Repetition
from lift_monitor.technique import Severity, TrunkFlag


@dataclass(frozen=True, slots=True)
class Mark:
    """What the flags say of one repetition."""

    red: bool = False
    amber: bool = False
    """Amber and not red: each repetition counts once, by its worst."""


def counting(flags: Sequence[TrunkFlag]) -> tuple[TrunkFlag, ...]:
    """Flags that speak of lifting: all but those without load."""
    return tuple(flag for flag in flags if flag.under_load is not False)


def marks_of(repetitions: Sequence[Repetition], flags: Sequence[TrunkFlag]) -> tuple[Mark, ...]:
    """One mark for each repetition."""
    worst: list[Severity | None] = [None] * len(repetitions)
    for flag in counting(flags):
        gaps = [_gap_s(repetition, flag) for repetition in repetitions]
        touched = [index for index, gap in enumerate(gaps) if gap <= 0.0]
        if not touched and gaps:
            touched = [gaps.index(min(gaps))]
        for index in touched:
            if worst[index] is not Severity.RED:
                worst[index] = flag.severity
    return tuple(Mark(w is Severity.RED, w is Severity.AMBER) for w in worst)


def _gap_s(repetition: Repetition, flag: TrunkFlag) -> float:
    """Seconds between a repetition and a flag; 0 or less if they overlap."""
    end_s = math.inf if flag.end_s is None else flag.end_s
    return max(flag.start_s - repetition.end_s, repetition.start_s - end_s)
