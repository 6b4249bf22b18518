"""A person's limits of technique and landings, as a recording keeps them.

A replay must judge as the day did, so the limits that held are written down with the session:
``amber:red`` of each kind of flag, ``low:high`` of the band of landings; an empty part is a
limit that is switched off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.signal.trunk_words import TrunkConfig
from lift_monitor.technique import FlagKind

LANDING: Final = "landing"


def limits_of(rules: Sequence[FlagRule], band: ImpactBand) -> dict[str, str]:
    """Write limits down, for :attr:`~lift_monitor.recordings.facts.SessionFacts.limits`."""
    told = {rule.kind.value: f"{_said(rule.amber)}:{_said(rule.red)}" for rule in rules}
    return {**told, LANDING: f"{_said(band.low_bw)}:{_said(band.high_bw)}"}


def with_limits(
    rules: Sequence[FlagRule], kind: FlagKind, amber: float | None, red: float | None
) -> tuple[FlagRule, ...]:
    """Rules of which one kind has other limits; ``None`` switches a severity off.

    Raises
    ------
    ValueError
        If the limits are not in order.
    """
    return tuple(
        replace(rule, amber=amber, red=red) if rule.kind is kind else rule for rule in rules
    )


def rules_in(limits: Mapping[str, str]) -> tuple[FlagRule, ...]:
    """Rules with the limits of a recording; those that it does not name are the defaults.

    Raises
    ------
    RecordingError
        If a limit cannot be read.
    """
    rules: tuple[FlagRule, ...] = DEFAULT_RULES
    for kind in FlagKind:
        if kind.value in limits:
            try:
                rules = with_limits(rules, kind, *_pair(limits[kind.value]))
            except ValueError as error:
                raise _unreadable(kind.value, limits, error) from None
    return rules


def band_in(limits: Mapping[str, str]) -> ImpactBand:
    """The band of landings of a recording; the default where it names none.

    Raises
    ------
    RecordingError
        If it cannot be read.
    """
    if LANDING not in limits:
        return ImpactBand()
    try:
        low_bw, high_bw = _pair(limits[LANDING])
        return ImpactBand(low_bw or 0.0, high_bw or 0.0)
    except ValueError as error:
        raise _unreadable(LANDING, limits, error) from None


def trunk_config(facts: SessionFacts | None) -> TrunkConfig:
    """What a recording tells of the person; all is unknown or default without facts.

    Raises
    ------
    RecordingError
        If a limit cannot be read.
    """
    if facts is None:
        return TrunkConfig()
    return TrunkConfig(facts.body_mass_kg, rules_in(facts.limits))


def _said(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _pair(text: str) -> tuple[float | None, float | None]:
    first, second = (float(part) if part else None for part in text.split(":"))
    for value in (first, second):
        if value is not None and not 0.0 < value < 1e4:
            raise ValueError(f"{value:g} is no limit")
    return first, second


def _unreadable(name: str, limits: Mapping[str, str], error: ValueError) -> RecordingError:
    return RecordingError(
        f"The recording names the limit {limits[name]!r} for {name}, which cannot be used "
        f"({error}); it was changed after it was recorded, use the original."
    )
