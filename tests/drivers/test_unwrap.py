"""Counters unwrapped together against counters unwrapped one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_monitor.drivers.formats.unwrap import Unwrapper

TICKS_PER_S = 1_000_000
STEP_NS = 40_000_000


def stream(steps: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Counter and arrival of packets from (extra ticks, extra nanoseconds) a packet."""
    ticks = host_ns = 0
    told, arrived = [], []
    for extra_ticks, extra_ns in steps:
        ticks += STEP_NS // 1000 + extra_ticks
        host_ns += STEP_NS + extra_ns
        told.append(ticks % (1 << 32))
        arrived.append(host_ns)
    return told, arrived


EXTRA_TICKS = st.one_of(
    st.integers(-50_000, 50_000), st.integers(0, 1 << 33), st.integers(-30_000_000, 30_000_000)
)
EXTRA_NS = st.one_of(st.integers(-40_000_000, 40_000_000), st.integers(0, 10**14))


@given(
    st.lists(st.tuples(EXTRA_TICKS, EXTRA_NS), max_size=30),
    st.lists(st.integers(1, 10), min_size=1),
)
def test_together_is_as_one_by_one(steps: list[tuple[int, int]], cuts: list[int]) -> None:
    ticks, host_ns = stream(steps)
    alone = Unwrapper(32, TICKS_PER_S)
    expected = [alone.unwrap(t, h) for t, h in zip(ticks, host_ns, strict=True)]
    together = Unwrapper(32, TICKS_PER_S)
    found: list[int] = []
    while len(found) < len(ticks):
        part = slice(len(found), len(found) + cuts[len(found) % len(cuts)])
        found += together.unwrap_all(np.array(ticks[part]), np.array(host_ns[part])).tolist()
    assert found == expected


@pytest.mark.parametrize("stray_at", [0, 1, 5, 9])
def test_a_stray_among_many_moves_nothing(stray_at: int) -> None:
    ticks, host_ns = stream([(0, 0)] * 10)
    ticks[stray_at] += 1 << 30
    clock = Unwrapper(32, TICKS_PER_S)
    clock.unwrap(0, 0)
    found = clock.unwrap_all(np.array(ticks), np.array(host_ns)).tolist()
    assert found[stray_at] == ticks[stray_at]
    assert [t for i, t in enumerate(found) if i != stray_at] == [
        t for i, t in enumerate(ticks) if i != stray_at
    ]
