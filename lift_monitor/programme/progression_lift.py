"""Progression of a lift: by the mass on the bar, within the band of a measured maximum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.programme import say
from lift_monitor.programme.absence import lowering
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.lift_case import NOISE_KG, LiftCase, kept
from lift_monitor.programme.lift_steps import base_draft
from lift_monitor.programme.maximum import is_lower_bound
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.proposal import Action, Fact
from lift_monitor.programme.record import MaximumSource

_HOW: Final = {
    MaximumSource.TESTED: "lifted once",
    MaximumSource.REPETITIONS: "estimated from repetitions",
    MaximumSource.VELOCITY: "estimated from velocity",
}
_LOWERS: Final = "The newest maximum is of low confidence; it lowers the load all the same."
_CONFIRM: Final = (
    "With the maximum confirmed with a reason, or entered anew as it is: loads go on by it."
)


def lift_drafts(case: LiftCase) -> Iterator[Draft]:
    """What every rule of a lift has to say."""
    yield from _absence(case)
    yield from _cap(case)
    yield from _lower_maximum(case)
    yield from _in_doubt(case)
    yield from _too_hard_twice(case)
    yield base_draft(case)


def lift_facts(case: LiftCase) -> tuple[Fact, ...]:
    """The evidence, and what is known of the maximum."""
    facts = [condition.fact() for condition in case.seen.conditions]
    known = case.known
    limit = f"{case.band.low_pct:g}-{case.band.high_pct:g} % of it"
    if known.best is not None:
        facts.append(
            Fact(
                "measured maximum",
                f"{'at least ' if is_lower_bound(known.best) else ''}{say.mass(known.best.kg)}, "
                + _HOW[known.best.source]
                + (f"; {known.lapsed}" if known.lapsed else ""),
                limit,
                known.best.day,
                Action.STEP_UP if known.holds else Action.RETEST,
                known.best.confidence,
            )
        )
    else:
        facts.append(
            Fact("measured maximum", say.NOT_KNOWN, limit, None, Action.RETEST, Confidence.NONE)
        )
    for asked, why in known.questions:
        facts.append(
            Fact(
                "maximum in doubt",
                why,
                "raises nothing until a clinician has confirmed it with a reason",
                asked.day,
                Action.HOLD,
                Confidence.LOW,
            )
        )
    for doubted in known.doubted:
        facts.append(
            Fact(
                "maximum of low confidence",
                say.mass(doubted.kg),
                "may lower the load, never raise it",
                doubted.day,
                Action.HOLD,
                doubted.confidence,
            )
        )
    if case.cap_kg is not None:
        facts.append(
            Fact("cap of the clearance", say.mass(case.cap_kg), "", None, None, Confidence.HIGH)
        )
    if case.cap_pct is not None and known.cap_from_kg is None and case.stand.maximum_kg is None:
        unchecked = f"{case.cap_pct:g} % of a maximum that is not known"
        facts.append(
            Fact("cap of the clearance", unchecked, "not checked", None, None, Confidence.NONE)
        )
    return tuple(facts)


def _absence(case: LiftCase) -> Iterator[Draft]:
    away = case.away
    if not away.open:
        return
    lower = lowering(away.tier, case.rules)
    base = case.load_kg if away.base_kg is None else away.base_kg
    load_kg = min(case.load_kg, case.floor(base * (1.0 - lower.value / 100.0)))
    learn = case.phase is Phase.FAMILIARISATION or away.tier >= 3 or load_kg <= 0.0
    phase = Phase.FAMILIARISATION if learn and case.planned.learning else Phase.RETURN
    yield Draft(
        action=Action.REFAMILIARISE,
        phase=phase,
        load_kg=load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule="absence",
        because=f"{say.times(away.days or 0, 'day')} away",
        would_change=_shorter(case),
        unless=(f"Less than {case.rules.away_days} away",),
    )


def _shorter(case: LiftCase) -> tuple[str, ...]:
    rules, tier = case.rules, case.away.tier
    told = []
    if tier > 1:
        told.append(f"Less than {rules.away_long_days} away: {rules.away_pct} less.")
    if tier > 2:
        told.append(f"Less than {rules.away_very_long_days} away: {rules.away_long_pct} less.")
    return tuple(told)


def _cap(case: LiftCase) -> Iterator[Draft]:
    if case.cap_kg is None or case.load_kg <= case.cap_kg + NOISE_KG:
        return
    yield _lowered(
        case,
        case.floor(case.cap_kg),
        "cap",
        f"the clearance allows {say.mass(case.cap_kg)}",
        f"With a cap of {say.kg(case.load_kg)} or more",
    )


def _lower_maximum(case: LiftCase) -> Iterator[Draft]:
    known = case.known.at_most_kg
    if known is None:
        return
    high = case.high_kg(known)
    if case.load_kg <= high + NOISE_KG:
        return
    needed = case.load_kg * 100.0 / case.band.high_pct
    yield _lowered(
        case,
        case.floor(high),
        "maximum_lower",
        f"the measured maximum is {say.mass(known)}",
        f"With a measured maximum of {say.enough(needed)} or more",
        doubts=(
            *(why for _, why in case.known.questions),
            *((_LOWERS,) if case.known.doubted else ()),
        ),
    )


def _in_doubt(case: LiftCase) -> Iterator[Draft]:
    questions = case.known.questions
    if not questions:
        return
    asked, _ = questions[-1]
    yield Draft(
        action=Action.HOLD,
        phase=case.phase,
        load_kg=case.load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule="maximum_doubted",
        because=f"the maximum of {say.mass(asked.kg)} of {say.day(asked.day)} is in doubt",
        would_change=(_CONFIRM,),
        doubts=tuple(why for _, why in questions),
    )


def _too_hard_twice(case: LiftCase) -> Iterator[Draft]:
    signs = case.seen.hard_twice
    if not signs or case.load_kg <= 0.0:
        return
    rules = case.rules
    technique = any(sign.technique for sign in signs)
    pct = (rules.down_technique_pct if technique else rules.down_pct).value
    learning = case.planned.learning
    if case.phase is Phase.FAMILIARISATION and learning is not None:
        load_kg = case.floor(case.load_kg - learning.step_kg)
    else:
        load_kg = case.floor(case.load_kg * (1.0 - pct / 100.0))
    said = ", ".join(dict.fromkeys(sign.text for sign in signs))
    yield _lowered(
        case,
        load_kg,
        "too_hard_twice",
        said,
        f"With the session of {say.day(case.seen.hard_days[0])} not too hard",
        doubts=_low_confidence(case),
    )


def _lowered(
    case: LiftCase,
    load_kg: float,
    rule: str,
    because: str,
    without: str,
    doubts: tuple[str, ...] = (),
) -> Draft:
    """A step down; below the lightest bar the exercise is learnt again, without one.

    ``without`` is what would have kept this rule silent.
    """
    learn = load_kg <= 0.0 and case.planned.learning is not None
    accepted = case.accepted_kg
    in_training = case.phase is Phase.TRAINING and case.load_kg > 0.0 and not learn
    if accepted is not None and in_training and rule != "maximum_lower":
        scaled = kept(accepted * load_kg / case.load_kg)
        # Never so low that the load would be above the band of it.
        least = math.ceil(load_kg * 100_000.0 / case.band.high_pct - 1e-6) / 1000.0
        accepted = min(accepted, max(scaled, least))
    return Draft(
        action=Action.STEP_DOWN,
        phase=Phase.FAMILIARISATION if learn else case.phase,
        load_kg=load_kg,
        rung=None,
        maximum_kg=accepted,
        rule=rule,
        because=because,
        would_change=() if rule == "too_hard_twice" else (f"{without}: not lowered for this.",),
        doubts=doubts,
        unless=(without,) if rule == "too_hard_twice" else (),
    )


def _low_confidence(case: LiftCase) -> tuple[str, ...]:
    judged = case.seen.judged
    if all(evidence.work.confident for evidence in judged):
        return ()
    return ("Some of the sets are of low confidence; what they say against a load counts.",)
