"""docs/programme.md tells the numbers that the code has, each with its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lift_monitor.programme import assess_findings as limits
from lift_monitor.programme.assess_findings import findings
from lift_monitor.programme.clearance import Answer, Assessment
from lift_monitor.programme.maximum import by_repetitions
from lift_monitor.programme.outcomes import COUNTS, SPECS, MeasureSpec
from lift_monitor.programme.plan import ExerciseKind, Plan, PlanExercise
from lift_monitor.programme.shipped import HOME, LIFTMOR

DAY = date(2026, 3, 2)


def plan_rows(plan: Plan) -> list[str]:
    """The plan's own numbers."""
    gate = f"{plan.gate.sessions} sessions, the last {plan.gate.clean_in_a_row} clean"
    told = {
        "sessions": f"planned sessions | {plan.sessions}",
        "sessions_a_week": f"sessions a week | {plan.sessions_a_week}",
        "weeks": f"weeks | {plan.weeks}",
        "warn_group": f"group that is warned of | above {plan.warn_group} people",
        "largest_group": f"group that is refused | above {plan.largest_group} people",
        "gate": f"gate before heavy loads | {gate}",
        "retest_weeks": f"maximum found anew | every {plan.retest_weeks} weeks",
    }
    return [f"| {said} | {plan.source_of(field)} |" for field, said in told.items()]


def exercise_rows(exercise: PlanExercise) -> list[str]:
    """One exercise's numbers."""
    told = {"sets": f"{exercise.sets} sets", "repetitions": f"of {exercise.repetitions}"}
    if exercise.band is not None:
        told["band"] = f"{exercise.band.low_pct:g}-{exercise.band.high_pct:g} %"
        told["step_kg"] = f"step {exercise.step_kg:g} kg"
        shares = " and ".join(f"{warm_up.intensity_pct:g} %" for warm_up in exercise.warm_ups)
        told["warm_ups"] = f"warm-up at {shares}"
    if exercise.learning is not None:
        learning = exercise.learning
        told["learning"] = (
            f"learnt from {learning.first_load_kg:g} kg in steps of {learning.step_kg:g} kg, "
            f"{learning.sets} sets of {learning.repetitions}, effort up to {learning.highest_rpe}"
        )
    if exercise.ladder:
        told["ladder"] = f"{len(exercise.ladder)} rungs"
    told["rest_s"] = f"rest {exercise.rest_s:g} s"
    return [
        f"| {exercise.name} | {said} | {exercise.source_of(field)} |"
        for field, said in told.items()
    ]


def rung_rows(exercise: PlanExercise) -> list[str]:
    """The ladder of impacts."""
    return [
        f"| {number} | {rung.name} | {rung.sets} sets of {rung.repetitions} | "
        f"{'' if rung.height_cm is None else f'{rung.height_cm:g} cm'} |"
        for number, rung in enumerate(exercise.ladder, 1)
    ]


def finding_rows() -> list[str]:
    """Every finding there is, from assessments that have them."""
    worst = Assessment(
        DAY, "AB",
        vertebral_fracture=Answer.YES, low_trauma_fractures=limits.SEVERAL_FRACTURES,
        recent_fracture=Answer.YES, localised_back_pain=Answer.YES,
        uncontrolled_cardiovascular=Answer.YES, malignancy=Answer.YES,
        lower_limb_surgery_or_injury=Answer.YES, cognitive_impairment=Answer.YES,
        other_contraindication="in words", t_spine=limits.LOW_T, can_hip_hinge=Answer.NO,
        pain_now=limits.BLOCKING_PAIN, kyphosis_deg=limits.MARKED_KYPHOSIS_DEG,
        ten_year_fracture_risk_pct=limits.HIGH_RISK_PCT, bone_active_drugs="name",
        timed_up_and_go_s=limits.SLOW_UP_AND_GO_S, sit_to_stand_s=limits.SLOW_SIT_TO_STAND_S + 0.1,
    )  # fmt: skip
    milder = replace(worst, low_trauma_fractures=1, pain_now=limits.RESTRICTING_PAIN)
    unasked = Assessment(DAY, "AB")
    seen = {}
    for assessment in (worst, milder, unasked):
        for found in findings(assessment):
            seen[(found.key, found.weight)] = found
    return [f"| {f.weight.value} | {f.text} | {f.source} |" for f in seen.values()]


def outcome_row(spec: MeasureSpec) -> str:
    """One measure."""
    unit = f" {spec.unit}" if spec.unit else ""
    error = "none known: told, not judged"
    if spec.smallest_change is not None:
        error = f"{spec.smallest_change:g}{unit}: {spec.error_source}"
    if spec.measure in COUNTS:
        error = "a count"
    cut = "" if spec.cut_off is None else f"{spec.cut_off:g}{unit}, {spec.cut_off_source}"
    better = spec.better.value if spec.better else ""
    return f"| {spec.name} | {spec.low:g} to {spec.high:g}{unit} | {better} | {error} | {cut} |"


def repetition_rows() -> list[str]:
    """What sets with 50 kg tell."""
    rows = []
    for repetitions in (2, 3, 5, 8, 10):
        maximum = by_repetitions("deadlift", 50.0, repetitions, DAY, to_failure=True)
        share = 100.0 * 50.0 / maximum.kg
        rows.append(f"| {repetitions} | {maximum.kg:g} kg | {share:.0f} % |")
    return rows


def every_row() -> dict[str, list[str]]:
    """All rows by the table they stand in."""
    lifts = [e for e in LIFTMOR.exercises if e.kind is not ExerciseKind.FREE]
    return {
        "plan": plan_rows(LIFTMOR),
        "exercises": [row for exercise in lifts for row in exercise_rows(exercise)],
        "ladder": rung_rows(LIFTMOR.exercise("jumping_chin_up")),
        "home": [f"| {e.name} | {e.sets} × {e.repetitions} |" for e in HOME.exercises],
        "findings": finding_rows(),
        "repetitions": repetition_rows(),
        "outcomes": [outcome_row(spec) for spec in SPECS.values()],
    }


@pytest.mark.parametrize("table", sorted(every_row()))
def test_the_page_and_the_code_tell_the_same(table: str, repository: Path) -> None:
    page = (repository / "docs" / "programme.md").read_text(encoding="utf-8")
    missing = [row for row in every_row()[table] if row not in page]

    assert not missing, "docs/programme.md lacks:\n" + "\n".join(missing)
