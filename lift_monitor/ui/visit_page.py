"""A session of the programme without a live screen: the day, and beside it what is asked."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, tight
from lift_monitor.ui.visit_desk import VisitDesk

_SHARES: Final = (17, 83)
"""As on the live screen, so that nothing moves when the sensors are done."""


class VisitPage(QWidget, Styled):
    """Takes the panels of a desk in when there is no live screen for them."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Session"))
        self._row = tight(QHBoxLayout(self))

    def set_style(self, style: Style) -> None:
        """Take the gap."""
        self._row.setSpacing(style.px(tokens.GAP))

    def take(self, desk: VisitDesk) -> None:
        """Take over the panels of a desk, wherever they were."""
        for panel, share in zip((desk.flow.aside, desk.flow.pane), _SHARES, strict=True):
            panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._row.addWidget(panel, share)
            panel.show()

    def clear(self) -> None:
        """Let the panels go: the session is over."""
        while (item := self._row.takeAt(0)) is not None:
            panel = item.widget()
            if panel is not None:
                panel.hide()
                panel.deleteLater()
