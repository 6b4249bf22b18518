"""Reports made by hand: a full one, and people of whom little is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from lift_monitor.clinic.words import Identity, Outcome
from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import (
    Clearance,
    Exclusion,
    Finding,
    Level,
    Override,
    Weight,
)
from lift_monitor.programme.outcomes import SPECS, Measure
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import (
    Decision,
    EventGrade,
    Maximum,
    MaximumSource,
    Verdict,
)
from lift_monitor.report.data import (
    Accepted,
    Adverse,
    Attendance,
    Basis,
    ChangedForADay,
    ConfirmedMaximum,
    Decided,
    Head,
    ImpactPoint,
    LiftCourse,
    LiftPoint,
    Missed,
    Note,
    OutcomeRow,
    Period,
    Reason,
    ReportData,
    TechniqueSpan,
)
from lift_monitor.report.gather_outcomes import _row

START = date(2026, 3, 2)
END = date(2026, 10, 30)
PERIOD = Period(START, END)
HOSTILE = (
    "#let x = 1 $a^2$ @ref *bold* _it_ `raw` \\ // <script>alert(1)</script> =1+1 "
    "]] }} \u202eabc\u202c שלום مرحبا 😀 张伟 \x00\x1b[31m\r\nsecond line " + "W" * 200
)


def days() -> list[date]:
    """Mondays and Thursdays of the period."""
    return [START + timedelta(days=7 * week + extra) for week in range(35) for extra in (0, 3)]


def lift(key: str, name: str, first: float, step: float, one: float) -> LiftCourse:
    missed = {9, 22, 23, 24, 25}
    points = []
    for index, day in enumerate(days()):
        if index in missed:
            continue
        load = (
            first + step * (index // 4) if index < 20 else 0.825 * one * (1 + 0.004 * (index - 20))
        )
        points.append(LiftPoint(day, round(load / 1.25) * 1.25, 5, 25))
    maxima = tuple(
        Maximum(
            key,
            source,
            round(one * factor, 1),
            one * factor * 0.94 if source is MaximumSource.VELOCITY else None,
            one * factor * 1.06 if source is MaximumSource.VELOCITY else None,
            days()[at],
            Confidence.HIGH,
            "made by hand",
        )
        for at, source, factor in (
            (19, MaximumSource.REPETITIONS, 1.0),
            (30, MaximumSource.VELOCITY, 1.02),
            (34, MaximumSource.REPETITIONS, 1.06),
            (48, MaximumSource.TESTED, 1.12),
            (55, MaximumSource.VELOCITY, 1.13),
            (62, MaximumSource.REPETITIONS, 1.17),
        )
    )
    accepted = tuple(
        Accepted(m.day, m.kg) for m in maxima if m.source is not MaximumSource.VELOCITY
    )
    return LiftCourse(
        key, name, Phase.TRAINING, tuple(points), maxima, accepted, points[-1].load_kg, (80.0, 85.0)
    )


def outcome(
    measure: Measure,
    values: tuple[float, float | None],
    *,
    note: str = "",
    error: float | None = None,
) -> OutcomeRow:
    """As the store would give it; ``error`` stands for one that the practice knows."""
    spec = replace(SPECS[measure], smallest_change=error, error_source="the practice's own scanner")
    first, last = values
    rows = [Outcome(measure, first, START - timedelta(days=4), "K. Lind", note=note)]
    if last is not None:
        rows.append(Outcome(measure, last, END - timedelta(days=2), "K. Lind"))
    return _row(spec, rows, several=False)


def full(*, name: str = "Heron 14", identity: Identity | None = None) -> ReportData:
    """Eight months with everything in them."""
    attended = [day for i, day in enumerate(days()) if i not in (9, 22, 23, 24, 25)]
    spans = tuple(
        TechniqueSpan(
            START + timedelta(days=28 * i),
            min(START + timedelta(days=28 * i + 27), END),
            600,
            0 if i == 2 else 560,
            max(0, 18 - 2 * i),
            45 - 3 * i,
        )
        for i in range(9)
    )
    impacts = tuple(
        ImpactPoint(
            day,
            10 + index // 4,
            2.2 + 0.02 * index,
            2.9 + 0.025 * index + 0.3 * math.sin(index),
            (2.2 + 0.02 * index) * math.log(11 + index // 4),
            1 if index % 17 == 16 else 0,
            index == 40,
            index % 5,
        )
        for index, day in enumerate(attended)
        if index > 6
    )
    findings = (
        Finding("t_score", Weight.RESTRICTS, "T-score of the spine is -3.1", "design default"),
        Finding("vertebral_fracture", Weight.NOTE, "No vertebral fracture is known.", "exam"),
    )
    clearance = Clearance(
        Level.HIGH_INTENSITY, START - timedelta(days=4), "K. Lind", findings,
        (Override("t_score", "K. Lind", "Agreed with the referring doctor by telephone.", START),),
        (Exclusion("bench_press", "Shoulder pain since 2019.", "K. Lind"),),
    )  # fmt: skip
    decisions = tuple(
        Decided(
            Decision(
                "deadlift", day, i, verdict, "K. Lind", Phase.TRAINING, 40.0 + i, reason=reason
            ),
            "Deadlift",
        )
        for i, (day, verdict, reason) in enumerate(
            (day, *((Verdict.CHANGED, "Tired after a bad night; half a step.") if i % 20 == 7
                    else (Verdict.REJECTED, "Wants one more session at this load.") if i % 20 == 13
                    else (Verdict.ACCEPTED, "")))
            for i, day in enumerate(attended)
        )
    )  # fmt: skip
    return ReportData(
        head=Head(
            name, identity, START, PERIOD, "K. Lind, physiotherapist", END, "LIFTMOR", 2, 70, True
        ),
        clearance=clearance,
        open_findings=findings[1:],
        attendance=Attendance(
            tuple(attended),
            (
                Missed(days()[9], "holiday"),
                *(Missed(days()[i], "influenza") for i in (22, 23, 24, 25)),
            ),
            0,
            70,
        ),
        lifts=(
            lift("deadlift", "Deadlift", 10, 5, 60),
            lift("back_squat", "Back squat", 10, 5, 52),
            lift("overhead_press", "Overhead press", 5, 2.5, 27),
            LiftCourse(
                "bench_press", "Bench press", Phase.FAMILIARISATION, (), (), (), None, None,
                "Shoulder pain since 2019.",
            ),
        ),
        technique=spans,
        impacts=impacts,
        impact_ceiling_bw=4.0,
        outcomes=(
            outcome(Measure.BMD_SPINE, (0.842, 0.868), error=0.022),
            outcome(Measure.BMD_FEMORAL_NECK, (0.671, 0.675), error=0.025),
            outcome(Measure.T_HIP, (-2.1, None), note="A later value is from another scanner."),
            outcome(Measure.HEIGHT, (161.8, 161.9), error=0.5),
            outcome(Measure.KYPHOSIS_TALL, (48, 41)),
            outcome(Measure.BACK_EXTENSOR, (31.0, 44.5), error=3.5),
            outcome(Measure.TIMED_UP_AND_GO, (8.4, 6.9), error=1.1),
            outcome(Measure.SIT_TO_STAND, (12.1, 12.9), error=2.3),
        ),
        adverse=(
            Adverse(
                days()[15],
                EventGrade.MINOR,
                "Low-back spasm after the third set; gone the next day.",
                "Deadlift",
                "K. Lind",
            ),
        ),
        decisions=decisions,
        notes=(
            Note(days()[12], "Good hinge today.\nAsked for a lighter press."),
            Note(days()[40], "Back after influenza, careful restart."),
        ),
        words="Steady progress in all lifts. Technique has become reliable; we plan to go on "
        "as before and to repeat the bone density in four months.",
        basis=Basis(
            1490, 1320, 140, 30, 1040, 900, 60, 80, 74,
            (Reason("the bar sensor lost packets", 41), Reason("a trunk sensor slipped", 33)),
            12, ("impactr, jumping, hip, vertical",), (Confidence.HIGH,), ("1",), "0.1.0",
            7, 1300, 5, (),
        ),
    )  # fmt: skip


def hostile() -> ReportData:
    """Everything that somebody can type is as bad as it can be."""
    data = full(name=HOSTILE[:250], identity=Identity(HOSTILE, date(1958, 2, 3), "", HOSTILE))
    return replace(
        data,
        head=replace(data.head, written_by=HOSTILE, plan=HOSTILE),
        adverse=(Adverse(START, EventGrade.SERIOUS, HOSTILE * 2, HOSTILE, HOSTILE),),
        lifts=tuple(replace(c, name=HOSTILE, not_done=c.not_done and HOSTILE) for c in data.lifts),
        words=HOSTILE,
        notes=(Note(START, HOSTILE * 4),),
        decisions=tuple(
            Decided(replace(d.decision, reason=d.decision.reason and HOSTILE, by=HOSTILE), HOSTILE)
            for d in data.decisions
        ),
        day_changes=(ChangedForADay(START, HOSTILE, HOSTILE, HOSTILE, HOSTILE),) * 20,
        confirmed=(ConfirmedMaximum(START, HOSTILE, 80.0, HOSTILE),),
        outcomes=tuple(replace(o, note=HOSTILE, error_source=HOSTILE) for o in data.outcomes),
        basis=replace(data.basis, reasons=(Reason(HOSTILE, 3),), rules_versions=(HOSTILE,)),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def words_of(value: Any) -> str:
    """All words of a document as one text."""
    return "\n".join(_texts(value)).replace("\u00a0", " ").replace("\u202f", " ")
