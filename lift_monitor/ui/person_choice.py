"""What the Sensors page shows for somebody's session, and what of it their plan keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.events import Exercise
from lift_monitor.limits import with_limits
from lift_monitor.programme.plan import FlagLimit, Limits
from lift_monitor.programme.plan_check import edited
from lift_monitor.programme.prescribe import today
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.station_words import StationConfig
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.session import SessionChoice


def first_choice(clinic: Clinic, person: Person, day: date) -> SessionChoice:
    """The first exercise of a day that may be done, with the person's mass and limits.

    Raises
    ------
    ValueError
        With one sentence, if nothing may be done today.
    ClinicError
        If the records cannot be read.
    """
    history = clinic.history(person.id)
    planned = [p for p in today(history, day) if not p.blocked]
    if not planned:
        why = next((p.blocked for p in today(history, day) if p.blocked), "")
        raise ValueError(
            tr("Nothing may be done today by {who}. {why}", who=person.pseudonym, why=why).strip()
        )
    first = next((p for p in planned if p.measured_as is not None), planned[0])
    work = first.work or first.sets
    masses = [a.body_mass_kg for a in clinic.care.assessments(person.id) if a.body_mass_kg]
    choice = SessionChoice(
        exercise=first.measured_as or Exercise.FREE,
        load_kg=first.sets[0].load_kg if first.sets else None,
        target_reps=first.sets[0].repetitions if first.sets else 5,
        target_sets=max(len(work), 1),
        alias=person.pseudonym,
        body_mass_kg=masses[-1] if masses else None,
    )
    return with_plan_limits(choice, history.plan.limits)


def with_plan_limits(choice: SessionChoice, limits: Limits) -> SessionChoice:
    """The choice with the limits of a plan; what it does not name stays the house's default."""
    rules: tuple[FlagRule, ...] = DEFAULT_RULES
    for limit in limits.flags:
        rules = with_limits(rules, limit.kind, limit.amber, limit.red)
    band = ImpactBand()
    low = band.low_bw if limits.landing_low_bw is None else limits.landing_low_bw
    high = band.high_bw if limits.landing_high_bw is None else limits.landing_high_bw
    return replace(
        choice,
        flag_rules=rules,
        impact_band=ImpactBand(low, high),
        loss_amber_pct=limits.loss_amber_pct,
        loss_stop_pct=limits.loss_stop_pct,
    )


def keep_limits(clinic: Clinic, person: Person, config: StationConfig, by: str) -> bool:
    """Keep limits that were set before a session in the person's plan; says whether any were.

    Raises
    ------
    ClinicError
        If the store cannot be written.
    ValueError
        With one sentence, if a plan cannot have such limits.
    """
    plan = clinic.history(person.id).plan
    known = with_plan_limits(SessionChoice(), plan.limits)
    if (known.flag_rules, known.impact_band) == (config.flag_rules, config.impact_band):
        return False
    usual, band = {rule.kind: rule for rule in DEFAULT_RULES}, ImpactBand()
    limits = replace(
        plan.limits,
        flags=tuple(
            FlagLimit(rule.kind, rule.amber, rule.red)
            for rule in config.flag_rules
            if (rule.amber, rule.red) != (usual[rule.kind].amber, usual[rule.kind].red)
        ),
        landing_low_bw=_unless(config.impact_band.low_bw, band.low_bw),
        landing_high_bw=_unless(config.impact_band.high_bw, band.high_bw),
    )
    reason = tr("limits set before a session")
    clinic.plans.set(person.id, edited(plan, limits=limits), by, reason)
    return True


def _unless(value: float, usual: float) -> float | None:
    return None if value == usual else value
