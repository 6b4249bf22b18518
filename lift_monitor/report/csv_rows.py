"""The rows of an export: one person's records, table by table.

What was withdrawn, taken out or edited stays, and is called so. What the columns mean is told in
:mod:`lift_monitor.report.csv_tables`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import AuditEntry, Person, StoredSession, StoredSet
from lift_monitor.events import Repetition
from lift_monitor.programme.clearance import Assessment
from lift_monitor.programme.documents import to_document
from lift_monitor.programme.outcomes import SPECS
from lift_monitor.technique import Landing, TrunkFlag

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One person's records, read once for all tables."""

    clinic: Clinic
    person: Person
    sessions: tuple[StoredSession, ...]
    sets: tuple[tuple[StoredSession, StoredSet], ...]

    @classmethod
    def of(cls, clinic: Clinic, person_id: int) -> Source:
        """Read a person's sessions and sets, those that were taken out as well."""
        sessions = clinic.sessions.all(person_id)
        sets = tuple(
            (session, stored)
            for session in sessions
            if session.attended
            for stored in clinic.sessions.sets(session.id, removed=True)
        )
        return cls(clinic, clinic.people.get(person_id), sessions, sets)


def people(source: Source) -> Iterator[Row]:
    """The person themselves."""
    person = source.person
    yield {"person": person.pseudonym, "since": person.since, "archived": person.archived}


def sessions(source: Source) -> Iterator[Row]:
    """Sessions of the person."""
    for s in source.sessions:
        yield {
            "person": source.person.pseudonym,
            "session": s.key,
            "day": s.day,
            "attended": s.attended,
            "started_at": s.started_at,
            "ended_at": s.ended_at,
            "body_mass_kg": s.body_mass_kg,
            "reason_missed": s.reason_missed,
            "note": s.note,
        }


def _set_keys(source: Source, session: StoredSession, stored: StoredSet) -> dict[str, Any]:
    return {"person": source.person.pseudonym, "session": session.key, "set": stored.id}


def sets(source: Source) -> Iterator[Row]:
    """Sets, those that were taken out as well."""
    for session, stored in source.sets:
        new, seen = stored.new, record_of(stored)
        yield {
            **_set_keys(source, session, stored),
            "exercise": new.exercise,
            "kind": new.kind,
            "number": new.number,
            "ended_at": new.at,
            "counts": stored.counts,
            "load_kg": new.load_kg,
            "rung": new.rung,
            "target_repetitions": new.target_repetitions,
            "repetitions": seen.repetitions,
            "counted_by_hand": new.counted_by_hand,
            "watched_by_sensors": new.watched,
            "not_watched_because": new.not_watched_because,
            "red_repetitions": seen.red_repetitions,
            "amber_repetitions": seen.amber_repetitions,
            "velocity_loss_pct": seen.velocity_loss_pct,
            "best_velocity_mps": seen.best_velocity_mps,
            "landings": seen.landings,
            "hardest_landing_bw": seen.hardest_landing_bw,
            "ceiling_bw": new.ceiling_bw,
            "over_ceiling": seen.over_ceiling,
            "confidence": seen.confidence,
            "reasons": seen.reasons,
            "recording": new.recording,
        }


REPETITION: Final = tuple(
    f.name for f in dataclasses.fields(Repetition) if f.name not in ("set_number", "number")
)


def repetitions(source: Source) -> Iterator[Row]:
    """Repetitions; measured values are empty where one was added by hand."""
    for session, stored in source.sets:
        for repetition in stored.repetitions:
            yield {
                **_set_keys(source, session, stored),
                "repetition": repetition.number,
                "counts": repetition.counts,
                "added_by_hand": repetition.measured is None,
                "red": repetition.red,
                "amber": repetition.amber,
                **_fields(repetition.measured, REPETITION),
            }


LANDING: Final = tuple(f.name for f in dataclasses.fields(Landing))


def landings(source: Source) -> Iterator[Row]:
    """Landings of the person."""
    for session, stored in source.sets:
        for number, landing in enumerate(stored.new.landings, 1):
            yield {
                **_set_keys(source, session, stored),
                "landing": number,
                **_fields(landing, LANDING),
            }


FLAG: Final = tuple(f.name for f in dataclasses.fields(TrunkFlag))


def flags(source: Source) -> Iterator[Row]:
    """Flags of the person."""
    for session, stored in source.sets:
        for number, flag in enumerate(stored.new.flags, 1):
            yield {**_set_keys(source, session, stored), "flag": number, **_fields(flag, FLAG)}


def ratings(source: Source) -> Iterator[Row]:
    """Ratings of the person."""
    for session, stored in source.sets:
        said = stored.ratings
        yield {
            **_set_keys(source, session, stored),
            "rpe_borg": said.rpe,
            "pain_of_10": said.pain,
            "pain_where": said.pain_where,
            "sudden_back_pain": said.sudden_back_pain,
            "to_failure": said.to_failure,
            "seen_clean": said.seen_clean,
        }


def adverse(source: Source) -> Iterator[Row]:
    """Adverse events."""
    keys = {s.id: s.key for s in source.sessions}
    for event in source.clinic.sessions.adverse_events(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "session": keys.get(event.session_id, "") if event.session_id is not None else "",
            "day": event.day,
            "grade": event.grade,
            "exercise": event.exercise,
            "text": event.text,
            "decisions_before": event.decisions_before,
            "by": event.by,
        }


def day_changes(source: Source) -> Iterator[Row]:
    """What was changed of the prescriptions of single sessions."""
    for session in source.sessions:
        changes = source.clinic.sessions.day_changes(session.id)
        for number, change in enumerate(changes, start=1):
            yield {
                "person": source.person.pseudonym,
                "session": session.key,
                "change": number,
                "exercise": change.exercise,
                "left_out": change.left_out,
                "sets": change.sets,
                "repetitions": change.repetitions,
                "load_kg": change.load_kg,
                "rung": change.rung,
                "reason": change.reason,
                "by": change.by,
            }


def decisions(source: Source) -> Iterator[Row]:
    """Decisions of the person."""
    for d in source.clinic.decisions.all(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "order": d.order,
            "day": d.day,
            "session": d.session,
            "exercise": d.exercise,
            "proposed": d.action,
            "verdict": d.verdict,
            "phase": d.phase,
            "load_kg": d.load_kg,
            "rung": d.rung,
            "maximum_kg": d.maximum_kg,
            "reason": d.reason,
            "by": d.by,
        }


def proposals(source: Source) -> Iterator[Row]:
    """Proposals that were decided on."""
    for p, decision in source.clinic.decisions.proposals(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "order": decision.order,
            "day": p.day,
            "exercise": p.exercise,
            "action": p.action,
            "headline": p.headline,
            "phase": p.phase,
            "load_before_kg": p.load_before_kg,
            "load_kg": p.load_kg,
            "rung_before": p.rung_before,
            "rung": p.rung,
            "maximum_kg": p.maximum_kg,
            "intensity_pct": p.intensity_pct,
            "rule": p.rule.key,
            "rule_text": p.rule.text,
            "rule_source": p.rule.source,
            "rules_version": p.rules_version,
            "confidence": p.confidence,
            "confidence_reasons": p.confidence_reasons,
            "would_change": p.would_change,
        }


def facts(source: Source) -> Iterator[Row]:
    """What each proposal used."""
    for p, decision in source.clinic.decisions.proposals(source.person.id):
        for fact in p.facts:
            yield {
                "person": source.person.pseudonym,
                "order": decision.order,
                "fact": fact.name,
                "value": fact.value,
                "limit": fact.limit,
                "day": fact.day,
                "supports": fact.supports,
                "confidence": fact.confidence,
            }


def maxima(source: Source) -> Iterator[Row]:
    """Maxima of the person."""
    for m in source.clinic.maxima.all(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "day": m.day,
            "exercise": m.exercise,
            "source": m.source,
            "kg": m.kg,
            "low_kg": m.low_kg,
            "high_kg": m.high_kg,
            "confidence": m.confidence,
            "basis": m.basis,
            "confirmed": m.confirmed,
        }


def outcomes(source: Source) -> Iterator[Row]:
    """Outcomes of the person."""
    for o in source.clinic.outcomes.all(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "day": o.day,
            "measure": o.measure,
            "value": o.value,
            "unit": SPECS[o.measure].unit,
            "device": o.device,
            "note": o.note,
            "by": o.by,
        }


ASSESSMENT: Final = tuple(f.name for f in dataclasses.fields(Assessment))


def assessments(source: Source) -> Iterator[Row]:
    """Assessments of the person."""
    for a in source.clinic.care.assessments(source.person.id):
        yield {"person": source.person.pseudonym, **_fields(a, ASSESSMENT)}


def clearances(source: Source) -> Iterator[Row]:
    """Clearances of the person."""
    for c in source.clinic.care.clearances(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "day": c.day,
            "by": c.by,
            "level": c.level,
            "cap_pct": c.cap_pct,
            "cap_kg": c.cap_kg,
            "impacts": c.impacts,
            "raised_start": c.raised_start,
            "findings": tuple(f"{f.key} ({f.weight.value}): {f.text}" for f in c.findings),
            "overrides": tuple(
                f"{o.finding} by {o.by} on {o.day.isoformat()}: {o.reason}" for o in c.overrides
            ),
            "excluded": tuple(f"{e.exercise} by {e.by}: {e.reason}" for e in c.excluded),
            "note": c.note,
        }


def plans(source: Source) -> Iterator[Row]:
    """Plans of the person."""
    for p in source.clinic.plans.all(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "at": p.at,
            "by": p.by,
            "reason": p.reason,
            "plan": p.plan.key,
            "version": p.plan.version,
            "document_json": to_document(p.plan),
        }


def recordings(source: Source) -> Iterator[Row]:
    """Recordings of the person."""
    keys = {s.id: s.key for s in source.sessions}
    for r in source.clinic.sessions.recordings(source.person.id):
        yield {
            "person": source.person.pseudonym,
            "session": keys.get(r.session_id, ""),
            "file_name": r.file_name,
            "exercise": r.exercise,
            "at": r.at,
        }


def audit(source: Source) -> Iterator[Row]:
    """Who did what, oldest first."""
    for entry in reversed(source.clinic.audit.entries(source.person.id)):
        yield _entry(source.person.pseudonym, entry)


def clinic_audit(clinic: Clinic) -> Iterator[Row]:
    """What was done to the clinic as a whole, oldest first."""
    for entry in reversed(clinic.audit.entries(of_nobody=True)):
        yield _entry(None, entry)


def _entry(pseudonym: str | None, entry: AuditEntry) -> Row:
    return {
        "person": pseudonym,
        "entry": entry.id,
        "at": entry.at,
        "by": entry.by,
        "what": entry.what,
        "subject": entry.subject,
        "reason": entry.reason,
        "before_json": entry.before,
        "after_json": entry.after,
    }


def _fields(value: object | None, names: tuple[str, ...]) -> dict[str, Any]:
    """Fields of a dataclass; all empty where there is none."""
    return {name: None if value is None else getattr(value, name) for name in names}
