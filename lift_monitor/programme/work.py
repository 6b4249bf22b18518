"""What one session says of one exercise: the worst that is known, and what is missing.

An adverse value counts wherever it stands: in a warm-up, in a set of low confidence, in one of
two records that contradict each other. A favourable one counts only if nothing about it is
missing. So every merge here takes the more careful side, and the order of the facts is without
meaning.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lift_monitor.events import Confidence
from lift_monitor.programme.memory import Memory
from lift_monitor.programme.record import (
    DayChange,
    History,
    SessionRecord,
    SetKind,
    SetRecord,
)

Place = tuple[date, str]
"""Where a session stands among the person's: by day, and on one day by key."""
_T = TypeVar("_T", int, float)


@dataclass(frozen=True, slots=True)
class Work:
    """One exercise in one session.

    Attributes
    ----------
    exercise
        Key of the plan's exercise.
    session, day, attended
        Of the session.
    trained
        Attended, and at least one repetition was done, or nobody knows how many.
    working
        Working sets.
    tested
        A set to find the one-repetition maximum was among them.
    asked, done
        Repetitions of the working sets: asked for, and done of those; ``done`` is ``None`` if it
        is not known of every set. What one set has too many does not make up for another.
    possible
        Repetitions that may have been done: those of which nobody knows are taken for done.
    load_kg
        Lightest mass on the bar in working sets; ``None`` if it is not known of every set.
    top_kg
        Heaviest known one.
    rung
        Lowest rung of impacts; ``None`` if it is not known of every set.
    red, watched
        Repetitions with a red flag in all sets, and whether technique was watched in every one.
    rpe, rpe_known
        Highest effort in warm-up and working sets (Borg 6-20), and whether that of the last
        working set is known.
    loss_pct, middle_loss_pct, loss_known
        Largest and middle (median) velocity loss of the working sets, and whether it is known of
        every one.
    pain, pain_known
        Worst pain in all sets (0-10), and whether it is known after the last one.
    sudden
        Sudden new pain in the back.
    landings
        Measured landings of the working sets; ``None`` unless every landing was measured.
    over_ceiling, ceiling_known
        Landings above the person's ceiling, and whether that is known of every working set.
    confident, reasons
        Whether all of it is of high confidence, and why not.
    changes
        What the clinician changed of the day's prescription; more than one where it is not known
        which holds.
    """

    exercise: str
    session: str
    day: date
    attended: bool
    trained: bool
    working: int
    tested: bool
    asked: int
    done: int | None
    possible: int
    load_kg: float | None
    top_kg: float | None
    rung: int | None
    red: int
    watched: bool
    rpe: int | None
    rpe_known: bool
    loss_pct: float | None
    middle_loss_pct: float | None
    loss_known: bool
    pain: int | None
    pain_known: bool
    sudden: bool
    landings: int | None
    over_ceiling: int
    ceiling_known: bool
    confident: bool
    reasons: tuple[str, ...]
    changes: tuple[DayChange, ...]

    @property
    def clean(self) -> bool:
        """Something was done, watched in every set, with confidence, without one red flag."""
        return (
            self.attended and bool(self.done) and self.watched and not self.red and self.confident
        )

    def wanted(self, sets: int, repetitions: int) -> int:
        """Repetitions that were wanted on the day: at most those of the plan's dose.

        None where another rung was done, whose dose is its own: then those of its sets count.

        Parameters
        ----------
        sets, repetitions
            Of the plan's dose.
        """
        planned = sets * repetitions
        of_the_day = [
            0
            if made.left_out or made.rung is not None
            else (made.sets or sets) * (made.repetitions or repetitions)
            for made in self.changes
        ]
        return min(planned, max(of_the_day, default=planned))


def sessions_of(history: History) -> tuple[SessionRecord, ...]:
    """All sessions, oldest first, each key once.

    Of two records with one key the sets are put together; the session counts as attended only if
    both say so, and on the earlier day.
    """
    return _sorted_sessions.of(history.sessions)


def _in_order(sessions: tuple[SessionRecord, ...]) -> tuple[SessionRecord, ...]:
    by_key: dict[str, list[SessionRecord]] = defaultdict(list)
    for session in sessions:
        by_key[session.key].append(session)
    merged = [
        records[0]
        if len(records) == 1
        else SessionRecord(
            key=key,
            day=min(record.day for record in records),
            attended=all(record.attended for record in records),
            sets=tuple(found for record in records for found in record.sets),
            adverse=tuple(event for record in records for event in record.adverse),
            reason_missed=min(record.reason_missed for record in records),
            changes=tuple(made for record in records for made in record.changes),
        )
        for key, records in by_key.items()
    ]
    return tuple(sorted(merged, key=place))


def places_of(history: History) -> dict[str, Place]:
    """The places of all sessions by key."""
    return {session.key: place(session) for session in sessions_of(history)}


def place(session: SessionRecord | Work) -> Place:
    """Where a session stands among the person's."""
    key = session.key if isinstance(session, SessionRecord) else session.session
    return (session.day, key)


def works(history: History, exercise: str) -> tuple[Work, ...]:
    """What was done of an exercise, oldest session first; one entry for each with sets of it."""
    done = (_works_of_session.of(session) for session in sessions_of(history))
    return tuple(work[exercise] for work in done if exercise in work)


def by_day(history: History, found: Iterable[Work]) -> tuple[Work, ...]:
    """What was done of an exercise, one entry for each day, oldest first.

    A session that was ended by mistake and begun again is one, and so are two of one day: the sets
    of the later one come after those of the earlier.

    Parameters
    ----------
    history
        Of the person.
    found
        Of one exercise, oldest first, as :func:`works` gives them; what is left out stays so.
    """
    days: dict[date, list[Work]] = defaultdict(list)
    for work in found:
        days[work.day].append(work)
    sessions = {session.key: session for session in sessions_of(history)}
    return tuple(
        of_day[0]
        if len(of_day) == 1
        else _joined([sessions[work.session] for work in of_day], of_day)
        for _, of_day in sorted(days.items())
    )


def _joined(sessions: list[SessionRecord], found: list[Work]) -> Work:
    sets: list[SetRecord] = []
    for session in sessions:
        own = [done for done in session.sets if done.exercise == found[0].exercise]
        before = max((done.number for done in sets), default=0)
        sets += [dataclasses.replace(done, number=before + done.number) for done in own]
    attended = all(session.attended for session in sessions)
    # Begun again without a change, all of the plan was wanted.
    changed = [made for session in sessions for made in session.changes]
    changes = tuple(changed) if all(work.changes for work in found) else ()
    return _work(dataclasses.replace(sessions[-1], attended=attended, changes=changes), sets)


def _works_of(session: SessionRecord) -> Mapping[str, Work]:
    by_exercise: dict[str, list[SetRecord]] = defaultdict(list)
    for done in session.sets:
        by_exercise[done.exercise].append(done)
    return {exercise: _work(session, sets) for exercise, sets in by_exercise.items()}


def _work(session: SessionRecord, sets: list[SetRecord]) -> Work:
    numbered: dict[int, list[SetRecord]] = defaultdict(list)
    for done in sets:
        if done.kind is SetKind.WORKING:
            numbered[done.number].append(done)
    working = [done for records in numbered.values() for done in records]
    last = numbered[max(numbered)] if numbered else []
    counted = [_repetitions(records) for records in numbered.values()]
    asked = [max(done.target_repetitions for done in records) for records in numbered.values()]
    loads = [done.load_kg for done in working]
    known_loads = [kg for kg in loads if kg is not None]
    rungs = [done.rung for done in working]
    worst_losses = [
        _worst(done.velocity_loss_pct for done in records) for records in numbered.values()
    ]
    losses = [loss for loss in worst_losses if loss is not None]
    landings = [_all_landings(records) for records in numbered.values()]
    return Work(
        exercise=sets[0].exercise,
        session=session.key,
        day=session.day,
        working=len(numbered),
        attended=session.attended,
        trained=session.attended and any(done.repetitions != 0 for done in sets),
        tested=any(done.kind is SetKind.TEST for done in sets),
        asked=sum(asked),
        done=_sum(counted),
        possible=sum(
            wanted if count is None else count for wanted, count in zip(asked, counted, strict=True)
        ),
        load_kg=_lowest(loads),
        top_kg=max(known_loads, default=None),
        rung=_lowest(rungs),
        red=sum(
            max(done.red_repetitions or 0 for done in records) for records in _by_set(sets).values()
        ),
        watched=all(done.red_repetitions is not None for done in working),
        rpe=_worst(done.rpe for done in sets if done.kind is not SetKind.TEST),
        rpe_known=bool(last) and all(done.rpe is not None for done in last),
        loss_pct=_worst(done.velocity_loss_pct for done in working),
        middle_loss_pct=statistics.median(losses) if losses else None,
        loss_known=bool(working) and all(done.velocity_loss_pct is not None for done in working),
        pain=_worst(done.pain for done in sets),
        pain_known=bool(last) and all(done.pain is not None for done in last),
        sudden=any(done.sudden_back_pain for done in sets),
        landings=_sum(landings),
        over_ceiling=sum(
            max(done.over_ceiling or 0 for done in records) for records in _by_set(sets).values()
        ),
        ceiling_known=bool(working) and all(done.over_ceiling is not None for done in working),
        confident=bool(working) and all(done.confidence is Confidence.HIGH for done in working),
        reasons=tuple(sorted({reason for done in working for reason in done.reasons})),
        changes=tuple(made for made in session.changes if made.exercise == sets[0].exercise),
    )


def _by_set(sets: list[SetRecord]) -> dict[tuple[SetKind, int], list[SetRecord]]:
    grouped: dict[tuple[SetKind, int], list[SetRecord]] = defaultdict(list)
    for done in sets:
        grouped[(done.kind, done.number)].append(done)
    return grouped


def _repetitions(records: list[SetRecord]) -> int | None:
    """Repetitions of one set, of several records of it the fewest; no more than asked for.

    One record that knows of too few counts even if another knows nothing.
    """
    wanted = max(done.target_repetitions for done in records)
    known = [done.repetitions for done in records if done.repetitions is not None]
    fewest = min(known, default=wanted)
    if fewest >= wanted and len(known) < len(records):
        return None
    return min(fewest, wanted)


def _all_landings(records: list[SetRecord]) -> int | None:
    """Measured landings of one set; ``None`` if there were more repetitions than that."""
    measured = _fewest(done.landings for done in records)
    done = max((each.repetitions or 0 for each in records), default=0)
    return measured if measured is not None and measured >= done else None


def _fewest(values: Iterable[int | None]) -> int | None:
    seen = list(values)
    known = [value for value in seen if value is not None]
    return min(known) if known and len(known) == len(seen) else None


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _lowest(values: list[_T | None]) -> _T | None:
    known = [value for value in values if value is not None]
    return min(known) if known and len(known) == len(values) else None


def _worst(values: Iterable[_T | None]) -> _T | None:
    return max((value for value in values if value is not None), default=None)


# One proposal asks for the same sessions a hundred times.
_sorted_sessions = Memory(_in_order, size=64)
_works_of_session = Memory(_works_of, size=4096)
