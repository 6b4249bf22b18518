"""Sets between the store's words and the tables' rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Table, bindparam, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Writing, one, require_kg, require_within
from lift_monitor.clinic.marks import Mark, marks_of
from lift_monitor.clinic.words import NewSet, Ratings, StoredRepetition, StoredSet
from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition
from lift_monitor.programme.record import SetKind
from lift_monitor.samples import Role
from lift_monitor.technique import FlagKind, Landing, Severity, TrunkFlag

_REPETITION_IDS: Final = select(schema.repetitions.c.number, schema.repetitions.c.id).where(
    schema.repetitions.c.set_id == bindparam("wanted")
)

_REPETITION_NUMBERS: Final = tuple(
    field.name for field in fields(Repetition) if field.type in ("float", float)
)
_LANDING_VALUES: Final = tuple(
    field.name
    for field in fields(Landing)
    if field.name not in ("sensor", "clipped", "confidence", "reasons")
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
        unwatched=new.unwatched,
        rung=new.rung,
        ceiling_bw=new.ceiling_bw,
        counted_by_hand=new.counted_by_hand,
        recording=new.recording,
        confidence=new.confidence.value,
        reasons=list(new.reasons),
        counts=True,
        **_measured_columns(measured),
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
    require_kg(new.load_kg, "The load")
    require_within(new.number, 1, 1000, "The number of the set")
    require_within(new.target_repetitions, 0, 1000, "The number of repetitions to do")
    require_within(new.counted_by_hand, 0, 1000, "The count by hand")
    require_within(new.rung, 0, 50, "The rung")
    require_within(new.ceiling_bw, 0.1, 50.0, "The ceiling of landings")
    require_file_name(new.recording)
    if new.at.tzinfo is None:
        raise ClinicError("The end of a set needs its time zone.")
    if new.watched and new.unwatched:
        raise ClinicError(
            f"A set cannot be watched and not watched ({new.unwatched}) at once; tell which."
        )
    _require_finite(new)
    numbers = [r.number for r in new.measured.repetitions] if new.measured else []
    if len(set(numbers)) != len(numbers):
        raise ClinicError("Two repetitions of a set have the same number.")


def _require_finite(new: NewSet) -> None:
    """Refuse what is no number among the measured values: it could never be read back."""
    for value in (new.measured, *(new.measured.repetitions if new.measured else ()),
                  *new.flags, *new.landings):  # fmt: skip
        if value is not None:
            for field in fields(value):
                number = getattr(value, field.name)
                if isinstance(number, float) and not math.isfinite(number):
                    raise ClinicError(
                        f"This set cannot be kept: its {field.name} is {number}, a finite number "
                        "is needed."
                    )


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
    measured = None
    if row["measured_confidence"] is not None:
        measured = LiftSet(
            number=row["measured_number"],
            exercise=Exercise(row["measured_as"]),
            start_s=row["measured_start_s"],
            end_s=row["measured_end_s"],
            velocity_loss_pct=row["velocity_loss_pct"],
            confidence=Confidence(row["measured_confidence"]),
            reasons=tuple(row["measured_reasons"]),
            repetitions=tuple(_repetition(r) for r in repetitions if not r["added"]),
        )
    whole = {r.number: r for r in measured.repetitions} if measured else {}
    new = NewSet(
        exercise=row["exercise"],
        kind=SetKind(row["kind"]),
        number=row["number"],
        load_kg=row["load_kg"],
        target_repetitions=row["target_repetitions"],
        at=row["ended_at"],
        measured=measured,
        flags=tuple(_flag(flag) for flag in flags),
        landings=tuple(_landing(land) for land in landings),
        watched=row["watched"],
        unwatched=row["unwatched"],
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


def _measured_columns(measured: LiftSet | None) -> dict[str, Any]:
    if measured is None:
        return {}
    return {
        "measured_number": measured.number,
        "measured_as": measured.exercise.value,
        "measured_start_s": measured.start_s,
        "measured_end_s": measured.end_s,
        "velocity_loss_pct": measured.velocity_loss_pct,
        "measured_confidence": measured.confidence.value,
        "measured_reasons": list(measured.reasons),
    }


def _repetition_row(set_id: int, repetition: Repetition, mark: Mark) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "number": repetition.number,
        "added": False,
        "counts": True,
        "red": mark.red,
        "amber": mark.amber,
        "measured_number": repetition.set_number,
        "measured_as": repetition.exercise.value,
        "confidence": repetition.confidence.value,
        "reasons": list(repetition.reasons),
        "refined": repetition.refined,
        **{name: getattr(repetition, name) for name in _REPETITION_NUMBERS},
    }


def _repetition(row: RowMapping) -> Repetition:
    return Repetition(
        set_number=row["measured_number"],
        number=row["number"],
        exercise=Exercise(row["measured_as"]),
        confidence=Confidence(row["confidence"]),
        reasons=tuple(row["reasons"]),
        refined=row["refined"],
        **{name: row[name] for name in _REPETITION_NUMBERS},
    )


def _flag_row(set_id: int, flag: TrunkFlag) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "kind": flag.kind.value,
        "severity": flag.severity.value,
        "start_s": flag.start_s,
        "raised_s": flag.raised_s,
        "end_s": flag.end_s,
        "peak": flag.peak,
        "limit_value": flag.limit,
        "unit": flag.unit,
        "under_load": flag.under_load,
        "confidence": flag.confidence.value,
    }


def _flag(row: RowMapping) -> TrunkFlag:
    return TrunkFlag(
        kind=FlagKind(row["kind"]),
        severity=Severity(row["severity"]),
        start_s=row["start_s"],
        raised_s=row["raised_s"],
        end_s=row["end_s"],
        peak=row["peak"],
        limit=row["limit_value"],
        unit=row["unit"],
        under_load=row["under_load"],
        confidence=Confidence(row["confidence"]),
    )


def _landing_row(set_id: int, landing: Landing) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "sensor": landing.sensor.value,
        "clipped": landing.clipped,
        "confidence": landing.confidence.value,
        "reasons": list(landing.reasons),
        **{name: getattr(landing, name) for name in _LANDING_VALUES},
    }


def _landing(row: RowMapping) -> Landing:
    return Landing(
        sensor=Role(row["sensor"]),
        clipped=row["clipped"],
        confidence=Confidence(row["confidence"]),
        reasons=tuple(row["reasons"]),
        **{name: row[name] for name in _LANDING_VALUES},
    )
