"""Landings found in recordings of other people: how many, when, and where there are none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.landing_forces import hip_acc
from benchmarks.plain_csv import read_csv
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.landing_detector import LandingDetector
from lift_monitor.technique import Landing
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

BODY_MASS_KG = 70.0
"""The landing recordings do not tell the mass; the second estimate needs one."""
WITH_LANDING = ("DropLand", "DropJump", "CMJ")
CUT_OFF = "MaxJump"
"""Files that begin in the middle of the landing."""
CONTACT_BY_EYE_S = {
    "CMJDL_rep1": 1.205,
    "CMJDL_rep2": 1.225,
    "DropJumpDL_rep1": 0.655,
    "DropJumpDL_rep2": 0.695,
    "DropLandDL_rep1": 0.685,
    "DropLandDL_rep2": 0.855,
    "DropLandSL_rep1": 1.465,
    "DropLandSL_rep2": 1.115,
}
"""Read by eye from the plot of the pelvis sensor: the middle between the last sample of the
flight and the first of the impact. There is no force plate in these recordings."""
RESAMPLED_HZ = (50.0, 60.0, 75.0, 104.0, 200.0)
RESAMPLED_SEEDS = 5
NOISE_G = 0.03


@dataclass(frozen=True, slots=True)
class LandingRow:
    """What one sensor of one clip gave; ``error_s`` is against the contact read by eye."""

    clip: str
    sensor: Role
    expected: int
    landings: tuple[Landing, ...]
    error_s: float | None

    @property
    def right(self) -> bool:
        """As many landings as there were."""
        return len(self.landings) == self.expected


def landings(chunk: ImuChunk, role: Role) -> tuple[Landing, ...]:
    """All landings of a recording."""
    detector = LandingDetector(role, body_mass_kg=BODY_MASS_KG)
    return (*detector.feed(chunk), *detector.finish())


def landing_rows(data: Path) -> list[LandingRow]:
    """Every clip of ``chest_pelvis_landings`` but those that begin in the landing."""
    rows = []
    for path in sorted((data / "chest_pelvis_landings").glob("*.csv")):
        clip, _, sensor = path.stem.rpartition("_")
        if clip.startswith(CUT_OFF):
            continue
        role = Role(sensor)
        found = landings(read_csv(path), role)
        truth_s = CONTACT_BY_EYE_S.get(clip)
        error = found[0].contact_s - truth_s if truth_s is not None and found else None
        rows.append(LandingRow(clip, role, int(clip.startswith(WITH_LANDING)), found, error))
    return rows


@dataclass(frozen=True, slots=True)
class ResampledRow:
    """The same clips as a sensor of another rate, that started at another moment, has them."""

    rate_hz: float
    clips: int
    missed: int
    ghosts: int
    errors_s: FloatArray

    @property
    def late(self) -> int:
        """Contacts more than 20 ms from the one read by eye."""
        return int((np.abs(self.errors_s) > 0.0201).sum())


def resampled_rows(data: Path, rates_hz: tuple[float, ...] = RESAMPLED_HZ) -> list[ResampledRow]:
    """Every clip at other rates and phases, with noise; straight lines between the samples."""
    rng = np.random.default_rng(4)
    chunks = [
        (clip, Role(sensor), read_csv(path))
        for path in sorted((data / "chest_pelvis_landings").glob("*.csv"))
        for clip, _, sensor in [path.stem.rpartition("_")]
        if not clip.startswith(CUT_OFF)
    ]
    return [_resampled(chunks, rate_hz, rng) for rate_hz in rates_hz]


def _resampled(
    chunks: list[tuple[str, Role, ImuChunk]], rate_hz: float, rng: np.random.Generator
) -> ResampledRow:
    clips = missed = ghosts = 0
    errors = []
    for clip, role, chunk in chunks * RESAMPLED_SEEDS:
        time_s = np.arange(rng.uniform(0.0, 1.0 / rate_hz), chunk.time_s[-1], 1.0 / rate_hz)
        acc, gyr = (
            np.column_stack([np.interp(time_s, chunk.time_s, values[:, i]) for i in range(3)])
            for values in (chunk.acc_sensor_mps2, chunk.gyr_sensor_radps)
        )
        acc = acc + rng.normal(0.0, NOISE_G * STANDARD_GRAVITY_MPS2, acc.shape)
        found = landings(ImuChunk.build(time_s, acc, gyr), role)
        if not clip.startswith(WITH_LANDING):
            ghosts += len(found)
            continue
        clips += 1
        missed += not found
        ghosts += max(len(found) - 1, 0)
        if found and clip in CONTACT_BY_EYE_S:
            errors.append(found[0].contact_s - CONTACT_BY_EYE_S[clip])
    return ResampledRow(rate_hz, clips, missed, ghosts, np.array(errors))


def other_movement(data: Path) -> dict[str, tuple[int, int, float]]:
    """Recordings without a landing: how many, landings found in them, seconds in all."""
    out = {}
    for name in ("waist_squat_form", "back_three_imus"):
        paths = [p for p in sorted((data / name).glob("*.csv")) if p.stem != "truth"]
        chunks = [read_csv(path) for path in paths]
        ghosts = sum(len(landings(chunk, Role.PELVIS)) for chunk in chunks)
        seconds = sum(float(chunk.time_s[-1] - chunk.time_s[0]) for chunk in chunks)
        out[name] = (len(chunks), ghosts, seconds)
    acc = hip_acc(data)
    time_s = np.arange(acc.shape[0]) / 100.0
    chunk = ImuChunk.build(time_s, acc, np.zeros_like(acc))
    out["hip_impacts"] = (1, len(landings(chunk, Role.PELVIS)), float(time_s[-1]))
    return out


def landing_section(rows: list[LandingRow]) -> list[str]:
    """Table of the clips."""
    hits = [r for r in rows if r.expected]
    none = [r for r in rows if not r.expected]
    errors = [abs(r.error_s) for r in hits if r.error_s is not None]
    lines = [
        "## Landings found: thorax and pelvis, 100 Hz",
        "",
        (
            "One person (doi:10.1109/JBHI.2024.3368042). Each sensor is read alone, the body mass "
            f"is taken as {BODY_MASS_KG:.0f} kg. `MaxJump` begins in the landing and is left out."
        ),
        "",
        (
            f"One landing found in **{sum(r.right for r in hits)} of {len(hits)}** recordings with "
            f"one; landings in the {len(none)} recordings of squats, steps and pose: "
            f"**{sum(len(r.landings) for r in none)}**. Contact within 20 ms: "
            f"**{sum(e <= 0.0201 for e in errors)} of {len(errors)}**, worst "
            f"{1000 * max(errors, default=float('nan')):.0f} ms."
        ),
        "",
        (
            "| recording | sensor | found | contact s | error ms | flight s | peak g | 20 Hz g "
            "| Newton BW | regression BW | apart BW | rate BW/s |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_landing_line(row) for row in hits]
    lines += ["", "Without a landing:", "", "| recording | pelvis | thorax |", "|---|---|---|"]
    for clip in sorted({r.clip for r in none}):
        counts = {r.sensor: len(r.landings) for r in none if r.clip == clip}
        lines.append(
            f"| {clip} | {counts.get(Role.PELVIS, '-')} | {counts.get(Role.THORAX, '-')} |"
        )
    return [*lines, ""]


def _landing_line(row: LandingRow) -> str:
    start = f"| {row.clip} | {row.sensor} | {len(row.landings)} |"
    if not row.landings:
        return start + " - |" * 9
    it = row.landings[0]
    error = "-" if row.error_s is None else f"{1000 * row.error_s:+.0f}"
    second = "-" if it.second_grf_bw is None else f"{it.second_grf_bw:.2f}"
    apart = "-" if it.difference_bw is None else f"{it.difference_bw:.2f}"
    return (
        f"{start} {it.contact_s:.3f} | {error} | {it.flight_s:.2f} | {it.peak_acc_g:.2f} "
        f"| {it.peak_acc_20hz_g:.2f} | {it.peak_grf_bw:.2f} | {second} | {apart} "
        f"| {it.loading_rate_bw_per_s:.0f} |"
    )


def other_section(found: dict[str, tuple[int, int, float]]) -> list[str]:
    """Table of the recordings without a landing."""
    lines = [
        "## Landings where there are none",
        "",
        "| recordings | number | seconds | landings found |",
        "|---|---|---|---|",
    ]
    lines += [f"| {name} | {n} | {s:.0f} | {ghosts} |" for name, (n, ghosts, s) in found.items()]
    return [*lines, ""]


def resampled_section(rows: list[ResampledRow]) -> list[str]:
    """Table of the clips at other rates."""
    return [
        "## The same clips at other rates",
        "",
        (
            f"Resampled by straight lines from a random moment on, with {NOISE_G:g} g of noise, "
            f"{RESAMPLED_SEEDS} times each; both sensors."
        ),
        "",
        "| Hz | landings | missed | ghosts | worst contact ms | beyond 20 ms |",
        "|---|---|---|---|---|---|",
        *(
            f"| {r.rate_hz:.0f} | {r.clips} | {r.missed} | {r.ghosts} "
            f"| {1000 * np.abs(r.errors_s).max():.0f} | {r.late} |"
            for r in rows
        ),
        "",
    ]
