"""A clinician's edits of sets: what was measured is never altered, only what counts.

Each edit is a row with what stood before, so that the last one can be undone; undoing is itself
written down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, RowMapping, Table, bindparam, func, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Ledger, Writing, document, needed, one, require_kg
from lift_monitor.clinic.set_rows import stored_sets
from lift_monitor.clinic.shelf import Shelf
from lift_monitor.clinic.words import StoredSet

_SESSIONS: Final = schema.training_sessions
_TOUCHED: Final = (
    _SESSIONS.c.id,
    _SESSIONS.c.person_id,
    _SESSIONS.c.session_key,
    _SESSIONS.c.attended,
    _SESSIONS.c.revision,
)
_TOUCH: Final = (
    update(_SESSIONS)
    .where(_SESSIONS.c.id == bindparam("wanted"))
    .values(revision=_SESSIONS.c.revision + 1)
    .returning(*_TOUCHED)
)
_TOUCH_BY_SET: Final = (
    update(_SESSIONS)
    .where(
        _SESSIONS.c.id
        == select(schema.sets.c.session_id)
        .where(schema.sets.c.id == bindparam("wanted"))
        .scalar_subquery()
    )
    .values(revision=_SESSIONS.c.revision + 1)
    .returning(*_TOUCHED)
)
_SET: Final = (
    select(schema.sets, _SESSIONS.c.revision)
    .join(_SESSIONS, _SESSIONS.c.id == schema.sets.c.session_id)
    .where(schema.sets.c.id == bindparam("wanted"))
)


class Edits(Ledger):
    """Edits of sets and repetitions."""

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        super().__init__(engine, where, now)
        # By number of the set and revision of its session.
        self._known: Shelf[tuple[int, int], StoredSet] = Shelf(64)

    def get_set(self, set_id: int) -> StoredSet:
        """A set by its number, whether it counts or not.

        Raises
        ------
        ClinicError
            If there is none.
        """
        with self.reading() as connection:
            row = connection.execute(_SET, {"wanted": set_id}).mappings().first()
            if row is None:
                raise ClinicError(f"There is no set {set_id} in this clinic.")
            key = (set_id, int(row["revision"]))
            return self._known.get(key) or self._known.put(key, stored_sets(connection, [row])[0])

    def remove_repetition(self, repetition_id: int, by: str, reason: str = "") -> StoredSet:
        """Let a repetition not count; its values stay.

        Raises
        ------
        ClinicError
            If it does not count already.
        """
        return self._count(repetition_id, by, reason, counts=False)

    def restore_repetition(self, repetition_id: int, by: str) -> StoredSet:
        """Let a repetition count again.

        Raises
        ------
        ClinicError
            If it counts already.
        """
        return self._count(repetition_id, by, "", counts=True)

    def add_repetition(self, set_id: int, by: str, reason: str = "") -> StoredSet:
        """Add a repetition that nothing measured."""
        table = schema.repetitions
        with self.writing(by) as write:
            session = touched_by_set(write, set_id)
            highest = select(func.max(table.c.number)).where(table.c.set_id == set_id)
            number = (write.connection.execute(highest).scalar() or 0) + 1
            repetition_id = write.insert(
                table,
                set_id=set_id,
                number=number,
                added=True,
                counts=True,
                red=False,
                amber=False,
            )
            _edit(write, set_id, "repetition_added", repetition_id, {"counts": False})
            write.audit(
                "repetition_added",
                session["person_id"],
                f"set {set_id}, repetition {number}",
                after={"counts": True},
                reason=reason.strip(),
            )
        return self.get_set(set_id)

    def set_load_of(self, set_id: int, load_kg: float | None, by: str) -> StoredSet:
        """Correct the mass that was on the bar.

        Raises
        ------
        ClinicError
            If no barbell has such a mass.
        """
        require_kg(load_kg, "The load")
        with self.writing(by) as write:
            session = touched_by_set(write, set_id)
            before = {"load_kg": _row(write, schema.sets, set_id)["load_kg"]}
            _alter(write, set_id, load_kg=load_kg)
            _edit(write, set_id, "load_changed", None, before)
            write.audit(
                "load_changed",
                session["person_id"],
                f"set {set_id}",
                before=before,
                after={"load_kg": load_kg},
            )
        return self.get_set(set_id)

    def remove_set(self, set_id: int, by: str, reason: str) -> StoredSet:
        """Let a whole set not count; it is kept.

        Raises
        ------
        ClinicError
            Without a reason, or if it does not count already.
        """
        return self._count_set(set_id, by, needed(reason, "Say why this set does not count."))

    def restore_set(self, set_id: int, by: str) -> StoredSet:
        """Let a whole set count again.

        Raises
        ------
        ClinicError
            If it counts already.
        """
        return self._count_set(set_id, by, "")

    def undo(self, set_id: int, by: str) -> StoredSet:
        """Take back the last edit of a set that still stands.

        Raises
        ------
        ClinicError
            If there is nothing to take back.
        """
        table = schema.edits
        with self.writing(by) as write:
            session = touched_by_set(write, set_id)
            query = (
                select(table)
                .where(table.c.set_id == set_id, table.c.undone.is_(False))
                .order_by(table.c.id.desc())
                .limit(1)
            )
            last = write.connection.execute(query).mappings().first()
            if last is None:
                raise ClinicError("There is no edit of this set to take back.")
            now = _put_back(write, set_id, last)
            write.connection.execute(
                update(table).where(table.c.id == last["id"]).values(undone=True)
            )
            write.audit(
                "edit_undone",
                session["person_id"],
                f"set {set_id}, edit {last['id']}",
                before={"edit": last["kind"], **now},
                after=last["before"],
            )
        return self.get_set(set_id)

    def _count(self, repetition_id: int, by: str, reason: str, *, counts: bool) -> StoredSet:
        with self.writing(by) as write:
            row = _row(write, schema.repetitions, repetition_id)
            session = touched_by_set(write, row["set_id"])
            if row["counts"] == counts:
                told = "counts already" if counts else "does not count already"
                raise ClinicError(f"Repetition {row['number']} {told}.")
            _alter_repetition(write, repetition_id, counts)
            what = "repetition_restored" if counts else "repetition_removed"
            before = {"counts": not counts}
            _edit(write, row["set_id"], what, repetition_id, before)
            write.audit(
                what,
                session["person_id"],
                f"set {row['set_id']}, repetition {row['number']}",
                before=before,
                after={"counts": counts},
                reason=reason.strip(),
            )
        return self.get_set(row["set_id"])

    def _count_set(self, set_id: int, by: str, reason: str) -> StoredSet:
        """Take a set out for a reason, or back in without one."""
        counts = not reason
        with self.writing(by) as write:
            session = touched_by_set(write, set_id)
            if _row(write, schema.sets, set_id)["counts"] == counts:
                told = "counts already" if counts else "does not count already"
                raise ClinicError(f"This set {told}.")
            _alter(write, set_id, counts=counts)
            what = "set_restored" if counts else "set_removed"
            _edit(write, set_id, what, None, {"counts": not counts})
            write.audit(
                what,
                session["person_id"],
                f"set {set_id}",
                before={"counts": not counts},
                after={"counts": counts},
                reason=reason,
            )
        return self.get_set(set_id)


def touched(write: Writing, session_id: int) -> RowMapping:
    """Count a change of a session, which no other program can change until this is written.

    Raises
    ------
    ClinicError
        If there is no such session.
    """
    found = write.connection.execute(_TOUCH, {"wanted": session_id}).mappings().first()
    if found is None:
        raise ClinicError(f"There is no session {session_id} in this clinic.")
    return found


def touched_by_set(write: Writing, set_id: int) -> RowMapping:
    """Count a change of the session that a set belongs to.

    Raises
    ------
    ClinicError
        If there is no such set.
    """
    found = write.connection.execute(_TOUCH_BY_SET, {"wanted": set_id}).mappings().first()
    if found is None:
        raise ClinicError(f"There is no set {set_id} in this clinic.")
    return found


def _row(write: Writing, table: Table, row_id: int) -> RowMapping:
    return one(write.connection, table, row_id, table.name[:-1])


def _edit(
    write: Writing, set_id: int, kind: str, repetition_id: int | None, before: dict[str, Any]
) -> None:
    write.insert(
        schema.edits,
        set_id=set_id,
        kind=kind,
        repetition_id=repetition_id,
        before=document(before),
        undone=False,
        by_whom=write.by,
        written_at=write.at,
    )


def _put_back(write: Writing, set_id: int, edit: RowMapping) -> dict[str, Any]:
    """Undo one edit; give what stood until now."""
    before = edit["before"]
    if edit["repetition_id"] is not None:
        _alter_repetition(write, edit["repetition_id"], before["counts"])
        return {"counts": not before["counts"]}
    row = _row(write, schema.sets, set_id)
    _alter(write, set_id, **before)
    return {name: row[name] for name in before}


def _alter(write: Writing, set_id: int, **values: Any) -> None:
    table = schema.sets
    write.connection.execute(update(table).where(table.c.id == set_id).values(**values))


def _alter_repetition(write: Writing, repetition_id: int, counts: bool) -> None:
    table = schema.repetitions
    write.connection.execute(update(table).where(table.c.id == repetition_id).values(counts=counts))
