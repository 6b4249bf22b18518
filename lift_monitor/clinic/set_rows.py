"""Sets between the store's words and the tables' rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Table, bindparam, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Writing, document, of_document, one
from lift_monitor.clinic.marks import Mark, marks_of
from lift_monitor.clinic.words import NewSet, Ratings, StoredRepetition, StoredSet
from lift_monitor.events import Confidence, LiftSet, Repetition
from lift_monitor.programme.record import SetKind
from lift_monitor.technique import Landing, TrunkFlag

_REPETITION_IDS: Final = select(schema.repetitions.c.number, schema.repetitions.c.id).where(
    schema.repetitions.c.set_id == bindparam("wanted")
)


def insert_set(write: Writing, session_id: int, new: NewSet) -> StoredSet:
    """Put a set with everything measured into the tables."""
    measured = new.measured
    set_id = write.insert(
        schema.sets,
        session_id=session_id,
        exercise=new.exercise,
        kind=new.kind.value,
        number=new.number,
        load_kg=new.load_kg,
        target_repetitions=new.target_repetitions,
        ended_at=new.at,
        watched=new.watched,
        rung=new.rung,
        ceiling_bw=new.ceiling_bw,
        counted_by_hand=new.counted_by_hand,
        recording=new.recording,
        confidence=new.confidence.value,
        reasons=list(new.reasons),
        counts=True,
        velocity_loss_pct=measured.velocity_loss_pct if measured else None,
        measured_confidence=measured.confidence.value if measured else None,
        measured_reasons=list(measured.reasons) if measured else None,
        measured=document(measured) if measured else None,
    )
    repetitions: tuple[StoredRepetition, ...] = ()
    if measured is not None:
        marks = marks_of(measured.repetitions, new.flags)
        pairs = list(zip(measured.repetitions, marks, strict=True))
        write.insert_all(
            schema.repetitions, [_repetition_row(set_id, rep, mark) for rep, mark in pairs]
        )
        found = write.connection.execute(_REPETITION_IDS, {"wanted": set_id})
        ids = {row.number: row.id for row in found}
        repetitions = tuple(
            StoredRepetition(ids[rep.number], rep.number, rep, True, mark.red, mark.amber)
            for rep, mark in sorted(pairs, key=lambda pair: pair[0].number)
        )
    write.insert_all(schema.flags, [_flag_row(set_id, flag) for flag in new.flags])
    write.insert_all(schema.landings, [_landing_row(set_id, land) for land in new.landings])
    return StoredSet(set_id, session_id, new, repetitions, Ratings())


def require_sound(new: NewSet) -> None:
    """Refuse a set with numbers that cannot be.

    Raises
    ------
    ClinicError
        With what is wrong.
    """
    if not new.exercise.strip():
        raise ClinicError("A set needs its exercise.")
    require_load(new.load_kg)
    if new.number < 1 or new.target_repetitions < 0:
        raise ClinicError("Sets count from 1, and the repetitions to do are 0 or more.")
    if new.counted_by_hand is not None and new.counted_by_hand < 0:
        raise ClinicError("Repetitions counted by hand are 0 or more.")
    require_file_name(new.recording)
    if new.at.tzinfo is None:
        raise ClinicError("The end of a set needs its time zone.")
    numbers = [r.number for r in new.measured.repetitions] if new.measured else []
    if len(set(numbers)) != len(numbers):
        raise ClinicError("Two repetitions of a set have the same number.")


def require_load(load_kg: float | None) -> None:
    """Refuse a mass on the bar that cannot be.

    Raises
    ------
    ClinicError
        If it is negative, not a number, or above any barbell.
    """
    if load_kg is not None and not (math.isfinite(load_kg) and 0.0 <= load_kg <= 500.0):
        raise ClinicError(f"The load is {load_kg} kg; it must lie between 0 and 500 kg.")


def require_file_name(name: str) -> None:
    """Refuse a path where a file's bare name is kept.

    Raises
    ------
    ClinicError
        If it has a folder in it.
    """
    if "/" in name or "\\" in name:
        raise ClinicError(f"{name!r} has a folder in it; a recording is kept by its name alone.")


def stored_sets(connection: Connection, rows: Sequence[RowMapping]) -> tuple[StoredSet, ...]:
    """Sets of rows of the table of sets, in their order, with all that belongs to them."""
    ids = [row["id"] for row in rows]
    repetitions = _by_set(connection, schema.repetitions, ids)
    flags = _by_set(connection, schema.flags, ids)
    landings = _by_set(connection, schema.landings, ids)
    ratings = _by_set(connection, schema.ratings, ids)
    return tuple(
        _stored_set(
            row,
            repetitions[row["id"]],
            flags[row["id"]],
            landings[row["id"]],
            ratings[row["id"]],
        )
        for row in rows
    )


def stored_set(connection: Connection, set_id: int) -> StoredSet:
    """A set by its number.

    Raises
    ------
    ClinicError
        If there is none.
    """
    return stored_sets(connection, [one(connection, schema.sets, set_id, "set")])[0]


def ratings_of(row: RowMapping) -> Ratings:
    """Ratings of a row of their table."""
    return Ratings(
        rpe=row["rpe"],
        pain=row["pain"],
        pain_where=row["pain_where"],
        sudden_back_pain=row["sudden_back_pain"],
        to_failure=row["to_failure"],
        seen_clean=row["seen_clean"],
    )


def _stored_set(
    row: RowMapping,
    repetitions: Sequence[RowMapping],
    flags: Sequence[RowMapping],
    landings: Sequence[RowMapping],
    ratings: Sequence[RowMapping],
) -> StoredSet:
    measured = (
        of_document(LiftSet, row["measured"], f"set {row['id']}") if row["measured"] else None
    )
    whole: dict[int, Repetition] = (
        {repetition.number: repetition for repetition in measured.repetitions} if measured else {}
    )
    new = NewSet(
        exercise=row["exercise"],
        kind=SetKind(row["kind"]),
        number=row["number"],
        load_kg=row["load_kg"],
        target_repetitions=row["target_repetitions"],
        at=row["ended_at"],
        measured=measured,
        flags=tuple(of_document(TrunkFlag, flag["measured"], "flag") for flag in flags),
        landings=tuple(of_document(Landing, land["measured"], "landing") for land in landings),
        watched=row["watched"],
        rung=row["rung"],
        ceiling_bw=row["ceiling_bw"],
        counted_by_hand=row["counted_by_hand"],
        recording=row["recording"],
        confidence=Confidence(row["confidence"]),
        reasons=tuple(row["reasons"]),
    )
    return StoredSet(
        id=row["id"],
        session_id=row["session_id"],
        new=new,
        repetitions=tuple(
            StoredRepetition(
                id=repetition["id"],
                number=repetition["number"],
                measured=None if repetition["added"] else whole.get(repetition["number"]),
                counts=repetition["counts"],
                red=repetition["red"],
                amber=repetition["amber"],
            )
            for repetition in repetitions
        ),
        ratings=ratings_of(ratings[0]) if ratings else Ratings(),
        counts=row["counts"],
    )


def _by_set(
    connection: Connection, table: Table, set_ids: Iterable[int]
) -> dict[int, list[RowMapping]]:
    ids = list(set_ids)
    found: dict[int, list[RowMapping]] = defaultdict(list)
    if ids:
        query = select(table).where(table.c.set_id.in_(ids))
        order = table.c.number if table is schema.repetitions else table.primary_key.columns[0]
        for row in connection.execute(query.order_by(order)).mappings():
            found[row["set_id"]].append(row)
    return found


def _repetition_row(set_id: int, repetition: Repetition, mark: Mark) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "number": repetition.number,
        "added": False,
        "counts": True,
        "red": mark.red,
        "amber": mark.amber,
        "start_s": repetition.start_s,
        "end_s": repetition.end_s,
        "mean_velocity_mps": repetition.mean_velocity_mps,
        "mean_propulsive_velocity_mps": repetition.mean_propulsive_velocity_mps,
        "peak_velocity_mps": repetition.peak_velocity_mps,
        "rom_m": repetition.rom_m,
        "confidence": repetition.confidence.value,
    }


def _flag_row(set_id: int, flag: TrunkFlag) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "kind": flag.kind.value,
        "severity": flag.severity.value,
        "start_s": flag.start_s,
        "end_s": flag.end_s,
        "peak": flag.peak,
        "limit_value": flag.limit,
        "unit": flag.unit,
        "under_load": flag.under_load,
        "confidence": flag.confidence.value,
        "measured": document(flag),
    }


def _landing_row(set_id: int, landing: Landing) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "contact_s": landing.contact_s,
        "flight_s": landing.flight_s,
        "peak_acc_g": landing.peak_acc_g,
        "peak_grf_bw": landing.peak_grf_bw,
        "grf_method": landing.grf_method,
        "clipped": landing.clipped,
        "confidence": landing.confidence.value,
        "measured": document(landing),
    }
