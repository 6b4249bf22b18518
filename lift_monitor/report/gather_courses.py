"""Lifts, technique and landings over a period, from the sets that were done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from lift_monitor.events import Confidence
from lift_monitor.programme.assess import barred
from lift_monitor.programme.decided import decisions_of
from lift_monitor.programme.plan import ExerciseKind, Phase, PlanExercise
from lift_monitor.programme.record import History, Maximum, MaximumSource, SetKind
from lift_monitor.programme.standing import standing
from lift_monitor.report.data import (
    Accepted,
    ImpactPoint,
    LiftCourse,
    LiftPoint,
    Period,
    TechniqueSpan,
)
from lift_monitor.signal.landing_dose import osteogenic_index

if TYPE_CHECKING:
    from lift_monitor.report.gather import DoneSet

_SOURCES: Final = tuple(MaximumSource)
_LONGEST_BY_WEEK: Final = 70
_LONGEST_BY_MONTH: Final = 400
"""Days of a period up to which flags are told by the week, and by four weeks."""


def lift_courses(history: History, done: Sequence[DoneSet]) -> tuple[LiftCourse, ...]:
    """Every lift of the plan, and lifts of the period that are in the plan no more."""
    planned = [e for e in history.plan.exercises if e.kind is ExerciseKind.LIFT]
    courses = []
    for exercise in planned:
        stands = standing(history, exercise.key)
        points = _points(done, exercise.key)
        courses.append(
            LiftCourse(
                key=exercise.key,
                name=exercise.name,
                phase=stands.phase,
                points=points,
                maxima=_maxima(history, exercise.key),
                accepted=_accepted(history, exercise.key),
                load_now_kg=stands.load_kg,
                band_pct=_band(history, exercise),
                not_done=barred(history.clearance, exercise),
                stopped=stands.stopped,
            )
        )
    known = {e.key for e in history.plan.exercises}
    former = {d.stored.new.exercise for d in done if d.lift} - known
    for key in sorted(former):
        name = f"{key.replace('_', ' ').capitalize()} (no longer in the plan)"
        courses.append(
            LiftCourse(
                key=key,
                name=name,
                phase=Phase.TRAINING,
                points=_points(done, key),
                maxima=_maxima(history, key),
                accepted=_accepted(history, key),
                load_now_kg=None,
                band_pct=None,
                not_done="It is in the plan no more.",
            )
        )
    return tuple(courses)


def _band(history: History, exercise: PlanExercise) -> tuple[float, float] | None:
    """The planned share of the maximum; of a restricted person no more than the cap."""
    if exercise.band is None:
        return None
    low, high = exercise.band.low_pct, exercise.band.high_pct
    cap = history.clearance.cap_pct if history.clearance else None
    return (low, high) if cap is None else (min(low, cap), min(high, cap))


def _points(done: Sequence[DoneSet], exercise: str) -> tuple[LiftPoint, ...]:
    by_session: dict[int, list[DoneSet]] = defaultdict(list)
    for one in done:
        working = one.record.kind is SetKind.WORKING and one.record.load_kg is not None
        if one.stored.new.exercise == exercise and working:
            by_session[one.session.id].append(one)
    points = []
    for sets in by_session.values():
        counted = [s.record.repetitions for s in sets]
        known = [c for c in counted if c is not None]
        points.append(
            LiftPoint(
                day=sets[0].session.day,
                load_kg=max(s.record.load_kg or 0.0 for s in sets),
                sets=len(sets),
                repetitions=sum(known) if len(known) == len(counted) else None,
            )
        )
    return tuple(sorted(points, key=lambda point: point.day))


def _maxima(history: History, exercise: str) -> tuple[Maximum, ...]:
    found = sorted(history.maxima, key=lambda m: (m.day, _SOURCES.index(m.source)))
    return tuple(m for m in found if m.exercise == exercise)


def _accepted(history: History, exercise: str) -> tuple[Accepted, ...]:
    """Each change of the accepted maximum."""
    found: list[Accepted] = []
    for decision in decisions_of(history, exercise):
        kg = decision.maximum_kg
        if kg != (found[-1].kg if found else None):
            found.append(Accepted(decision.day, kg))
    return tuple(found)


def technique_spans(done: Sequence[DoneSet], period: Period) -> tuple[TechniqueSpan, ...]:
    """Flags of lifts in spans of one, four or eight weeks, so that a chart stays readable.

    A set counts as watched if sensors or the clinician watched it, or if a flag was raised all
    the same.
    """
    days = (period.end - period.start).days + 1
    step = 7 if days <= _LONGEST_BY_WEEK else 28 if days <= _LONGEST_BY_MONTH else 56
    spans = []
    start = period.start
    while start <= period.end:
        end = min(start + timedelta(days=step - 1), period.end)
        spans.append(_span(done, start, end))
        start = end + timedelta(days=1)
    return tuple(spans)


def _span(done: Sequence[DoneSet], start: date, end: date) -> TechniqueSpan:
    repetitions = watched = partly = red = amber = 0
    for one in done:
        counted = one.record.repetitions
        if not one.lift or not counted or not start <= one.session.day <= end:
            continue
        repetitions += counted
        reds, ambers = one.record.red_repetitions, one.record.amber_repetitions
        if reds is None and ambers is None:
            continue
        watched += counted
        if not one.stored.new.watched and one.stored.ratings.seen_clean is None:
            partly += counted
        red += min(reds or 0, counted)
        amber += min(ambers or 0, counted - min(reds or 0, counted))
    return TechniqueSpan(start, end, repetitions, watched, red, amber, partly)


def impact_points(done: Sequence[DoneSet]) -> tuple[ImpactPoint, ...]:
    """The landings of each session with a known force; those withdrawn count, without one."""
    by_session: dict[int, list[DoneSet]] = defaultdict(list)
    for one in done:
        if one.stored.new.landings:
            by_session[one.session.id].append(one)
    points = []
    for sets in by_session.values():
        landings = [land for s in sets for land in s.stored.new.landings]
        peaks = [x.peak_grf_bw for x in landings if x.confidence is not Confidence.NONE]
        if not peaks:
            continue
        over = [s.record.over_ceiling for s in sets if s.record.over_ceiling is not None]
        points.append(
            ImpactPoint(
                day=sets[0].session.day,
                count=len(landings),
                mean_bw=sum(peaks) / len(peaks),
                hardest_bw=max(peaks),
                osteogenic_index=osteogenic_index(peaks),
                over_ceiling=sum(over) if over else None,
                at_least=any(x.clipped for x in landings),
                low_confidence=sum(x.confidence is Confidence.LOW for x in landings),
                withdrawn=len(landings) - len(peaks),
            )
        )
    return tuple(points)


def landings_without_force(done: Sequence[DoneSet]) -> int:
    """Landings of sessions in which every force was withdrawn."""
    by_session: dict[int, list[bool]] = defaultdict(list)
    for one in done:
        by_session[one.session.id].extend(
            x.confidence is Confidence.NONE for x in one.stored.new.landings
        )
    return sum(len(withdrawn) for withdrawn in by_session.values() if all(withdrawn))
