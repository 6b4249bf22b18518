"""A person's limits, written down with the session and held in its replay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lift_monitor.limits import band_in, limits_of, rules_in, trunk_config, with_limits
from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.facts import (
    SessionFacts,
    session_from_metadata,
    session_to_metadata,
)
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES
from lift_monitor.technique import FlagKind


def test_limits_survive_the_recording() -> None:
    rules = with_limits(DEFAULT_RULES, FlagKind.LUMBAR_FLEXION, 8.5, 15.0)
    rules = with_limits(rules, FlagKind.TWIST, None, 60.0)
    facts = SessionFacts(
        datetime.now(UTC), "live", body_mass_kg=61.5, limits=limits_of(rules, ImpactBand(2.5, 3.5))
    )
    again, _ = session_from_metadata(session_to_metadata(facts), "day.mcap")
    assert again == facts
    assert rules_in(again.limits) == rules
    assert band_in(again.limits) == ImpactBand(2.5, 3.5)
    assert trunk_config(again).rules == rules
    assert trunk_config(again).body_mass_kg == 61.5


def test_a_recording_without_limits_has_the_defaults() -> None:
    assert rules_in({}) == DEFAULT_RULES
    assert band_in({}) == ImpactBand()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lumbar_flexion", "20:10"),
        ("lumbar_flexion", "ten:20"),
        ("lumbar_flexion", "10"),
        ("twist", "nan:80"),
        ("trunk_lean", "-5:75"),
        ("landing", "3:"),
        ("landing", "4:3"),
        ("landing", "inf:4"),
    ],
)
def test_a_limit_that_cannot_be_used_is_told_in_a_sentence(name: str, text: str) -> None:
    read = band_in if name == "landing" else rules_in
    with pytest.raises(RecordingError, match=f"names the limit '{text}' for {name}, which cannot"):
        read({name: text})
