"""Makes sessions beside the window: the work runs in a thread, the window never waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from lift_monitor.ui.i18n import tr
from lift_monitor.ui.session import LoadedSession, Progress

Work: TypeAlias = Callable[[Progress], LoadedSession]
"""What runs in the thread; ``ValueError`` or ``OSError`` with one clear sentence."""


class _CancelledError(Exception):
    """Raised inside the worker's progress call to end the work early."""


class Loader(QObject):
    """Makes one session at a time; a newer wish replaces the older one."""

    progressed = Signal(int, str, float)
    loaded = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._ticket = 0
        self._threads: list[threading.Thread] = []

    @property
    def ticket(self) -> int:
        """Number of the newest wish; signals of older ones are to be ignored."""
        return self._ticket

    def start(self, what: str, work: Work, failure: str) -> None:
        """Begin to make a session.

        Parameters
        ----------
        what : str
            What is being done; goes with the progress.
        work : callable
        failure : str
            What to say of an unforeseen failure; the error follows in brackets.
        """
        self._ticket += 1
        self._threads = [t for t in self._threads if t.is_alive()]
        thread = threading.Thread(
            target=self._work,
            args=(self._ticket, what, work, failure),
            name="lift-loader",
            daemon=True,
        )
        self._threads.append(thread)
        thread.start()

    def cancel(self) -> None:
        """Give up the present wish; its thread ends at its next report of progress."""
        self._ticket += 1

    def close(self, timeout_s: float = 10.0) -> None:
        """Cancel and wait for the threads."""
        self.cancel()
        for thread in self._threads:
            thread.join(timeout_s)

    def _work(self, ticket: int, what: str, work: Work, failure: str) -> None:
        def progress(share: float) -> None:
            if ticket != self._ticket:
                raise _CancelledError
            self.progressed.emit(ticket, what, float(share))

        try:
            progress(0.0)
            session = work(progress)
        except _CancelledError:
            return
        except (ValueError, OSError) as error:
            self.failed.emit(ticket, str(error) or f"{failure}.")
        except Exception as error:  # noqa: BLE001 - a session must never take the window down
            self.failed.emit(
                ticket,
                tr(
                    "{failure} ({error}); please report this.",
                    failure=failure,
                    error=f"{type(error).__name__}: {error}",
                ),
            )
        else:
            if ticket != self._ticket:
                session.station.close()
                return
            self.loaded.emit(ticket, session)
