"""Outcomes against their baseline; values of different devices are never compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from lift_monitor.clinic.words import Outcome
from lift_monitor.programme.outcomes import COUNTS, SPECS, Better, Measure, MeasureSpec, compare
from lift_monitor.report.data import OutcomeRow

_BY_SCANNER: Final = frozenset(
    (
        *(Measure.BMD_SPINE, Measure.BMD_FEMORAL_NECK, Measure.BMD_HIP),
        *(Measure.T_SPINE, Measure.T_FEMORAL_NECK, Measure.T_HIP),
    )
)


def outcome_rows(outcomes: Sequence[Outcome], end: date) -> tuple[OutcomeRow, ...]:
    """One row a measure and device, in the order of the measures.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of one person.
    end : date
        Later values are left out.
    """
    groups: dict[Measure, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    for outcome in sorted(outcomes, key=lambda o: (o.day, o.id or 0)):
        if outcome.day <= end:
            device = "" if outcome.measure in COUNTS else outcome.device
            groups[outcome.measure][" ".join(device.split()).casefold()].append(outcome)
    return tuple(
        _row(SPECS[measure], values, several=len(groups[measure]) > 1)
        for measure in Measure
        for values in groups[measure].values()
    )


def _row(spec: MeasureSpec, values: Sequence[Outcome], *, several: bool) -> OutcomeRow:
    first, last = values[0], values[-1]
    counted = spec.measure in COUNTS
    change = compare(first.value, last.value, spec) if len(values) > 1 and not counted else None
    notes = []
    if several:
        notes.append("values of different devices are not compared")
    if change is not None and spec.measure in _BY_SCANNER and not first.device.strip():
        notes.append("the scanner is not recorded")
    notes += _cut_off(spec, last.value)
    notes += [o.note.strip() for o in values if o.note.strip()]
    device = first.device.strip() or "device not recorded"
    return OutcomeRow(
        measure=spec.measure,
        name=f"{spec.name}, {device}" if several else spec.name,
        unit=spec.unit,
        decimals=_decimals(spec, first.value, last.value),
        baseline=first.value,
        baseline_day=first.day,
        now=last.value if len(values) > 1 else None,
        now_day=last.day if len(values) > 1 else None,
        change=change.difference if change else None,
        change_pct=change.difference_pct if change else None,
        smallest_change=change.smallest_change if change else None,
        error_source=spec.error_source if change else "",
        better=spec.better,
        meaning=change.meaning if change else None,
        note="; ".join(dict.fromkeys(notes)),
        counts=tuple((o.day, o.value) for o in values) if counted else (),
    )


def _decimals(spec: MeasureSpec, *values: float) -> int:
    """Digits to show: one more where values were taken finer, so that a change adds up."""
    coarse = all(abs(value - round(value, spec.decimals)) < 1e-9 for value in values)
    return spec.decimals if coarse else spec.decimals + 1


def _cut_off(spec: MeasureSpec, value: float) -> list[str]:
    if spec.cut_off is None or spec.better is None:
        return []
    worse = value < spec.cut_off if spec.better is Better.HIGHER else value >= spec.cut_off
    if not worse:
        return []
    unit = f" {spec.unit}" if spec.unit else ""
    return [f"on the worse side of {spec.cut_off:g}{unit} ({spec.cut_off_source})"]
