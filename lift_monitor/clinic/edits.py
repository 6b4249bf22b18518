"""A clinician's edits of sets: what was measured is never altered, only what counts.

Each edit is a row with what stood before, so that the last one can be undone; undoing is itself
written down.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Ledger, Writing, document, needed, one
from lift_monitor.clinic.set_rows import require_load, stored_sets
from lift_monitor.clinic.words import StoredSet


class Edits(Ledger):
    """Edits of sets and repetitions."""

    def get_set(self, set_id: int) -> StoredSet:
        """A set by its number, whether it counts or not.

        Raises
        ------
        ClinicError
            If there is none.
        """
        with self.reading() as connection:
            row = one(connection, schema.sets, set_id, "set")
            return stored_sets(connection, [row])[0]

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
            person_id = self._person_of_set(write.connection, set_id)
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
            self._edit(write, set_id, "repetition_added", repetition_id, {"counts": False})
            write.audit(
                "repetition_added",
                person_id,
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
        require_load(load_kg)
        with self.writing(by) as write:
            row = one(write.connection, schema.sets, set_id, "set")
            person_id = self._person_of_set(write.connection, set_id)
            _alter(write, set_id, load_kg=load_kg)
            before = {"load_kg": row["load_kg"]}
            self._edit(write, set_id, "load_changed", None, before)
            write.audit(
                "load_changed", person_id, f"set {set_id}", before=before,
                after={"load_kg": load_kg},
            )  # fmt: skip
        return self.get_set(set_id)

    def remove_set(self, set_id: int, by: str, reason: str) -> StoredSet:
        """Let a whole set not count; it is kept.

        Raises
        ------
        ClinicError
            Without a reason, or if it does not count already.
        """
        why = needed(reason, "Say why this set does not count.")
        with self.writing(by) as write:
            row = one(write.connection, schema.sets, set_id, "set")
            if not row["counts"]:
                raise ClinicError("This set does not count already.")
            person_id = self._person_of_set(write.connection, set_id)
            _alter(write, set_id, counts=False)
            self._edit(write, set_id, "set_removed", None, {"counts": True})
            write.audit(
                "set_removed", person_id, f"set {set_id}", before={"counts": True},
                after={"counts": False}, reason=why,
            )  # fmt: skip
        return self.get_set(set_id)

    def undo(self, set_id: int, by: str) -> StoredSet:
        """Take back the last edit of a set that still stands.

        Raises
        ------
        ClinicError
            If there is nothing to take back.
        """
        table = schema.edits
        with self.writing(by) as write:
            person_id = self._person_of_set(write.connection, set_id)
            query = (
                select(table)
                .where(table.c.set_id == set_id, table.c.undone.is_(False))
                .order_by(table.c.id.desc())
                .limit(1)
            )
            last = write.connection.execute(query).mappings().first()
            if last is None:
                raise ClinicError("There is no edit of this set to take back.")
            now = self._put_back(write, set_id, last)
            write.connection.execute(
                update(table).where(table.c.id == last["id"]).values(undone=True)
            )
            write.audit(
                "edit_undone",
                person_id,
                f"set {set_id}, edit {last['id']}",
                before={"edit": last["kind"], **now},
                after=last["before"],
            )
        return self.get_set(set_id)

    def _count(self, repetition_id: int, by: str, reason: str, *, counts: bool) -> StoredSet:
        with self.writing(by) as write:
            row = one(write.connection, schema.repetitions, repetition_id, "repetition")
            if row["counts"] == counts:
                told = "counts already" if counts else "does not count already"
                raise ClinicError(f"Repetition {row['number']} {told}.")
            person_id = self._person_of_set(write.connection, row["set_id"])
            _alter_repetition(write, repetition_id, counts)
            what = "repetition_restored" if counts else "repetition_removed"
            before = {"counts": not counts}
            self._edit(write, row["set_id"], what, repetition_id, before)
            write.audit(
                what,
                person_id,
                f"set {row['set_id']}, repetition {row['number']}",
                before=before,
                after={"counts": counts},
                reason=reason.strip(),
            )
        return self.get_set(row["set_id"])

    @staticmethod
    def _edit(
        write: Writing,
        set_id: int,
        kind: str,
        repetition_id: int | None,
        before: dict[str, Any],
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

    @staticmethod
    def _put_back(write: Writing, set_id: int, edit: RowMapping) -> dict[str, Any]:
        """Undo one edit; give what stood until now."""
        before = edit["before"]
        if edit["repetition_id"] is not None:
            _alter_repetition(write, edit["repetition_id"], before["counts"])
            return {"counts": not before["counts"]}
        row = one(write.connection, schema.sets, set_id, "set")
        _alter(write, set_id, **before)
        return {name: row[name] for name in before}

    @staticmethod
    def _person_of_set(connection: Connection, set_id: int) -> int:
        sets, sessions = schema.sets, schema.training_sessions
        query = (
            select(sessions.c.person_id)
            .join(sets, sets.c.session_id == sessions.c.id)
            .where(sets.c.id == set_id)
        )
        found = connection.execute(query).scalar()
        if found is None:
            raise ClinicError(f"There is no set {set_id} in this clinic.")
        return int(found)


def _alter(write: Writing, set_id: int, **values: Any) -> None:
    table = schema.sets
    write.connection.execute(update(table).where(table.c.id == set_id).values(**values))


def _alter_repetition(write: Writing, repetition_id: int, counts: bool) -> None:
    table = schema.repetitions
    write.connection.execute(update(table).where(table.c.id == repetition_id).values(counts=counts))
