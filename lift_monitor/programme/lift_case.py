"""All that the rules of a lift look at: what stands, the band, the cap, the evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from lift_monitor.programme.absence import Absence
from lift_monitor.programme.assess import CAP_PCT
from lift_monitor.programme.clearance import Clearance, Level
from lift_monitor.programme.evidence import Demand, judge_lift
from lift_monitor.programme.known_maximum import KnownMaximum, known_maximum
from lift_monitor.programme.plan import Band, Phase, Plan, PlanExercise, Rack
from lift_monitor.programme.plates import load_bar, loadable
from lift_monitor.programme.record import History
from lift_monitor.programme.review import Review, review
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.standing import Standing, dose

NOISE_KG: Final = 1e-6


@dataclass(frozen=True, slots=True)
class LiftCase:
    """All that the rules of a lift look at.

    ``load_kg`` is what stands, rounded down to what can be loaded. ``cap_kg`` is the most that the
    clearance allows, ``cap_pct`` its cap in per cent of the maximum, if it has one.
    """

    plan: Plan
    planned: PlanExercise
    stand: Standing
    load_kg: float
    phase: Phase
    band: Band
    cap_kg: float | None
    cap_pct: float | None
    restricted: bool
    known: KnownMaximum
    away: Absence
    seen: Review
    rules: ProgressionRules

    @property
    def accepted_kg(self) -> float | None:
        """The maximum that loads come from: as decided, and not above what was measured."""
        stood, known_kg = self.stand.maximum_kg, self.known.kg
        if stood is None and self.phase is not Phase.FAMILIARISATION:
            if known_kg is None:
                return None
            return min(known_kg, kept(self.load_kg * 100.0 / self.band.low_pct)) or None
        if stood is None:
            return known_kg
        most_kg = self.known.at_most_kg
        return stood if most_kg is None else min(stood, most_kg)

    @property
    def share_binds(self) -> bool:
        """Whether the cap in per cent, and not one in kilograms, is the lower."""
        kg = self.known.cap_from_kg or self.stand.maximum_kg
        if self.cap_pct is None or self.cap_kg is None or kg is None:
            return False
        return self.cap_kg >= kg * self.cap_pct / 100.0 - NOISE_KG

    @property
    def lead_kg(self) -> float | None:
        """The smaller of what is accepted and what is measured."""
        limits = [kg for kg in (self.accepted_kg, self.known.kg) if kg is not None]
        return min(limits, default=None)

    def floor(self, kg: float) -> float:
        """The heaviest load that is not above; 0 below the lightest bar."""
        return _floor(kg, self.plan.rack)

    def above(self, step_kg: float, limit_kg: float | None) -> float | None:
        """The next load up, one step at most; ``None`` if there is none."""
        target = self.load_kg + step_kg
        if limit_kg is not None:
            target = min(target, limit_kg)
        if self.cap_kg is not None:
            target = min(target, self.cap_kg)
        found = self.floor(target)
        return found if found > self.load_kg + NOISE_KG else None

    def high_kg(self, maximum_kg: float) -> float:
        """The upper end of the band of a maximum."""
        return maximum_kg * self.band.high_pct / 100.0

    def low_kg(self, maximum_kg: float) -> float:
        """The lower end of the band of a maximum."""
        return maximum_kg * self.band.low_pct / 100.0

    def entry_kg(self, maximum_kg: float) -> float:
        """The lightest load in the band of a maximum; where none can be loaded, that below it."""
        high = self.high_kg(maximum_kg)
        low = self.low_kg(maximum_kg)
        inside = [kg for kg in loadable(self.plan.rack) if low - NOISE_KG <= kg <= high + NOISE_KG]
        entry = min(inside, default=self.floor(high))
        return entry if self.cap_kg is None else min(entry, self.floor(self.cap_kg))


def lift_case(
    history: History, stand: Standing, away: Absence, day: date, rules: ProgressionRules
) -> LiftCase:
    """Gather what the rules of a lift look at; the load must have been decided."""
    planned = history.plan.exercise(stand.exercise)
    known = known_maximum(history, stand.exercise, away.last or day, rules)
    load_kg = _floor(stand.load_kg or 0.0, history.plan.rack)
    phase = stand.working_phase
    learning = planned.learning if phase is Phase.FAMILIARISATION else None
    sets, repetitions = dose(planned, phase)
    highest = int(rules.highest_rpe.value)
    demand = Demand(
        sets=sets,
        repetitions=repetitions,
        load_kg=_on_the_bar(history, planned, stand, known),
        highest_rpe=min(highest, learning.highest_rpe) if learning else highest,
        loss_needed=phase is Phase.TRAINING,
    )
    needed = int(rules.sessions_up.value) if phase is Phase.TRAINING else 1
    seen = review(
        history, stand.exercise, needed, rules, lambda work: judge_lift(work, demand, rules), away
    )
    band = band_of(planned, history.clearance)
    return LiftCase(
        plan=history.plan,
        planned=planned,
        stand=stand,
        load_kg=load_kg,
        phase=phase,
        band=band,
        cap_kg=_cap_kg(history.clearance, known, stand),
        cap_pct=_cap_pct(history.clearance),
        restricted=history.clearance is not None and history.clearance.level is Level.RESTRICTED,
        known=known,
        away=away,
        seen=seen,
        rules=rules,
    )


def _on_the_bar(
    history: History, planned: PlanExercise, stand: Standing, known: KnownMaximum
) -> float:
    """What can be asked of a session: what stands, under the ceilings, rounded down to plates."""
    clearance = history.clearance
    limits = [stand.load_kg or 0.0]
    if stand.phase is Phase.TRAINING and planned.band is not None and stand.maximum_kg is not None:
        limits.append(stand.maximum_kg * planned.band.high_pct / 100.0)
    maximum_kg = stand.maximum_kg or known.kg
    if clearance is not None and clearance.cap_pct is not None and maximum_kg is not None:
        limits.append(maximum_kg * clearance.cap_pct / 100.0)
    if clearance is not None and clearance.cap_kg is not None:
        limits.append(clearance.cap_kg)
    return _floor(min(limits), history.plan.rack)


def _floor(kg: float, rack: Rack) -> float:
    bar = load_bar(max(kg, 0.0), rack)
    return 0.0 if bar is None else bar.total_kg


def band_of(planned: PlanExercise, clearance: Clearance | None) -> Band:
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


def _cap_kg(clearance: Clearance | None, known: KnownMaximum, stand: Standing) -> float | None:
    limits = [] if clearance is None or clearance.cap_kg is None else [clearance.cap_kg]
    pct = _cap_pct(clearance)
    maximum_kg = stand.maximum_kg if known.cap_from_kg is None else known.cap_from_kg
    if pct is not None and maximum_kg is not None:
        limits.append(maximum_kg * pct / 100.0)
    return min(limits, default=None)


def kept(kg: float) -> float:
    """A maximum as it is kept: to the gram, rounded down."""
    return math.floor(kg * 1000.0 + 1e-6) / 1000.0
