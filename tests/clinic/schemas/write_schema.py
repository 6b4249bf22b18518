"""Writes today's schema with a small clinic in it as ``NNNN.sql``; run once a migration.

``python -m tests.clinic.schemas.write_schema``
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from lift_monitor.clinic.migrate import HEAD
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity, Outcome, Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.record import EventGrade, Maximum, MaximumSource
from lift_monitor.programme.shipped import LIFTMOR
from tests.clinic import records

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def fill(clinic: Clinic) -> None:
    """One person with a little of everything."""
    by, day = records.BY, records.DAY
    heron = clinic.people.add("Heron 14", by, day)
    clinic.people.set_identity(heron.id, Identity("Ada Example", day, "", "Dr. Vale"), by)
    clinic.care.add_assessment(heron.id, records.ASSESSMENT, by)
    clinic.care.set_clearance(heron.id, records.CLEARANCE, by)
    clinic.plans.set(heron.id, LIFTMOR, by, "begins")
    maximum = Maximum(
        "deadlift", MaximumSource.TESTED, 67.5, None, None, day, Confidence.HIGH, "tested",
        records.CONFIRMED,
    )  # fmt: skip
    clinic.maxima.add(heron.id, maximum, by)
    session = clinic.sessions.begin(heron.id, records.AT, by, 62.5)
    new = records.new_set(
        flags=(records.flag(11.0, 12.0),), landings=(records.landing(3.0, 3.5),), ceiling_bw=4.0
    )
    kept = clinic.sessions.add_set(session.id, new, by)
    clinic.sessions.rate(kept.id, Ratings(rpe=14, pain=1, pain_where="knee"), by)
    clinic.sessions.remove_repetition(kept.repetitions[4].id, by, "set down")
    clinic.sessions.add_recording(session.id, "deadlift.mcap", "deadlift", records.AT, by)
    clinic.sessions.adverse_event(
        heron.id, session.id, EventGrade.MINOR, "dizzy", "deadlift", day, by
    )
    clinic.sessions.change_day(session.id, records.DAY_CHANGE, by)
    clinic.decisions.add(heron.id, records.DECISION, by, records.PROPOSAL)
    clinic.outcomes.add(heron.id, Outcome(Measure.BMD_SPINE, 0.812, day, by, "A"), by)
    clinic.sessions.end(session.id, records.AT, by, "went well")


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clinic.sqlite"
        with Clinic.open(path, now=lambda: NOW) as clinic:
            fill(clinic)
        with closing(sqlite3.connect(path)) as connection:
            dump = "\n".join(connection.iterdump())
    target = Path(__file__).with_name(f"{HEAD}.sql")
    target.write_text(dump + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
