"""An emulated Polar H10 and Polar Verity Sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from lift_monitor.drivers.ble.families import polar as ble
from lift_monitor.drivers.emulated.motion import Motion
from lift_monitor.drivers.emulated.peripheral import (
    Can,
    Characteristic,
    DeviceClock,
    Identity,
    Peripheral,
    RefusedError,
    Sampler,
    Service,
)
from lift_monitor.drivers.formats import pmd
from lift_monitor.drivers.formats.pmd import ACC, GYR, SDK
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

Settings = dict[int, tuple[float, ...]]

BAD_OP, BAD_TYPE, BAD_PARAMETER, IN_STATE, WRONG_STATE = 1, 2, 5, 6, 12
"""Errors of the control point."""
INDICATIONS_OFF = 0xFD
"""ATT error: client characteristic configuration improperly configured."""
_CLOCK_ZERO_NS = 800_000_000_000_000_000
"""The clock counts from 2000; emulated sensors are switched on in 2025."""


@dataclass
class _Stream:
    """A running measurement."""

    settings: Settings
    sampler: Sampler | None = None
    values: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    times: FloatArray = field(default_factory=lambda: np.empty(0))


class PolarH10Peripheral(Peripheral):
    """Whole numbers of mG, 36 samples a notification; measures on when the link is lost."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.SERVICE,
            (
                Characteristic(ble.CONTROL_POINT, Can.READ | Can.WRITE | Can.INDICATE),
                Characteristic(ble.DATA_VALUE, Can.NOTIFY),
            ),
        ),
    )
    has_battery_service: ClassVar[bool] = True
    model: ClassVar[str] = "H10"
    firmware: ClassVar[str] = "3.1.1"
    features: ClassVar[bytes] = bytes.fromhex("0f05")
    samples_a_frame: ClassVar[int] = 36
    offers: ClassVar[dict[int, Settings]] = {
        ACC: {
            pmd.RATE: (25.0, 50.0, 100.0, 200.0),
            pmd.RESOLUTION: (16.0,),
            pmd.RANGE: (2.0, 4.0, 8.0),
        }
    }
    start_error: int = 0
    """What it answers instead of starting, e.g. 13 in its charger."""

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self._running: dict[int, _Stream] = {}

    @property
    def measuring(self) -> bool:
        """Whether it is kept awake."""
        return bool(self._running)

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Tell what can be measured."""
        return self.features

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """React to a request."""
        if ble.CONTROL_POINT not in self.subscribed:
            raise RefusedError(INDICATIONS_OFF)
        op, kind = (data + b"\xff\xff")[:2]
        error, more = self._react(op, kind, data[2:], now_s)
        self.send(ble.CONTROL_POINT, bytes([pmd.REPLY, op, kind, error]) + more)

    def _react(self, op: int, kind: int, rest: bytes, now_s: float) -> tuple[int, bytes]:
        if op not in (pmd.SETTINGS, pmd.START, pmd.STOP):
            return BAD_OP, b""
        offer = self.offer(kind)
        if offer is None:
            return BAD_TYPE, b""
        if op == pmd.SETTINGS:
            return 0, b"\x00" + b"".join(pmd.setting_bytes(k, v) for k, v in offer.items())
        if op == pmd.STOP:
            return (0 if self._running.pop(kind, None) else IN_STATE), b"\x00"
        if self.start_error:
            return self.start_error, b""
        if kind in self._running:
            return IN_STATE, b""
        wanted = pmd.read_reply(bytes([pmd.REPLY, op, kind, 0, 0]) + rest).settings
        if wanted.keys() != offer.keys() or any(
            len(values) != 1 or values[0] not in offer[k] for k, values in wanted.items()
        ):
            return BAD_PARAMETER, b""
        self._running[kind] = _Stream(wanted)
        self._begin(now_s)
        return 0, self.start_answer(kind, wanted)

    def offer(self, kind: int) -> Settings | None:
        """What a measurement can be set to now; ``None`` if there is no such measurement."""
        return self.offers.get(kind)

    def start_answer(self, kind: int, settings: Settings) -> bytes:
        """What follows the error byte in the reply to a start."""
        return b"\x00\x01"

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Samples that nobody listened to are gone."""
        if uuid == ble.DATA_VALUE:
            self.on_disconnect(now_s)
            self._begin(now_s)

    def on_disconnect(self, now_s: float) -> None:
        """Nothing is sent; the measurement itself goes on."""
        self._running = {kind: _Stream(s.settings) for kind, s in self._running.items()}

    def _begin(self, now_s: float) -> None:
        for stream in self._running.values():
            if stream.sampler is None and ble.DATA_VALUE in self.subscribed:
                rate_hz = stream.settings[pmd.RATE][0]
                stream.sampler = Sampler(self.motion, self.clock, rate_hz, now_s)

    def stream(self, now_s: float) -> None:
        """Queue whole frames, those that end first before the others."""
        ready: list[tuple[int, int, bytes]] = []
        for kind, stream in self._running.items():
            if stream.sampler is None:
                continue
            taken = stream.sampler.take(now_s)
            values = taken.acc_mps2 if kind == ACC else taken.gyr_radps
            stream.values = np.concatenate([stream.values, values])
            stream.times = np.concatenate([stream.times, taken.clock_s])
            n = self.samples_a_frame
            while stream.times.shape[0] >= n:
                last_ns = _CLOCK_ZERO_NS + round(float(stream.times[n - 1]) * 1e9)
                payload = self.frame(kind, stream.settings, last_ns, stream.values[:n])
                ready.append((last_ns, kind, payload))
                stream.values, stream.times = stream.values[n:], stream.times[n:]
        for _, _, payload in sorted(ready):
            self.send(ble.DATA_VALUE, payload)

    def frame(self, kind: int, settings: Settings, last_ns: int, values: FloatArray) -> bytes:
        """Make a data frame."""
        return pmd.encode_raw(kind, last_ns, _milli_g(values, settings), 2)


class PolarVerityPeripheral(PolarH10Peripheral):
    """Compressed frames of two streams; SDK mode for the higher rates."""

    model: ClassVar[str] = "Verity Sense"
    firmware: ClassVar[str] = "1.1.5"
    features: ClassVar[bytes] = bytes.fromhex("0f6e02")
    samples_a_frame: ClassVar[int] = 24
    sends_factor: ClassVar[bool] = True
    """Whether it tells a scale and sends counts, or sends mG and floats."""
    has_sdk_mode: ClassVar[bool] = True
    offers: ClassVar[dict[int, Settings]] = {
        kind: {pmd.RATE: (52.0,), pmd.RESOLUTION: (16.0,), pmd.RANGE: (full,), pmd.CHANNELS: (3.0,)}
        for kind, full in ((ACC, 8.0), (GYR, 2000.0))
    }
    sdk_rates_hz: ClassVar[tuple[float, ...]] = (26.0, 52.0, 104.0, 208.0, 416.0)
    sdk_ranges: ClassVar[dict[int, tuple[float, ...]]] = {
        ACC: (2.0, 4.0, 8.0, 16.0),
        GYR: (250.0, 500.0, 1000.0, 2000.0),
    }

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self.in_sdk_mode = False

    def _react(self, op: int, kind: int, rest: bytes, now_s: float) -> tuple[int, bytes]:
        if kind != SDK or not self.has_sdk_mode or op == pmd.SETTINGS:
            return super()._react(op, kind, rest, now_s)
        if self.measuring:
            return WRONG_STATE, b""
        if self.in_sdk_mode == (op == pmd.START):
            return IN_STATE, b""
        self.in_sdk_mode = op == pmd.START
        return 0, b"\x00"

    def offer(self, kind: int) -> Settings | None:
        """More rates and ranges in SDK mode."""
        offer = super().offer(kind)
        if offer is None or not self.in_sdk_mode:
            return offer
        return {**offer, pmd.RATE: self.sdk_rates_hz, pmd.RANGE: self.sdk_ranges[kind]}

    def start_answer(self, kind: int, settings: Settings) -> bytes:
        """Tell the scale, as older firmware does."""
        if not self.sends_factor:
            return b"\x00"
        return b"\x00" + pmd.setting_bytes(pmd.FACTOR, (_factor(settings),))

    def frame(self, kind: int, settings: Settings, last_ns: int, values: FloatArray) -> bytes:
        """Make a data frame."""
        if self.sends_factor:
            unit = STANDARD_GRAVITY_MPS2 if kind == ACC else RADPS_PER_DPS
            counts = np.rint(values / (unit * _factor(settings)))
            whole = np.clip(counts, -32768, 32767).astype(np.int64)
            return pmd.encode_compressed(kind, last_ns, 0, whole, 16)
        if kind == ACC:
            return pmd.encode_compressed(kind, last_ns, 1, _milli_g(values, settings), 16)
        full = settings[pmd.RANGE][0]
        dps = np.clip(values / RADPS_PER_DPS, -full, full).astype(np.float32)
        return pmd.encode_compressed(kind, last_ns, 1, dps.view(np.int32).astype(np.int64), 32)


class PolarVerityNewPeripheral(PolarVerityPeripheral):
    """Newer firmware: no scale, compressed mG and floats."""

    firmware: ClassVar[str] = "2.1.0"
    samples_a_frame: ClassVar[int] = 16
    sends_factor: ClassVar[bool] = False


def _factor(settings: Settings) -> float:
    """G or deg/s a count: the range over the 15 bits of a count, as float32 holds it."""
    return float(np.float32(settings[pmd.RANGE][0] / 32767.0))


def _milli_g(values: FloatArray, settings: Settings) -> pmd.Integers:
    full = settings[pmd.RANGE][0] * 1000.0
    return np.clip(np.rint(values / pmd.MILLI_G_MPS2), -full, full).astype(np.int64)
