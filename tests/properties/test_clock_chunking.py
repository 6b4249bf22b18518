"""However arrivals are cut into chunks, sample times are the same to the last bit."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.clocks import Link, received, send
from lift_monitor.drivers.clock import SessionClock
from lift_monitor.drivers.formats import TimeBase
from lift_monitor.samples import ImuChunk, Quality
from tests.signal.streams import pieces

BASES = (TimeBase.SENSOR, TimeBase.COUNT)


@st.composite
def arrivals(draw: st.DrawFn, base: TimeBase) -> ImuChunk:
    """A stream with everything that links and clocks do to it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    link = Link(
        rate_hz=draw(st.sampled_from([12.5, 50.0, 100.0, 200.0])),
        samples_per_packet=draw(st.sampled_from([1, 3, 8, 20])),
        drift=draw(st.sampled_from([0.0, 0.01, -0.01, 0.1])),
        interval_s=draw(st.sampled_from([0.0075, 0.05])),
        burst=draw(st.sampled_from([1, 8])),
        per_event=draw(st.sampled_from([None, 20])),
        loss=draw(st.sampled_from([0.0, 0.05, 0.6])),
        stalls_per_min=draw(st.sampled_from([0.0, 20.0])),
        seconds=draw(st.floats(4.0, 20.0)),
    )
    chunk = received(send(link, int(rng.integers(1000))), base)
    tick_s, host_s = chunk.sensor_time_s.copy(), chunk.host_time_s.copy()
    n = len(chunk)
    for jump_s in draw(st.lists(st.sampled_from([-500.0, -1.5, -0.3, 0.2, 3.0, 1e4]), max_size=3)):
        tick_s[int(rng.integers(n + 1)) :] += jump_s
    for far_s in draw(st.lists(st.sampled_from([-500.0, -2.0, 0.5, 1e5]), max_size=4)):
        begin = int(rng.integers(n + 1))
        tick_s[begin : begin + int(rng.integers(1, 9))] += far_s
    for hole_s in draw(st.lists(st.sampled_from([0.3, 2.0, 40.0]), max_size=2)):
        begin = int(rng.integers(n + 1))
        host_s[begin:] += hole_s
        if draw(st.booleans()):  # or else the sensor's clock stood still
            tick_s[begin:] += hole_s
    if n and draw(st.booleans()):
        again = np.sort(np.concatenate([np.arange(n), rng.integers(0, n, 20)]))
        tick_s, host_s = tick_s[again], host_s[again]
        near = int(rng.integers(1, tick_s.shape[0]))
        tick_s[[near - 1, near]] = tick_s[[near, near - 1]]
    values = np.zeros((tick_s.shape[0], 3))
    return ImuChunk.build(tick_s, values, values, sensor_time_s=tick_s, host_time_s=host_s)


def whole_packets(chunk: ImuChunk) -> list[int]:
    """Places between packets."""
    return (np.flatnonzero(np.diff(chunk.host_time_s)) + 1).tolist()


def walk(
    base: TimeBase, parts: list[ImuChunk], nominal: float | None, up_s: list[float]
) -> ImuChunk:
    clock = SessionClock(base, nominal)
    pending = sorted(up_s)
    out = []
    for part in parts:
        while pending and len(part) and part.host_time_s[-1] >= pending[0]:
            clock.reconnected(pending.pop(0))
        out.append(clock.to_session(part))
    return ImuChunk.concatenate([*out, clock.finish()])


@settings(max_examples=150, deadline=None)
@given(data=st.data(), base=st.sampled_from(BASES))
def test_any_cutting_gives_the_same_times(data: st.DataObject, base: TimeBase) -> None:
    chunk = data.draw(arrivals(base))
    nominal = data.draw(st.sampled_from([None, 100.0]))
    ups = data.draw(st.lists(st.floats(0.0, 20.0), max_size=2)) if base == TimeBase.COUNT else []
    between = whole_packets(chunk)
    one = walk(base, [chunk], nominal, ups)
    assert len(one) == len(chunk)
    np.testing.assert_array_equal(one.host_time_s, chunk.host_time_s)
    assert np.isfinite(one.time_s).all()
    cuts = data.draw(
        st.one_of(st.just(between), st.lists(st.sampled_from([0, *between]), max_size=30))
    )
    many = walk(base, pieces(chunk, sorted(cuts)), nominal, ups)
    np.testing.assert_array_equal(many.time_s, one.time_s)
    np.testing.assert_array_equal(many.quality, one.quality)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), base=st.sampled_from(BASES), share=st.floats(0.0, 1.0))
def test_what_was_mapped_does_not_depend_on_what_comes(
    data: st.DataObject, base: TimeBase, share: float
) -> None:
    chunk = data.draw(arrivals(base))
    early = pieces(chunk, [int(share * len(chunk))])[0]
    clock = SessionClock(base, None)
    told = clock.to_session(early)
    whole = walk(base, [chunk], None, [])
    np.testing.assert_array_equal(told.time_s, whole.time_s[: len(told)])


@settings(max_examples=80, deadline=None)
@given(data=st.data(), base=st.sampled_from(BASES))
def test_time_goes_on_where_samples_are_newer(data: st.DataObject, base: TimeBase) -> None:
    chunk = data.draw(arrivals(base))
    out = walk(base, [chunk], 100.0, [])
    if base == TimeBase.COUNT:
        assert np.all(np.diff(out.time_s) > 0)
        return
    jumped = np.flatnonzero(out.quality & Quality.CLOCK_JUMP).tolist()
    for begin, end in itertools.pairwise([0, *jumped, len(out)]):
        ticks_s = out.sensor_time_s[begin:end]  # of one clock
        newest_s = np.maximum.accumulate(np.concatenate([[-np.inf], ticks_s[:-1]]))
        newer = ticks_s > newest_s + 1e-9
        assert np.all(np.diff(out.time_s[begin:end][newer]) > 0)
