"""A table of words: columns from the left, the last ones take the room; nothing is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QTableWidgetItem

from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import Cell, Table

_ROLE_OF = {"ok": "ok_text", "stop": "stop_text"}
"""Roles of words whose colour in a table is a lighter relative."""


class ListTable(Table):
    """Rows of words; what is too long is whole in the tip, and where its row is chosen.

    Parameters
    ----------
    name : str
        Accessible name.
    columns : sequence of (str, str, float)
        Header, the widest content that is expected, and the share of the spare width.
    whole : bool
        As high as all its rows, in a page that scrolls; else it scrolls by itself.
    """

    row_chosen = Signal(int)

    def __init__(
        self, name: str, columns: Sequence[tuple[str, str, float]], *, whole: bool = True
    ) -> None:
        self._shares = [share for _, _, share in columns]
        self._whole = whole
        super().__init__(name, [(head, widest) for head, widest, _ in columns], follow=False)
        for column in range(len(columns)):
            head = self.horizontalHeaderItem(column)
            assert head is not None
            head.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        if whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentCellChanged.connect(lambda row, *_: self.row_chosen.emit(row))

    def set_style(self, style: Style) -> None:
        """Rows are as high as a finger."""
        self._row_height = style.target() / style.scale
        super().set_style(style)
        self.updateGeometry()

    def _share(self, column: int) -> float:
        return self._shares[column] / sum(self._shares)

    def sizeHint(self) -> QSize:
        """As high as its rows, if it does not scroll by itself."""
        if not self._whole:
            return super().sizeHint()
        rows = sum(self.rowHeight(r) for r in range(self.rowCount()))
        return QSize(200, self.horizontalHeader().height() + rows + 6)

    def minimumSizeHint(self) -> QSize:
        """See :meth:`sizeHint`."""
        return QSize(120, self.sizeHint().height() if self._whole else 120)

    def show_list(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show rows from the top."""
        self.show_rows([[(text, _ROLE_OF.get(role, role)) for text, role in row] for row in rows])
        for r in range(self.rowCount()):
            for c in range(self.columnCount()):
                item = self.item(r, c)
                assert isinstance(item, QTableWidgetItem)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(item.text())
        self.updateGeometry()
