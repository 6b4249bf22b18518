"""Remarks of a recording that a replay obeys: calibrations, the load by hand, exercises.

What was commanded on the day is written down with its moment, so that the same commands at
the same moments give a replay the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from lift_monitor.events import Exercise
from lift_monitor.recordings.facts import Annotation
from lift_monitor.signal.commands import Command, SetExercise
from lift_monitor.signal.trunk_calibration import GuidedMinute, Window
from lift_monitor.signal.trunk_words import Calibrate, SetLoad
from lift_monitor.technique import Load

CALIBRATION: Final = "trunk_calibration"
LOAD: Final = "load_state"
EXERCISE: Final = "exercise"
_BAR: Final = "bar"
"""The state of the load is the bar's sensor's again."""


def remark_of(command: Command) -> Annotation:
    """Write a command down."""
    if isinstance(command, SetLoad):
        said = _BAR if command.load is None else command.load.name.lower()
        return Annotation(command.at_s, LOAD, data={"state": said})
    if isinstance(command, SetExercise):
        known = {} if command.load_kg is None else {"load_kg": repr(float(command.load_kg))}
        asked = {"reps": str(command.target_reps), "sets": str(command.target_sets)}
        return Annotation(
            command.at_s, EXERCISE, data={"exercise": command.exercise.value, **known, **asked}
        )
    minute = command.minute
    windows = {
        "stand": minute.stand,
        "hinge": minute.hinge,
        "stand_again": minute.stand_again,
    }
    return Annotation(
        command.at_s,
        CALIBRATION,
        data={name: f"{window.start_s!r}:{window.end_s!r}" for name, window in windows.items()},
    )


def commands_in(remarks: Iterable[Annotation]) -> tuple[Command, ...]:
    """Commands among the remarks of a recording, in order; what cannot be read is left out."""
    found: list[Command] = []
    for remark in remarks:
        try:
            if remark.kind == CALIBRATION:
                windows = (_window(remark.data[name]) for name in ("stand", "hinge", "stand_again"))
                found.append(Calibrate(remark.at_s, GuidedMinute(*windows)))
            elif remark.kind == LOAD:
                said = remark.data["state"]
                load = None if said == _BAR else Load[said.upper()]
                found.append(SetLoad(remark.at_s, load))
            elif remark.kind == EXERCISE:
                found.append(_exercise(remark))
        except (KeyError, ValueError):
            continue
    return tuple(found)


def _exercise(remark: Annotation) -> SetExercise:
    told = remark.data
    return SetExercise(
        remark.at_s,
        Exercise(told["exercise"]),
        float(told["load_kg"]) if "load_kg" in told else None,
        int(told["reps"]),
        int(told["sets"]),
    )


def _window(text: str) -> Window:
    start_s, end_s = (float(part) for part in text.split(":"))
    if not (math.isfinite(start_s) and math.isfinite(end_s) and start_s < end_s):
        raise ValueError(f"{text} is no stretch of time")
    return Window(start_s, end_s)
