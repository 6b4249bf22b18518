"""Attendance, lifts, technique, landings and outcomes in words, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import Maximum, MaximumSource
from lift_monitor.report import charts
from lift_monitor.report import text as say
from lift_monitor.report.blocks import Block, Cell, figure, row, section, table, text
from lift_monitor.report.data import (
    ImpactPoint,
    LiftCourse,
    ReportData,
    TechniqueSpan,
    is_lower_bound,
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
        words = say.shortened(missed.reason, 160) or "no reason given"
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
        intro=f"Bar: attended, at least one set done. Cross: missed.{missed_words}",
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
            ("Lift", "Phase", "First", "Last", "Next", "Accepted 1RM", "Next / 1RM", "Newest 1RM"),
            [_lift_row(c, waits=data.clearance is None) for c in data.lifts],
            widths="1.3fr 1.2fr auto auto auto auto auto 2.2fr",
            right="2 3 4 5 6",
        ),
        intro="First, last: heaviest working set of the session. Next: as decided for the next "
        "session, and as a share of the accepted 1RM, from which loads of training come.",
    )


def _lift_row(course: LiftCourse, *, waits: bool) -> list[Cell]:
    """One lift; ``waits`` if nobody has been asked yet whether it may be done."""
    name = say.shortened(course.name, 60)
    if course.not_done and not course.points:
        why = say.shortened(course.not_done, 160)
        return [name, "not begun" if waits else "not done", "–", "–", "–", "–", "–", why]
    first = say.loaded(course.points[0].load_kg) if course.points else "–"
    last = course.points[-1].load_kg if course.points else None
    accepted, after = course.accepted_kg, course.load_now_kg
    begins = not (course.not_done or course.stopped)
    share = say.pct(100 * after / accepted) if begins and after is not None and accepted else "–"
    return [
        name,
        _phase(course),
        first,
        say.loaded(last) if last is not None else "–",
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
    return say.loaded(course.load_now_kg)


def _newest(maxima: Sequence[Maximum]) -> str:
    if not maxima:
        return "none recorded"
    newest = maxima[-1]
    interval = (
        f" ({say.mass(newest.low_kg)}–{say.kg(newest.high_kg)})"
        if newest.low_kg is not None and newest.high_kg is not None
        else ""
    )
    doubt = "" if newest.confidence is Confidence.HIGH else ", low confidence"
    return f"{_kg_of(newest)}{interval}, {SOURCES[newest.source]}{doubt}, {say.day(newest.day)}"


def _kg_of(maximum: Maximum) -> str:
    """A maximum with its unit; a lower bound is called so."""
    words = say.kg(round(maximum.kg, 1))
    return f"at least {words}" if is_lower_bound(maximum) else words


def _lift_alt(course: LiftCourse) -> str:
    parts = [f"{course.name}."]
    if course.points:
        first, last = course.points[0], course.points[-1]
        parts.append(
            f"Load {say.loaded(first.load_kg)} on {say.day(first.day)}, "
            f"{say.loaded(last.load_kg)} on "
            f"{say.day(last.day)}, {say.count(len(course.points), 'session')}."
        )
    for source, words in SOURCES.items():
        found = [m for m in course.maxima if m.source is source]
        if found:
            told = (f"{_kg_of(m)} on {say.day(m.day)}" for m in found[-6:])
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
    lines = [f"repetitions, and {say.number(100 * amber / watched, 1)} with amber only"]
    seen = [s for s in spans if s.watched]
    if len(seen) > 1:
        first, last = seen[0].red_per_100 or 0.0, seen[-1].red_per_100 or 0.0
        lines.append(f"red at first {say.number(first, 1)}, lately {say.number(last, 1)}")
    lines.append(f"{say.thousands(watched)} of {say.thousands(repetitions)} repetitions watched")
    partly = sum(s.partly for s in spans)
    if partly:
        lines.append(f"{say.thousands(partly)} of these not throughout")
    return f"{say.number(100 * red / watched, 1)} red per 100", lines


def impact_words(
    impacts: Sequence[ImpactPoint], ceiling_bw: float | None = None, without_force: int = 0
) -> tuple[str, list[str]]:
    """The summary of landings, against the ceiling in body weights if there is one.

    ``without_force`` are landings of sessions in which every force was withdrawn.
    """
    if not impacts and without_force:
        return say.count(without_force, "landing"), ["no force is known: withdrawn"]
    if not impacts:
        return "None measured", ["no landing was measured in this period"]
    total = sum(p.count for p in impacts)
    hardest = max(p.hardest_bw for p in impacts)
    forces = [p.count - p.withdrawn for p in impacts]
    mean = sum(p.mean_bw * n for p, n in zip(impacts, forces, strict=True)) / sum(forces)
    least = "at least " if any(p.at_least for p in impacts) else ""
    usual = say.number(median(p.count for p in impacts), 0)
    lines = [
        f"median {usual} a session, {say.count(len(impacts), 'session')}",
        f"mean {say.number(mean, 1)} BW, hardest {least}{say.number(hardest, 1)} BW",
    ]
    over = [p.over_ceiling for p in impacts if p.over_ceiling is not None]
    if over:
        of = "" if ceiling_bw is None else f" of {say.number(ceiling_bw, 1)}\u00a0BW"
        lines.append(f"{sum(over)} above the ceiling{of}")
    withdrawn = total - sum(forces) + without_force
    if withdrawn:
        lines.append(f"{say.count(withdrawn, 'landing')}: force withdrawn")
    return say.count(total + without_force, "landing"), lines


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
        missing = []
        if not any(s.repetitions for s in data.technique):
            missing.append("No repetition of a lift was counted.")
        if not data.impacts and data.landings_without_force:
            landings = say.count(data.landings_without_force, "landing")
            missing.append(f"The force of {landings} was withdrawn; no other was measured.")
        elif not data.impacts:
            missing.append("No landing was measured.")
        blocks.append(text(" ".join(missing)))
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
