"""Landings on the reference recordings of other people; writes docs/landings.md.

``python -m benchmarks.landings``; with ``--print`` nothing is written.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.landing_detector import LandingDetector
from lift_monitor.signal.landing_force import (
    REGRESSIONS,
    Movement,
    Placement,
    filtered_resultant_g,
    impact_peaks,
    newton_bw,
)
from lift_monitor.technique import Landing
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray, IndexArray

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "landings.md"

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
DROP_HEIGHTS_M = (0.05, 0.1, 0.2, 0.3, 0.5)
BRAKING_S = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
DROP_SEEDS = 6
NOISE_G = 0.03
HIP_MASS_KG = 78.0
HIP_START, HIP_STOP = 12_000, 15_001
"""15:45:00 to 15:45:30 of the recording, both included."""
RUNNER_RATE_HZ = 500.0
STANCE_BW = 0.1


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


@dataclass(frozen=True, slots=True)
class RunRow:
    """Newton's estimate against the treadmill's force plate, in body weights."""

    trial: str
    errors_bw: FloatArray
    """Estimated minus measured peak, one a step."""
    wave_rmse_bw: float

    @property
    def rmse_bw(self) -> float:
        """Root mean square error of the peaks."""
        return float(np.sqrt(np.mean(np.square(self.errors_bw))))


def read(path: Path) -> ImuChunk:
    """Samples of a plain CSV."""
    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    return ImuChunk.build(table[:, 0], table[:, 1:4], table[:, 4:7])


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
        found = landings(read(path), role)
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
        (clip, Role(sensor), read(path))
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


def smooth_drop(height_m: float, braking_s: float, seed: int) -> tuple[ImuChunk, float]:
    """A drop braked by half a sine wave, and its moment of contact, 100 Hz.

    The peak is what takes the speed of the fall away in that time.
    """
    rng = np.random.default_rng(seed)
    flight_s = float(np.sqrt(2.0 * height_m / STANDARD_GRAVITY_MPS2))
    contact_s = 5.0 + float(rng.uniform(0.0, 0.01))
    peak_g = (flight_s + braking_s) * np.pi / (2.0 * braking_s)
    time_s = np.arange(700) / 100.0
    since = time_s - contact_s
    weight = np.where((since >= -flight_s) & (since < 0.0), 0.0, 1.0)
    hit = (since >= 0.0) & (since < braking_s)
    weight[hit] = peak_g * np.sin(np.pi * since[hit] / braking_s)
    acc = rng.normal(0.0, NOISE_G, (time_s.size, 3))
    acc[:, 2] += weight
    gyr = rng.normal(0.0, 0.01, (time_s.size, 3))
    return ImuChunk.build(time_s, acc * STANDARD_GRAVITY_MPS2, gyr), contact_s


def other_movement(data: Path) -> dict[str, tuple[int, int, float]]:
    """Recordings without a landing: how many, landings found in them, seconds in all."""
    out = {}
    for name in ("waist_squat_form", "back_three_imus"):
        paths = [p for p in sorted((data / name).glob("*.csv")) if p.stem != "truth"]
        chunks = [read(path) for path in paths]
        ghosts = sum(len(landings(chunk, Role.PELVIS)) for chunk in chunks)
        seconds = sum(float(chunk.time_s[-1] - chunk.time_s[0]) for chunk in chunks)
        out[name] = (len(chunks), ghosts, seconds)
    acc = _hip_acc(data)
    time_s = np.arange(acc.shape[0]) / 100.0
    chunk = ImuChunk.build(time_s, acc, np.zeros_like(acc))
    out["hip_impacts"] = (1, len(landings(chunk, Role.PELVIS)), float(time_s[-1]))
    return out


def hip_peaks(data: Path) -> tuple[FloatArray, FloatArray]:
    """Peaks in g and forces in N of the window that the makers of impactr print."""
    resultant = filtered_resultant_g(_hip_acc(data)[HIP_START:HIP_STOP], 100.0)
    peaks_g = resultant[impact_peaks(resultant, 100.0)]
    model = REGRESSIONS[Movement.WALKING_RUNNING, Placement.HIP]
    return peaks_g, np.array([model.force_n(peak, HIP_MASS_KG) for peak in peaks_g])


def _hip_acc(data: Path) -> FloatArray:
    path = data / "hip_impacts" / "hip-raw.csv"
    return np.loadtxt(path, delimiter=",", skiprows=11) * STANDARD_GRAVITY_MPS2


def running_rows(data: Path) -> list[RunRow]:
    """Every trial of ``sacrum_grf_running``."""
    return [_run(path) for path in sorted((data / "sacrum_grf_running").glob("*.csv"))]


def _run(path: Path) -> RunRow:
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    estimate = newton_bw(table[:, 1] * STANDARD_GRAVITY_MPS2, RUNNER_RATE_HZ)
    measured = table[:, 3]
    errors = []
    for start, stop in _stances(measured):
        # 0.05 s more: the pelvis answers a little later than the foot.
        around = slice(max(start - 25, 0), stop + 25)
        errors.append(estimate[around].max() - measured[start:stop].max())
    wave = float(np.sqrt(np.mean(np.square(estimate - measured))))
    return RunRow(path.stem, np.array(errors), wave)


def _stances(measured: FloatArray) -> list[tuple[int, int]]:
    """Whole stances, from first to last step with force."""
    on = (measured > STANCE_BW).astype(np.int8)
    starts: IndexArray = np.flatnonzero(np.diff(on) > 0) + 1
    stops: IndexArray = np.flatnonzero(np.diff(on) < 0) + 1
    stops = stops[stops > starts[0]]
    return [
        (int(a), int(b))
        for a, b in zip(starts, stops, strict=False)
        if b - a >= 0.1 * RUNNER_RATE_HZ
    ]


def pooled_rmse_bw(rows: list[RunRow]) -> float:
    """Root mean square error over the peaks of all trials."""
    return float(np.sqrt(np.mean(np.square(np.concatenate([row.errors_bw for row in rows])))))


_METHODS = """# Landings

Made by `python -m benchmarks.landings`; do not edit by hand. Failures are included.

## What is measured, and how

One trunk sensor is enough (`lift_monitor/signal/landing*.py`). A landing is three things together:
the trunk is **light** (the last 0.06 s before contact below 0.5 g on average, 0.1 s or more below
0.6 g), the force is there **suddenly** (within 0.11 s of contact), and it is **large** (2.0 g after
the 20 Hz low-pass). Squats come too slowly, steps and walking are too small or not light enough,
and the dip before a jump is followed by a push-off that is too slow. Heel drops and stomps have
no flight; they are found only where they are the exercise. No orientation of the sensor is needed
for this.

* **Contact**: the first step of the rise along the direction of the impact, 18 g/s over 0.02 s.
* **Flight time**: how long the trunk was light before; swaying for less than 0.07 s does not end
  it. An estimate: a trunk that turns is not weightless.
* **Peak acceleration**: the largest resultant of the samples as received within 0.25 s of contact,
  gravity included; and the same after the 20 Hz low-pass (Butterworth, order 4, both ways).
* **Peak force, Newton**: the largest vertical specific force of the sensor after a 10 Hz low-pass;
  1 g is one body weight.
* **Peak force, regression**: for the pelvis, from the 20 Hz peak p and the body mass m,
  `b0 + b1 p + b2 m + b3 p m`, the coefficients for jumping of [1]; `back` for a sensor on the
  sacrum, `hip` for one at the side.
* **Difference** of the two: the least that must be believed of the uncertainty.
* **Loading rate**: the steepest rise of Newton's force before its peak. An indication only: no
  accelerometer method reads it within 65 % [2], and the low-pass limits it.
* **Osteogenic index**: mean peak force in body weights times ln(N + 1) over the N landings of a
  session [3].

The peaks are "at least" where a sample reached the sensor's range, or an axis held one extreme for
three samples. Confidence is low with a clipped peak, a hole of more than 0.03 s or fewer than 50
samples a second in the landing, without a second estimate, where the two are more than 1.0 body
weight apart, less than 2 s after the stream began, and always for the thorax: no regression is
published for it, and by Newton's law it reads too high [4]. A session's target band is the
clinician's; 3 to 4 body weights is offered, because more than 3 is linked with bone before the
menopause [5].

**Which of the two to believe.** The regression flattens: it reads soft landings too high and
hard ones too low, and the coefficients for jumping stand in the program only (the paper behind
them could not be read). Newton's estimate takes the whole body to move like its pelvis; the
10 Hz low-pass takes out shaking that the body does not share [6], and with it any force that
lasts less than about 0.05 s. So at hard, stiff landings the true first peak can be higher than
both.
"""

_LIMITS = """## What has not been validated

* No public recording joins a trunk sensor, a landing and a force plate: forces of *landings* rest
  on running at a force plate (above), on a published regression, and on the agreement of the two.
* The landings are those of one young person. None is of an older woman, none after a chin-up;
  heel drops and stomps are simulated only.
* The contact is compared with a reading of the pelvis signal by eye. A thorax sensor feels the
  contact about 0.01 s later than the pelvis.
* A drop without any sudden touch, braked evenly for 0.25 s and more, is timed 0.02 s late (table
  above).
* Below 100 Hz the first touch of the foot can fall between two samples: now and then a contact is
  then timed late, or a landing is missed. At any rate the sway of the trunk just before contact can
  be taken for it; one clip in eight is so close that noise decides.
* Running and hopping have a flight and an impact too: their steps count as landings.

## Sources

1. Veras et al., impactr 0.4 (MIT); filter and peaks: Osteoporos Int 31:1239–1250, 2020,
   doi:10.1007/s00198-020-05295-2; walking and running: Eur J Sport Sci 2022,
   doi:10.1080/17461391.2022.2102437
2. Kiernan, Ng & Hawkins 2023, Sensors 23:8719, doi:10.3390/s23218719
3. Turner & Robling 2003, Exerc Sport Sci Rev 31:45–50, doi:10.1097/00003677-200301000-00009
4. Sacrum, back and chest in jumping: doi:10.3389/fbioe.2023.1112866
5. Clissold et al. 2019, doi:10.1016/j.clinbiomech.2019.12.025
6. Kiernan et al. 2024, Sensors 24:656, doi:10.3390/s24020656
"""

_NOT_MEASURED = "The reference recordings were not beside the checkout: nothing was measured.\n"


def _landing_section(rows: list[LandingRow]) -> list[str]:
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


def _other_section(found: dict[str, tuple[int, int, float]]) -> list[str]:
    lines = [
        "## Landings where there are none",
        "",
        "| recordings | number | seconds | landings found |",
        "|---|---|---|---|",
    ]
    lines += [f"| {name} | {n} | {s:.0f} | {ghosts} |" for name, (n, ghosts, s) in found.items()]
    return [*lines, ""]


def _resampled_section(rows: list[ResampledRow]) -> list[str]:
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


def _smooth_section() -> list[str]:
    lines = [
        "## Simulated: how soft may a landing be",
        "",
        (
            "A drop braked evenly (half a sine wave, no sudden touch), 100 Hz: landings found of "
            f"{DROP_SEEDS}, worst error of the contact in ms, peak in g."
        ),
        "",
        "| height cm | " + " | ".join(f"{b:g} s" for b in BRAKING_S) + " |",
        "|---" * (len(BRAKING_S) + 1) + "|",
    ]
    for height_m in DROP_HEIGHTS_M:
        cells = []
        for braking_s in BRAKING_S:
            errors, peak = [], 0.0
            for seed in range(DROP_SEEDS):
                chunk, contact_s = smooth_drop(height_m, braking_s, seed)
                for it in landings(chunk, Role.PELVIS):
                    errors.append(abs(it.contact_s - contact_s))
                    peak = it.peak_acc_g
            worst = f"{1000 * max(errors):.0f} ms, {peak:.1f} g" if errors else "-"
            cells.append(f"{len(errors)}: {worst}")
        lines.append(f"| {100 * height_m:.0f} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _hip_section(peaks_g: FloatArray, forces_n: FloatArray) -> list[str]:
    return [
        "## The published regression: walking, hip",
        "",
        (
            f"verasls/impactr, 30 s, {HIP_MASS_KG:.0f} kg, model `walking/running`, resultant. "
            f"Its makers find 26 peaks and print the first ten; **{len(peaks_g)}** are found "
            "here, and the ten agree to the printed digits."
        ),
        "",
        "| peak | g | N |",
        "|---|---|---|",
        *(
            f"| {i} | {peak:.2f} | {force:.0f} |"
            for i, (peak, force) in enumerate(zip(peaks_g, forces_n, strict=True), 1)
        ),
        "",
    ]


def _running_section(rows: list[RunRow]) -> list[str]:
    errors = np.concatenate([row.errors_bw for row in rows])
    return [
        "## Newton's estimate: running on a force plate",
        "",
        (
            "One runner, sacrum, 500 Hz (Alcantara et al. 2022, doi:10.7717/peerj.12752). Peak of "
            "each step, estimated minus measured, in body weights. The makers of the recording "
            "low-passed it at 20 Hz and set its negative half to 0."
        ),
        "",
        (
            f"Peak force over {errors.size} steps: RMSE **{pooled_rmse_bw(rows):.2f}**, bias "
            f"{errors.mean():+.2f}; worst trial {max(r.rmse_bw for r in rows):.2f}. The whole "
            f"curve is not as good: RMSE {np.mean([r.wave_rmse_bw for r in rows]):.2f} on "
            "average. Only the peak is used."
        ),
        "",
        "| trial | steps | bias | RMSE of the peak | RMSE of the curve |",
        "|---|---|---|---|---|",
        *(
            f"| {r.trial} | {r.errors_bw.size} | {r.errors_bw.mean():+.2f} | {r.rmse_bw:.2f} "
            f"| {r.wave_rmse_bw:.2f} |"
            for r in rows
        ),
        "",
    ]


def page() -> str:
    """The whole page, measured anew."""
    lines = [_METHODS]
    if DATA.is_dir():
        lines += _landing_section(landing_rows(DATA))
        lines += _resampled_section(resampled_rows(DATA))
        lines += _other_section(other_movement(DATA))
        lines += _running_section(running_rows(DATA))
        lines += _hip_section(*hip_peaks(DATA))
    else:
        lines += [_NOT_MEASURED]
    return "\n".join([*lines, *_smooth_section(), _LIMITS])


def main() -> None:
    """Measure everything and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="print, do not write")
    text = page()
    if parser.parse_args().print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
