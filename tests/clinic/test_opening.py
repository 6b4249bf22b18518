"""Opening what is no clinic, or cannot be used: one sentence each, and the file untouched."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from lift_monitor.clinic import sqlite
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.migrate import HEAD
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.where import default_clinic_path
from lift_monitor.clinic.words import StoredSession
from tests.clinic.records import AT, BY, DAY, new_set

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def filled(path: Path, sets: int = 60) -> Path:
    with Clinic.open(path, durable=False, now=lambda: NOW) as clinic:
        person = clinic.people.add("Heron 14", BY, DAY)
        session = clinic.sessions.begin(person.id, AT, BY)
        for number in range(1, sets + 1):
            clinic.sessions.add_set(session.id, new_set(number), BY)
    return path


def refused(path: Path) -> str:
    """The sentence with which a file is refused; nothing beside it or in it has changed."""
    before = {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    with pytest.raises(ClinicError) as told:
        Clinic.open(path, now=lambda: NOW)
    after = {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    assert {name: after.get(name) for name in before} == before
    assert not [name for name in after if name.name.endswith(".part")]
    sentence = str(told.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence


def other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE people (id INTEGER)")


def newer(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0417'")


def without_guard(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER keep_audit_update")


def orphaned(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE training_sessions SET person_id = 777")


def header_flipped(path: Path) -> None:
    data = bytearray(filled(path, 1).read_bytes())
    data[3] ^= 0xFF
    path.write_bytes(data)


def page_size_flipped(path: Path) -> None:
    data = bytearray(filled(path, 1).read_bytes())
    data[16:18] = b"\x00\x03"
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    data = filled(path).read_bytes()
    path.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(4000)), "not a clinic's file"),
        (lambda path: path.write_text("person,load\n"), "not a clinic's file"),
        (lambda path: path.mkdir(), "is a folder"),
        (other_program, "another program"),
        (newer, f"newer lift-monitor .schema 0417; this one knows up to {HEAD}"),
        (without_guard, "protection of its audit"),
        (orphaned, "belong to nobody"),
        (header_flipped, "beginning is damaged"),
        (page_size_flipped, "damaged"),
        (cut_off, "damaged"),
    ],
)
def test_what_is_no_clinic_is_told_in_one_sentence(
    path: Path, make: Callable[[Path], object], said: str
) -> None:
    make(path)
    assert re.search(said, refused(path))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClinicError, match=r"The folder .* does not exist"):
        Clinic.open(tmp_path / "no" / "clinic.sqlite")
    assert not list(tmp_path.iterdir())


def test_a_lost_file_is_not_made_anew_beside_its_journal(path: Path) -> None:
    path.with_name("clinic.sqlite-wal").write_bytes(b"x" * 500)
    assert "is missing, but its journal" in refused(path)
    assert not path.exists()


def is_damaged(path: Path) -> bool:
    try:
        sqlite.check(path)
    except ClinicError:
        return True
    return False


def test_torn_pages_are_found_before_anything_is_written(path: Path) -> None:
    """Whole pages of rubbish, as a failing disk leaves them, in the middle of the tables."""
    whole = filled(path).read_bytes()
    chance = random.Random(3)
    found = 0
    for page in chance.sample(range(1, len(whole) // 4096), 20):
        data = bytearray(whole)
        data[4096 * page : 4096 * (page + 1)] = chance.randbytes(4096)
        path.write_bytes(data)
        if is_damaged(path):
            found += 1
            assert "damaged" in refused(path)
    # A page that nothing uses can be rubbish without harm.
    assert found >= 18


def test_a_file_that_another_program_holds_is_told_and_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 1)
    monkeypatch.setattr(sqlite, "BUSY_S", 0.05)
    with (
        Clinic.open(path, now=lambda: NOW) as clinic,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ClinicError, match="in use by another program"):
            clinic.people.add("Teal 3", BY, DAY)
        other.execute("ROLLBACK")
        clinic.people.add("Teal 3", BY, DAY)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert "in use by another program" in refused(path)


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    path = filled(small_disk / "clinic.sqlite", 2)
    before = path.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert "read-only" in refused(path)
    assert "read-only" in refused(small_disk / "other.sqlite")
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert path.read_bytes() == before
    with Clinic.open(path) as clinic:
        assert len(clinic.people.all()) == 1


def fill_up(folder: Path) -> Path:
    """Leave no room on a disk."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(bytes(4096))
    return ballast


def add_until_refused(clinic: Clinic, session: StoredSession) -> tuple[int, str]:
    """How many sets were confirmed, and what was said then."""
    for number in range(1, 1000):
        try:
            clinic.sessions.add_set(session.id, new_set(number), BY)
        except ClinicError as error:
            return number - 1, str(error)
    raise AssertionError("there was room for all")


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    path = small_disk / "clinic.sqlite"
    with Clinic.open(path) as clinic:
        heron = clinic.people.add("Heron 14", BY, DAY)
        session = clinic.sessions.begin(heron.id, AT, BY)
        ballast = fill_up(small_disk)
        confirmed, told = add_until_refused(clinic, session)
        assert re.search(r"disk of .* nothing of this step was kept", told)
        ballast.unlink()
        assert len(clinic.sessions.sets(session.id)) == confirmed
        clinic.sessions.add_set(session.id, new_set(confirmed + 1), BY)
    sqlite.check(path, thorough=True)
    with Clinic.open(path) as clinic:
        assert len(clinic.sessions.sets(session.id)) == confirmed + 1
        assert len(clinic.audit.entries()) == confirmed + 3


def test_a_full_disk_makes_no_half_clinic(small_disk: Path) -> None:
    path = small_disk / "clinic.sqlite"
    ballast = fill_up(small_disk)
    with pytest.raises(ClinicError):
        Clinic.open(path)
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]
    ballast.unlink()
    Clinic.open(path).close()


def test_a_full_backup_disk_is_told_and_the_clinic_opens(small_disk: Path, path: Path) -> None:
    filled(path)
    fill_up(small_disk)
    with Clinic.open(path, backups=small_disk / "b") as clinic:
        assert "cannot be made" in clinic.backup_trouble or "full" in clinic.backup_trouble
        assert len(clinic.people.all()) == 1
    assert not list(small_disk.glob("b/*"))


def test_a_database_that_may_not_grow_keeps_what_it_has(path: Path) -> None:
    """As a full disk, on machines where none can be mounted."""
    with Clinic.open(path) as clinic:
        heron = clinic.people.add("Heron 14", BY, DAY)
        session = clinic.sessions.begin(heron.id, AT, BY)

        @event.listens_for(clinic._engine, "begin")
        def _stunt(connection: object) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count = 110")  # type: ignore[attr-defined]

        confirmed, told = add_until_refused(clinic, session)
        assert "is full" in told
        assert len(clinic.sessions.sets(session.id)) == confirmed > 3


@pytest.mark.parametrize("name", ["a b#1?.sqlite", "Übung %41.sqlite", "x" * 120 + ".sqlite"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
    assert path.is_file()
    with Clinic.open(path) as clinic:
        assert len(clinic.people.all()) == 1


def test_two_programs_share_one_file(path: Path) -> None:
    with Clinic.open(path) as one, Clinic.open(str(path)) as other:
        person = one.people.add("Heron 14", BY, DAY)
        assert other.people.all() == (person,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights otherwise")
def test_nobody_else_reads_the_records(path: Path) -> None:
    with Clinic.open(path) as clinic:
        copy = clinic.backup()
    for each in (path, copy):
        assert each.stat().st_mode & 0o077 == 0
    assert copy.parent.stat().st_mode & 0o077 == 0


def test_the_users_own_clinic_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFT_MONITOR_CLINIC", str(tmp_path / "a.sqlite"))
    assert default_clinic_path() == tmp_path / "a.sqlite"
    monkeypatch.setenv("LIFT_MONITOR_CLINIC", "postgresql://host/clinic")
    assert default_clinic_path() == "postgresql://host/clinic"
    monkeypatch.delenv("LIFT_MONITOR_CLINIC")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    usual = Path(default_clinic_path())
    assert usual.name == "clinic.sqlite"
    assert usual.parent.is_dir()


def test_a_server_that_is_not_there_is_told() -> None:
    for url in ("nosuchthing://u:secret@host/x", "postgresql+nodriver://u:secret@host/x"):
        with pytest.raises(ClinicError, match="cannot be reached") as told:
            Clinic.open(url)
        assert "secret" not in str(told.value)


def test_simulated_people_need_a_clinic_of_their_own(path: Path, tmp_path: Path) -> None:
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
        with pytest.raises(ClinicError, match="of their own"):
            clinic.mark_simulated(BY)
        assert not clinic.simulated
    with Clinic.open(tmp_path / "practice.sqlite") as clinic:
        clinic.mark_simulated(BY)
        clinic.people.add("Heron 14", BY, DAY)
        clinic.mark_simulated(BY)
        assert clinic.simulated
        assert [e.what for e in clinic.audit.entries()] == ["person_added", "setting_changed"]
    copied = tmp_path / "copied.sqlite"
    shutil.copy(tmp_path / "practice.sqlite", copied)
    with Clinic.open(copied) as clinic:
        assert clinic.simulated
