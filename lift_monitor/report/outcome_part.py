"""Outcomes in words, a table and charts: the change against the error of measurement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from lift_monitor.programme.outcomes import Meaning
from lift_monitor.report import charts
from lift_monitor.report import text as say
from lift_monitor.report.blocks import Block, Cell, points, section, table, text
from lift_monitor.report.data import OutcomeRow, ReportData


def outcome_words(outcomes: Sequence[OutcomeRow]) -> tuple[str, list[str]]:
    """The summary of outcomes."""
    if not outcomes:
        return "None recorded", ["in this period"]
    counts = Counter(o.meaning for o in outcomes)
    better, worse = counts[Meaning.BETTER], counts[Meaning.WORSE]
    lines = []
    if counts[Meaning.CHANGED]:
        lines.append(f"{counts[Meaning.CHANGED]} changed")
    if counts[Meaning.WITHIN_ERROR]:
        lines.append(f"{counts[Meaning.WITHIN_ERROR]} within the error of measurement")
    if counts[Meaning.NOT_KNOWN]:
        lines.append(f"{counts[Meaning.NOT_KNOWN]} not judged: error not known")
    once = sum(o.now is None for o in outcomes)
    if once:
        lines.append(f"{once} with one value only")
    if counts[None] + counts[Meaning.NOT_KNOWN] == len(outcomes):
        return f"{len(outcomes)} measured", lines
    return f"{better} better, {worse} worse", lines


def outcome_section(data: ReportData) -> Block:
    """Every outcome against its baseline, with the error of measurement."""
    title = "Outcomes against baseline"
    if not data.outcomes:
        return section(title, text("No outcome is recorded up to the end of this period."))
    compared = [o for o in data.outcomes if o.change is not None]
    told = [o for o in data.outcomes if o.change is None]
    blocks = [*_compared(compared)] if compared else []
    if told:
        lead = "Also measured." if compared else "Measured so far; nothing to compare with yet."
        blocks.append(text(lead))
        blocks.append(points(_told(told)))
    intro = (
        "Grey band: changes that are within the error of measurement. A hollow mark lies within "
        "it, a filled one beyond; an arrow goes beyond three times the error."
    )
    return section(title, *blocks, intro=intro if compared else "")


def _compared(outcomes: Sequence[OutcomeRow]) -> tuple[Block, ...]:
    rows: list[list[Cell]] = []
    for outcome in outcomes:
        words = verdict_of(outcome)
        rows.append(
            [
                _named(outcome),
                _value(outcome.baseline, outcome.baseline_day, outcome),
                _now(outcome),
                _change(outcome),
                {"svg": charts.change_chart(outcome), "alt": f"{outcome.name}: {words}"},
                words,
            ]
        )
    titles = ("Measure", "Baseline", "Latest", "Change", "Worse  |  better", "In words")
    made = table(titles, rows, widths="1.9fr auto auto auto auto 2.2fr", right="1 2 3")
    known = [o for o in outcomes if o.smallest_change is not None]
    if not known:
        return (made,)
    by_source: dict[str, list[str]] = {}
    for outcome in known:
        error = f"{outcome.name} {_error_words(outcome)}"
        by_source.setdefault(say.shortened(outcome.error_source, 220), []).append(error)
    sources = "; ".join(f"{', '.join(errors)}: {source}" for source, errors in by_source.items())
    return made, text(f"Error of measurement: {sources}.", muted=True)


def _named(outcome: OutcomeRow) -> str:
    """Name and unit; a unit that could be broken at its stroke stands in a line of its own."""
    if "/" in outcome.unit:
        return f"{outcome.name}\n({outcome.unit})"
    return f"{outcome.name} ({outcome.unit})" if outcome.unit else outcome.name


def _told(outcomes: Sequence[OutcomeRow]) -> list[str]:
    """Values that are not compared: those of one day together, those of two days each alone."""
    by_day: dict[date, list[str]] = {}
    later = []
    for outcome in outcomes:
        note = say.shortened(outcome.note, 160).rstrip(".")
        said = f" ({note})" if note else ""
        first = say.measure(outcome.baseline, outcome.decimals, outcome.unit)
        if outcome.now is None or outcome.now_day is None:
            by_day.setdefault(outcome.baseline_day, []).append(f"{outcome.name} {first}{said}")
            continue
        if outcome.counts:
            numbers = (
                f"{say.measure(value, outcome.decimals, outcome.unit)} on {say.day(day)}"
                for day, value in outcome.counts
            )
            later.append(f"{outcome.name}: {say.listed(numbers)}{said}.")
            continue
        last = say.measure(outcome.now, outcome.decimals, outcome.unit)
        later.append(
            f"{outcome.name}: {first} on {say.day(outcome.baseline_day)}, "
            f"{last} on {say.day(outcome.now_day)}{said}."
        )
    return [f"{say.day(day)}: {'; '.join(words)}." for day, words in by_day.items()] + later


def verdict_of(row_: OutcomeRow) -> str:
    """What a change means, in words."""
    note = f" {say.sentence(say.shortened(row_.note, 160))}" if row_.note else ""
    return f"{_MEANINGS[row_.meaning]}{note}"


_MEANINGS: Final = {
    None: "measured once; nothing to compare with.",
    Meaning.BETTER: "better, by more than the error of measurement.",
    Meaning.WORSE: "worse, by more than the error of measurement.",
    Meaning.CHANGED: "changed by more than the error of measurement.",
    Meaning.WITHIN_ERROR: "within the error of measurement.",
    Meaning.NOT_KNOWN: "no error of measurement is known: told, not judged.",
}


def _now(outcome: OutcomeRow) -> str:
    if outcome.now is None or outcome.now_day is None:
        return "–"
    return _value(outcome.now, outcome.now_day, outcome)


def _value(value: float, day: date, outcome: OutcomeRow) -> str:
    return f"{say.number(value, outcome.decimals)}\n{say.day(day)}"


def _change(outcome: OutcomeRow) -> str:
    if outcome.change is None:
        return "–"
    words = say.signed(outcome.change, outcome.decimals)
    if outcome.change_pct is not None:
        words += f"\n({say.signed(outcome.change_pct, 1)}\u00a0%)"
    return words


def _error_words(outcome: OutcomeRow) -> str:
    if outcome.smallest_change is None:
        return say.NOT_KNOWN
    return say.measure(outcome.smallest_change, outcome.decimals, outcome.unit)
