"""The audit and what was measured: nobody alters them, not even with SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from tests.clinic import records
from tests.clinic.records import BY, DAY


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """A clinic with something in every table, opened behind the program's back."""
    with Clinic.open(path) as clinic:
        heron = clinic.people.add("Heron 14", BY, DAY)
        clinic.care.add_assessment(heron.id, records.ASSESSMENT, BY)
        clinic.care.set_clearance(heron.id, records.CLEARANCE, BY)
        clinic.decisions.add(heron.id, records.DECISION, BY, records.PROPOSAL)
        session = clinic.sessions.begin(heron.id, records.AT, BY)
        new = records.new_set(
            flags=(records.flag(11.0, 12.0),), landings=(records.landing(3.0, 3.5),)
        )
        clinic.sessions.add_set(session.id, new, BY)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit SET by_whom = 'nobody'",
        "UPDATE audit SET reason = '' WHERE id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
        "REPLACE INTO audit SELECT * FROM audit",
        "UPDATE OR REPLACE audit SET id = 2 WHERE id = 1",
        "UPDATE sets SET measured_confidence = NULL",
        "UPDATE sets SET velocity_loss_pct = 1",
        "UPDATE sets SET unwatched = 'dark'",
        "DELETE FROM sets",
        "UPDATE repetitions SET mean_velocity_mps = 1",
        "UPDATE repetitions SET red = 0",
        "DELETE FROM repetitions",
        "UPDATE flags SET severity = 'amber'",
        "DELETE FROM flags",
        "UPDATE landings SET peak_grf_bw = 1",
        "DELETE FROM landings",
        "UPDATE decisions SET load_kg = 100",
        "DELETE FROM decisions",
        "UPDATE proposals SET action = 'hold'",
        "UPDATE clearances SET level = 'high_intensity'",
        "DELETE FROM overrides",
        "UPDATE assessments SET by_whom = 'nobody'",
    ],
)
def test_nothing_that_was_kept_can_be_altered(raw: sqlite3.Connection, attack: str) -> None:
    before = list(raw.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="never altered"):
        raw.execute(attack)
    assert list(raw.iterdump()) == before


def test_what_an_edit_says_can_change(raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE repetitions SET counts = 0 WHERE id = 1")
    raw.execute("UPDATE sets SET counts = 0, load_kg = 1")


def test_notes_from_elsewhere_stand_beside_the_stores_own(clinic: Clinic, heron: Person) -> None:
    clinic.audit.note(BY, "alarm_muted", heron.id, "lumbar flexion", reason="sensor loose")
    clinic.audit.note("D. Other", "exported", None, "all", after={"files": 3, "day": DAY})
    newest, muted, added = clinic.audit.entries()
    assert (newest.by, newest.what, newest.person_id) == ("D. Other", "exported", None)
    assert newest.after == {"files": 3, "day": "2026-03-02"}
    assert (muted.what, muted.subject, muted.reason) == (
        "alarm_muted", "lumbar flexion", "sensor loose",
    )  # fmt: skip
    assert clinic.audit.entries(heron.id) == (muted, added)
    assert clinic.audit.entries(limit=1) == (newest,)
    assert newest.at.utcoffset() is not None
