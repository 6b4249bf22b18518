"""Schemas: every released one is brought up to today's, and today's is what the tables say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Dialect, create_mock_engine
from sqlalchemy.dialects import postgresql

from lift_monitor.clinic import schema, sqlite
from lift_monitor.clinic import store as store_module
from lift_monitor.clinic.backup import schema_of
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.migrate import HEAD, RELEASED, SCRIPTS, upgrade
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity, Ratings
from lift_monitor.programme.record import EventGrade
from lift_monitor.programme.shipped import LIFTMOR
from tests.clinic import records

SCHEMAS = Path(__file__).with_name("schemas")


def of_release(release: str, path: Path) -> Path:
    """A clinic's file as a release wrote it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / f"{release}.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")
    return path


def test_every_schema_has_its_migration_and_its_frozen_file() -> None:
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_heads() == [HEAD]
    assert [s.revision for s in reversed(list(scripts.walk_revisions()))] == list(RELEASED)
    assert sorted(each.stem for each in SCHEMAS.glob("*.sql")) == list(RELEASED)


@pytest.mark.parametrize("release", RELEASED)
def test_a_file_of_every_release_is_brought_up_with_everything_in_it(
    release: str, path: Path
) -> None:
    of_release(release, path)
    with closing(sqlite3.connect(path)) as connection:
        audit = connection.execute("SELECT * FROM audit").fetchall()
    before = path.read_bytes()
    with Clinic.open(path) as clinic:
        heron = clinic.people.find("Heron 14")
        assert clinic.people.identity(heron.id) == Identity(
            "Ada Example", records.DAY, "", "Dr. Vale"
        )
        assert clinic.care.assessments(heron.id) == (records.ASSESSMENT,)
        assert clinic.care.clearance(heron.id) == records.CLEARANCE
        plan = clinic.plans.current(heron.id)
        assert plan is not None
        assert (plan.plan.key, plan.reason) == (LIFTMOR.key, "begins")
        (session,) = clinic.sessions.all(heron.id)
        assert (session.body_mass_kg, session.note) == (62.5, "went well")
        (kept,) = clinic.sessions.sets(session.id)
        assert kept.new.measured == records.lift_set()
        assert (kept.new.watched, kept.new.unwatched) == (True, None)
        assert (kept.new.flags, kept.new.landings) == (
            (records.flag(11.0, 12.0),), (records.landing(3.0, 3.5),),
        )  # fmt: skip
        assert kept.ratings == Ratings(rpe=14, pain=1, pain_where="knee")
        assert [r.counts for r in kept.repetitions] == [True, True, True, True, False]
        assert [r.file_name for r in clinic.sessions.recordings(heron.id)] == ["deadlift.mcap"]
        (event,) = clinic.sessions.adverse_events(heron.id)
        assert (event.grade, event.text) == (EventGrade.MINOR, "dizzy")
        changes = clinic.sessions.day_changes(session.id)
        assert changes == ((records.DAY_CHANGE,) if release >= "0005" else ())
        told = clinic.history(heron.id)
        later = release >= "0006"
        assert [m.confirmed for m in told.maxima] == [records.CONFIRMED if later else ""]
        assert [e.decisions_before for e in told.sessions[0].adverse] == [0 if later else None]
        ((proposal, decision),) = clinic.decisions.proposals(heron.id)
        assert (proposal, decision.load_kg) == (records.PROPOSAL, records.DECISION.load_kg)
        assert [o.value for o in clinic.outcomes.all(heron.id)] == [0.812]
        assert clinic.history(heron.id).sessions[0].sets[0].repetitions == 4
        assert clinic.sessions.undo(kept.id, records.BY).counted == 5
        assert len(clinic.audit.entries()) == len(audit) + 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM audit").fetchall()[:-1] == audit
    made = list(path.parent.glob("clinic-backups/*-before-migration-of-*"))
    assert len(made) == (release != HEAD)
    for backup in made:
        # What was there before the migration, byte for byte but for the journal's mark.
        assert backup.read_bytes()[100:] == before[100:]


def test_a_migration_that_fails_leaves_the_old_schema(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_release("0001", path)

    def broken(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store_module, "upgrade", broken)
    with pytest.raises(ClinicError, match="full"):
        Clinic.open(path)
    monkeypatch.undo()
    assert schema_of(path) == "0001"
    Clinic.open(path).close()


def test_no_migration_without_its_backup(path: Path, tmp_path: Path) -> None:
    of_release("0001", path)
    before = path.read_bytes()
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder of backups should be")
    with pytest.raises(ClinicError, match="cannot be made"):
        Clinic.open(path, backups=blocked)
    assert path.read_bytes() == before


def test_the_migrations_make_the_tables_that_the_program_knows(path: Path) -> None:
    with Clinic.open(path) as clinic, clinic.audit.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_the_tables_can_be_made_on_postgresql() -> None:
    """Compiled only: what a server says to them was tried by hand (docs/clinic.md)."""
    said: list[str] = []
    dialect: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

    def take(statement: object, *_: object, **__: object) -> None:
        said.append(str(statement.compile(dialect=dialect)))  # type: ignore[attr-defined]

    engine = create_mock_engine("postgresql+psycopg://", take)
    schema.METADATA.create_all(engine, checkfirst=False)
    assert len([text for text in said if "CREATE TABLE" in text]) == len(schema.METADATA.tables)
    assert "AUTOINCREMENT" not in " ".join(said)
