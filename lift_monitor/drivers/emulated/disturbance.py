"""The way of a notification past its faults: lost, doubled, overtaken, cut, held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from lift_monitor.drivers.ble.link import BATTERY_LEVEL
from lift_monitor.drivers.emulated.fault_plan import CHANCES, Faults
from lift_monitor.drivers.emulated.peripheral import LONGEST_BYTES, Outgoing


class Disturbance:
    """Where data meets its faults, one notification after another.

    Every notification draws the same number of chances whatever befalls it, so that what
    happens to the tenth does not hang on when the ninth was asked for.
    """

    def __init__(self, faults: Faults, rng: np.random.Generator) -> None:
        self.faults = faults
        self._rng = rng
        self._late: Outgoing | None = None
        self._half: Outgoing | None = None
        self._waiting: list[Outgoing] = []

    def carry(
        self, made: Iterable[Outgoing], now_s: float
    ) -> tuple[list[Outgoing], list[Outgoing]]:
        """Take what the sensor made by now; give what leaves and what of it is lost."""
        lost: list[Outgoing] = []
        passed: list[Outgoing] = []
        for item in made:
            if item.uuid == BATTERY_LEVEL:  # no data
                passed.append(item)
                continue
            chances = dict(zip(CHANCES, self._rng.random(len(CHANCES)), strict=True))
            place, length = self._rng.random(2)
            noise = Outgoing(item.uuid, self._rng.bytes(1 + int(length * len(item.payload))))
            for reordered in self._meet(item, noise, chances, place, now_s, lost):
                for part in _cut(reordered, chances["split"] < self.faults.split, place):
                    passed += self._joined(part, chances["merge"] < self.faults.merge)
        self._waiting += passed
        if len(self._waiting) < self.faults.burst or _within(self.faults.stalls_s, now_s):
            return [], lost
        leaving, self._waiting = self._waiting, []
        return leaving, lost

    def before(self, uuid: str) -> list[Outgoing]:
        """Give what has to leave before an answer of a characteristic does.

        Where notifications are cut, one characteristic is a stream of bytes, and an answer
        that overtook the end of a frame would stand in its middle: no sensor writes so.
        """
        if not self.faults.split:
            return []
        leaving = [item for item in self._waiting if item.uuid == uuid]
        self._waiting = [item for item in self._waiting if item.uuid != uuid]
        if self._half is not None and self._half.uuid == uuid:
            leaving.append(self._half)
            self._half = None
        return leaving

    def clear(self) -> list[Outgoing]:
        """Drop and give everything that waits."""
        waiting = [*self._waiting, *filter(None, (self._half, self._late))]
        self._waiting, self._half, self._late = [], None, None
        return waiting

    def _meet(
        self,
        item: Outgoing,
        noise: Outgoing,
        chances: Mapping[str, float],
        place: float,
        now_s: float,
        lost: list[Outgoing],
    ) -> list[Outgoing]:
        """Let an item be lost, replaced, repeated, overtaken; give what goes on."""
        faults = self.faults
        muted = faults.mute_after_s is not None and now_s >= faults.mute_after_s
        if muted or _within(faults.gaps_s, now_s) or chances["loss"] < faults.loss:
            lost.append(item)
            return []
        out: list[Outgoing] = []
        if chances["garbage"] < faults.garbage:
            out.append(noise)
            if place < 0.5:  # in its place, not before it
                lost.append(item)
                return out
        out += [item, item] if chances["duplicates"] < faults.duplicates else [item]
        if self._late is not None:
            out.append(self._late)
            self._late = None
        elif chances["reorder"] < faults.reorder:
            self._late = out.pop()
        return out

    def _joined(self, item: Outgoing, wait: bool) -> list[Outgoing]:
        """Join an item to the one that waits for it, or let it wait itself."""
        first, self._half = self._half, None
        if first is not None:
            whole = first.payload + item.payload
            if first.uuid == item.uuid and len(whole) <= LONGEST_BYTES:
                return [Outgoing(item.uuid, whole)]
            return [first, item]
        if wait:
            self._half = item
            return []
        return [item]


def _cut(item: Outgoing, cut: bool, place: float) -> list[Outgoing]:
    """Cut an item in two at a place between 0 and 1, or leave it whole."""
    size = len(item.payload)
    if not cut or size < 2:
        return [item]
    at = 1 + int(place * (size - 1))
    return [
        Outgoing(item.uuid, item.payload[:at]),
        Outgoing(item.uuid, item.payload[at:]),
    ]


def _within(spans: tuple[tuple[float, float], ...], now_s: float) -> bool:
    return any(start <= now_s < start + length for start, length in spans)
