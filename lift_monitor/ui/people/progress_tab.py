"""Progress as charts: one exercise at a time, then what concerns the whole programme."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.layout import Card, Scroll, Section, Tabs
from lift_monitor.ui.people.progress_data import Progress
from lift_monitor.ui.people.trend import Trend
from lift_monitor.ui.people.trend_chart import TrendChart
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import tight

_HIGH, _NARROW = 300, 560
"""Design height of a chart, and the width below which two do not stand side by side."""


class ProgressTab(Section):
    """Shows how load, volume, velocity, technique, landings and attendance went.

    Parameters
    ----------
    file : PersonFile
    """

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Progress"))
        self._file = file
        self._exercises = [e for e in file.plan.exercises if e.kind is not ExerciseKind.FREE]
        self.exercises = Tabs(tr("Exercise"), [e.name for e in self._exercises])
        self.charts = {
            key: TrendChart(name)
            for key, name in (
                ("load", tr("Load and 1RM")),
                ("velocity", tr("Velocity at a load")),
                ("volume", tr("Volume")),
                ("flags", tr("Flags")),
                ("adherence", tr("Attendance")),
                ("landings", tr("Landings")),
                ("hardest", tr("Hardest landing")),
            )
        }
        content = QWidget()
        column = tight(QVBoxLayout(content), 12)
        self._one, self._whole = Card(tr("Exercise")), Card(tr("Whole programme"))
        self._one.column.addWidget(self.exercises)
        self._grids = tight(QGridLayout()), tight(QGridLayout())
        for card, grid in zip((self._one, self._whole), self._grids, strict=True):
            card.column.addLayout(grid)
            column.addWidget(card)
        column.addStretch(1)
        tight(QVBoxLayout(self)).addWidget(Scroll(content, tr("Progress")))
        self.exercises.chosen.connect(lambda _index: self._draw())
        self._without: set[str] = set()
        self.refresh()

    def take_gaps(self, style: Style) -> None:
        """Take gaps, and put the charts beside or under one another."""
        for chart in self.charts.values():
            chart.setFixedHeight(style.px(_HIGH))
        for grid in self._grids:
            grid.setSpacing(style.px(24))
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= 2 * self.style_now.px(_NARROW) else 1
        groups = (("load", "velocity", "volume", "flags"), ("adherence", "landings", "hardest"))
        for grid, keys in zip(self._grids, groups, strict=True):
            shown = [self.charts[key] for key in keys if key not in self._without]
            for index, chart in enumerate(shown):
                grid.addWidget(chart, index // columns, index % columns)
            for c in range(2):
                grid.setColumnStretch(c, 1 if c < columns else 0)

    def resizeEvent(self, event: object) -> None:
        """Look whether two charts have room side by side."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange()

    def refresh(self) -> None:
        """Draw what the store has."""
        self._progress = Progress(self._file.history, self._file.today())
        whole = {
            "adherence": self._progress.adherence(),
            "landings": self._progress.landings(),
            "hardest": self._progress.hardest(),
        }
        for key, trend in whole.items():
            self.charts[key].show_trend(trend)
        self._draw()

    def _draw(self) -> None:
        if not self._exercises:
            return
        exercise, progress = self._exercises[self.exercises.now], self._progress
        impact = exercise.kind is ExerciseKind.IMPACT  # no bar: nothing to weigh, no velocity
        self._without = {"velocity", "volume"} if impact else set()
        for key in ("velocity", "volume"):
            self.charts[key].setVisible(not impact)
        self._arrange()
        trends: dict[str, Trend] = {
            "load": progress.load(exercise),
            "velocity": progress.velocity(exercise),
            "volume": progress.volume(exercise),
            "flags": progress.flags(exercise),
        }
        for key, trend in trends.items():
            self.charts[key].show_trend(trend)
