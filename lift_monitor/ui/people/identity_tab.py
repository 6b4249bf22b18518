"""Who a person is, apart from everything else; another pseudonym; and the archive."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.clinic.words import Identity
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.add_form import LONGEST_PSEUDONYM, IdentityFields
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import Sentence, TextField
from lift_monitor.ui.people.layout import Card, Paragraph, Scroll, Section
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight


class IdentityTab(Section):
    """Shows the identity when it is asked for.

    Parameters
    ----------
    file : PersonFile
    """

    archived = Signal()
    """The person was put into the archive."""

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Person"))
        self._file = file
        self.pseudonym = TextField(
            tr("Pseudonym"), tr("on screens and in file names"), LONGEST_PSEUDONYM
        )
        self.rename = Button(tr("Rename"), tr("Keep another pseudonym"))
        self.show_it = Button(tr("Show the identity"), tr("Show who this person is"))
        self.identity = IdentityFields(file.today())
        self.keep = Button(tr("Save identity"), tr("Save who this person is"))
        self.keep.setProperty("kind", "primary")
        self.reason = TextField(tr("Reason"), tr("nothing is deleted"), 300)
        self.archive = Button(tr("Archive"), tr("Put this person into the archive"))
        self.sentences = Sentence(1), Sentence(1), Sentence(1)
        self._flows: list[Flow] = []
        content = QWidget()
        self._column = tight(QVBoxLayout(content))
        self._column.addWidget(self._named())
        self._column.addWidget(self._known())
        self._column.addWidget(self._stored())
        self._column.addStretch(1)
        tight(QVBoxLayout(self)).addWidget(Scroll(content, tr("Person")))
        self.rename.clicked.connect(self._rename)
        self.show_it.clicked.connect(self._show_identity)
        self.keep.clicked.connect(self._keep)
        self.archive.clicked.connect(self._archive)
        self.refresh()

    def _flow(self, *widgets: QWidget) -> QWidget:
        holder = QWidget()
        flow = Flow(holder)
        self._flows.append(flow)
        for widget in widgets:
            flow.addWidget(widget)
        return holder

    def _named(self) -> Card:
        card = Card(tr("Pseudonym"))
        card.column.addWidget(self._flow(self.pseudonym))
        card.column.addWidget(self._flow(self.rename))
        card.column.addWidget(self.sentences[0])
        return card

    def _known(self) -> Card:
        card = Card(tr("Identity"))
        told = tr("Kept in a place of its own; it is in the report and nowhere else.")
        card.column.addWidget(Paragraph(told, role="muted"))
        self._buttons = self._flow(self.show_it, self.keep)
        card.column.addWidget(self.identity)
        card.column.addWidget(self._buttons)
        card.column.addWidget(self.sentences[1])
        return card

    def _stored(self) -> Card:
        card = Card(tr("Archive"))
        told = tr("Who is archived leaves the list. Everything is kept and can be brought back.")
        card.column.addWidget(Paragraph(told, role="muted"))
        card.column.addWidget(self._flow(self.reason))
        card.column.addWidget(self._flow(self.archive))
        card.column.addWidget(self.sentences[2])
        return card

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self._column.setSpacing(style.px(12))
        for flow in (*self._flows, self.identity.flow):
            flow.setSpacing(style.px(12))

    def refresh(self) -> None:
        """Show the pseudonym; who it is stays hidden until it is asked for."""
        person = self._file.person
        self.pseudonym.set_text(person.pseudonym)
        self.identity.hide()
        self.keep.hide()
        self.show_it.show()
        caption = tr("Bring back") if person.archived else tr("Archive")
        self.archive.setText(caption)
        self.archive.setAccessibleName(tr("{caption}: this person", caption=caption))
        self.dress(self.archive)

    def _rename(self) -> None:
        failure = self._file.write(
            lambda by: self._file.clinic.people.rename(
                self._file.person_id, self.pseudonym.text, by
            )
        )
        self._tell(0, failure, tr("Renamed; what was recorded before keeps the old pseudonym."))

    def _show_identity(self) -> None:
        self.identity.show_identity(self._file.clinic.people.identity(self._file.person_id))
        self.identity.show()
        self.keep.show()
        self.show_it.hide()
        self.identity.name.field.setFocus()

    def _keep(self) -> None:
        wrong = self.identity.wrong()
        if wrong:
            self.sentences[1].wrong(wrong)
            return
        identity = self.identity.identity or Identity("")
        failure = self._file.write(
            lambda by: self._file.clinic.people.set_identity(self._file.person_id, identity, by)
        )
        self._tell(1, failure, tr("Saved."))

    def _archive(self) -> None:
        if not self.reason.text:
            self.reason.require(tr("Say why."))
            self.reason.field.setFocus()
            self.sentences[2].wrong(tr("Nothing was done: say why."))
            return
        back = self._file.person.archived
        people, person, reason = self._file.clinic.people, self._file.person_id, self.reason.text
        failure = self._file.write(
            lambda by: (people.bring_back if back else people.archive)(person, by, reason)
        )
        self._tell(2, failure, tr("Brought back.") if back else tr("Archived."))
        if not failure:
            self.reason.set_text("")
            self.refresh()
            if not back:
                self.archived.emit()

    def _tell(self, which: int, failure: str, done: str) -> None:
        if failure:
            self.sentences[which].wrong(failure)
        else:
            self.sentences[which].done(done)
