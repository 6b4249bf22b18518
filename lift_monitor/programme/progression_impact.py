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
from lift_monitor.programme.reasons import to_do, would_hold, would_rise
from lift_monitor.programme.record import History
from lift_monitor.programme.review import Review, review
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.standing import Standing
from lift_monitor.programme.told import told


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
        away,
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
        (),
        unless=(f"Less than {rules.away_days} away",),
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
        (),
        unless=(f"Without pain on {say.day(last.work.day)}",),
    )


def _too_hard_twice(case: ImpactCase) -> Iterator[Draft]:
    signs = case.seen.hard_twice
    if not signs or case.at == 0:
        return
    said = ", ".join(dict.fromkeys(sign.text for sign in signs))
    yield _draft(
        Action.STEP_DOWN,
        case.at - 1,
        "impact_too_hard_twice",
        said,
        (),
        unless=(f"With the session of {say.day(case.seen.hard_days[0])} not too hard",),
    )


def _base(case: ImpactCase) -> Draft:
    if not case.seen.good:
        hard, left = case.seen.hard, case.seen.open()
        return _draft(
            Action.HOLD,
            case.at,
            "too_hard_once" if hard else "not_all_met",
            ", ".join(sign.text for sign in hard) if hard else left[0].lacking,
            (
                *would_rise(left, told(case.planned, _step(case), None)),
                *(to_do(left, case.seen.unknown_for) or _hurts_on_the_lowest(case)),
            ),
            case.seen.doubts(),
        )
    return _step(case)


def _hurts_on_the_lowest(case: ImpactCase) -> tuple[str, ...]:
    hurt = [each for each in case.seen.open() if each.name == "pain"]
    if case.at or not hurt:
        return ()
    return ("There is no lower rung: look into the pain, or exclude impacts for this person.",)


def _step(case: ImpactCase) -> Draft:
    """The next rung, as if all conditions were met."""
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
        would_hold(case.seen.conditions, "no step up"),
    )


def _draft(
    action: Action,
    rung: int,
    rule: str,
    because: str,
    would_change: tuple[str, ...],
    doubts: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
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
        unless=unless,
    )
