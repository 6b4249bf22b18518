"""A session that is being made: told in the banner, and given up there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lift_monitor.ui.banner import Banner
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.loading import Loader
from lift_monitor.ui.session import BeginSession, LoadedSession, OpenFile, SessionChoice


class Awaited(QObject):
    """Makes one session at a time beside the window and says in the banner how it goes."""

    arrived = Signal(object)
    """A :class:`LoadedSession`; its station is not started yet."""
    failed = Signal(str)
    """Why there is none; the banner shows it."""
    given_up = Signal()

    def __init__(self, banner: Banner) -> None:
        super().__init__(banner)
        self._banner = banner
        self._loader = Loader()
        self._loader.progressed.connect(self._progressed)
        self._loader.loaded.connect(self._loaded)
        self._loader.failed.connect(self._failed)
        banner.dismissed.connect(self._dismissed)

    def begin(self, begin: BeginSession, choice: SessionChoice) -> None:
        """Make a live session; a newer wish replaces the older one."""
        self._loader.start(
            tr("Beginning the session"),
            lambda _progress: begin(choice),
            tr("The session could not begin"),
        )

    def open(self, opener: OpenFile, path: Path) -> None:
        """Open a file; a newer wish replaces the older one."""
        self._loader.start(
            tr("Opening {file}", file=path.name),
            lambda progress: opener(path, progress),
            tr("{file} could not be opened", file=path.name),
        )

    def close(self) -> None:
        """Give up and wait for the threads."""
        self._loader.close()

    def fail(self, sentence: str) -> None:
        """Tell that it came to nothing after all."""
        self._banner.show_error(sentence)
        self.failed.emit(sentence)

    def _progressed(self, ticket: int, what: str, share: float) -> None:
        if ticket == self._loader.ticket:
            self._banner.show_progress(what, share)

    def _loaded(self, ticket: int, session: LoadedSession) -> None:
        if ticket != self._loader.ticket:
            session.station.close()
            return
        self._banner.hide()
        self.arrived.emit(session)

    def _failed(self, ticket: int, sentence: str) -> None:
        if ticket == self._loader.ticket:
            self.fail(sentence)

    def _dismissed(self) -> None:
        if self._banner.busy:
            self._loader.cancel()
            self.given_up.emit()
