"""Keys: what each stands for, and when they are left to what has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KEYS: Final = {
    "Space": "play",
    "K": "play",
    "J": "slower",
    "L": "faster",
    "[": "previous",
    "]": "next",
    "Left": "back",
    "Right": "forth",
    "Shift+Left": "second_back",
    "Shift+Right": "second_forth",
    "M": "mark",
    "Q": "quiet",
    "V": "view",
    "C": "calibrate",
    "F": "next_flag",
    "Shift+F": "previous_flag",
    "B": "load",
    "PgDown": "load",  # what a foot pedal sends
    "Shift+B": "load_auto",
    "S": "sensors",
    "P": "people",
    "T": "theme",
    "F11": "full_screen",
    "Esc": "escape",
    "Ctrl+O": "open",
    "Ctrl+E": "end",
}
MOVING: Final = frozenset(
    (
        "play",
        "slower",
        "faster",
        "previous",
        "next",
        "previous_flag",
        "next_flag",
        "back",
        "forth",
        "second_back",
        "second_forth",
    )
)
"""Wishes that move time; where it cannot be moved their keys are left to what has the focus."""


class Keys:
    """The keys of a window, each with the wish it stands for.

    Parameters
    ----------
    window : QWidget
        They are heard wherever the focus is in it.
    do : callable
        Is told the wish.
    """

    def __init__(self, window: QWidget, do: Callable[[str], None]) -> None:
        self._moving: list[QShortcut] = []
        for key, what in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setAutoRepeat(what != "escape")  # held down it leaves one thing, not all
            shortcut.activated.connect(lambda what=what: do(what))
            if what in MOVING:
                self._moving.append(shortcut)

    def let_move(self, movable: bool) -> None:
        """Hear those that move time, or leave them to what has the focus."""
        for shortcut in self._moving:
            shortcut.setEnabled(movable)
