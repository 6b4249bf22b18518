"""Plates: what can be loaded, and what goes on each side.

Masses are counted in whole grams, so that 0.1 kg ten times is 1 kg. A load is always rounded
down: the bar never carries more than was asked for.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_right
from typing import Final

from lift_monitor.programme.plan import Rack
from lift_monitor.programme.prescription import BarLoad

GRAMS: Final = 1000
HEAVIEST_KG: Final = 300.0
"""On a bar. More is taken for a slip of the pen, and is not worked out; design default."""
LIGHT_BAR_CARRIES: Final = 4
"""A bar carries plates of up to so many times its own mass, the heaviest bar any; design default.
Else a child's bar would be loaded with 60 kg."""
SIMPLER: Final = 0.1
"""Share by which a warm-up may be lighter, for fewer plates; design default."""
_NOISE_G: Final = 1e-6
"""What arithmetic with fractions leaves over, e.g. of 80 % of 52.5 kg."""


def load_bar(kg: float, rack: Rack, bar_kg: float | None = None) -> BarLoad | None:
    """The heaviest way of loading that is not above what was asked for.

    Among ways of the same mass, that with the heaviest bar, so that it is seldom changed; on it,
    that with the fewest plates.

    Parameters
    ----------
    kg
        Mass of bar and plates together.
    rack
        What there is.
    bar_kg
        Use this bar only.

    Returns
    -------
    BarLoad or None
        ``None`` if even the lightest bar is heavier, or there is none.
    """
    wanted, sums = _floor_g(kg), _sums(rack)
    best: tuple[int, int] | None = None
    for bar in _bars(rack, bar_kg):
        if bar <= wanted:
            most = min((wanted - bar) // 2, _most_side(rack, bar))
            side = sums[bisect_right(sums, most) - 1]
            best = max(best or (0, 0), (bar + 2 * side, bar))
    return None if best is None else _loaded(rack, *best)


def load_simply(kg: float, rack: Rack, bar_kg: float | None = None) -> BarLoad | None:
    """A load with few plates, not above what was asked for and hardly below it.

    For warm-up sets: nobody puts four plates on each side for five easy repetitions.

    Parameters
    ----------
    kg
        Mass of bar and plates together.
    rack
        What there is.
    bar_kg
        Use this bar only.

    Returns
    -------
    BarLoad or None
        The load with the fewest plates of those down to :data:`SIMPLER` below, the heaviest of
        them; else as :func:`load_bar`.
    """
    least, most = math.ceil((1.0 - SIMPLER) * kg * GRAMS), _floor_g(kg)
    found = [
        (-len(side), bar + 2 * grams, bar)
        for bar in _bars(rack, bar_kg)
        for grams, side in _sides(rack).items()
        if least <= bar + 2 * grams <= most and grams <= _most_side(rack, bar)
    ]
    return _loaded(rack, *max(found)[1:]) if found else load_bar(kg, rack, bar_kg)


def _loaded(rack: Rack, total: int, bar: int) -> BarLoad:
    side = _sides(rack)[(total - bar) // 2]
    return BarLoad(total / GRAMS, bar / GRAMS, tuple(plate / GRAMS for plate in side))


def loadable(rack: Rack) -> tuple[float, ...]:
    """Every mass that can be loaded, in kg, lightest first."""
    return tuple(grams / GRAMS for grams in _loadable_g(rack))


def smallest_step(rack: Rack, near_kg: float) -> float | None:
    """How far the next heavier load is from the heaviest that is not above ``near_kg``.

    Returns
    -------
    float or None
        In kg; ``None`` if there is no heavier load, or none as light as ``near_kg``.
    """
    masses = _loadable_g(rack)
    at = bisect_right(masses, _floor_g(near_kg))
    if at == 0 or at == len(masses):
        return None
    return (masses[at] - masses[at - 1]) / GRAMS


def _floor_g(kg: float) -> int:
    return math.floor(min(kg, 10.0 * HEAVIEST_KG) * GRAMS + _NOISE_G)


def _grams(kg: float) -> int:
    return round(kg * GRAMS)


def _bars(rack: Rack, bar_kg: float | None) -> tuple[int, ...]:
    bars = rack.bars_kg if bar_kg is None else (bar_kg,)
    return tuple(_grams(bar) for bar in bars)


def _most_side(rack: Rack, bar: int) -> int:
    """Grams of plates that one side of a bar takes."""
    if bar >= _grams(max(rack.bars_kg, default=0.0)):
        return _grams(HEAVIEST_KG) // 2
    return LIGHT_BAR_CARRIES * bar // 2


@functools.lru_cache(maxsize=16)
def _sides(rack: Rack) -> dict[int, tuple[int, ...]]:
    """The plates of one side for each mass of them, in grams, with as few as can be."""
    most = _grams(HEAVIEST_KG) // 2
    sides: dict[int, tuple[int, ...]] = {0: ()}
    for plate in sorted(rack.plates, key=lambda plate: plate.kg, reverse=True):
        grams = _grams(plate.kg)
        for mass, side in list(sides.items()):
            for pairs in range(1, plate.pairs + 1):
                more = mass + pairs * grams
                if more > most:
                    break
                known = sides.get(more)
                if known is None or len(known) > len(side) + pairs:
                    sides[more] = (*side, *(grams,) * pairs)
    return sides


@functools.lru_cache(maxsize=16)
def _sums(rack: Rack) -> tuple[int, ...]:
    return tuple(sorted(_sides(rack)))


@functools.lru_cache(maxsize=16)
def _loadable_g(rack: Rack) -> tuple[int, ...]:
    return tuple(
        sorted(
            {
                bar + 2 * side
                for bar in _bars(rack, None)
                for side in _sides(rack)
                if side <= _most_side(rack, bar)
            }
        )
    )
