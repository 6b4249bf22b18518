"""The attack on one codec, and on the road behind it, with all that is checked."""

from __future__ import annotations

import enum
import math
import sys
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from benchmarks.fuzz_corpus import Case
from benchmarks.fuzz_storm import WEATHERS, Storm, Weather
from benchmarks.fuzz_watchdog import watched
from lift_monitor.drivers.formats import FormatError, TimeBase, make_decoder
from lift_monitor.drivers.formats.base import PacketwiseDecoder
from lift_monitor.drivers.packet import LINK, Packet
from lift_monitor.events import Exercise
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig

STRETCH: Final = 10_000
LEAK_BYTES: Final = 100_000
"""Less than a tenth of a byte a notification is no growth (design default)."""
_AFTER: Final = 60
"""Good notifications that are compared after those that recovery may take."""
_TOGETHER: Final = (1, 2, 7, 40, 150)
_KNOWN_MARKS: Final = np.uint16(~sum(mark.value for mark in Quality) & 0xFFFF)
_FIELDS: Final = tuple(column.name for column in fields(ImuChunk))


class FuzzError(Exception):
    """A codec did what it must not do."""


@dataclass
class Tally:
    """What became of a case."""

    key: str
    case_samples: int = 0
    case_bytes: int = 0
    recovers_after: int = 0
    notifications: int = 0
    timed: int = 0
    refused: int = 0
    samples: int = 0
    most_at_once: int = 0
    recoveries: int = 0
    spent_s: float = 0.0
    most_held: int = 0
    grown: int = 0
    """Bytes by which the most held of the last tenth exceeds that of the first half."""
    leaked: int = 0
    """Bytes that the interpreter allocated over the last stretch and still holds."""
    road_samples: int = 0
    road_steps: int = 0


def held(thing: object) -> int:
    """Bytes that a decoder keeps, however deep; shared objects count as often as they occur."""
    if isinstance(thing, np.ndarray):
        return int(thing.nbytes) + 100
    size = sys.getsizeof(thing)
    if isinstance(thing, str | bytes | bytearray | type | enum.Enum):
        return size
    if isinstance(thing, dict):
        return size + sum(held(key) + held(value) for key, value in thing.items())
    if isinstance(thing, list | tuple | set | frozenset | deque):
        return size + sum(held(item) for item in thing)
    if hasattr(thing, "__dict__"):
        return size + sum(held(value) for value in vars(thing).values())
    return size


class Attack:
    """One case under attack."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.tally = Tally(case.key, case.most_samples, case.most_bytes, case.recovers_after)
        self.storm = Storm(case, seed)
        self._alone = make_decoder(case.info)
        self._together = make_decoder(case.info)
        # A decoder of single packets decodes many by the very same steps.
        self._twice = not isinstance(self._alone, PacketwiseDecoder)
        for packet in case.answers:
            self._alone.feed(packet)
            self._together.feed(packet)

    def stretch(self, count: int, weather: Weather) -> None:
        """Feed hostile notifications, then see that good ones are decoded again."""
        with watched() as alive:
            self._stretch(count, weather, alive)

    def _stretch(self, count: int, weather: Weather, alive: Callable[[], None]) -> None:
        batch: list[Packet] = []
        size = 1
        for number, packet in enumerate(self.storm.packets(count, weather)):
            if number % 1000 == 0:
                alive()
            if packet.channel == LINK or len(batch) >= size:
                self._feed(batch)
                batch.clear()
                size = _TOGETHER[number % len(_TOGETHER)]
            if packet.channel == LINK:
                self._alone.restart()
                self._together.restart()
            else:
                batch.append(packet)
        self._feed(batch)
        held_bytes = held(self._alone)
        if held_bytes > self.case.most_bytes:
            raise FuzzError(f"the decoder holds {held_bytes} bytes")
        self.tally.most_held = max(self.tally.most_held, held_bytes)
        self._recover(weather)

    def _feed(self, batch: Sequence[Packet]) -> None:
        tally = self.tally
        chunks: list[ImuChunk] = []
        sentences: list[str] = []
        for packet in batch:
            begin = time.perf_counter()
            try:
                chunk = self._alone.feed(packet)
            except FormatError as error:
                tally.spent_s += time.perf_counter() - begin
                sentences.append(str(error))
                continue
            tally.spent_s += time.perf_counter() - begin
            n = len(chunk)
            if n:
                if n > self.case.most_samples:
                    raise FuzzError(f"{n} samples came of {packet}")
                tally.most_at_once = max(tally.most_at_once, n)
                tally.samples += n
                chunks.append(chunk)
        tally.notifications += len(batch)
        tally.refused += len(sentences)
        if any(not sentence or sentence.endswith(".") for sentence in sentences):
            raise FuzzError(f"refusals must be one clause without a full stop: {sentences}")
        whole = ImuChunk.concatenate(chunks)
        _look_at(whole)
        if self._twice:
            told: list[str] = []
            together = self._together.feed_all(batch, lambda error: told.append(str(error)))
            if told != sentences or not _same(together, whole):
                parts = [(name, getattr(together, name), getattr(whole, name)) for name in _FIELDS]
                raise FuzzError(f"together it is not as one by one: {parts} {told} {sentences}")

    def _recover(self, weather: Weather) -> None:
        """Good data is decoded again as if nothing had been before it."""
        case = self.case
        fresh = make_decoder(case.info)
        packets = self.storm.calm(case.good[: case.recovers_after + _AFTER])
        for answer in case.answers:
            fresh.feed(answer)
        if weather.answers_too or weather.wild_clock:  # a new connection
            for decoder in (self._alone, self._together):
                decoder.restart()
                for answer in case.answers:
                    decoder.feed(answer)
        wanted = [fresh.feed(packet) for packet in packets]
        attacked = ImuChunk.concatenate([self._good(packet) for packet in packets])
        due = ImuChunk.concatenate(wanted[case.recovers_after :])
        if not len(due):
            raise FuzzError("the good notifications hold no samples")
        if self._twice:
            self._together.feed_all(packets, _no_refusal)
        got = attacked[len(attacked) - len(due) :]
        for name in _FIELDS:
            one, other = getattr(got, name), getattr(due, name)
            if name in ("time_s", "sensor_time_s"):
                if case.wrap_s:
                    shift = one - other
                    one = one - case.wrap_s * np.rint(shift[:1] / case.wrap_s)
                same = np.allclose(one, other, rtol=0.0, atol=2e-6, equal_nan=True)
            else:
                same = np.array_equal(one, other)
            if not same:
                raise FuzzError(
                    f"after the attack {name} is {one[:3]} to {one[-3:]} ({len(one)} samples), "
                    f"it must be {other[:3]} to {other[-3:]} ({len(other)} samples)"
                )
        self.tally.recoveries += 1

    def _good(self, packet: Packet) -> ImuChunk:
        try:
            return self._alone.feed(packet)
        except FormatError:
            return ImuChunk.empty()  # compared with what is due

    def run(self, notifications: int) -> None:
        """Live through all of it."""
        stretches = math.ceil(notifications / STRETCH)
        most: list[int] = []
        before = 0
        for number in range(stretches):
            last = number == stretches - 1
            if number >= stretches - 2:
                if not tracemalloc.is_tracing():
                    tracemalloc.start()
                before = tracemalloc.get_traced_memory()[0]
            spent_s = self.tally.spent_s
            self.tally.most_held = 0
            self.stretch(min(STRETCH, notifications), WEATHERS[number % len(WEATHERS)])
            most.append(self.tally.most_held)
            if tracemalloc.is_tracing():  # which takes longer than what is traced
                self.tally.spent_s = spent_s
            else:
                self.tally.timed = self.tally.notifications
            if last:
                self.tally.leaked = tracemalloc.get_traced_memory()[0] - before
                tracemalloc.stop()
        self.tally.most_held = max(most)
        half = (len(most) + 1) // 2
        self.tally.grown = max(most[-max(1, len(most) // 10) :]) - max(most[:half])
        # Until every weather has been met, what numpy and Python keep for later still comes in.
        warm = stretches > len(WEATHERS) + 2
        if warm and self.tally.leaked > LEAK_BYTES + self.case.most_bytes:
            raise FuzzError(f"{self.tally.leaked} bytes were not given back")


def _no_refusal(_: FormatError) -> None:
    """What is refused here is seen by the other decoder."""


def _look_at(chunk: ImuChunk) -> None:
    if (chunk.quality & _KNOWN_MARKS).any():
        raise FuzzError("a mark is not known")
    if not np.isfinite(chunk.host_time_s).all():
        raise FuzzError("a time of arrival is not finite")
    for name in _FIELDS:
        array = getattr(chunk, name)
        shape = (len(chunk), 3) if name.endswith(("mps2", "radps")) else (len(chunk),)
        if array.shape != shape or array.dtype != (np.uint16 if name == "quality" else np.float64):
            raise FuzzError(f"{name} has shape {array.shape} and type {array.dtype}")


def _same(one: ImuChunk, other: ImuChunk) -> bool:
    return all(
        # A number that is none is one of many; numpy does not promise which.
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name != "quality")
        for name in _FIELDS
    )


def walk_road(case: Case, seed: int, notifications: int, tally: Tally) -> None:
    """Feed hostile notifications to all that a live session does with them.

    The host's clock does not run backwards here: sources see to that.
    """
    with watched() as alive:
        _walk_road(case, seed, notifications, tally, alive)


def _walk_road(
    case: Case, seed: int, notifications: int, tally: Tally, alive: Callable[[], None]
) -> None:
    stream = SensorStream(case.info)
    pipeline = BarPipeline(
        PipelineConfig(
            exercise=Exercise.DEADLIFT,
            nominal_rate_hz=case.info.nominal_rate_hz,
            acc_range_mps2=case.info.acc_range_mps2,
            gyr_range_radps=case.info.gyr_range_radps,
        )
    )
    base = make_decoder(case.info).time_base
    storm = Storm(case, seed)
    newest_s = counted_s = -math.inf
    held_back: list[ImuChunk] = [stream.decode(packet) for packet in case.answers]
    for weather in (Weather(0.05), Weather(0.4), Weather(0.9), Weather(0.05)):
        for number, packet in enumerate(storm.packets(notifications // 4, weather)):
            if number % 1000 == 0:
                alive()
            held_back.append(stream.decode(packet))
            if number % 16 != 15:
                continue
            chunk = stream.to_session(ImuChunk.concatenate([c for c in held_back if len(c)]))
            held_back.clear()
            if len(chunk) and base != TimeBase.SESSION and not np.isfinite(chunk.time_s).all():
                raise FuzzError("a session time is not finite")
            if len(chunk) and base == TimeBase.COUNT:
                if (np.diff(chunk.time_s, prepend=counted_s) < 0).any():
                    raise FuzzError("session time runs backwards")
                counted_s = float(chunk.time_s[-1])
            output = pipeline.feed(chunk)
            tally.road_samples += len(chunk)
            tally.road_steps += len(output.trace)
            steps_s = output.trace.time_s
            if len(output.trace):
                if not np.isfinite(steps_s).all() or (np.diff(steps_s, prepend=newest_s) < 0).any():
                    raise FuzzError("the steps of the analysis are not in order")
                newest_s = float(steps_s[-1])
            if not all(math.isfinite(event.at_s) for event in output.events):
                raise FuzzError("an event has no time")
    pipeline.feed(stream.finish())
    pipeline.finish()
    if not tally.road_steps:
        raise FuzzError("nothing came to the end of the road")
