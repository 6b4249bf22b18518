"""One lifter's road from packets to events, the same for a file and for a live session.

``analysis`` walks it in big strides and ``station`` packet by packet; how a stream is cut
never changes what comes out.  Packets are decoded one by one; their samples wait until
:meth:`Road.advance` hands them to the signal core together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lift_monitor.drivers.clock import SessionClock
from lift_monitor.drivers.formats import Decoder, FormatError, make_decoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.events import Exercise
from lift_monitor.samples import ImuChunk, Quality, Role, SensorInfo
from lift_monitor.signal.pipeline import (
    BarPipeline,
    PipelineConfig,
    PipelineOutput,
    StreamFacts,
    TraceBlock,
)

_SATURATED = Quality.ACC_SATURATED | Quality.GYR_SATURATED


@dataclass(frozen=True, slots=True)
class UnreadablePackets:
    """Packets of one sensor whose bytes were not of its format."""

    count: int
    first: str
    """The sentence of the first one; empty if there was none."""


class SensorStream:
    """Decodes one sensor's packets onto the session clock and counts what came.

    Raises
    ------
    FormatError
        If this version does not know the sensor's format.
    """

    def __init__(self, info: SensorInfo) -> None:
        self.info = info
        self._decoder: Decoder = make_decoder(info.format)
        self._clock = SessionClock(info.nominal_rate_hz)
        self._unreadable = 0
        self._first_unreadable = ""
        self._samples = 0
        self._saturated = 0
        self._repeated = 0
        self._first_s = self._last_s = float("nan")
        self._longest_gap_s = 0.0

    def decode(self, packet: Packet) -> ImuChunk:
        """Decode one packet; unreadable bytes are counted and give no samples.

        The samples are on the session clock only after :meth:`to_session`.
        """
        try:
            chunk = self._decoder.feed(packet)
        except FormatError as error:
            self._unreadable += 1
            self._first_unreadable = self._first_unreadable or str(error)
            return ImuChunk.empty()
        if len(chunk) and not self._clock.anchored:
            mapped = self._clock.to_session(chunk)
            if not self._clock.anchored:  # no sensor clock: laid by count, packet by packet
                return mapped
        return chunk

    def to_session(self, chunk: ImuChunk) -> ImuChunk:
        """Map joined chunks of :meth:`decode`; done together because it costs by the call."""
        return self._clock.to_session(chunk) if self._clock.anchored else chunk

    def count(self, chunk: ImuChunk) -> None:
        """Take samples into :attr:`facts`."""
        if len(chunk) == 0:
            return
        times = np.concatenate([[self._last_s], chunk.time_s])
        steps = np.diff(times[np.isfinite(times)])
        self._longest_gap_s = max(self._longest_gap_s, float(steps.max(initial=0.0)))
        if self._samples == 0:
            self._first_s = float(chunk.time_s[0])
        self._last_s = float(np.fmax(np.nanmax(chunk.time_s), self._last_s))
        self._samples += len(chunk)
        self._saturated += int(np.count_nonzero(chunk.quality & np.uint16(_SATURATED)))
        self._repeated += int(np.count_nonzero(chunk.quality & np.uint16(Quality.REPEATED)))

    @property
    def unreadable(self) -> UnreadablePackets:
        """Packets that could not be decoded so far."""
        return UnreadablePackets(self._unreadable, self._first_unreadable)

    @property
    def facts(self) -> StreamFacts:
        """Counts of the samples so far."""
        duration_s = self._last_s - self._first_s if self._samples > 1 else 0.0
        return StreamFacts(
            samples=self._samples,
            duration_s=duration_s,
            mean_rate_hz=(self._samples - 1) / duration_s if duration_s > 0 else 0.0,
            longest_gap_s=self._longest_gap_s,
            saturated_samples=self._saturated,
            repeated_samples=self._repeated,
        )


class Road:
    """Decode, clock and signal core of one lifter's sensors.

    The first sensor on the bar is analysed; other sensors are decoded and counted.

    Parameters
    ----------
    sensors : iterable of SensorInfo
    exercise : Exercise
    keep_traces : bool
        Keep what refined traces need (grows with the length of the session).

    Raises
    ------
    FormatError
        If a sensor's format is not known to this version.
    """

    def __init__(
        self, sensors: Iterable[SensorInfo], exercise: Exercise, *, keep_traces: bool = False
    ) -> None:
        self.streams = {info.sensor_id: SensorStream(info) for info in sensors}
        self.bar = next((s for s in self.streams.values() if s.info.role == Role.BAR), None)
        info = self.bar.info if self.bar else None
        self._keep_traces = keep_traces
        self.pipeline = BarPipeline(
            PipelineConfig(
                exercise=exercise,
                nominal_rate_hz=info.nominal_rate_hz if info else None,
                acc_range_mps2=info.acc_range_mps2 if info else None,
                gyr_range_radps=info.gyr_range_radps if info else None,
            ),
            keep_traces=keep_traces,
        )
        self._held: dict[str, list[ImuChunk]] = {sensor_id: [] for sensor_id in self.streams}
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Decoded samples that wait for :meth:`advance`."""
        return self._waiting

    def decode(self, packet: Packet) -> ImuChunk:
        """Decode one packet and hold its samples; packets of unknown sensors are ignored."""
        stream = self.streams.get(packet.sensor_id)
        if stream is None:
            return ImuChunk.empty()
        chunk = stream.decode(packet)
        if len(chunk):
            self._held[packet.sensor_id].append(chunk)
            self._waiting += len(chunk)
        return chunk

    def advance(self) -> PipelineOutput:
        """Hand the held samples to the signal core."""
        output = PipelineOutput()
        for sensor_id, held in self._held.items():
            if not held:
                continue
            stream = self.streams[sensor_id]
            chunk = stream.to_session(ImuChunk.concatenate(held))
            held.clear()
            stream.count(chunk)
            if stream is self.bar:
                output = self.pipeline.feed(chunk)
        self._waiting = 0
        return output

    def finish(self) -> PipelineOutput:
        """End of the stream: hand over what waits and close an open set."""
        return join_outputs([self.advance(), self.pipeline.finish()])

    def facts_of(self, stream: SensorStream) -> StreamFacts:
        """Facts of one sensor: by the signal core for the bar, else by count."""
        return self.pipeline.facts if stream is self.bar else stream.facts

    def refined_traces(self) -> TraceBlock:
        """Refined traces of everything so far; empty unless traces are kept."""
        return self.pipeline.refined_traces() if self._keep_traces else TraceBlock.empty()


def join_traces(blocks: Iterable[TraceBlock]) -> TraceBlock:
    """Join trace blocks in the order given."""
    return TraceBlock.concatenate([block for block in blocks if len(block)])


def join_outputs(outputs: Iterable[PipelineOutput]) -> PipelineOutput:
    """Join outputs in the order given."""
    parts = list(outputs)
    return PipelineOutput(
        events=tuple(event for part in parts for event in part.events),
        trace=join_traces(part.trace for part in parts),
    )
