"""One lifter's road from packets to events, the same for a file and for a live session.

``analysis`` walks it in big strides and ``station`` packet by packet; how a stream is cut
never changes what comes out.  Packets are decoded one by one; their samples wait until
:meth:`Road.advance` hands them to the signal core together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lift_monitor.drivers.clock import ClockFacts, SessionClock
from lift_monitor.drivers.formats import Decoder, FormatError, make_decoder
from lift_monitor.drivers.packet import LINK, LINK_UP, Packet
from lift_monitor.events import Exercise, LiftSet
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig, PipelineOutput, TraceBlock


@dataclass(frozen=True, slots=True)
class UnreadablePackets:
    """Packets of one sensor whose bytes were not of its format."""

    count: int
    first: str
    """The sentence of the first one; empty if there was none."""


class SensorStream:
    """Decodes one sensor's packets onto the session clock.

    Raises
    ------
    FormatError
        If this version does not know the sensor's format.
    """

    def __init__(self, info: SensorInfo) -> None:
        self.info = info
        self._decoder: Decoder = make_decoder(info)
        self._clock = SessionClock(self._decoder.time_base, info.nominal_rate_hz)
        self._unreadable = 0
        self._first_unreadable = ""

    def decode(self, packet: Packet) -> ImuChunk:
        """Decode one packet; unreadable bytes are counted and give no samples.

        The samples are on the session clock only after :meth:`to_session`.
        """
        if packet.channel == LINK:
            self._link_changed(packet)
            return ImuChunk.empty()
        try:
            return self._decoder.feed(packet)
        except FormatError as error:
            self._refused(error)
            return ImuChunk.empty()

    def decode_all(self, packets: Sequence[Packet]) -> list[ImuChunk]:
        """Decode packets in order: the same samples as :meth:`decode` gives, and faster."""
        chunks = []
        begin = 0
        for number, packet in enumerate(packets):
            if packet.channel == LINK:
                chunks.append(self._decoder.feed_all(packets[begin:number], self._refused))
                self._link_changed(packet)
                begin = number + 1
        return [*chunks, self._decoder.feed_all(packets[begin:], self._refused)]

    def _link_changed(self, packet: Packet) -> None:
        self._decoder.restart()
        if packet.payload == LINK_UP:
            self._clock.reconnected(packet.host_time_ns * 1e-9)

    def _refused(self, error: FormatError) -> None:
        self._unreadable += 1
        self._first_unreadable = self._first_unreadable or str(error)

    def to_session(self, chunk: ImuChunk) -> ImuChunk:
        """Map joined chunks of :meth:`decode`; done together because it costs by the call.

        Samples whose time is not known yet come out later, the last ones of
        :meth:`finish`.
        """
        return self._clock.to_session(chunk)

    def finish(self) -> ImuChunk:
        """End of the stream: the samples that waited for their time."""
        return self._clock.finish()

    @property
    def clock(self) -> ClockFacts:
        """What is known of the sensor's clock so far."""
        return self._clock.facts()

    @property
    def unreadable(self) -> UnreadablePackets:
        """Packets that could not be decoded so far."""
        return UnreadablePackets(self._unreadable, self._first_unreadable)


class Road:
    """Decode, clock and signal core of one lifter's sensors.

    The first sensor on the bar is analysed. Of other sensors the stream's facts and the
    inclination are known; their events are not told, because nothing is claimed of them yet.

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
        self._keep_traces = keep_traces
        self.pipelines = {
            sensor_id: _pipeline(
                stream.info, exercise if stream is self.bar else Exercise.FREE, keep_traces
            )
            for sensor_id, stream in self.streams.items()
        }
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

    def decode_all(self, packets: Iterable[Packet]) -> None:
        """Decode packets together; what comes of it is the same as one by one."""
        by_sensor: dict[str, list[Packet]] = {sensor_id: [] for sensor_id in self.streams}
        for packet in packets:
            if packet.sensor_id in by_sensor:
                by_sensor[packet.sensor_id].append(packet)
        for sensor_id, own in by_sensor.items():
            for chunk in self.streams[sensor_id].decode_all(own):
                if len(chunk):
                    self._held[sensor_id].append(chunk)
                    self._waiting += len(chunk)

    def advance(self) -> PipelineOutput:
        """Hand the held samples to the signal core."""
        output = PipelineOutput()
        for sensor_id, held in self._held.items():
            if not held:
                continue
            stream = self.streams[sensor_id]
            chunk = stream.to_session(ImuChunk.concatenate(held))
            held.clear()
            found = self.pipelines[sensor_id].feed(chunk)
            if stream is self.bar:
                output = found
        self._waiting = 0
        return output

    def finish(self) -> PipelineOutput:
        """End of the stream: hand over what waits and close an open set."""
        outputs = [self.advance()]
        for sensor_id, stream in self.streams.items():
            pipeline = self.pipelines[sensor_id]
            found = [pipeline.feed(stream.finish()), pipeline.finish()]
            if stream is self.bar:
                outputs += found
        return join_outputs(outputs)

    @property
    def sets(self) -> tuple[LiftSet, ...]:
        """All finished sets of the bar so far."""
        return self.pipelines[self.bar.info.sensor_id].sets if self.bar else ()

    def refined_traces(self, stream: SensorStream) -> TraceBlock:
        """Refined traces of a sensor so far; empty unless traces are kept."""
        if not self._keep_traces:
            return TraceBlock.empty()
        return self.pipelines[stream.info.sensor_id].refined_traces()


def _pipeline(info: SensorInfo, exercise: Exercise, keep_traces: bool) -> BarPipeline:
    config = PipelineConfig(
        exercise=exercise,
        nominal_rate_hz=info.nominal_rate_hz,
        acc_range_mps2=info.acc_range_mps2,
        gyr_range_radps=info.gyr_range_radps,
    )
    return BarPipeline(config, keep_traces=keep_traces, sensor=info.role.value)


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
