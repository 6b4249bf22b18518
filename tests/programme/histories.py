"""Histories for the tests of progression: built in a few words, and at random."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Clearance, Level
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.plates import loadable
from lift_monitor.programme.record import (
    AdverseEvent,
    DayChange,
    Decision,
    EventGrade,
    History,
    Maximum,
    MaximumSource,
    SessionRecord,
    SetKind,
    SetRecord,
    Verdict,
)
from lift_monitor.programme.shipped import LIFTMOR

START = date(2026, 3, 2)
DEADLIFT = "deadlift"
IMPACTS = "jumping_chin_up"
CLEARED = Clearance(Level.HIGH_INTENSITY, START, "Clinician")
LOADS = [kg for kg in loadable(LIFTMOR.rack) if kg <= 120.0]


def decided(
    exercise: str = DEADLIFT,
    *,
    phase: Phase = Phase.TRAINING,
    load_kg: float | None = 50.0,
    maximum_kg: float | None = 62.0,
    rung: int | None = None,
    day: date = START,
    order: int = 1,
    verdict: Verdict = Verdict.SET,
    reason: str = "",
    session: str = "",
    action: str = "",
) -> Decision:
    """A decision; by default 50 kg of 62 kg in training."""
    return Decision(
        exercise, day, order, verdict, "Clinician", phase, load_kg, rung, maximum_kg, reason,
        session, action,
    )  # fmt: skip


def maximum(kg: float, day: date = START, confidence: Confidence = Confidence.HIGH) -> Maximum:
    """A tested maximum of the deadlift."""
    return Maximum(DEADLIFT, MaximumSource.TESTED, kg, None, None, day, confidence, "lifted once")


def work(exercise: str = DEADLIFT, *, sets: int = 5, **changed: Any) -> tuple[SetRecord, ...]:
    """Working sets that went well; what is named is otherwise, in every set.

    A value may be a list, one for each set.
    """
    plain: dict[str, Any] = {
        "load_kg": 50.0,
        "target_repetitions": 5,
        "repetitions": 5,
        "red_repetitions": 0,
        "amber_repetitions": 0,
        "velocity_loss_pct": 10.0,
        "rpe": 14,
        "pain": 0,
    }
    if exercise == IMPACTS:
        plain |= {
            "load_kg": None, "velocity_loss_pct": None, "red_repetitions": None,
            "amber_repetitions": None, "rung": 0, "landings": 5, "over_ceiling": 0,
        }  # fmt: skip
    plain |= changed
    found = []
    for at in range(sets):
        values = {
            key: value[at] if isinstance(value, list) else value for key, value in plain.items()
        }
        found.append(SetRecord(exercise, at + 1, SetKind.WORKING, **values))
    return tuple(found)


def session(
    day: date,
    *sets: SetRecord,
    adverse: tuple[AdverseEvent, ...] = (),
    key: str = "",
    attended: bool = True,
    changes: tuple[DayChange, ...] = (),
) -> SessionRecord:
    """An attended session; its key is its day."""
    return SessionRecord(key or str(day), day, attended, sets, adverse, changes=changes)


def history(
    *sessions: SessionRecord,
    decisions: tuple[Decision, ...] = (),
    maxima: tuple[Maximum, ...] = (),
    clearance: Clearance | None = CLEARED,
    **changed: Any,
) -> History:
    """A history with the plan that ships."""
    return History(
        LIFTMOR, clearance, sessions=sessions, decisions=decisions, maxima=maxima, **changed
    )


# At random ---------------------------------------------------------------------------------
# Drawn from a seed and not value by value: whole histories are too large to be drawn quickly.


def histories(exercise: str = DEADLIFT) -> st.SearchStrategy[History]:
    """Histories of one exercise as they may come, with decisions that fit together."""
    return st.integers(0, 2**48).map(
        lambda seed: with_changes(
            random_history(exercise, random.Random(seed)), exercise, random.Random(seed + 1)
        )
    )


def with_changes(history: History, exercise: str, dice: random.Random) -> History:
    """The history with some of its sessions changed for the day, mostly made shorter."""
    sessions = tuple(
        dataclasses.replace(session, changes=(_day_change(exercise, dice),))
        if dice.random() < 0.2
        else session
        for session in history.sessions
    )
    return dataclasses.replace(history, sessions=sessions)


def _day_change(exercise: str, dice: random.Random) -> DayChange:
    return DayChange(
        dice.choice([exercise, exercise, exercise, "back_squat"]),
        "Clinician",
        "slept badly",
        left_out=dice.random() < 0.1,
        sets=dice.choice([None, 1, 2, 3, 4, 6]),
        repetitions=dice.choice([None, None, 2, 3]),
        load_kg=dice.choice([None, None, 30.0]) if exercise == DEADLIFT else None,
        rung=dice.choice([None, None, 0]) if exercise == IMPACTS else None,
    )


def random_history(exercise: str, dice: random.Random) -> History:
    """One such history; the same dice give the same one."""
    day = START
    decisions = [_standing(exercise, day, 1, dice)]
    sessions: list[SessionRecord] = []
    well = dice.choice([0.3, 0.7, 0.95])
    for number in range(dice.randint(1, 11)):
        day += timedelta(days=dice.choice([1, 3, 3, 4, 4, 4, 4, 4, 13, 14, 30]))
        if number and dice.random() < 0.15:
            decisions.append(_standing(exercise, day, len(decisions) + 1, dice))
        sessions.append(
            SessionRecord(
                key=f"{number:02}",
                day=day,
                attended=dice.random() < 0.95,
                sets=_sets(exercise, decisions[-1], dice, well),
                adverse=_events(day, dice),
            )
        )
    maxima = [
        _maximum(exercise, decisions[-1].load_kg, day, dice) for _ in range(dice.randint(0, 3))
    ]
    clearance = dice.choice(
        [
            CLEARED,
            CLEARED,
            CLEARED,
            dataclasses.replace(CLEARED, level=Level.RESTRICTED, cap_pct=70.0),
            dataclasses.replace(CLEARED, level=Level.RESTRICTED, cap_kg=40.0),
        ]
    )
    return history(*sessions, decisions=tuple(decisions), maxima=tuple(maxima), clearance=clearance)


def _sets(
    exercise: str, stands: Decision, dice: random.Random, well: float
) -> tuple[SetRecord, ...]:
    """Sets that mostly went well, so that steps up are not rare."""
    impact = exercise == IMPACTS
    rung = LIFTMOR.exercise(IMPACTS).ladder[stands.rung or 0]
    learning = stands.phase in (Phase.FAMILIARISATION, Phase.RETEST)
    count = rung.sets if impact else 3 if learning and dice.random() < 0.7 else 5
    found = list(work(exercise, sets=count, load_kg=stands.load_kg, rung=stands.rung))
    if dice.random() < well:
        return tuple(found)
    for at, done in enumerate(found):
        if dice.random() < 0.5:
            continue
        for _ in range(dice.randint(1, 3)):
            done = dataclasses.replace(done, **dice.choice(_SLIPS)(dice, impact))
        found[at] = done
    if dice.random() < 0.2:
        found.append(dataclasses.replace(dice.choice(found), **dice.choice(_SLIPS)(dice, impact)))
    return tuple(found)


_Slip = Callable[[random.Random, bool], dict[str, Any]]
_SLIPS: list[_Slip] = [
    lambda dice, _: {"kind": dice.choice(list(SetKind))},
    lambda dice, impact: {"load_kg": None if impact else dice.choice([None, 5.0, 40.0, 80.0])},
    lambda dice, _: {"repetitions": dice.choice([None, 0, 3, 4, 6])},
    lambda dice, _: {"red_repetitions": dice.choice([None, 1, 2])},
    lambda dice, _: {"velocity_loss_pct": dice.choice([None, 15.0, 25.0, 35.0])},
    lambda dice, _: {"rpe": dice.choice([None, 6, 15, 17, 18, 20])},
    lambda dice, _: {"pain": dice.choice([None, 1, 2, 3, 3, 4, 5, 7])},
    lambda dice, impact: {"over_ceiling": dice.choice([None, 1, 2])} if impact else {"rpe": 16},
    lambda dice, impact: {"landings": dice.choice([None, 4])} if impact else {"pain": 3},
    lambda dice, _: {"confidence": dice.choice([Confidence.LOW, Confidence.NONE])},
    lambda dice, _: {"sudden_back_pain": dice.random() < 0.05},
]


def _standing(exercise: str, day: date, order: int, dice: random.Random) -> Decision:
    if LIFTMOR.exercise(exercise).kind is ExerciseKind.IMPACT:
        rung = dice.randint(0, 8)
        return decided(
            exercise,
            phase=Phase.IMPACT,
            load_kg=None,
            maximum_kg=None,
            rung=rung,
            day=day,
            order=order,
        )
    phases = [Phase.FAMILIARISATION, Phase.TRAINING, Phase.RETURN, Phase.RETEST]
    (phase,) = dice.choices(phases, [3, 5, 2, 1])
    load_kg = dice.choice(LOADS)
    training = phase is Phase.TRAINING
    share = dice.uniform(0.8, 0.85) if training else dice.uniform(0.3, 0.9)
    maximum_kg = min(load_kg / share, 300.0) if training or dice.random() < 0.5 else None
    return decided(
        exercise, phase=phase, load_kg=load_kg, maximum_kg=maximum_kg, day=day, order=order
    )


def _maximum(exercise: str, load_kg: float | None, day: date, dice: random.Random) -> Maximum:
    kg = min(300.0, round((load_kg or 20.0) * dice.uniform(1.0, 2.0), 1) + 1.0)
    bound = dice.random() < 0.15
    return Maximum(
        exercise,
        MaximumSource.REPETITIONS if bound else dice.choice(list(MaximumSource)),
        kg,
        kg if bound else None,
        None,
        day - timedelta(days=dice.choice([0, 0, 10, 27, 28, 42, 43, 80])),
        dice.choice([Confidence.HIGH, Confidence.HIGH, Confidence.HIGH, Confidence.LOW]),
        "a test",
    )


def _events(day: date, dice: random.Random) -> tuple[AdverseEvent, ...]:
    chance = dice.random()
    if chance > 0.04:
        return ()
    grade = EventGrade.SERIOUS if chance < 0.003 else EventGrade.MINOR
    return (AdverseEvent(day, grade, "dizzy"),)
