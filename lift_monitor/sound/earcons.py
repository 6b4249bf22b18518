"""Synthesis of the earcons: pure functions from a kind of cue to samples.

Fundamentals lie between 300 and 1100 Hz with harmonics up to 4 kHz: old ears lose the high
tones first, and small loudspeakers do not give the low ones.  The kinds differ in rhythm and
contour, not in pitch alone, so that they can be told apart in a loud room and without
absolute hearing.  All figures are design defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from lift_monitor.sound.words import CueKind
from lift_monitor.units import FloatArray

RATE_HZ: Final = 48_000
"""Every sound device knows it."""
TAIL_S: Final = 0.02
"""Silence after the last pulse, so that no device cuts its end."""
_BRIGHT: Final = (1.0, 0.6, 0.45, 0.3, 0.2)
_SOFT: Final = (1.0, 0.25, 0.1)
_PURE: Final = (1.0, 0.1)


@dataclass(frozen=True, slots=True)
class Pulse:
    """One tone: when it starts, how long it lasts with its edges, and its fundamental."""

    start_s: float
    duration_s: float
    frequency_hz: float

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.start_s + self.duration_s


@dataclass(frozen=True, slots=True)
class Earcon:
    """A sound as data.

    Attributes
    ----------
    pulses : tuple of Pulse
        In order, never overlapping.
    level : float
        Largest amplitude against full scale.
    attack_s, release_s : float
        Rise and fall of each pulse, half a cosine.
    harmonics : tuple of float
        Amplitudes of the fundamental and of its multiples.

    Raises
    ------
    ValueError
        If a pulse is too short for its edges.
    """

    pulses: tuple[Pulse, ...]
    level: float
    attack_s: float
    release_s: float
    harmonics: tuple[float, ...]

    def __post_init__(self) -> None:
        shortest_s = min(pulse.duration_s for pulse in self.pulses)
        if self.attack_s + self.release_s > shortest_s:
            raise ValueError(f"a pulse of {shortest_s:g} s is too short for its edges")

    @property
    def duration_s(self) -> float:
        """Length with its tail."""
        return self.pulses[-1].end_s + TAIL_S


def _row(start_s: float, gaps_s: tuple[float, ...], each_s: float, hz: float) -> list[Pulse]:
    """Equal pulses with these gaps between them."""
    pulses = [Pulse(start_s, each_s, hz)]
    for gap_s in gaps_s:
        pulses.append(Pulse(pulses[-1].end_s + gap_s, each_s, hz))
    return pulses


_FIVE: Final = (0.1, 0.1, 0.3, 0.1)
"""Three and two: the rhythm by which an alarm of high priority is known on a ward."""
_BURST: Final = _row(0.0, _FIVE, 0.12, 784.0)
_AGAIN: Final = _row(_BURST[-1].end_s + 0.5, _FIVE, 0.12, 784.0)

EARCONS: Final[dict[CueKind, Earcon]] = {
    CueKind.STOP: Earcon((*_BURST, *_AGAIN), 0.9, 0.015, 0.03, _BRIGHT),
    CueKind.CHECK: Earcon(tuple(_row(0.0, (0.15, 0.15), 0.18, 587.0)), 0.55, 0.025, 0.05, _BRIGHT),
    CueKind.FAULT: Earcon(
        (Pulse(0.0, 0.3, 494.0), Pulse(0.38, 0.45, 330.0)), 0.4, 0.03, 0.12, _SOFT
    ),
    CueKind.RESTORED: Earcon(
        (Pulse(0.0, 0.15, 330.0), Pulse(0.2, 0.2, 494.0)), 0.3, 0.03, 0.08, _SOFT
    ),
    CueKind.COUNT: Earcon((Pulse(0.0, 0.06, 1046.0),), 0.3, 0.004, 0.05, _PURE),
    CueKind.LAST: Earcon(
        (Pulse(0.0, 0.06, 1046.0), Pulse(0.12, 0.24, 1046.0)), 0.35, 0.004, 0.05, _PURE
    ),
}
_TEST_ORDER: Final = (
    CueKind.COUNT,
    CueKind.LAST,
    CueKind.CHECK,
    CueKind.FAULT,
    CueKind.RESTORED,
    CueKind.STOP,
)
_TEST_GAP_S: Final = 0.5


@lru_cache(maxsize=32)
def samples_of(kind: CueKind, rate_hz: int = RATE_HZ) -> FloatArray:
    """The samples of a kind of cue.

    Parameters
    ----------
    kind : CueKind
    rate_hz : int
        Samples a second, at least 16 000: the harmonics must fit below half of it.

    Returns
    -------
    (n,) float array
        Read-only, within ±1, beginning and ending at 0.

    Raises
    ------
    ValueError
        If the rate is too low.
    """
    if rate_hz < 16_000:
        raise ValueError(f"earcons need at least 16000 samples a second, not {rate_hz}")
    if kind is CueKind.TEST:
        gap = np.zeros(round(_TEST_GAP_S * rate_hz))
        parts = [part for each in _TEST_ORDER for part in (samples_of(each, rate_hz), gap)]
        sound = np.concatenate(parts)
    else:
        sound = synthesise(EARCONS[kind], rate_hz)
    sound.flags.writeable = False
    return sound


def synthesise(earcon: Earcon, rate_hz: int = RATE_HZ) -> FloatArray:
    """Make the samples of an earcon.

    Returns
    -------
    (n,) float array
        ``n = round(duration_s · rate_hz)``; no sample beyond ``earcon.level``.
    """
    sound = np.zeros(round(earcon.duration_s * rate_hz))
    weights = np.asarray(earcon.harmonics)
    multiples = np.arange(1, weights.size + 1)
    for pulse in earcon.pulses:
        first, count = round(pulse.start_s * rate_hz), round(pulse.duration_s * rate_hz)
        phase = 2.0 * np.pi * pulse.frequency_hz * np.arange(count) / rate_hz
        tone = np.sin(np.multiply.outer(phase, multiples)) @ weights
        tone *= earcon.level / np.abs(tone).max()
        sound[first : first + count] = tone * _envelope(count, earcon, rate_hz)
    return sound


def _envelope(count: int, earcon: Earcon, rate_hz: int) -> FloatArray:
    """From 0 to 1 and back to 0 along half cosines: an edge would click."""
    envelope = np.ones(count)
    for edge_s, place in (
        (earcon.attack_s, slice(None)),
        (earcon.release_s, slice(None, None, -1)),
    ):
        size = round(edge_s * rate_hz)
        envelope[place][:size] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(size) / size)
    return envelope
