"""No write goes without its audit entry, no old value is lost: asked of every table there is.

Every word of the store that writes is tried; the rows of all tables are looked at before and
after. A new table, column or word that this does not know fails here.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from lift_monitor.clinic import schema
from lift_monitor.clinic.ledger import Ledger
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity, Outcome, Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.record import DayChange, EventGrade, Maximum, MaximumSource
from lift_monitor.programme.shipped import HOME, LIFTMOR
from tests.clinic.records import (
    ASSESSMENT,
    AT,
    BY,
    CLEARANCE,
    DAY,
    DECISION,
    PROPOSAL,
    flag,
    landing,
    new_set,
)

Rows = dict[str, dict[Any, dict[str, Any]]]
PARTS: Final = ("people", "care", "plans", "sessions", "maxima", "decisions", "outcomes", "audit")
READERS: Final = {
    "people": {"all", "get", "find", "identity", "free_pseudonym"},
    "care": {"assessments", "clearance", "clearances"},
    "plans": {"current", "all"},
    "sessions": {
        "get", "all", "open_ones", "sets", "get_set", "recordings", "adverse_events",
        "day_changes",
    },
    "maxima": {"all"},
    "decisions": {"all", "proposals", "rules_versions"},
    "outcomes": {"all"},
    "audit": {"entries"},
}  # fmt: skip
NOT_TOLD: Final = {
    # The audit never learns a name; that it was changed or removed it does.
    "identities": {"name", "born", "contact", "referrer", "person_id"},
    # They follow from what is told: a count of changes, and the folded pseudonym.
    "training_sessions": {"revision"},
    "people": {"folded"},
    # That an edit was undone is an entry of its own.
    "edits": {"undone"},
    # By number of the set, which is the entry's subject.
    "ratings": {"set_id"},
    "settings": {"name"},
}
CHANGEABLE: Final = {
    "people": {"id", "pseudonym", "folded", "since", "archived"},
    "identities": {"person_id", "name", "born", "contact", "referrer"},
    "training_sessions": {
        "id", "person_id", "session_key", "day", "attended", "started_at", "ended_at",
        "body_mass_kg", "reason_missed", "note", "revision",
    },
    "sets": {"id", "load_kg", "counts"},
    "repetitions": {"id", "counts"},
    "ratings": {
        "set_id", "rpe", "pain", "pain_where", "sudden_back_pain", "to_failure", "seen_clean",
    },
    "edits": {
        "id", "set_id", "kind", "repetition_id", "before", "undone", "by_whom", "written_at",
    },
    "adverse_events": {
        "id", "person_id", "session_id", "day", "grade", "told", "exercise", "by_whom",
        "written_at", "decisions_before",
    },
    "outcomes": {
        "id", "person_id", "measure", "value", "day", "by_whom", "device", "note", "written_at",
    },
    "recordings": {"id", "session_id", "file_name", "exercise", "started_at"},
    "settings": {"name", "value"},
}  # fmt: skip
"""Columns that the database itself lets be changed; of every other table and column it does not."""


def words(clinic: Clinic) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything that writes, in an order in which it can be done."""
    at, by, day = AT, BY, DAY
    yield "store.mark_simulated", lambda: clinic.mark_simulated(by)
    yield "people.add", lambda: clinic.people.add("Heron 14", by, day)
    yield "people.rename", lambda: clinic.people.rename(1, "Heron 15", by)
    yield "people.set_identity", lambda: clinic.people.set_identity(1, Identity("Ada"), by)
    yield "people.set_identity", lambda: clinic.people.set_identity(1, Identity("Ada B."), by)
    yield "people.forget_identity", lambda: clinic.people.forget_identity(1, by, "asked for")
    yield "people.archive", lambda: clinic.people.archive(1, by, "moved away")
    yield "people.bring_back", lambda: clinic.people.bring_back(1, by, "is back")
    yield "care.add_assessment", lambda: clinic.care.add_assessment(1, ASSESSMENT, by)
    yield "care.set_clearance", lambda: clinic.care.set_clearance(1, CLEARANCE, by)
    lower = replace(CLEARANCE, cap_kg=30.0)
    yield "care.assess", lambda: clinic.care.assess(1, ASSESSMENT, lower, by)
    yield "plans.set", lambda: clinic.plans.set(1, HOME, by, "")
    yield "plans.set", lambda: clinic.plans.set(1, LIFTMOR, by, "stronger now")
    yield "sessions.miss", lambda: clinic.sessions.miss(1, day, "flu", by)
    yield "sessions.begin", lambda: clinic.sessions.begin(1, at, by, 62.5)
    yield "sessions.note", lambda: clinic.sessions.note(2, "at first", by)
    yield "sessions.note", lambda: clinic.sessions.note(2, "and then", by)
    whole = new_set(flags=(flag(11.0, 12.0),), landings=(landing(3.0, 3.5),))
    yield "sessions.add_set", lambda: clinic.sessions.add_set(2, whole, by)
    yield "sessions.rate", lambda: clinic.sessions.rate(1, Ratings(12, 1, "knee"), by)
    yield "sessions.rate", lambda: clinic.sessions.rate(1, Ratings(19, 7, "hip", True, True), by)
    yield "sessions.remove_repetition", lambda: clinic.sessions.remove_repetition(1, by, "none")
    yield "sessions.restore_repetition", lambda: clinic.sessions.restore_repetition(1, by)
    yield "sessions.add_repetition", lambda: clinic.sessions.add_repetition(1, by, "not seen")
    yield "sessions.set_load_of", lambda: clinic.sessions.set_load_of(1, 47.5, by)
    yield "sessions.undo", lambda: clinic.sessions.undo(1, by)
    yield "sessions.undo", lambda: clinic.sessions.undo(1, by)
    yield "sessions.remove_set", lambda: clinic.sessions.remove_set(1, by, "another person")
    yield "sessions.restore_set", lambda: clinic.sessions.restore_set(1, by)
    yield (
        "sessions.add_recording",
        lambda: clinic.sessions.add_recording(2, "a", "deadlift", at, by),
    )
    yield (
        "sessions.adverse_event",
        lambda: clinic.sessions.adverse_event(1, 2, EventGrade.MINOR, "dizzy", "deadlift", day, by),
    )
    left_out = DayChange("deadlift", by, "slept badly", left_out=True)
    yield "sessions.change_day", lambda: clinic.sessions.change_day(2, left_out, by)
    fewer = DayChange("deadlift", by, "feels better", sets=3, repetitions=4, load_kg=45.0)
    yield "sessions.change_day", lambda: clinic.sessions.change_day(2, fewer, by)
    yield "sessions.end", lambda: clinic.sessions.end(2, at, by, "in the end")
    tested = Maximum("deadlift", MaximumSource.TESTED, 67.5, None, None, day, Confidence.HIGH, "")
    yield "maxima.add", lambda: clinic.maxima.add(1, tested, by)
    yield "decisions.add", lambda: clinic.decisions.add(1, DECISION, by, PROPOSAL)
    outcome = Outcome(Measure.BMD_SPINE, 1.82, day, by)
    yield "outcomes.add", lambda: clinic.outcomes.add(1, outcome, by)
    yield "outcomes.correct", lambda: clinic.outcomes.correct(1, 0.812, by, "a slip")
    yield "audit.note", lambda: clinic.audit.note(by, "exported", 1, "all")


def everything(clinic: Clinic) -> Rows:
    """All rows of all tables, by their key."""
    found: Rows = {}
    with clinic.audit.reading() as connection:
        for table in schema.METADATA.sorted_tables:
            (key,) = table.primary_key.columns
            rows = connection.execute(select(table)).mappings()
            found[table.name] = {row[key.name]: dict(row) for row in rows}
    return found


def test_every_write_has_its_entry_and_every_old_value_is_kept(clinic: Clinic) -> None:
    touched: set[str] = set()
    called: set[str] = set()
    before = everything(clinic)
    for called_as, write in words(clinic):
        write()
        called.add(called_as)
        after = everything(clinic)
        entries = [row for key, row in after["audit"].items() if key not in before["audit"]]
        assert entries, f"{called_as} wrote nothing into the audit"
        assert all(entry["by_whom"] == BY for entry in entries)
        told = json.dumps([entry["before"] for entry in entries], default=str)
        for table, rows in before.items():
            changed = after[table].keys() - rows.keys()
            for key, old in rows.items():
                new = after[table].get(key, {})
                for column, value in old.items():
                    if new.get(column) == value:
                        continue
                    changed.add(key)
                    if value in (None, "", []) or column in NOT_TOLD.get(table, ()):
                        continue
                    here = f"{called_as}: {table}.{column} was {value}"
                    assert json.dumps(value, default=str) in told, here
            touched |= {table} if changed else set()
        before = after
    # Nothing that writes was left out, and no table.
    assert touched == set(schema.METADATA.tables)
    inherited = {name for name, _ in inspect.getmembers(Ledger)}
    for part in PARTS:
        of_part = {
            name
            for name, _ in inspect.getmembers(getattr(clinic, part), inspect.ismethod)
            if not name.startswith("_") and name not in inherited
        }
        tried = {name.partition(".")[2] for name in called if name.startswith(f"{part}.")}
        assert of_part - READERS[part] == tried


def test_what_the_database_itself_lets_be_changed_is_known(path: Path) -> None:
    with Clinic.open(path) as clinic:
        for _, write in words(clinic):
            write()
        clinic.people.set_identity(1, Identity("Ada"), BY)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        free: dict[str, set[str]] = {}
        for table in schema.METADATA.sorted_tables:
            for column in table.columns:
                named = f'"{column.name}"'
                with contextlib.suppress(sqlite3.IntegrityError):
                    raw.execute(f'UPDATE "{table.name}" SET {named} = {named}')
                    free.setdefault(table.name, set()).add(column.name)
    assert free == CHANGEABLE


@pytest.mark.parametrize(
    "table", sorted((schema.METADATA.tables.keys() - CHANGEABLE.keys()) | {"sets", "repetitions"})
)
def test_what_is_never_changed_is_never_removed(path: Path, table: str) -> None:
    with Clinic.open(path) as clinic:
        for _, write in words(clinic):
            write()
    with (
        closing(sqlite3.connect(path)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="never altered"),
    ):
        raw.execute(f'DELETE FROM "{table}"')
