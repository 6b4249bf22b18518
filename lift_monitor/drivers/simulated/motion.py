"""Smooth motion of a rigid bar, known exactly at any time with its derivatives.

A channel (one coordinate or one angle) is a sum of *pieces* (quintic splines that begin and
end at rest) and *waves* (sinusoids that swell and fade smoothly).  Position, velocity and
acceleration are all evaluated from the formulas; nothing is differentiated by numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import BPoly

from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

Knot = tuple[float, float, float, float]
"""Time since the start of the piece, value, first and second derivative."""


class Piece:
    """A change from 0 to ``amount``: a quintic spline through knots, constant outside.

    Parameters
    ----------
    start_s : float
    knots : sequence of Knot
        The first at time 0 with all values 0; the last at rest.
    """

    __slots__ = ("_curves", "amount", "end_s", "start_s")

    def __init__(self, start_s: float, knots: Sequence[Knot]) -> None:
        if any(knots[0]) or any(knots[-1][2:]):
            raise ValueError("a piece begins at zero and ends at rest")
        curve = BPoly.from_derivatives([k[0] for k in knots], [list(k[1:]) for k in knots])
        self._curves = (curve, curve.derivative(1), curve.derivative(2))
        self.start_s = start_s
        self.end_s = start_s + knots[-1][0]
        self.amount = knots[-1][1]

    @classmethod
    def minimum_jerk(cls, start_s: float, duration_s: float, amount: float) -> Piece:
        """The smoothest change by ``amount`` (Flash and Hogan's minimum-jerk profile)."""
        return cls(start_s, [(0.0, 0.0, 0.0, 0.0), (duration_s, amount, 0.0, 0.0)])

    def add_to(self, out: FloatArray, time_s: FloatArray) -> None:
        """Add value, first and second derivative to the rows of ``out``, shape (3, n)."""
        first, last = np.searchsorted(time_s, (self.start_s, self.end_s))
        if last > first:
            local = time_s[first:last] - self.start_s
            for row, curve in zip(out, self._curves, strict=True):
                row[first:last] += curve(local)
        out[0, last:] += self.amount


@dataclass(frozen=True, slots=True)
class Wave:
    """A sinusoid that swells from zero over ``rise_s`` and fades over ``fall_s``."""

    start_s: float
    end_s: float
    amplitude: float
    frequency_hz: float
    phase_rad: float = 0.0
    rise_s: float = 0.3
    fall_s: float = 0.3

    def add_to(self, out: FloatArray, time_s: FloatArray) -> None:
        """Add value, first and second derivative to the rows of ``out``, shape (3, n)."""
        first, last = np.searchsorted(time_s, (self.start_s, self.end_s))
        if last <= first:
            return
        t = time_s[first:last]
        length = self.end_s - self.start_s
        rise, fall = min(self.rise_s, length / 2), min(self.fall_s, length / 2)
        r0, r1, r2 = _smooth_step((t - self.start_s) / rise, rise)
        f0, f1, f2 = _smooth_step((self.end_s - t) / fall, fall)
        # The two ramps never overlap, so their product is a product of one with a constant.
        e0, e1, e2 = r0 * f0, r1 * f0 - r0 * f1, r2 * f0 + r0 * f2
        omega = 2 * np.pi * self.frequency_hz
        angle = omega * (t - self.start_s) + self.phase_rad
        s, c = self.amplitude * np.sin(angle), self.amplitude * np.cos(angle)
        out[0, first:last] += e0 * s
        out[1, first:last] += e1 * s + e0 * omega * c
        out[2, first:last] += e2 * s + 2 * e1 * omega * c - e0 * omega**2 * s


def _smooth_step(u: FloatArray, length_s: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Quintic step of ``u`` from 0 to 1, with derivatives by time."""
    u = np.clip(u, 0.0, 1.0)
    return (
        u**3 * (10 - 15 * u + 6 * u**2),
        30 * u**2 * (1 - u) ** 2 / length_s,
        60 * u * (1 - u) * (1 - 2 * u) / length_s**2,
    )


@dataclass(slots=True)
class Channel:
    """One coordinate or angle over time."""

    start: float = 0.0
    pieces: list[Piece] = field(default_factory=list)
    waves: list[Wave] = field(default_factory=list)

    def evaluate(self, time_s: FloatArray) -> FloatArray:
        """Value, first and second derivative, shape (3, n); ``time_s`` must ascend."""
        out = np.zeros((3, time_s.shape[0]))
        out[0] = self.start
        if not time_s.shape[0]:
            return out
        # What lies wholly before or after costs next to nothing: sessions may be hours long.
        first_s, last_s = float(time_s[0]), float(time_s[-1])
        out[0] += sum(piece.amount for piece in self.pieces if piece.end_s <= first_s)
        for piece in self.pieces:
            if piece.end_s > first_s and piece.start_s <= last_s:
                piece.add_to(out, time_s)
        for wave in self.waves:
            if wave.start_s <= last_s and wave.end_s > first_s:
                wave.add_to(out, time_s)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class BarState:
    """The bar at n times; the bar's own axes: x along it, z up while it is level."""

    position_m: FloatArray
    velocity_mps: FloatArray
    acceleration_mps2: FloatArray
    up_bar: FloatArray
    """(n, 3) the world's up in the bar's axes."""
    specific_force_bar_mps2: FloatArray
    rate_bar_radps: FloatArray


@dataclass(slots=True)
class BarMotion:
    """Position in the world (z up) and orientation (yaw, then tilt, then spin)."""

    x_m: Channel = field(default_factory=Channel)
    y_m: Channel = field(default_factory=Channel)
    z_m: Channel = field(default_factory=Channel)
    yaw_rad: Channel = field(default_factory=Channel)
    tilt_rad: Channel = field(default_factory=Channel)
    spin_rad: Channel = field(default_factory=Channel)

    def evaluate(self, time_s: FloatArray) -> BarState:
        """State of the bar at ascending times."""
        space = np.stack([c.evaluate(time_s) for c in (self.x_m, self.y_m, self.z_m)], axis=-1)
        (yaw, yaw1, _), (tilt, tilt1, _), (spin, spin1, _) = (
            c.evaluate(time_s) for c in (self.yaw_rad, self.tilt_rad, self.spin_rad)
        )
        cy, sy, ct, st, cs, ss = (f(angle) for angle in (yaw, tilt, spin) for f in (np.cos, np.sin))
        # Columns of Rz(yaw) Ry(tilt) Rx(spin): the bar's axes in the world.
        axes = np.empty((time_s.shape[0], 3, 3))
        axes[:, 0] = np.stack([cy * ct, sy * ct, -st], axis=-1)
        axes[:, 1] = np.stack([cy * st * ss - sy * cs, sy * st * ss + cy * cs, ct * ss], axis=-1)
        axes[:, 2] = np.stack([cy * st * cs + sy * ss, sy * st * cs - cy * ss, ct * cs], axis=-1)
        force_world = space[2] + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
        rate = np.stack(
            [
                spin1 - yaw1 * st,
                tilt1 * cs + yaw1 * ss * ct,
                yaw1 * cs * ct - tilt1 * ss,
            ],
            axis=-1,
        )
        return BarState(
            position_m=space[0],
            velocity_mps=space[1],
            acceleration_mps2=space[2],
            up_bar=axes[:, :, 2].copy(),
            specific_force_bar_mps2=np.einsum("nij,nj->ni", axes, force_world),
            rate_bar_radps=rate,
        )

    def height(self, time_s: FloatArray) -> FloatArray:
        """Height, vertical velocity and acceleration, shape (3, n)."""
        return self.z_m.evaluate(time_s)
