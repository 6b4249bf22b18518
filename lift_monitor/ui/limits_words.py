"""Limits of a person in words: names, units, defaults, sources and what is wrong with a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.technique import FlagKind
from lift_monitor.ui.i18n import number, tr

Pair: TypeAlias = tuple[float | None, float | None]
"""Amber and red, or low and high; ``None`` is off."""

_SPANS: Final = {
    FlagKind.LUMBAR_FLEXION: (90.0, 1.0),
    FlagKind.TWIST: (500.0, 5.0),
    FlagKind.TRUNK_LEAN: (90.0, 5.0),
}
"""Highest limit and step of each kind; design defaults."""
_LANDING_SPAN: Final = (20.0, 0.1)


@dataclass(frozen=True, slots=True)
class LimitWords:
    """What a row of the form says and takes.

    Attributes
    ----------
    name, unit : str
    ends : (str, str)
        What the two limits are called.
    default : Pair
    default_words : str
        The default in plain words.
    source : str
    floor : float
        A limit must be above it.
    most, step : float
    can_be_off : bool
    """

    name: str
    unit: str
    ends: tuple[str, str]
    default: Pair
    default_words: str
    source: str
    floor: float
    most: float
    step: float
    can_be_off: bool


def flag_words(kind: FlagKind) -> LimitWords:
    """The row of a kind of flag."""
    rule = next(rule for rule in DEFAULT_RULES if rule.kind is kind)
    most, step = _SPANS[kind]
    name, unit = {
        FlagKind.LUMBAR_FLEXION: (tr("Lumbar flexion"), tr("degrees")),
        FlagKind.TWIST: (tr("Twist"), tr("degrees per second")),
        FlagKind.TRUNK_LEAN: (tr("Trunk lean, one sensor only"), tr("degrees")),
    }[kind]
    pair = (rule.amber, rule.red)
    return LimitWords(
        name,
        unit,
        (tr("amber"), tr("red")),
        pair,
        tr("design default {pair}, clinician may change", pair=pair_words(pair)),
        rule.source,
        # A flag ends so far below its limit: with a lower one it would not end at neutral.
        rule.hysteresis,
        most,
        step,
        can_be_off=True,
    )


def landing_words() -> LimitWords:
    """The row of the target band of landings."""
    band = ImpactBand()
    pair = (band.low_bw, band.high_bw)
    most, step = _LANDING_SPAN
    return LimitWords(
        tr("Landing target"),
        tr("body weights"),
        (tr("low"), tr("high")),
        pair,
        tr("default {pair}, clinician may change", pair=pair_words(pair)),
        tr(
            "low: landings above three body weights are linked with bone in women before the "
            "menopause, not shown for older ones (10.1016/j.clinbiomech.2019.12.025); "
            "high: design default, clinician may change"
        ),
        0.0,
        most,
        step,
        can_be_off=False,
    )


def pair_words(pair: Pair) -> str:
    """Two limits."""
    return " / ".join(limit_words(limit) for limit in pair)


def limit_words(limit: float | None) -> str:
    """One limit with the decimals that it has."""
    if limit is None:
        return tr("off")
    return number(limit, next((d for d in (0, 1) if round(limit, d) == round(limit, 2)), 2))


def disorder(words: LimitWords, pair: Pair) -> str:
    """Say that two limits are not in order."""
    return tr(
        "{name}: {low_end} {low} is not below {high_end} {high}; make {low_end} smaller "
        "or {high_end} larger.",
        name=words.name,
        low_end=words.ends[0],
        low=limit_words(pair[0]),
        high_end=words.ends[1],
        high=limit_words(pair[1]),
    )


def no_limit(words: LimitWords, end: int, typed: str) -> str:
    """Say that what was typed is no limit."""
    say = (
        tr("{name}, {end}: “{typed}” was not taken; choose above {floor}, up to {most}, or off.")
        if words.can_be_off
        else tr("{name}, {end}: “{typed}” was not taken; choose above {floor}, up to {most}.")
    )
    return say.format(
        name=words.name,
        end=words.ends[end],
        typed=typed,
        floor=limit_words(words.floor),
        most=limit_words(words.most),
    )


def changes(rules: Sequence[FlagRule], band: ImpactBand) -> list[str]:
    """Each limit that is not the default, with its name and unit."""
    pairs = [(flag_words(rule.kind), (rule.amber, rule.red)) for rule in rules]
    pairs.append((landing_words(), (band.low_bw, band.high_bw)))
    return [
        tr("{name} {pair} {unit}", name=words.name, pair=pair_words(pair), unit=words.unit)
        for words, pair in pairs
        if pair != words.default
    ]


def summary(rules: Sequence[FlagRule], band: ImpactBand) -> tuple[str, str]:
    """Whether limits were changed or switched off, in a few words, and their colour role."""
    if any(rule.amber is None or rule.red is None for rule in rules):
        return tr("▲ Limits: changed, some off"), "attention"
    if changes(rules, band):
        return tr("◆ Limits: changed"), "info"
    return tr("Limits: default"), "muted"
