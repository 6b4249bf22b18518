"""The charts of a report: data in, SVG out.

Everything that colour tells is told by shape or hatching too, marks are named where they stand,
and what was not measured is left empty and called so.
"""

from __future__ import annotations

from typing import Final

from lift_monitor.programme.outcomes import Better, Meaning
from lift_monitor.programme.record import Maximum, MaximumSource
from lift_monitor.report import text as say
from lift_monitor.report.axes import Box, Days, Scale
from lift_monitor.report.data import (
    Attendance,
    ImpactPoint,
    LiftCourse,
    OutcomeRow,
    Period,
    TechniqueSpan,
    is_lower_bound,
)
from lift_monitor.report.svg import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    LINE,
    MUTED,
    PALE,
    RED,
    Drawing,
    width_of,
)

PAGE_PT: Final = 493.0
"""Width of the text on the page (A4 less its margins)."""
COLUMN_PT: Final = 159.0
"""A third of it, less the gutters."""
HALF_PT: Final = 240.0
_GAP_DAYS: Final = 14
"""Longer than this without a session, and a line is broken: nothing is known in between."""


def attendance_chart(attendance: Attendance, period: Period) -> str:
    """Every session of the period: a bar attended, a cross missed."""
    drawing = Drawing(PAGE_PT, 38)
    days = Days(Box(8, 4, PAGE_PT - 14, 24), period)
    days.draw(drawing)
    y = 14.0
    for day in attendance.attended:
        drawing.line(days.x(day), y - 5, days.x(day), y + 5, colour=BLUE, width=2.2)
    for missed in attendance.missed:
        _cross(drawing, days.x(missed.day), y, 3.2)
    return drawing.svg()


def lift_chart(course: LiftCourse, period: Period) -> str:
    """Load of the working sets over time, with the maxima of each source as its own shape."""
    drawing = Drawing(COLUMN_PT, 110)
    box = Box(24, 5, COLUMN_PT - 8, 93)
    days = Days(box, period)
    maxima = [m for m in course.maxima if period.holds(m.day)]
    tops = [p.load_kg for p in course.points] + [a.kg or 0.0 for a in course.accepted]
    tops += [m.kg for m in maxima] + [m.high_kg or 0.0 for m in maxima]
    scale = Scale.over(box, 0.0, max([*tops, 10.0]) * 1.04)
    scale.draw(drawing)
    days.draw(drawing)
    _accepted(drawing, course, days, scale)
    _loads(drawing, course, days, scale)
    for maximum in maxima:
        _maximum(drawing, maximum, days.x(maximum.day), scale)
    if not course.points and not maxima:
        drawing.text((box.left + box.right) / 2, 56, "nothing recorded", anchor="middle")
    return drawing.svg()


def _accepted(drawing: Drawing, course: LiftCourse, days: Days, scale: Scale) -> None:
    """The accepted maximum as a dashed stair, and the band of training below it."""
    stairs: list[list[tuple[float, float, float]]] = [[]]
    for index, accepted in enumerate(course.accepted):
        later = course.accepted[index + 1 :]
        begin = max(accepted.day, days.period.start)
        end = min(later[0].day, days.period.end) if later else days.period.end
        if accepted.kg is None:
            stairs.append([])
        elif end >= begin:
            stairs[-1].append((days.x(begin), days.x(end), accepted.kg))
    for stair in stairs:
        for x1, x2, kg in stair:
            low, high = course.band_pct or (0.0, 0.0)
            top, bottom = scale.y(kg * high / 100), scale.y(kg * low / 100)
            drawing.rect(x1, top, x2 - x1, max(bottom - top, 1.5), fill=PALE)
        points = [(x, scale.y(kg)) for x1, x2, kg in stair for x in (x1, x2)]
        drawing.polyline(points, colour=MUTED, width=0.9, dash="3 2")


def _loads(drawing: Drawing, course: LiftCourse, days: Days, scale: Scale) -> None:
    places = [(days.x(p.day), scale.y(p.load_kg)) for p in course.points]
    unbroken: list[tuple[float, float]] = []
    for index, place in enumerate(places):
        if index and (course.points[index].day - course.points[index - 1].day).days > _GAP_DAYS:
            drawing.polyline(unbroken, colour=BLUE, width=1.3)
            unbroken = []
        unbroken.append(place)
    drawing.polyline(unbroken, colour=BLUE, width=1.3)
    for x, y in places:
        drawing.circle(x, y, 1.5 if len(places) > 12 else 2.2, fill=BLUE)


def _maximum(drawing: Drawing, maximum: Maximum, x: float, scale: Scale) -> None:
    y = scale.y(maximum.kg)
    if maximum.low_kg is not None and maximum.high_kg is not None:
        drawing.line(x, scale.y(maximum.low_kg), x, scale.y(maximum.high_kg), colour=INK, width=0.7)
    if is_lower_bound(maximum):
        drawing.line(x, y, x, y - 8, colour=INK, width=0.7)
        drawing.polyline([(x - 2, y - 6), (x, y - 8.5), (x + 2, y - 6)], colour=INK, width=0.7)
    mark(drawing, maximum.source, x, y)


def mark(drawing: Drawing, source: MaximumSource, x: float, y: float) -> None:
    """The shape of a source: tested a filled diamond, by repetitions a triangle, else a ring."""
    if source is MaximumSource.TESTED:
        r = 3.8
        drawing.shape([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill=INK)
    elif source is MaximumSource.REPETITIONS:
        r = 3.4
        drawing.shape(
            [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)], fill="#FFFFFF", colour=INK
        )
    else:
        drawing.circle(x, y, 2.8, fill="#FFFFFF", colour=INK)


def lift_key() -> str:
    """What the marks of the lifts' charts mean."""
    drawing = Drawing(PAGE_PT, 13)
    x = 0.0
    y = 6.0
    drawing.line(x, y, x + 14, y, colour=BLUE, width=1.3)
    drawing.circle(x + 7, y, 2.2, fill=BLUE)
    x = _word(drawing, x + 18, "load")
    drawing.rect(x, y - 4, 14, 8, fill=PALE)
    x = _word(drawing, x + 18, "planned share")
    drawing.line(x, y, x + 14, y, colour=MUTED, width=0.9, dash="3 2")
    x = _word(drawing, x + 18, "accepted 1RM")
    for source, words in (
        (MaximumSource.TESTED, "1RM tested"),
        (MaximumSource.REPETITIONS, "1RM by repetitions (estimated)"),
        (MaximumSource.VELOCITY, "1RM by velocity (advisory)"),
    ):
        mark(drawing, source, x + 4, y)
        x = _word(drawing, x + 11, words)
    return drawing.svg()


def _word(drawing: Drawing, x: float, words: str) -> float:
    drawing.text(x, 8.6, words)
    return x + width_of(words) + 10


def technique_chart(spans: tuple[TechniqueSpan, ...], period: Period) -> str:
    """Repetitions with a flag of 100 watched, by weeks: red filled, amber hatched."""
    drawing = Drawing(HALF_PT, 124)
    box = Box(24, 14, HALF_PT - 8, 96)
    rates = [(s.red_per_100 or 0.0) + (s.amber_per_100 or 0.0) for s in spans]
    scale = Scale.over(box, 0.0, max([*rates, 10.0]) * 1.08)
    scale.draw(drawing)
    drawing.text(0, 7, "of 100 watched repetitions")
    days = Days(box, period)
    days.draw(drawing)
    for span in spans:
        left, right = days.x(max(span.start, period.start)), days.x(min(span.end, period.end))
        width = min(max(right - left - 2.5, 6.0), 26.0)
        left = min(left + 1.2, box.right - width)
        red, amber = span.red_per_100, span.amber_per_100
        if red is None or amber is None:
            if span.repetitions:
                _not_watched(drawing, left, width, box)
            continue
        y = scale.y(red)
        drawing.rect(left, y, width, box.bottom - y, fill=RED)
        top = scale.y(red + amber)
        drawing.rect(left, top, width, y - top, fill="#FFFFFF", colour=AMBER, stroke=0.8)
        drawing.hatch(left, top, width, y - top, colour=AMBER)
        words = say.number(red + amber, 0 if red + amber >= 9.95 else 1)
        drawing.text(left + width / 2, top - 2.5, words, anchor="middle", colour=INK)
    _technique_key(drawing, 119)
    return drawing.svg()


def _not_watched(drawing: Drawing, left: float, width: float, box: Box) -> None:
    drawing.rect(left, box.bottom - 14, width, 14, fill="#FFFFFF", colour=MUTED, stroke=0.5)
    drawing.text(left + width / 2, box.bottom - 4.6, "?", anchor="middle", colour=INK, bold=True)


def _technique_key(drawing: Drawing, y: float) -> None:
    x = 24.0
    drawing.rect(x, y - 6, 8, 6, fill=RED)
    drawing.text(x + 11, y, "red flag")
    x += 50
    drawing.rect(x, y - 6, 8, 6, fill="#FFFFFF", colour=AMBER, stroke=0.8)
    drawing.hatch(x, y - 6, 8, 6, colour=AMBER)
    drawing.text(x + 11, y, "amber flag only")
    x += 86
    drawing.rect(x, y - 6, 8, 6, fill="#FFFFFF", colour=MUTED, stroke=0.5)
    drawing.text(x + 11, y, "? not watched")


def landing_chart(points: tuple[ImpactPoint, ...], period: Period, ceiling_bw: float | None) -> str:
    """Hardest and mean landing of each session; the ceiling as a line."""
    drawing = Drawing(HALF_PT, 124)
    box = Box(24, 14, HALF_PT - 8, 96)
    tops = [p.hardest_bw for p in points] + [ceiling_bw or 0.0]
    scale = Scale.over(box, 0.0, max([*tops, 4.0]) * 1.04)
    scale.draw(drawing)
    drawing.text(0, 7, "body weights (estimated)")
    days = Days(box, period)
    days.draw(drawing)
    ceiling_y = scale.y(ceiling_bw or 0.0)
    if ceiling_bw is not None:
        drawing.line(box.left, ceiling_y, box.right, ceiling_y, colour=RED, width=0.9, dash="4 2")
    for point in points:
        x = days.x(point.day)
        drawing.line(
            x, scale.y(point.mean_bw), x, scale.y(point.hardest_bw), colour=LINE, width=0.9
        )
        _tick_up(drawing, x, scale.y(point.hardest_bw))
        drawing.circle(x, scale.y(point.mean_bw), 1.7, fill=BLUE)
    if ceiling_bw is not None:
        words = f"ceiling {say.number(ceiling_bw, 1)}"
        drawing.rect(box.left + 1, ceiling_y - 9.5, width_of(words) + 3, 8.5, fill="#FFFFFF")
        drawing.text(box.left + 2, ceiling_y - 3, words, colour=RED)
    drawing.circle(28, 116.6, 1.7, fill=BLUE)
    drawing.text(34, 119, "mean of a session")
    _tick_up(drawing, 112, 117)
    drawing.text(118, 119, "hardest landing")
    return drawing.svg()


def _tick_up(drawing: Drawing, x: float, y: float) -> None:
    drawing.shape([(x, y - 2.6), (x + 2.4, y + 1.6), (x - 2.4, y + 1.6)], fill=INK)


def change_chart(row: OutcomeRow) -> str:
    """A change against the error of measurement: the grey band is what may be chance.

    To the right is better; of measures of which no side is, larger is to the right.
    """
    width, height = 84.0, 15.0
    drawing = Drawing(width, height)
    middle, y = width / 2, height / 2
    size = row.smallest_change
    if row.change is None or size is None or size <= 0:
        drawing.line(4, y, width - 4, y, colour=LINE, width=0.8)
        return drawing.svg()
    unit = (width / 2 - 6) / 3.0
    drawing.line(4, y, width - 4, y, colour=MUTED, width=0.6)
    drawing.rect(middle - unit, y - 5, 2 * unit, 10, fill=FAINT, colour=LINE, stroke=0.4)
    drawing.line(middle, y - 6, middle, y + 6, colour=MUTED, width=0.7)
    share = row.change / size
    if row.better is Better.LOWER:
        share = -share
    x = middle + unit * max(-3.0, min(3.0, share))
    drawing.line(middle, y, x, y, colour=INK, width=1.6)
    if abs(share) > 3.0:
        tip = 4.0 if share > 0 else -4.0
        drawing.shape([(x - tip, y - 3.2), (x + tip * 0.6, y), (x - tip, y + 3.2)], fill=INK)
    else:
        inside = row.meaning is Meaning.WITHIN_ERROR
        drawing.circle(x, y, 3.0, fill="#FFFFFF" if inside else INK, colour=INK)
    return drawing.svg()


def _cross(drawing: Drawing, x: float, y: float, r: float) -> None:
    drawing.line(x - r, y - r, x + r, y + r, colour=RED, width=1.3)
    drawing.line(x - r, y + r, x + r, y - r, colour=RED, width=1.3)


def slots_chart(attended: int, planned: int) -> str:
    """Sessions attended of those planned, as a bar with its quarter marks."""
    width = 146.0
    drawing = Drawing(width, 9)
    drawing.rect(0.4, 0.4, width - 0.8, 8.2, fill="#FFFFFF", colour=MUTED, stroke=0.6)
    share = min(attended / planned, 1.0) if planned else 0.0
    drawing.rect(0.4, 0.4, (width - 0.8) * share, 8.2, fill=BLUE)
    for quarter in (1, 2, 3):
        x = width * quarter / 4
        drawing.line(x, 6, x, 8.6, colour="#FFFFFF" if quarter / 4 < share else MUTED, width=0.7)
    return drawing.svg()
