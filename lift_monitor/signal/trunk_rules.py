"""Rules of the trunk's flags: data with their sources; a clinician may change each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.technique import FlagKind


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One rule.

    Attributes
    ----------
    amber, red : float or None
        Limits, degrees or deg/s; ``None`` switches that severity off.
    hysteresis : float
        A flag is over when the value has fallen so far below its limit.
    least_s : float
        The value must have passed the limit for so long.
    release_s : float
        It must be back for so long.
    both_signs : bool
        Judge the size of the value.
    needs_load : bool
        Not raised while the bar is known to be unloaded.
    confidence : Confidence
        The most that a flag of this rule can have.
    source : str

    Raises
    ------
    ValueError
        If the limits are not in order or a time is negative.
    """

    kind: FlagKind
    unit: str
    amber: float | None
    red: float | None
    hysteresis: float
    least_s: float
    release_s: float
    both_signs: bool
    needs_load: bool
    confidence: Confidence
    source: str

    def __post_init__(self) -> None:
        if self.amber is not None and self.red is not None and not 0.0 < self.amber < self.red:
            raise ValueError(
                f"the limits of {self.kind.value} are amber {self.amber:g} and red {self.red:g}; "
                "choose an amber above 0 and a red above it"
            )
        for name in ("hysteresis", "least_s", "release_s"):
            if not 0.0 <= getattr(self, name) <= 60.0:
                raise ValueError(
                    f"{name} of {self.kind.value} is {getattr(self, name):g}; choose 0 to 60"
                )


_DEFAULT = "design default, clinician may change"
DEFAULT_RULES: Final = (
    FlagRule(
        FlagKind.LUMBAR_FLEXION, "deg", 10.0, 20.0, 2.0, 0.3, 0.2, False, True, Confidence.HIGH,
        f"{_DEFAULT}; above the detectable change of 4-8 deg (10.1080/14763141.2019.1675751) and "
        "the limits of agreement of about 7 deg (10.1186/s12891-022-05866-w)",
    ),
    FlagRule(
        FlagKind.TRUNK_LEAN, "deg", 60.0, 75.0, 3.0, 0.5, 0.3, False, True, Confidence.LOW,
        f"{_DEFAULT}; one sensor cannot tell a hip hinge from a bent spine",
    ),
    FlagRule(
        FlagKind.TWIST, "deg/s", 40.0, 80.0, 10.0, 0.15, 0.2, True, True, Confidence.LOW,
        f"{_DEFAULT}; no published threshold was found, only gross twisting is flagged",
    ),
)  # fmt: skip
"""Rules for two sensors use lumbar flexion and twist; for one, trunk lean alone."""


def rules_for(sensors: int, rules: Sequence[FlagRule] = DEFAULT_RULES) -> tuple[FlagRule, ...]:
    """The rules that so many trunk sensors can serve."""
    if sensors >= 2:
        return tuple(rule for rule in rules if rule.kind is not FlagKind.TRUNK_LEAN)
    return tuple(rule for rule in rules if rule.kind is FlagKind.TRUNK_LEAN) if sensors else ()
