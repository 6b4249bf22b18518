"""Commands written down as remarks and read again."""

from __future__ import annotations

import pytest

from lift_monitor.events import Exercise
from lift_monitor.recordings.facts import Annotation
from lift_monitor.remarks import commands_in, remark_of
from lift_monitor.signal.commands import Command, SetExercise
from lift_monitor.signal.trunk_calibration import GuidedMinute, Window
from lift_monitor.signal.trunk_words import Calibrate, SetLoad
from lift_monitor.technique import Load

MINUTE = GuidedMinute(Window(0.1, 10.3), Window(10.3, 20.0), Window(20.0, 1 / 3 * 100))


@pytest.mark.parametrize(
    "command",
    [
        Calibrate(34.5, MINUTE),
        SetLoad(1.0, None),
        *(SetLoad(2.0, load) for load in Load),
        *(SetExercise(1 / 3, exercise, 1 / 7, 3, 1) for exercise in Exercise),
        SetExercise(0.0, Exercise.HEEL_DROP),
    ],
)
def test_a_command_survives_the_recording(command: Command) -> None:
    body = remark_of(command).to_json()
    assert commands_in([Annotation.from_json(body, 0)]) == (command,)


@pytest.mark.parametrize(
    "remark",
    [
        Annotation(1.0, "pain", "knee"),
        Annotation(1.0, "load_state"),
        Annotation(1.0, "load_state", data={"state": "heavy"}),
        Annotation(1.0, "trunk_calibration", data={"stand": "0:1", "hinge": "1:2"}),
        Annotation(
            1.0, "trunk_calibration", data={"stand": "1:0", "hinge": "1:2", "stand_again": "2:3"}
        ),
        Annotation(
            1.0, "trunk_calibration", data={"stand": "0:nan", "hinge": "1:2", "stand_again": "2:3"}
        ),
        Annotation(
            1.0, "trunk_calibration", data={"stand": "0:1:2", "hinge": "x", "stand_again": ""}
        ),
        Annotation(1.0, "exercise"),
        *(
            Annotation(
                1.0, "exercise", data={"exercise": "deadlift", "reps": "5", "sets": "5"} | wrong
            )
            for wrong in (
                {"exercise": "yoga"},
                {"load_kg": "nan"},
                {"load_kg": "-5"},
                {"load_kg": "heavy"},
                {"reps": "0"},
                {"sets": "9" * 5000},
                {"sets": ""},
            )
        ),
    ],
)
def test_what_is_no_command_is_left_out(remark: Annotation) -> None:
    good = remark_of(SetLoad(5.0, Load.LOADED))
    assert commands_in([remark, good]) == (SetLoad(5.0, Load.LOADED),)
