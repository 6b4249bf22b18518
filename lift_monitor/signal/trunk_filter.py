"""Streaming linear filters that start anew after a hole and never join what it parts."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.signal import lfilter

from lift_monitor.units import BoolArray, FloatArray


class RunFilter:
    """A linear filter over rows that are known; NaN rows come out as NaN.

    After a hole it starts as if the first value had stood for ever.

    Parameters
    ----------
    numerator, denominator : (k,) array
        As in :func:`scipy.signal.lfilter`; the gain at rest need not be one.
    width : int
        Columns of what is fed.
    """

    def __init__(self, numerator: FloatArray, denominator: FloatArray, width: int) -> None:
        self._b, self._a = numerator, denominator
        self._order = max(numerator.shape[0], denominator.shape[0]) - 1
        self._state = np.zeros((self._order, width))
        self._fresh = True
        self._rest = _steady_state(numerator, denominator)

    def feed(self, values: FloatArray) -> FloatArray:
        """Filter the next (n, width) rows; identical for any chunking."""
        out = np.full(values.shape, np.nan)
        known = np.isfinite(values[:, 0])
        for column in values.T[1:]:
            known &= np.isfinite(column)
        for start, stop, good in runs(known):
            if not good:
                self._fresh = True
                continue
            if self._fresh:
                self._state = self._rest[:, None] * values[start]
                self._fresh = False
            out[start:stop], self._state = lfilter(
                self._b, self._a, values[start:stop], axis=0, zi=self._state
            )
        return out


def _steady_state(b: FloatArray, a: FloatArray) -> FloatArray:
    """State of the transposed direct form that a constant input of one settles to."""
    n = max(b.shape[0], a.shape[0])
    b, a = np.pad(b, (0, n - b.shape[0])) / a[0], np.pad(a, (0, n - a.shape[0])) / a[0]
    gain = b.sum() / a.sum()
    state = np.zeros(n - 1)
    total = 0.0
    for k in range(n - 2, -1, -1):
        total += b[k + 1] - a[k + 1] * gain
        state[k] = total
    return state


def runs(mask: BoolArray) -> list[tuple[int, int, bool]]:
    """Stretches of equal value: start, stop, value."""
    n = mask.shape[0]
    if not n:
        return []
    edges = [0, *(np.flatnonzero(np.diff(mask)) + 1).tolist(), n]
    return [(a, b, bool(mask[a])) for a, b in itertools.pairwise(edges)]
