"""What the motion of the bar is told in: steps on the steady grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from lift_monitor.units import FloatArray, QualityArray


@dataclass(frozen=True, slots=True, eq=False)
class TraceBlock:
    """Analysis steps on the steady grid, one row each.

    ``velocity_mps`` and ``height_m`` are NaN where there is no data; up is positive. Live
    traces are causal: what was emitted never changes. The refined traces of a finished
    recording come from :meth:`lift_monitor.signal.pipeline.BarPipeline.refined_traces`.
    """

    time_s: FloatArray
    velocity_mps: FloatArray
    height_m: FloatArray
    up_sensor: FloatArray
    """(n, 3) unit vector of the world's up in the sensor's axes."""
    quality: QualityArray

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    def part(self, start: int, stop: int) -> TraceBlock:
        """The steps from ``start`` up to ``stop``."""
        return TraceBlock(*(getattr(self, f.name)[start:stop] for f in fields(self)))

    @classmethod
    def empty(cls) -> TraceBlock:
        """A block of no steps."""
        return cls(np.empty(0), np.empty(0), np.empty(0), np.empty((0, 3)), np.empty(0, np.uint16))

    @classmethod
    def concatenate(cls, blocks: Sequence[TraceBlock]) -> TraceBlock:
        """Join blocks in the order given."""
        if not blocks:
            return cls.empty()
        if len(blocks) == 1:
            return blocks[0]
        return cls(*(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(cls)))
