"""What the software proposes, and everything that a clinician needs to judge it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from lift_monitor.events import Confidence
from lift_monitor.programme.plan import Band, Phase


class Action(enum.StrEnum):
    """What is proposed, in the order of how little it asks of the body."""

    STOP_AND_REFER = "stop_and_refer"
    REFAMILIARISE = "refamiliarise"
    STEP_DOWN = "step_down"
    HOLD = "hold"
    RETEST = "retest"
    STEP_UP = "step_up"

    @property
    def rank(self) -> int:
        """0 for the most careful action; rises with what is asked."""
        return list(Action).index(self)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a proposal used."""

    name: str
    """What it is, e.g. ``red flags``."""
    value: str
    """As it is shown, with its unit; ``not known`` where it is missing."""
    limit: str
    """What it was held against; empty if nothing."""
    day: date | None
    supports: Action | None
    """The action that it speaks for or allows; ``None`` where it decides nothing."""
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is told: what it says and whose it is."""

    key: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for one exercise; nothing changes before a clinician decides."""

    exercise: str
    day: date
    action: Action
    phase: Phase
    """From the next session on."""
    load_kg: float | None
    """Proposed mass on the bar in working sets; ``None`` for what is not loaded."""
    load_before_kg: float | None
    rung: int | None
    rung_before: int | None
    maximum_kg: float | None
    """The one-repetition maximum to accept along with it, which the next loads come from."""
    intensity_pct: float | None
    """Of ``maximum_kg``."""
    sets: int
    repetitions: int
    rule: Rule
    """The rule that fired."""
    facts: tuple[Fact, ...]
    would_change: tuple[str, ...]
    """What would have led to another proposal, one sentence each; never empty."""
    confidence: Confidence
    confidence_reasons: tuple[str, ...]
    """Why the confidence is not high; empty if it is."""
    headline: str
    """The proposal in one sentence, e.g. ``Deadlift: 52.5 kg → 55 kg (82 % of 67 kg)``."""
    rules_version: str
    phase_before: Phase | None = None
    """What stands now, and stays if the proposal is rejected."""
    maximum_before_kg: float | None = None
    band: Band | None = None
    """Of lifts: the band that the loads of training keep to, under the cap of the clearance."""
