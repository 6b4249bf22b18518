"""Gestures of a lifter, written one after the other onto the motion of a bar."""

from __future__ import annotations

import math

import numpy as np

from lift_monitor.drivers.simulated.motion import BarMotion, Channel, Knot, Piece, Wave
from lift_monitor.units import STANDARD_GRAVITY_MPS2

_DEG = math.pi / 180.0


class Hands:
    """Moves the bar on from where it is; ``now_s`` and ``height_m`` are where that ended.

    Parameters
    ----------
    height_m : float
        Height at the beginning.
    rng : numpy.random.Generator
        Every irregularity comes from here.
    """

    def __init__(self, height_m: float, rng: np.random.Generator) -> None:
        self.motion = BarMotion(
            z_m=Channel(height_m),
            yaw_rad=Channel(rng.uniform(-math.pi, math.pi)),
            tilt_rad=Channel(rng.uniform(-1.0, 1.0) * _DEG),
            spin_rad=Channel(rng.uniform(-math.pi, math.pi)),
        )
        self.now_s = 0.0
        self.height_m = height_m
        self._rng = rng

    def still(self, duration_s: float) -> None:
        """Leave the bar where it lies: nothing moves at all."""
        self.now_s += duration_s

    def shift(self, channel: Channel, amount: float, duration_s: float) -> None:
        """Begin a smooth change of a channel without waiting for its end."""
        channel.pieces.append(Piece.minimum_jerk(self.now_s, duration_s, amount))

    def move(self, rise_m: float, duration_s: float) -> None:
        """Raise (or lower) by the smoothest way and wait for its end."""
        self.shift(self.motion.z_m, rise_m, duration_s)
        self.now_s += duration_s
        self.height_m += rise_m

    def press_up(self, rise_m: float, duration_s: float, sticking: float) -> None:
        """Raise in two efforts that overlap; ``sticking`` 0 to 1 slows the middle."""
        share = self._rng.uniform(0.45, 0.58)
        first = (0.72 - 0.16 * sticking) * duration_s
        second = (0.28 + 0.16 * sticking) * duration_s
        pieces = self.motion.z_m.pieces
        pieces.append(Piece.minimum_jerk(self.now_s, first, share * rise_m))
        pieces.append(
            Piece.minimum_jerk(self.now_s + second, duration_s - second, (1 - share) * rise_m)
        )
        self.now_s += duration_s
        self.height_m += rise_m

    def land(self, fall_m: float, duration_s: float, contact_mps: float) -> None:
        """Lower onto the floor, which stops the bar from ``contact_mps`` with a clank."""
        stop_s = self._rng.uniform(0.03, 0.06)
        rebound = self._rng.uniform(0.05, 0.2) * contact_mps
        give = 0.25 * contact_mps * stop_s
        knots: list[Knot] = [
            (0.0, 0.0, 0.0, 0.0),
            (duration_s, -fall_m, -contact_mps, 0.0),
            (duration_s + stop_s, -fall_m - give, rebound, 0.0),
            (duration_s + stop_s + 0.12, -fall_m, 0.0, 0.0),
        ]
        self.motion.z_m.pieces.append(Piece(self.now_s, knots))
        self.now_s += duration_s
        self.clank(0.5 + contact_mps)
        self.now_s += stop_s + 0.12
        self.height_m -= fall_m

    def drop(self, fall_m: float) -> None:
        """Let go: free fall, then two bounces of rubber plates."""
        g = STANDARD_GRAVITY_MPS2
        open_s, contact_s = 0.1, 0.05
        # While the fingers open the load goes over to gravity; half of it counts.
        velocity = -0.5 * g * open_s
        height = -g * open_s**2 * 0.15
        flight_s = (velocity + math.sqrt(velocity**2 + 2 * g * (fall_m + height))) / g
        knots: list[Knot] = [(0.0, 0.0, 0.0, 0.0), (open_s, height, velocity, -g)]
        t, speed = open_s + flight_s, -velocity + g * flight_s
        hits = [t]
        knots.append((t, -fall_m, -speed, -g))
        for _ in range(2):
            speed *= self._rng.uniform(0.25, 0.4)
            t += contact_s
            knots.append((t, -fall_m, speed, -g))
            t += 2 * speed / g
            knots.append((t, -fall_m, -speed, -g))
            hits.append(t)
        knots.append((t + 0.15, -fall_m, 0.0, 0.0))
        self.motion.z_m.pieces.append(Piece(self.now_s, knots))
        begin = self.now_s
        for hit, strength in zip(hits, (3.0, 1.5, 0.7), strict=True):
            self.now_s = begin + hit
            self.clank(strength)
        self.now_s = begin + t + 0.15
        self.height_m -= fall_m

    def clank(self, strength: float) -> None:
        """Ringing of bar and plates after a blow, from now on; it does not wait."""
        for channel, share in (
            (self.motion.z_m, 1.0),
            (self.motion.y_m, 0.5),
            (self.motion.x_m, 0.3),
        ):
            hertz = self._rng.uniform(18.0, 40.0)
            peak_mps2 = strength * share * self._rng.uniform(5.0, 20.0)
            channel.waves.append(
                Wave(
                    self.now_s,
                    self.now_s + self._rng.uniform(0.1, 0.2),
                    peak_mps2 / (2 * math.pi * hertz) ** 2,
                    hertz,
                    self._rng.uniform(0, 2 * math.pi),
                    rise_s=0.012,
                    fall_s=0.08,
                )
            )

    def step(self, forward_m: float, bounce_m: float) -> None:
        """Walk one step with the bar."""
        duration = self._rng.uniform(0.5, 0.75)
        self.shift(self.motion.y_m, forward_m, duration)
        left = self._rng.uniform(-0.004, 0.004)
        self.move(-0.4 * bounce_m, 0.3 * duration)
        self.move(bounce_m, 0.4 * duration)
        self.move(-0.6 * bounce_m + left, 0.3 * duration)

    def carry(self, start_s: float, end_s: float) -> None:
        """Breathing sway and tremor of somebody who held the bar from start to end."""
        rng, motion = self._rng, self.motion
        for channel, largest in ((motion.x_m, 0.006), (motion.y_m, 0.008), (motion.z_m, 0.004)):
            for hertz in (rng.uniform(0.2, 0.3), rng.uniform(0.35, 0.6)):
                amplitude = largest * rng.uniform(0.3, 1.0) * (0.25 / hertz)
                channel.waves.append(self._wave(start_s, end_s, amplitude, hertz, 0.6))
            tremor = rng.uniform(0.00003, 0.00015)
            channel.waves.append(self._wave(start_s, end_s, tremor, rng.uniform(8, 12), 0.3))
        for channel, largest in ((motion.yaw_rad, 1.5), (motion.tilt_rad, 1.5)):
            for hertz in (rng.uniform(0.1, 0.3), rng.uniform(0.4, 0.9)):
                amplitude = largest * rng.uniform(0.2, 1.0) * _DEG * (0.25 / max(hertz, 0.25))
                channel.waves.append(self._wave(start_s, end_s, amplitude, hertz, 0.6))

    def _wave(
        self, start_s: float, end_s: float, amplitude: float, hertz: float, ramp_s: float
    ) -> Wave:
        phase = self._rng.uniform(0, 2 * math.pi)
        return Wave(start_s, end_s, amplitude, hertz, phase, rise_s=ramp_s, fall_s=ramp_s)
