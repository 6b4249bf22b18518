"""The rest between sets: a pure function of the time that it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """How long somebody has rested, and how long was planned, in seconds."""

    since_s: float
    planned_s: float

    @property
    def ready(self) -> bool:
        """Whether the planned rest is over; it never holds anybody back."""
        return self.since_s >= self.planned_s

    @property
    def left_s(self) -> float:
        """What is left of the planned rest; 0 once it is over."""
        return max(0.0, self.planned_s - self.since_s)


def rest(ended_at: datetime | None, now: datetime, planned_s: float) -> Rest | None:
    """The rest since a set ended; ``None`` if there was none.

    Parameters
    ----------
    ended_at, now : datetime
        Both aware of their time zone. A clock that was set back gives no negative rest.
    planned_s : float
        Of the plan.
    """
    if ended_at is None:
        return None
    return Rest(max(0.0, (now - ended_at).total_seconds()), planned_s)
