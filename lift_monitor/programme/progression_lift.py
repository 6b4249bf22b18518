"""Progression of a lift: by the mass on the bar, within the band of a measured maximum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lift_monitor.events import Confidence
from lift_monitor.programme import say
from lift_monitor.programme.absence import Absence, lowering
from lift_monitor.programme.assess import CAP_PCT
from lift_monitor.programme.clearance import Clearance, Level
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.evidence import Demand, judge_lift
from lift_monitor.programme.known_maximum import KnownMaximum, known_maximum
from lift_monitor.programme.maximum import is_lower_bound
from lift_monitor.programme.plan import Band, Phase, Plan, PlanExercise
from lift_monitor.programme.plates import load_bar, loadable
from lift_monitor.programme.proposal import Action, Fact
from lift_monitor.programme.record import History
from lift_monitor.programme.review import Review, review
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.standing import Standing, dose

_KG = 1e-6


@dataclass(frozen=True, slots=True)
class LiftCase:
    """All that the rules of a lift look at."""

    plan: Plan
    planned: PlanExercise
    stand: Standing
    load_kg: float
    phase: Phase
    band: Band
    cap_kg: float | None
    known: KnownMaximum
    away: Absence
    seen: Review
    rules: ProgressionRules

    @property
    def accepted_kg(self) -> float | None:
        """The maximum that loads come from: as decided, and not above what was measured."""
        stood, known_kg = self.stand.maximum_kg, self.known.kg
        if stood is not None and self.known.at_least:
            return stood
        limits = [kg for kg in (stood, known_kg) if kg is not None]
        if stood is None and self.phase is not Phase.FAMILIARISATION:
            if known_kg is None:
                return None
            return min(known_kg, _kept(self.load_kg * 100.0 / self.band.low_pct)) or None
        return min(limits, default=None)

    def floor(self, kg: float) -> float:
        """The heaviest load that is not above; 0 below the lightest bar."""
        bar = load_bar(max(kg, 0.0), self.plan.rack)
        return 0.0 if bar is None else bar.total_kg

    def above(self, step_kg: float, limit_kg: float | None) -> float | None:
        """The next load up, one step at most; ``None`` if there is none."""
        target = self.load_kg + step_kg
        if limit_kg is not None:
            target = min(target, limit_kg)
        if self.cap_kg is not None:
            target = min(target, self.cap_kg)
        found = self.floor(target)
        return found if found > self.load_kg + _KG else None

    def high_kg(self, maximum_kg: float) -> float:
        """The upper end of the band of a maximum."""
        return maximum_kg * self.band.high_pct / 100.0

    def entry_kg(self, maximum_kg: float) -> float:
        """The lightest load in the band of a maximum; where none can be loaded, that below it."""
        high = self.high_kg(maximum_kg)
        low = maximum_kg * self.band.low_pct / 100.0
        inside = [kg for kg in loadable(self.plan.rack) if low - _KG <= kg <= high + _KG]
        entry = min(inside, default=self.floor(high))
        return entry if self.cap_kg is None else min(entry, self.floor(self.cap_kg))


def lift_case(
    history: History, stand: Standing, away: Absence, day: date, rules: ProgressionRules
) -> LiftCase:
    """Gather what the rules of a lift look at; the load must have been decided."""
    planned = history.plan.exercise(stand.exercise)
    load_kg = stand.load_kg if stand.load_kg is not None else 0.0
    phase = stand.working_phase
    learning = planned.learning if phase is Phase.FAMILIARISATION else None
    sets, repetitions = dose(planned, phase)
    highest = int(rules.highest_rpe.value)
    demand = Demand(
        repetitions=sets * repetitions,
        load_kg=load_kg,
        highest_rpe=min(highest, learning.highest_rpe) if learning else highest,
        loss_needed=phase is Phase.TRAINING,
    )
    needed = int(rules.sessions_up.value) if phase is Phase.TRAINING else 1
    seen = review(
        history, stand.exercise, needed, rules, lambda work: judge_lift(work, demand, rules)
    )
    at = away.last or day
    known = known_maximum(history, stand.exercise, at, rules)
    band = _band(planned, history.clearance)
    return LiftCase(
        plan=history.plan,
        planned=planned,
        stand=stand,
        load_kg=load_kg,
        phase=phase,
        band=band,
        cap_kg=_cap_kg(history.clearance, known),
        known=known,
        away=away,
        seen=seen,
        rules=rules,
    )


def lift_drafts(case: LiftCase) -> Iterator[Draft]:
    """What every rule of a lift has to say."""
    yield from _absence(case)
    yield from _cap(case)
    yield from _lower_maximum(case)
    yield from _too_hard_twice(case)
    yield _base(case)


def lift_facts(case: LiftCase) -> tuple[Fact, ...]:
    """The evidence, and what is known of the maximum."""
    facts = [condition.fact() for condition in case.seen.conditions]
    known = case.known
    limit = f"{case.band.low_pct:g}-{case.band.high_pct:g} % of it"
    if known.best is not None:
        facts.append(
            Fact(
                "measured maximum",
                f"{'at least ' if is_lower_bound(known.best) else ''}{_mass(known.best.kg)} "
                f"({known.best.source.value})" + (f"; {known.lapsed}" if known.lapsed else ""),
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
    if known.doubted is not None:
        facts.append(
            Fact(
                "newer maximum, not trusted",
                f"{round(known.doubted.kg, 1):g} kg",
                "may lower the load, never raise it",
                known.doubted.day,
                Action.HOLD,
                known.doubted.confidence,
            )
        )
    if case.cap_kg is not None:
        facts.append(
            Fact("cap of the clearance", say.kg(case.cap_kg), "", None, None, Confidence.HIGH)
        )
    return tuple(facts)


def _absence(case: LiftCase) -> Iterator[Draft]:
    away = case.away
    if not away.open:
        return
    lower = lowering(away.tier, case.rules)
    base = case.load_kg if away.top_kg is None else min(case.load_kg, away.top_kg)
    load_kg = min(case.load_kg, case.floor(base * (1.0 - lower.value / 100.0)))
    learn = case.phase is Phase.FAMILIARISATION or away.tier >= 3 or load_kg <= 0.0
    phase = Phase.FAMILIARISATION if learn and case.planned.learning else Phase.RETURN
    first = case.rules.away_days
    longer = "" if away.tier >= 3 else ", and longer ones to less"
    yield Draft(
        action=Action.REFAMILIARISE,
        phase=phase,
        load_kg=load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule="absence",
        because=f"{say.times(away.days or 0, 'day')} away",
        would_change=(
            (
                f"Within {first.value:g} days of the last session nothing would have been lowered; "
                f"absences from {first.value:g} days on lead to {lower.value:g} % less{longer}."
            ),
        ),
    )


def _cap(case: LiftCase) -> Iterator[Draft]:
    if case.cap_kg is None or case.load_kg <= case.cap_kg + _KG:
        return
    yield _lowered(
        case,
        case.floor(case.cap_kg),
        "cap",
        f"the clearance allows {say.kg(case.cap_kg)}",
        (f"A clearance with a cap of {say.kg(case.load_kg)} or more would have kept the load.",),
    )


def _lower_maximum(case: LiftCase) -> Iterator[Draft]:
    known = case.known.kg
    if known is None or case.known.at_least:
        return
    high = case.high_kg(known)
    if case.load_kg <= high + _KG:
        return
    needed = case.load_kg * 100.0 / case.band.high_pct
    yield _lowered(
        case,
        case.floor(high),
        "maximum_lower",
        f"the measured maximum is {_mass(known)}",
        (f"A measured maximum of {_mass(needed)} or more would have kept the load.",),
        doubts=()
        if case.known.doubted is None
        else ("The newest maximum is of low confidence; it lowers the load all the same.",),
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
        (
            (
                f"Hold, if one of the sessions of {_days(case.seen.hard_days)} had not been too "
                f"hard ({said})."
            ),
        ),
        doubts=_low_confidence(case),
    )


def _lowered(
    case: LiftCase,
    load_kg: float,
    rule: str,
    because: str,
    would_change: tuple[str, ...],
    doubts: tuple[str, ...] = (),
) -> Draft:
    """A step down; below the lightest bar the exercise is learnt again, without one."""
    learn = load_kg <= 0.0 and case.planned.learning is not None
    accepted = case.accepted_kg
    if accepted is not None and case.phase is Phase.TRAINING and case.load_kg > 0.0:
        scaled = accepted if learn else _kept(accepted * load_kg / case.load_kg)
        # What is measured limits what is accepted; the band then starts from it.
        accepted = min(accepted, max(scaled, _kept(load_kg * 100.0 / case.band.high_pct)))
    return Draft(
        action=Action.STEP_DOWN,
        phase=Phase.FAMILIARISATION if learn else case.phase,
        load_kg=load_kg,
        rung=None,
        maximum_kg=accepted,
        rule=rule,
        because=because,
        would_change=would_change,
        doubts=doubts,
    )


def _base(case: LiftCase) -> Draft:
    if not case.seen.good:
        return _held(case)
    known = case.known
    if known.kg is not None and known.at_least and case.load_kg > case.high_kg(known.kg) + _KG:
        return _retest(
            case,
            "retest_top",
            f"the maximum is only known to be at least {_mass(known.kg)}",
            ("A maximum found with a set to the last clean repetition would have told more.",),
        )
    if case.phase is Phase.FAMILIARISATION and case.planned.learning is not None:
        return _learning_step(case)
    if case.phase is Phase.RETURN:
        return _return_step(case)
    return _training_step(case)


def _held(case: LiftCase) -> Draft:
    left = case.seen.open()
    hard = case.seen.hard
    because = ", ".join(sign.text for sign in hard) if hard else left[0].lacking
    mends = tuple(dict.fromkeys(f"A step up needs {c.need}; {c.lacking}." for c in left))
    return Draft(
        action=Action.HOLD,
        phase=case.phase,
        load_kg=case.load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule="too_hard_once" if hard else "not_all_met",
        because=because,
        would_change=mends,
        doubts=case.seen.doubts(),
    )


def _learning_step(case: LiftCase) -> Draft:
    stand, gate, known = case.stand, case.plan.gate, case.known
    learning = case.planned.learning
    assert learning is not None
    done = stand.learned_sessions >= gate.sessions
    clean = stand.clean_in_a_row >= gate.clean_in_a_row
    gate_said = (
        f"Loads of the band need {gate.sessions} sessions and the last {gate.clean_in_a_row} "
        f"watched and clean; there {_are(stand.learned_sessions)} and {stand.clean_in_a_row}."
    )
    if known.kg is None or not known.holds:
        if done and clean:
            return _retest(case, "retest_gate", f"gate open, {known.lapsed}", (
                f"A measured maximum would have allowed a step up: {known.lapsed}.",
                f"Hold, if {_contrary(case)}.",
            ))  # fmt: skip
        if done:
            return _hold(case, "gate", "the gate waits for clean sessions", (gate_said,))
    if known.kg is None:
        up = case.above(learning.step_kg, None)
        entry = None
    else:
        entry = case.entry_kg(known.kg)
        if entry <= 0.0:
            return _too_weak(case, known.kg)
        ready = done and clean and known.holds
        limit = entry if ready else known.kg * case.band.low_pct / 100.0 - 2e-6
        up = case.above(learning.step_kg, limit)
        if up is None and case.load_kg >= entry - _KG:
            if ready:
                return _enter(case, case.load_kg, known.kg, "enter_training")
            return _hold(case, "gate", "the gate is not open", (gate_said,))
        if up is None and not ready:
            return _hold(case, "gate", "the gate is not open", (gate_said,))
        if up is not None and up >= entry - _KG:
            return _enter(case, up, known.kg, "enter_training")
    if up is None:
        return _no_step(case, learning.step_kg)
    return _up(case, up, Phase.FAMILIARISATION, case.accepted_kg or known.kg, "step_learning")


def _return_step(case: LiftCase) -> Draft:
    known, step = case.known, case.planned.step_kg
    limits = [kg for kg in (case.accepted_kg, known.kg) if kg is not None]
    if not limits:
        return _retest(case, "retest_old", known.lapsed, (_older(case),))
    maximum_kg = min(limits)
    entry = case.entry_kg(maximum_kg)
    reached = case.load_kg >= entry - _KG
    up = None if reached else case.above(step, entry)
    if reached or (up is not None and up >= entry - _KG):
        if not known.holds:
            return _retest(case, "retest_old", known.lapsed, (_older(case),))
        return _enter(case, up or case.load_kg, maximum_kg, "resume_training")
    if up is None:
        return _no_step(case, step)
    return _up(case, up, Phase.RETURN, case.accepted_kg, "step_return")


def _training_step(case: LiftCase) -> Draft:
    known, step, rules = case.known, case.planned.step_kg, case.rules
    if known.kg is None:
        return _retest(case, "retest_old", known.lapsed, (_older(case),))
    high = case.high_kg(known.kg)
    free = case.above(step, None)
    up = case.above(step, high)
    if free is None:
        return _no_step(case, step)
    if up is None:
        last = case.away.last
        again = timedelta(days=rules.retest_again_days.value)
        passing = f"{say.kg(free)} would pass {case.band.high_pct:g} % of {_mass(known.kg)}"
        if known.newest is not None and last is not None and last - known.newest < again:
            return _hold(case, "top_of_band", passing, (
                f"From {say.day(known.newest + again)} on, the maximum would have been found anew.",
            ))  # fmt: skip
        return _retest(case, "retest_top", passing, (
            (f"A measured maximum of {_mass(free * 100.0 / case.band.high_pct)} or more would have "
            "allowed the step."),
        ))  # fmt: skip
    if not known.holds:
        return _retest(case, "retest_old", known.lapsed, (_older(case),))
    accepted = case.accepted_kg or known.kg
    reach = _kept(up * 100.0 / case.band.low_pct)
    return _up(case, up, Phase.TRAINING, min(known.kg, max(accepted, reach)), "step_training")


def _up(case: LiftCase, load_kg: float, phase: Phase, maximum_kg: float | None, rule: str) -> Draft:
    return Draft(
        action=Action.STEP_UP,
        phase=phase,
        load_kg=load_kg,
        rung=None,
        maximum_kg=maximum_kg,
        rule=rule,
        because="",
        would_change=(f"Hold, if {_contrary(case)}.",),
    )


def _enter(case: LiftCase, load_kg: float, maximum_kg: float, rule: str) -> Draft:
    reach = _kept(load_kg * 100.0 / case.band.low_pct)
    return _up(case, load_kg, Phase.TRAINING, min(maximum_kg, reach), rule)


def _hold(case: LiftCase, rule: str, because: str, would_change: tuple[str, ...]) -> Draft:
    return Draft(
        action=Action.HOLD,
        phase=case.phase,
        load_kg=case.load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule=rule,
        because=because,
        would_change=would_change,
    )


def _too_weak(case: LiftCase, maximum_kg: float) -> Draft:
    lightest = min(case.plan.rack.bars_kg, default=0.0)
    needed = lightest * 100.0 / case.band.high_pct
    return _hold(
        case,
        "no_smaller_step",
        f"the lightest bar is above the band of {_mass(maximum_kg)}",
        (
            (
                f"A lighter bar, or a measured maximum of {_mass(needed)} or more, would have allowed "
                "a step up."
            ),
        ),
    )


def _no_step(case: LiftCase, step_kg: float) -> Draft:
    if case.cap_kg is not None and case.load_kg + step_kg > case.cap_kg:
        return _hold(case, "cap", f"the clearance allows {say.kg(case.cap_kg)}", (
            (f"A clearance with a cap of {say.kg(case.load_kg + step_kg)} would have allowed the "
            "step."),
        ))  # fmt: skip
    return _hold(
        case,
        "no_smaller_step",
        f"no load within {say.kg(step_kg)} above can be loaded",
        (
            (
                "Smaller plates or a lighter bar in the rack, or a larger step in the plan, would "
                "have allowed a step up."
            ),
        ),
    )


def _retest(case: LiftCase, rule: str, because: str, would_change: tuple[str, ...]) -> Draft:
    return Draft(
        action=Action.RETEST,
        phase=Phase.RETEST,
        load_kg=case.load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule=rule,
        because=because,
        would_change=would_change,
    )


def _contrary(case: LiftCase) -> str:
    """What in the sessions that were used would have spoken against a step up."""
    names = list(dict.fromkeys(condition.contrary for condition in case.seen.conditions))
    return f"there had been {', '.join(names[:-1])} or {names[-1]}, or one of them were not known"


def _older(case: LiftCase) -> str:
    return (
        f"A maximum measured within {case.plan.retest_weeks} weeks, with no long absence since, "
        f"would have allowed to go on: {case.known.lapsed}."
    )


def _low_confidence(case: LiftCase) -> tuple[str, ...]:
    judged = case.seen.judged
    if all(evidence.work.confident for evidence in judged):
        return ()
    return ("Some of the sets are of low confidence; what they say against a load counts.",)


def _band(planned: PlanExercise, clearance: Clearance | None) -> Band:
    """The band, under the cap of a restricted person."""
    band = planned.band or Band(100.0, 100.0)
    cap = _cap_pct(clearance)
    if cap is None or cap >= band.high_pct:
        return band
    return Band(max(1.0, min(band.low_pct, cap - (band.high_pct - band.low_pct))), cap)


def _cap_pct(clearance: Clearance | None) -> float | None:
    if clearance is None:
        return None
    if clearance.level is Level.RESTRICTED and clearance.cap_pct is None:
        return CAP_PCT if clearance.cap_kg is None else None
    return clearance.cap_pct


def _cap_kg(clearance: Clearance | None, known: KnownMaximum) -> float | None:
    limits = [] if clearance is None or clearance.cap_kg is None else [clearance.cap_kg]
    pct = _cap_pct(clearance)
    if pct is not None and known.kg is not None:
        limits.append(known.kg * pct / 100.0)
    return min(limits, default=None)


def _kept(kg: float) -> float:
    """A maximum as it is kept: to the gram, rounded down."""
    return math.floor(kg * 1000.0 + 1e-6) / 1000.0


def _mass(kg: float) -> str:
    return f"{kg:.1f} kg".replace(".0 kg", " kg")


def _days(days: tuple[date, ...]) -> str:
    return " and ".join(say.day(found) for found in days)


def _are(number: int) -> str:
    return "was 1" if number == 1 else f"were {number}"
