"""Motion of a point on a body segment, or on the skin above it, with what a sensor feels there."""

from __future__ import annotations

import numpy as np

from lift_monitor.drivers.simulated.motion import BarMotion, BarState, Channel
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

_FINE_S = 1e-3
_SKIN_M = np.array([0.0, 0.0, 0.03])


class SegmentMotion(BarMotion):
    """A point of a body segment that hangs on another one; axes forward, left, up.

    Parameters
    ----------
    lever_m : tuple of float
        From the segment's own joint to the point, in its axes.
    base : SegmentMotion, optional
        Segment that carries the joint; without one the joint moves by the channels. With one,
        the channels move the joint beside where the base carries it: a spine gives way a little.
    joint_m : tuple of float
        From the base's joint to this one, in the base's axes.
    bone : SegmentMotion, optional
        For a point of the skin: the point of the segment under it. The skin turns by its own
        channels, about a place :data:`_SKIN_M` below.
    """

    def __init__(
        self,
        lever_m: tuple[float, float, float],
        base: SegmentMotion | None = None,
        joint_m: tuple[float, float, float] = (0.0, 0.0, 0.0),
        bone: SegmentMotion | None = None,
    ) -> None:
        super().__init__()
        self._lever = np.array(lever_m)
        self._base, self._joint, self._bone = base, np.array(joint_m), bone

    def evaluate(self, time_s: FloatArray) -> BarState:
        """State of the point at ascending times."""
        known = _Known(time_s)
        before, at, after = (self.point(known, step) for step in (-_FINE_S, 0.0, _FINE_S))
        acc = (before - 2.0 * at + after) / _FINE_S**2
        axes = known.axes(self, 0.0)
        turn = np.swapaxes(known.axes(self, -_FINE_S), 1, 2) @ known.axes(self, _FINE_S)
        rate = np.stack([turn[:, 2, 1], turn[:, 0, 2], turn[:, 1, 0]], axis=-1)
        rate -= np.stack([turn[:, 1, 2], turn[:, 2, 0], turn[:, 0, 1]], axis=-1)
        force = acc + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
        return BarState(
            at,
            (after - before) / (2.0 * _FINE_S),
            acc,
            axes[:, 2].copy(),
            np.asarray(np.einsum("nij,ni->nj", axes, force)),
            rate / (4.0 * _FINE_S),
        )

    def point(self, known: _Known, step_s: float) -> FloatArray:
        """Place of the point in the world, (n, 3), a step away from the known times."""
        if self._bone is not None:
            turned = known.axes(self, step_s) - known.axes(self._bone, step_s)
            return np.asarray(self._bone.point(known, step_s) + turned @ _SKIN_M)
        own = known.axes(self, step_s) @ self._lever
        if self._base is None:
            return np.asarray(known.place(self, step_s) + own)
        joint = known.axes(self._base, step_s) @ self._joint + known.place(self, step_s)
        return np.asarray(known.place(self._base, step_s) + joint + own)


class _Known:
    """Angles and places of segments at given times, each worked out once.

    A step before or after is reached by the derivatives, which the channels know.
    """

    def __init__(self, time_s: FloatArray) -> None:
        self._time_s = time_s
        self._channels: dict[int, FloatArray] = {}
        self._axes: dict[tuple[int, float], FloatArray] = {}

    def _at(self, channel: Channel, step_s: float) -> FloatArray:
        if id(channel) not in self._channels:
            self._channels[id(channel)] = channel.evaluate(self._time_s)
        value, first, second = self._channels[id(channel)]
        return np.asarray(value + step_s * (first + 0.5 * step_s * second))

    def place(self, motion: BarMotion, step_s: float) -> FloatArray:
        """Where the channels put the segment's joint, (n, 3)."""
        return np.column_stack([self._at(c, step_s) for c in (motion.x_m, motion.y_m, motion.z_m)])

    def axes(self, motion: BarMotion, step_s: float) -> FloatArray:
        """(n, 3, 3): columns are the segment's axes in the world."""
        key = (id(motion), step_s)
        if key not in self._axes:
            channels = (motion.yaw_rad, motion.tilt_rad, motion.spin_rad)
            angles = np.stack([self._at(c, step_s) for c in channels])
            (cy, ct, cs), (sy, st, ss) = np.cos(angles), np.sin(angles)
            axes = np.empty((angles.shape[1], 3, 3))
            axes[:, 0] = np.stack([cy * ct, cy * st * ss - sy * cs, cy * st * cs + sy * ss], -1)
            axes[:, 1] = np.stack([sy * ct, sy * st * ss + cy * cs, sy * st * cs - cy * ss], -1)
            axes[:, 2] = np.stack([-st, ct * ss, ct * cs], -1)
            self._axes[key] = axes
        return self._axes[key]
