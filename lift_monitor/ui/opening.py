"""The application object of Qt, or one sentence where no window can be opened."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

_BAD_INPUT: Final = 2
_CURSOR: Final = "libxcb-cursor0"
_NO_LIBRARY: Final = (
    f"No window can be opened: a system library is missing, most likely {_CURSOR}; install what "
    'stands under "If Qt does not start" in the README.'
)
_NO_DISPLAY: Final = (
    "No window can be opened on the display of this session; sign in at the computer's own "
    'screen, or look under "If Qt does not start" in the README.'
)


def open_application(name: str) -> QApplication:
    """Make the application object.

    Where Qt finds no display it ends the process; then one sentence stands on stderr, and the
    exit status is 2.
    """
    said: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
        said.append(text or "")
        if kind is QtMsgType.QtFatalMsg:
            _end(said)

    before = qInstallMessageHandler(hear)
    try:
        app = QApplication([name])
    finally:
        qInstallMessageHandler(before)
    for text in said:
        _say(text)
    return app


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):  # there may be no stderr
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def _end(said: list[str]) -> None:
    """End the process before Qt aborts it, which would leave a core file and no sentence."""
    # Qt names the library whenever its X11 plugin gives up; one that was loaded says more.
    told = "\n".join(said)
    missing = _CURSOR in told and "connect to display" not in told
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    _say(_NO_LIBRARY if missing else _NO_DISPLAY)
    os._exit(_BAD_INPUT)
