"""Tests that live in real time, on machines that sometimes stand still.

A rate, a silence, what is lost with a link: these are measured against the clock on the wall.
Where a machine gives the tests no processor for a while they come out otherwise, though the
program did right.  So it is measured what the machine took away, and a failure counts only
where it kept pace; elsewhere the test is tried again, and in the end skipped with the reason.
What succeeds counts at any pace.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Final, ParamSpec, Self

import pytest

P = ParamSpec("P")
TRIES: Final = 3
LONGEST_S: Final = 0.1
"""A machine that kept pace took away no more than this at once. Design default: the shortest
stretch by which a test judges is 0.3 s; a machine with nothing else to do takes 0.02 s."""
SHARE: Final = 0.05
"""Nor more than this of the whole. Design default: one other busy program on two cores takes
nothing, two take more than this."""
_STEP_S: Final = 0.02
_FAILURES: Final = (Exception, pytest.fail.Exception)


class Pace:
    """Measures beside a block what the machine took away from this process.

    A thread that sleeps is woken late where the process is not let run. What the process itself
    computed meanwhile is taken off: a program that keeps its own threads waiting is slow, and
    no machine is to blame. Nor does the thread wait for any lock of the program.

    Attributes
    ----------
    longest_s, lost_s, whole_s : float
        Taken away at once, taken away in all, and the length of the block.
    """

    def __init__(self) -> None:
        self.longest_s = self.lost_s = self.whole_s = 0.0
        self._began_s = 0.0
        self._over = False
        self._thread = threading.Thread(target=self._watch, name="test-pace", daemon=True)

    @property
    def kept(self) -> bool:
        """Whether the machine kept pace."""
        return self.longest_s <= LONGEST_S and self.lost_s <= SHARE * self.whole_s

    def __str__(self) -> str:
        return f"{self.longest_s:.2f} s at once, {self.lost_s:.1f} of {self.whole_s:.1f} s in all"

    def __enter__(self) -> Self:
        self._began_s = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over = True
        self._thread.join()
        self.whole_s = time.monotonic() - self._began_s

    def _watch(self) -> None:
        while not self._over:
            began_s, used_s = time.monotonic(), time.process_time()
            time.sleep(_STEP_S)
            own_s = max(_STEP_S, time.process_time() - used_s)
            taken_s = max(0.0, time.monotonic() - began_s - own_s)
            self.longest_s = max(self.longest_s, taken_s)
            self.lost_s += taken_s


def insist(tries: Iterable[tuple[Pace, Callable[[], object]]]) -> None:
    """Have one of several tries succeed.

    What fails on a machine that kept pace is raised at once; where it never did, the test is
    skipped.

    Parameters
    ----------
    tries : iterable
        What to try, with the pace that the machine had kept when it is over.
    """
    slow = []
    for pace, attempt in tries:
        try:
            attempt()
        except _FAILURES:
            if pace.kept:
                raise
            slow.append(str(pace))
        else:
            return
    pytest.skip(f"the machine did not keep pace, it took away {'; '.join(slow)}")


def real_time(test: Callable[P, None]) -> Callable[P, None]:
    """Judge a test only where the machine kept pace (see :func:`insist`).

    Its fixtures are made once for all tries.
    """

    @functools.wraps(test)
    def tried(*arguments: P.args, **named: P.kwargs) -> None:
        def attempt(pace: Pace) -> None:
            with pace:
                test(*arguments, **named)

        paces = [Pace() for _ in range(TRIES)]
        insist((pace, functools.partial(attempt, pace)) for pace in paces)

    return tried
