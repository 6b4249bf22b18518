"""Backups and the way back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lift_monitor.clinic import sqlite
from lift_monitor.clinic.backup import KEEP_DAYS, restore
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from tests.clinic.records import AT, BY, DAY, new_set

FIRST = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def names(path: Path) -> list[str]:
    with Clinic.open(path) as clinic:
        return [person.pseudonym for person in clinic.people.all()]


def grown(path: Path) -> Path:
    """A clinic of two people, and a backup from when there was one."""
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
        backup = clinic.backup(path.with_name("backup.sqlite"))
        clinic.people.add("Teal 3", BY, DAY)
    return backup


def test_a_backup_is_made_once_a_day_and_the_last_fourteen_are_kept(path: Path) -> None:
    folder = path.with_name("clinic-backups")
    folder.mkdir()
    mine = folder / "clinic-my-own.sqlite"
    mine.write_bytes(b"kept")
    for day in range(KEEP_DAYS + 6):
        for hour in (0, 5):
            now = FIRST + timedelta(days=day, hours=hour)
            with Clinic.open(path, durable=False, now=lambda now=now: now) as clinic:  # type: ignore[misc]
                assert clinic.backup_trouble == ""
                if hour == 0:
                    clinic.people.add(f"Heron {day}", BY, DAY)
    kept = sorted(each.name for each in folder.iterdir() if each != mine)
    assert len(kept) == KEEP_DAYS
    assert (kept[0], kept[-1]) == ("clinic-2026-01-11.sqlite", "clinic-2026-01-24.sqlite")
    assert mine.read_bytes() == b"kept"
    # Made when the day began, before anything of the day.
    assert len(names(folder / "clinic-2026-01-24.sqlite")) == KEEP_DAYS + 5


def test_a_backup_of_a_clinic_in_use_is_whole_and_one_file(path: Path, tmp_path: Path) -> None:
    with Clinic.open(path) as clinic:
        heron = clinic.people.add("Heron 14", BY, DAY)
        session = clinic.sessions.begin(heron.id, AT, BY)
        for number in range(1, 30):
            clinic.sessions.add_set(session.id, new_set(number), BY)
        assert path.with_name("clinic.sqlite-wal").stat().st_size > 0
        out = clinic.backup(tmp_path / "out.sqlite")
        with pytest.raises(ClinicError, match="exists already"):
            clinic.backup(out)
        with pytest.raises(ClinicError, match="is a folder"):
            clinic.backup(tmp_path)
    sqlite.check(out, thorough=True)
    assert [e.name for e in tmp_path.iterdir() if e.name.startswith(("out", ".out"))] == [out.name]
    with Clinic.open(out) as copy:
        assert len(copy.sessions.sets(session.id)) == 29


def test_a_restore_keeps_what_it_replaces_and_says_who_did_it(path: Path) -> None:
    backup = grown(path)
    before = backup.read_bytes()
    aside = restore(backup, path, by="D. Other", now=lambda: AT)
    assert names(path) == ["Heron 14"]
    assert aside == path.with_name("clinic.sqlite.replaced-2026-03-02T093000")
    assert names(aside) == ["Heron 14", "Teal 3"]
    assert backup.read_bytes() == before
    with Clinic.open(path) as clinic:
        entry = clinic.audit.entries(limit=1)[0]
    assert (entry.what, entry.by, entry.subject) == (
        "backup_restored", "D. Other", "backup.sqlite",
    )  # fmt: skip
    second = restore(backup, path, by=BY, now=lambda: AT)
    assert second is not None
    assert second != aside


def test_a_restore_mends_a_damaged_file_and_keeps_the_damage(path: Path) -> None:
    backup = grown(path)
    damaged = bytearray(path.read_bytes())
    damaged[4096:] = bytes(len(damaged) - 4096)
    path.write_bytes(damaged)
    journal = path.with_name("clinic.sqlite-wal")
    journal.write_bytes(b"left by a killed program")
    with pytest.raises(ClinicError, match="damaged"):
        Clinic.open(path)
    aside = restore(backup, path, by=BY)
    assert aside is not None
    assert aside.read_bytes()[4096:] == bytes(damaged[4096:])
    assert names(path) == ["Heron 14"]


def test_a_restore_through_a_link_replaces_the_file(tmp_path: Path, path: Path) -> None:
    backup = grown(path)
    link = tmp_path / "link.sqlite"
    link.symlink_to(path)
    restore(backup, link, by=BY)
    assert link.is_symlink()
    assert names(path) == ["Heron 14"]


def test_a_restore_into_nothing_makes_the_file(tmp_path: Path, path: Path) -> None:
    backup = grown(path)
    fresh = tmp_path / "fresh.sqlite"
    assert restore(backup, fresh, by=BY) is None
    assert names(fresh) == ["Heron 14"]


@pytest.mark.parametrize("harm", ["jpeg", "torn", "newer", "missing", "itself", "nobody", "empty"])
def test_a_backup_that_cannot_be_used_changes_nothing(path: Path, harm: str) -> None:
    backup = grown(path)
    by = BY
    if harm == "jpeg":
        backup.write_bytes(b"\xff\xd8\xff\xe0" + bytes(9000))
    elif harm == "torn":
        data = bytearray(backup.read_bytes())
        data[8192:40960] = bytes(32768)
        backup.write_bytes(data)
    elif harm == "newer":
        with closing(sqlite3.connect(backup)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '0999'")
    elif harm == "missing":
        backup.unlink()
    elif harm == "itself":
        backup = path
    elif harm == "empty":
        backup.write_bytes(b"")
    else:
        by = " "
    before = path.read_bytes()
    with pytest.raises(ClinicError) as told:
        restore(backup, path, by=by)
    assert str(told.value).endswith(".")
    assert "restore" not in str(told.value)  # who is restoring need not be told to
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*replaced*"))
    assert names(path) == ["Heron 14", "Teal 3"]


def test_a_file_in_use_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_S", 0.05)
    backup = grown(path)
    with Clinic.open(path) as clinic:
        with pytest.raises(ClinicError, match="in use by another program"):
            restore(backup, path, by=BY)
        clinic.people.add("Wren 5", BY, DAY)
    assert names(path) == ["Heron 14", "Teal 3", "Wren 5"]
    assert not list(path.parent.glob("*replaced*"))


def test_a_full_disk_restores_nothing(small_disk: Path, path: Path) -> None:
    backup = grown(path)
    target = small_disk / "clinic.sqlite"
    shutil.copy(path, target)
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        while stream.write(bytes(4096)) == 4096 and small_room(small_disk) > 8192:
            pass
    before = target.read_bytes()
    with pytest.raises(ClinicError):
        restore(backup, target, by=BY)
    assert target.read_bytes() == before
    assert {each.name for each in small_disk.iterdir()} == {"clinic.sqlite", "ballast"}


def small_room(folder: Path) -> int:
    return shutil.disk_usage(folder).free
