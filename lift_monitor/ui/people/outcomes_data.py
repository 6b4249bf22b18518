"""Outcomes as they are read: baseline, latest, and the change against its error; pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lift_monitor.clinic.words import Outcome
from lift_monitor.programme.outcomes import (
    SPECS,
    Better,
    Change,
    Meaning,
    Measure,
    MeasureSpec,
    compare,
)
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.people.trend import LINE, Series, Trend, axis
from lift_monitor.ui.people.words import Look


@dataclass(frozen=True, slots=True)
class Followed:
    """One measure of a person: all its values, oldest first, and the change."""

    spec: MeasureSpec
    values: tuple[Outcome, ...]
    baseline: Outcome | None
    """The first of the device of the latest: values of two devices are not compared."""
    latest: Outcome | None
    change: Change | None


def followed(outcomes: Sequence[Outcome]) -> tuple[Followed, ...]:
    """Every measure in its order, those without a value too."""
    found = []
    for measure, spec in SPECS.items():
        values = tuple(
            sorted((o for o in outcomes if o.measure is measure), key=lambda o: (o.day, o.id or 0))
        )
        latest = values[-1] if values else None
        same = [o for o in values if latest is not None and o.device == latest.device]
        baseline = same[0] if same else None
        change = None
        if latest is not None and baseline is not None and baseline is not latest:
            change = compare(baseline.value, latest.value, spec)
        found.append(Followed(spec, values, baseline, latest, change))
    return tuple(found)


_SHAPES: Final = {
    Meaning.BETTER: ("●", "ok"),
    Meaning.WORSE: ("▲", "attention"),
    Meaning.CHANGED: ("◆", "info"),
    Meaning.WITHIN_ERROR: ("○", "muted"),
    Meaning.NOT_KNOWN: ("◇", "muted"),
}


def change_look(one: Followed) -> Look:
    """The change with its shape, whole; what is not known is said so."""
    if one.latest is None:
        return tr("not measured"), "muted"
    if one.change is None:
        return tr("One value: there is nothing to compare it with yet."), "muted"
    shape, role = _SHAPES[one.change.meaning]
    return f"{shape} {one.change.text}", role


def short_change_look(one: Followed) -> Look:
    """The change in a few words, for a table."""
    if cut_off_words(one):
        return tr("▲ beyond cut-off"), "attention"
    if one.latest is None:
        return tr("not measured"), "muted"
    if one.change is None:
        return tr("one value"), "muted"
    word = {
        Meaning.BETTER: tr("better"),
        Meaning.WORSE: tr("worse"),
        Meaning.CHANGED: tr("changed"),
        Meaning.WITHIN_ERROR: tr("within error"),
        Meaning.NOT_KNOWN: tr("not judged"),
    }[one.change.meaning]
    shape, role = _SHAPES[one.change.meaning]
    difference = number(one.change.difference, one.spec.decimals, signed=True)
    return f"{shape} {difference}: {word}", role


def cut_off_words(one: Followed) -> str:
    """That the latest value is on the worse side of its cut-off; empty if it is not."""
    spec, latest = one.spec, one.latest
    if latest is None or spec.cut_off is None:
        return ""
    beyond = (
        latest.value < spec.cut_off
        if spec.better is Better.HIGHER
        else latest.value >= spec.cut_off
    )
    if not beyond:
        return ""
    return tr(
        "▲ beyond the cut-off of {value} {unit} ({source})",
        value=number(spec.cut_off, spec.decimals),
        unit=spec.unit,
        source=spec.cut_off_source,
    )


def trend_of(one: Followed, first: date, weeks: float) -> Trend:
    """One measure over the weeks; values of another device are a line of their own."""
    spec = one.spec
    devices = list(dict.fromkeys(o.device for o in one.values))
    series = []
    for index, device in enumerate(devices):
        points = tuple(
            ((o.day - first).days / 7, o.value) for o in one.values if o.device == device
        )
        name = device if len(devices) > 1 else ""
        shape = ("circle", "square", "diamond", "triangle")[index % 4]
        series.append(Series(name, points, "trace", LINE, shape, filled=index % 2 == 0))
    span = _axis(one)
    band = None
    if one.baseline is not None and spec.measure not in (Measure.FALLS, Measure.FRACTURES):
        least = spec.smallest_change
        if least is None and spec.smallest_change_pct is not None:
            least = spec.smallest_change_pct / 100.0 * abs(one.baseline.value)
        if least is not None:
            words = tr("± {least}: error", least=number(least, spec.decimals))
            band = (one.baseline.value - least, one.baseline.value + least, words)
    lines: tuple[tuple[float, str], ...] = ()
    if spec.cut_off is not None and span[0] <= spec.cut_off <= span[1]:
        lines = ((spec.cut_off, tr("cut-off {v}", v=number(spec.cut_off, spec.decimals))),)
    start = min([0.0, *(w for s in series for w, _ in s.points)])
    return Trend(
        spec.name,
        spec.unit,
        weeks,
        span,
        series=tuple(series),
        band=band,
        lines=lines,
        nothing=tr("Not measured yet."),
        first_week=start,
        gaps=False,
    )


def _axis(one: Followed) -> tuple[float, float, float]:
    """The axis: around what was measured, so wide that an error is seen as small."""
    values = [o.value for o in one.values]
    spec = one.spec
    if not values:
        return axis(spec.low, spec.high)
    least = spec.smallest_change or (spec.smallest_change_pct or 5.0) / 100 * abs(values[0]) or 1.0
    low, high = min(values) - 3 * least, max(values) + 3 * least
    return axis(max(spec.low, low), min(spec.high, high))
