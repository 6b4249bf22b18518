"""The thresholds of progression as data: value, unit, source, and what it means.

A set of rules has a version, which every proposal carries. Other values need another version:
:func:`check` refuses rules that wear the version of a released set and differ from it.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lift_monitor.programme.plan import DESIGN_DEFAULT


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number that a rule is made with."""

    value: float
    unit: str
    """Empty for a plain count."""
    source: str
    text: str
    """What it decides, in one clause."""

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class ProgressionRules:
    """Everything that progression decides by, beside the plan's own numbers.

    Attributes
    ----------
    version
        Shown with every proposal.
    sessions_up
        Sessions in a row at the same load that allow a step up in training.
    highest_rpe, highest_loss_pct
        Effort after the last set, and velocity loss within a set, up to which a step up is
        allowed.
    pain_hold, pain_stop
        Pain from which the load does not rise, and from which the exercise is stopped.
    enough_pct
        Share of the repetitions asked for, below which a session was not enough.
    rpe_hard, loss_hard_pct, red_many
        Effort, velocity loss and repetitions with a red flag that make a session too hard.
    sessions_down
        Sessions in a row that were too hard and lead to a step down.
    down_pct, down_technique_pct
        Step down after too much effort, and after pain or red flags.
    away_days, away_long_days, away_very_long_days
        Absences of three lengths.
    away_pct, away_long_pct, away_very_long_pct
        How far the load is lowered after each of them.
    impact_sessions_up
        Sessions in a row on one rung that allow the next.
    impact_pain_down, impact_pain_stop
        Pain during impacts from which the rung is lowered, and from which impacts are stopped.
    retest_again_days
        Time between two measurements of the maximum, at least, where the first still holds.
    height_loss_cm, kyphosis_more_deg
        Loss of height and increase of kyphosis from which the load holds until it is looked at.
    """

    version: str
    sessions_up: Threshold
    highest_rpe: Threshold
    highest_loss_pct: Threshold
    pain_hold: Threshold
    pain_stop: Threshold
    enough_pct: Threshold
    rpe_hard: Threshold
    loss_hard_pct: Threshold
    red_many: Threshold
    sessions_down: Threshold
    down_pct: Threshold
    down_technique_pct: Threshold
    away_days: Threshold
    away_long_days: Threshold
    away_very_long_days: Threshold
    away_pct: Threshold
    away_long_pct: Threshold
    away_very_long_pct: Threshold
    impact_sessions_up: Threshold
    impact_pain_down: Threshold
    impact_pain_stop: Threshold
    retest_again_days: Threshold
    height_loss_cm: Threshold
    kyphosis_more_deg: Threshold

    def thresholds(self) -> Mapping[str, Threshold]:
        """All thresholds by name."""
        return {
            field.name: value
            for field in dataclasses.fields(self)
            if isinstance(value := getattr(self, field.name), Threshold)
        }

    def changed(self, version: str, **values: float) -> ProgressionRules:
        """Rules with other values, under a version of their own.

        Parameters
        ----------
        version
            Must not be that of a released set.
        values
            New values by the threshold's name.

        Raises
        ------
        ValueError
            If there is no such threshold, or the version is taken.
        """
        known = self.thresholds()
        for name in values:
            if name not in known:
                raise ValueError(f"There is no threshold {name}; there are {', '.join(known)}.")
        new = {
            name: dataclasses.replace(known[name], value=value, source=_CLINIC)
            for name, value in values.items()
        }
        rules = dataclasses.replace(self, version=version, **new)
        check(rules)
        return rules

    def fingerprint(self) -> str:
        """What tells two sets apart: the values, and the procedure that they go into."""
        told = ";".join(f"{name}={t.value!r}" for name, t in sorted(self.thresholds().items()))
        return hashlib.sha256(f"{told};procedure={PROCEDURE}".encode()).hexdigest()[:16]


PROCEDURE: Final = 4
"""What the rules do with their thresholds; another number if a proposal may come out otherwise.

A test holds the proposals of many histories against it.
"""
_CLINIC: Final = "changed in this clinic"


def _default(value: float, unit: str, text: str) -> Threshold:
    return Threshold(value, unit, DESIGN_DEFAULT, text)


RULES: Final = ProgressionRules(
    version="2026.4",
    sessions_up=_default(2, "sessions", "in a row at the same load allow a step up"),
    highest_rpe=_default(16, "on Borg 6-20", "is the highest effort that allows a step up"),
    highest_loss_pct=_default(
        20, "%", "in the middle set is the largest loss that allows a step up"
    ),
    pain_hold=_default(4, "of 10", "pain or more holds the load"),
    pain_stop=_default(7, "of 10", "pain or more stops the exercise"),
    enough_pct=_default(92, "%", "of the repetitions asked for are enough (23 of 25)"),
    rpe_hard=_default(18, "on Borg 6-20", "or more is too hard"),
    loss_hard_pct=_default(30, "%", "velocity loss is the limit in any set; above it is too hard"),
    red_many=_default(2, "repetitions", "with a red flag, or more, are too many"),
    sessions_down=_default(2, "sessions", "in a row that were too hard lower the load"),
    down_pct=_default(5, "%", "is the step down after too much effort"),
    down_technique_pct=_default(10, "%", "is the step down after pain or red flags"),
    away_days=_default(14, "days", "without the exercise are an absence"),
    away_long_days=_default(28, "days", "are a long absence; the maximum is found anew"),
    away_very_long_days=_default(56, "days", "are so long that the exercise is learnt again"),
    away_pct=_default(10, "%", "less after an absence"),
    away_long_pct=_default(20, "%", "less after a long absence"),
    away_very_long_pct=_default(50, "%", "less after a very long absence"),
    impact_sessions_up=_default(2, "sessions", "in a row on one rung allow the next"),
    impact_pain_down=_default(1, "of 10", "pain or more during impacts lowers the rung"),
    impact_pain_stop=_default(4, "of 10", "pain or more during impacts stops them"),
    retest_again_days=_default(28, "days", "lie between two measurements, at least"),
    height_loss_cm=_default(
        1, "cm", "of height lost, or more, hold the load until it is looked at"
    ),
    kyphosis_more_deg=_default(10, "°", "more of kyphosis hold the load until it is looked at"),
)
"""The rules that ship."""

RELEASED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "2026.1": "4497224abdd41c86",
        "2026.2": "862229d734bccf5f",
        "2026.3": "9fe9fd0b38edc0c9",
        "2026.4": "876a43592ea47d03",
    }
)
"""Fingerprints of all sets of rules that were ever released, by version.

2026.2 has the thresholds of 2026.1, and 2026.4 those of 2026.3; what their rules do with
them differs (docs/programme.md), and the fingerprint covers that too.
"""


def check(rules: ProgressionRules) -> None:
    """Refuse rules whose version says that they are others.

    Raises
    ------
    ValueError
        If a released version wears other values.
    """
    released = RELEASED.get(rules.version)
    if released is not None and released != rules.fingerprint():
        raise ValueError(
            f"These rules differ from the released {rules.version}; give them another version."
        )
