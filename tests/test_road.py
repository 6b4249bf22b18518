"""Decoding packets together gives what decoding them one by one gives."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.formats import float_rows, open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, Role, SensorInfo


@st.composite
def open_packets(draw: st.DrawFn) -> list[Packet]:
    """Packets of changing length and scale, some at full scale, some of them damaged."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    packets = []
    first_us = draw(st.sampled_from([0, 2**32 - 50_000]))  # the clock wraps on the way
    for number in range(draw(st.integers(0, 12))):
        n = int(rng.integers(0, 9))
        scale = float(rng.choice([0.001, 0.01]))
        acc, gyr = rng.normal(0, 20, (n, 3)), rng.normal(0, 20, (n, 3))
        payload = open_imu.encode(number, first_us, 10_000, acc, gyr, scale, 0.001)
        first_us += 10_000 * n
        damage = rng.random()
        if damage < 0.1:
            payload = payload[: int(rng.integers(len(payload)))]
        elif damage < 0.2:
            payload = b"\x09" + payload[1:]
        packets.append(Packet("s", open_imu.CHANNEL, number * 40_000_000, payload))
    return packets


def one_by_one(stream: SensorStream, packets: list[Packet]) -> ImuChunk:
    return ImuChunk.concatenate([stream.decode(packet) for packet in packets])


def assert_same(one: ImuChunk, other: ImuChunk) -> None:
    for column in fields(ImuChunk):
        np.testing.assert_array_equal(getattr(one, column.name), getattr(other, column.name))


@settings(max_examples=60, deadline=None)
@given(packets=open_packets(), cut=st.integers(0, 12))
def test_packets_decoded_together_are_those_decoded_alone(packets: list[Packet], cut: int) -> None:
    alone, together = (SensorStream(SensorInfo("s", Role.BAR, open_imu.NAME)) for _ in range(2))
    parts = together.decode_all(packets[:cut]) + together.decode_all(packets[cut:])
    assert_same(one_by_one(alone, packets), ImuChunk.concatenate(parts))
    assert alone.unreadable == together.unreadable


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_bad_packet_among_rows_is_counted_and_left_out(bad: int) -> None:
    rows = np.arange(42.0).reshape(6, 7)
    payloads = [float_rows.encode(rows[k : k + 2]) for k in (0, 2, 4)]
    payloads[bad] = payloads[bad][:-1]
    packets = [Packet("s", "imu", k, payload) for k, payload in enumerate(payloads)]
    alone, together = (SensorStream(SensorInfo("s", Role.BAR, float_rows.NAME)) for _ in range(2))
    assert_same(one_by_one(alone, packets), ImuChunk.concatenate(together.decode_all(packets)))
    assert together.unreadable == alone.unreadable
    assert together.unreadable.count == 1
