"""Taking somebody in: a pseudonym is all that is needed; who they are is kept apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lift_monitor.clinic.words import Identity
from lift_monitor.ui.fields import Field
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import Marked
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import DayField, Sentence, TextField
from lift_monitor.ui.people.layout import Card, Paragraph
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button

LONGEST_PSEUDONYM, LONGEST_NAME = 60, 200


class IdentityFields(QWidget):
    """Who a person is; every field may stay empty, but nothing is kept without a name.

    Parameters
    ----------
    today : date
    """

    def __init__(self, today: date) -> None:
        super().__init__()
        self.name = TextField(tr("Name"), tr("never on the screen of a session"), LONGEST_NAME)
        self.born = DayField(tr("Born"), today, needed=False)
        self.contact = TextField(tr("Contact"), "", LONGEST_NAME)
        self.referrer = TextField(
            tr("Referring practice"), tr("the report goes to it"), LONGEST_NAME
        )
        self.flow = Flow(self)
        for field in (self.name, self.born, self.contact, self.referrer):
            self.flow.addWidget(field)

    def show_identity(self, identity: Identity | None) -> None:
        """Fill in."""
        self.name.set_text(identity.name if identity else "")
        self.born.set_day(identity.born if identity else None)
        self.contact.set_text(identity.contact if identity else "")
        self.referrer.set_text(identity.referrer if identity else "")

    @property
    def identity(self) -> Identity | None:
        """What is filled in; ``None`` if nothing is."""
        found = Identity(self.name.text, self.born.day, self.contact.text, self.referrer.text)
        return None if found == Identity("") else found

    def wrong(self) -> str:
        """Why it cannot be kept; empty if it can."""
        if self.born.problem:
            self.born.field.setFocus()
            return tr("Born: {what}", what=self.born.problem)
        if self.identity is not None and not self.name.text:
            self.name.require(tr("Type the name, or leave all four empty."))
            self.name.field.setFocus()
            return tr("An identity needs a name: type it, or leave all four empty.")
        return ""


class AddForm(Card):
    """Asks for a pseudonym, and for an identity if the clinic keeps one.

    Parameters
    ----------
    today : date
    suggest : callable
        Gives a pseudonym that is free.
    """

    add_asked = Signal()
    left = Signal()

    def __init__(self, today: date, suggest: Callable[[], str]) -> None:
        super().__init__(tr("Add a person"))
        self._suggest = suggest
        self.pseudonym = TextField(
            tr("Pseudonym"),
            tr("no name: it is on screens and in file names"),
            LONGEST_PSEUDONYM,
        )
        self.another = Button(tr("Another"), tr("Suggest another pseudonym"))
        self.with_identity = Marked(tr("Keep an identity"), tr("Keep who this person is, apart"))
        self.identity = IdentityFields(today)
        self.sentence = Sentence()
        self.add = Button(tr("Add"), tr("Add this person"))
        self.add.setProperty("kind", "primary")
        self.back = Button(tr("Back"), tr("Add nobody"))
        self._flows = (Flow(), Flow())
        self._flows[0].addWidget(self.pseudonym)
        self._flows[0].addWidget(Field(" ", self.another))  # level with the field beside it
        for widget in (self.back, self.add):
            self._flows[1].addWidget(widget)
        self.column.addLayout(self._flows[0])
        self.column.addWidget(
            Paragraph(
                tr("The identity is kept apart and is shown only where it is asked for."),
                role="muted",
            )
        )
        self.column.addWidget(self.with_identity)
        self.column.addWidget(self.identity)
        self.column.addWidget(self.sentence)
        self.column.addLayout(self._flows[1])
        self.identity.hide()
        self.with_identity.toggled.connect(self.identity.setVisible)
        self.another.clicked.connect(lambda: self.pseudonym.set_text(self._suggest()))
        self.add.clicked.connect(self.add_asked)
        self.back.clicked.connect(self.left)
        self.pseudonym.field.returnPressed.connect(self.add_asked)

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        for flow in (*self._flows, self.identity.flow):
            flow.setSpacing(style.px(12))

    def open(self) -> None:
        """Begin with an empty form and a pseudonym that is free."""
        self.pseudonym.set_text(self._suggest())
        self.identity.show_identity(None)
        self.with_identity.setChecked(False)
        self.sentence.plain("")
        self.pseudonym.field.setFocus()
        self.pseudonym.field.selectAll()

    def wrong(self) -> str:
        """Why nobody can be added; empty if somebody can."""
        if not self.pseudonym.text:
            self.pseudonym.require(tr("A pseudonym is needed."))
            self.pseudonym.field.setFocus()
            return tr("Nobody was added: type a pseudonym.")
        return self.identity.wrong() if self.with_identity.isChecked() else ""
