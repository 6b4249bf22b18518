"""The tables. What is written here is what the migrations make; a test compares the two.

Only types that every database has: PostgreSQL can follow by its URL. Times are kept in UTC,
days as the clinic's calendar had them. What is measured is columns, each value once and in full.
What is written down as a whole (plans, assessments, clearances, proposals) is a document
(:mod:`lift_monitor.programme.documents`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Utc(TypeDecorator[datetime]):
    """A moment: aware in Python, plain UTC in the table."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Make it UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        del dialect
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


NAMES: Final = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: Final = MetaData(naming_convention=NAMES)
_JSON: Final = JSON(none_as_null=True)


def _table(name: str, *columns: Column[Any] | CheckConstraint | UniqueConstraint) -> Table:
    # Numbers of rows are never given twice, on SQLite neither.
    return Table(name, METADATA, *columns, sqlite_autoincrement=True)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _of(table: str, name: str, *, nullable: bool = False, index: bool = True) -> Column[Any]:
    return Column(name, ForeignKey(f"{table}.id"), nullable=nullable, index=index)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _word(name: str) -> Column[Any]:
    return Column(name, String(80), nullable=False)


def _said(name: str) -> Column[Any]:
    return Column(name, String(80))


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Utc, nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=nullable)


def _number(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, Double, nullable=nullable)


def _whole(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, Integer, nullable=nullable)


def _yes(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Boolean, nullable=nullable)


def _document(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, _JSON, nullable=nullable)


people = _table(
    "people",
    _id(),
    Column("pseudonym", String(80), nullable=False),
    # Folded: "heron 14" and "Heron 14" are one person.
    Column("folded", String(200), nullable=False, unique=True),
    _day("since"),
    _yes("archived"),
)

identities = Table(
    "identities",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True, autoincrement=False),
    _text("name"),
    _day("born", nullable=True),
    _text("contact"),
    _text("referrer"),
)

assessments = _table(
    "assessments",
    _id(),
    _of("people", "person_id"),
    _day("day"),
    _text("by_whom"),
    _moment("written_at"),
    _document("document"),
)

clearances = _table(
    "clearances",
    _id(),
    _of("people", "person_id"),
    _day("day"),
    _word("level"),
    _text("by_whom"),
    _moment("written_at"),
    _document("document"),
)

overrides = _table(
    "overrides",
    _id(),
    _of("clearances", "clearance_id"),
    _word("finding"),
    _text("by_whom"),
    _text("reason"),
    _day("day"),
)

plans = _table(
    "plans",
    _id(),
    _of("people", "person_id"),
    _word("plan_key"),
    _whole("version", nullable=False),
    _text("by_whom"),
    _moment("written_at"),
    _text("reason"),
    _document("document"),
)

training_sessions = _table(
    "training_sessions",
    _id(),
    _of("people", "person_id"),
    Column("session_key", String(20), nullable=False),
    _day("day"),
    _yes("attended"),
    _moment("started_at", nullable=True),
    _moment("ended_at", nullable=True),
    _number("body_mass_kg"),
    _text("reason_missed"),
    _text("note"),
    # Counts up with every change of the session's sets, so that what was put together from
    # them can be kept in memory, and two programs that change one session wait for each other.
    Column("revision", Integer, nullable=False, server_default="0"),
    UniqueConstraint("person_id", "session_key"),
)

sets = _table(
    "sets",
    _id(),
    _of("training_sessions", "session_id"),
    _word("exercise"),
    _word("kind"),
    _whole("number", nullable=False),
    _number("load_kg"),
    _whole("target_repetitions", nullable=False),
    _moment("ended_at"),
    _yes("watched"),
    _whole("rung"),
    _number("ceiling_bw"),
    _whole("counted_by_hand"),
    _text("recording"),
    _word("confidence"),
    _document("reasons"),
    _yes("counts"),
    # As the sensors told the set; empty where nothing was measured.
    _whole("measured_number"),
    _said("measured_as"),
    _number("measured_start_s"),
    _number("measured_end_s"),
    _number("velocity_loss_pct"),
    _said("measured_confidence"),
    _document("measured_reasons", nullable=True),
    # Why it was not watched; empty where it was, and in rows from before this was asked.
    Column("unwatched", Text),
)

repetitions = _table(
    "repetitions",
    _id(),
    _of("sets", "set_id", index=False),  # found by the constraint's index
    _whole("number", nullable=False),
    # Added by hand: nothing of it was measured.
    _yes("added"),
    _yes("counts"),
    _yes("red"),
    _yes("amber"),
    _whole("measured_number"),
    _said("measured_as"),
    _number("start_s"),
    _number("end_s"),
    _number("concentric_start_s"),
    _number("concentric_end_s"),
    _number("eccentric_start_s"),
    _number("eccentric_end_s"),
    _number("mean_velocity_mps"),
    _number("mean_propulsive_velocity_mps"),
    _number("peak_velocity_mps"),
    _number("rom_m"),
    _number("concentric_duration_s"),
    _number("eccentric_duration_s"),
    _number("velocity_loss_pct"),
    _number("mean_velocity_sd_mps"),
    _said("confidence"),
    _document("reasons", nullable=True),
    _yes("refined", nullable=True),
    UniqueConstraint("set_id", "number"),
)

flags = _table(
    "flags",
    _id(),
    _of("sets", "set_id"),
    _word("kind"),
    _word("severity"),
    _number("start_s", nullable=False),
    _number("raised_s"),
    _number("end_s"),
    _number("peak", nullable=False),
    _number("limit_value", nullable=False),
    _word("unit"),
    _yes("under_load", nullable=True),
    _word("confidence"),
)

landings = _table(
    "landings",
    _id(),
    _of("sets", "set_id"),
    _number("at_s"),
    _said("sensor"),
    _number("contact_s", nullable=False),
    _number("flight_s", nullable=False),
    _number("peak_acc_g", nullable=False),
    _number("peak_acc_20hz_g"),
    _number("peak_grf_bw", nullable=False),
    _number("peak_grf_n"),
    _text("grf_method"),
    _number("second_grf_bw"),
    Column("second_method", Text),
    _number("difference_bw"),
    _number("loading_rate_bw_per_s"),
    _yes("clipped"),
    _word("confidence"),
    _document("reasons", nullable=True),
)

ratings = Table(
    "ratings",
    METADATA,
    Column("set_id", ForeignKey("sets.id"), primary_key=True, autoincrement=False),
    _whole("rpe"),
    _whole("pain"),
    _text("pain_where"),
    _yes("sudden_back_pain"),
    _yes("to_failure"),
    _yes("seen_clean", nullable=True),
    CheckConstraint("rpe BETWEEN 6 AND 20", name="rpe"),
    CheckConstraint("pain BETWEEN 0 AND 10", name="pain"),
)

edits = _table(
    "edits",
    _id(),
    _of("sets", "set_id"),
    _word("kind"),
    Column("repetition_id", ForeignKey("repetitions.id"), nullable=True),
    # What stood before, so that it can be put back.
    _document("before"),
    _yes("undone"),
    _text("by_whom"),
    _moment("written_at"),
)

adverse_events = _table(
    "adverse_events",
    _id(),
    _of("people", "person_id"),
    _of("training_sessions", "session_id", nullable=True),
    _day("day"),
    _word("grade"),
    _text("told"),
    _word("exercise"),
    _text("by_whom"),
    _moment("written_at"),
    # The person's last decision when it was told: only later ones can answer it.
    _whole("decisions_before"),
)

outcomes = _table(
    "outcomes",
    _id(),
    _of("people", "person_id"),
    _word("measure"),
    _number("value", nullable=False),
    _day("day"),
    _text("by_whom"),
    _text("device"),
    _text("note"),
    _moment("written_at"),
)

maxima = _table(
    "maxima",
    _id(),
    _of("people", "person_id"),
    _word("exercise"),
    _word("source"),
    _number("kg", nullable=False),
    _number("low_kg"),
    _number("high_kg"),
    _day("day"),
    _word("confidence"),
    _text("basis"),
    _text("by_whom"),
    _moment("written_at"),
    # Why it is right although it looked like a slip; empty where nobody was asked.
    Column("confirmed", Text),
)

proposals = _table(
    "proposals",
    _id(),
    _of("people", "person_id"),
    _word("exercise"),
    _day("day"),
    _word("action"),
    _word("rules_version"),
    _moment("written_at"),
    _document("document"),
)

decisions = _table(
    "decisions",
    _id(),
    _of("people", "person_id"),
    Column("proposal_id", ForeignKey("proposals.id"), nullable=True),
    _word("exercise"),
    _day("day"),
    _whole("ordinal", nullable=False),
    _word("verdict"),
    _text("by_whom"),
    _word("phase"),
    _number("load_kg"),
    _whole("rung"),
    _number("maximum_kg"),
    _text("reason"),
    Column("session_key", String(20), nullable=False),
    _word("action"),
    _moment("written_at"),
    UniqueConstraint("person_id", "ordinal"),
)

day_changes = _table(
    "day_changes",
    _id(),
    _of("training_sessions", "session_id"),
    _word("exercise"),
    _yes("left_out"),
    _whole("sets"),
    _whole("repetitions"),
    _number("load_kg"),
    _whole("rung"),
    _text("reason"),
    _text("by_whom"),
    _moment("written_at"),
)

recordings = _table(
    "recordings",
    _id(),
    _of("training_sessions", "session_id"),
    _text("file_name"),
    _word("exercise"),
    _moment("started_at"),
)

settings = Table(
    "settings",
    METADATA,
    Column("name", String(80), primary_key=True),
    _text("value"),
)

audit = _table(
    "audit",
    _id(),
    _moment("written_at"),
    _text("by_whom"),
    _word("what"),
    _of("people", "person_id", nullable=True),
    _text("subject"),
    _document("before"),
    _document("after"),
    _text("reason"),
)
