"""What the repetition bars draw: values, lines and flags. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.events import Confidence, Repetition
from lift_monitor.technique import Severity
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.ranges import ranges_of
from lift_monitor.ui.readings import Alarm, Level
from lift_monitor.ui.trunk_wording import with_unit


@dataclass(frozen=True, slots=True)
class BarItem:
    """One repetition as drawn."""

    number: int
    value: float | None
    level: Level
    low: bool
    last: bool


@dataclass(frozen=True, slots=True)
class FlagMark:
    """The worst flag of a repetition, as drawn above its bar."""

    number: int
    text: str
    level: Level
    low: bool


def flag_marks(model: SessionModel) -> tuple[FlagMark, ...]:
    """Flags of the set on the screen, also of the repetition that is being lifted."""
    view = model.current
    worst: dict[int, Alarm] = {}
    for alarm in model.alarms() if view is not None else []:
        if view is None or alarm.set_number != view.number or alarm.repetition is None:
            continue
        other = worst.get(alarm.repetition)
        if other is None or (alarm.severity is Severity.RED, alarm.unit == "deg") > (
            other.severity is Severity.RED,
            other.unit == "deg",
        ):
            worst[alarm.repetition] = alarm
    return tuple(
        FlagMark(n, with_unit(abs(a.value), a.unit), a.level, a.low)
        for n, a in sorted(worst.items())
    )


@dataclass(frozen=True, slots=True)
class BarsState:
    """Everything that is drawn; equal states are not painted twice."""

    items: tuple[BarItem, ...] = ()
    slots: int = 5
    best: float | None = None
    stop: float | None = None
    stop_pct: float = 30.0
    band: tuple[float, float] | None = None
    top: float = 0.8
    flags: tuple[FlagMark, ...] = ()

    @classmethod
    def of(cls, model: SessionModel) -> BarsState:
        """What a model asks to be drawn."""
        view, config = model.current, model.config
        reps: list[Repetition] = view.repetitions if view else []
        done = [r for s in model.sets_of_exercise for r in s.repetitions]
        fastest = max((r.mean_velocity_mps for r in done), default=0.0)
        fixed = ranges_of(model.exercise).bars_mps
        flags = flag_marks(model)
        return cls(
            items=tuple(
                BarItem(
                    number=rep.number,
                    value=None if rep.confidence is Confidence.NONE else rep.mean_velocity_mps,
                    level=model.level_of(rep),
                    low=rep.confidence is Confidence.LOW,
                    last=rep is reps[-1],
                )
                for rep in reps
            ),
            slots=max(model.target_reps, len(reps), *(mark.number for mark in flags)),
            best=view.best_mps if view else None,
            stop=model.stop_line_mps,
            stop_pct=config.loss_stop_pct,
            band=config.target_band_mps,
            # Beyond the fixed range the axis grows by whole steps and stays so.
            top=fixed if fastest <= fixed else (int(fastest / 0.2) + 1) * 0.2,
            flags=flags,
        )
