"""The technical list: faults with value and what to do."""

from __future__ import annotations

from lift_monitor.ui.i18n import tr
from lift_monitor.ui.notes import Note, NotesPanel
from lift_monitor.ui.readings import Fault, Level
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL, word_of_level
from lift_monitor.ui.wording import fault_text, fault_title


def fault_note(fault: Fault) -> Note:
    """A fault as an entry of a list."""
    level = fault.level if fault.active else Level.INFO
    # A technical fault never orders a set to stop: that word is for technique alone.
    word = tr("FAULT") if level is Level.STOP else word_of_level(level)
    return Note(
        shape=SHAPE_OF_LEVEL[level] if fault.active else "○",
        role=ROLE_OF_LEVEL[level],
        title=fault_title(fault),
        state=word if fault.active else tr("over"),
        text=fault_text(fault),
        over=not fault.active,
    )


class FaultPanel(NotesPanel):
    """Faults, worst first."""

    def __init__(self) -> None:
        super().__init__(tr("Technical"), f"● {tr('No technical fault')}")

    def show_faults(self, faults: list[Fault]) -> None:
        """Show a list."""
        self.show_notes([fault_note(fault) for fault in faults])
