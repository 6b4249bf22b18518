"""Red flags through the whole road: the load from the bar's own sensor, trunk and bar together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from lift_monitor.analysis import analyse
from lift_monitor.drivers.simulated import SensorModel, SessionPlan, simulate_session
from lift_monitor.drivers.simulated.lifting import LiftingTrunk, Rounding
from lift_monitor.events import Exercise
from lift_monitor.signal.trunk_rules import DEFAULT_RULES
from lift_monitor.technique import FlagKind, FlagRaised, Severity

RATES_HZ = (60.0, 100.0, 200.0)
EXERCISES = (
    Exercise.DEADLIFT,
    Exercise.ROMANIAN_DEADLIFT,
    Exercise.BACK_SQUAT,
    Exercise.BENT_OVER_ROW,
    Exercise.OVERHEAD_PRESS,
)
(_RULE,) = (rule for rule in DEFAULT_RULES if rule.kind is FlagKind.LUMBAR_FLEXION)


@dataclass(frozen=True, slots=True)
class RoadRow:
    """One simulated session; seconds."""

    exercise: Exercise
    true_red: int
    found_red: int
    false_red: int
    borne_s: float
    delays_s: tuple[float, ...]
    """From the rule being met in truth (bar borne, value beyond its limit for long enough)."""


@dataclass(frozen=True, slots=True)
class RoadJob:
    """What is simulated."""

    exercise: Exercise
    rate_hz: float
    seed: int


def jobs(seeds: int) -> list[RoadJob]:
    """Sessions of every exercise; rates in turn."""
    return [
        RoadJob(exercise, RATES_HZ[seed % len(RATES_HZ)], seed)
        for exercise in EXERCISES
        for seed in range(seeds)
    ]


def road(job: RoadJob) -> RoadRow:
    """Simulate a session of two sets, one repetition of which is rounded; analyse; compare."""
    rng = np.random.default_rng(job.seed)
    rounding = Rounding(1, int(rng.integers(1, 6)), float(rng.uniform(25.0, 38.0)))
    session = simulate_session(
        SessionPlan(job.exercise, sets=2, reps=5, rest_s=25.0),
        SensorModel.realistic(job.rate_hz),
        job.seed,
        LiftingTrunk(rounded=(rounding,)),
    )
    assert session.trunk is not None
    assert _RULE.red is not None
    truth = session.trunk
    spans = session.truth.borne_spans()
    borne = np.zeros(truth.time_s.shape[0], bool)
    for start_s, end_s in spans:
        borne |= (truth.time_s >= start_s) & (truth.time_s <= end_s)
    episodes = truth.episodes(_RULE.red, _RULE.least_s, borne)
    found = analyse(session.source, exercise=job.exercise, keep_traces=False)
    raised = [
        event
        for event in found.events
        if isinstance(event, FlagRaised)
        and event.flag.kind is FlagKind.LUMBAR_FLEXION
        and event.flag.severity is Severity.RED
    ]
    delays, used = [], set()
    for episode in episodes:
        hits = [
            number
            for number, event in enumerate(raised)
            if episode.start_s - 0.2 <= event.at_s <= episode.end_s + 0.5
        ]
        used.update(hits)
        if hits:
            delays.append(raised[hits[0]].at_s - episode.start_s - _RULE.least_s)
    # Nearly red is neither a fault to find nor one to miss.
    near = truth.episodes(_RULE.red - 2.0, 0.0)
    false = [
        event
        for number, event in enumerate(raised)
        if number not in used
        and not any(e.start_s - 0.3 <= event.at_s <= e.end_s + 0.5 for e in near)
    ]
    return RoadRow(
        job.exercise,
        len(episodes),
        len(delays),
        len(false),
        sum(end_s - start_s for start_s, end_s in spans),
        tuple(delays),
    )


def road_section(
    seeds: int, in_parallel: Callable[[Callable[[RoadJob], RoadRow], list[RoadJob]], list[RoadRow]]
) -> list[str]:
    """Table of red flags through the whole road."""
    rows = in_parallel(road, jobs(seeds))
    return [
        "## The whole road: load from the bar's own sensor",
        "",
        (
            f"{seeds} simulated sessions an exercise, two sets of five with sensors on bar, thorax "
            "and pelvis, realistic, 60, 100 and 200 Hz in turn, guided minute first; one "
            "repetition is rounded by 25 to 38°. Truth: lumbar flexion beyond the red limit for "
            "0.3 s while the bar is borne. Delay: from the moment at which that was so to the "
            "flag, the time in which the load is recognised within it (negative: the pull before "
            "lift-off counted)."
        ),
        "",
        "| exercise | red found | false red | bar borne, h | delay s, median | 95 % | largest |",
        "|---|---|---|---|---|---|---|",
        *(
            _line(exercise.value, [row for row in rows if row.exercise is exercise])
            for exercise in EXERCISES
        ),
        _line("**all**", rows),
        "",
        _in_short(rows),
        "",
    ]


def _delays(rows: Iterable[RoadRow]) -> list[float]:
    return [delay for row in rows for delay in row.delays_s]


def _line(name: str, rows: list[RoadRow]) -> str:
    delays = _delays(rows) or [float("nan")]
    return (
        f"| {name} | {sum(r.found_red for r in rows)} of {sum(r.true_red for r in rows)} "
        f"| {sum(r.false_red for r in rows)} | {sum(r.borne_s for r in rows) / 3600.0:.2f} "
        f"| {np.median(delays):+.2f} | {np.percentile(delays, 95):+.2f} | {max(delays):+.2f} |"
    )


def _in_short(rows: list[RoadRow]) -> str:
    delays = np.array(_delays(rows))
    return (
        f"With the load from the bar: red episodes found **{sum(r.found_red for r in rows)} of "
        f"{sum(r.true_red for r in rows)}**, false reds **{sum(r.false_red for r in rows)}** in "
        f"{sum(r.borne_s for r in rows) / 3600.0:.2f} h under load, raised within 0.15 s of the "
        f"rule being met **{np.mean(delays <= 0.15):.1%}** (largest {delays.max():.2f} s)."
    )
