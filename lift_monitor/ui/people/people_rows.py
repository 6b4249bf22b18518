"""Everybody at a glance, as values: what each row of the list says, and what needs attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.programme.clearance import Level
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.prescribe import attended_days, week
from lift_monitor.programme.record import History
from lift_monitor.programme.standing import standing
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.words import Look, phase_word

REASSESS_DAYS = 365
"""An assessment older than this is to be made anew; design default."""
_ABSENT_DAYS = 14
"""Longer than this without a session is told; the suggested rule calls it an absence."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One person in the list."""

    person: Person
    level: Level | None
    phase: str
    attended: int
    planned: int
    last_seen: date | None
    attention: tuple[Look, ...]
    """What needs attention, the gravest first; empty if nothing does."""
    week: int | None = None


def overview(clinic: Clinic, person: Person, today: date, open_session: bool) -> Overview:
    """What the list says of one person.

    Parameters
    ----------
    clinic : Clinic
    person : Person
    today : date
    open_session : bool
        A session of theirs was not ended.
    """
    history = clinic.history(person.id)
    attended = attended_days(history)
    last = max(attended, default=None)
    assessments = clinic.care.assessments(person.id)
    found: list[tuple[int, Look]] = []
    if open_session:
        found.append((1, (tr("▶ Session is open"), "info")))
    if stopped(history):
        found.append((0, (tr("■ Stop and refer"), "stop")))
    if history.clearance is None:
        found.append((2, (tr("▲ To be assessed"), "attention")))
    elif assessments and (today - assessments[-1].day).days > REASSESS_DAYS:
        found.append((3, (tr("▲ Re-assess: {day}", day=assessments[-1].day), "attention")))
    undecided = undecided_exercises(history)
    if undecided and not open_session:
        told = tr("▲ {n} undecided", n=len(undecided))
        found.append((2, (told, "attention")))
    if last is not None and (today - last).days > _ABSENT_DAYS:
        found.append((4, (tr("◆ Absent {n} days", n=(today - last).days), "info")))
    return Overview(
        person,
        history.clearance.level if history.clearance is not None else None,
        phase_of(history),
        len(attended),
        history.plan.sessions,
        last,
        () if person.archived else tuple(look for _, look in sorted(found, key=_gravity)),
        week(history, today) if history.sessions else None,
    )


def _gravity(found: tuple[int, Look]) -> int:
    return found[0]


def phase_of(history: History) -> str:
    """The phase that most exercises are in; what is out of the ordinary is told first."""
    if not history.decisions and not any(s.attended for s in history.sessions):
        return phase_word(None)
    phases = [
        standing(history, exercise.key).phase
        for exercise in history.plan.exercises
        if exercise.kind is not ExerciseKind.FREE
    ]
    if not phases:
        return phase_word(Phase.TRAINING)
    for phase in (Phase.RETURN, Phase.RETEST):
        if phases.count(phase) * 2 >= len(phases):
            return phase_word(phase)
    training = sum(p is not Phase.FAMILIARISATION for p in phases)
    return phase_word(Phase.TRAINING if training * 2 >= len(phases) else Phase.FAMILIARISATION)


def undecided_exercises(history: History) -> tuple[str, ...]:
    """Exercises of the last attended session on which nobody has decided since."""
    worked = [s for s in history.sessions if s.attended and s.sets]
    if not worked:
        return ()
    last = max(worked, key=lambda s: (s.day, s.key))
    planned = {e.key for e in history.plan.exercises if e.step_kg > 0 or e.ladder}
    done = [k for k in dict.fromkeys(s.exercise for s in last.sets) if k in planned]
    decided = {d.exercise for d in history.decisions if d.session == last.key or d.day > last.day}
    return tuple(key for key in done if key not in decided)


def stopped(history: History) -> tuple[str, ...]:
    """Why exercises are not done until a clinician has decided, one sentence each."""
    found = ((e.name, standing(history, e.key).stopped) for e in history.plan.exercises)
    return tuple(f"{name}: {why}" for name, why in found if why)
