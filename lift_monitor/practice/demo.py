"""A clinic of simulated people, to try screens, report and commands on without a patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity
from lift_monitor.practice.course import (
    SESSIONS,
    START,
    Course,
    SimulatedClock,
    planned_day,
    run_course,
)
from lift_monitor.practice.people import CLINICIAN, PEOPLE, SimulatedPerson
from lift_monitor.programme.shipped import PLANS

_SHOWN: Final = ("Heron 3", "Wren 11", "Crane 8", "Dunlin 9", "Lapwing 4", "Linnet 1",
                 "Kestrel 13", "Bittern 15")  # fmt: skip
"""Those who show the most in half a course."""
HALF: Final = SESSIONS // 2


def demo_people(count: int = len(_SHOWN)) -> tuple[SimulatedPerson, ...]:
    """So many of the twenty, those first who show the most.

    Raises
    ------
    ValueError
        If there are not so many.
    """
    if not 1 <= count <= len(PEOPLE):
        raise ValueError(f"There are 1 to {len(PEOPLE)} simulated people, not {count}.")
    first = sorted(PEOPLE, key=lambda person: _place(person.pseudonym))
    return tuple(sorted(first[:count], key=lambda person: person.number))


def start_before(day: date, sessions: int) -> date:
    """The first day of a course whose last session so far was three days before ``day``.

    So that what is measured two days after a session is in the past as well.
    """
    since = planned_day(START, max(sessions, 1)) - START
    return day - timedelta(days=3) - since


def demo_clinic(
    path: Path,
    seed: int = 1,
    *,
    people: Sequence[SimulatedPerson] | None = None,
    sessions: int = HALF,
    start: date = START,
    told: Callable[[SimulatedPerson], None] = lambda _person: None,
) -> tuple[Course, ...]:
    """Make a clinic's file with simulated people part of the way through their programme.

    Parameters
    ----------
    path : Path
        Must not exist.
    seed : int
        The same seed gives the same people the same course.
    people : sequence of SimulatedPerson, optional
        Eight of the twenty, if not given.
    sessions : int
        Planned sessions that lie behind them.
    start : date
        Of the first session.
    told : callable
        Is told of each person before the course begins.

    Raises
    ------
    ClinicError
        If the file cannot be made.
    """
    clock = SimulatedClock(start)
    courses = []
    with Clinic.open(path, now=clock, durable=False) as clinic:
        clinic.mark_simulated(CLINICIAN)
        for person in demo_people() if people is None else people:
            told(person)
            plan = PLANS[person.plan]
            course = run_course(
                clinic, clock, person, plan, start=start, sessions=sessions, seed=seed
            )
            clinic.people.set_identity(
                course.person_id,
                Identity(
                    f"{person.pseudonym.split()[0]} Example (simulated)",
                    referrer="Practice Dr Example (simulated)",
                ),
                CLINICIAN,
            )
            courses.append(course)
    return tuple(courses)


def _place(pseudonym: str) -> int:
    return _SHOWN.index(pseudonym) if pseudonym in _SHOWN else len(_SHOWN)
