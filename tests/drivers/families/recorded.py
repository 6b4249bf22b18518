"""A whole session with an emulated sensor over a link in memory, for tests of families."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import pytest
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.family import Emit, FamilyDriver, Setup, Wish
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.peripheral import Peripheral
from lift_monitor.drivers.formats import Decoder, FormatError, make_decoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo

FIRST_HOST_NS = 1_000_000_000


@dataclass
class Session:
    """What a session left behind."""

    format: str
    setup: Setup
    packets: list[Packet] = field(default_factory=list)
    battery_pct: float | None = None
    blinked: bool = False

    @property
    def info(self) -> SensorInfo:
        """The facts that a recording would keep."""
        return SensorInfo(
            "s",
            Role.BAR,
            self.format,
            nominal_rate_hz=self.setup.rate_hz,
            acc_range_mps2=self.setup.acc_range_mps2,
            gyr_range_radps=self.setup.gyr_range_radps,
        )

    def data(self, channel: str = "data") -> list[Packet]:
        """The packets of one channel."""
        return [packet for packet in self.packets if packet.channel == channel]

    def decode(self, packets: Sequence[Packet] | None = None) -> ImuChunk:
        """Decode all packets, or those given."""
        decoder = make_decoder(self.info)
        return decode(decoder, self.packets if packets is None else packets)


def decode(decoder: Decoder, packets: Sequence[Packet]) -> ImuChunk:
    """Decode packets that must all be good."""
    return ImuChunk.concatenate([decoder.feed(packet) for packet in packets])


def session(
    peripheral: Peripheral,
    wish: Wish = Wish(),  # noqa: B008 - frozen
    seconds: float = 10.0,
    step_s: float = 0.01,
) -> Session:
    """Configure, start, run, stop; then ask for the battery and blink.

    Checks on the way what holds for every family: nothing before the start, nothing after
    the stop.
    """
    family = family_of(peripheral.advertisement)
    assert family is not None
    link = DirectLink(peripheral)
    result = Session(family.format, Setup())

    def emit(channel: str, value: bytes) -> None:
        host_ns = FIRST_HOST_NS + round(link.now_s * 1e9)
        result.packets.append(Packet("s", channel, host_ns, value))

    async def run() -> None:
        driver = family.driver(link, wish, emit)
        result.setup = await driver.configure()
        before = len(result.packets)
        link.run(0.5)
        assert len(result.packets) == before, "a sensor that was not started sent"
        await driver.start()
        link.run(seconds, step_s)
        await driver.stop()
        after = len(result.packets)
        link.run(1.0)
        assert len(result.packets) == after, "a stopped sensor sent"
        result.battery_pct = await driver.battery_pct()
        result.blinked = await driver.blink()

    asyncio.run(run())
    return result


def fails(
    peripheral: Peripheral,
    monkeypatch: pytest.MonkeyPatch,
    wish: Wish = Wish(),  # noqa: B008
) -> str:
    """Set up and start a sensor that must refuse; return the sentence."""
    from lift_monitor.drivers.ble.family import Answers
    from lift_monitor.drivers.ble.link import LinkError

    monkeypatch.setattr(Answers, "wait_s", 0.01)
    family = family_of(peripheral.advertisement)
    assert family is not None

    def ignore(_channel: str, _value: bytes) -> None:
        pass

    emit: Emit = ignore
    driver: FamilyDriver = family.driver(DirectLink(peripheral), wish, emit)

    async def run() -> None:
        await driver.configure()
        await driver.start()

    with pytest.raises(LinkError) as caught:
        asyncio.run(run())
    sentence = str(caught.value)
    assert sentence.endswith("."), sentence
    assert peripheral.identity.name in sentence
    return sentence


def feed_anything(decoder: Decoder, packets: Sequence[Packet]) -> int:
    """Feed bytes that may be bad; count the refusals, allow no other error."""
    refusals = []
    for packet in packets:
        try:
            assert len(decoder.feed(packet)) <= 5000
        except FormatError as error:
            refusals.append(str(error))
    assert all(text and not text.endswith(".") for text in refusals)
    return len(refusals)


def assert_alike(info: SensorInfo, packets: Sequence[Packet], cut: int) -> None:
    """Packets decoded together, in two parts, are those decoded one by one; so are refusals."""
    alone, together = make_decoder(info), make_decoder(info)
    refused: list[FormatError] = []
    told: list[FormatError] = []
    chunks = []
    for packet in packets:
        try:
            chunks.append(alone.feed(packet))
        except FormatError as error:
            refused.append(error)
    parts = [together.feed_all(part, told.append) for part in (packets[:cut], packets[cut:])]
    one, other = ImuChunk.concatenate(chunks), ImuChunk.concatenate(parts)
    for column in fields(ImuChunk):
        np.testing.assert_array_equal(getattr(one, column.name), getattr(other, column.name))
    assert [str(error) for error in refused] == [str(error) for error in told]


def held(decoder: object) -> int:
    """Count the numbers and bytes that a decoder keeps, however deep."""
    if isinstance(decoder, np.ndarray):
        return int(decoder.size)
    if isinstance(decoder, bytes | bytearray | str):
        return len(decoder)
    if isinstance(decoder, dict):
        return sum(held(value) for value in decoder.values())
    if isinstance(decoder, SensorInfo):
        return 0
    if isinstance(decoder, list | tuple | set | deque):
        return sum(held(value) for value in decoder)
    if hasattr(decoder, "__dict__"):
        return sum(held(value) for value in vars(decoder).values())
    return 1


@st.composite
def hostile(draw: st.DrawFn, good: Sequence[Packet], channels: Sequence[str]) -> list[Packet]:
    """Random bytes, and good packets cut, lengthened, changed, doubled or swapped."""
    packets: list[Packet] = []
    for _ in range(draw(st.integers(1, 12))):
        packet = draw(st.sampled_from(good))
        kind = draw(st.integers(0, 6))
        if kind == 0:
            payload = draw(st.binary(max_size=300))
            channel = draw(st.sampled_from([*channels, "no such channel"]))
            packet = Packet("s", channel, packet.host_time_ns, payload)
        elif kind == 1:
            payload = packet.payload[: draw(st.integers(0, len(packet.payload)))]
            packet = Packet("s", packet.channel, packet.host_time_ns, payload)
        elif kind == 2:
            payload = packet.payload + draw(st.binary(max_size=30))
            packet = Packet("s", packet.channel, packet.host_time_ns, payload)
        elif kind in (3, 4):
            changed = bytearray(packet.payload)
            for _ in range(draw(st.integers(1, 4))):
                changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
            packet = Packet("s", packet.channel, packet.host_time_ns, bytes(changed))
        elif kind == 5:
            packets.append(packet)
        packets.append(packet)
    return packets
