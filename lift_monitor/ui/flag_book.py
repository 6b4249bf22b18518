"""Flags of technique as the screens tell them: by repetition, latched, the worst of a kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from lift_monitor.events import Confidence, Repetition
from lift_monitor.technique import FlagEnded, FlagKind, FlagRaised, Severity, TrunkFlag
from lift_monitor.ui.readings import Alarm, SetView

LATCH_S: Final = 10.0
"""A flag that is over stays an alarm until its repetition ends, and no longer than this.

Design default: without a bar sensor no repetition ever ends.
"""
SHOWN_S: Final = 3.0
"""An alarm is to be read, however short the flag was. Design default."""
PULL_S: Final = 1.5
"""A flag so long before a set's first repetition belongs to it: bracing and the pull count.
Design default."""

_Key: TypeAlias = tuple[FlagKind, Severity, float]


def repetition_of(
    flag: TrunkFlag, sets: Sequence[SetView], ends: Sequence[float] = ()
) -> tuple[int, int] | None:
    """Set and repetition in which a flag was raised.

    Parameters
    ----------
    flag : TrunkFlag
    sets : sequence of SetView
        As known by now; in an open set the repetition that is being lifted has no entry yet.
    ends : sequence of float
        Session times at which repetitions gave way to the next, ascending; a way down that
        follows a repetition belongs to it. Infinite for one that goes on.

    Returns
    -------
    (int, int) or None
        ``None`` between sets, and before the first repetition of a set is known.
    """
    at = flag.raised_s
    for view in reversed(sets):
        if at < view.start_s - PULL_S:
            continue
        before: Repetition | None = None
        for rep in view.repetitions:
            if at <= rep.end_s:
                goes_on = before is not None and at < _end_of(before, ends)
                return view.number, before.number if before and goes_on else rep.number
            before = rep
        if view.finished is not None:
            return None
        if before is None:
            return view.number, 1
        return view.number, before.number + (at >= _end_of(before, ends))
    return None


def _end_of(rep: Repetition, ends: Sequence[float]) -> float:
    return next((end for end in ends if end >= rep.concentric_end_s), -math.inf)


class FlagBook:
    """All flags of a session."""

    def __init__(self) -> None:
        self._flags: dict[_Key, TrunkFlag] = {}
        self._released_s = -math.inf

    def clear(self) -> None:
        """Forget everything."""
        self._flags.clear()
        self._released_s = -math.inf

    def take(self, event: FlagRaised | FlagEnded) -> None:
        """A flag was raised, or its value is back."""
        flag = event.flag
        self._flags[flag.kind, flag.severity, flag.start_s] = flag

    def grow(self, kind: FlagKind, worst_since: Callable[[float], float | None]) -> None:
        """The value of a kind has gone on; flags that stand show their largest.

        Parameters
        ----------
        kind : FlagKind
        worst_since : callable
            Largest value since a session time.
        """
        for key, flag in self._flags.items():
            if flag.kind is kind and flag.end_s is None:
                worst = worst_since(flag.start_s)
                if worst is not None and worst > abs(flag.peak):
                    self._flags[key] = replace(flag, peak=worst)

    def release(self, end_s: float) -> None:
        """A repetition ended at that time: its flags that are over are no alarm any longer."""
        self._released_s = max(self._released_s, end_s)

    def _active(self, flag: TrunkFlag, now_s: float) -> bool:
        # By the times told and not by the order of the telling: a flag may be told late.
        if flag.end_s is None or now_s - flag.raised_s <= SHOWN_S:
            return True
        return flag.raised_s > self._released_s and now_s - flag.end_s <= LATCH_S

    def alarms(
        self, sets: Sequence[SetView], now_s: float, ends: Sequence[float] = ()
    ) -> list[Alarm]:
        """The worst of each kind and repetition: what is active first, then by rank, newest first.

        Parameters
        ----------
        sets : sequence of SetView
        now_s : float
            Session time.
        ends : sequence of float
            See :func:`repetition_of`.
        """
        kept: list[tuple[TrunkFlag, Alarm]] = []
        for flag in sorted(self._flags.values(), key=_rank, reverse=True):
            place = repetition_of(flag, sets, ends)
            active = self._active(flag, now_s)
            for index, (other, alarm) in enumerate(kept):
                where = (alarm.set_number, alarm.repetition)
                if other.kind is flag.kind and (
                    (place is not None and where == place) or _overlap(flag, other)
                ):
                    kept[index] = (other, replace(alarm, active=alarm.active or active))
                    break
            else:
                kept.append((flag, _alarm(flag, place, active=active)))
        found = [alarm for _, alarm in kept]
        found.sort(key=lambda a: (not a.active, a.severity is not Severity.RED, -a.start_s))
        # What is over is history: newest first, whatever its rank.
        over = sorted((a for a in found if not a.active), key=lambda a: -a.start_s)
        return [a for a in found if a.active] + over


def _rank(flag: TrunkFlag) -> tuple[bool, float]:
    return flag.severity is Severity.RED, abs(flag.peak)


def _overlap(one: TrunkFlag, other: TrunkFlag) -> bool:
    one_end = float("inf") if one.end_s is None else one.end_s
    other_end = float("inf") if other.end_s is None else other.end_s
    return one.start_s <= other_end and other.start_s <= one_end


def _alarm(flag: TrunkFlag, place: tuple[int, int] | None, *, active: bool) -> Alarm:
    set_number, repetition = place if place is not None else (None, None)
    return Alarm(
        code=flag.kind.value,
        severity=flag.severity,
        value=flag.peak,
        limit=flag.limit,
        unit=flag.unit,
        start_s=flag.start_s,
        active=active,
        low=flag.confidence is not Confidence.HIGH,
        load_known=flag.under_load is not None,
        repetition=repetition,
        set_number=set_number,
    )
