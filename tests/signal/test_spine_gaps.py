"""When the angle of the spine was not known: one rule for the live visit and for a recording."""

from __future__ import annotations

import numpy as np
import pytest

from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.spine_gaps import SpineGaps


def steps(start_s: float, end_s: float, *dark: tuple[float, float]) -> SpineBlock:
    """Steps of 10 ms whose angle is not known within ``dark``."""
    time_s = np.arange(start_s, end_s, 0.01)
    zero = np.zeros(time_s.shape[0])
    angle = zero.copy()
    for since, to in dark:
        angle[(time_s > since) & (time_s < to)] = np.nan
    up = np.zeros((time_s.shape[0], 3))
    mark = np.zeros(time_s.shape[0], np.uint16)
    return SpineBlock(time_s, angle, zero, zero, zero, zero, zero, up, up, mark, mark, mark > 0)


@pytest.mark.parametrize(
    ("start_s", "end_s", "gap_s"),
    [
        (12.0, 20.0, 0.0),  # a short one inside
        (22.0, 28.0, 0.0),  # between two
        (25.0, 35.0, 3.0),
        (31.0, 32.0, 3.0),  # nothing is known of it
        (32.9, 40.0, 3.0),  # a long gap reaches into it
        (25.0, 55.0, 4.0),  # the longer of two
        (5.0, 20.0, 5.0),  # before the first step
        (60.0, 64.0, 0.0),
        (60.0, 68.0, 3.0),  # beyond the last
        (70.0, 72.0, 7.0),
    ],
)
@pytest.mark.parametrize("stride", [1, 37, 6000])
def test_a_gap_that_reaches_into_a_stretch_is_found(
    start_s: float, end_s: float, gap_s: float, stride: int
) -> None:
    block = steps(10.0, 65.0, (15.0, 15.4), (30.0, 33.0), (50.0, 54.0))
    gaps = SpineGaps()
    for first in range(0, len(block), stride):
        gaps.take(block.part(first, first + stride))
    assert gaps.longest_s(start_s, end_s) == pytest.approx(gap_s, abs=0.03)


def test_no_step_is_no_gap_and_no_angle_is_one() -> None:
    gaps = SpineGaps()
    assert gaps.longest_s(0.0, 10.0) == 0.0
    gaps.take(SpineBlock.empty())
    gaps.take(steps(0.0, 9.0, (-1.0, 9.0)))
    assert gaps.longest_s(2.0, 8.0) == pytest.approx(8.0)
