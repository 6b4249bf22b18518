"""Tables and texts: what is seen is seen whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import REPETITION_COLUMNS, Table
from lift_monitor.ui.text import Text


@pytest.mark.parametrize("height", [120, 133, 150, 171, 200])
@pytest.mark.parametrize("rows", [1, 5, 12])
def test_the_newest_rows_are_seen_whole(qtbot: QtBot, height: int, rows: int) -> None:
    table = Table("Repetitions", REPETITION_COLUMNS)
    qtbot.addWidget(table)
    table.set_style(Style())
    table.resize(900, height)
    table.show()
    for count in range(1, rows + 1):
        table.show_rows([[(f"{row}.{row}", "")] * len(REPETITION_COLUMNS) for row in range(count)])
    QApplication.processEvents()
    view = table.viewport().height()
    last = rows - 1
    assert table.rowViewportPosition(last) + table.rowHeight(last) <= view
    first = table.rowAt(1)
    assert table.rowViewportPosition(first) == 0


def test_a_text_that_is_whole_or_nothing_is_never_half(qtbot: QtBot) -> None:
    text = Text("provisional", whole_or_nothing=True)
    qtbot.addWidget(text)
    text.show()
    for width, shown in ((300, "provisional"), (40, ""), (300, "provisional")):
        text.resize(width, 20)
        assert text.text() == shown
        assert text.full_text == text.accessibleName() == "provisional"
        assert not text.elided
