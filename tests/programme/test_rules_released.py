"""Whatever changes a proposal has another version: the proposals of many histories are held here.

If this test fails, the rules answer otherwise than the version says. Give the rules a new version
and another ``PROCEDURE``, say in docs/programme.md and in the changelog what differs, and put the
new digest beside the new version.
"""

from __future__ import annotations

import hashlib
import json
import random
from datetime import timedelta
from pathlib import Path

from lift_monitor.programme.history_json import history_from, last_day
from lift_monitor.programme.progression import propose, propose_all
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.rules import PROCEDURE, RELEASED, RULES
from tests.programme.histories import DEADLIFT, IMPACTS, random_history

DIGESTS = {"2026.4": "493c942a9c969201"}
HISTORIES = 150


def of(proposal: Proposal) -> str:
    """What a proposal asks, and by which rule; its words may change freely."""
    kg = None if proposal.load_kg is None else round(proposal.load_kg, 6)
    of_kg = None if proposal.maximum_kg is None else round(proposal.maximum_kg, 3)
    return f"{proposal.action}|{proposal.phase}|{kg}|{proposal.rung}|{of_kg}|{proposal.rule.key}"


def test_the_proposals_are_those_of_this_version(repository: Path) -> None:
    told = hashlib.sha256()
    example = repository / "docs" / "examples" / "history.json"
    history = history_from(json.loads(example.read_text(encoding="utf-8")))
    day = last_day(history)
    assert day is not None
    for proposal in propose_all(history, day):
        told.update(of(proposal).encode())
    for exercise in (DEADLIFT, IMPACTS):
        for number in range(HISTORIES):
            made = random_history(exercise, random.Random(number))
            last = last_day(made)
            assert last is not None
            for days in (0, 20):
                told.update(of(propose(made, exercise, last + timedelta(days=days))).encode())
    assert told.hexdigest()[:16] == DIGESTS[RULES.version]


def test_versions_do_not_share_a_fingerprint() -> None:
    assert len(set(RELEASED.values())) == len(RELEASED)
    assert list(RELEASED)[-1] == RULES.version == f"2026.{PROCEDURE}"
