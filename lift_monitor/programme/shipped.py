"""The plans that ship: LIFTMOR, and the low-load home programme that it was compared with.

Where a number was read in a trial's text, its origin names the text. All other numbers are
design defaults: the trials' papers that could be read give no loads, steps, rests or warm-ups.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lift_monitor.events import Exercise
from lift_monitor.programme.plan import (
    DESIGN_DEFAULT,
    Band,
    ExerciseKind,
    Gate,
    Learning,
    Origin,
    Plan,
    PlanExercise,
    Plate,
    Rack,
    Rung,
    WarmUp,
)

_TRIAL: Final = "LIFTMOR trial (10.1002/jbmr.3284)"
_DOSE: Final = "LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"
_BAND: Final = (
    "LIFTMOR preliminary report, as a clinic's poster tells it: 80-85 % of the one-repetition "
    "maximum (10.1007/s00198-015-3263-2); the abstract of the full trial says above 85 % "
    "(10.1002/jbmr.3284)"
)
_LANDINGS: Final = "secondary texts on the LIFTMOR trial: 5 sets of 5; not read in the paper"
_WEEKS: Final = "LIFTMOR trial: 8 months (10.1002/jbmr.3284); 70 sessions at two a week"
_TWICE: Final = "LIFTMOR trial: twice a week (10.1002/jbmr.3284)"
_SEVENTY: Final = (
    "LIFTMOR trial: its abstract counts 2 missed sessions against 70 (10.1002/jbmr.3284)"
)

_WARM_UPS: Final = (WarmUp(5, 50.0), WarmUp(5, 70.0))

_RACK: Final = Rack(
    # The lightest is for those who cannot press the next one: an aluminium bar, or dumbbells.
    bars_kg=(2.5, 5.0, 10.0, 15.0, 20.0),
    plates=(
        Plate(20.0, 2),
        Plate(15.0, 1),
        Plate(10.0, 2),
        Plate(5.0, 2),
        Plate(2.5, 2),
        Plate(1.25, 1),
        Plate(0.5, 2),
    ),
)


def _lift(
    exercise: Exercise,
    name: str,
    step_kg: float,
    first_load_kg: float,
    learning_step_kg: float,
    variants: tuple[str, ...],
    raised: str,
) -> PlanExercise:
    return PlanExercise(
        key=exercise.value,
        name=name,
        kind=ExerciseKind.LIFT,
        measured_as=exercise,
        sets=5,
        repetitions=5,
        band=Band(80.0, 85.0),
        step_kg=step_kg,
        warm_ups=_WARM_UPS,
        learning=Learning(
            first_load_kg=first_load_kg,
            step_kg=learning_step_kg,
            sets=3,
            repetitions=5,
            highest_rpe=14,
            variants=variants,
        ),
        ladder=(),
        rest_s=120.0,
        raised_variant=raised,
        source=_TRIAL,
        origins=(Origin("sets", _DOSE), Origin("repetitions", _DOSE), Origin("band", _BAND)),
    )


_DEADLIFT = _lift(
    Exercise.DEADLIFT,
    "Deadlift",
    2.5,
    0.0,
    5.0,
    ("hip hinge with a stick", "from blocks at knee height", "from the floor, light"),
    "from blocks, the bar at knee height",
)
_SQUAT = _lift(
    Exercise.BACK_SQUAT,
    "Back squat",
    2.5,
    0.0,
    5.0,
    ("sit to stand from a box", "squat to a box", "free squat, light"),
    "to a box, thighs above the horizontal",
)
_PRESS = _lift(
    Exercise.OVERHEAD_PRESS,
    "Overhead press",
    1.25,
    0.0,
    2.5,
    ("seated, with a stick", "landmine or dumbbell press", "standing, light"),
    "seated, with the back supported",
)


def _rung(name: str, measured_as: Exercise, sets: int, height_cm: float | None = None) -> Rung:
    return Rung(name, measured_as, sets, 5, height_cm)


_IMPACTS = PlanExercise(
    key=Exercise.JUMPING_CHIN_UP.value,
    name="Jumping chin-up with drop landing",
    kind=ExerciseKind.IMPACT,
    measured_as=Exercise.JUMPING_CHIN_UP,
    sets=5,
    repetitions=5,
    band=None,
    step_kg=0.0,
    warm_ups=(),
    learning=None,
    # The count rises before the height does.
    ladder=(
        _rung("heel drops", Exercise.HEEL_DROP, 2),
        _rung("heel drops", Exercise.HEEL_DROP, 3),
        _rung("heel drops", Exercise.HEEL_DROP, 5),
        _rung("low drops", Exercise.DROP_LANDING, 3, 10.0),
        _rung("low drops", Exercise.DROP_LANDING, 5, 10.0),
        _rung("low drops", Exercise.DROP_LANDING, 3, 15.0),
        _rung("low drops", Exercise.DROP_LANDING, 5, 15.0),
        _rung("jumping chin-ups with drop landing", Exercise.JUMPING_CHIN_UP, 3),
        _rung("jumping chin-ups with drop landing", Exercise.JUMPING_CHIN_UP, 5),
    ),
    rest_s=90.0,
    raised_variant="",
    source=_TRIAL,
    origins=(
        Origin("sets", _LANDINGS),
        Origin("repetitions", _LANDINGS),
    ),
)

LIFTMOR: Final = Plan(
    key="liftmor",
    name="LIFTMOR",
    version=1,
    supervised=True,
    sessions_a_week=2,
    weeks=35,
    sessions=70,
    warn_group=6,
    largest_group=8,
    gate=Gate(sessions=8, clean_in_a_row=2, source=DESIGN_DEFAULT),
    retest_weeks=6,
    exercises=(_DEADLIFT, _SQUAT, _PRESS, _IMPACTS),
    rack=_RACK,
    source=_TRIAL,
    origins=(
        Origin("sessions_a_week", _TWICE),
        Origin("weeks", _WEEKS),
        Origin("sessions", _SEVENTY),
        Origin("supervised", "LIFTMOR trial: supervised (10.1002/jbmr.3284)"),
        Origin("warn_group", "trial registration: groups of up to 6 (ACTRN12616000475448)"),
    ),
)
"""Heavy lifting under supervision, twice a week for eight months."""

_HOME_SOURCE: Final = (
    "control group of the LIFTMOR preliminary report (10.1007/s00198-015-3263-2), as a clinic's "
    "poster tells it"
)


_LIGHT: Final = f"{_HOME_SOURCE}; 3 kg is a {DESIGN_DEFAULT}"


def _free(
    key: str, name: str, sets: int = 2, repetitions: int = 10, source: str = _HOME_SOURCE
) -> PlanExercise:
    return PlanExercise(
        key=key,
        name=name,
        kind=ExerciseKind.FREE,
        measured_as=None,
        sets=sets,
        repetitions=repetitions,
        band=None,
        step_kg=0.0,
        warm_ups=(),
        learning=None,
        ladder=(),
        rest_s=60.0,
        raised_variant="",
        source=source,
    )


HOME: Final = Plan(
    key="home",
    name="Low-load home programme",
    version=1,
    supervised=False,
    sessions_a_week=2,
    weeks=35,
    sessions=70,
    warn_group=6,
    largest_group=8,
    gate=Gate(sessions=0, clean_in_a_row=0, source="nothing heavy is done in this plan"),
    retest_weeks=6,
    exercises=(
        _free("walk", "Walk for 10 minutes as a warm-up", 1, 1),
        _free("lunge", "Lunges"),
        _free("calf_raise", "Calf raises"),
        _free("forward_raise", "Standing forward raise, up to 3 kg", source=_LIGHT),
        _free("shrug", "Shrugs, up to 3 kg", source=_LIGHT),
        _free("cool_down", "Cool-down for 5 minutes", 1, 1, DESIGN_DEFAULT),
    ),
    rack=_RACK,
    source=_HOME_SOURCE,
    origins=(
        Origin("sessions_a_week", "two sessions of 30 minutes a week; " + _HOME_SOURCE),
        Origin("weeks", "8 months; " + _HOME_SOURCE),
        Origin("supervised", _HOME_SOURCE),
    ),
)
"""What the control group did at home, unsupervised: the comparison."""

PLANS: Final[Mapping[str, Plan]] = MappingProxyType({plan.key: plan for plan in (LIFTMOR, HOME)})
"""The plans that ship, by key."""
