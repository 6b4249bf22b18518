"""Backups: a dated copy of the clinic's file, and the way back."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from lift_monitor.clinic import schema, sqlite
from lift_monitor.clinic.errors import ClinicError, DamagedError
from lift_monitor.clinic.faults import fault, told
from lift_monitor.clinic.ledger import named
from lift_monitor.clinic.migrate import require_known, version

KEEP_DAYS: Final = 14
"""So many of the newest daily backups are kept."""


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def usual_folder(path: Path) -> Path:
    """Where the automatic backups of a clinic's file are."""
    return path.with_name(f"{path.stem}-backups")


def daily(path: Path, folder: Path, day: date) -> Path | None:
    """Make the backup of a day unless it is there; let the oldest of too many go.

    Returns
    -------
    Path or None
        The backup; ``None`` if the day had one already.

    Raises
    ------
    ClinicError
        If it cannot be made; what is there stays.
    """
    target = folder / f"{path.stem}-{day.isoformat()}.sqlite"
    if target.exists():
        return None
    copy_to(path, target)
    _thin_out(path, folder)
    return target


def before_migration(path: Path, folder: Path, day: date, schema_now: str) -> Path:
    """Make the backup that a migration needs; these are never let go."""
    stem = f"{path.stem}-before-migration-of-{schema_now}-{day.isoformat()}"
    target = folder / f"{stem}.sqlite"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.sqlite"
    copy_to(path, target)
    return target


def copy_to(path: Path, target: Path) -> None:
    """Copy a clinic's file that may be in use; the copy appears whole, checked, or not at all.

    Raises
    ------
    ClinicError
        If it cannot be made.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with sqlite.part_of(target) as part, told(str(target)):
            sqlite.copy(path, part)
            part.replace(target)
        sqlite.folder_to_disk(target.parent)
    except OSError as error:
        raise ClinicError(
            f"The backup {target} cannot be made ({error.strerror}); make room, or name "
            "another folder."
        ) from error


def schema_of(path: Path) -> str:
    """Which schema a clinic's file has; the file is opened for reading only."""
    engine = sqlite.reader(path)
    try:
        with told(str(path)), engine.connect() as connection:
            return version(connection)
    finally:
        engine.dispose()


def check_backup(backup: Path) -> None:
    """Check that a file is a backup that can be restored.

    Raises
    ------
    ClinicError
        If it is not.
    """
    try:
        sqlite.require_file(backup)
        sqlite.check(backup, thorough=True)
    except DamagedError as error:
        # Who is about to restore need not be told to.
        raise ClinicError(f"{error.what}; name another backup.") from error
    found = schema_of(backup)
    if not found:
        raise ClinicError(f"{backup} holds no clinic; name another backup.")
    require_known(found, str(backup))


def restore(
    backup: Path, target: Path, *, by: str, now: Callable[[], datetime] = utc_now
) -> Path | None:
    """Put a backup in the place of a clinic's file, which is kept beside it.

    Parameters
    ----------
    backup
        Is checked first and stays as it is.
    target
        The clinic's file; no program may have it open.
    by
        Who does it; told in the audit.
    now
        Tells the time.

    Returns
    -------
    Path or None
        Where the file that was replaced is now; ``None`` if there was none.

    Raises
    ------
    ClinicError
        If the backup cannot be used, or the file is in use; nothing was changed then.
    """
    who = named(by)
    check_backup(backup)
    if target.is_symlink():
        target = target.resolve()  # the file is replaced, not the link to it
    sqlite.require_writable(target)
    if target.is_dir():
        raise ClinicError(f"{target} is a folder; name the clinic's file inside it.")
    if target.exists() and target.samefile(backup):
        raise ClinicError(f"{backup} is the clinic's file itself; name a backup.")
    at = now()
    try:
        with sqlite.part_of(target) as part:
            with told(str(target)):
                sqlite.copy(backup, part)
            _write_down(part, backup, who, at)
            aside = _put_aside(target, at)
            part.replace(target)
            sqlite.folder_to_disk(target.parent)
    except OSError as error:
        raise ClinicError(
            f"{backup} cannot be restored to {target} ({error.strerror}); make room, or ask for "
            "the right to write there."
        ) from error
    return aside


def _put_aside(target: Path, at: datetime) -> Path | None:
    """Give the file a second name; its own goes over to the backup in one step."""
    if not target.exists():
        for left in sqlite.companions(target):
            if left.exists():
                left.replace(_aside(left, at))
        return None
    aside = _aside(target, at)
    try:
        sqlite.let_go(target)
    except sqlite3.OperationalError as error:
        raise fault(error, str(target)) from error
    except sqlite3.DatabaseError:
        # Too damaged for its journal: both are put aside as they are, for whoever can mend them.
        for left in sqlite.companions(target):
            if left.exists():
                left.replace(left.with_name(left.name.replace(target.name, aside.name, 1)))
    with suppress(OSError):
        aside.hardlink_to(target)
    if not aside.exists():
        shutil.copy2(target, aside)
    return aside


def _aside(path: Path, at: datetime) -> Path:
    stamp = at.strftime("%Y-%m-%dT%H%M%S")
    aside = path.with_name(f"{path.name}.replaced-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.replaced-{stamp}-{number}")
    return aside


def _write_down(part: Path, backup: Path, by: str, at: datetime) -> None:
    engine = sqlite.engine(part)
    try:
        with told(str(part)), engine.begin() as connection:
            connection.execute(
                insert(schema.audit).values(
                    written_at=at,
                    by_whom=by,
                    what="backup_restored",
                    person_id=None,
                    subject=backup.name,
                    before={},
                    after={},
                    reason="",
                )
            )
    finally:
        engine.dispose()
    with told(str(part)):
        sqlite.let_go(part)


def _thin_out(path: Path, folder: Path) -> None:
    dated = re.compile(re.escape(path.stem) + r"-\d{4}-\d{2}-\d{2}\.sqlite")
    found = sorted(each for each in folder.iterdir() if dated.fullmatch(each.name))
    for old in found[:-KEEP_DAYS]:
        with suppress(OSError):
            old.unlink()
