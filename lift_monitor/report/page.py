"""A report's data as the document that the template sets: words, tables and charts in order."""

from __future__ import annotations

from typing import Any, Final

from lift_monitor.programme.clearance import Finding, Level, Weight
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.record import EventGrade
from lift_monitor.report import charts
from lift_monitor.report import text as say
from lift_monitor.report.blocks import Block
from lift_monitor.report.data import Adverse, ReportData
from lift_monitor.report.method import method_section
from lift_monitor.report.outcome_part import outcome_section, outcome_words
from lift_monitor.report.progress import (
    attendance_section,
    impact_words,
    lift_section,
    technique_section,
    technique_words,
)
from lift_monitor.report.record_part import (
    adverse_section,
    clearance_section,
    clearance_words,
    decision_section,
    notes_section,
    own_hand_section,
)

_SIMULATED: Final = "Simulated: nobody was lifting. This page shows what a report looks like."


def page(data: ReportData) -> dict[str, Any]:
    """The whole document, JSON-ready.

    Parameters
    ----------
    data : ReportData

    Returns
    -------
    dict
        What ``template.typ`` reads; other people's words are in it as they are.
    """
    head = data.head
    period = f"{say.day(head.period.start)} – {say.day(head.period.end)}"
    return {
        "title": f"Progress report: {say.plain(head.pseudonym)}, {period}",
        "subject": "Supervised lifting programme: progress report for the referring practice",
        "author": say.plain(head.written_by),
        "date": [head.written_on.year, head.written_on.month, head.written_on.day],
        "heading": "Progress report",
        "under": f"{say.shortened(head.pseudonym, 80)}  ·  {period}",
        "banner": _SIMULATED if head.simulated else "",
        "footer": f"{say.shortened(head.pseudonym, 48)}  ·  {period}  ·  lift_monitor "
        f"{data.basis.software_version}  ·  values are estimates; the clinician decides",
        "facts": _facts(data),
        "summary": _summary(data),
        "sections": [
            attendance_section(data),
            lift_section(data),
            technique_section(data),
            outcome_section(data),
            adverse_section(data),
            clearance_section(data),
            decision_section(data),
            *own_hand_section(data),
            *notes_section(data),
            method_section(data),
        ],
    }


def _facts(data: ReportData) -> list[list[str]]:
    head = data.head
    facts = []
    if head.identity is not None:
        born = f", born {say.day(head.identity.born)}" if head.identity.born else ""
        facts.append(["Person", f"{say.shortened(head.identity.name, 220)}{born}"])
    else:
        facts.append(["Person", f"{say.shortened(head.pseudonym, 80)} (pseudonym)"])
    referrer = say.shortened(head.identity.referrer, 220) if head.identity else ""
    facts.append(["To", referrer or "the referring practice"])
    facts.append(["Written by", say.shortened(head.written_by, 120) or say.NOT_KNOWN])
    facts.append(["Written on", say.day(head.written_on)])
    chosen = "" if head.plan_chosen else ", as shipped: nobody chose one yet"
    facts.append(["Plan", f"{say.shortened(head.plan, 60)}, version {head.plan_version}{chosen}"])
    facts.append(["In the programme", f"since {say.day(head.since)}"])
    facts.append(["Clearance", clearance_words(data.clearance)])
    if head.identity is not None:
        facts.append(["In the records", say.shortened(head.pseudonym, 80)])
    return facts


def _summary(data: ReportData) -> dict[str, Any]:
    return {
        "title": "In a minute",
        "tiles": [
            _attendance_tile(data),
            _load_tile(data),
            _tile("Technique flags (estimated)", *technique_words(data.technique)),
            _tile(
                "Landings (estimated; BW: body weight)",
                *impact_words(data.impacts, data.impact_ceiling_bw, data.landings_without_force),
            ),
            _tile("Outcomes against baseline", *outcome_words(data.outcomes)),
            _tile("Adverse events", *_adverse_words(data.adverse)),
        ],
        "attention-title": "Please read first",
        "attention": attention(data),
        "words": data.words.strip(),
        "words-title": f"In the words of {say.shortened(data.head.written_by, 120)}"
        if data.head.written_by.strip()
        else "In the clinician’s words",
    }


def _tile(title: str, big: str, lines: list[str], svg: str = "", alt: str = "") -> Block:
    return {"title": title, "big": big, "lines": lines, "svg": svg, "alt": alt}


def _attendance_tile(data: ReportData) -> Block:
    attendance = data.attendance
    if not attendance.planned:
        return _tile(
            "Attendance", say.count(attendance.in_all, "session"), ["the plan names no number"]
        )
    lines = [f"{len(attendance.attended)} attended, {len(attendance.missed)} missed in this period"]
    if attendance.attended_before:
        lines.append(f"{attendance.attended_before} attended before it")
    share = attendance.adherence_pct
    if share is not None:
        lines[0] += f" ({say.pct(share)})"
    words = f"{attendance.in_all} of {attendance.planned} sessions"
    return _tile(
        "Attendance",
        words,
        lines,
        charts.slots_chart(attendance.in_all, attendance.planned),
        f"Bar: {words} of the plan attended.",
    )


def _load_tile(data: ReportData) -> Block:
    lines = []
    for course in data.lifts:
        name = say.shortened(course.name, 26)
        if course.not_done and not course.points:
            lines.append(f"{name}: {'not begun' if data.clearance is None else 'not done'}")
        elif not course.points:
            lines.append(f"{name}: no working set recorded")
        else:
            first, last = course.points[0].load_kg, course.points[-1].load_kg
            begun = say.mass(first) if first and last else say.loaded(first)
            lines.append(f"{name}: {begun}\u00a0→\u00a0{say.loaded(last)}")
    if not lines:
        return _tile("Load of the working sets", "No lifts", ["The plan has none that is loaded."])
    return _tile("Load of the working sets, first → last", "", lines)


def _adverse_words(adverse: tuple[Adverse, ...]) -> tuple[str, list[str]]:
    if not adverse:
        return "None recorded", ["in this period"]
    serious = sum(a.grade is EventGrade.SERIOUS for a in adverse)
    return f"{serious} serious, {len(adverse) - serious} minor", ["see below"]


def attention(data: ReportData) -> list[str]:
    """What a reader must not miss, one sentence each; may be empty."""
    found = []
    serious = [a for a in data.adverse if a.grade is EventGrade.SERIOUS]
    if serious:
        days = say.listed(say.day(a.day) for a in serious)
        found.append(f"{say.count(len(serious), 'serious adverse event')} recorded: {days}.")
    if data.basis.sudden_back_pain:
        days = say.listed(say.day(d) for d in data.basis.sudden_back_pain)
        found.append(
            f"New, sudden back pain was recorded ({days}): a vertebral fracture is to be ruled out."
        )
    fractures = [o for o in data.outcomes if o.measure is Measure.FRACTURES]
    if any(number for o in fractures for _, number in o.counts):
        found.append("Fractures are recorded; see Outcomes.")
    found += [
        f"Stopped until a clinician decides: {say.shortened(say.listed(stop.names), 160)}. "
        f"{say.sentence(say.shortened(stop.reason, 200))}"
        for stop in data.stopped
    ]
    found += _clearance_attention(data)
    if data.basis.lifted and data.basis.not_watched == data.basis.lifted:
        found.append("Technique was watched in no set: no flag does not mean good technique.")
    return found


def _clearance_attention(data: ReportData) -> list[str]:
    clearance = data.clearance
    if clearance is None:
        return ["No clearance is recorded: this person has not been assessed for loading."]
    found = []
    if clearance.level is Level.NO_LOAD:
        found.append("This person is not cleared for loading.")
    found += _finding_lines([f for f in data.open_findings if f.weight is not Weight.NOTE])
    if clearance.overrides:
        was = "was" if len(clearance.overrides) == 1 else "were"
        what = say.count(len(clearance.overrides), "finding")
        found.append(f"{what} of the assessment {was} overridden by name; see Clearance.")
    return found


def _finding_lines(findings: list[Finding]) -> list[str]:
    """One line each; questions that nobody asked are many at first, and take one together."""
    unasked = [f for f in findings if f.not_asked]
    if len(unasked) < 2:
        unasked = []
    lines = [
        f"{say.shortened(f.text, 200).rstrip('.')} ({_AGAINST[f.weight]})."
        for f in findings
        if f not in unasked
    ]
    if unasked:
        blocks = any(f.weight is Weight.BLOCKS for f in unasked)
        lines.append(
            f"{say.count(len(unasked), 'question')} of the assessment were not answered, which "
            f"{_AGAINST[Weight.BLOCKS if blocks else Weight.RESTRICTS]}; see Clearance."
        )
    return lines


_AGAINST: Final = {
    Weight.BLOCKS: "speaks against loading",
    Weight.RESTRICTS: "restricts loading",
}
