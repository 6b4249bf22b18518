"""MetaMotion: two streams without time stay joined, whatever is lost or torn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import metamotion as codec
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality
from tests.drivers.families.metamotion_board import (
    ACC_LSB,
    GYR_LSB,
    RUN,
    assert_counts,
    board,
    info,
    packet,
)
from tests.drivers.families.recorded import (
    assert_alike,
    decode,
    feed_anything,
    held,
    session,
)
from tests.drivers.families.recorded import hostile as hostile_packets


def test_a_notification_handed_over_twice_counts_once() -> None:
    doubled = [p for packet_ in RUN.packets for p in (packet_, packet_)]
    assert_counts(RUN.decode(doubled), 100.0)


@pytest.mark.parametrize("module", [codec.ACC, codec.GYR], ids=["acc", "gyr"])
@pytest.mark.parametrize("step_s", [0.01, 0.03, 0.05, 0.2])
@pytest.mark.parametrize("skip", [30, 31, 60])
def test_a_loss_never_shifts_one_stream_against_the_other_for_good(
    module: int, step_s: float, skip: int
) -> None:
    run = session(board(), seconds=6.0, step_s=step_s)
    own = [p for p in run.data() if p.payload[0] == module]
    chunk = run.decode([p for p in run.packets if p is not own[skip]])
    (jump,) = np.flatnonzero(chunk.quality & Quality.CLOCK_JUMP).tolist()
    assert jump - 3 * skip < 20 + 100 * step_s  # a short window and a burst later
    after = len(chunk) - jump
    assert_counts(chunk[: 3 * skip], 100.0)
    assert_counts(chunk[jump:], 100.0, 600 - after)
    assert len(chunk) == 597


def test_many_losses_of_both_streams_end_aligned() -> None:
    rng = np.random.default_rng(4)
    run = session(board(), seconds=20.0)
    lost = rng.random(len(run.packets)) < 0.05
    lost[:4] = lost[-100:] = False
    chunk = run.decode([p for p, gone in zip(run.packets, lost, strict=True) if not gone])
    assert_counts(chunk[-60:], 100.0, 1941)


def test_a_stream_that_wakes_later_is_joined_to_the_newest_of_the_other() -> None:
    late = [p for p in RUN.data() if not (p.payload[0] == codec.GYR and p.host_time_ns < 2.1e9)]
    config = RUN.data(codec.CONFIG)
    chunk = RUN.decode([*config, *late])
    count = len(chunk)
    assert 300 < count < 360
    assert_counts(chunk, 100.0, 399 - count)
    assert not chunk.quality.any()


@pytest.mark.parametrize("module", [codec.ACC, codec.GYR], ids=["acc", "gyr"])
@pytest.mark.parametrize("arrival", ["even", "at once"])
def test_a_silent_stream_gives_no_samples_and_takes_no_room(module: int, arrival: str) -> None:
    decoder = make_decoder(info())
    rng = np.random.default_rng(0)
    other = codec.ACC + codec.GYR - module
    decoder.feed(packet(codec.encode(other, 5, np.ones((3, 3)), 0.01)))
    decoder.feed(packet(codec.encode(module, 5, np.ones((3, 3)), 0.01)))
    size = 0
    for number in range(2000):
        host_s = number * 0.03 if arrival == "even" else 1.0
        values = rng.normal(size=(3, 3))
        assert len(decoder.feed(packet(codec.encode(module, 5, values, 0.01), host_s))) == 0
        size = max(size, held(decoder))
    assert size < 6 * 650


def test_single_samples_are_read_too() -> None:
    decoder = make_decoder(info())
    rows = np.arange(30.0).reshape(10, 3)
    chunks = []
    for k in range(10):
        decoder.feed(packet(codec.encode(codec.ACC, 4, rows[k : k + 1], ACC_LSB), k * 0.01))
        one = codec.encode(codec.GYR, 4, 0.01 * rows[k : k + 1], GYR_LSB)
        chunks.append(decoder.feed(packet(one, k * 0.01)))
    chunk = ImuChunk.concatenate(chunks)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, rows, atol=ACC_LSB)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, 0.01 * rows, atol=GYR_LSB)


def test_a_torn_notification_never_shifts_the_streams() -> None:
    torn = RUN.data()[40].payload[:8]  # as long as one of a single sample
    decoder = make_decoder(RUN.info)
    decode(decoder, RUN.data(codec.CONFIG))
    with pytest.raises(FormatError, match="no samples"):
        decoder.feed(packet(torn))


def test_a_new_link_forgets_what_was_unpaired() -> None:
    decoder = make_decoder(info())
    good = RUN.data()
    decode(decoder, good[:11])  # ends with an acceleration that has no partner yet
    decoder.restart()
    chunk = decode(decoder, good[40:60])
    assert_counts(chunk, 100.0, 60)


@settings(max_examples=150, deadline=None)
@given(packets=hostile_packets(RUN.packets[:60], [codec.DATA, codec.CONFIG]))
def test_no_bytes_do_more_than_be_refused(packets: list[Packet]) -> None:
    decoder = make_decoder(RUN.info)
    feed_anything(decoder, packets)
    assert held(decoder) < 4000
    later = [replace(p, host_time_ns=p.host_time_ns + 60_000_000_000) for p in RUN.packets]
    chunk = decode(decoder, later)
    # The last two seconds are whole again, whatever came before.
    assert_counts(chunk[-150:], 100.0, 249)


@settings(max_examples=60, deadline=None)
@given(
    packets=hostile_packets(RUN.packets[:60], [codec.DATA, codec.CONFIG]), cut=st.integers(0, 12)
)
def test_hostile_packets_together_are_those_alone(packets: list[Packet], cut: int) -> None:
    assert_alike(RUN.info, packets, cut)
