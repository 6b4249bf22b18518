"""Twenty simulated people, each with a gift and most with a mishap.

They are made up. Their pseudonyms are birds with a number, as the real ones are; a store that
holds them says that it is simulated (:mod:`lift_monitor.practice.course`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from lift_monitor.events import Exercise
from lift_monitor.practice.gifts import Gift
from lift_monitor.practice.mishaps import (
    Away,
    Careless,
    DeadSensor,
    Doubtful,
    Mishap,
    Pain,
    Span,
    SuddenBackPain,
    Unwatched,
    Weak,
)
from lift_monitor.programme.clearance import Answer, Assessment

CLINICIAN: Final = "M. Example, physiotherapist"
"""Who decides in every simulated course."""

_CLEAR: Final[Mapping[str, Any]] = {
    "vertebral_fracture": Answer.NO,
    "low_trauma_fractures": 0,
    "recent_fracture": Answer.NO,
    "localised_back_pain": Answer.NO,
    "uncontrolled_cardiovascular": Answer.NO,
    "malignancy": Answer.NO,
    "lower_limb_surgery_or_injury": Answer.NO,
    "cognitive_impairment": Answer.NO,
    "t_spine": -2.2,
    "t_femoral_neck": -1.9,
    "t_hip": -1.6,
    "blood_work": "calcium and vitamin D noted as normal",
    "blood_work_seen": Answer.YES,
    "pain_now": 0,
    "kyphosis_deg": 46.0,
    "exam": "hinges at the hip, no pain on loading",
    "current_activity": "walks every day",
    "sit_to_stand_s": 11.5,
    "timed_up_and_go_s": 7.6,
    "can_hip_hinge": Answer.YES,
}


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """One of the twenty."""

    number: int
    """From 1; seeds the person's own chances, so that nobody's course depends on another's."""
    pseudonym: str
    story: str
    """What is particular, in one sentence."""
    gift: Gift
    mishaps: tuple[Mishap, ...] = ()
    age_years: int = 66
    body_mass_kg: float = 63.0
    height_cm: float = 162.0
    found: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the assessment that differ from a clear one."""
    excluded: Mapping[str, str] = field(default_factory=dict)
    """Key of an exercise: why the person does not do it."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Key of a finding: the reason for which a named clinician overrode it."""
    plan: str = "liftmor"
    comes_back_after: int = 6
    """Planned sessions after a stop, until the clinician has heard from the doctor."""

    def assessment(self, day: date) -> Assessment:
        """The first assessment."""
        return Assessment(
            day=day,
            by=CLINICIAN,
            age_years=self.age_years,
            body_mass_kg=self.body_mass_kg,
            height_cm=self.height_cm,
            **{**_CLEAR, **self.found},
        )


_DEAD, _SQUAT, _PRESS = Exercise.DEADLIFT, Exercise.BACK_SQUAT, Exercise.OVERHEAD_PRESS
_IMPACTS = (Exercise.HEEL_DROP, Exercise.DROP_LANDING, Exercise.JUMPING_CHIN_UP)

PEOPLE: Final[tuple[SimulatedPerson, ...]] = (
    SimulatedPerson(
        1,
        "Heron 3",
        "Average in everything, with good data throughout.",
        Gift(58.0, 48.0, 21.0),
    ),
    SimulatedPerson(
        2,
        "Wren 11",
        "Gains quickly.",
        Gift(62.0, 52.0, 22.0, gain=0.8, gain_sessions=25.0, red_chance=0.0008, strain_red=0.01),
        age_years=60,
    ),
    SimulatedPerson(
        3,
        "Robin 5",
        "Gains slowly and is clumsy: technique flags come often.",
        Gift(46.0, 38.0, 17.0, gain=0.22, red_chance=0.012, strain_red=0.06),
        (Careless(Span(38, 3), 0.15),),
        age_years=74,
        body_mass_kg=57.0,
    ),
    SimulatedPerson(
        4,
        "Crane 8",
        "Very strong from the first day, and lands hard.",
        Gift(115.0, 95.0, 42.0, gain=0.3, landing_bw=0.35),
        body_mass_kg=82.0,
        height_cm=176.0,
        age_years=58,
    ),
    SimulatedPerson(
        5,
        "Siskin 2",
        "Very weak: presses little more than the lightest bars.",
        Gift(26.0, 20.0, 5.2, gain=0.6),
        age_years=79,
        body_mass_kg=47.0,
        height_cm=151.0,
    ),
    SimulatedPerson(
        6,
        "Plover 14",
        "Ill for three weeks in the middle.",
        Gift(60.0, 50.0, 22.0),
        (Away(Span(34, 6), "pneumonia"), Weak(Span(40, 4), 0.06)),
    ),
    SimulatedPerson(
        7,
        "Curlew 6",
        "Has the flu for a week, comes back weak, and calls every effort hard.",
        Gift(54.0, 45.0, 20.0, rpe_shift=0.8),
        (Away(Span(41, 2), "flu"), Weak(Span(43, 3), 0.08)),
    ),
    SimulatedPerson(
        8,
        "Dunlin 9",
        "A painful knee for two weeks, and sore heels from the landings later.",
        Gift(57.0, 47.0, 20.0, pain_chance=0.05),
        (
            Pain(Span(29, 4), (_SQUAT,), 5, "right knee"),
            Pain(Span(50, 2), _IMPACTS, 3, "heels"),
        ),
    ),
    SimulatedPerson(
        9,
        "Lapwing 4",
        "Sudden back pain while deadlifting; stopped, referred, set on again weeks later.",
        Gift(59.0, 49.0, 21.0),
        (SuddenBackPain(24, _DEAD),),
    ),
    SimulatedPerson(
        10,
        "Osprey 12",
        "Two long holidays; an old malignancy was overridden by name.",
        Gift(61.0, 51.0, 23.0),
        (
            Away(Span(30, 4), "holidays"),
            Away(Span(56, 8), "four weeks with the grandchildren abroad"),
        ),
        found={"malignancy": Answer.YES},
        overrides={"malignancy": "skin cancer removed 12 years ago, oncologist's letter seen"},
    ),
    SimulatedPerson(
        11,
        "Swift 7",
        "The bar's sensor is dead for weeks: counted by hand at first, then by nobody.",
        Gift(60.0, 50.0, 21.0),
        (DeadSensor(Span(26, 4), counted=True), DeadSensor(Span(44, 4), counted=False)),
    ),
    SimulatedPerson(
        12,
        "Tern 16",
        "The sensors' numbers are often of low confidence.",
        Gift(56.0, 46.0, 20.0),
        (Doubtful(Span(12, 3)), Doubtful(Span(31, 6)), Doubtful(Span(52, 5))),
    ),
    SimulatedPerson(
        13,
        "Linnet 1",
        "The trunk sensors stay uncalibrated for weeks; technique is watched by eye or by nobody.",
        Gift(58.0, 47.0, 20.0),
        (Unwatched(Span(6, 3)), Unwatched(Span(28, 6)), Unwatched(Span(46, 4), seen_clean=True)),
    ),
    SimulatedPerson(
        14,
        "Avocet 10",
        "Does not deadlift: cannot grip the bar since the repair of a wrist.",
        Gift(55.0, 46.0, 19.0),
        excluded={"deadlift": "cannot grip the bar since the repair of the right wrist"},
    ),
    SimulatedPerson(
        15,
        "Kestrel 13",
        "Restricted after a vertebral fracture: raised start, capped load, no impacts.",
        Gift(48.0, 40.0, 17.0),
        age_years=71,
        found={"vertebral_fracture": Answer.YES, "kyphosis_deg": 58.0, "t_spine": -3.0},
    ),
    SimulatedPerson(
        16,
        "Bittern 15",
        "Not cleared: uncontrolled heart disease, not overridden.",
        Gift(50.0, 42.0, 18.0),
        found={"uncontrolled_cardiovascular": Answer.YES},
    ),
    SimulatedPerson(
        17,
        "Teal 17",
        "Never says how hard a set was.",
        Gift(60.0, 50.0, 22.0, tells_rpe=False),
    ),
    SimulatedPerson(
        18,
        "Sandpiper 18",
        "Comes to about half of the sessions.",
        Gift(57.0, 47.0, 20.0, attends=0.52),
    ),
    SimulatedPerson(
        19,
        "Goldfinch 19",
        "On the low-load home programme.",
        Gift(50.0, 42.0, 18.0, attends=0.85),
        plan="home",
    ),
    SimulatedPerson(
        20,
        "Redstart 20",
        "Grows weaker for months in the second half: the re-test comes out lower.",
        Gift(62.0, 52.0, 22.0, gain=0.3),
        (Weak(Span(36, 35), 0.17),),
        age_years=69,
    ),
)
"""All twenty, in order of their numbers."""
