"""Attendance, lifts, technique, landings and outcomes in words, tables and charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Final

from lift_monitor.programme.outcomes import Meaning
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import Maximum, MaximumSource
from lift_monitor.report import charts
from lift_monitor.report import text as say
from lift_monitor.report.blocks import Block, Cell, figure, points, row, section, table, text
from lift_monitor.report.data import (
    ImpactPoint,
    LiftCourse,
    OutcomeRow,
    ReportData,
    TechniqueSpan,
)

SOURCES: Final = {
    MaximumSource.TESTED: "tested",
    MaximumSource.REPETITIONS: "estimated by repetitions",
    MaximumSource.VELOCITY: "estimated by velocity, advisory",
}
PHASES: Final = {
    Phase.FAMILIARISATION: "familiarisation",
    Phase.TRAINING: "training",
    Phase.IMPACT: "impact loading",
    Phase.RETEST: "1RM to be tested",
    Phase.RETURN: "return after absence",
}
OSTEOGENIC: Final = (
    "The osteogenic index of a session is its mean peak force in body weights times "
    "ln(landings + 1) (Turner and Robling 2003, doi:10.1097/00003677-200301000-00009)."
)


def attendance_section(data: ReportData) -> Block:
    """Each session of the period, and why sessions were missed."""
    attendance = data.attendance
    if not attendance.attended and not attendance.missed:
        return section("Attendance", text("No session is recorded in this period."))
    reasons: dict[str, int] = {}
    for missed in attendance.missed:
        words = say.shortened(missed.reason, 90) or "no reason given"
        reasons[words] = reasons.get(words, 0) + 1
    shown = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    told = say.listed(f"{words} ({times})" for words, times in shown[:5])
    others = sum(times for _, times in shown[5:])
    missed_words = (
        f" Missed: {told}{f', and {others} for other reasons' if others else ''}." if shown else ""
    )
    alt = (
        f"{say.count(len(attendance.attended), 'session')} attended and "
        f"{len(attendance.missed)} missed between {say.day(data.head.period.start)} and "
        f"{say.day(data.head.period.end)}.{missed_words}"
    )
    return section(
        "Attendance",
        figure(charts.attendance_chart(attendance, data.head.period), alt),
        intro=f"Bar: attended. Cross: missed.{missed_words}",
    )


def lift_section(data: ReportData) -> Block:
    """Loads and one-repetition maxima of every lift."""
    if not data.lifts:
        return section("Loads and one-repetition maximum (1RM)", text("The plan has no lifts."))
    period = data.head.period
    figures = [
        figure(
            charts.lift_chart(c, period), _lift_alt(c), title=f"{say.shortened(c.name, 40)} (kg)"
        )
        for c in data.lifts
        if c.points or c.maxima
    ]
    key = figure(
        charts.lift_key(),
        "Key: a line with dots is the load, a dashed stair the accepted "
        "1RM, a diamond a tested 1RM, a triangle one by repetitions, a ring one by velocity.",
    )
    return section(
        "Loads and one-repetition maximum (1RM)",
        row(*figures) if figures else None,
        key if figures else None,
        table(
            ("Lift", "Phase", "First", "Last", "Next", "Accepted 1RM", "Next of it", "Newest 1RM"),
            [_lift_row(c) for c in data.lifts],
            widths="1.3fr 1.2fr auto auto auto auto auto 2.2fr",
            right="2 3 4 5 6",
        ),
        intro="First, last: heaviest working set of the session. Next: as decided for the next "
        "session, and as a share of the accepted 1RM, from which loads of training come.",
    )


def _lift_row(course: LiftCourse) -> list[Cell]:
    name = say.shortened(course.name, 60)
    if course.not_done and not course.points:
        return [name, "not done", "–", "–", "–", "–", "–", say.shortened(course.not_done, 160)]
    first = say.kg(course.points[0].load_kg) if course.points else "–"
    last = course.points[-1].load_kg if course.points else None
    accepted, after = course.accepted_kg, course.load_now_kg
    share = say.pct(100 * after / accepted) if after is not None and accepted else "–"
    return [
        name,
        _phase(course),
        first,
        say.kg(last) if last is not None else "–",
        _next(course),
        say.kg(round(accepted, 1)) if accepted else "none yet",
        share,
        _newest(course.maxima),
    ]


def _phase(course: LiftCourse) -> str:
    if course.not_done:
        return "not done any more"
    return "stopped" if course.stopped else PHASES[course.phase]


def _next(course: LiftCourse) -> str:
    if course.not_done or course.stopped or course.load_now_kg is None:
        return "–"
    return say.kg(course.load_now_kg)


def _newest(maxima: Sequence[Maximum]) -> str:
    if not maxima:
        return "none recorded"
    newest = maxima[-1]
    interval = (
        f" ({say.mass(newest.low_kg)}–{say.kg(newest.high_kg)})"
        if newest.low_kg is not None and newest.high_kg is not None
        else ""
    )
    value = say.kg(round(newest.kg, 1))
    return f"{value}{interval}, {SOURCES[newest.source]}, {say.day(newest.day)}"


def _lift_alt(course: LiftCourse) -> str:
    parts = [f"{course.name}."]
    if course.points:
        first, last = course.points[0], course.points[-1]
        parts.append(
            f"Load {say.kg(first.load_kg)} on {say.day(first.day)}, {say.kg(last.load_kg)} on "
            f"{say.day(last.day)}, {say.count(len(course.points), 'session')}."
        )
    for source, words in SOURCES.items():
        found = [m for m in course.maxima if m.source is source]
        if found:
            told = (f"{say.kg(round(m.kg, 1))} on {say.day(m.day)}" for m in found[-6:])
            parts.append(f"1RM {words}: {say.listed(told)}.")
    if course.accepted_kg is not None:
        parts.append(f"Accepted 1RM at the end {say.kg(course.accepted_kg)}.")
    return " ".join(parts)


def technique_words(spans: Sequence[TechniqueSpan]) -> tuple[str, list[str]]:
    """The summary of flags: one large line and some small ones."""
    repetitions = sum(s.repetitions for s in spans)
    watched = sum(s.watched for s in spans)
    if not repetitions:
        return "Not known", ["no counted repetition of a lift"]
    if not watched:
        return "Not watched", [f"none of {say.thousands(repetitions)} repetitions was watched"]
    red, amber = sum(s.red for s in spans), sum(s.amber for s in spans)
    lines = [f"and {say.number(100 * amber / watched, 1)} amber at most"]
    seen = [s for s in spans if s.watched]
    if len(seen) > 1:
        first, last = seen[0].red_per_100 or 0.0, seen[-1].red_per_100 or 0.0
        lines.append(f"red at first {say.number(first, 1)}, lately {say.number(last, 1)}")
    lines.append(f"{say.thousands(watched)} of {say.thousands(repetitions)} repetitions watched")
    return f"{say.number(100 * red / watched, 1)} red per 100", lines


def impact_words(impacts: Sequence[ImpactPoint]) -> tuple[str, list[str]]:
    """The summary of landings."""
    if not impacts:
        return "None measured", ["no landing was measured in this period"]
    total = sum(p.count for p in impacts)
    hardest = max(p.hardest_bw for p in impacts)
    mean = sum(p.mean_bw * p.count for p in impacts) / total
    least = "at least " if any(p.at_least for p in impacts) else ""
    usual = say.number(median(p.count for p in impacts), 0)
    lines = [
        f"median {usual} a session, {say.count(len(impacts), 'session')}",
        f"mean {say.number(mean, 1)} BW, hardest {least}{say.number(hardest, 1)} BW",
    ]
    over = [p.over_ceiling for p in impacts if p.over_ceiling is not None]
    if over:
        lines.append(f"{sum(over)} above the ceiling")
    return say.count(total, "landing"), lines


def technique_section(data: ReportData) -> Block:
    """Flags and landings side by side."""
    figures = []
    intro = []
    if any(s.repetitions for s in data.technique):
        figures.append(
            figure(
                charts.technique_chart(data.technique, data.head.period),
                _technique_alt(data.technique),
                title="Technique: repetitions with a flag",
            )
        )
        intro.append(
            "A flag is a limit of posture passed under load, as estimated by sensors on "
            "the trunk or seen by the clinician."
        )
    if data.impacts:
        figures.append(
            figure(
                charts.landing_chart(data.impacts, data.head.period, data.impact_ceiling_bw),
                _impact_alt(data),
                title="Landings: peak force",
            )
        )
        index = [p.osteogenic_index for p in data.impacts]
        intro.append(
            f"Osteogenic index: median {say.number(median(index), 1)} a session, "
            f"last {say.number(index[-1], 1)}."
        )
    title = "Technique and landings"
    blocks: list[Block | None] = [row(*figures)] if figures else []
    if len(figures) < 2:
        missing = "No landing was measured." if figures and not data.impacts else ""
        if not any(s.repetitions for s in data.technique):
            missing = "No repetition of a lift was counted." + (
                "" if data.impacts else " No landing was measured."
            )
        blocks.append(text(missing))
    return section(title, *blocks, intro=" ".join(intro))


def _technique_alt(spans: Sequence[TechniqueSpan]) -> str:
    parts = []
    for span in spans:
        when = f"{say.day(span.start)} to {say.day(span.end)}"
        if span.red_per_100 is None or span.amber_per_100 is None:
            if span.repetitions:
                parts.append(f"{when}: not watched.")
            continue
        parts.append(
            f"{when}: {say.number(span.red_per_100, 1)} red and "
            f"{say.number(span.amber_per_100, 1)} amber of 100 watched repetitions."
        )
    return " ".join(["Flags of technique.", *parts])


def _impact_alt(data: ReportData) -> str:
    first, last = data.impacts[0], data.impacts[-1]
    words = [
        f"Landings of {say.count(len(data.impacts), 'session')}.",
        *(
            f"{say.day(p.day)}: {say.count(p.count, 'landing')}, mean {say.number(p.mean_bw, 1)} "
            f"and hardest {say.number(p.hardest_bw, 1)} body weights."
            for p in ((first, last) if last is not first else (first,))
        ),
    ]
    if data.impact_ceiling_bw is not None:
        words.append(f"Ceiling {say.number(data.impact_ceiling_bw, 1)} body weights.")
    return " ".join(words)


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
        lines.append(f"{counts[Meaning.NOT_KNOWN]} told, not judged: no known error")
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
        return f"{outcome.name}\n{outcome.unit}"
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
