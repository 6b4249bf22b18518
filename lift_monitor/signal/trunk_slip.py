"""Noticing that a trunk sensor has come loose or turned on the skin.

Two tests, both from the sensors alone:

*Jump.*  A segment has mass and muscles; a sensor that comes loose has neither.  Within a
tenth of a second its inclination jumps, with an angular acceleration that the trunk does not
reach, and it goes on from where the jump ended while the other sensor knows nothing of it.
Straight lines through the inclination before and after must miss each other, and it must have
gone somewhere: what is shaken comes back.  Nothing is judged near landings and knocks, which
shake both sensors.

*Stand.*  A sensor that creeps shows when the person next stands still and upright: the
thorax is near its neutral and the two sensors are not where they were to each other.  This
one is taken back when a later still moment agrees with the calibration again, because sitting
down between sets looks the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.signal.trunk_filter import RunFilter, runs
from lift_monitor.signal.trunk_steps import STEPS_PER_S, TrunkSteps
from lift_monitor.units import BoolArray, FloatArray, IndexArray

# Design defaults.
JUMP_DEG: Final = 10.0
MOVED_DEG: Final = 5.0
"""The inclination itself must differ by so much. A footfall shakes a sensor by as much to and
fro within a tenth of a second, and lines through that miss each other too."""
KICK_DPS: Final = 150.0
"""Change of the rate of rotation within 40 ms, 3750 deg/s2: a trunk that bends at 150 deg/s,
which is fast, takes some 300 ms to get there."""
_KICK: Final = round(0.04 * STEPS_PER_S)
JUMP_OTHER_SHARE: Final = 0.5
"""A jump that the other sensor shares to this extent is the body's, not the sensor's."""
_GAP: Final = round(0.04 * STEPS_PER_S)
_REACH: Final = round(0.15 * STEPS_PER_S)
"""Lines so short that a smooth bend of 30 degrees in 0.4 s is no jump."""
_SETTLE: Final = round(1.0 * STEPS_PER_S)
"""After the start and after holes nothing is judged for so long."""
CALM_MPS2: Final = (4.0, 20.0)
"""Specific force outside of this at both sensors is a flight or an impact of the body; nothing
is judged near one. A sensor that is knocked off feels a blow alone."""
_NEAR: Final = round(0.7 * STEPS_PER_S)

STILL_S: Final = 1.0
STILL_DPS: Final = 6.0
UPRIGHT_DEG: Final = 15.0
STAND_OFF_DEG: Final = 20.0
"""Between the segments, against the calibration. Standing people vary by far less."""
STAND_OFF_SIDE_DEG: Final = 12.0
STAND_BACK_DEG: Final = 8.0


def _level_weights() -> FloatArray:
    """Weights over 2 reach + 1 steps: mean of the later ones minus mean of the earlier."""
    k = np.arange(-_REACH, _REACH + 1)
    later, earlier = k > _GAP, k < -_GAP
    return np.asarray(later / later.sum() - earlier / earlier.sum())


def _line_weights() -> FloatArray:
    """Weights over 2 reach + 1 steps: line through the later ones minus through the earlier."""
    k = np.arange(-_REACH, _REACH + 1)
    weights = np.zeros(k.shape[0])
    for part, sign in ((k > _GAP, 1.0), (k < -_GAP, -1.0)):
        x = k[part].astype(np.float64)
        weights[part] = sign * np.linalg.pinv(np.column_stack([np.ones(x.shape[0]), x]))[0]
    return weights


def length(vectors: FloatArray) -> FloatArray:
    """Length of (n, 3) vectors; column by column is many times faster than row by row."""
    x, y, z = vectors.T
    return np.asarray(np.sqrt(x * x + y * y + z * z))


class _Trailing:
    """Whether any of the last ``length`` steps were set, this one included."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._since = length  # steps since the last one that was set

    def feed(self, flags: BoolArray) -> BoolArray:
        n = flags.shape[0]
        at = np.where(flags, np.arange(n), -1 - self._since)
        last = np.maximum.accumulate(at) if n else at
        age = np.arange(n) - last
        if n:
            self._since = int(min(age[-1], self._length + 1))
        return np.asarray(age < self._length, dtype=np.bool_)


class _JumpSize:
    """Size of a jump of one sensor's up, and whether its turning was a kick, both delayed."""

    def __init__(self) -> None:
        # The second coefficient keeps scipy from convolving, which rounds by where a chunk ends.
        self._lines = RunFilter(_line_weights()[::-1].copy(), np.array([1.0, 0.0]), 3)
        self._levels = RunFilter(_level_weights()[::-1].copy(), np.array([1.0, 0.0]), 3)
        self._fast = _Trailing(_REACH + _GAP)
        self._rates = np.full((_KICK, 3), np.nan)
        self._age = 0

    def feed(self, steps: TrunkSteps) -> tuple[FloatArray, BoolArray]:
        size = np.degrees(length(self._lines.feed(steps.up_sensor)))
        moved = np.degrees(length(self._levels.feed(steps.up_sensor)))
        with np.errstate(invalid="ignore"):
            rates = np.concatenate([self._rates, steps.gyr_sensor_radps])
            self._rates = rates[-_KICK:]
            kick = np.degrees(length(rates[_KICK:] - rates[:-_KICK]))
            fast = self._fast.feed(np.asarray(kick > KICK_DPS))
        # Lines need their whole length behind them, and the orientation filter a moment.
        for start, stop, known in runs(np.isfinite(size)):
            if not known:
                self._age = 0
                continue
            age = self._age + np.arange(1, stop - start + 1)
            size[start:stop][age <= _SETTLE] = 0.0
            self._age = min(int(age[-1]), 1 << 40)
        size[~(moved > MOVED_DEG)] = 0.0
        return np.nan_to_num(size), fast


class JumpWatch:
    """Streaming; says at which steps each of the sensors has jumped (known 0.15 s late)."""

    def __init__(self, count: int) -> None:
        self._sizes = [_JumpSize() for _ in range(count)]
        self._rough = [_Trailing(_NEAR + _REACH) for _ in range(count)]

    def feed(self, sensors: list[TrunkSteps]) -> list[BoolArray]:
        """Take the next steps of all sensors; returns a flag a sensor and step."""
        sizes, fasts = zip(
            *(watch.feed(steps) for watch, steps in zip(self._sizes, sensors, strict=True)),
            strict=True,
        )
        rough = np.ones(len(sensors[0]), bool)
        for near, steps in zip(self._rough, sensors, strict=True):
            force = length(steps.acc_sensor_mps2)
            with np.errstate(invalid="ignore"):
                rough &= near.feed(np.asarray((force < CALM_MPS2[0]) | (force > CALM_MPS2[1])))
        out = []
        for i, (size, fast) in enumerate(zip(sizes, fasts, strict=True)):
            others = [sizes[k] for k in range(len(sizes)) if k != i]
            alone = np.ones(size.shape[0], bool)
            for other in others:
                alone &= other < JUMP_OTHER_SHARE * size
            out.append(np.asarray(~rough & fast & alone & (size > JUMP_DEG)))
        return out


class StandWatch:
    """Streaming; whether the last still upright stand agreed with the calibration."""

    def __init__(self) -> None:
        self._moving = _Trailing(round(STILL_S * STEPS_PER_S))
        self._off = False
        self._begun = 0

    def feed(
        self,
        thorax_tilt_deg: FloatArray,
        relative_deg: FloatArray,
        side_deg: FloatArray,
        rate_dps: FloatArray,
    ) -> tuple[BoolArray, IndexArray]:
        """Take the next steps, (n,) each; ``rate_dps`` is the larger of both sensors.

        Returns
        -------
        off : (n,) bool array
            True while the last stand disagreed.
        changes : (k,) int array
            Positions at which that changed.
        """
        n = rate_dps.shape[0]
        with np.errstate(invalid="ignore"):
            moving = self._moving.feed(~(rate_dps < STILL_DPS))
            upright = ~moving & (thorax_tilt_deg < UPRIGHT_DEG)
            wrong = upright & (
                (np.abs(relative_deg) > STAND_OFF_DEG) | (np.abs(side_deg) > STAND_OFF_SIDE_DEG)
            )
            right = upright & (np.hypot(relative_deg, side_deg) < STAND_BACK_DEG)
        last = np.maximum.accumulate(np.where(wrong | right, np.arange(n), -1))
        off = np.where(last >= 0, wrong[np.maximum(last, 0)], self._off) if n else wrong
        changes = np.flatnonzero(np.diff(off.astype(np.int8), prepend=int(self._off)))
        if n:
            self._off = bool(off[-1])
        return np.asarray(off, dtype=np.bool_), np.asarray(changes, dtype=np.intp)
