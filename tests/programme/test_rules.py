"""Rules are data with a version, and the documentation says what they say."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import pytest

from lift_monitor.programme.documents import read, to_document
from lift_monitor.programme.progression import propose
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import AdverseEvent
from lift_monitor.programme.rule_words import keys, rule
from lift_monitor.programme.rules import RELEASED, RULES, ProgressionRules, check
from tests.programme.histories import (
    DEADLIFT,
    START,
    decided,
    history,
    maximum,
    session,
    work,
)


def test_every_rule_stands_in_the_documentation(repository: Path) -> None:
    page = (repository / "docs" / "programme.md").read_text(encoding="utf-8")
    wanted = [f"| `{key}` | {rule(key).text} | {rule(key).source} |" for key in keys()]
    told = set(page.splitlines())
    assert not [row for row in wanted if row not in told]


def test_every_threshold_stands_in_the_documentation(repository: Path) -> None:
    page = (repository / "docs" / "programme.md").read_text(encoding="utf-8")
    wanted = [
        f"| `{name}` | {each} | {each.text} | {each.source} |"
        for name, each in RULES.thresholds().items()
    ]
    told = set(page.splitlines())
    assert not [row for row in wanted if row not in told]
    assert f"`{RULES.version}`" in page


def test_every_field_of_the_history_stands_in_the_documentation(repository: Path) -> None:
    page = (repository / "docs" / "programme.md").read_text(encoding="utf-8")
    section = page.split("## The history document")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    proposal = propose(history(), DEADLIFT, START)
    wanted = {field.name for field in dataclasses.fields(proposal)}
    wanted |= {field.name for field in dataclasses.fields(work()[0])}
    wanted |= {field.name for field in dataclasses.fields(decided())}
    wanted |= {field.name for field in dataclasses.fields(maximum(60.0, START))}
    wanted |= {field.name for field in dataclasses.fields(AdverseEvent)}
    assert wanted <= named


def test_all_thresholds_have_a_source_and_the_default_is_released() -> None:
    assert all(each.source and each.text for each in RULES.thresholds().values())
    assert RELEASED[RULES.version] == RULES.fingerprint()
    check(RULES)


def test_other_values_need_another_version() -> None:
    with pytest.raises(ValueError, match="another version"):
        RULES.changed(RULES.version, highest_rpe=17)
    with pytest.raises(ValueError, match="no threshold"):
        RULES.changed("2026.1 here", highest_heart_rate=150)
    worn = dataclasses.replace(RULES, pain_hold=dataclasses.replace(RULES.pain_hold, value=9.0))
    with pytest.raises(ValueError, match="another version"):
        propose(history(), DEADLIFT, START, worn)


def test_changed_rules_are_obeyed_and_named() -> None:
    here = RULES.changed("2026.1 here", highest_rpe=13)
    told = history(
        session(START, *work(rpe=14)),
        session(START + timedelta(days=4), *work(rpe=14)),
        decisions=(decided(),),
        maxima=(maximum(62.0, START),),
    )
    day = START + timedelta(days=4)
    usual, stricter = (propose(told, DEADLIFT, day, rules) for rules in (RULES, here))
    assert (usual.action, usual.rules_version) == (Action.STEP_UP, RULES.version)
    assert (stricter.action, stricter.rules_version) == (Action.HOLD, "2026.1 here")
    assert here.highest_rpe.source == "changed in this clinic"
    assert any(fact.limit == "13 at most" for fact in stricter.facts)


def test_rules_are_kept_as_documents() -> None:
    here = RULES.changed("2026.1 here", away_days=10)
    assert read(ProgressionRules, to_document(here), "rules") == here
