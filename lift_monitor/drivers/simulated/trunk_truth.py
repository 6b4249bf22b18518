"""What the spine really did: the answers against which estimates of the trunk are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lift_monitor.drivers.simulated.motion import BarMotion
from lift_monitor.drivers.simulated.segment import SegmentMotion
from lift_monitor.units import BoolArray, FloatArray

TRUTH_RATE_HZ: Final = 100.0
Stretch = tuple[float, float]
"""Start and end, session seconds."""


@dataclass(frozen=True, slots=True)
class TrueMinute:
    """When the lifter stood, hinged with a neutral spine and stood again for the calibration."""

    stand: Stretch
    hinge: Stretch
    stand_again: Stretch

    def to_data(self) -> dict[str, str]:
        """Give the windows as a recording keeps them: ``"start:end"``, seconds."""
        return {
            name: f"{window[0]:.2f}:{window[1]:.2f}"
            for name, window in (
                ("stand", self.stand),
                ("hinge", self.hinge),
                ("stand_again", self.stand_again),
            )
        }


@dataclass(frozen=True, slots=True)
class TrueEpisode:
    """The spine was flexed beyond a limit without interruption; times in session seconds."""

    start_s: float
    end_s: float
    peak_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class TrunkTruth:
    """What really happened, at steps of 10 ms, (n,) each.

    ``reps`` are the repetitions in order, ``rounded`` the places in it (from 0) of those that
    were rounded on purpose.
    """

    time_s: FloatArray
    lumbar_flexion_deg: FloatArray
    side_bend_deg: FloatArray
    thorax_tilt_deg: FloatArray
    pelvis_tilt_deg: FloatArray
    twist_deg: FloatArray
    minute: TrueMinute
    reps: tuple[Stretch, ...]
    rounded: tuple[int, ...]
    slip_at_s: float | None

    @property
    def stand(self) -> Stretch:
        """Standing before the hinge."""
        return self.minute.stand

    @property
    def hinge(self) -> Stretch:
        """The taught hinge."""
        return self.minute.hinge

    @property
    def stand_again(self) -> Stretch:
        """Standing after the hinge."""
        return self.minute.stand_again

    def episodes(
        self, limit_deg: float, least_s: float = 0.0, counts: BoolArray | None = None
    ) -> tuple[TrueEpisode, ...]:
        """Stretches in which lumbar flexion is above a limit for at least so long.

        Parameters
        ----------
        limit_deg, least_s : float
        counts : (n,) bool array, optional
            Steps at which it counts, such as those at which the bar is borne; all by default.
        """
        above = self.lumbar_flexion_deg > limit_deg
        if counts is not None:
            above = above & counts
        edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
        found = (
            TrueEpisode(
                float(self.time_s[a]),
                float(self.time_s[b - 1]),
                float(self.lumbar_flexion_deg[a:b].max()),
            )
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        )
        return tuple(e for e in found if e.end_s - e.start_s >= least_s)


def trunk_truth(
    thorax: SegmentMotion,
    pelvis: SegmentMotion,
    duration_s: float,
    minute: TrueMinute,
    reps: tuple[Stretch, ...] = (),
    rounded: tuple[int, ...] = (),
    slip_at_s: float | None = None,
) -> TrunkTruth:
    """Read the angles off the exact motion of the bones."""
    time_s = np.asarray(np.arange(int(duration_s * TRUTH_RATE_HZ)) / TRUTH_RATE_HZ)
    sagittal, side = [], []
    for motion in (thorax, pelvis):
        up = BarMotion.evaluate(motion, time_s).up_bar
        sagittal.append(np.degrees(np.arctan2(-up[:, 0], up[:, 2])))
        side.append(np.degrees(np.arcsin(up[:, 1])))
    yaw = [m.yaw_rad.evaluate(time_s)[0] for m in (thorax, pelvis)]
    return TrunkTruth(
        time_s,
        sagittal[0] - sagittal[1],
        side[0] - side[1],
        sagittal[0],
        sagittal[1],
        np.degrees(yaw[0] - yaw[1]),
        minute,
        reps,
        rounded,
        slip_at_s,
    )
