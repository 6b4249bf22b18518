"""Progression of impacts: by the rungs of a ladder, first more landings, then harder ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lift_monitor.programme import say
from lift_monitor.programme.absence import Absence
from lift_monitor.programme.decided import decisions_of, releases
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.evidence import judge_impact
from lift_monitor.programme.plan import Phase, PlanExercise, Rung
from lift_monitor.programme.proposal import Action, Fact
from lift_monitor.programme.reasons import would_hold, would_rise
from lift_monitor.programme.record import History
from lift_monitor.programme.review import Review, review
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.standing import Standing


@dataclass(frozen=True, slots=True)
class ImpactCase:
    """All that the rules of impacts look at.

    ``pain_answered``: a clinician has decided otherwise since the last session.
    """

    planned: PlanExercise
    stand: Standing
    at: int
    away: Absence
    seen: Review
    pain_answered: bool
    rules: ProgressionRules

    @property
    def rung(self) -> Rung:
        """What is done now."""
        return self.planned.ladder[self.at]

    @property
    def next_rung(self) -> Rung | None:
        """What comes next; ``None`` at the top."""
        above = self.at + 1
        return self.planned.ladder[above] if above < len(self.planned.ladder) else None


def impact_case(
    history: History, stand: Standing, away: Absence, rules: ProgressionRules
) -> ImpactCase:
    """Gather what the rules of impacts look at; a rung must have been decided."""
    planned = history.plan.exercise(stand.exercise)
    at = min(max(stand.rung or 0, 0), len(planned.ladder) - 1)
    rung = planned.ladder[at]
    above = planned.ladder[at + 1] if at + 1 < len(planned.ladder) else None
    higher = above is not None and _kind(above) != _kind(rung)
    seen = review(
        history,
        stand.exercise,
        int(rules.impact_sessions_up.value),
        rules,
        lambda work: judge_impact(work, at, rung, higher, rules),
    )
    last = seen.last
    answered = last is not None and any(
        releases(decision)
        and (decision.session == last.work.session or decision.day > last.work.day)
        for decision in decisions_of(history, stand.exercise)
    )
    return ImpactCase(planned, stand, at, away, seen, answered, rules)


def impact_drafts(case: ImpactCase) -> Iterator[Draft]:
    """What every rule of impacts has to say."""
    yield from _absence(case)
    yield from _pain(case)
    yield from _too_hard_twice(case)
    yield _base(case)


def impact_facts(case: ImpactCase) -> tuple[Fact, ...]:
    """The evidence."""
    return tuple(condition.fact() for condition in case.seen.conditions)


def rung_text(planned: PlanExercise, rung: int | None) -> str:
    """Say a rung, e.g. ``rung 4 of 9: low drops from 10 cm, 3 x 5``."""
    if rung is None or not 0 <= rung < len(planned.ladder):
        return say.NOT_KNOWN
    step = planned.ladder[rung]
    height = f" from {step.height_cm:g} cm" if step.height_cm is not None else ""
    dose = f"{step.sets} x {step.repetitions}"
    return f"rung {rung + 1} of {len(planned.ladder)}: {step.name}{height}, {dose}"


def _kind(rung: Rung) -> tuple[str, str, float]:
    return (rung.name, rung.measured_as.value, rung.height_cm or 0.0)


def _absence(case: ImpactCase) -> Iterator[Draft]:
    away, rules = case.away, case.rules
    if not away.open:
        return
    below = 0 if away.tier >= 3 else max(0, case.at - away.tier)
    yield _draft(
        Action.REFAMILIARISE,
        below,
        "impact_absence",
        f"{say.times(away.days or 0, 'day')} away",
        (f"Less than {rules.away_days} away: keep the rung.",),
    )


def _pain(case: ImpactCase) -> Iterator[Draft]:
    last = case.seen.last
    limit = case.rules.impact_pain_down.value
    if last is None or last.work.pain is None or last.work.pain < limit:
        return
    felt = f"pain of {last.work.pain} of 10 on {say.day(last.work.day)}"
    if case.at == 0 or case.pain_answered:
        return
    yield _draft(
        Action.STEP_DOWN,
        case.at - 1,
        "impact_pain",
        felt,
        (f"Without pain on {say.day(last.work.day)}: keep the rung.",),
    )


def _too_hard_twice(case: ImpactCase) -> Iterator[Draft]:
    signs = case.seen.hard_twice
    if not signs or case.at == 0:
        return
    said = ", ".join(dict.fromkeys(sign.text for sign in signs))
    days = " and ".join(say.day(day) for day in case.seen.hard_days)
    yield _draft(
        Action.STEP_DOWN,
        case.at - 1,
        "impact_too_hard_twice",
        said,
        (f"With one of the sessions of {days} not too hard: keep the rung.",),
    )


def _base(case: ImpactCase) -> Draft:
    if not case.seen.good:
        hard, left = case.seen.hard, case.seen.open()
        return _draft(
            Action.HOLD,
            case.at,
            "too_hard_once" if hard else "not_all_met",
            ", ".join(sign.text for sign in hard) if hard else left[0].lacking,
            would_rise(left, _then(case)),
            case.seen.doubts(),
        )
    if case.next_rung is None:
        return _draft(
            Action.HOLD,
            case.at,
            "impact_top",
            "the highest rung is reached",
            ("A longer ladder in the plan would have allowed a step up.",),
        )
    return _draft(
        Action.STEP_UP,
        case.at + 1,
        "impact_up",
        "",
        would_hold(case.seen.conditions, f"keep {rung_text(case.planned, case.at)}"),
    )


def _then(case: ImpactCase) -> str:
    if case.next_rung is None:
        return "hold all the same, the highest rung is reached"
    return f"step up to {rung_text(case.planned, case.at + 1)}"


def _draft(
    action: Action,
    rung: int,
    rule: str,
    because: str,
    would_change: tuple[str, ...],
    doubts: tuple[str, ...] = (),
) -> Draft:
    return Draft(
        action=action,
        phase=Phase.IMPACT,
        load_kg=None,
        rung=rung,
        maximum_kg=None,
        rule=rule,
        because=because,
        would_change=would_change,
        doubts=doubts,
    )
