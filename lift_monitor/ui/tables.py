"""The table of repetitions and the list of sets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from lift_monitor.events import Confidence, Repetition
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import DASH, clock, load, number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Alarm, Level, SetView
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import SHAPE_OF_LEVEL, Styled

Cell = tuple[str, str]
"""Text and colour role (empty for plain)."""


class Table(QTableWidget, Styled):
    """A read-only table with columns that keep their width.

    Parameters
    ----------
    name : str
        Accessible name.
    columns : sequence of (str, str)
        Header (may hold a line break before the unit) and the widest content.
    row_height : float
        Design height of a row in pixels at scale 1.
    follow : bool
        Whether a new row at the end is scrolled into sight.
    spare : sequence of int
        Columns that are given up, first to last, where there is no room for all.
    """

    chosen = Signal(int)
    """A row was activated by Enter or double click."""

    def __init__(
        self,
        name: str,
        columns: Sequence[tuple[str, str]],
        *,
        row_height: float = 34,
        follow: bool = True,
        spare: Sequence[int] = (),
    ) -> None:
        super().__init__(0, len(columns))
        self._columns = tuple(columns)
        self._row_height, self._follow = row_height, follow
        self._style = Style()
        self._shown: list[list[Cell]] = []
        self._strong: int | None = None
        self._needs = [0] * len(columns)
        self._without: set[int] = set()
        self._spare_columns = tuple(spare)
        self._given_up: set[int] = set()
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels([header for header, _ in columns])
        self.verticalHeader().setVisible(False)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        last = self.horizontalHeaderItem(len(columns) - 1)
        assert last is not None
        last.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.activated.connect(lambda index: self.chosen.emit(index.row()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the columns over the width."""
        super().resizeEvent(event)
        self._spread()

    def updateGeometries(self) -> None:
        """End the scrolling at a whole row: half a number may be read as another one."""
        bar, row = self.verticalScrollBar(), self._style.px(self._row_height)
        stood = bar.value()
        super().updateGeometries()
        if self._follow and bar.maximum() % row:
            bar.setMaximum(bar.maximum() + row - bar.maximum() % row)
            bar.setValue(stood)

    def show_column(self, column: int, shown: bool) -> None:
        """Show a column or leave it out."""
        if shown is (column in self._without):
            (self._without.discard if shown else self._without.add)(column)
            self.setColumnHidden(column, not shown)
            self.set_style(self._style)

    def _spread(self) -> None:
        self._give_up()
        spare = max(0, self.viewport().width() - self._needed)
        for column, need in enumerate(self._needs):
            if not self.isColumnHidden(column):
                self.setColumnWidth(column, need + int(spare * self._share(column)))

    def _give_up(self) -> None:
        """Leave out as many of the spare columns as there is no room for."""
        self._given_up.clear()
        for column in self._spare_columns:
            if self._needed <= self.viewport().width():
                break
            self._given_up.add(column)
        for column in self._spare_columns:
            self.setColumnHidden(column, column in self._without | self._given_up)

    @property
    def _needed(self) -> int:
        return sum(need for column, need in enumerate(self._needs) if column not in self._given_up)

    def _share(self, column: int) -> float:
        """Part of the spare width that a column is given."""
        return 1.0 / (len(self._needs) - len(self._without | self._given_up))

    @property
    def too_narrow_px(self) -> int:
        """How many pixels are missing for every column; 0 if nothing is cut."""
        return max(0, self._needed - self.viewport().width())

    def set_style(self, style: Style) -> None:
        """Take fonts, colours and column widths."""
        self._style = style
        t = style.theme
        font = style.font(tokens.TEXT)
        self.setFont(font)
        head = style.font(tokens.TEXT_SMALL)
        self.horizontalHeader().setFont(head)
        # Always, not only when it changed: Qt gives the header back its font as it polishes.
        self.setStyleSheet(
            f"QTableWidget {{ background: transparent; color: {t.text};"
            " border: 2px solid transparent; }"
            f"QTableWidget:focus {{ border: 2px solid {t.focus}; }}"
            f"QTableWidget::item {{ border-bottom: 1px solid {t.line}; padding: 0 2px; }}"
            f"QTableWidget::item:selected {{ background: {t.raised}; color: {t.text}; }}"
            "QHeaderView { background: transparent; border: none; }"
            f"QHeaderView::section {{ background: transparent; color: {t.muted};"
            f" border: none; border-bottom: 1px solid {t.line}; padding: 0 2px 4px 2px; }}"
            "QTableCornerButton::section { background: transparent; }"
            f"QScrollBar:vertical {{ background: transparent; width: 8px; }}"
            f"QScrollBar::handle:vertical {{ background: {t.outline}; border-radius: 4px; }}"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
        )
        metrics, small = QFontMetricsF(style.font(tokens.TEXT, "semibold")), QFontMetricsF(head)
        for column, (header, widest) in enumerate(self._columns):
            width = max(
                metrics.horizontalAdvance(widest),
                *(small.horizontalAdvance(line) for line in header.split("\n")),
            )
            # Padding, and a hair for the item's own.
            self._needs[column] = 0 if column in self._without else int(width) + 16
        self._spread()
        lines = max(header.count("\n") + 1 for header, _ in self._columns)
        self.horizontalHeader().setFixedHeight(int(small.lineSpacing() * lines) + 12)
        self.verticalHeader().setDefaultSectionSize(style.px(self._row_height))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(t.raised))
        self.setPalette(palette)
        shown, self._shown = self._shown, []
        self.show_rows(shown, self._strong)

    def show_rows(self, rows: list[list[Cell]], strong: int | None = None) -> None:
        """Show rows; only cells that differ are touched, the newest row stays in sight."""
        if rows == self._shown and strong == self._strong:
            return
        grown = len(rows) != len(self._shown)
        self.setRowCount(len(rows))
        for r, row in enumerate(rows):
            self.setRowHeight(r, self._style.px(self._row_height))
            for c, (text, role) in enumerate(row):
                item = self.item(r, c)
                if item is None:
                    item = QTableWidgetItem()
                    left = c == len(self._columns) - 1
                    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
                    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(r, c, item)
                item.setText(text)
                item.setForeground(self._style.colour(role or "text"))
                weight = "semibold" if r == strong else "regular"
                item.setFont(self._style.font(tokens.TEXT, weight))
        self._shown, self._strong = rows, strong
        if grown and self._follow:
            self.scrollToBottom()


def loss_cell(loss_pct: float | None, level: Level) -> Cell:
    """Velocity loss; beyond a limit with the shape and the colour of its state."""
    text = number(loss_pct, 0)
    if level is Level.STOP:
        return (f"{SHAPE_OF_LEVEL[level]} {text}", "stop_text")
    if level is Level.CHECK:
        return (f"{SHAPE_OF_LEVEL[level]} {text}", "attention")
    return (text, "")


def trust_cell(confidence: Confidence) -> Cell:
    """Confidence: shape, word and colour."""
    if confidence is Confidence.NONE:
        return (f"\u2002{DASH} {tr('withdrawn')}", "muted")
    if confidence is Confidence.LOW:
        return (f"\u2002▲ {tr('low')}", "attention")
    return (f"\u2002● {tr('high')}", "ok_text")


SPARE_COLUMNS = (2, 6, 5, 3)
"""Of the repetition table: given up where it is narrow, and shown beside the big number."""
SPINE_COLUMN = 7
"""Of the repetition table; left out without a sensor on the trunk."""
REPETITION_COLUMNS = (
    ("#", "10"),
    ("mean ± sd\nm/s", "~0.00 ± 0.00"),
    ("MPV\nm/s", "0.00"),
    ("peak\nm/s", "0.00"),
    ("ROM\nm", "0.00"),
    ("up\ns", "00.0"),
    ("down\ns", "00.0"),
    ("spine\n°", "~■ 00"),
    ("loss\n%", "■ 100"),
    ("\u2002trust\n", "\u2002— withdrawn"),
)


def spine_cell(rep: Repetition, model: SessionModel, alarms: Sequence[Alarm]) -> Cell:
    """The worst angle of a repetition under load; with a shape if it was flagged."""
    mine = [
        alarm
        for alarm in alarms
        if (alarm.set_number, alarm.repetition) == (rep.set_number, rep.number)
        and alarm.code == model.trunk.kind.value
    ]
    worst = model.trunk.worst_of(rep)
    if not mine:
        return (number(worst, 0), "" if worst is not None else "muted")
    alarm = mine[0]
    value = max(alarm.value, worst if worst is not None else alarm.value)
    mark = "~" if alarm.low else ""
    role = "stop_text" if alarm.level is Level.STOP else "attention"
    return (f"{mark}{SHAPE_OF_LEVEL[alarm.level]} {number(value, 0)}", role)


def repetition_row(rep: Repetition, level: Level, spine: Cell = (DASH, "muted")) -> list[Cell]:
    """One row of the repetition table; a withdrawn repetition shows no number of the bar."""
    trust = trust_cell(rep.confidence)
    if rep.confidence is Confidence.NONE:
        return [(str(rep.number), ""), *[(DASH, "muted")] * 6, spine, (DASH, "muted"), trust]
    mark = "~" if rep.confidence is Confidence.LOW else ""
    mean = f"{mark}{number(rep.mean_velocity_mps)} ± {number(rep.mean_velocity_sd_mps)}"
    return [
        (str(rep.number), ""),
        (mean, ""),
        (number(rep.mean_propulsive_velocity_mps), ""),
        (number(rep.peak_velocity_mps), ""),
        (number(rep.rom_m), ""),
        (number(rep.concentric_duration_s, 1), ""),
        (number(rep.eccentric_duration_s, 1), ""),
        spine,
        loss_cell(rep.velocity_loss_pct, level),
        trust,
    ]


SET_COLUMNS = (
    ("set", "10"),
    ("reps × load", "10 × 100.5 kg"),
    ("best m/s", "0.00"),
    ("loss %", "■ 100"),
    ("rest before", "00:00"),
    ("\u2002trust", "\u2002— withdrawn"),
)


def set_row(view: SetView, model: SessionModel) -> list[Cell]:
    """One row of the list of sets."""
    last = view.trusted[-1] if view.trusted else None
    kg = model.load_of(view)
    count = str(len(view.repetitions))
    loss = None
    if view.finished is not None:
        loss = view.finished.velocity_loss_pct
    elif last is not None:
        loss = last.velocity_loss_pct
    if view.finished is None:
        trust = (f"\u2002▶ {tr('now')}", "info")
    else:
        trust = trust_cell(view.finished.confidence)
    level = model.level_of(last) if last is not None else Level.INFO
    none = view.finished is not None and view.finished.confidence is Confidence.NONE
    return [
        (str(model.number_of(view)), ""),
        (count if kg is None else f"{count} × {load(kg)}", ""),
        (DASH if none else number(view.best_mps), ""),
        (DASH, "muted") if none else loss_cell(loss, level),
        (clock(model.rest_before_s(view)), "muted"),
        trust,
    ]
