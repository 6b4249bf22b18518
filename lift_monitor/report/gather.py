"""From the clinic's store to the values of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import lift_monitor
from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import StoredSession, StoredSet
from lift_monitor.events import IMPACT_EXERCISES, Confidence
from lift_monitor.programme.assess import open_findings
from lift_monitor.programme.plan import ExerciseKind, Plan
from lift_monitor.programme.prescribe import attended_days
from lift_monitor.programme.record import DayChange, History, SetRecord
from lift_monitor.programme.standing import standing
from lift_monitor.report import text as say
from lift_monitor.report.data import (
    Adverse,
    Attendance,
    Basis,
    ChangedForADay,
    ConfirmedMaximum,
    Decided,
    Head,
    Missed,
    Note,
    Period,
    Reason,
    ReportData,
    Stopped,
)
from lift_monitor.report.errors import ReportError
from lift_monitor.report.gather_courses import (
    impact_points,
    landings_without_force,
    lift_courses,
    technique_spans,
)
from lift_monitor.report.gather_outcomes import outcome_rows

PAINFUL = 4
"""Of 10; design default, as in the rules of progression."""


@dataclass(frozen=True, slots=True)
class DoneSet:
    """A set with its session, as it is stored and as the programme sees it."""

    session: StoredSession
    stored: StoredSet
    record: SetRecord
    lift: bool
    """A lift, which has a technique to watch; else impacts or free exercises."""


def gather(
    clinic: Clinic,
    person_id: int,
    start: date | None = None,
    end: date | None = None,
    *,
    day: date,
    by: str = "",
    with_identity: bool = False,
    words: str = "",
) -> ReportData:
    """Everything that a report of one person shows.

    Parameters
    ----------
    clinic : Clinic
    person_id : int
    start, end : date, optional
        First and last day; from the first session or assessment to ``day`` if not given.
    day : date
        On which the report is written.
    by : str
        Who writes it.
    with_identity : bool
        Show the name; else the pseudonym alone.
    words : str
        The clinician's words for this report.

    Raises
    ------
    ClinicError
        If there is no such person.
    ReportError
        If the period ends before it starts.
    """
    person = clinic.people.get(person_id)
    sessions = clinic.sessions.all(person_id)
    first = min([person.since, *(s.day for s in sessions)])
    period = Period(start or min(first, day), end or day)
    if period.end < period.start and start is None:
        raise ReportError(
            f"The report would end on {period.end}, before the first day of {person.pseudonym}, "
            f"{period.start}; choose a later last day."
        )
    if period.end < period.start and end is None:
        raise ReportError(
            f"The report would start on {period.start}, after today, {period.end}; "
            "choose an earlier first day."
        )
    if period.end < period.start:
        raise ReportError(
            f"The period ends on {period.end}, before it starts on {period.start}; "
            "turn the two days round."
        )
    history = until(clinic.history(person_id), period.end)
    plan = history.plan
    stored_plan = clinic.plans.current(person_id)
    held = [s for s in sessions if period.holds(s.day)]
    done, removed_sets = _done_sets(clinic, held, plan)
    names = {e.key: e.name for e in plan.exercises}
    return ReportData(
        head=Head(
            pseudonym=person.pseudonym,
            identity=clinic.people.identity(person_id) if with_identity else None,
            since=person.since,
            period=period,
            written_by=by,
            written_on=day,
            plan=plan.name,
            plan_version=plan.version,
            plan_sessions=plan.sessions,
            plan_chosen=stored_plan is not None,
            simulated=clinic.simulated,
        ),
        clearance=history.clearance,
        open_findings=open_findings(history.clearance) if history.clearance else (),
        attendance=_attendance(history, period),
        lifts=lift_courses(history, done),
        technique=technique_spans(done, period),
        impacts=impact_points(done),
        impact_ceiling_bw=next(
            (d.stored.new.ceiling_bw for d in reversed(done) if d.stored.new.ceiling_bw), None
        ),
        outcomes=outcome_rows(clinic.outcomes.all(person_id), period.end),
        adverse=tuple(
            Adverse(e.day, e.grade, e.text, names.get(e.exercise, e.exercise), e.by)
            for e in clinic.sessions.adverse_events(person_id)
            if period.holds(e.day)
        ),
        decisions=tuple(
            Decided(d, names.get(d.exercise, d.exercise), _rung(d.exercise, d.rung, plan))
            for d in sorted(history.decisions, key=lambda d: d.order)
            if period.holds(d.day)
        ),
        notes=tuple(Note(s.day, s.note) for s in held if s.note.strip()),
        words=words,
        basis=replace(_basis(clinic, person_id, done, history, period), removed_sets=removed_sets),
        day_changes=tuple(_day_changes(history, period)),
        confirmed=tuple(
            ConfirmedMaximum(m.day, names.get(m.exercise, m.exercise), m.kg, m.confirmed)
            for m in history.maxima
            if m.confirmed.strip() and period.holds(m.day)
        ),
        stopped=_stopped(history),
        landings_without_force=landings_without_force(done),
    )


def until(history: History, end: date) -> History:
    """What was known of a person at the end of a day."""
    return replace(
        history,
        sessions=tuple(s for s in history.sessions if s.day <= end),
        maxima=tuple(m for m in history.maxima if m.day <= end),
        decisions=tuple(d for d in history.decisions if d.day <= end),
        adverse=tuple(e for e in history.adverse if e.day <= end),
        outcomes=tuple(o for o in history.outcomes if o.day <= end),
    )


def _stopped(history: History) -> tuple[Stopped, ...]:
    """What is stopped at the end, impacts as well; each reason once."""
    names: dict[str, list[str]] = {}
    for exercise in history.plan.exercises:
        why = standing(history, exercise.key).stopped
        if why:
            names.setdefault(why, []).append(exercise.name)
    every = len(history.plan.exercises)
    return tuple(
        Stopped(why, ("every exercise",) if len(of) == every > 1 else tuple(of))
        for why, of in names.items()
    )


def _day_changes(history: History, period: Period) -> Iterator[ChangedForADay]:
    names = {e.key: e.name for e in history.plan.exercises}
    for session in history.sessions:
        for change in session.changes if period.holds(session.day) else ():
            if what := _made_different(change, history.plan):
                name = names.get(change.exercise, change.exercise)
                yield ChangedForADay(session.day, name, what, change.reason, change.by)


def _made_different(change: DayChange, plan: Plan) -> str:
    """What was asked for in one session, in words; empty if it was taken back."""
    if change.left_out:
        return "left out"
    asked = []
    if change.sets is not None:
        asked.append(say.count(change.sets, "set"))
    if change.repetitions is not None:
        asked.append(say.count(change.repetitions, "repetition"))
    if change.load_kg is not None:
        asked.append(say.loaded(change.load_kg))
    if words := _rung(change.exercise, change.rung, plan):
        asked.append(words)
    return ", ".join(asked)


def _rung(exercise: str, number: int | None, plan: Plan) -> str:
    ladder = next((e.ladder for e in plan.exercises if e.key == exercise), ())
    if number is None or not 0 <= number < len(ladder):
        return ""
    rung = ladder[number]
    height = f" of {rung.height_cm:g} cm" if rung.height_cm is not None else ""
    return f"{rung.name}{height}, {rung.sets}\u00a0×\u00a0{rung.repetitions}"


def _done_sets(
    clinic: Clinic, sessions: Sequence[StoredSession], plan: Plan
) -> tuple[list[DoneSet], int]:
    """Sets that count, and how many were taken out."""
    kinds = {e.key: e.kind for e in plan.exercises}
    done = []
    removed = 0
    for session in sessions:
        if not session.attended:
            continue
        for stored in clinic.sessions.sets(session.id, removed=True):
            if not stored.counts:
                removed += 1
                continue
            kind = kinds.get(stored.new.exercise)
            lift = kind is ExerciseKind.LIFT or (kind is None and _measured_as_lift(stored))
            done.append(DoneSet(session, stored, record_of(stored), lift))
    return done, removed


def _measured_as_lift(stored: StoredSet) -> bool:
    """Whether an exercise that is in the plan no more was a lift."""
    if stored.new.measured is not None:
        return stored.new.measured.exercise not in IMPACT_EXERCISES
    return stored.new.load_kg is not None and not stored.new.landings


def _attendance(history: History, period: Period) -> Attendance:
    days = attended_days(history)
    return Attendance(
        attended=tuple(day for day in days if period.holds(day)),
        missed=tuple(
            Missed(s.day, s.reason_missed)
            for s in history.sessions
            if not s.attended and period.holds(s.day)
        ),
        attended_before=sum(day < period.start for day in days),
        planned=history.plan.sessions,
    )


def _basis(
    clinic: Clinic, person_id: int, done: Sequence[DoneSet], history: History, period: Period
) -> Basis:
    reasons: Counter[str] = Counter()
    low = 0
    for one in done:
        if one.record.confidence is not Confidence.HIGH:
            low += 1
            reasons.update(dict.fromkeys(one.record.reasons, 1))
    lifted = [d for d in done if d.lift]
    by_sensors = sum(d.stored.new.watched for d in lifted)
    by_eye = sum(
        not d.stored.new.watched and d.stored.ratings.seen_clean is not None for d in lifted
    )
    unseen = Counter(
        d.stored.new.not_watched_because
        for d in lifted
        if not d.stored.new.watched and d.stored.ratings.seen_clean is None
    )
    pains = [d.record.pain for d in done if d.record.pain is not None]
    methods = {land.grf_method for d in done for land in d.stored.new.landings}
    proposals = clinic.decisions.proposals(person_id)
    return Basis(
        sets=len(done),
        measured=sum(_measured(d) for d in done),
        by_hand=sum(not _measured(d) and d.record.repetitions is not None for d in done),
        uncounted=sum(not _measured(d) and d.record.repetitions is None for d in done),
        lifted=len(lifted),
        watched_by_sensors=by_sensors,
        watched_by_eye=by_eye,
        not_watched=len(lifted) - by_sensors - by_eye,
        low_confidence=low,
        reasons=_told(reasons),
        edited_repetitions=sum(
            not r.counts or (r.measured is None and d.stored.new.measured is not None)
            for d in done
            for r in d.stored.repetitions
        ),
        force_methods=tuple(sorted(methods)),
        confidence_of_maxima=tuple(m.confidence for m in history.maxima),
        rules_versions=tuple(
            sorted({p.rules_version for p, decision in proposals if period.holds(decision.day)})
        ),
        software_version=lift_monitor.__version__,
        painful=sum(pain >= PAINFUL for pain in pains),
        pain_asked=len(pains),
        highest_pain=max(pains, default=None),
        sudden_back_pain=tuple(sorted({d.session.day for d in done if d.record.sudden_back_pain})),
        not_watched_because=_told(unseen),
    )


def _told(reasons: Counter[str]) -> tuple[Reason, ...]:
    """The most frequent first."""
    found = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Reason(text, sets) for text, sets in found)


def _measured(done: DoneSet) -> bool:
    return done.stored.new.measured is not None or bool(done.stored.new.landings)
