"""The list of sensors: a row each in a place that it keeps, whatever its numbers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lift_monitor.sensors.words import SensorCard
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.sensor_words import COLUMNS, sensor_row, was_tapped
from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import Table

_ROW_HEIGHT = 48
_TAPPED = Qt.ItemDataRole.UserRole
_WARNS = "▲"
"""Begins a second line that the colour of the cell is meant for."""
_STRONG_COLUMNS = (0, 2)
"""Who it is and how its link stands are read first."""


class _TwoLines(QStyledItemDelegate):
    """Paints a cell of two lines: the first in its colour, the second small and quiet."""

    def __init__(self, table: SensorTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, marks and text."""
        style, item = self._table.style_now, self._table.item(index.row(), index.column())
        if item is None:
            return
        look: Any = option  # its fields are missing from Qt's type stubs
        box, left = QRectF(look.rect), index.column() == 0
        chosen = bool(look.state & QStyle.StateFlag.State_Selected)
        tapped = bool(item.data(_TAPPED))
        painter.save()
        if chosen or tapped:
            painter.fillRect(box, style.colour("raised"))
        if left and (chosen or tapped):
            mark = QRectF(box)
            mark.setWidth(style.px(5))
            painter.fillRect(mark, style.colour("info" if tapped else "text"))
        painter.setPen(style.colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        first, _, second = item.text().partition("\n")
        weight = "semibold" if index.column() in _STRONG_COLUMNS else "regular"
        large, small = style.font(tokens.TEXT, weight), style.font(tokens.TEXT_SMALL)
        colour = item.foreground().color()
        warns_below = second.startswith(_WARNS)
        lines = [(first, large, style.colour("text") if warns_below else colour)]
        if second:
            quiet = style.colour("info" if tapped and index.column() == 2 else "muted")
            lines.append((second, small, colour if warns_below else quiet))
        heights = [QFontMetricsF(font).height() for _, font, _ in lines]
        box.setLeft(box.left() + style.px(12))
        y = box.top() + (box.height() - sum(heights)) / 2
        for (text, font, colour), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            painter.setPen(colour)
            cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(
                QRectF(box.left(), y, box.width(), height), Qt.AlignmentFlag.AlignVCenter, cut
            )
            y += height
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The table decides."""
        return QSize(10, 10)


class SensorTable(Table):
    """Sensors in the order in which they came; one of them is chosen."""

    key_chosen = Signal(str)
    """Another sensor was chosen; empty if there is none."""

    def __init__(self) -> None:
        super().__init__(tr("Sensors"), COLUMNS, row_height=_ROW_HEIGHT, follow=False)
        self.style_now = Style()
        self.keys: list[str] = []
        self.setItemDelegate(_TwoLines(self))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        self.horizontalHeader().setDefaultAlignment(left)
        self.itemSelectionChanged.connect(lambda: self.key_chosen.emit(self.chosen_key))

    def set_style(self, style: Style) -> None:
        """Take fonts, colours and column widths."""
        self.style_now = style
        super().set_style(style)
        t = style.theme
        self.horizontalHeader().setStyleSheet(
            f"QHeaderView::section {{ background: transparent; color: {t.muted}; border: none;"
            f" border-bottom: 1px solid {t.line}; padding: 0 0 4px {style.px(10)}px; }}"
        )

    def _share(self, column: int) -> float:
        return 0.4 if column == 0 else 0.6 / (self.columnCount() - 1)

    @property
    def chosen_key(self) -> str:
        """Key of the chosen sensor, empty if there is none."""
        rows = self.selectionModel().selectedRows()
        return self.keys[rows[0].row()] if rows and rows[0].row() < len(self.keys) else ""

    def choose(self, key: str) -> None:
        """Choose a sensor."""
        if key in self.keys:
            self.selectRow(self.keys.index(key))

    def show_cards(self, cards: Sequence[SensorCard]) -> None:
        """Show the sensors; those that are new come last, so that no row moves under a finger."""
        by_key = {card.key: card for card in cards}
        chosen = self.chosen_key
        kept = [key for key in self.keys if key in by_key]
        keys = kept + [card.key for card in cards if card.key not in set(kept)]
        moved, self.keys = keys != self.keys, keys
        self.show_rows([sensor_row(by_key[key]) for key in keys])
        for row, key in enumerate(keys):
            tapped = was_tapped(by_key[key])
            for column in range(self.columnCount()):
                item = self.item(row, column)
                if item is not None and bool(item.data(_TAPPED)) != tapped:
                    item.setData(_TAPPED, tapped)
        if moved or not chosen:
            self.choose(chosen if chosen in by_key else keys[0] if keys else "")
            self.key_chosen.emit(self.chosen_key)
