"""MbientLab MetaMotion (MMS, MMR, MMRL): two streams without time, joined by their count.

Channel ``data``: ``module u8, register u8``, then ``i16*3`` or, packed, three times that.
Channel ``config``: what the board answered (or, if it did not, what it was told) about its
chips and ranges, without which the counts have no scale.

The accelerometer and the gyroscope run at one rate and arrive in notifications of their own,
so the n-th sample of one belongs to the n-th of the other until a notification is lost.
:class:`Pairing` finds that out: the surplus of one stream over the other, averaged over
time, is the offset between the two samples that are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

import numpy as np

from lift_monitor.drivers.formats.base import FormatError, TimeBase
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

NAME: Final = "metamotion"
DATA, CONFIG = "data", "config"

ACC, GYR = 0x03, 0x13
"""Module numbers."""
INFO, SET, READ = 0x80, 0x03, 0x83
"""Registers of both modules: what chip it is, its configuration written and read."""
BMI160, BMI270 = 1, 4
"""Implementation of the accelerometer module on MMR/MMRL and on MMS."""

ACC_RANGE_G: Final = {
    BMI160: {0x03: 2.0, 0x05: 4.0, 0x08: 8.0, 0x0C: 16.0},
    BMI270: {0x00: 2.0, 0x01: 4.0, 0x02: 8.0, 0x03: 16.0},
}
GYR_RANGE_DPS: Final = {0: 2000.0, 1: 1000.0, 2: 500.0, 3: 250.0, 4: 125.0}
_HEAD, _SAMPLE = 2, 6
_ONE, _PACKED = _HEAD + _SAMPLE, _HEAD + 3 * _SAMPLE
_SAMPLES: Final = {
    BMI160: {(ACC, 0x04): _ONE, (ACC, 0x1C): _PACKED, (GYR, 0x05): _ONE, (GYR, 0x07): _PACKED},
    BMI270: {(ACC, 0x04): _ONE, (ACC, 0x05): _PACKED, (GYR, 0x04): _ONE, (GYR, 0x05): _PACKED},
}
"""Length of a notification by module and register."""
_FULL_SCALE = 32767

WINDOW_S: Final = 0.5
"""Stretch over which the surplus is averaged (design default: ten of the slowest usual
connection intervals)."""
SHORT_WINDOW_S: Final = 0.1
"""The same after one stream sent twice in a row, for the other's was probably lost: it need
not be missed for the whole window (design default)."""
_LONGEST_WAIT_S = 0.25
"""A stall counts for no more than this in the average."""
_MOST_HELD = 600
"""Samples that one stream may be ahead, whatever the host times say."""
_WINDOW_NOTIFICATIONS = 256
_AFTER_REPEAT = 8
"""Notifications that the short window takes in at least."""


def acc_lsb_mps2(range_g: float) -> float:
    """One count of the accelerometer: 2048 a g at 16 g, in proportion at the others."""
    return STANDARD_GRAVITY_MPS2 * range_g / 32768.0


def gyr_lsb_radps(range_dps: float) -> float:
    """One count of the gyroscope: 16.4 a deg/s at 2000 deg/s, in proportion at the others."""
    return RADPS_PER_DPS * range_dps / (16.4 * 2000.0)


def encode(module: int, register: int, values: FloatArray, lsb: float) -> bytes:
    """Pack (1, 3) or (3, 3) values in SI units; beyond full scale they clip."""
    raw = np.clip(np.rint(values / lsb), -_FULL_SCALE - 1, _FULL_SCALE).astype("<i2")
    return bytes([module, register]) + raw.tobytes()


def is_samples(value: bytes, chip: int | None = None) -> bool:
    """Whether a notification of a board carries samples, and not an answer.

    While the chip is not known, those of both count.
    """
    chips = (chip,) if chip in _SAMPLES else tuple(_SAMPLES)
    return any(_SAMPLES[c].get((value[0], value[1])) == len(value) for c in chips if len(value) > 1)


class _Pairs(NamedTuple):
    """Samples that are joined, as they came: six bytes each."""

    acc: bytes
    gyr: bytes
    jumped: bool
    """Whether samples were dropped just before the first."""
    host_ns: int
    acc_lsb: float
    gyr_lsb: float


class Pairing:
    """Two queues of samples that are joined by their count (see the module)."""

    def __init__(self) -> None:
        self._queues = {ACC: bytearray(), GYR: bytearray()}
        self.restart()

    def restart(self, *, jumped: bool = False) -> None:
        """Both streams begin anew; ``jumped`` if samples between are missing."""
        for queue in self._queues.values():
            queue.clear()
        self._owed = {ACC: 0, GYR: 0}
        self._seen: set[int] = set()
        self._jumped = jumped
        self._last_s: float | None = None
        self._newest = 0
        self._begin_window()

    def put(self, module: int, samples: bytes) -> None:
        """Queue the samples of one notification."""
        self._seen.add(module)
        if len(self._seen) < 2:
            # The chips wake up at different times: what came before both were awake has no
            # partner, but the newest notification may have.
            self._queues[module].clear()
        self._queues[module] += samples
        self._settle(module)

    def take(self) -> tuple[bytes, bytes, bool]:
        """Give what has a partner, and whether samples were dropped just before it."""
        acc, gyr = self._queues[ACC], self._queues[GYR]
        n = min(len(acc), len(gyr))
        pairs = bytes(acc[:n]), bytes(gyr[:n]), self._jumped and n > 0
        del acc[:n], gyr[:n]
        self._jumped = self._jumped and n == 0
        return pairs

    def weigh(self, module: int, host_s: float, size: int) -> None:
        """Look, before a notification of ``size`` samples is queued, how far one is ahead.

        The surplus that stood since the last notification counts with the time it stood.
        """
        waited_s = 0.0 if self._last_s is None else host_s - self._last_s
        self._last_s = host_s
        waited_s = min(max(waited_s, 0.0), _LONGEST_WAIT_S)
        surplus = (len(self._queues[ACC]) - len(self._queues[GYR])) // _SAMPLE
        if len(self._seen) < 2:
            return
        self._weight_s += waited_s
        self._weighted += surplus * waited_s
        self._notifications += 1
        short = self._repeated and self._weight_s >= SHORT_WINDOW_S
        if (
            self._weight_s >= WINDOW_S
            or self._notifications >= _WINDOW_NOTIFICATIONS
            or (short and self._notifications >= _AFTER_REPEAT)
        ):
            mean = self._weighted / self._weight_s if self._weight_s > 0 else float(surplus)
            self._begin_window()
            if abs(mean) >= 0.5 * size + 0.5:  # nearer to the next notification than to this
                self._drop(ACC if mean > 0 else GYR, round(abs(mean) / size) * size)
        if abs(surplus) > _MOST_HELD:
            self._drop(ACC if surplus > 0 else GYR, abs(surplus) - _MOST_HELD // 2)
        if module == self._newest:
            self._begin_window(repeated=True)
        self._newest = module

    def _drop(self, module: int, count: int) -> None:
        """Drop the next of the stream that is ahead: their partners were lost."""
        if count > 0:
            self._owed[module] += count * _SAMPLE
            self._settle(module)
            self._jumped = True

    def _settle(self, module: int) -> None:
        """Drop what is owed, as far as it is there."""
        queue = self._queues[module]
        there = min(self._owed[module], len(queue))
        del queue[:there]
        self._owed[module] -= there

    def _begin_window(self, *, repeated: bool = False) -> None:
        self._repeated = repeated
        self._weight_s = self._weighted = 0.0
        self._notifications = 0


class MetaMotionDecoder:
    """Streaming decoder of both channels.

    Parameters
    ----------
    info : SensorInfo
        Its ranges hold until the recording itself tells others.
    """

    time_base: ClassVar[TimeBase] = TimeBase.COUNT

    def __init__(self, info: SensorInfo) -> None:
        acc, gyr = info.acc_range_mps2, info.gyr_range_radps
        self._acc_lsb = acc_lsb_mps2(acc / STANDARD_GRAVITY_MPS2) if acc else None
        self._gyr_lsb = gyr_lsb_radps(gyr / RADPS_PER_DPS) if gyr else None
        self._acc_chip: int | None = None
        self._pairing = Pairing()
        self._last: dict[int, bytes] = {}

    def restart(self) -> None:
        """Forget unpaired samples; the scale stays."""
        self._pairing.restart()
        self._last.clear()

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        pairs = self._read(packet)
        return _decode([pairs]) if pairs else ImuChunk.empty()

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        found = []
        for packet in packets:
            try:
                pairs = self._read(packet)
            except FormatError as error:
                refused(error)
            else:
                if pairs:
                    found.append(pairs)
        return _decode(found) if found else ImuChunk.empty()

    def _read(self, packet: Packet) -> _Pairs | None:
        """Take a packet; return the samples that it completes."""
        data = packet.payload
        if packet.channel == CONFIG:
            self._configure(data)
            return None
        if packet.channel != DATA:
            raise FormatError(f"metamotion has no channel {packet.channel!r}")
        if not is_samples(data, self._acc_chip):
            raise FormatError(
                f"metamotion notification {data[:2].hex()!r} of {len(data)} bytes is no samples"
            )
        module = data[0]
        if self._acc_lsb is None or self._gyr_lsb is None:
            raise FormatError("metamotion samples came before the range that gives their scale")
        last = self._last.get(module)
        if last == data:  # the same notification, handed over twice
            return None
        if last is not None and len(last) != len(data):
            # One of the two is wrong; a surplus of less than a notification would never show.
            self._pairing.restart(jumped=True)
            self._last.clear()
        self._last[module] = data
        samples = data[_HEAD:]
        self._pairing.weigh(module, packet.host_time_ns * 1e-9, len(samples) // _SAMPLE)
        self._pairing.put(module, samples)
        acc, gyr, jumped = self._pairing.take()
        if not acc:
            return None
        return _Pairs(acc, gyr, jumped, packet.host_time_ns, self._acc_lsb, self._gyr_lsb)

    def _configure(self, data: bytes) -> None:
        if len(data) >= 3 and data[0] == ACC and data[1] == INFO:
            self._acc_chip = data[2]
            self.restart()  # a board that tells who it is has been started anew
        elif len(data) >= 4 and data[0] == ACC and data[1] in (SET, READ):
            ranges = ACC_RANGE_G.get(self._acc_chip or 0, {})
            if data[3] not in ranges:
                raise FormatError("metamotion accelerometer tells a range that is not known")
            self._acc_lsb = acc_lsb_mps2(ranges[data[3]])
        elif len(data) >= 4 and data[0] == GYR and data[1] in (SET, READ):
            if data[3] not in GYR_RANGE_DPS:
                raise FormatError("metamotion gyroscope tells a range that is not known")
            self._gyr_lsb = gyr_lsb_radps(GYR_RANGE_DPS[data[3]])
        elif not (len(data) >= 3 and data[0] == GYR and data[1] == INFO):
            raise FormatError(f"metamotion answer {data[:2].hex(' ')!r} is not known")


def _decode(found: list[_Pairs]) -> ImuChunk:
    """Turn joined bytes into samples at once: what numpy costs, it costs by the call."""
    acc, gyr, jumped, host_ns, acc_lsb, gyr_lsb = zip(*found, strict=True)
    count = np.array([len(part) // _SAMPLE for part in acc])
    each = np.repeat(np.arange(count.shape[0]), count)  # the packet of each sample
    raw = [np.frombuffer(b"".join(part), "<i2").reshape(-1, 3) for part in (acc, gyr)]
    clipped = [((r >= _FULL_SCALE) | (r <= -_FULL_SCALE)).any(axis=1) for r in raw]
    quality = np.zeros(each.shape[0], np.uint16)
    quality[clipped[0]] |= np.uint16(Quality.ACC_SATURATED)
    quality[clipped[1]] |= np.uint16(Quality.GYR_SATURATED)
    quality[(np.cumsum(count) - count)[np.array(jumped)]] |= np.uint16(Quality.CLOCK_JUMP)
    return ImuChunk.build(
        np.full(each.shape[0], np.nan),
        raw[0] * np.array(acc_lsb)[each, None],
        raw[1] * np.array(gyr_lsb)[each, None],
        host_time_s=(np.array(host_ns) * 1e-9)[each],
        quality=quality,
    )
