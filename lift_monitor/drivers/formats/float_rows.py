"""Rows of float64 as an importer writes them: nothing of a file is lost to a sensor's scale.

Two channels are understood.  ``imu``: rows of ``t, acc x y z, gyr x y z``.  ``acc`` and
``gyr``: rows of ``t, x, y, z`` whose clocks agree but whose rates may differ (vendor apps
that save two files); the gyroscope's times become the sample times and the acceleration is
interpolated linearly onto them.  The first sample after each received acceleration stands
for it; the others bring no new acceleration and are marked
:attr:`~lift_monitor.samples.Quality.INTERPOLATED`, so that the fresh samples can be counted.
Little-endian, SI units.
"""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np

from lift_monitor.drivers.formats.base import FormatError, PacketwiseDecoder, TimeBase
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import FloatArray

NAME: Final = "float-rows"
IMU, ACC, GYR = "imu", "acc", "gyr"
_COLUMNS: Final = {IMU: 7, ACC: 4, GYR: 4}
_LATEST_S: Final = 1e10
"""Three hundred years: a time beyond it is none."""
_MOST_ROWS: Final = 65_536
"""Rows of one channel that wait for the other. Design default: eleven minutes at 100 Hz."""


def encode(rows: FloatArray) -> bytes:
    """Pack an (n, 4) or (n, 7) array."""
    return np.ascontiguousarray(rows, dtype="<f8").tobytes()


class FloatRowsDecoder(PacketwiseDecoder):
    """Streaming decoder of all three channels."""

    time_base: ClassVar[TimeBase] = TimeBase.SESSION

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget the rows that wait for their partners."""
        self._acc = np.empty((0, 4))
        self._gyr = np.empty((0, 5))  # the fifth column is the host time
        self._received = 0  # accelerations kept that an emitted sample already stood for

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        columns = _COLUMNS.get(packet.channel)
        if columns is None:
            raise FormatError(f"float-rows has no channel {packet.channel!r}")
        if len(packet.payload) % (8 * columns):
            raise FormatError(
                f"float-rows packet of {len(packet.payload)} bytes is no whole number of rows"
            )
        rows = np.frombuffer(packet.payload, "<f8").reshape(-1, columns)
        if not (np.abs(rows[:, 0]) <= _LATEST_S).all():
            raise FormatError("float-rows packet carries a time that cannot be")
        host_s = packet.host_time_ns * 1e-9
        if packet.channel == IMU:
            return ImuChunk.build(
                rows[:, 0],
                rows[:, 1:4],
                rows[:, 4:7],
                host_time_s=np.full(rows.shape[0], host_s),
            )
        if (np.diff(rows[:, 0]) < 0).any():
            raise FormatError("float-rows packet carries times that run backwards")
        known = self._acc if packet.channel == ACC else self._gyr
        if rows.shape[0] and known.shape[0] and rows[0, 0] < known[-1, 0]:
            self.restart()  # one of the two packets is wrong, and nobody knows which
        if packet.channel == ACC:
            dropped = max(0, self._acc.shape[0] + rows.shape[0] - _MOST_ROWS)
            self._acc = np.concatenate([self._acc, rows])[dropped:]
            self._received = max(0, self._received - dropped)
        else:
            host = np.full((rows.shape[0], 1), host_s)
            self._gyr = np.concatenate([self._gyr, np.hstack([rows, host])])[-_MOST_ROWS:]
        return self._pair()

    def _pair(self) -> ImuChunk:
        """Emit the gyroscope samples that lie between two received accelerations."""
        acc, gyr = self._acc, self._gyr
        if acc.shape[0] < 2 or gyr.shape[0] == 0:
            return ImuChunk.empty()
        count = int(np.searchsorted(gyr[:, 0], acc[-1, 0], side="right"))
        ready = gyr[:count]
        before = int(np.searchsorted(ready[:, 0], acc[0, 0], side="left"))
        ready = ready[before:]  # rotation before the first acceleration has no partner
        self._gyr = gyr[count:]
        if ready.shape[0] == 0:
            return ImuChunk.empty()
        interpolated = np.column_stack(
            [np.interp(ready[:, 0], acc[:, 0], acc[:, axis]) for axis in (1, 2, 3)]
        )
        received = np.searchsorted(acc[:, 0], ready[:, 0], side="right")
        fresh = np.diff(received, prepend=self._received) > 0
        quality = np.where(fresh, Quality.OK, Quality.INTERPOLATED).astype(np.uint16)
        keep = int(received[-1]) - 1
        self._received = 1
        self._acc = acc[keep:]
        return ImuChunk.build(
            ready[:, 0],
            interpolated,
            ready[:, 1:4],
            host_time_s=ready[:, 4],
            quality=quality,
        )
