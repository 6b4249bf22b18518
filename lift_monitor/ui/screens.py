"""Which screen is shown: the pages of a window, and the views of a session while there is one."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QStackedWidget, QWidget

_LIVE: Final = ("clinician", "lifter")
"""Views of a session, to one of which everything else leads back."""


class Screens:
    """A stack of screens, each known by its name.

    Parameters
    ----------
    stack : QStackedWidget
    view : str
        ``clinician`` or ``lifter``, in which a session is shown first.
    """

    def __init__(self, stack: QStackedWidget, view: str) -> None:
        self._stack = stack
        self._named: dict[str, QWidget] = {}
        self.view = view
        """The view of a session that was shown last."""

    @property
    def shown(self) -> QWidget | None:
        """What is on the screen."""
        return self._stack.currentWidget()

    def add(self, name: str, screen: QWidget) -> None:
        """Give a screen its name."""
        self._named[name] = screen
        self._stack.addWidget(screen)

    def drop(self, name: str) -> None:
        """Do away with a screen, if there is one of that name."""
        screen = self._named.pop(name, None)
        if screen is not None:
            self._stack.removeWidget(screen)
            screen.hide()
            screen.deleteLater()

    def show(self, name: str) -> bool:
        """Bring a screen to the front; false if there is none of that name."""
        screen = self._named.get(name)
        if screen is None:
            return False
        if name in _LIVE:
            self.view = name
        self._stack.setCurrentWidget(screen)
        return True
