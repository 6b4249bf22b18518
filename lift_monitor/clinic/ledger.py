"""How every part of the store reads and writes: each write is one transaction with its audit."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    RowMapping,
    Select,
    Table,
    bindparam,
    insert,
    select,
)

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.faults import told
from lift_monitor.clinic.sqlite import WRITES
from lift_monitor.clinic.text import LONGEST_NAME, clean_text, clean_values
from lift_monitor.programme.documents import DocumentError, read, to_document

T = TypeVar("T")
HEAVIEST_KG: Final = 500.0
"""More has no barbell here."""
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


@dataclass(slots=True)
class Writing:
    """One write: its transaction, who does it, and when."""

    connection: Connection
    by: str
    at: datetime
    entries: int = field(default=0)

    def audit(
        self,
        what: str,
        person_id: int | None,
        subject: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Write down what is done; values that are empty are left out on either side."""
        self.insert(
            schema.audit,
            written_at=self.at,
            by_whom=self.by,
            what=what,
            person_id=person_id,
            subject=subject,
            before=_told(before),
            after=_told(after),
            reason=reason,
        )
        self.entries += 1

    def insert(self, table: Table, **values: Any) -> int:
        """Add a row; give its number."""
        kept = {name: clean_values(value) for name, value in values.items()}
        key = self.connection.execute(_insert(table), kept).inserted_primary_key
        assert key is not None
        return int(key[0])

    def insert_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows."""
        if rows:
            self.connection.execute(_insert(table), [clean_values(dict(row)) for row in rows])


class Ledger:
    """A part of the store.

    Parameters
    ----------
    engine
        Gives each call a connection of its own, so that any thread may call.
    where
        What the database is called in sentences.
    now
        Tells the time; aware.
    """

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._reading = engine.execution_options(**{WRITES: False})
        self._where = where
        self._now = now

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with told(self._where), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, by: str) -> Iterator[Writing]:
        """A transaction; what it wrote is on the disk when the block has been left.

        Raises
        ------
        ClinicError
            If nobody is named, or the database refuses; nothing is kept then.
        """
        who = named(by)
        with told(self._where), self._engine.begin() as connection:
            write = Writing(connection, who, self._now())
            yield write
            if not write.entries:
                raise RuntimeError("a write without its audit entry")

    def each(self, query: Select[Any], make: Callable[[RowMapping], T]) -> tuple[T, ...]:
        """What a function makes of each row of a query."""
        with self.reading() as connection:
            return tuple(make(row) for row in connection.execute(query).mappings())


def one(connection: Connection, table: Table, row_id: int, called: str) -> RowMapping:
    """A row by its number.

    Raises
    ------
    ClinicError
        If there is none.
    """
    found = connection.execute(_by_id(table), {"wanted": row_id}).mappings().first()
    if found is None:
        raise ClinicError(f"There is no {called} {row_id} in this clinic.")
    return found


def _told(values: Mapping[str, Any] | None) -> Any:
    kept = document(dict(values or {}))
    return {name: value for name, value in kept.items() if value not in (None, "", [])}


# Statements made once: to make them anew takes longer than SQLite takes to carry them out.
@functools.cache
def _insert(table: Table) -> Insert:
    return insert(table)


@functools.cache
def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.id == bindparam("wanted"))


def document(value: Any) -> Any:
    """A value as the document that the database keeps.

    Raises
    ------
    ClinicError
        If something in it cannot be kept.
    """
    try:
        return clean_values(to_document(value))
    except DocumentError as error:
        raise ClinicError(f"This cannot be kept: {error}") from error


def of_document(cls: type[T], kept: Any, called: str) -> T:
    """A value from the document that the database kept.

    Raises
    ------
    ClinicError
        If it cannot be read, e.g. because the file is damaged.
    """
    try:
        return read(cls, kept, called)
    except DocumentError as error:
        raise ClinicError(
            f"A record of this clinic cannot be read: {error} Restore a backup with lift-monitor "
            "restore, or ask for help; the record is left as it is."
        ) from error


def needed(text: str, sentence: str) -> str:
    """A text without its edges.

    Raises
    ------
    ClinicError
        The sentence, if nothing is left.
    """
    kept = clean_text(text).strip()
    if not kept:
        raise ClinicError(sentence)
    return kept


def named(by: str) -> str:
    """Who does something.

    Raises
    ------
    ClinicError
        If nobody is named, or by more than a name.
    """
    who = needed(by, "Say who does it: a clinician's name or initials are missing.")
    if len(who) > LONGEST_NAME:
        raise ClinicError(f"The name of who does it has {len(who)} characters; shorten it.")
    return who


def require_kg(kg: float | None, called: str) -> None:
    """Refuse a mass that no barbell has.

    Raises
    ------
    ClinicError
        If it is negative, not a number, or too much.
    """
    if kg is not None and not 0.0 <= kg <= HEAVIEST_KG:
        raise ClinicError(f"{called} is {kg} kg; it must lie between 0 and {HEAVIEST_KG:g} kg.")


def require_day(day: date | None, called: str) -> None:
    """Refuse a day of a mistyped year or a clock that was never set, and a day with a time.

    Raises
    ------
    ClinicError
        If nobody's care can have been on it.
    """
    if isinstance(day, datetime):  # which is a date to Python
        raise ClinicError(f"{called} has a time; a day alone is needed.")
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ClinicError(
            f"{called} is {day.isoformat()}; a day from {FIRST_YEAR} to {LAST_YEAR} is needed."
        )


def require_within(number: float | None, low: float, high: float, called: str) -> None:
    """Refuse a number that cannot be.

    Raises
    ------
    ClinicError
        If it is outside its limits, or none.
    """
    if number is not None and not low <= number <= high:
        raise ClinicError(f"{called} is {number}; it must lie between {low:g} and {high:g}.")
