"""Remembering what was worked out of a frozen value, as long as it is the very same value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

G = TypeVar("G")
R = TypeVar("R")


class Memory(Generic[G, R]):
    """A function whose results are remembered by the identity of what it was given.

    By identity, since to compare whole histories would cost more than to work them out. Every
    value stays alive while it is remembered, so no other one can take its place in memory. The
    result is the same with and without it.

    Parameters
    ----------
    work
        Pure, of one frozen value.
    size
        Values at most; all are let go when there would be more.
    """

    def __init__(self, work: Callable[[G], R], size: int) -> None:
        self._work = work
        self._size = size
        self._known: dict[int, tuple[G, R]] = {}

    def of(self, value: G) -> R:
        """The result of a value."""
        kept = self._known.get(id(value))
        if kept is not None and kept[0] is value:
            return kept[1]
        result = self._work(value)
        if len(self._known) >= self._size:
            self._known.clear()
        self._known[id(value)] = (value, result)
        return result
