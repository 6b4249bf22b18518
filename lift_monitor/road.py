"""One lifter's road from packets to events, the same for a file and for a live session.

``analysis`` walks it in big strides and ``station`` packet by packet; how a stream is cut
never changes what comes out.  Packets are decoded one by one; their samples wait until
:meth:`Road.advance` hands them to the signal core together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lift_monitor.drivers.clock import ClockFacts, SessionClock
from lift_monitor.drivers.formats import Decoder, FormatError, TimeBase, make_decoder
from lift_monitor.drivers.packet import LINK, LINK_UP, Packet
from lift_monitor.events import Exercise, ExerciseChanged, LiftSet
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.signal.commands import Command, SetExercise
from lift_monitor.signal.load_line import LoadBlock
from lift_monitor.signal.pipeline import (
    BarPipeline,
    PipelineConfig,
    PipelineOutput,
    StreamFacts,
    stream_facts,
)
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.signal.trunk import TrunkPipeline, trunk_sensors
from lift_monitor.signal.trunk_words import TrunkConfig, TrunkOutput
from lift_monitor.technique import LoadChanged


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
    def filed(self) -> bool:
        """Whether the stream is a file whose times are session time already."""
        return self._decoder.time_base is TimeBase.SESSION

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

    The first sensor on the bar is analysed, and with it the first on the thorax and the first
    on the pelvis. Of any other the stream's facts are known and nothing else is claimed.

    Events of one kind come in the order of their times. Which of the bar's and the trunk's
    events come first within one call hangs on how far both had come.

    Parameters
    ----------
    sensors : iterable of SensorInfo
    exercise : Exercise
    trunk : TrunkConfig, optional
        What is known of the person.
    keep_traces : bool
        Keep what refined traces need (grows with the length of the session).
    keep_trunk : bool
        Keep the steps of the trunk (grows as well), for :attr:`trunk` to be assessed.

    Raises
    ------
    FormatError
        If a sensor's format is not known to this version.
    """

    def __init__(
        self,
        sensors: Iterable[SensorInfo],
        exercise: Exercise,
        *,
        trunk: TrunkConfig | None = None,
        keep_traces: bool = False,
        keep_trunk: bool = False,
    ) -> None:
        self.streams = {info.sensor_id: SensorStream(info) for info in sensors}
        infos = [stream.info for stream in self.streams.values()]
        self.bar = next((s for s in self.streams.values() if s.info.role == Role.BAR), None)
        on_trunk = trunk_sensors(infos)
        self.trunk = TrunkPipeline(
            on_trunk,
            trunk,
            exercise=exercise,
            has_bar=self.bar is not None,
            keep_steps=keep_trunk,
        )
        self._trunk_roles = {info.sensor_id: info.role for info in on_trunk}
        self._keep_traces = keep_traces
        self.pipelines = {
            sensor_id: _pipeline(
                stream.info, exercise if stream is self.bar else Exercise.FREE, keep_traces
            )
            for sensor_id, stream in self.streams.items()
            if sensor_id not in self._trunk_roles
        }
        # A file has no arrivals: there is nothing to be late for.
        self._timed = not any(stream.filed for stream in self.streams.values())
        self._now_s: float | None = None
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
        self._until(packet.host_time_ns)
        if packet.channel == LINK:
            self._link_changed(packet)
        chunk = stream.decode(packet)
        if len(chunk):
            self._held[packet.sensor_id].append(chunk)
            self._waiting += len(chunk)
        return chunk

    def decode_all(self, packets: Iterable[Packet]) -> None:
        """Decode packets together; what comes of it is the same as one by one."""
        by_sensor: dict[str, list[Packet]] = {sensor_id: [] for sensor_id in self.streams}
        for packet in packets:
            own = by_sensor.get(packet.sensor_id)
            if own is not None:
                own.append(packet)
                if packet.channel == LINK:
                    self._link_changed(packet)
        newest_ns = max((p.host_time_ns for own in by_sensor.values() for p in own), default=None)
        if newest_ns is not None:
            self._until(newest_ns)
        for sensor_id, own in by_sensor.items():
            for chunk in self.streams[sensor_id].decode_all(own):
                if len(chunk):
                    self._held[sensor_id].append(chunk)
                    self._waiting += len(chunk)

    def _until(self, host_time_ns: int) -> None:
        """Everything that came up to a host time was fed."""
        host_s = host_time_ns * 1e-9
        self._now_s = host_s if self._now_s is None else max(self._now_s, host_s)

    def _link_changed(self, packet: Packet) -> None:
        role = self.streams[packet.sensor_id].info.role
        if packet.sensor_id in self._trunk_roles or self._is_bar(packet.sensor_id):
            self.trunk.link_changed(role, packet.host_time_ns * 1e-9, up=packet.payload == LINK_UP)

    def _is_bar(self, sensor_id: str) -> bool:
        return self.bar is not None and self.bar.info.sensor_id == sensor_id

    def command(self, command: Command) -> None:
        """Calibrate, say the load by hand or change the exercise, at a moment yet to be told."""
        if self.bar is not None and isinstance(command, SetExercise):
            self.pipelines[self.bar.info.sensor_id].command(command)
        self.trunk.command(command)

    @property
    def told_s(self) -> float:
        """Session time after which nothing was told of any sensor; a command lies behind it."""
        reached = [channel.told_s for channel in self.trunk.channels.values()]
        if self.bar is not None:
            reached.append(self.pipelines[self.bar.info.sensor_id].told_s)
        return max([self.trunk.told_s, *reached])

    def advance(self) -> PipelineOutput:
        """Hand the held samples to the signal core."""
        outputs = []
        for sensor_id, held in self._held.items():
            if not held:
                continue
            chunk = self.streams[sensor_id].to_session(ImuChunk.concatenate(held))
            held.clear()
            outputs.append(self._feed(sensor_id, chunk))
        self._waiting = 0
        told = self.trunk.advance(self._now_s if self._timed else None)
        return _told_together(outputs, told)

    def _feed(self, sensor_id: str, chunk: ImuChunk) -> PipelineOutput:
        """Hand samples to their sensor's part of the core; what the bar made of them."""
        if sensor_id in self._trunk_roles:
            self.trunk.feed(self._trunk_roles[sensor_id], chunk)
            return PipelineOutput()
        if not self._is_bar(sensor_id):
            self.pipelines[sensor_id].feed(chunk)
            return PipelineOutput()
        self.trunk.note_bar(chunk)
        return self._of_bar(self.pipelines[sensor_id].feed(chunk))

    def _of_bar(self, found: PipelineOutput) -> PipelineOutput:
        """Pass the load on to the trunk; what is said by hand counts before the bar's word."""
        self.trunk.feed_load(found.load.time_s, found.load.load)
        for event in found.events:
            if isinstance(event, LoadChanged):
                self.trunk.note_load_change(event)
        return replace(
            found,
            events=tuple(
                event
                for event in found.events
                if not (isinstance(event, LoadChanged) and self.trunk.by_hand(event.at_s))
            ),
        )

    def finish(self) -> PipelineOutput:
        """End of the stream: hand over what waits and close an open set."""
        outputs = [self.advance()]
        for sensor_id, stream in self.streams.items():
            outputs.append(self._feed(sensor_id, stream.finish()))
            if self._is_bar(sensor_id):
                outputs.append(self._of_bar(self.pipelines[sensor_id].finish()))
            elif sensor_id in self.pipelines:
                self.pipelines[sensor_id].finish()
        return _told_together(outputs, self.trunk.finish())

    @property
    def sets(self) -> tuple[LiftSet, ...]:
        """All finished sets of the bar so far."""
        return self.pipelines[self.bar.info.sensor_id].sets if self.bar else ()

    def facts(self, sensor_id: str) -> StreamFacts:
        """What is known of a sensor's stream so far."""
        if sensor_id in self._trunk_roles:
            return stream_facts(self.trunk.channels[self._trunk_roles[sensor_id]].counts)
        return self.pipelines[sensor_id].facts

    def refined_traces(self) -> TraceBlock:
        """Refined traces of the bar so far; empty without one, or unless traces are kept."""
        if not self._keep_traces or self.bar is None:
            return TraceBlock.empty()
        return self.pipelines[self.bar.info.sensor_id].refined_traces()


def _told_together(outputs: Sequence[PipelineOutput], trunk: TrunkOutput) -> PipelineOutput:
    joined = join_outputs(outputs)
    events = (*joined.events, *trunk.events)
    if any(isinstance(event, ExerciseChanged) for event in trunk.events):
        # It parts what the bar told of the exercise before from what it tells of the next.
        events = tuple(sorted(events, key=lambda event: event.at_s))
    return replace(
        joined,
        events=events,
        spine=SpineBlock.concatenate(
            [block for block in (joined.spine, trunk.spine) if len(block)]
        ),
    )


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
        spine=SpineBlock.concatenate([part.spine for part in parts if len(part.spine)]),
        load=LoadBlock.concatenate([part.load for part in parts if len(part.load)]),
    )
