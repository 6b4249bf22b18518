"""Something that is done beside the window: a sentence comes back, good or bad."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.ui.i18n import tr


class Errand(QObject):
    """Runs one piece of work after another, each in a thread of its own."""

    done = Signal(str)
    """What to say of it."""
    failed = Signal(str)
    """Why it could not be done, in one sentence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: list[threading.Thread] = []

    def run(self, work: Callable[[], str]) -> None:
        """Begin; ``work`` returns what to say, or raises ``ValueError`` with one sentence."""
        self._threads = [t for t in self._threads if t.is_alive()]
        thread = threading.Thread(target=self._work, args=(work,), name="lift-errand")
        self._threads.append(thread)
        thread.start()

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return any(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Wait for what has begun: nothing is left half-written."""
        for thread in self._threads:
            thread.join()

    def _work(self, work: Callable[[], str]) -> None:
        try:
            said = work()
        except (ValueError, OSError, ClinicError) as error:
            self.failed.emit(str(error))
        except Exception as error:  # noqa: BLE001 - it must never take the window down
            self.failed.emit(
                tr(
                    "That could not be done ({error}); please report this.",
                    error=f"{type(error).__name__}: {error}",
                )
            )
        else:
            self.done.emit(said)
