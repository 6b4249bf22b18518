"""Why something is decided otherwise: reasons that are given often, at one press."""

from __future__ import annotations

from typing import Final

from lift_monitor.ui.fields import LineField
from lift_monitor.ui.flow.flow_grid import FlowGrid
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.text import Button

REASON_LENGTH: Final = 200


def _reasons() -> tuple[str, ...]:
    return (
        tr("tired today"),
        tr("technique not ready"),
        tr("pain reported"),
        tr("plates not at hand"),
        tr("patient's wish"),
        tr("slept badly or ill"),
    )


def reason_line() -> LineField:
    """A line for a reason in words."""
    return LineField(tr("Reason"), tr("Why? It is recorded."), REASON_LENGTH)


def said(line: LineField) -> str:
    """What a line says, without needless blanks; empty if nothing."""
    return " ".join(line.text().split())


class QuickReasons(FlowGrid):
    """Buttons that add their words to a line.

    Parameters
    ----------
    line : LineField
    """

    def __init__(self, line: LineField) -> None:
        super().__init__()
        self._line = line
        self.buttons: list[Button] = []
        for words in _reasons():
            button = Button(words, tr("Reason: {why}", why=words))
            button.clicked.connect(lambda _=False, words=words: self._take(words))
            self.buttons.append(button)
        self.set_items(list(self.buttons))

    def _take(self, words: str) -> None:
        before = self._line.text().strip()
        self._line.setText(f"{before}, {words}" if before else words)
        self._line.setFocus()
