"""Measure the session clock against known truth: ``python -m benchmarks.clocks``.

A sensor samples by a clock that is fast or slow, packs its samples, and sends them over a
link that knows only connection events: notifications wait for the next one, several may
leave in one, some never arrive, and at times the link stalls and then delivers everything
at once.  The true time of every sample is known.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lift_monitor.drivers.clock import SessionClock
from lift_monitor.drivers.formats import TimeBase, open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk
from lift_monitor.units import FloatArray

_WRAP_US = 1 << 32
_WRAP_AFTER_S = 7.0
TAPS_FROM_S = 5.0
"""A tap check is made when the sensors have been running for a while."""
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "clocks.md"


@dataclass(frozen=True, slots=True)
class Link:
    """A sensor and its radio link, as far as time is concerned."""

    rate_hz: float = 100.0
    samples_per_packet: int = 1
    drift: float = 0.0
    """How much faster the sensor's clock runs than the host's; 0.01 is one per cent."""
    interval_s: float = 0.015
    """Time between two connection events."""
    burst: int = 1
    """Notifications that wait for each other before they leave in one event."""
    per_event: int | None = None
    """Most notifications that one event takes; what is too many waits for the next."""
    loss: float = 0.0
    stalls_per_min: float = 0.0
    stall_s: tuple[float, float] = (0.2, 0.5)
    latency_s: float = 0.002
    """Shortest time from a sample to its arrival; nobody can observe it."""
    jitter_s: float = 0.002
    """Mean of the host's own delay, which is exponential."""
    seconds: float = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """What arrived of a sensor's samples, one entry a packet."""

    first: FloatArray
    """Number of each packet's first sample, lost ones counted."""
    arrival_s: FloatArray
    link: Link
    true_start_s: float

    def true_s(self) -> FloatArray:
        """True time of every sample that arrived."""
        size = self.link.samples_per_packet
        number = (self.first[:, None] + np.arange(size)).ravel()
        return self.true_start_s + number / (self.link.rate_hz * (1.0 + self.link.drift))


def send(link: Link, seed: int) -> Sent:
    """Let a sensor send for a while; the same seed gives the same arrivals."""
    rng = np.random.default_rng([seed, 5])
    size = link.samples_per_packet
    rate_hz = link.rate_hz * (1.0 + link.drift)
    count = int(link.seconds * rate_hz / size)
    start_s = 0.3 + rng.uniform(0.0, 0.1)
    first = np.arange(count, dtype=np.float64) * size
    ready_s = start_s + (first + size - 1) / rate_hz + link.latency_s
    leave_s = ready_s.copy()
    at = 0
    while at < count:  # bursts of two to eight where eight are allowed
        together = int(rng.integers(max(1, link.burst // 4), link.burst + 1))
        leave_s[at : at + together] = ready_s[min(at + together, count) - 1]
        at += together
    for begin_s in rng.uniform(
        0.0, link.seconds, rng.poisson(link.stalls_per_min * link.seconds / 60)
    ):
        end_s = begin_s + rng.uniform(*link.stall_s)
        leave_s[(leave_s >= begin_s) & (leave_s < end_s)] = end_s
    phase_s = rng.uniform(0.0, link.interval_s)
    event = np.ceil((leave_s - phase_s) / link.interval_s)
    if link.per_event is not None:
        taken: dict[float, int] = {}
        number = event[0]
        for k in range(count):
            number = max(number, event[k])
            while taken.get(number, 0) >= link.per_event:
                number += 1.0
            taken[number] = taken.get(number, 0) + 1
            event[k] = number
    numbers, which = np.unique(event, return_inverse=True)
    host_s = link.jitter_s * rng.exponential(size=numbers.shape)
    arrival_s = phase_s + event * link.interval_s + host_s[which]
    # Notifications of one event reach the program one after the other.
    place = np.arange(count) - np.searchsorted(which, which)
    arrival_s = np.maximum.accumulate(arrival_s + 2e-4 * place)
    kept = rng.random(count) >= link.loss
    return Sent(first[kept], np.rint(arrival_s[kept] * 1e9) * 1e-9, link, start_s)


def packets(sent: Sent) -> Iterator[Packet]:
    """The packets in the open IMU format; the 32-bit clock wraps on the way."""
    link = sent.link
    size = link.samples_per_packet
    still = np.zeros((size, 3))
    for first, arrival_s in zip(sent.first.tolist(), sent.arrival_s.tolist(), strict=True):
        stamp_us = _WRAP_US - round(_WRAP_AFTER_S * 1e6) + round(first / link.rate_hz * 1e6)
        payload = open_imu.encode(
            int(first), stamp_us, round(1e6 / link.rate_hz), still, still, 0.01, 0.01
        )
        yield Packet("s", open_imu.CHANNEL, round(arrival_s * 1e9), payload)


def received(sent: Sent, base: TimeBase) -> ImuChunk:
    """Decoded samples, not yet on the session clock."""
    if base == TimeBase.SENSOR:
        return open_imu.OpenImuDecoder().feed_all(list(packets(sent)), lambda _: None)
    size = sent.link.samples_per_packet
    n = sent.first.shape[0] * size
    nothing = np.full(n, np.nan)
    return ImuChunk.build(
        nothing,
        np.zeros((n, 3)),
        np.zeros((n, 3)),
        host_time_s=np.repeat(sent.arrival_s, size),
    )


def mapped(chunk: ImuChunk, base: TimeBase, nominal_rate_hz: float | None) -> ImuChunk:
    """The samples on the session clock."""
    clock = SessionClock(base, nominal_rate_hz)
    return ImuChunk.concatenate([clock.to_session(chunk), clock.finish()])


def errors_s(
    link: Link, base: TimeBase, seed: int, *, nominal: bool = True
) -> tuple[FloatArray, FloatArray]:
    """True sample times and how much later than them the samples were laid."""
    sent = send(link, seed)
    true_s = sent.true_s()
    chunk = mapped(received(sent, base), base, link.rate_hz if nominal else None)
    if len(chunk) != true_s.shape[0]:
        raise ValueError(f"{len(chunk)} of {true_s.shape[0]} samples came out of the clock")
    return true_s, chunk.time_s - true_s


def rms_ms(error_s: FloatArray) -> float:
    return 1e3 * float(np.sqrt(np.mean(error_s**2)))


def taps_ms(one: Link, other: Link, base: TimeBase, seed: int, taps: int = 50) -> FloatArray:
    """How far apart two sensors see the same taps, at random times from :data:`TAPS_FROM_S` on."""
    at_s = np.random.default_rng([seed, 6]).uniform(TAPS_FROM_S, one.seconds - 1.0, taps)
    seen = [
        np.interp(at_s, *errors_s(link, base, 2 * seed + k)) for k, link in enumerate((one, other))
    ]
    return np.asarray(1e3 * np.abs(seen[0] - seen[1]))


def rows(base: TimeBase, links: list[Link], seeds: range) -> list[str]:
    """One line of the table a link."""
    lines = []
    for link in links:
        found = [errors_s(link, base, seed) for seed in seeds]
        whole = [rms_ms(error_s) for _, error_s in found]
        later = [rms_ms(error_s[true_s > true_s[0] + 5.0]) for true_s, error_s in found]
        twin = replace(link, drift=-link.drift)
        apart = np.concatenate([taps_ms(link, twin, base, seed) for seed in seeds])
        limit = "" if link.per_event is None else f", {link.per_event} at most"
        lines.append(
            f"| {link.rate_hz:.0f} | {link.samples_per_packet} | {100 * link.drift:+.3g} % "
            f"| {1e3 * link.interval_s:.3g} | {link.burst}{limit} | {100 * link.loss:.0f} % "
            f"| {link.stalls_per_min:.0f} | {np.mean(whole):.1f} | {max(whole):.1f} "
            f"| {np.mean(later):.1f} | {np.sqrt(np.mean(apart**2)):.1f} "
            f"| {np.quantile(apart, 0.95):.1f} |"
        )
    return lines


HEAD = [
    (
        "| Hz | samples a packet | drift | interval ms | burst | loss | stalls a min "
        "| RMS | worst | after 5 s | taps RMS | taps 95 % |"
    ),
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
]
_FAULTY = Link(loss=0.05, stalls_per_min=3.0)
_SHAPES = (
    replace(_FAULTY, interval_s=0.0075),
    replace(_FAULTY, interval_s=0.015, burst=8),
    replace(_FAULTY, interval_s=0.05),
)


def links() -> list[Link]:
    """The table's links: the usual, then the hard."""
    found = [
        replace(shape, rate_hz=rate_hz, samples_per_packet=size, drift=drift)
        for rate_hz, size in ((50.0, 1), (100.0, 1), (200.0, 1), (100.0, 3), (100.0, 4), (200.0, 8))
        for shape in _SHAPES
        for drift in (0.01, -0.01)
    ]
    return [
        Link(drift=0.0001),
        Link(drift=0.0001, interval_s=0.05),
        Link(drift=0.01, burst=8, stalls_per_min=3.0),
        Link(drift=0.01, samples_per_packet=3, interval_s=0.05, stalls_per_min=3.0),
        *found,
        replace(_FAULTY, samples_per_packet=8, drift=0.01, interval_s=0.015, burst=4),
        replace(_FAULTY, rate_hz=50.0, samples_per_packet=8, drift=0.01, interval_s=0.05),
        replace(_FAULTY, rate_hz=50.0, samples_per_packet=8, drift=0.01, burst=2),
        replace(_FAULTY, drift=0.01, interval_s=0.05, per_event=8),
        replace(_FAULTY, rate_hz=50.0, drift=0.01, interval_s=0.05, per_event=3),
    ]


def main() -> None:
    """Measure, and write the tables into the page or print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--print", action="store_true", help="print, do not write")
    arguments = parser.parse_args()
    text = PAGE.read_text("utf-8")
    for base, title in ((TimeBase.SENSOR, "with"), (TimeBase.COUNT, "without")):
        table = "\n".join([*HEAD, *rows(base, links(), range(arguments.seeds))])
        if arguments.print:
            print(f"{title} a clock\n{table}\n")
        begin, end = f"<!-- table: {title} a clock -->\n", "\n<!-- end -->"
        before, rest = text.split(begin)
        text = before + begin + table + rest[rest.index(end) :]
    if not arguments.print:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
