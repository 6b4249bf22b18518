"""Axes of a body segment in a sensor that was stuck on at any angle, and its tilt.

A segment has three axes: forward, left, up (right-handed).  Its orientation in the world is
read as heading, then side tilt, then sagittal tilt, so that bending far forward, past the
horizontal, stays a plain angle.  Heading is never used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.units import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class SegmentAxes:
    """Unit vectors of a segment, each (3,), in the sensor's axes.

    ``up`` is the world's up while the segment is in neutral; ``forward`` and ``left`` are
    level then.
    """

    forward: FloatArray
    left: FloatArray
    up: FloatArray

    @classmethod
    def from_up_and_forward(cls, up: FloatArray, forward: FloatArray) -> SegmentAxes:
        """Make axes of a neutral up and any vector that points roughly forward.

        Raises
        ------
        ValueError
            If the two vectors are (nearly) parallel or not finite.
        """
        z = unit(up)
        level = forward - (forward @ z) * z
        size = float(np.linalg.norm(level))
        if not size > 1e-6 * max(1.0, float(np.linalg.norm(forward))):
            raise ValueError("forward must be finite and not along up")
        x = level / size
        return cls(np.asarray(x), np.cross(z, x), z)

    @property
    def matrix(self) -> FloatArray:
        """(3, 3): rows forward, left, up; turns sensor vectors into segment vectors."""
        return np.vstack([self.forward, self.left, self.up])

    def to_segment(self, vectors_sensor: FloatArray) -> FloatArray:
        """Turn (n, 3) vectors from the sensor's axes into the segment's."""
        f, left, up = self.forward, self.left, self.up
        x, y, z = vectors_sensor.T
        # Written out: a matrix product may round differently for other numbers of rows, and
        # any cutting of a stream must give identical bits.
        return np.column_stack([a[0] * x + a[1] * y + a[2] * z for a in (f, left, up)])


@dataclass(frozen=True, slots=True, eq=False)
class Tilt:
    """Tilt of a segment against its neutral, radians, each (n,).

    ``sagittal`` is positive forward, ``side`` positive to the right.
    """

    sagittal: FloatArray
    side: FloatArray


def tilt_of(up_segment: FloatArray) -> Tilt:
    """Tilt from the world's up in segment axes, (n, 3) unit vectors."""
    return Tilt(
        np.arctan2(-up_segment[:, 0], up_segment[:, 2]),
        np.arcsin(np.clip(up_segment[:, 1], -1.0, 1.0)),
    )


def levelled(vectors_segment: FloatArray, tilt: Tilt) -> FloatArray:
    """Turn (n, 3) segment vectors into axes that are level and head where the segment does."""
    x, y, z = vectors_segment.T
    c, s = np.cos(tilt.sagittal), np.sin(tilt.sagittal)
    x1, z1 = c * x + s * z, c * z - s * x
    c, s = np.cos(tilt.side), np.sin(tilt.side)
    return np.column_stack([x1, c * y - s * z1, s * y + c * z1])


def long_axis(tilt: Tilt) -> FloatArray:
    """The segment's own up, (n, 3), in its levelled axes."""
    c = np.cos(tilt.sagittal)
    return np.column_stack([np.sin(tilt.sagittal), -np.sin(tilt.side) * c, np.cos(tilt.side) * c])


def unit(vector: FloatArray) -> FloatArray:
    """The vector (3,) at length one.

    Raises
    ------
    ValueError
        If it has no direction.
    """
    size = float(np.linalg.norm(vector))
    if not (np.isfinite(size) and size > 0.0):
        raise ValueError("a vector without direction has no unit")
    return np.asarray(vector / size)


def angle_deg(one: FloatArray, other: FloatArray) -> FloatArray:
    """Angle between unit vectors along the last axis, degrees."""
    half = 0.5 * np.linalg.norm(one - other, axis=-1)  # exact also for small angles
    return np.asarray(np.degrees(2.0 * np.arcsin(np.clip(half, 0.0, 1.0))))
