"""A body that falls onto its legs: the force that takes up its momentum, and the way it goes.

The body is one mass on a leg that pushes with ``k x (1 + d v)``: a spring whose damping grows
with its compression (Hunt and Crossley 1975, doi:10.1115/1.3423596), so that the force begins
at nothing and a landing ends without a bounce.  The peak of the force is not chosen: it follows
from the height of the fall, the mass and the stiffness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import lsim

from lift_monitor.drivers.simulated.motion import Knot, Piece
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

_STEP_S: Final = 1e-3
_LANDING_S: Final = 1.2
"""By then nothing moves any more."""
_SETTLE_S: Final = 0.3
_KNOT_S: Final = 0.004


@dataclass(frozen=True, slots=True)
class Leg:
    """How both legs together take up a fall."""

    stiffness_n_per_m: float
    damping_s_per_m: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """What the ground does from the contact on, at steps of a millisecond, (n,) each.

    ``height_m`` is that of the centre of mass above where it comes to rest, upright.
    """

    time_s: FloatArray
    height_m: FloatArray
    velocity_mps: FloatArray
    force_bw: FloatArray

    @property
    def peak_grf_bw(self) -> float:
        """Largest vertical ground-reaction force, body weights."""
        return float(self.force_bw.max())

    @property
    def acceleration_mps2(self) -> FloatArray:
        """Upward acceleration of the centre of mass."""
        return np.asarray((self.force_bw - 1.0) * STANDARD_GRAVITY_MPS2)


def land(mass_kg: float, speed_mps: float, leg: Leg) -> Impact:
    """Take up a fall.

    Parameters
    ----------
    mass_kg : float
    speed_mps : float
        Downward, at the first contact.
    leg : Leg
    """
    g, stiffness = STANDARD_GRAVITY_MPS2, leg.stiffness_n_per_m / mass_kg

    def push(depth: float, speed: float) -> float:
        """Force by mass; the ground only pushes."""
        return max(0.0, stiffness * depth * (1.0 + leg.damping_s_per_m * speed))

    count = round(_LANDING_S / _STEP_S) + 1
    depths, speeds, forces = np.empty((3, count))
    depth, speed, h = 0.0, speed_mps, _STEP_S
    for step in range(count):
        depths[step], speeds[step], forces[step] = depth, speed, push(depth, speed)
        a1 = g - forces[step]
        v2 = speed + 0.5 * h * a1
        a2 = g - push(depth + 0.5 * h * speed, v2)
        v3 = speed + 0.5 * h * a2
        a3 = g - push(depth + 0.5 * h * v2, v3)
        v4 = speed + h * a3
        a4 = g - push(depth + h * v3, v4)
        depth += h * (speed + 2.0 * v2 + 2.0 * v3 + v4) / 6.0
        speed += h * (a1 + 2.0 * a2 + 2.0 * a3 + a4) / 6.0
    time_s = np.asarray(h * np.arange(count))
    return Impact(time_s, g / stiffness - depths, -speeds, forces / g)


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """A fall from rest to rest; times count from its beginning.

    ``free_s`` is when nothing carries the body any more.
    """

    knots: tuple[Knot, ...]
    """Of the height of the centre of mass."""
    free_s: float
    contact_s: float
    height_m: float
    """From rest to the contact."""
    impact: Impact

    @property
    def total_m(self) -> float:
        """From rest to rest, standing."""
        return -self.knots[-1][1]

    @property
    def peak_s(self) -> float:
        """When the force is largest."""
        return self.contact_s + float(self.impact.time_s[int(np.argmax(self.impact.force_bw))])


def fall(height_m: float, open_s: float, mass_kg: float, leg: Leg) -> Fall:
    """Let go, fall freely, land and come to rest.

    Parameters
    ----------
    height_m : float
        Of the fall down to the first contact; at least what letting go takes.
    open_s : float
        How long letting go takes; the load goes over to gravity meanwhile.
    mass_kg : float
    leg : Leg
    """
    g = STANDARD_GRAVITY_MPS2
    # The quintic from rest to (speed, -g) that lets go without a jerk.
    speed, fallen = 0.5 * g * open_s, 0.15 * g * open_s**2
    flight_s = (math.sqrt(speed**2 + 2.0 * g * max(height_m - fallen, 0.0)) - speed) / g
    impact = land(mass_kg, speed + g * flight_s, leg)
    contact_s = open_s + flight_s
    # Measured from the contact, the body comes to rest where it stands.
    down = -max(height_m, fallen)
    knots: list[Knot] = [(0.0, 0.0, 0.0, 0.0), (open_s, -fallen, -speed, -g)]
    every = round(_KNOT_S / _STEP_S)
    first = 0 if flight_s > 1e-6 else every  # a stomp ends as soon as the load is gone
    for i in range(first, impact.time_s.shape[0], every):
        knots.append(
            (
                contact_s + float(impact.time_s[i]),
                down + float(impact.height_m[i] - impact.height_m[0]),
                float(impact.velocity_mps[i]),
                float(impact.acceleration_mps2[i]),
            )
        )
    knots.append((knots[-1][0] + _SETTLE_S, down - float(impact.height_m[0]), 0.0, 0.0))
    return Fall(tuple(knots), open_s, contact_s, -down, impact)


def lagging(piece: Piece, cutoff_hz: float) -> Piece:
    """How far a part of the body above lags behind a movement of the part that carries it.

    What is above goes the same way through a critically damped low-pass: later by
    ``1 / (pi cutoff)`` seconds, and with a lower peak, but with the same momentum.
    """
    length_s = piece.end_s - piece.start_s + _SETTLE_S
    time_s = np.asarray(_STEP_S * np.arange(round(length_s / _STEP_S) + 1))
    base = np.zeros((3, time_s.shape[0]))
    piece.add_to(base, time_s + piece.start_s)
    w = 2.0 * math.pi * cutoff_hz
    _, _, state = lsim(
        ([[0.0, 1.0], [-(w**2), -2.0 * w]], [[0.0], [w**2]], [[1.0, 0.0]], [[0.0]]), base[0], time_s
    )
    place, velocity = state[:, 0], state[:, 1]
    acceleration = w**2 * (base[0] - place) - 2.0 * w * velocity
    lag = np.stack([time_s, place - base[0], velocity - base[1], acceleration - base[2]], axis=-1)
    every = round(_KNOT_S / _STEP_S)
    knots: list[Knot] = [
        (float(t), float(z), float(v), float(a)) for t, z, v, a in lag[every:-1:every]
    ]
    end: Knot = (length_s + _SETTLE_S, 0.0, 0.0, 0.0)
    return Piece(piece.start_s, [(0.0, 0.0, 0.0, 0.0), *knots, end])
