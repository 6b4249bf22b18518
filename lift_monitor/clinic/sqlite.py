"""Everything that only SQLite knows: opening, checking, making and copying its files.

No other module says anything in SQLite's own dialect, but for the migrations.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from lift_monitor.clinic.errors import ClinicError, DamagedError
from lift_monitor.clinic.faults import RESTORE, fault

APPLICATION_ID: Final = 0x4C4D4331
"""Written into the file's header ("LMC1"), so that another program's file is told apart."""
BUSY_S: Final = 3.0
"""How long another program may hold the file before it is told."""
WRITES: Final = "clinic_writes"
"""Execution option of connections that will write."""
PRIVATE: Final = 0o600
"""Nobody but the user reads what is made here."""

_MAGIC: Final = b"SQLite format 3\0"
_GUARDS: Final = frozenset(f"keep_audit_{what}" for what in ("update", "delete", "replace"))


def require_file(path: Path) -> None:
    """Look at a file before SQLite does; it is not touched.

    Raises
    ------
    ClinicError
        If it is not there, is no file, or does not begin like a clinic's file.
    """
    if path.is_dir():
        raise ClinicError(f"{path} is a folder; name the clinic's file inside it.")
    if path.exists() and not path.is_file():
        raise ClinicError(f"{path} is no file but a device or a pipe; name a file.")
    try:
        with path.open("rb") as stream:
            head = stream.read(100)
    except FileNotFoundError:
        raise ClinicError(f"{path} does not exist; check the name and the folder.") from None
    except OSError as error:
        raise ClinicError(
            f"{path} cannot be read ({error.strerror}); ask for the right to read it."
        ) from None
    if not head:
        raise DamagedError(
            f"{path} is empty and no clinic's file", f"if it was one, {RESTORE}, else name another"
        )
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise DamagedError(
            f"{path} is not a clinic's file of lift-monitor, or its beginning is damaged",
            f"name another file, or {RESTORE}",
        )
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise ClinicError(
            f"{path} is a database of another program, not a clinic's file of lift-monitor; "
            "name another file."
        )


def require_writable(path: Path) -> None:
    """Refuse a place that cannot be written to before anything is tried.

    Raises
    ------
    ClinicError
        If the folder is not there or either is read-only.
    """
    folder = path.parent
    if not folder.is_dir():
        raise ClinicError(
            f"The folder {folder} for {path.name} does not exist; make it first, or name another."
        )
    for place in (folder, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise ClinicError(
                f"{place} is read-only, so that nothing could be kept; ask for the right to "
                "write there, or name another place."
            )


def check(path: Path, *, thorough: bool = False) -> None:
    """Check that a file holds together; it is opened for reading only.

    Parameters
    ----------
    path
    thorough
        Compare every index with its table as well (``integrity_check``). Without, SQLite's
        ``quick_check`` reads every page and every row, which finds damage by a disk and takes a
        fraction of the time; a backup is checked thoroughly once a day.

    Raises
    ------
    ClinicError
        If it is damaged.
    """
    pragma = "integrity_check" if thorough else "quick_check"
    try:
        _take_back(path)
        with closing(_raw(path, "ro")) as connection:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA {pragma}(1)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
            guards = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            missing = _GUARDS - {str(row[0]) for row in guards}
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # SQLite quotes damaged text in its messages, which Python then cannot read.
        if isinstance(error, sqlite3.OperationalError):
            raise fault(error, str(path)) from error
        found, orphans, missing = [str(error)], None, frozenset()
    if found != ["ok"]:
        raise DamagedError(f"{path} is damaged ({_short(found[0])})", RESTORE)
    if orphans is not None:
        raise DamagedError(f"{path} is damaged (rows of {orphans[0]} belong to nobody)", RESTORE)
    if missing:
        raise DamagedError(
            f"{path} has lost the protection of its audit, so that it cannot be told what was "
            "changed",
            RESTORE,
        )


def _take_back(path: Path) -> None:
    """Have SQLite take back a step in whose middle a program was killed.

    A file that goes over to or from write-ahead logging has a rollback journal for a moment.
    One that was left there hides the file from whoever may only read.
    """
    try:
        with closing(_raw(path, "ro")) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
        with closing(_raw(path, "rw")) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def engine(path: Path, *, durable: bool = True, busy_s: float | None = None) -> Engine:
    """Connections to a file that is there; each call that needs one has one to itself.

    Parameters
    ----------
    path
    durable
        Every confirmed write has reached the disk. Without, it has reached the system only,
        which survives a killed program but not a power failure: for simulated clinics.
    busy_s
        How long another program may hold the file before it is told; by default :data:`BUSY_S`.
    """

    def connect() -> sqlite3.Connection:
        connection = _raw(path, "rw", busy_s)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        # What was deleted, e.g. a name, does not live on in free pages.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    made = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=4, json_serializer=_json
    )
    event.listen(made, "begin", _still_there(path))
    event.listen(made, "begin", _begin)
    return made


def reader(path: Path) -> Engine:
    """Connections that only read."""
    return create_engine("sqlite://", creator=lambda: _raw(path, "ro"), poolclass=QueuePool)


def create(path: Path, fill: Callable[[Connection], None]) -> None:
    """Make a new file; it appears whole or not at all, and never in place of another.

    Parameters
    ----------
    path
    fill
        Makes the schema.
    """
    with part_of(path) as part:
        part.touch(mode=PRIVATE, exist_ok=False)
        with closing(_raw(part, "rw")) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made = create_engine("sqlite://", creator=lambda: _raw(part, "rw"), poolclass=QueuePool)
        event.listen(made, "begin", _begin)
        try:
            with made.begin() as connected:
                fill(connected)
        finally:
            made.dispose()
        _to_disk(part)
        _appear(part, path)


def copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use; the copy stands on its own in one file.

    Raises
    ------
    ClinicError
        If the copy does not hold together.
    """
    target.touch(mode=PRIVATE, exist_ok=False)
    with closing(_raw(source, "ro")) as from_, closing(_raw(target, "rw")) as to:
        from_.backup(to)
        to.execute("PRAGMA journal_mode = DELETE")
    check(target, thorough=True)
    _to_disk(target)


def let_go(path: Path) -> None:
    """Fold a file's journal into it; fails while another program has the file open.

    Raises
    ------
    sqlite3.OperationalError
        If the file is in use.
    sqlite3.DatabaseError
        If it is too damaged.
    """
    with closing(_raw(path, "rw")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def companions(path: Path) -> tuple[Path, ...]:
    """Files beside a database that belong to it."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """Lend a temporary path beside ``target``; whatever is left of it is removed."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
    finally:
        for left in (part, *companions(part)):
            left.unlink(missing_ok=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _raw(path: Path, mode: str, busy_s: float | None = None) -> sqlite3.Connection:
    # By URI, so that a file which vanished meanwhile is not made anew, empty.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_S if busy_s is None else busy_s,
        isolation_level=None,
        check_same_thread=False,  # the pool gives a connection to one thread at a time
    )


def _begin(connection: Connection) -> None:
    # A writer asks for the file at once: asked for in the middle, it could be refused.
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _still_there(path: Path) -> Callable[[Connection], None]:
    """Ask before each write whether the file that was opened still has its name.

    On POSIX a file that was removed can be written on, and everything is gone when it is closed.
    """
    opened = path.stat()

    def ask(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITES, True):
            return
        try:
            there = os.path.samestat(path.stat(), opened)
        except OSError:
            there = False
        if not there:
            raise ClinicError(
                f"{path} was moved, removed or replaced while it was open: nothing of this step "
                "was kept; put the file back, or close lift-monitor and restore a backup with "
                "lift-monitor restore."
            )

    return ask


def _appear(part: Path, path: Path) -> None:
    """Give a finished file its name, unless the name has been taken meanwhile."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return  # another program was quicker; its file is opened
    except (OSError, NotImplementedError):
        # A file system without hard links.
        if not path.exists():
            part.replace(path)
    folder_to_disk(path.parent)


def _to_disk(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def folder_to_disk(folder: Path) -> None:
    """Ask the system to keep the names in a folder, where it can be asked."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
