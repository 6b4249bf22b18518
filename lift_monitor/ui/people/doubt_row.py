"""A value that is likely a slip of the pen: told beside it, and confirmed with a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import Marked
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import TextField
from lift_monitor.ui.people.layout import Paragraph, Part
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import tight

_LONGEST = 200


class DoubtRow(Part):
    """Hidden as long as nothing is odd; another doubt is confirmed anew."""

    changed = Signal()
    """The value was confirmed, or is not any longer."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Doubtful value"))
        self.sentence = Paragraph(role="attention", weight="semibold")
        self.right = Marked(tr("It is right"), tr("The value is right all the same"))
        self.reason = TextField(tr("Why it is right"), tr("e.g. measured twice"), _LONGEST)
        self._doubt = ""
        holder = QWidget()
        self._flow = Flow(holder)
        self._flow.addWidget(self.right)
        self._flow.addWidget(self.reason)
        self._column = tight(QVBoxLayout(self), 6)
        self._column.addWidget(self.sentence)
        self._column.addWidget(holder)
        self.right.toggled.connect(self._confirmed)
        self.reason.changed.connect(self.changed)
        self.hide()

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self._flow.setSpacing(style.px(12))

    @property
    def doubt(self) -> str:
        """What is odd; empty if nothing is."""
        return self._doubt

    def say(self, doubt: str) -> None:
        """Tell what is odd, or that nothing is any longer."""
        if doubt == self._doubt:
            return
        self._doubt = doubt
        self.right.setChecked(False)
        self.reason.set_text("")
        self.sentence.say(f"▲ {doubt}" if doubt else "")
        self.setVisible(bool(doubt))

    @property
    def why(self) -> str:
        """Why the value is right; empty if nothing is odd, or nobody confirmed it."""
        return self.reason.text if self._doubt and self.right.isChecked() else ""

    def ask(self) -> str:
        """What is still to be done, in one sentence, with the focus on it; empty if nothing is."""
        if not self._doubt or self.why:
            return ""
        self._bring_into_sight()
        if self.right.isChecked():
            self.reason.require(tr("Say why it is right."))
            self.reason.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.right.setFocus(Qt.FocusReason.OtherFocusReason)
        return tr(
            "Nothing was saved: correct the doubtful value, or say that it is right, and why."
        )

    def _bring_into_sight(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(self)

    def _confirmed(self, right: bool) -> None:
        if right:
            self.reason.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
