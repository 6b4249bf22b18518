"""What a history says about progress, as trends; pure values, nothing is guessed.

A session in which something was not measured has no point: not measured is never nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from lift_monitor.programme.plan import ExerciseKind, PlanExercise
from lift_monitor.programme.prescribe import attended_days
from lift_monitor.programme.record import History, MaximumSource, SessionRecord, SetKind, SetRecord
from lift_monitor.ui.i18n import load, tr
from lift_monitor.ui.people.trend import (
    BARS,
    LINE,
    MARKS,
    STEMS,
    STEP,
    STRAIGHT,
    Point,
    Series,
    Trend,
    from_nought,
)
from lift_monitor.ui.people.words import source_word

SMALLEST_CHANGE_MPS: Final = 0.08
"""Smallest detectable difference of the mean velocity of a free-weight squat, upper end of
0.06–0.08 m/s: Weakley et al. 2021, doi:10.1519/SSC.0000000000000560."""
_SAME_KG: Final = 0.01


class Progress:
    """Trends of one history.

    Parameters
    ----------
    history : History
    today : date
        The weeks reach to here at least.
    """

    def __init__(self, history: History, today: date) -> None:
        self.history = history
        days = [s.day for s in history.sessions] + [d.day for d in history.decisions]
        self.first = min(days, default=today)
        span = (max([*days, today]) - self.first).days / 7
        self.weeks = float(max(history.plan.weeks, int(span) + 1))
        self.sessions = sorted(history.sessions, key=lambda s: (s.day, s.key))

    def week(self, day: date) -> float:
        """Weeks since the beginning."""
        return (day - self.first).days / 7

    def _attended(self) -> list[SessionRecord]:
        return [s for s in self.sessions if s.attended]

    def _sets(self, session: SessionRecord, key: str) -> list[SetRecord]:
        return [s for s in session.sets if s.exercise == key and s.kind is SetKind.WORKING]

    # -- one exercise -----------------------------------------------------------------------------

    def load(self, exercise: PlanExercise) -> Trend:
        """Heaviest working load of each session, the accepted maximum, and the maxima found."""
        if exercise.kind is ExerciseKind.IMPACT:
            return self._rungs(exercise)
        loads: list[Point] = []
        for session in self._attended():
            sets = self._sets(session, exercise.key)
            if sets:
                known = [s.load_kg for s in sets if s.load_kg is not None]
                loads.append((self.week(session.day), max(known, default=None)))
        decided = sorted(
            (d for d in self.history.decisions if d.exercise == exercise.key),
            key=lambda d: (d.day, d.order),
        )
        accepted: list[Point] = [
            (self.week(d.day), d.maximum_kg) for d in decided if d.maximum_kg is not None
        ]
        if accepted:
            end = max([loads[-1][0] if loads else 0.0, accepted[-1][0]])
            accepted.append((end, accepted[-1][1]))
        series = [
            Series(tr("load"), tuple(loads), "trace", LINE),
            Series(tr("accepted 1RM"), tuple(accepted), "text", STEP),
        ]
        shapes = {
            MaximumSource.TESTED: ("circle", True),
            MaximumSource.REPETITIONS: ("triangle", True),
            MaximumSource.VELOCITY: ("diamond", False),
        }
        for source, (shape, filled) in shapes.items():
            points = tuple(
                (self.week(m.day), m.kg)
                for m in sorted(self.history.maxima, key=lambda m: m.day)
                if m.exercise == exercise.key and m.source is source
            )
            if points:
                series.append(Series(source_word(source), points, "muted", MARKS, shape, filled))
        return Trend(
            tr("Load and 1RM"),
            tr("kg; 1RM by source"),
            self.weeks,
            from_nought(_values(series), 20.0),
            series=tuple(series),
            nothing=tr("No {name} yet.", name=exercise.name.lower()),
        )

    def _rungs(self, exercise: PlanExercise) -> Trend:
        points: list[Point] = []
        for session in self._attended():
            rungs = [s.rung for s in self._sets(session, exercise.key) if s.rung is not None]
            if self._sets(session, exercise.key):
                points.append((self.week(session.day), max(rungs) + 1.0 if rungs else None))
        return Trend(
            tr("Rung of the ladder"),
            tr("1 is the lowest of {n}", n=len(exercise.ladder)),
            self.weeks,
            (0.0, float(max(1, len(exercise.ladder))), 1.0),
            series=(Series(tr("rung"), tuple(points), "trace", LINE),),
            nothing=tr("No {name} yet.", name=exercise.name.lower()),
        )

    def volume(self, exercise: PlanExercise) -> Trend:
        """Repetitions times load of the working sets of each session."""
        points: list[Point] = []
        for session in self._attended():
            sets = self._sets(session, exercise.key)
            if not sets:
                continue
            parts = [
                s.repetitions * s.load_kg
                for s in sets
                if s.repetitions is not None and s.load_kg is not None
            ]
            points.append((self.week(session.day), sum(parts) if len(parts) == len(sets) else None))
        return Trend(
            tr("Volume"),
            tr("kg × repetitions a session"),
            self.weeks,
            from_nought(_known(points), 100.0),
            series=(Series("", tuple(points), "bar", BARS),),
            unseen=tuple(w for w, v in points if v is None),
            unseen_words=tr("a load or a count is not known"),
            nothing=tr("Nothing lifted yet."),
        )

    def usual_load(self, exercise: PlanExercise) -> float | None:
        """The load at which velocity was measured in most sessions; the heavier of two."""
        seen = Counter(
            kg
            for session in self._attended()
            for kg in {
                round(s.load_kg, 2)
                for s in session.sets
                if s.exercise == exercise.key
                and s.load_kg is not None
                and s.load_kg > 0
                and s.best_velocity_mps is not None
            }
        )
        return max(seen, key=lambda kg: (seen[kg], kg), default=None)

    def velocity(self, exercise: PlanExercise) -> Trend:
        """Fastest repetition at the load that was lifted most often, with the smallest change."""
        kg = self.usual_load(exercise)
        points: list[Point] = []
        for session in self._attended():
            best = [
                s.best_velocity_mps
                for s in session.sets
                if s.exercise == exercise.key
                and kg is not None
                and s.load_kg is not None
                and abs(s.load_kg - kg) < _SAME_KG
                and s.best_velocity_mps is not None
            ]
            if best:
                points.append((self.week(session.day), max(best)))
        known = _known(points)
        band = None
        if known:
            first, change = known[0], SMALLEST_CHANGE_MPS
            band = (first - change, first + change, tr("± 0.08: error"))
        return Trend(
            tr("Velocity at {load}", load=load(kg)) if known else tr("Velocity at a load"),
            tr("m/s, mean of the fastest repetition"),
            self.weeks,
            from_nought(known, 0.8),
            series=(Series("", tuple(points), "trace", LINE),),
            band=band,
            nothing=tr("Velocity was not measured."),
        )

    def flags(self, exercise: PlanExercise) -> Trend:
        """Flags of technique in a hundred repetitions that were watched."""
        red: list[Point] = []
        amber: list[Point] = []
        for session in self._attended():
            sets = [s for s in session.sets if s.exercise == exercise.key and s.repetitions]
            if not sets:
                continue
            seen = [s for s in sets if s.red_repetitions is not None]
            count = sum(s.repetitions or 0 for s in seen)
            week = self.week(session.day)
            red.append((week, _per_100(sum(s.red_repetitions or 0 for s in seen), count)))
            amber.append((week, _per_100(sum(s.amber_repetitions or 0 for s in seen), count)))
        return Trend(
            tr("Flags"),
            tr("in 100 watched repetitions; dot: none"),
            self.weeks,
            from_nought(_known([*red, *amber]), 20.0),
            series=(
                Series(tr("▲ amber"), tuple(amber), "attention", STEMS, "triangle"),
                Series(tr("■ red"), tuple(red), "stop", STEMS, "square"),
            ),
            unseen=tuple(w for w, v in red if v is None),
            unseen_words=tr("technique not watched"),
            nothing=tr("Technique was not watched."),
        )

    # -- the whole programme ----------------------------------------------------------------------

    def landings(self) -> Trend:
        """Measured landings of each session."""
        points: list[Point] = []
        for session in self._attended():
            counts = [s.landings for s in session.sets if s.landings is not None]
            if counts:
                points.append((self.week(session.day), float(sum(counts))))
        return Trend(
            tr("Landings"),
            tr("measured, a session"),
            self.weeks,
            from_nought(_known(points), 30.0),
            series=(Series("", tuple(points), "bar", BARS),),
            nothing=tr("No landing was measured."),
        )

    def hardest(self) -> Trend:
        """Estimated force of the hardest landing of each session."""
        points: list[Point] = []
        for session in self._attended():
            hits = [s.hardest_landing_bw for s in session.sets if s.hardest_landing_bw is not None]
            if hits:
                points.append((self.week(session.day), max(hits)))
        landed = any(s.landings for session in self._attended() for s in session.sets)
        return Trend(
            tr("Hardest landing"),
            tr("body weights, estimated"),
            self.weeks,
            from_nought(_known(points), 5.0),
            series=(Series("", tuple(points), "trace", LINE),),
            nothing=tr("No force could be trusted.") if landed else tr("No landing was measured."),
        )

    def adherence(self) -> Trend:
        """Sessions attended against sessions planned, both from the beginning."""
        attended: list[Point] = [(0.0, 0.0)] if self.sessions else []
        for count, day in enumerate(attended_days(self.history), 1):
            attended.append((self.week(day), float(count)))
        planned: list[Point] = [
            (0.0, 0.0),
            (float(self.history.plan.weeks), float(self.history.plan.sessions)),
        ]
        missed = tuple(self.week(s.day) for s in self.sessions if not s.attended)
        return Trend(
            tr("Attendance"),
            tr("sessions, of {n} planned", n=self.history.plan.sessions),
            self.weeks,
            from_nought(_known(attended), float(self.history.plan.sessions)),
            series=(
                Series(tr("planned"), tuple(planned), "muted", STRAIGHT),
                Series(tr("attended"), tuple(attended), "trace", STEP),
            )
            if self.sessions
            else (),
            unseen=missed,
            unseen_words=tr("missed"),
            nothing=tr("No session yet."),
        )


def _values(series: Iterable[Series]) -> list[float]:
    return [v for s in series for _, v in s.points if v is not None]


def _known(points: Iterable[Point]) -> list[float]:
    return [v for _, v in points if v is not None]


def _per_100(flags: int, repetitions: int) -> float | None:
    return 100.0 * flags / repetitions if repetitions else None
