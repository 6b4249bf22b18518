"""A person's history as the programme takes it, put together from the tables.

It is asked for after every session, so it reads columns and not the documents of every set;
the rules are those of :mod:`lift_monitor.clinic.set_record`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    RowMapping,
    Select,
    Table,
    bindparam,
    func,
    select,
)

from lift_monitor.clinic import schema
from lift_monitor.clinic.books import decisions_of, maxima_of
from lift_monitor.clinic.day_book import changes_of
from lift_monitor.clinic.ledger import Ledger, of_document, one
from lift_monitor.clinic.set_record import RepetitionFacts, SetFacts, record
from lift_monitor.clinic.set_rows import ratings_of
from lift_monitor.clinic.shelf import Shelf
from lift_monitor.clinic.words import Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Clearance
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.record import (
    AdverseEvent,
    EventGrade,
    History,
    OutcomeRecord,
    SessionRecord,
    SetKind,
    SetRecord,
)
from lift_monitor.programme.shipped import LIFTMOR
from lift_monitor.programme.worsening import FOLLOWED
from lift_monitor.technique import Severity


class Histories(Ledger):
    """Histories of people.

    The sets of a session that has not changed since are taken from memory: its revision tells.
    """

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        super().__init__(engine, where, now)
        self._known: Shelf[tuple[int, int], tuple[SetRecord, ...]] = Shelf(4000)
        self._given: Shelf[int, SessionRecord] = Shelf(4000)
        self._plans: Shelf[int, Plan] = Shelf(64)
        self._clearances: Shelf[int, Clearance] = Shelf(64)

    def of(self, person_id: int) -> History:
        """All that the programme may look at of a person; of one state of the database.

        Without a plan of their own, people follow LIFTMOR.

        Raises
        ------
        ClinicError
            If there is nobody of that number.
        """
        with self.reading() as connection:
            one(connection, schema.people, person_id, "person")
            adverse = _adverse(connection, person_id)
            return History(
                plan=self._plan(connection, person_id),
                clearance=self._clearance(connection, person_id),
                sessions=self._sessions(connection, person_id, adverse),
                maxima=maxima_of(connection, person_id),
                decisions=decisions_of(connection, person_id),
                adverse=tuple(adverse.get(None, ())),
                outcomes=_outcomes(connection, person_id),
            )

    def _plan(self, connection: Connection, person_id: int) -> Plan:
        found = _last_id(connection, schema.plans, person_id)
        if found is None:
            return LIFTMOR
        kept = self._plans.get(found)
        if kept is None:
            row = one(connection, schema.plans, found, "plan")
            kept = self._plans.put(found, of_document(Plan, row["document"], "plan"))
        return kept

    def _clearance(self, connection: Connection, person_id: int) -> Clearance | None:
        found = _last_id(connection, schema.clearances, person_id)
        if found is None:
            return None
        kept = self._clearances.get(found)
        if kept is None:
            row = one(connection, schema.clearances, found, "clearance")
            kept = of_document(Clearance, row["document"], "clearance")
            self._clearances.put(found, kept)
        return kept

    def _sessions(
        self,
        connection: Connection,
        person_id: int,
        adverse: Mapping[int | None, Sequence[AdverseEvent]],
    ) -> tuple[SessionRecord, ...]:
        rows = connection.execute(_SESSIONS, {"person": person_id}).mappings().all()
        changed = changes_of(connection, person_id)
        known = {row["id"]: self._known.get((row["id"], row["revision"])) for row in rows}
        missing = [number for number, sets in known.items() if sets is None]
        read = _sets(connection, missing) if missing else {}
        for row in rows:
            if known[row["id"]] is None:
                key = (row["id"], row["revision"])
                known[row["id"]] = self._known.put(key, tuple(read.get(row["id"], ())))
        return tuple(
            self._same(
                row["id"],
                SessionRecord(
                    key=row["session_key"],
                    day=row["day"],
                    attended=row["attended"],
                    sets=known[row["id"]] or (),
                    adverse=tuple(adverse.get(row["id"], ())),
                    reason_missed=row["reason_missed"],
                    changes=changed.get(row["id"], ()),
                ),
            )
            for row in rows
        )

    def _same(self, session_id: int, made: SessionRecord) -> SessionRecord:
        """The record that was given before, if nothing in it has changed.

        The programme remembers what it made of a record by its identity.
        """
        given = self._given.get(session_id)
        return given if given == made else self._given.put(session_id, made)


def _sets(connection: Connection, session_ids: Sequence[int]) -> dict[int, list[SetRecord]]:
    wanted = {"sessions": list(session_ids)}
    repetitions: dict[int, list[RepetitionFacts]] = defaultdict(list)
    for set_id, counts, red, amber, speed, trust in connection.execute(_REPETITIONS, wanted):
        known = None if trust == Confidence.NONE.value else speed
        repetitions[set_id].append(RepetitionFacts(counts, red, amber, known))
    flags = _by_set(connection.execute(_FLAGS, wanted))
    landings = _by_set(connection.execute(_LANDINGS, wanted))
    ratings = {
        row["set_id"]: ratings_of(row) for row in connection.execute(_RATINGS, wanted).mappings()
    }
    found: dict[int, list[SetRecord]] = defaultdict(list)
    for row in connection.execute(_SETS, wanted).mappings():
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
    found: dict[int | None, list[AdverseEvent]] = defaultdict(list)
    for row in connection.execute(_ADVERSE, {"person": person_id}).mappings():
        event = AdverseEvent(
            row["day"],
            EventGrade(row["grade"]),
            row["told"],
            row["exercise"],
            row["decisions_before"],
        )
        found[row["session_id"]].append(event)
    return found


def _outcomes(connection: Connection, person_id: int) -> tuple[OutcomeRecord, ...]:
    rows = connection.execute(_OUTCOMES, {"person": person_id})
    return tuple(OutcomeRecord(Measure(measure), value, day) for measure, value, day in rows)


def _by_set(rows: CursorResult[Any]) -> dict[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in rows.mappings():
        found[row["set_id"]].append(row)
    return found


def _last_id(connection: Connection, table: Table, person_id: int) -> int | None:
    query = select(func.max(table.c.id)).where(table.c.person_id == person_id)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def _parts(table: Table, *columns: str) -> Select[Any]:
    """Columns of what belongs to the counting sets of some sessions."""
    sets = schema.sets
    query = select(*(table.c[name] for name in columns))
    return (
        query.join(sets, sets.c.id == table.c.set_id)
        .where(sets.c.session_id.in_(bindparam("sessions", expanding=True)))
        .where(sets.c.counts.is_(True))
    )


_SESSIONS: Final = (
    select(schema.training_sessions)
    .where(schema.training_sessions.c.person_id == bindparam("person"))
    .order_by(schema.training_sessions.c.day, schema.training_sessions.c.id)
)
_ADVERSE: Final = (
    select(schema.adverse_events)
    .where(schema.adverse_events.c.person_id == bindparam("person"))
    .order_by(schema.adverse_events.c.id)
)
_OUTCOMES: Final = (
    select(schema.outcomes.c.measure, schema.outcomes.c.value, schema.outcomes.c.day)
    .where(schema.outcomes.c.person_id == bindparam("person"))
    .where(schema.outcomes.c.measure.in_([measure.value for measure in FOLLOWED]))
    .order_by(schema.outcomes.c.day, schema.outcomes.c.id)
)
_SETS: Final = (
    select(schema.sets)
    .where(schema.sets.c.session_id.in_(bindparam("sessions", expanding=True)))
    .where(schema.sets.c.counts.is_(True))
    .order_by(schema.sets.c.id)
)
_REPETITIONS: Final = _parts(
    schema.repetitions, "set_id", "counts", "red", "amber", "mean_velocity_mps", "confidence"
).order_by(schema.repetitions.c.set_id, schema.repetitions.c.number)
_FLAGS: Final = _parts(schema.flags, "set_id", "severity", "under_load")
_LANDINGS: Final = _parts(schema.landings, "set_id", "peak_grf_bw", "clipped", "confidence")
_RATINGS: Final = _parts(schema.ratings, *(column.name for column in schema.ratings.c))
