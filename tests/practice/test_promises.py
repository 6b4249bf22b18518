"""Promises that cannot be broken would prove nothing: here each is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Ratings, StoredSet
from lift_monitor.events import Confidence
from lift_monitor.practice.course import Course, CourseDay, SimulatedClock, run_course
from lift_monitor.practice.people import PEOPLE
from lift_monitor.practice.promises import broken, lacking
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import SetKind
from lift_monitor.programme.shipped import LIFTMOR

SESSIONS = 18
"""Enough for the first weeks of training."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    clock = SimulatedClock()
    path: Path = tmp_path_factory.mktemp("clinic") / "clinic.sqlite"
    with Clinic.open(path, now=clock, durable=False) as clinic:
        return run_course(clinic, clock, PEOPLE[1], LIFTMOR, sessions=SESSIONS)


def with_sets(
    course: Course, number: int, change: Callable[[StoredSet], StoredSet], exercise: str
) -> Course:
    """The course with the sets of one exercise in one session changed."""

    def changed(day: CourseDay) -> CourseDay:
        if day.number != number:
            return day
        sets = tuple(change(s) if s.new.exercise == exercise else s for s in day.sets)
        return replace(day, sets=sets)

    return replace(course, days=tuple(changed(day) for day in course.days))


def loaded(kg: float) -> Callable[[StoredSet], StoredSet]:
    def change(stored: StoredSet) -> StoredSet:
        if stored.new.kind is not SetKind.WORKING:
            return stored
        return replace(stored, new=replace(stored.new, load_kg=stored.new.load_kg + kg))  # type: ignore[operator]

    return change


def before_a_rise(course: Course, exercise: str) -> int:
    """A session after which the load of an exercise rose."""
    for day in course.days:
        if any(p.exercise == exercise and p.action is Action.STEP_UP for p in day.proposals):
            accepted = [d for d in day.decisions if d.exercise == exercise]
            if accepted and accepted[-1].action == Action.STEP_UP and day.number < SESSIONS:
                return day.number
    raise AssertionError("nothing rose")


def trained(course: Course) -> int:
    """The last session in the training phase of the deadlift."""
    return max(
        day.number
        for day in course.days
        for s in day.stood
        if s.exercise == "deadlift" and s.phase is Phase.TRAINING and day.attended
    )


def test_the_course_itself_breaks_none(course: Course) -> None:
    assert broken(course, LIFTMOR) == []


def test_more_than_a_step_is_seen(course: Course) -> None:
    at = trained(course)
    found = " ".join(broken(with_sets(course, at, loaded(9.0), "deadlift"), LIFTMOR))
    assert "more than one step" in found
    assert "is above 85 %" in found
    assert "was decided" in found


def test_much_less_than_the_band_is_seen(course: Course) -> None:
    at = trained(course)
    found = broken(with_sets(course, at, loaded(-9.0), "deadlift"), LIFTMOR)
    assert any("more than a plate step below 80 %" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        (
            "red flag",
            lambda s: replace(
                s,
                new=replace(s.new, watched=True),
                repetitions=tuple(replace(r, red=True) for r in s.repetitions),
            ),
        ),
        ("nobody watched", lambda s: replace(s, new=replace(s.new, watched=False))),
        (
            "low confidence",
            lambda s: replace(s, new=replace(s.new, confidence=Confidence.LOW)),
        ),
        ("nobody said how hard", lambda s: replace(s, ratings=Ratings(pain=0))),
        ("nobody asked for pain", lambda s: replace(s, ratings=Ratings(rpe=12))),
        (
            "nobody counted",
            lambda s: replace(
                s, new=replace(s.new, measured=None, counted_by_hand=None), repetitions=()
            ),
        ),
    ],
)
def test_a_rise_after_it_is_seen(
    course: Course, what: str, change: Callable[[StoredSet], StoredSet]
) -> None:
    at = before_a_rise(course, "back_squat")
    found = broken(with_sets(course, at, change, "back_squat"), LIFTMOR)
    assert any(what in sentence and "->" in sentence for sentence in found), found


def test_going_on_after_a_stop_is_seen(course: Course) -> None:
    def stopped(day: CourseDay) -> CourseDay:
        if day.number != 5:
            return day
        return replace(
            day,
            proposals=tuple(replace(p, action=Action.STOP_AND_REFER) for p in day.proposals),
        )

    changed = replace(course, days=tuple(stopped(day) for day in course.days))
    assert any("done although it was stopped" in s for s in broken(changed, LIFTMOR))


def test_lifting_what_is_barred_is_seen(course: Course) -> None:
    def uncleared(day: CourseDay) -> CourseDay:
        return replace(day, before=replace(day.before, clearance=None))

    changed = replace(course, days=tuple(uncleared(day) for day in course.days))
    assert any("done although it is barred" in s for s in broken(changed, LIFTMOR))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"facts": ()}, "a proposal without facts"),
        ({"would_change": ()}, "a proposal that does not say what would have changed it"),
        ({"headline": " "}, "a proposal without a headline of one line"),
        ({"rules_version": ""}, "a proposal without the version of its rules"),
        (
            {"confidence": Confidence.LOW, "confidence_reasons": ()},
            "a low confidence without a reason",
        ),
    ],
)
def test_an_incomplete_proposal_is_seen(
    course: Course, change: dict[str, object], sentence: str
) -> None:
    whole: Proposal = course.days[0].proposals[0]
    assert not list(lacking(whole))
    assert sentence in list(lacking(replace(whole, **change)))  # type: ignore[arg-type]
