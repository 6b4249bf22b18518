"""What nobody foresaw is told on the screen, not only where the program was started from.

Qt prints what is raised in a slot and goes on. A screen that goes on without what that slot
was to show looks as if nothing had happened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from lift_monitor.ui.i18n import tr

_LONGEST = 120


@contextmanager
def telling(show: Callable[[str], None]) -> Iterator[None]:
    """Have whatever is raised and not caught shown as one sentence; it is printed as well.

    Parameters
    ----------
    show
        Takes the sentence, in the thread of the window.
    """
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        if isinstance(error, Exception):
            show(sentence(error))

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = before


def sentence(error: Exception) -> str:
    """What a clinician is told of an error that nobody foresaw."""
    said = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".: ")
    if len(said) > _LONGEST:
        said = f"{said[: _LONGEST - 1]}…"
    return tr(
        "Something failed that was not foreseen ({error}); what is shown may be out of date. "
        "Watch the lifter, and close and open lift-monitor again after the set."
    ).format(error=said)
