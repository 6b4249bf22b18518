"""Measure the trunk and write docs/spine.md: ``python -m benchmarks.spine``.

The text of the page above its tables is kept; what stands below the marker is written anew.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.drivers.simulated.trunk import SimulatedTrunk, TrunkPlan, simulate_trunk
from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.spine_detector import SpineDetector
from lift_monitor.signal.trunk_calibration import (
    HingeNeutral,
    SegmentCalibration,
    TrunkCalibration,
    Window,
    calibrate_hinge,
    mean_up,
)
from lift_monitor.signal.trunk_fallback import calibrate_movement
from lift_monitor.signal.trunk_flags import DEFAULT_RULES, FlagTracker, load_of
from lift_monitor.signal.trunk_frames import SegmentAxes, angle_deg, tilt_of, unit
from lift_monitor.signal.trunk_steps import TrunkSensor, TrunkSteps
from lift_monitor.technique import SensorSlipped, Severity
from lift_monitor.units import BoolArray, FloatArray

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "spine.md"
MARK = "<!-- measured below; do not edit by hand -->"
RATES_HZ = (60.0, 100.0, 200.0)
MODELS: dict[str, Callable[[float], SensorModel]] = {
    "realistic": SensorModel.realistic,
    "harsh": SensorModel.harsh,
}
(_RULE,) = (r for r in DEFAULT_RULES if r.kind.value == "lumbar_flexion")


def steps_of(chunk: ImuChunk) -> TrunkSteps:
    """Inclination of a whole stream."""
    sensor = TrunkSensor()
    return TrunkSteps.concatenate([sensor.feed(chunk), sensor.finish()])


def walk(
    calibration: TrunkCalibration, chunks: dict[Role, ImuChunk]
) -> tuple[SpineBlock, list[SensorSlipped]]:
    """Feed whole streams to the trunk."""
    spine = SpineDetector(calibration)
    outputs = [*(spine.feed(role, chunk) for role, chunk in chunks.items()), spine.finish()]
    block = SpineBlock.concatenate([o.block for o in outputs])
    return block, [slip for o in outputs for slip in o.slips]


def read_csv(path: Path) -> ImuChunk:
    """A plain CSV of the reference recordings."""
    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    return ImuChunk.build(table[:, 0], table[:, 1:4], table[:, 4:7])


# --- simulated sets -------------------------------------------------------------------------


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
class _Job:
    plan: TrunkPlan
    model: str
    rate_hz: float
    seed: int


def simulated(job: _Job) -> TrunkRow:
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


def jobs(plan: TrunkPlan, seeds: Iterable[int], model: str = "realistic") -> list[_Job]:
    """One job a seed, the rates in turn."""
    return [_Job(plan, model, RATES_HZ[seed % 3], seed) for seed in seeds]


# --- optical truth --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpticalRow:
    """Two trials as two segments; root mean square, degrees."""

    between_deg: float
    """Error of the angle between the two segments' ups."""
    sagittal_deg: float
    """Error of the relative sagittal tilt, where neither is tilted sideways beyond 60 degrees."""
    seconds: float


def optical(data: Path) -> OpticalRow:
    """Trials 05 and 14 of ``optical_motion`` as thorax and pelvis."""
    files = sorted((data / "optical_motion").glob("*_imu.csv"))[:2]
    chunks = dict(zip((Role.THORAX, Role.PELVIS), map(read_csv, files), strict=True))
    segments, true_up = {}, {}
    for role, path in zip(chunks, files, strict=True):
        table = np.genfromtxt(
            path.with_name(path.name.replace("_imu", "_optical")), delimiter=",", skip_header=1
        )
        w, x, y, z = table[:, 4:8].T
        up = np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
        known = np.isfinite(up[:, 0])
        axes = SegmentAxes.from_up_and_forward(unit(up[known][0]), np.array([1.0, 0.0, 0.0]))
        segments[role] = SegmentCalibration(axes, np.zeros(3))
        true_up[role] = (table[:, 0], up)
    calibration = TrunkCalibration(
        segments[Role.THORAX],
        segments[Role.PELVIS],
        HingeNeutral(),
        0.0,
        "hinge",
        Confidence.HIGH,
        (),
    )
    block, _ = walk(calibration, chunks)
    measured = {Role.THORAX: block.up_thorax, Role.PELVIS: block.up_pelvis}
    one, two = {}, {}
    for role, segment in segments.items():
        time, up = true_up[role]
        near = np.column_stack([np.interp(block.time_s, time, up[:, i]) for i in range(3)])
        one[role] = segment.axes.to_segment(measured[role])
        two[role] = segment.axes.to_segment(near)
    between = angle_deg(one[Role.THORAX], one[Role.PELVIS]) - angle_deg(
        two[Role.THORAX], two[Role.PELVIS]
    )
    tilt = {r: (tilt_of(one[r]), tilt_of(two[r])) for r in one}
    relative = np.degrees(
        (tilt[Role.THORAX][0].sagittal - tilt[Role.PELVIS][0].sagittal)
        - (tilt[Role.THORAX][1].sagittal - tilt[Role.PELVIS][1].sagittal)
    )
    relative = (relative + 180.0) % 360.0 - 180.0
    known = np.isfinite(between)
    upright = known & (np.abs(tilt[Role.THORAX][1].side) < np.radians(60.0))
    upright &= np.abs(tilt[Role.PELVIS][1].side) < np.radians(60.0)
    return OpticalRow(
        float(np.sqrt(np.mean(between[known] ** 2))),
        float(np.sqrt(np.mean(relative[upright] ** 2))),
        float(known.sum() / 100.0),
    )


# --- three sensors on the back --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BackRow:
    """One trial of ``back_three_imus``; angles in degrees, times in seconds."""

    trial: str
    forward: tuple[float, ...]
    backward: tuple[float, ...]
    side: tuple[float, ...]
    flexion_share: tuple[float, ...]
    """At the peak of each side bend, by the side bend."""
    spread_share: float
    """Standard deviation of flexion by that of the side bend while bending sideways."""
    leak: float
    """Slope of flexion against the side bend."""
    slips: tuple[SensorSlipped, ...]
    withdrawn_s: float


def back_trials(data: Path) -> list[BackRow]:
    """C7 against L4, aligned without a taught hinge."""
    files = sorted((data / "back_three_imus").glob("*_C7.csv"))
    return [back_trial(path) for path in files]


def back_trial(thorax: Path) -> BackRow:
    """One trial, named by the file of its C7 sensor."""
    chunks = {
        Role.THORAX: read_csv(thorax),
        Role.PELVIS: read_csv(thorax.with_name(thorax.name.replace("_C7", "_L4"))),
    }
    calibration = calibrate_movement(steps_of(chunks[Role.THORAX]), steps_of(chunks[Role.PELVIS]))
    block, slips = walk(calibration, chunks)
    return BackRow(
        thorax.name.removesuffix("_C7.csv"),
        *bends(block),
        tuple(slips),
        float(np.isnan(block.lumbar_flexion_deg).sum() / 100.0),
    )


def bends(
    block: SpineBlock,
) -> tuple[
    tuple[float, ...],
    tuple[float, ...],
    tuple[float, ...],
    tuple[float, ...],
    float,
    float,
]:
    """Peaks of flexion in forward and backward bends, of side bends, and flexion's share there.

    A bend is a stretch in which the trunk's lean (before the first side bend) or the side bend
    passes a share of its largest size; its number is the flexion farthest in its direction.
    The share is the change of flexion between a side bend's peak and the middle of its two
    neighbouring zeros, by the side bend. The last two numbers are of all side bends together:
    the standard deviation of flexion by that of the side bend, and the part of a side bend
    that turns up in flexion with its sign.
    """
    side = np.nan_to_num(block.side_bend_deg)
    flexion = np.nan_to_num(block.lumbar_flexion_deg)
    sides = _stretches(side, 0.4 * float(np.percentile(np.abs(side), 98)))
    first = next((a for a, b in sides if _is_side_bend(side[a:b], flexion[a:b])), len(side))
    lean = np.nan_to_num(block.trunk_lean_deg[:first])
    found: dict[float, list[float]] = {1.0: [], -1.0: []}
    for sign, peaks_of in found.items():
        size = np.clip(sign * lean, 0.0, None)
        for a, b in _stretches(size, 0.4 * float(np.max(size))):
            peaks_of.append(sign * float(np.max(sign * flexion[a:b])))
    peaks, shares = [], []
    for a, b in sides:
        if a < first:
            continue
        at = a + int(np.argmax(np.abs(side[a:b])))
        left, right = _crossing(side, at, -1), _crossing(side, at, 1)
        change = flexion[at] - 0.5 * (flexion[left] + flexion[right])
        peaks.append(float(side[at]))
        shares.append(float(abs(change) / abs(side[at])))
    part = slice(sides[0][0] if first == len(side) else first, sides[-1][1])
    known = np.isfinite(block.lumbar_flexion_deg[part])
    x, y = side[part][known], flexion[part][known]
    return (
        tuple(found[1.0]),
        tuple(found[-1.0]),
        tuple(peaks),
        tuple(shares),
        float(np.std(y) / np.std(x)),
        float(np.polyfit(x, y, 1)[0]),
    )


def _is_side_bend(side: FloatArray, flexion: FloatArray) -> bool:
    return float(np.max(np.abs(side))) > float(np.max(np.abs(flexion)))


def _stretches(values: FloatArray, least: float) -> list[tuple[int, int]]:
    """Stretches of one sign beyond ``least`` for 0.3 s or more."""
    sign = np.where(np.abs(values) > least, np.sign(values), 0.0)
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), len(sign)]
    return [(a, b) for a, b in itertools.pairwise(edges) if sign[a] and b - a >= 30]


def _crossing(values: FloatArray, at: int, step: int) -> int:
    sign = np.sign(values[at])
    while 0 <= at + step < len(values) and np.sign(values[at]) == sign:
        at += step
    return at


# --- one sensor -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormRow:
    """Largest trunk lean of each squat of one person, by label, and the areas under the curve."""

    person: str
    lean_deg: dict[str, tuple[float, ...]]
    auc: float
    auc_own_start: float


def squat_form(data: Path) -> list[FormRow]:
    """``waist_squat_form`` with the one sensor that there is."""
    folder = data / "waist_squat_form"
    return [_form(folder, person) for person in ("S1", "S2")]


def _form(folder: Path, person: str) -> FormRow:
    chunks = {path.name: read_csv(path) for path in sorted(folder.glob(f"*_{person}_*.csv"))}
    steps = {name: steps_of(chunk) for name, chunk in chunks.items()}
    # Clips begin anywhere in the movement; a person's upright is the middle of all beginnings.
    upright = unit(np.median([s.up_sensor[0] for s in steps.values()], axis=0))
    lean: dict[str, list[float]] = {}
    own: dict[str, list[float]] = {}
    for name, chunk in chunks.items():
        label = name.split(f"_{person}")[0]
        for where, up in ((lean, upright), (own, mean_up(steps[name].part(0, 10)))):
            block, _ = walk(one_sensor(up), {Role.PELVIS: chunk})
            where.setdefault(label, []).append(float(np.nanmax(block.trunk_lean_deg)))
    return FormRow(
        person,
        {label: tuple(values) for label, values in lean.items()},
        area(lean["forward_lean"], lean["correct"]),
        area(own["forward_lean"], own["correct"]),
    )


def one_sensor(up: FloatArray) -> TrunkCalibration:
    """A calibration of one sensor that knows upright and nothing else."""
    anywhere = np.eye(3)[int(np.argmin(np.abs(up)))]
    axes = SegmentAxes.from_up_and_forward(up, anywhere)
    segment = SegmentCalibration(axes, np.zeros(3), forward_known=False)
    return TrunkCalibration(
        None, segment, HingeNeutral(), 0.0, "standing", Confidence.LOW, ("Only standing is known.",)
    )


def area(positive: list[float], negative: list[float]) -> float:
    """Area under the receiver's curve: share of pairs in the right order."""
    return float(np.mean([(p > n) + 0.5 * (p == n) for p in positive for n in negative]))


# --- the page -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Study:
    """A group of simulated sessions."""

    name: str
    jobs: list[_Job]
    rows: list[TrunkRow]


def studies(seeds: int, run: Callable[[list[_Job]], list[TrunkRow]]) -> list[Study]:
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


def recorded_section(data: Path) -> list[str]:
    """Tables of the recordings of other people."""
    row = optical(data)
    lines = [
        "## Two optical trials as two segments",
        "",
        (
            f"{row.seconds:.0f} s in which both are seen; RMS error of the angle between the two "
            f"ups **{row.between_deg:.2f}°**, of the relative sagittal tilt "
            f"**{row.sagittal_deg:.2f}°**."
        ),
        "",
        "## C7 against L4, seated, without a taught hinge",
        "",
        (
            "Flexion in the forward and backward bends, then the side bends with flexion's share: "
            "by standard deviation over all of them, as the slope of flexion on the side bend "
            "(what leaks with its sign), and the median over single peaks, where people nod "
            "forward to both sides."
        ),
        "",
        (
            "| trial | forward ° | backward ° | side bends ° | share | leak | by peak "
            "| slips seen | withdrawn s |"
        ),
        "|---|---|---|---|---|---|---|---|---|",
    ]

    def listed(values: tuple[float, ...]) -> str:
        return ", ".join(f"{v:.0f}" for v in values)

    for trial in back_trials(data):
        slips = "; ".join(
            f"{'either' if s.role is None else s.role.value} at {s.at_s:.1f} s" for s in trial.slips
        )
        lines.append(
            f"| {trial.trial} | {listed(trial.forward)} | {listed(trial.backward)} "
            f"| {listed(trial.side)} | {trial.spread_share:.2f} | {trial.leak:+.2f} "
            f"| {np.median(trial.flexion_share):.2f} | {slips} | {trial.withdrawn_s:.1f} |"
        )
    lines += [
        "",
        "## One sensor on the lower back: squats",
        "",
        (
            "Largest trunk lean of each clip. Upright is the middle of all beginnings of a "
            "person's clips, whatever their label; in the last column the beginning of each clip "
            "itself, which may lie in mid-movement. No threshold is set."
        ),
        "",
        (
            "| person | correct ° | forward lean ° | butt wink ° "
            "| AUC forward lean against correct | AUC, own beginning |"
        ),
        "|---|---|---|---|---|---|",
    ]
    for form in squat_form(data):
        lean = " | ".join(
            listed(form.lean_deg[label]) for label in ("correct", "forward_lean", "butt_wink")
        )
        lines.append(f"| {form.person} | {lean} | **{form.auc:.2f}** | {form.auc_own_start:.2f} |")
    return [*lines, ""]


def _in_parallel(todo: list[_Job]) -> list[TrunkRow]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(simulated, todo, chunksize=2))


def main() -> None:
    """Measure everything and rewrite the lower part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--print", action="store_true", help="print, do not write")
    arguments = parser.parse_args()
    lines = [MARK, ""]
    lines += simulated_section(studies(max(20, arguments.seeds), _in_parallel))
    if DATA.is_dir():
        lines += recorded_section(DATA)
    else:
        lines += ["Not measured here: the reference recordings are not beside the checkout.", ""]
    text = "\n".join(lines)
    if arguments.print:
        print(text)
    else:
        head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
        PAGE.write_text(head + text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
