"""Everything on record as rows to be read; pure values, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import AuditEntry, StoredSession, StoredSet
from lift_monitor.programme.plan import ExerciseKind, Plan
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import Decision, SetKind
from lift_monitor.ui.flow.fact_rows import fact_name
from lift_monitor.ui.flow.words import kg_word
from lift_monitor.ui.i18n import DASH, load, number, tr
from lift_monitor.ui.people.words import (
    action_word,
    grade_look,
    phase_word,
    set_kind_word,
    verdict_word,
)

SESSIONS, DECISIONS, ADVERSE, AUDIT = "sessions", "decisions", "adverse", "audit"
KINDS: Final = (SESSIONS, DECISIONS, ADVERSE, AUDIT)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on record."""

    kind: str
    at: str
    """Sortable: an ISO day, with the time where it is known."""
    what: str
    detail: str
    by: str
    role: str = ""
    session_id: int | None = None
    more: str = ""
    """Everything else about it, to be read where the row is chosen."""


def entries(clinic: Clinic, person_id: int, plan: Plan) -> tuple[Entry, ...]:
    """All entries of a person, newest first."""
    found = [_session(s) for s in clinic.sessions.all(person_id)]
    proposals = {
        decision.order: proposal for proposal, decision in clinic.decisions.proposals(person_id)
    }
    found += [_decision(d, proposals.get(d.order), plan) for d in clinic.decisions.all(person_id)]
    for event in clinic.sessions.adverse_events(person_id):
        word, role = grade_look(event.grade)
        name = _name(plan, event.exercise)
        what = tr("Adverse event, {grade}", grade=word)
        found.append(
            Entry(ADVERSE, event.day.isoformat(), what, event.text, event.by, role, more=name)
        )
    found += [_audit(a) for a in clinic.audit.entries(person_id)]
    return tuple(sorted(found, key=lambda e: e.at, reverse=True))


def _session(session: StoredSession) -> Entry:
    at = session.day.isoformat()
    if not session.attended:
        return Entry(
            SESSIONS, at, tr("○ Missed"), session.reason_missed or tr("no reason"), "", "muted"
        )
    if session.ended_at is None:
        what, role = tr("▶ Session, open"), "info"
    else:
        what, role = tr("● Session"), ""
    return Entry(SESSIONS, at, what, session.note, "", role, session.id)


def session_words(sets: tuple[StoredSet, ...], plan: Plan) -> str:
    """The sets of a session, one line each."""
    lines = []
    for one in sets:
        new, said = one.new, one.ratings
        parts = [
            tr(
                "{name}, {kind} {n}",
                name=_name(plan, new.exercise),
                kind=set_kind_word(new.kind),
                n=new.number,
            )
            + _dose(one, plan)
        ]
        red = sum(1 for r in one.repetitions if r.counts and r.red)
        amber = sum(1 for r in one.repetitions if r.counts and r.amber)
        if red:
            parts.append(tr("■ {n} red", n=red))
        if amber:
            parts.append(tr("▲ {n} amber", n=amber))
        if not new.watched and said.seen_clean is None:
            parts.append(tr("technique not watched"))
        if new.landings:
            hardest = max(landing.peak_grf_bw for landing in new.landings)
            parts.append(
                tr("{n} landings, hardest ~{bw} BW", n=len(new.landings), bw=number(hardest, 1))
            )
        asked = new.kind is not SetKind.WARM_UP  # at rest after a warm-up nobody asks
        if asked or said.rpe is not None:
            parts.append(tr("RPE {n}", n=DASH if said.rpe is None else said.rpe))
        if asked or said.pain is not None:
            parts.append(tr("pain {n}", n=DASH if said.pain is None else said.pain))
        lines.append(" · ".join(parts))
    return "\n".join(lines) or tr("No set was kept.")


def _dose(one: StoredSet, plan: Plan) -> str:
    """Repetitions and load; landings are told by themselves."""
    if one.counted is None and one.new.landings:
        return ""
    count = DASH if one.counted is None else str(one.counted)
    return tr(
        ": {count} × {what}",
        count=count,
        what=kg_word(one.new.load_kg, _kind(plan, one.new.exercise)),
    )


def _decision(decision: Decision, proposal: Proposal | None, plan: Plan) -> Entry:
    name = _name(plan, decision.exercise)
    # What was decided comes first: where the room is short, only the rest is cut.
    parts = []
    if decision.load_kg is not None:
        parts.append(load(decision.load_kg))
    if decision.rung is not None:
        parts.append(tr("rung {n}", n=decision.rung + 1))
    if decision.maximum_kg is not None:
        parts.append(tr("1RM {kg}", kg=load(decision.maximum_kg)))
    detail = f"{name}: {', '.join([*parts, phase_word(decision.phase)])}"
    if decision.reason:
        detail += tr(" · because: {reason}", reason=decision.reason)
    if decision.action:
        what = tr(
            "◆ {action}, {verdict}",
            action=action_word(decision.action)[2:],
            verdict=verdict_word(decision.verdict),
        )
    else:
        what = tr("◆ Decision, {verdict}", verdict=verdict_word(decision.verdict))
    return Entry(
        DECISIONS,
        decision.day.isoformat(),
        what,
        detail,
        decision.by,
        more=_proposal_words(proposal) if proposal is not None else "",
    )


def _proposal_words(proposal: Proposal) -> str:
    lines = [
        tr("Proposed: {headline}", headline=proposal.headline),
        "",
        tr("Rule: {rule} ({source})", rule=proposal.rule.text, source=proposal.rule.source),
        "",
        tr("Facts"),
    ]
    several = len({fact.day for fact in proposal.facts if fact.day is not None}) > 1
    for fact in proposal.facts:
        held = tr(" (limit: {limit})", limit=fact.limit) if fact.limit else ""
        lines.append(f"· {fact_name(fact, several=several)}: {fact.value}{held}")
    lines += ["", tr("What would have changed it")]
    lines += [f"· {sentence}" for sentence in proposal.would_change]
    why = " ".join(proposal.confidence_reasons)
    lines += ["", tr("Confidence: {c}. {why}", c=proposal.confidence.value, why=why).strip()]
    return "\n".join(lines)


def _audit(entry: AuditEntry) -> Entry:
    detail = entry.subject
    if entry.reason:
        detail += tr(" · because: {reason}", reason=entry.reason)
    more = "\n".join(
        filter(
            None,
            (
                _values(tr("before"), entry.before),
                _values(tr("after"), entry.after),
            ),
        )
    )
    what = entry.what.replace("_", " ")
    at = entry.at.astimezone().strftime("%Y-%m-%d %H:%M")
    return Entry(AUDIT, at, what, detail, entry.by, "muted", more=more)


def _values(word: str, values: Mapping[str, Any]) -> str:
    if not values:
        return ""
    return f"{word}: " + ", ".join(f"{key} {value}" for key, value in values.items())


def _kind(plan: Plan, key: str) -> ExerciseKind:
    try:
        return plan.exercise(key).kind
    except KeyError:
        return ExerciseKind.LIFT


def _name(plan: Plan, key: str) -> str:
    try:
        return plan.exercise(key).name
    except KeyError:
        return key.replace("_", " ")
