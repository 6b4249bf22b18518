"""The trunk against simulated truth: flexion, red episodes, delays and slips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.spine_streams import steps_of, walk
from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.drivers.simulated.trunk import SimulatedTrunk, TrunkPlan, simulate_trunk
from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.trunk_calibration import TrunkCalibration, Window, calibrate_hinge
from lift_monitor.signal.trunk_flags import FlagTracker
from lift_monitor.signal.trunk_rules import DEFAULT_RULES
from lift_monitor.technique import Load, Severity
from lift_monitor.units import BoolArray, FloatArray, LoadArray

RATES_HZ = (60.0, 100.0, 200.0)
MODELS: dict[str, Callable[[float], SensorModel]] = {
    "realistic": SensorModel.realistic,
    "harsh": SensorModel.harsh,
}
(_RULE,) = (r for r in DEFAULT_RULES if r.kind.value == "lumbar_flexion")


@dataclass(frozen=True, slots=True)
class TrunkRow:
    """One simulated session; degrees, seconds."""

    rate_hz: float
    rmse_deg: float
    worst_deg: float
    side_rmse_deg: float
    true_red: int
    found_red: int
    marginal: int
    false_red: int
    lifting_s: float
    delays_s: tuple[float, ...]
    high: bool
    slips: int
    slip_noticed_s: float | None
    """Delay of noticing the slip that was simulated."""
    withdrawn_share: float


@dataclass(frozen=True, slots=True)
class Job:
    """One session to simulate."""

    plan: TrunkPlan
    model: str
    rate_hz: float
    seed: int


def simulated(job: Job) -> TrunkRow:
    """Simulate, calibrate, measure and compare one session."""
    sim = simulate_trunk(job.plan, MODELS[job.model](job.rate_hz), job.seed)
    chunks = simulated_chunks(sim)
    truth = sim.truth
    calibration = calibrate_simulated(sim, chunks)
    block, slips = walk(calibration, chunks)
    true = np.interp(block.time_s, truth.time_s, truth.lumbar_flexion_deg)
    side = np.interp(block.time_s, truth.time_s, truth.side_bend_deg)
    after = block.time_s > truth.stand_again[1]
    error = (block.lumbar_flexion_deg - true)[after]
    load = load_of(block.time_s, truth.reps)
    tracker = FlagTracker((_RULE,))
    flags = [*tracker.feed(block, load), *tracker.finish()]
    red = [f for f in flags if f.severity is Severity.RED and f.end_s is not None]
    assert _RULE.red is not None
    episodes = true_episodes(block.time_s, true, load == 1, _RULE.red, _RULE.least_s)
    found, delays, marginal, used = 0, [], 0, set()
    for start, met, end, peak in episodes:
        hits = [i for i, f in enumerate(red) if f.start_s < end and (f.end_s or 0.0) > start]
        used.update(hits)
        found += bool(hits)
        marginal += not hits and peak < _RULE.red + 2.0
        if hits:
            delays.append(red[hits[0]].raised_s - met)
    noticed = None
    if truth.slip_at_s is not None and slips:
        noticed = slips[0].at_s - truth.slip_at_s
    return TrunkRow(
        job.rate_hz,
        float(np.sqrt(np.nanmean(error**2))),
        float(np.nanmax(np.abs(error))),
        float(np.sqrt(np.nanmean((block.side_bend_deg - side)[after] ** 2))),
        len(episodes),
        found,
        marginal,
        len(red) - len(used),
        float(sum(b - a for a, b in truth.reps)),
        tuple(delays),
        calibration.confidence is Confidence.HIGH,
        len(slips),
        noticed,
        float(np.mean(np.isnan(error))),
    )


def simulated_chunks(sim: SimulatedTrunk) -> dict[Role, ImuChunk]:
    """The streams of both sensors."""
    return {
        role: ImuChunk.build(m.time_s, m.acc_sensor_mps2, m.gyr_sensor_radps)
        for role, m in sim.measured.items()
    }


def calibrate_simulated(sim: SimulatedTrunk, chunks: dict[Role, ImuChunk]) -> TrunkCalibration:
    """Calibrate from the guided minute with which the session begins."""
    truth = sim.truth
    return calibrate_hinge(
        steps_of(chunks[Role.THORAX]),
        steps_of(chunks[Role.PELVIS]),
        Window(*truth.stand),
        Window(*truth.hinge),
        Window(*truth.stand_again),
    )


def true_episodes(
    time_s: FloatArray, value: FloatArray, loaded: BoolArray, limit: float, least_s: float
) -> list[tuple[float, float, float, float]]:
    """Start, time at which the rule is met, end and peak of each true episode."""
    above = np.concatenate([[False], (value > limit) & loaded, [False]])
    edges = np.flatnonzero(np.diff(above.astype(np.int8)))
    found = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        start, end = float(time_s[a]), float(time_s[b - 1])
        if end - start >= least_s:
            found.append((start, start + least_s, end, float(value[a:b].max())))
    return found


def jobs(plan: TrunkPlan, seeds: Iterable[int], model: str = "realistic") -> list[Job]:
    """One job a seed, the rates in turn."""
    return [Job(plan, model, RATES_HZ[seed % 3], seed) for seed in seeds]


@dataclass(frozen=True, slots=True)
class Study:
    """A group of simulated sessions."""

    name: str
    jobs: list[Job]
    rows: list[TrunkRow]


def studies(seeds: int, run: Callable[[list[Job]], list[TrunkRow]]) -> list[Study]:
    """All simulated groups; the first has ``seeds`` sessions, the others fewer."""
    few = max(3, seeds // 10)
    plans = [
        ("some rounded", jobs(TrunkPlan(reps=4), range(1000, 1000 + seeds))),
        ("neutral only", jobs(TrunkPlan(reps=15, rounded=()), range(2000, 2000 + seeds // 4))),
        (
            "rounded by 12–40°",
            jobs(
                TrunkPlan(reps=5, rounded=(0, 1, 2, 3, 4), rounding_deg=(12.0, 40.0)),
                range(6000, 6000 + few),
            ),
        ),
        ("harsh sensors", jobs(TrunkPlan(reps=4), range(5000, 5000 + few), "harsh")),
        (
            "slip of 25° in 0.1 s",
            jobs(TrunkPlan(reps=3, rounded=(), slip_deg=25.0), range(3000, 3000 + few)),
        ),
        (
            "slip of 30° in 4 s",
            jobs(TrunkPlan(reps=3, rounded=(), slip_deg=30.0, slip_s=4.0), range(4000, 4000 + few)),
        ),
    ]
    return [Study(name, todo, run(todo)) for name, todo in plans]


def load_of(time_s: FloatArray, stretches: Sequence[tuple[float, float]]) -> LoadArray:
    """Load of each step, (n,), from stretches (start, end) in which the bar is held."""
    load = np.full(time_s.shape[0], Load.UNLOADED, np.int8)
    for start, end in stretches:
        load[(time_s >= start) & (time_s <= end)] = Load.LOADED
    return load


def _in_short(rounded: list[TrunkRow], neutral: list[TrunkRow]) -> list[str]:
    pooled = float(np.sqrt(np.mean([row.rmse_deg**2 for row in rounded])))
    delays = [d for row in rounded for d in row.delays_s]
    lifting_h = sum(row.lifting_s for row in (*rounded, *neutral)) / 3600.0
    return [
        (
            f"Over the {len(rounded)} sessions of the first row: RMSE of lumbar flexion "
            f"**{pooled:.2f}°** (above 2.0° in {sum(row.rmse_deg > 2.0 for row in rounded)} of "
            f"them), "
            f"red episodes found **{sum(row.found_red for row in rounded)} of "
            f"{sum(row.true_red for row in rounded)}**, raised within **{max(delays):.2f} s** of "
            f"the rule being met. With the sessions of the second row: "
            f"**{sum(row.false_red for row in (*rounded, *neutral))}** false reds in "
            f"{lifting_h:.2f} h of lifting."
        )
    ]


def simulated_section(found: list[Study]) -> list[str]:
    """Tables of the simulated sessions."""
    lines = [
        "## Simulated sessions",
        "",
        (
            "Sensors turned by up to 45° about any axis, 60, 100 and 200 Hz in turn, realistic "
            "(or harsh) bias, drift, noise and scale, skin that wobbles by up to 1° and turns by "
            "up to 6 % of the tilt, breathing and sway. Lumbar flexion after the calibration; "
            "red episodes of the default rule in the truth. *Marginal*: missed, true peak less "
            "than 2° above the limit. Delay: from the time at which the truth has met the rule "
            "to the flag (negative: earlier)."
        ),
        "",
        (
            "| sessions | n | RMSE °, median | 95 % | largest | side bend RMSE ° | red found "
            "| marginal | false red | lifting h | delay s, median | 99 % | largest |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for study in found:
        if study.jobs[0].plan.slip_deg:
            continue
        r = study.rows
        rmse = [row.rmse_deg for row in r]
        delays = [d for row in r for d in row.delays_s]
        timing = (
            f"{np.median(delays):+.2f} | {np.percentile(delays, 99):+.2f} | {max(delays):+.2f}"
            if delays
            else "- | - | -"
        )
        lines.append(
            f"| {study.name} | {len(r)} | {np.median(rmse):.2f} | {np.percentile(rmse, 95):.2f} "
            f"| {max(rmse):.2f} | {np.median([row.side_rmse_deg for row in r]):.2f} "
            f"| {sum(row.found_red for row in r)} of {sum(row.true_red for row in r)} "
            f"| {sum(row.marginal for row in r)} | {sum(row.false_red for row in r)} "
            f"| {sum(row.lifting_s for row in r) / 3600.0:.2f} | {timing} |"
        )
    clean = [row for study in found if not study.jobs[0].plan.slip_deg for row in study.rows]
    lines += [
        "",
        *_in_short(found[0].rows, found[1].rows),
        "",
        (
            f"Sessions without a slip in which one was seen: "
            f"{sum(row.slips > 0 for row in clean)} of {len(clean)}."
        ),
        "",
        "| slips of the pelvis sensor | n | noticed | delay s, median | largest |",
        "|---|---|---|---|---|",
    ]
    for study in found:
        if study.jobs[0].plan.slip_deg:
            times = [r.slip_noticed_s for r in study.rows if r.slip_noticed_s is not None]
            lines.append(
                f"| {study.name} | {len(study.rows)} | {len(times)} "
                f"| {np.median(times):.2f} | {max(times):.2f} |"
            )
    return [*lines, ""]
