"""The trunk: lumbar flexion, side bend, lean and twist rate from sensors on thorax and pelvis.

Everything but the twist rate comes from tilt alone, which gravity corrects for ever: there is
no heading in it, so nothing drifts.  What cannot be trusted is NaN, with the reason beside it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np

from lift_monitor.events import Confidence
from lift_monitor.samples import Role
from lift_monitor.signal.trunk_calibration import TrunkCalibration
from lift_monitor.signal.trunk_filter import RunFilter
from lift_monitor.signal.trunk_frames import Tilt, angle_deg, levelled, long_axis, tilt_of
from lift_monitor.signal.trunk_slip import JumpWatch, StandWatch, length
from lift_monitor.signal.trunk_steps import STEPS_PER_S, TrunkSteps
from lift_monitor.technique import SensorSlipped
from lift_monitor.units import BoolArray, FloatArray, IndexArray, QualityArray

MOST_AGE_S: Final = 90.0 * 60.0
"""A calibration older than this lowers the confidence: skin and tape move. Design default."""
TWIST_SMOOTHING_S: Final = 0.06
"""Time constant that keeps the wobble of the skin out of the twist rate."""


class Withheld(enum.IntFlag):
    """Why numbers of a step are withdrawn or of low confidence."""

    NO_DATA = 1
    SLIPPED = 2
    """A sensor came loose: numbers that need it are withdrawn until a new calibration."""
    STANDS_OFF = 4
    """Standing still, the sensors do not agree with the calibration: withdrawn until they do."""


@dataclass(frozen=True, slots=True, eq=False)
class SpineBlock:
    """Steps of 10 ms, (n,) each unless said otherwise; NaN where withdrawn or not measured.

    Attributes
    ----------
    time_s
        Session time.
    lumbar_flexion_deg
        Thorax against pelvis in the sagittal plane, relative to the calibrated neutral;
        positive forward.
    side_bend_deg
        Thorax against pelvis in the frontal plane; positive to the right.
    trunk_lean_deg
        Tilt of the thorax (or, without one, of the pelvis) from upright; positive forward.
        Where forward is not known: its size.
    thorax_tilt_deg, pelvis_tilt_deg
        Each segment's sagittal tilt, for the figure.
    axial_rate_dps
        Twist rate of thorax against pelvis about the trunk; positive to the left.
    up_thorax, up_pelvis
        (n, 3) the world's up in the sensor's axes.
    withheld
        :class:`Withheld` marks.
    quality
        Marks of the samples of both sensors.
    low
        The calibration does not carry high confidence, (n,) bool.
    """

    time_s: FloatArray
    lumbar_flexion_deg: FloatArray
    side_bend_deg: FloatArray
    trunk_lean_deg: FloatArray
    thorax_tilt_deg: FloatArray
    pelvis_tilt_deg: FloatArray
    axial_rate_dps: FloatArray
    up_thorax: FloatArray
    up_pelvis: FloatArray
    withheld: QualityArray
    quality: QualityArray
    low: BoolArray

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    def part(self, start: int, stop: int) -> SpineBlock:
        """The steps from ``start`` up to ``stop``."""
        return SpineBlock(*(getattr(self, f.name)[start:stop] for f in fields(self)))

    @classmethod
    def empty(cls) -> SpineBlock:
        """A block of no steps."""
        none, three, marks = np.empty(0), np.empty((0, 3)), np.empty(0, np.uint16)
        low = np.empty(0, bool)
        return cls(none, none, none, none, none, none, none, three, three, marks, marks, low)

    @classmethod
    def concatenate(cls, blocks: Sequence[SpineBlock]) -> SpineBlock:
        """Join blocks in the order given."""
        if not blocks:
            return cls.empty()
        if len(blocks) == 1:
            return blocks[0]
        return cls(*(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(cls)))


@dataclass(frozen=True, slots=True, eq=False)
class SpineOutput:
    """What one call of :meth:`Spine.feed` made known."""

    block: SpineBlock = field(default_factory=SpineBlock.empty)
    slips: tuple[SensorSlipped, ...] = ()


class Spine:
    """Streaming; identical results however the steps are cut.

    Parameters
    ----------
    calibration : TrunkCalibration
        Says which sensors there are.
    """

    def __init__(self, calibration: TrunkCalibration) -> None:
        self.calibration = calibration
        segments = {Role.THORAX: calibration.thorax, Role.PELVIS: calibration.pelvis}
        self._segments = {role: s for role, s in segments.items() if s is not None}
        self._jumps = JumpWatch(len(self._segments))
        self._stand = StandWatch()
        self._slipped: set[Role] = set()
        keep = np.exp(-1.0 / (TWIST_SMOOTHING_S * STEPS_PER_S))
        self._twist = RunFilter(np.array([1.0 - keep]), np.array([1.0, -keep]), 1)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The sensors in use."""
        return tuple(self._segments)

    def confidence(self, now_s: float) -> tuple[Confidence, tuple[str, ...]]:
        """How far the angles may be trusted now, and why not further."""
        if self._slipped:
            names = " and ".join(role.value for role in self._slipped)
            return Confidence.NONE, (f"The {names} sensor came loose; calibrate again.",)
        reasons = list(self.calibration.reasons)
        if len(self._segments) == 1:
            reasons.append("One sensor cannot tell a hip hinge from a bent spine.")
        age_s = self.calibration.age_s(now_s)
        if age_s > MOST_AGE_S:
            reasons.append(f"The calibration is {age_s / 60.0:.0f} min old; calibrate again.")
        return (Confidence.LOW if reasons else Confidence.HIGH), tuple(reasons)

    def feed(self, index: IndexArray, steps: dict[Role, TrunkSteps]) -> SpineOutput:
        """Measure the next steps.

        Parameters
        ----------
        index : (n,) int array
            Numbers of the shared steps.
        steps : dict of Role to TrunkSteps
            n steps of each sensor that the calibration knows; others are ignored.
        """
        n = index.shape[0]
        if not n:
            return SpineOutput()
        steps = {role: steps[role] for role in self._segments}
        nan = np.full(n, np.nan)
        time_s = np.asarray(index / STEPS_PER_S, dtype=np.float64)
        tilts = {
            r: tilt_of(s.axes.to_segment(steps[r].up_sensor)) for r, s in self._segments.items()
        }
        degrees = {r: np.degrees(t.sagittal) for r, t in tilts.items()}
        withheld = np.zeros(n, np.uint16)
        quality = np.zeros(n, np.uint16)
        for s in steps.values():
            withheld[np.isnan(s.up_sensor[:, 0])] |= np.uint16(Withheld.NO_DATA)
            quality |= s.quality
        slips = self._watch_jumps(time_s, steps)
        gone = {r: self._gone(r, time_s, slips) for r in self._segments}
        flexion, side, twist = nan, nan, nan
        if len(self._segments) == 2:
            thorax, pelvis = tilts[Role.THORAX], tilts[Role.PELVIS]
            neutral = self.calibration.neutral.relative_rad(pelvis.sagittal)
            flexion = np.degrees(thorax.sagittal - pelvis.sagittal - neutral)
            side = np.degrees(thorax.side - pelvis.side)
            twist = self._twist.feed(self._twist_rate(steps, tilts)[:, None])[:, 0]
            off, changes = self._watch_stand(steps, flexion, side)
            slips += [_stand_text(float(time_s[i]), bool(off[i])) for i in changes]
            lost = gone[Role.THORAX] | gone[Role.PELVIS]
            withheld[off] |= np.uint16(Withheld.STANDS_OFF)
            withheld[lost] |= np.uint16(Withheld.SLIPPED)
            flexion, side = (np.where(off | lost, np.nan, v) for v in (flexion, side))
            twist = np.where(lost, np.nan, twist)
        leader = Role.THORAX if Role.THORAX in self._segments else Role.PELVIS
        segment = self._segments[leader]
        lean = (
            degrees[leader]
            if segment.forward_known
            else angle_deg(steps[leader].up_sensor, segment.axes.up)
        )
        withheld[gone[leader]] |= np.uint16(Withheld.SLIPPED)
        shown = {r: np.where(gone[r], np.nan, d) for r, d in degrees.items()}
        return SpineOutput(
            SpineBlock(
                time_s,
                flexion,
                side,
                np.where(gone[leader], np.nan, lean),
                shown.get(Role.THORAX, nan),
                shown.get(Role.PELVIS, nan),
                twist,
                _up(steps.get(Role.THORAX), n),
                _up(steps.get(Role.PELVIS), n),
                withheld,
                quality,
                self._low(time_s),
            ),
            tuple(sorted(slips, key=lambda slip: slip.at_s)),
        )

    def _low(self, time_s: FloatArray) -> BoolArray:
        if self.calibration.confidence is not Confidence.HIGH or len(self._segments) < 2:
            return np.ones(time_s.shape[0], bool)
        return np.asarray(time_s - self.calibration.made_at_s > MOST_AGE_S)

    def _twist_rate(self, steps: dict[Role, TrunkSteps], tilts: dict[Role, Tilt]) -> FloatArray:
        """Relative rate about the trunk's long axis, deg/s; both taken to head the same way."""
        rates, axes = [], []
        for role, segment in self._segments.items():
            own = segment.axes.to_segment(steps[role].gyr_sensor_radps - segment.gyr_bias_radps)
            rates.append(levelled(own, tilts[role]))
            axes.append(long_axis(tilts[role]))
        x, y, z = (rates[0] - rates[1]).T
        a, b, c = (axes[0] + axes[1]).T
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.degrees((x * a + y * b + z * c) / np.sqrt(a * a + b * b + c * c)))

    def _watch_jumps(
        self, time_s: FloatArray, steps: dict[Role, TrunkSteps]
    ) -> list[SensorSlipped]:
        found = self._jumps.feed([steps[role] for role in self._segments])
        slips = []
        for role, jumped in zip(self._segments, found, strict=True):
            if role not in self._slipped and jumped.any():
                slips.append(
                    SensorSlipped(
                        float(time_s[int(np.argmax(jumped))]),
                        role,
                        True,
                        f"The {role.value} sensor came loose: its angles are withdrawn. "
                        "Fix it and calibrate again.",
                    )
                )
        return slips

    def _gone(self, role: Role, time_s: FloatArray, slips: list[SensorSlipped]) -> BoolArray:
        if role in self._slipped:
            return np.ones(time_s.shape[0], bool)
        for slip in slips:
            if slip.role is role:
                self._slipped.add(role)
                return np.asarray(time_s >= slip.at_s)
        return np.zeros(time_s.shape[0], bool)

    def _watch_stand(
        self, steps: dict[Role, TrunkSteps], flexion: FloatArray, side: FloatArray
    ) -> tuple[BoolArray, IndexArray]:
        rates = [length(s.gyr_sensor_radps) for s in steps.values()]
        thorax = self._segments[Role.THORAX]
        return self._stand.feed(
            angle_deg(steps[Role.THORAX].up_sensor, thorax.axes.up),
            flexion,
            side,
            np.degrees(np.maximum(*rates)),
        )


def _up(steps: TrunkSteps | None, n: int) -> FloatArray:
    return np.full((n, 3), np.nan) if steps is None else steps.up_sensor


def _stand_text(at_s: float, off: bool) -> SensorSlipped:
    text = (
        "Standing still, thorax and pelvis do not agree with the calibration: lumbar flexion is "
        "withdrawn. Stand upright, or see that both sensors sit tight and calibrate again."
        if off
        else "Thorax and pelvis agree with the calibration again: lumbar flexion is back."
    )
    return SensorSlipped(at_s, None, off, text)
