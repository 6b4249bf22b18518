"""What a report is to tell of, where it goes, and how it is written beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from lift_monitor.clinic.words import Person
from lift_monitor.report.build import usual_name
from lift_monitor.ui.errand import Errand
from lift_monitor.ui.i18n import tr


@dataclass(frozen=True, slots=True)
class ReportWish:
    """What a report is to tell of."""

    first: date
    last: date
    with_name: bool = False
    """Show the name, the day of birth and the referrer."""
    words: str = ""
    """The clinician's own."""


WriteReport: TypeAlias = Callable[[Person, ReportWish, Path, str], Path]
"""Writes somebody's report to a file, in a worker thread; the last argument says who makes it.

Raises ``ValueError`` with one sentence.
"""


class ReportDesk(QObject):
    """Asks where a report goes and has it written in the background.

    Parameters
    ----------
    over : QWidget
        The question where appears over it.
    write : callable
    by : callable
        Says who is working when a report is made.
    """

    done = Signal(str)
    """One sentence: what was written."""
    failed = Signal(str)
    """One sentence: why it could not be written."""

    def __init__(self, over: QWidget, write: WriteReport, by: Callable[[], str]) -> None:
        super().__init__(over)
        self._over, self._write, self._by = over, write, by
        self._errand = Errand(self)
        self._errand.done.connect(self.done)
        self._errand.failed.connect(self.failed)

    def ask_where(self, person: Person, wish: ReportWish) -> None:
        """Ask for the file, then make it; nothing waits for the answer."""
        dialog = QFileDialog(self._over, tr("Save the report"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("PDF (*.pdf)"))
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(usual_name(person, wish.last))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.make(person, wish, Path(name)))
        dialog.open()

    def make(self, person: Person, wish: ReportWish, path: Path) -> None:
        """Write somebody's report in the background and say how it went."""
        by = self._by()

        def write() -> str:
            made = self._write(person, wish, path, by)
            return tr("The report is written: {file}", file=made.name)

        self._errand.run(write)

    @property
    def busy(self) -> bool:
        """Whether a report is being written."""
        return self._errand.busy

    def close(self) -> None:
        """Wait for what has begun: no report is left half-written."""
        self._errand.close()
