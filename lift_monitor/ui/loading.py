"""Opens files beside the window: the work runs in a thread, the window never waits."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lift_monitor.ui.i18n import tr
from lift_monitor.ui.session import LoadedSession, OpenFile


class _CancelledError(Exception):
    """Raised inside the worker's progress call to end the work early."""


class Loader(QObject):
    """Opens one file at a time; a newer wish replaces the older one."""

    progressed = Signal(int, str, float)
    loaded = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self, open_file: OpenFile) -> None:
        super().__init__()
        self._open_file = open_file
        self._ticket = 0
        self._threads: list[threading.Thread] = []

    @property
    def ticket(self) -> int:
        """Number of the newest wish; signals of older ones are to be ignored."""
        return self._ticket

    def open(self, path: Path) -> None:
        """Begin to open a file."""
        self._ticket += 1
        self._threads = [t for t in self._threads if t.is_alive()]
        thread = threading.Thread(
            target=self._work, args=(self._ticket, path), name="lift-loader", daemon=True
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

    def _work(self, ticket: int, path: Path) -> None:
        def progress(share: float) -> None:
            if ticket != self._ticket:
                raise _CancelledError
            self.progressed.emit(ticket, path.name, float(share))

        try:
            progress(0.0)
            session: LoadedSession = self._open_file(path, progress)
        except _CancelledError:
            return
        except (ValueError, OSError) as error:
            self.failed.emit(ticket, str(error) or tr("The file could not be opened."))
        except Exception as error:  # noqa: BLE001 - a file must never take the window down
            self.failed.emit(
                ticket,
                tr(
                    "{file} could not be opened ({error}); please report this with the file.",
                    file=path.name,
                    error=f"{type(error).__name__}: {error}",
                ),
            )
        else:
            if ticket != self._ticket:
                session.station.close()
                return
            self.loaded.emit(ticket, session)
