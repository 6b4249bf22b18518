"""A person's history as the programme takes it, put together from the tables.

It is asked for after every session, so it reads columns and not the documents of every set;
the rules are those of :mod:`lift_monitor.clinic.set_record`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.set_record import RepetitionFacts, SetFacts, record
from lift_monitor.clinic.set_rows import ratings_of
from lift_monitor.clinic.words import Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.record import (
    AdverseEvent,
    EventGrade,
    SessionRecord,
    SetKind,
    SetRecord,
)
from lift_monitor.technique import Severity

OUTSIDE: str = "event-"
"""Beginning of the key of a day on which nothing but an adverse event was told."""


def session_records(connection: Connection, person_id: int) -> tuple[SessionRecord, ...]:
    """Sessions of a person, oldest first.

    An adverse event outside of every session stands in a record of its own, which was not
    attended and whose reason says so.
    """
    table = schema.training_sessions
    query = select(table).where(table.c.person_id == person_id)
    sessions = connection.execute(query.order_by(table.c.day, table.c.id)).mappings().all()
    sets = _sets(connection, person_id)
    adverse = _adverse(connection, person_id)
    records = [
        SessionRecord(
            key=row["session_key"],
            day=row["day"],
            attended=row["attended"],
            sets=tuple(sets[row["id"]]),
            adverse=tuple(adverse.pop(row["id"], ())),
            reason_missed=row["reason_missed"],
        )
        for row in sessions
    ]
    return _with_loose(records, adverse.get(None, []))


def _with_loose(
    records: list[SessionRecord], loose: Sequence[AdverseEvent]
) -> tuple[SessionRecord, ...]:
    for number, event in enumerate(loose, start=1):
        records.append(
            SessionRecord(
                key=f"{OUTSIDE}{number}",
                day=event.day,
                attended=False,
                adverse=(event,),
                reason_missed="no session: an adverse event was told",
            )
        )
    return tuple(sorted(records, key=lambda record: record.day))


def _sets(connection: Connection, person_id: int) -> dict[int, list[SetRecord]]:
    repetitions: dict[int, list[RepetitionFacts]] = defaultdict(list)
    table = schema.repetitions
    wanted = (
        table.c.set_id, table.c.counts, table.c.red, table.c.amber,
        table.c.mean_velocity_mps, table.c.confidence,
    )  # fmt: skip
    query = _of_person(select(*wanted), table, person_id).order_by(table.c.set_id, table.c.number)
    for set_id, counts, red, amber, speed, trust in connection.execute(query):
        known = None if trust == Confidence.NONE.value else speed
        repetitions[set_id].append(RepetitionFacts(counts, red, amber, known))
    flags = _rows(connection, schema.flags, person_id)
    landings = _rows(connection, schema.landings, person_id)
    ratings = {
        set_id: ratings_of(rows[0])
        for set_id, rows in _rows(connection, schema.ratings, person_id).items()
    }
    found: dict[int, list[SetRecord]] = defaultdict(list)
    sets, sessions = schema.sets, schema.training_sessions
    # All columns but the document, which is large.
    columns = [column for column in sets.c if column is not sets.c.measured]
    sets_query = (
        select(*columns)
        .join(sessions, sessions.c.id == sets.c.session_id)
        .where(sessions.c.person_id == person_id, sets.c.counts.is_(True))
        .order_by(sets.c.id)
    )
    for row in connection.execute(sets_query).mappings():
        number = row["id"]
        facts = _facts(
            row,
            repetitions.get(number, []),
            flags.get(number, []),
            landings.get(number, []),
            ratings.get(number, Ratings()),
        )
        found[row["session_id"]].append(record(facts))
    return found


def _facts(
    row: RowMapping,
    repetitions: Sequence[RepetitionFacts],
    flags: Sequence[RowMapping],
    landings: Sequence[RowMapping],
    ratings: Ratings,
) -> SetFacts:
    told = row["measured_confidence"]
    counting = [flag["severity"] for flag in flags if flag["under_load"] is not False]
    return SetFacts(
        exercise=row["exercise"],
        kind=SetKind(row["kind"]),
        number=row["number"],
        load_kg=row["load_kg"],
        target_repetitions=row["target_repetitions"],
        watched=row["watched"],
        rung=row["rung"],
        ceiling_bw=row["ceiling_bw"],
        counted_by_hand=row["counted_by_hand"],
        confidence=Confidence(row["confidence"]),
        reasons=tuple(row["reasons"]),
        measured=told is not None,
        measured_confidence=Confidence(told) if told is not None else Confidence.HIGH,
        measured_reasons=tuple(row["measured_reasons"] or ()),
        repetitions=repetitions,
        red_flags=counting.count(Severity.RED.value),
        amber_flags=counting.count(Severity.AMBER.value),
        landing_peaks_bw=[
            land["peak_grf_bw"] for land in landings if land["confidence"] != Confidence.NONE.value
        ],
        landings=len(landings),
        clipped=any(land["clipped"] for land in landings),
        ratings=ratings,
    )


def _adverse(connection: Connection, person_id: int) -> dict[int | None, list[AdverseEvent]]:
    table = schema.adverse_events
    query = select(table).where(table.c.person_id == person_id).order_by(table.c.id)
    found: dict[int | None, list[AdverseEvent]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        event = AdverseEvent(row["day"], EventGrade(row["grade"]), row["told"], row["exercise"])
        found[row["session_id"]].append(event)
    return found


def _rows(connection: Connection, table: Table, person_id: int) -> dict[int, list[RowMapping]]:
    columns = [column for column in table.c if column.name != "measured"]
    query = _of_person(select(*columns), table, person_id).order_by(table.c.set_id)
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["set_id"]].append(row)
    return found


def _of_person(query: Select[Any], table: Table, person_id: int) -> Select[Any]:
    sets, sessions = schema.sets, schema.training_sessions
    return (
        query.join(sets, sets.c.id == table.c.set_id)
        .join(sessions, sessions.c.id == sets.c.session_id)
        .where(sessions.c.person_id == person_id, sets.c.counts.is_(True))
    )
