"""Good notifications of every format for the fuzz loop, and what each format promises."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.metamotion import MetaMotionRPeripheral
from lift_monitor.drivers.emulated.families.polar import PolarVerityNewPeripheral
from lift_monitor.drivers.emulated.fleet import example
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import Peripheral
from lift_monitor.drivers.formats import (
    float_rows,
    movella_dot,
    movesense,
    open_imu,
    pmd,
    polar_pmd,
    witmotion,
)
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import Role, SensorInfo

SECONDS: Final = 12.0
LONGEST_VALUE: Final = 512
"""The most that a GATT value can hold (Bluetooth Core, vol. 3 F 3.2.9)."""
_PMD_SAMPLES = 5200
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Case:
    """A format under attack, with what its documentation promises.

    Attributes
    ----------
    key : str
        The family; a format without one has its own name.
    info : SensorInfo
    answers, good : tuple of Packet
        What a session begins with, and its data.
    seeds : tuple of Packet
        Good notifications of other models and modes of the same format.
    most_samples : int
        Samples that one notification may complete.
    most_bytes : int
        Bytes that the decoder may keep.
    recovers_after : int
        Good notifications after which everything is as if there had been no others.
    wrap_s : float
        Stretch after which the sensor's clock begins anew; 0 if it never does.
    control : tuple of str
        Channels of the answers.
    """

    key: str
    info: SensorInfo
    answers: tuple[Packet, ...]
    good: tuple[Packet, ...]
    seeds: tuple[Packet, ...]
    most_samples: int
    most_bytes: int
    recovers_after: int
    wrap_s: float = 0.0
    control: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that packets of it come on, and one that there is not."""
        known = {p.channel for p in (*self.answers, *self.good, *self.seeds)}
        return (*sorted(known), "no such channel")


def session(peripheral: Peripheral, seconds: float = SECONDS) -> tuple[str, Setup, list[Packet]]:
    """Speak with an emulated sensor for a while; return format, setup and packets."""
    family = family_of(peripheral.advertisement)
    assert family is not None
    link = DirectLink(peripheral)
    packets: list[Packet] = []

    def emit(channel: str, value: bytes) -> None:
        packets.append(Packet("s", channel, round(link.now_s * 1e9), value))

    async def run() -> Setup:
        driver = family.driver(link, Wish(), emit)
        setup = await driver.configure()
        await driver.start()
        link.run(seconds)
        await driver.stop()
        return setup

    setup = asyncio.run(run())
    return family.format, setup, packets


def _case(
    key: str,
    most_samples: int,
    most_bytes: int,
    recovers_after: int,
    *,
    wrap_s: float = 0.0,
    seeds: tuple[Packet, ...] = (),
) -> Case:
    name, setup, packets = session(example(key).build())
    info = SensorInfo(
        "s",
        Role.BAR,
        name,
        nominal_rate_hz=setup.rate_hz,
        acc_range_mps2=setup.acc_range_mps2,
        gyr_range_radps=setup.gyr_range_radps,
    )
    family = family_of(example(key).build().advertisement)
    control = family.control_channels if family else ()
    answers = tuple(p for p in packets if p.channel in control)
    good = tuple(p for p in packets if p.channel not in control)
    return Case(
        key,
        info,
        answers,
        good,
        seeds,
        most_samples,
        most_bytes,
        recovers_after,
        wrap_s,
        control,
    )


def _other(model: type[Peripheral], key: str) -> tuple[Packet, ...]:
    """Packets of another model of a family."""
    identity = example(key).build().identity
    return tuple(session(model(identity, CountingMotion(100.0)), 2.0)[2])


def value(channel: str, payload: bytes) -> Packet:
    """Make a packet whose time does not matter."""
    return Packet("s", channel, 0, payload)


def _dot_seeds() -> tuple[Packet, ...]:
    acc, gyr = np.array([1.0, -2.0, 9.0]), np.array([0.5, 0.1, -3.0])
    return tuple(
        value(movella_dot.channel(mode), movella_dot.encode(mode, 1000 * k, acc, gyr, 60.0, k))
        for mode in movella_dot.LAYOUTS
        for k in range(8)
    )


def _open_imu_seeds() -> tuple[Packet, ...]:
    rows = np.arange(120.0).reshape(40, 3)
    return tuple(
        value(open_imu.CHANNEL, open_imu.encode(n, 1000 * n, dt_us, rows[:n], rows[:n], 0.01, 0.1))
        for n in (0, 1, 2, 40)
        for dt_us in (0, 1, 10_000, 1_000_000, 0xFFFF_FFFF)
    )


def _witmotion_seeds() -> tuple[Packet, ...]:
    frames = [witmotion.encode(np.full(3, 0.1 * k), np.full(3, 0.2 * k)) for k in range(40)]
    clock = bytes(range(8))
    return tuple(
        value(witmotion.CHANNEL, data)
        for data in (
            witmotion.encode_reply(0x64, range(8)),
            *(b"".join(frames[k : k + n]) for k, n in ((0, 2), (2, 5), (7, 12), (10, 25))),
            *(frame[:7] for frame in frames[30:34]),
            *(frame[7:] for frame in frames[30:34]),
            *(frame + clock for frame in frames[34:38]),
            b"".join(frame + clock for frame in frames[:9]),
            *(frames[k][11:] + frames[k + 1] + frames[k + 2][:11] for k in range(6)),
        )
    )


def _pmd_seeds() -> tuple[Packet, ...]:
    rng = np.random.default_rng(3)
    found = []
    for k in range(6):
        last_ns = (800_000_000 + k) * 1_000_000_000
        small = rng.integers(-120, 120, (20, 3))
        wide = rng.integers(-(1 << 31), (1 << 31) - 1, (9, 3))
        found += [pmd.encode_raw(pmd.ACC, last_ns, small, size) for size in (1, 2, 3)]
        found += [pmd.encode_compressed(pmd.GYR, last_ns, 0, small, 16)]
        found += [pmd.encode_compressed(pmd.GYR, last_ns, 1, wide, 32)]
        # The most that a frame may hold: differences of no bits at all.
        still = pmd.encode_compressed(pmd.ACC, last_ns, 1, small[:1], 16)
        found += [still + bytes([0, 255]) * 4, still + bytes([0, 0]) * 90]
    replies = [
        bytes([pmd.REPLY, pmd.START, kind, 0, 0]) + pmd.setting_bytes(pmd.FACTOR, (factor,))
        for kind in (pmd.ACC, pmd.GYR)
        for factor in (0.000244, 0.0, -1.0, float("nan"), float("inf"), 1e-45, 3e38)
    ]
    return (
        *(value(polar_pmd.DATA, data) for data in found),
        *(value(polar_pmd.CONTROL, data) for data in replies),
    )


def _movesense_seeds() -> tuple[Packet, ...]:
    rows = np.arange(48.0).reshape(16, 3)
    messages = [
        movesense.encode(99, 77 * k, rows[:n], rows[:n], rows[:n] if nine else None)
        for k, n in enumerate((1, 2, 4, 8, 16))
        for nine in (False, True)
    ]
    return tuple(
        value(channel, part)
        for message in messages
        for channel in (movesense.IMU6, movesense.IMU9)
        for part in message
    )


def _float_rows() -> Case:
    time_s = np.arange(0.0, SECONDS, 0.01)
    value = np.column_stack([np.sin(time_s * k) for k in range(1, 7)])
    rows = np.column_stack([time_s, value])
    packets = []
    for begin in range(0, rows.shape[0], 10):
        part = rows[begin : begin + 10]
        host_ns = round(float(part[-1, 0]) * 1e9)
        for channel, columns in ((float_rows.ACC, [0, 1, 2, 3]), (float_rows.GYR, [0, 4, 5, 6])):
            payload = float_rows.encode(part[:, columns])
            packets.append(Packet("s", channel, host_ns, payload))
    seeds = tuple(
        Packet("s", float_rows.IMU, 0, float_rows.encode(rows[k : k + 5])) for k in range(0, 50, 5)
    )
    return Case(
        key=float_rows.NAME,
        info=SensorInfo("s", Role.BAR, float_rows.NAME),
        answers=(),
        good=tuple(packets),
        seeds=seeds,
        most_samples=65_600,
        most_bytes=5_000_000,
        recovers_after=4,
    )


CASES: Final[dict[str, Callable[[], Case]]] = {
    "open-imu": lambda: _case(
        "open-imu", 255, 2_000, 0, wrap_s=2**32 * 1e-6, seeds=_open_imu_seeds()
    ),
    "metamotion": lambda: _case(
        "metamotion", 3, 16_000, 200, seeds=_other(MetaMotionRPeripheral, "metamotion")
    ),
    "movella-dot": lambda: _case(
        "movella-dot", 1, 2_000, 0, wrap_s=2**32 * 1e-6, seeds=_dot_seeds()
    ),
    "movesense": lambda: _case(
        "movesense", 384, 10_000, 20, wrap_s=2**32 * 1e-3, seeds=_movesense_seeds()
    ),
    "polar-h10": lambda: _case("polar-h10", _PMD_SAMPLES, _MIB, 18, seeds=_pmd_seeds()),
    "polar-verity": lambda: _case(
        "polar-verity",
        _PMD_SAMPLES,
        _MIB,
        30,
        seeds=(*_pmd_seeds(), *_other(PolarVerityNewPeripheral, "polar-verity")),
    ),
    "thingy52": lambda: _case("thingy52", 1, 1_000, 0),
    "witmotion": lambda: _case(
        "witmotion",
        LONGEST_VALUE // witmotion.FRAME_BYTES + 2,
        2_000,
        2,
        seeds=_witmotion_seeds(),
    ),
    float_rows.NAME: _float_rows,
}
"""Makers of the cases, by family."""


@cache
def case_of(key: str) -> Case:
    """Make a case once."""
    return CASES[key]()
