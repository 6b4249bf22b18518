"""Adverse events, clearance, decisions and notes: what people wrote into the record."""

from __future__ import annotations

from typing import Final

from lift_monitor.programme.clearance import Clearance, Level, Weight
from lift_monitor.programme.record import Verdict
from lift_monitor.report import text as say
from lift_monitor.report.blocks import Block, points, quote, section, table, text
from lift_monitor.report.data import Decided, ReportData
from lift_monitor.report.progress import PHASES

LEVELS: Final = {
    Level.HIGH_INTENSITY: "cleared for high intensity",
    Level.RESTRICTED: "restricted",
    Level.NO_LOAD: "no loading",
}
VERDICTS: Final = {
    Verdict.ACCEPTED: "accepted",
    Verdict.CHANGED: "changed",
    Verdict.REJECTED: "rejected",
    Verdict.SET: "set without a proposal",
}
_MOST_DECISIONS: Final = 12
_MOST_NOTES: Final = 8
_LONGEST_NOTE: Final = 600


def clearance_words(clearance: Clearance | None) -> str:
    """A clearance in a few words."""
    if clearance is None:
        return "none recorded"
    return (
        f"{LEVELS[clearance.level]} ({say.shortened(clearance.by, 60)}, {say.day(clearance.day)})"
    )


def adverse_section(data: ReportData) -> Block:
    """Each adverse event of the period."""
    if not data.adverse:
        return section("Adverse events", text("No adverse event was recorded in this period."))
    rows = [
        [
            say.day(a.day),
            a.grade.value,
            say.shortened(a.exercise, 60) or "–",
            say.shortened(a.text, _LONGEST_NOTE),
            say.shortened(a.by, 60),
        ]
        for a in data.adverse
    ]
    return section(
        "Adverse events",
        table(
            ("Day", "Grade", "Exercise", "What happened", "Recorded by"),
            rows,
            widths="auto auto 1.2fr 4fr 1.2fr",
        ),
    )


def clearance_section(data: ReportData) -> Block:
    """What this person may do, and why."""
    clearance = data.clearance
    if clearance is None:
        return section("Clearance", text("No clearance is recorded."))
    blocks = [text(f"{say.sentence(clearance_words(clearance))}{_limits(clearance)}")]
    findings = {f.key: f for f in clearance.findings}
    items = [
        f"{say.sentence(say.shortened(f.text, 300))} ({_WEIGHTS[f.weight]}; {say.plain(f.source)})"
        for f in data.open_findings
    ]
    for override in clearance.overrides:
        finding = findings.get(override.finding)
        what = finding.text if finding is not None else override.finding
        items.append(
            f"{say.sentence(say.shortened(what, 300))} Overridden by {say.plain(override.by)} on "
            f"{say.day(override.day)}: {say.sentence(say.shortened(override.reason, 300))}"
        )
    names = {course.key: course.name for course in data.lifts}
    items += [
        f"Not done: {names.get(e.exercise, e.exercise)}. "
        f"{say.sentence(say.shortened(e.reason, 300))} ({say.plain(e.by)})"
        for e in clearance.excluded
    ]
    if items:
        blocks.append(points(items))
    if clearance.note.strip():
        blocks.append(quote("Note to the clearance", clearance.note.strip()))
    return section("Clearance", *blocks)


_WEIGHTS: Final = {
    Weight.BLOCKS: "speaks against loading",
    Weight.RESTRICTS: "restricts",
    Weight.NOTE: "to be borne in mind",
}


def _limits(clearance: Clearance) -> str:
    limits = []
    if clearance.cap_pct is not None:
        limits.append(f"loads up to {say.pct(clearance.cap_pct)} of the 1RM")
    if clearance.cap_kg is not None:
        limits.append(f"no more than {say.kg(clearance.cap_kg)} on the bar")
    if not clearance.impacts:
        limits.append("no impacts")
    if clearance.raised_start:
        limits.append("lifts from a raised start")
    return f" {say.sentence(say.listed(limits))}" if limits else ""


def decision_section(data: ReportData) -> Block:
    """How proposals were decided; those that were not accepted, with their reasons."""
    if not data.decisions:
        return section("Decisions", text("No decision was recorded in this period."))
    counts = [
        f"{sum(d.decision.verdict is verdict for d in data.decisions)} {words}"
        for verdict, words in VERDICTS.items()
        if any(d.decision.verdict is verdict for d in data.decisions)
    ]
    intro = (
        "After a session the software proposes, with its reasons; the clinician decides. "
        f"Decisions of this period: {say.listed(counts)}."
    )
    own = [d for d in data.decisions if d.decision.verdict is not Verdict.ACCEPTED]
    told = [d for d in own if d.decision.reason.strip()][-_MOST_DECISIONS:]
    if not told:
        return section("Decisions", intro=intro)
    rows = [
        [
            say.day(d.decision.day),
            say.shortened(d.name, 60),
            VERDICTS[d.decision.verdict],
            _stands(d),
            say.shortened(d.decision.reason, 300),
            say.shortened(d.decision.by, 60),
        ]
        for d in told
    ]
    left = len(own) - len(told)
    more = (
        text(
            f"{say.thousands(left)} more of these kinds are in the records.",
            muted=True,
        )
        if left
        else None
    )
    return section(
        "Decisions",
        table(
            ("Day", "Exercise", "Proposal", "Decided", "Reason", "By"),
            rows,
            widths="auto 1.2fr auto 1.2fr 2.4fr 1.2fr",
        ),
        more,
        intro=intro,
    )


def own_hand_section(data: ReportData) -> list[Block]:
    """What clinicians made different in single sessions, and numbers that they said are right."""
    rows = [
        [
            say.day(c.day),
            say.shortened(c.name, 60),
            say.shortened(c.what, 120),
            say.shortened(c.reason, 300),
            say.shortened(c.by, 60),
        ]
        for c in data.day_changes[-_MOST_DECISIONS:]
    ]
    left = len(data.day_changes) - len(rows)
    confirmed = [
        f"A maximum of {say.kg(c.kg)} in the {say.shortened(c.name, 60)} ({say.day(c.day)}) was "
        f"asked about and confirmed: {say.sentence(say.shortened(c.reason, 300))}"
        for c in data.confirmed
    ]
    if not rows and not confirmed:
        return []
    changes = (
        table(
            ("Day", "Exercise", "That day", "Reason", "By"),
            rows,
            widths="auto 1.2fr 1.6fr 2.4fr 1.2fr",
        )
        if rows
        else None
    )
    more = (
        text(f"{say.thousands(left)} earlier ones are in the records.", muted=True)
        if left
        else None
    )
    return [
        section(
            "Changed for single sessions, and confirmed",
            changes,
            more,
            points(confirmed) if confirmed else None,
        )
    ]


def _stands(decided: Decided) -> str:
    load_kg = decided.decision.load_kg
    if load_kg is not None:
        return say.loaded(load_kg)
    return say.shortened(decided.rung, 60) or PHASES[decided.decision.phase]


def notes_section(data: ReportData) -> list[Block]:
    """What was noted after the latest sessions."""
    notes = [n for n in data.notes if n.text.strip()]
    if not notes:
        return []
    blocks = []
    for note in notes[-_MOST_NOTES:]:
        shown = note.text.strip()
        if len(shown) > _LONGEST_NOTE:
            shown = f"{shown[: _LONGEST_NOTE - 1].rstrip()}…"
        blocks.append(quote(f"After the session of {say.day(note.day)}", shown))
    left = len(notes) - _MOST_NOTES
    more = f"{say.count(left, 'earlier note')} {'is' if left == 1 else 'are'} in the records."
    return [section("The clinician’s notes", *blocks, text(more, muted=True) if left > 0 else None)]
