"""The clinic's store, opened: every part of it under one roof."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from lift_monitor.clinic import backup as backups_
from lift_monitor.clinic import sqlite
from lift_monitor.clinic.audit import Audit
from lift_monitor.clinic.books import Decisions, Maxima, Outcomes
from lift_monitor.clinic.care import Care, Plans
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.faults import told
from lift_monitor.clinic.history import Histories
from lift_monitor.clinic.migrate import HEAD, require_known, upgrade, version
from lift_monitor.clinic.people import People
from lift_monitor.clinic.sessions import Sessions
from lift_monitor.clinic.settings import Settings
from lift_monitor.programme.record import History

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class Clinic:
    """A clinic's records. Made by :meth:`open`; any thread may call.

    Attributes
    ----------
    where : str
        File or URL, without a password.
    people, care, plans, sessions, maxima, decisions, outcomes, audit
        The parts of the store.
    backup_trouble : str
        Why today's automatic backup could not be made, in one sentence; empty if it was.
    """

    def __init__(
        self, engine: Engine, where: str, path: Path | None, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._path = path
        self._now = now
        self.where = where
        self.backup_trouble = ""
        self.backup_folder: Path | None = None
        self.people = People(engine, where, now)
        self.care = Care(engine, where, now)
        self.plans = Plans(engine, where, now)
        self.sessions = Sessions(engine, where, now)
        self.maxima = Maxima(engine, where, now)
        self.decisions = Decisions(engine, where, now)
        self.outcomes = Outcomes(engine, where, now)
        self.audit = Audit(engine, where, now)
        self._histories = Histories(engine, where, now)
        self._settings = Settings(engine, where, now)

    @classmethod
    def open(
        cls,
        where: str | Path,
        *,
        backups: Path | None = None,
        now: Callable[[], datetime] = backups_.utc_now,
        durable: bool = True,
        busy_s: float | None = None,
    ) -> Clinic:
        """Open a clinic; a file that is not there is made.

        Parameters
        ----------
        where
            A file, or the URL of a database server as SQLAlchemy takes it.
        backups
            Folder of the automatic backups; beside the file if not given.
        now
            Tells the time; aware.
        durable
            See :func:`lift_monitor.clinic.sqlite.engine`.
        busy_s
            How long a step waits for another program that holds the file; for opening it does not
            count. A window waits shortly: it stands still meanwhile.

        Raises
        ------
        ClinicError
            In one sentence, if it cannot be used; it is left as it was then.
        """
        if isinstance(where, str) and _URL.match(where):
            return cls._open_server(where, now)
        path = _path(where)
        folder = backups or backups_.usual_folder(path)
        made = _make_ready(path, folder, now)
        engine = sqlite.engine(path, durable=durable, busy_s=busy_s)
        clinic = cls(engine, str(path), path, now)
        clinic.backup_folder = folder
        try:
            with clinic.audit.reading():
                pass  # the first connection sets the file up, or tells why it cannot
        except ClinicError:
            engine.dispose()
            raise
        try:
            if not made:  # there is nothing in it yet that a backup could keep
                backups_.daily(path, folder, now().date())
        except ClinicError as error:
            # A full backup disk must not keep a clinic from its session; it is told.
            clinic.backup_trouble = str(error)
        return clinic

    @classmethod
    def _open_server(cls, url: str, now: Callable[[], datetime]) -> Clinic:
        try:
            parsed = make_url(url)
            engine = create_engine(parsed, pool_pre_ping=True)
        except (SQLAlchemyError, ImportError) as error:
            raise ClinicError(
                f"This database cannot be reached from here: {error}; check the URL, and that "
                "its driver is installed."
            ) from error
        called = parsed.render_as_string(hide_password=True)
        try:
            with told(called), engine.begin() as connection:
                found = version(connection)
                require_known(found, called)
                if found != HEAD:
                    upgrade(connection)
        except ClinicError:
            engine.dispose()
            raise
        return cls(engine, called, None, now)

    def __enter__(self) -> Self:
        """Do nothing: it is open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let the file go; it is whole in itself then."""
        self._engine.dispose()

    def history(self, person_id: int) -> History:
        """All that the programme may look at of a person.

        Without a plan of their own, people follow LIFTMOR.
        """
        return self._histories.of(person_id)

    @property
    def simulated(self) -> bool:
        """Whether the people of this clinic are simulated; every screen and report says so."""
        return self._settings.get("simulated") == "yes"

    def mark_simulated(self, by: str) -> None:
        """Say for good that the people of this clinic are simulated.

        Raises
        ------
        ClinicError
            If there are people in it already: they might be real.
        """
        if not self.simulated:
            if self.people.all(archived=True):
                raise ClinicError(
                    f"There are people in {self.where} already; simulated people need a clinic of "
                    "their own."
                )
            self._settings.set("simulated", "yes", by)

    def backup(self, to: Path | None = None) -> Path:
        """Make a backup now.

        Parameters
        ----------
        to
            The file to make; in the folder of backups, with the time in its name, if not given.

        Raises
        ------
        ClinicError
            If it cannot be made, or the file is there already.
        """
        if self._path is None or self.backup_folder is None:
            raise ClinicError(
                f"{self.where} is on a server; its backups are made there, e.g. with pg_dump."
            )
        if to is None:
            stamp = self._now().strftime("%Y-%m-%dT%H%M%S")
            to = self.backup_folder / f"{self._path.stem}-{stamp}.sqlite"
        if to.is_dir():
            raise ClinicError(f"{to} is a folder; give the backup a file name.")
        if to.exists():
            raise ClinicError(f"{to} exists already; remove it or choose another name.")
        backups_.copy_to(self._path, to)
        return to


def _path(where: str | Path) -> Path:
    """A path that can be one, or a sentence."""
    try:
        path = Path(where)
        path.exists()
        path.with_name(f"{path.name}-wal").exists()
    except (OSError, ValueError) as error:
        shown = repr(str(where))
        shown = shown if len(shown) <= 80 else f"{shown[:79]}…"
        why = error.strerror if isinstance(error, OSError) else error
        raise ClinicError(f"{shown} cannot be the name of a file ({why}); shorten it.") from error
    return path


def _make_ready(path: Path, backups: Path, now: Callable[[], datetime]) -> bool:
    """Have a whole file of today's schema at a path; tell whether it was made just now."""
    if not path.is_dir():
        sqlite.require_writable(path)
    made = not path.exists()
    if made:
        journal = sqlite.companions(path)[0]
        if journal.exists() and journal.stat().st_size:
            raise ClinicError(
                f"{path} is missing, but its journal {journal.name} is there; put the file back, "
                "or move the journal away and restore a backup with lift-monitor restore."
            )
        with told(str(path)):
            sqlite.create(path, upgrade)
    sqlite.require_file(path)
    sqlite.check(path)
    found = backups_.schema_of(path)
    require_known(found, str(path))
    if found == HEAD:
        return made
    backups_.before_migration(path, backups, now().date(), found or "0000")
    engine = sqlite.engine(path)
    try:
        with told(str(path)), engine.begin() as connection:
            upgrade(connection)
    finally:
        engine.dispose()
    return made
