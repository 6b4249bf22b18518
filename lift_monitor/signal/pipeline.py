"""One lifter's signal road: samples of one bar sensor in, events and traces out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lift_monitor.events import Event, Exercise, LiftSet
from lift_monitor.samples import ImuChunk
from lift_monitor.units import FloatArray, QualityArray


@dataclass(frozen=True, slots=True, eq=False)
class TraceBlock:
    """Analysis steps on the steady grid, one row each.

    ``velocity_mps`` and ``height_m`` are NaN where there is no data; up is positive. Live
    traces are causal: what was emitted never changes. The refined traces of a finished
    recording come from :meth:`BarPipeline.refined_traces`.
    """

    time_s: FloatArray
    velocity_mps: FloatArray
    height_m: FloatArray
    up_sensor: FloatArray
    """(n, 3) unit vector of the world's up in the sensor's axes."""
    quality: QualityArray

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    @classmethod
    def empty(cls) -> TraceBlock:
        """A block of no steps."""
        return cls(
            np.empty(0), np.empty(0), np.empty(0), np.empty((0, 3)), np.empty(0, np.uint16)
        )


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """What the core is told beforehand; everything else it finds in the signal."""

    exercise: Exercise
    nominal_rate_hz: float | None = None
    acc_range_mps2: float | None = None
    gyr_range_radps: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PipelineOutput:
    """What one call of :meth:`BarPipeline.feed` made known."""

    events: tuple[Event, ...] = ()
    trace: TraceBlock = field(default_factory=TraceBlock.empty)


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """Counts of the stream as received, for the ``sensors`` part of the contract."""

    samples: int
    duration_s: float
    mean_rate_hz: float
    longest_gap_s: float
    saturated_samples: int
    repeated_samples: int


class BarPipeline:
    """Streaming analysis of a bar sensor (one instance per recording or session).

    Feeding the same samples in any chunks gives identical events and traces.
    """

    def __init__(self, config: PipelineConfig, *, keep_traces: bool = False) -> None:
        self.config = config

    def feed(self, chunk: ImuChunk) -> PipelineOutput:
        """Take the next samples; return what became known."""
        return PipelineOutput()

    def finish(self) -> PipelineOutput:
        """End of the stream: close an open set, flush what waited."""
        return PipelineOutput()

    @property
    def sets(self) -> tuple[LiftSet, ...]:
        """All finished sets so far."""
        return ()

    @property
    def facts(self) -> StreamFacts:
        """Facts of the stream so far."""
        return StreamFacts(0, 0.0, 0.0, 0.0, 0, 0)

    def refined_traces(self) -> TraceBlock:
        """Refined (acausal) traces of everything so far; needs ``keep_traces=True``."""
        return TraceBlock.empty()
