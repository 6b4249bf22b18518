"""Polar H10 and Verity Sense: frames whose clock tells the last sample's time.

Channel ``control``: replies of the control point; that to a start tells the scale, and that
of the gyroscope's start that there is one.  Channel ``data``: frames (:mod:`.pmd`).

Without a gyroscope every sample is marked :attr:`~lift_monitor.samples.Quality.NO_GYRO`.
With one, its times become the sample times and the acceleration is interpolated linearly
onto them; what brings no newly received acceleration is marked ``INTERPOLATED``, and what
lies in a hole of the acceleration ``GAP``.  If it falls silent, the acceleration goes on
alone, marked ``NO_GYRO``.
"""

from __future__ import annotations

import math
from collections import deque
from typing import ClassVar, Final

import numpy as np

from lift_monitor.drivers.formats import pmd
from lift_monitor.drivers.formats.base import (
    FormatError,
    PacketwiseDecoder,
    TimeBase,
    rate_of,
)
from lift_monitor.drivers.formats.pmd import ACC, GYR, Frame
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, SensorInfo
from lift_monitor.units import FloatArray

NAME: Final = "polar-pmd"
DATA, CONTROL = "data", "control"

HOLE_S: Final = 0.25
"""Received accelerations further apart are not joined honestly (design default)."""
WAIT_S: Final = 3.0
"""How long one stream waits for the other (design default; Verity's frames are up to 2 s
apart). A clock that jumps further was set anew, or the bytes are wrong."""
_MOST_ROWS = 4096
_SPREAD = 1.25
"""Steps within this factor of the rate are measured, others follow a lost frame."""
_LONGEST_STEP_S = 1.0


class FrameTimes:
    """Sample times of one stream from the time of each frame's last sample."""

    def __init__(self, rate_hz: float | None) -> None:
        self._nominal_s = 1.0 / rate_hz if rate_hz else None
        self._steps_s: deque[float] = deque(maxlen=9)
        self._newest_ns: int | None = None
        self.step_s: float | None = None
        """The step inside the last frame; ``None`` while it is not known."""

    def restart(self) -> None:
        """The next frame follows no other."""
        self._newest_ns = None

    def see(self, frame: Frame) -> None:
        """Find the step inside a frame that came."""
        own_s = math.nan
        if self._newest_ns is not None:
            own_s = (frame.last_ns - self._newest_ns) * 1e-9 / frame.values.shape[0]
            if 0.0 < own_s < _LONGEST_STEP_S:
                self._steps_s.append(own_s)
        self._newest_ns = max(frame.last_ns, self._newest_ns or 0)
        expected_s = self._nominal_s or (float(np.median(self._steps_s)) if self._steps_s else None)
        if expected_s is not None:
            alike = expected_s / _SPREAD < own_s < expected_s * _SPREAD
            self.step_s = own_s if alike else expected_s


class PolarDecoder(PacketwiseDecoder):
    """Streaming decoder of both channels.

    Parameters
    ----------
    info : SensorInfo
        Of it the nominal rate; where it is not known it is measured, and the first frame
        waits for the second.
    """

    time_base: ClassVar[TimeBase] = TimeBase.SENSOR

    def __init__(self, info: SensorInfo) -> None:
        self._factors: dict[int, float] = {}
        self._has_gyro = False
        self._times = {kind: FrameTimes(rate_of(info)) for kind in (ACC, GYR)}
        self._waiting: dict[int, tuple[Frame, float]] = {}
        self._last = b""
        self._newest_ns: int | None = None
        self._forget()

    def restart(self) -> None:
        """Forget what waits for its partner; the scale stays."""
        self._last = b""
        self._newest_ns = None
        self._forget()

    def _forget(self) -> None:
        # Columns: time, x, y, z, saturated, host time.
        self._rows = {kind: np.empty((0, 6)) for kind in (ACC, GYR)}
        self._stood_for_s = -math.inf
        self._gyro_ns: int | None = None
        """Time of the gyroscope's last frame, or of the first that waited for it."""
        self._waiting.clear()
        for times in self._times.values():
            times.restart()

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        if packet.channel == CONTROL:
            self._take_reply(packet.payload)
            return ImuChunk.empty()
        if packet.channel != DATA:
            raise FormatError(f"polar-pmd has no channel {packet.channel!r}")
        if packet.payload == self._last:  # the same notification, handed over twice
            return ImuChunk.empty()
        frame = pmd.read_frame(packet.payload, self._factors)
        self._last = packet.payload
        if self._newest_ns is not None and abs(frame.last_ns - self._newest_ns) > WAIT_S * 1e9:
            self._newest_ns = None
            self._forget()
        self._newest_ns = max(frame.last_ns, self._newest_ns or 0)
        rows = self._rows_of(frame, packet.host_time_ns * 1e-9)
        if frame.kind == GYR:
            self._has_gyro, self._gyro_ns = True, frame.last_ns
        elif not self._has_gyro:
            return _alone(rows)
        if rows.shape[0]:
            joined = np.concatenate([self._rows[frame.kind], rows])
            if not (np.diff(joined[:, 0]) > 0).all():  # late, or twice: put in order
                joined = joined[np.unique(joined[:, 0], return_index=True)[1]]
            self._rows[frame.kind] = joined
        return self._give_up() if self._gyro_is_silent(frame) else self._pair()

    def _gyro_is_silent(self, frame: Frame) -> bool:
        if self._gyro_ns is None:
            self._gyro_ns = frame.last_ns
        return frame.last_ns - self._gyro_ns > WAIT_S * 1e9

    def _give_up(self) -> ImuChunk:
        """Let the acceleration go on alone until the gyroscope is heard again."""
        rows = self._rows[ACC]
        rows = rows[rows[:, 0] > self._stood_for_s]
        self._has_gyro, self._gyro_ns = False, None
        self._rows = {kind: np.empty((0, 6)) for kind in (ACC, GYR)}
        return _alone(rows)

    def _take_reply(self, data: bytes) -> None:
        reply = pmd.read_reply(data)
        if reply.op != pmd.START or reply.error:
            return
        factor = reply.settings.get(pmd.FACTOR, (1.0,))[:1]
        if not (factor and 0.0 < factor[0] < math.inf):
            raise FormatError("polar-pmd reply carries a factor that is not a positive number")
        if reply.kind == GYR:
            self._has_gyro = True
        if pmd.FACTOR in reply.settings:
            self._factors[reply.kind] = factor[0]
        else:
            self._factors.pop(reply.kind, None)

    def _rows_of(self, frame: Frame, host_s: float) -> FloatArray:
        """Give the frame's samples their times, and those of one that waited for it."""
        times = self._times[frame.kind]
        times.see(frame)
        if times.step_s is None:
            self._waiting[frame.kind] = (frame, host_s)
            return np.empty((0, 6))
        frames = [(frame, host_s)]
        if frame.kind in self._waiting:
            frames.insert(0, self._waiting.pop(frame.kind))
        return np.concatenate([_rows(part, times.step_s, part_s) for part, part_s in frames])

    def _pair(self) -> ImuChunk:
        """Emit the rotation rates that lie between two received accelerations."""
        acc, gyr = self._rows[ACC], self._rows[GYR]
        ready = gyr[:0]
        if acc.shape[0] and gyr.shape[0]:
            within = gyr[:, 0] <= acc[-1, 0]
            ready, gyr = gyr[within], gyr[~within]
            ready = ready[ready[:, 0] >= acc[0, 0]]  # before the first one there is no partner
        chunk = self._join(ready, acc) if ready.shape[0] else ImuChunk.empty()
        newest_s = max((float(r[-1, 0]) for r in self._rows.values() if r.shape[0]), default=0.0)
        self._rows = {
            kind: rows[np.searchsorted(rows[:, 0], newest_s - 2 * WAIT_S) :][-_MOST_ROWS:]
            for kind, rows in ((ACC, acc), (GYR, gyr))
        }
        return chunk

    def _join(self, ready: FloatArray, acc: FloatArray) -> ImuChunk:
        time_s = ready[:, 0]
        right = np.minimum(np.searchsorted(acc[:, 0], time_s, side="right"), acc.shape[0] - 1)
        left = np.searchsorted(acc[:, 0], time_s, side="right") - 1
        values = np.column_stack([np.interp(time_s, acc[:, 0], acc[:, k]) for k in (1, 2, 3)])
        stood_for = np.maximum.accumulate(np.append(self._stood_for_s, acc[left, 0]))
        self._stood_for_s = float(stood_for[-1])
        quality = np.zeros(time_s.shape[0], np.uint16)
        quality[np.diff(stood_for) <= 0] |= np.uint16(Quality.INTERPOLATED)
        between = (time_s > acc[left, 0]) & (acc[right, 0] - acc[left, 0] > HOLE_S)
        quality[between] |= np.uint16(Quality.GAP)
        clipped = (acc[left, 4] + acc[right, 4] * (time_s > acc[left, 0])) > 0
        quality[clipped] |= np.uint16(Quality.ACC_SATURATED)
        quality[ready[:, 4] > 0] |= np.uint16(Quality.GYR_SATURATED)
        return ImuChunk.build(
            time_s, values, ready[:, 1:4], host_time_s=ready[:, 5], quality=quality
        )


def _rows(frame: Frame, step_s: float, host_s: float) -> FloatArray:
    n = frame.values.shape[0]
    time_s = frame.last_ns * 1e-9 + np.arange(1 - n, 1) * step_s
    return np.column_stack([time_s, frame.values, frame.saturated, np.full(n, host_s)])


def _alone(rows: FloatArray) -> ImuChunk:
    """Samples of a sensor without a gyroscope."""
    quality = np.full(rows.shape[0], Quality.NO_GYRO, np.uint16)
    quality[rows[:, 4] > 0] |= np.uint16(Quality.ACC_SATURATED)
    no_gyro = np.zeros((rows.shape[0], 3))
    return ImuChunk.build(
        rows[:, 0], rows[:, 1:4], no_gyro, host_time_s=rows[:, 5], quality=quality
    )
