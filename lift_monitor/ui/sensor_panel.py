"""Everything about the sensors: what is wrong with Bluetooth, the list, the deeds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from lift_monitor.samples import Role
from lift_monitor.sensors.words import DeskStatus, SensorCard
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.sensor_table import SensorTable
from lift_monitor.ui.sensor_words import ROLES, is_connected, role_name, sensor_label
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Panel, Styled, Text, tight

_PROBLEM_PX = 22
_LINES, _MOST_LINES = 2, 5
"""Lines for the sentence of the chosen sensor: usually, and if its maker left out much."""


class ProblemBox(QFrame, Styled):
    """Why Bluetooth cannot be used; large and calm, beside it the way to try again."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.text = Text(size=_PROBLEM_PX, weight="semibold", wrap_lines=3)
        self.text.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.again = Button(tr("Look again"), tr("Look again for Bluetooth and sensors"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.again)
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        self._row.setContentsMargins(style.px(18), style.px(10), style.px(14), style.px(10))
        self._row.setSpacing(style.px(16))

    def show_problem(self, sentence: str) -> None:
        """Say it; empty takes it away."""
        self.text.say(f"▲ {sentence}" if sentence else "")
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class SensorPanel(Panel):
    """The list, and for the sensor chosen in it its sentence, its place and its deeds."""

    look_asked = Signal()
    placed = Signal(str, object)
    """Key, and the role or ``None``."""
    done = Signal(str, str)
    """``connect``, ``disconnect``, ``blink`` or ``forget``; key."""

    def __init__(self) -> None:
        super().__init__(tr("Sensors"))
        self._status = DeskStatus()
        self._running = False
        title = Text(tr("SENSORS"), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self._scanning = Text(role="muted", size=tokens.TEXT_SMALL)
        self.problem = ProblemBox()
        self.table = SensorTable()
        self._empty = Text(role="muted", size=_PROBLEM_PX, align=Qt.AlignmentFlag.AlignHCenter)
        self._sentence = Text(size=tokens.TEXT_SMALL, wrap_lines=2)
        self._caption = Text(tr("Place"), role="muted")
        names: dict[Role | None, str] = {role: role_name(role) for role in ROLES}
        names[None] = tr("None")
        self.places = {
            role: Button(word, tr("Place of the sensor: {place}", place=word))
            for role, word in names.items()
        }
        self.connect_button = Button(
            tr("Connect"), tr("Connect or disconnect the sensor"), reserve=tr("Disconnect")
        )
        self.blink = Button(tr("Blink"), tr("Let the sensor blink"))
        self.forget = Button(tr("Forget"), tr("Forget the sensor"))
        head = tight(QHBoxLayout())
        head.addWidget(title, 1)
        head.addWidget(self._scanning)
        deeds = self._deeds = tight(QHBoxLayout(), 6)
        deeds.addWidget(self._caption)
        for button in self.places.values():
            button.setCheckable(True)
            deeds.addWidget(button)
        deeds.addStretch(1)
        for button in (self.connect_button, self.blink, self.forget):
            deeds.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self._empty, 1)
        column.addWidget(self.table, 1)
        column.addWidget(self._sentence)
        column.addLayout(deeds)
        self._connect()

    def _connect(self) -> None:
        self.table.key_chosen.connect(lambda _key: self._settle())
        self.problem.again.clicked.connect(self.look_asked)
        for role, button in self.places.items():
            button.clicked.connect(lambda _=False, role=role: self._place(role))
        self.connect_button.clicked.connect(self._toggle_link)
        self.blink.clicked.connect(lambda: self._do("blink"))
        self.forget.clicked.connect(lambda: self._do("forget"))

    @property
    def chosen(self) -> SensorCard | None:
        """The sensor that the buttons act on."""
        key = self.table.chosen_key
        return next((card for card in self._status.cards if card.key == key), None)

    def show_status(self, status: DeskStatus, *, running: bool) -> None:
        """Show the sensors.

        Parameters
        ----------
        status : DeskStatus
        running : bool
            Whether a session runs: places are fixed then, and no sensor is let go.
        """
        self._status, self._running = status, running
        self.problem.show_problem(status.problem)
        self._scanning.say(tr("◆ looking for sensors") if status.scanning else "")
        self.table.show_cards(status.cards)
        self._empty.setVisible(not status.cards)
        self.table.setVisible(bool(status.cards))
        known = tr("No sensor yet. Switch the sensors on and bring them near.")
        self._empty.say("" if status.problem else known)
        self._settle()

    def _settle(self) -> None:
        card = self.chosen
        free = card is not None and not self._running
        for role, button in self.places.items():
            button.setEnabled(free)
            button.setChecked(card is not None and card.role is role)
        linked = card is not None and is_connected(card)
        self.connect_button.setText(tr("Disconnect") if linked else tr("Connect"))
        self.connect_button.setEnabled(free if linked else card is not None)
        self.blink.setEnabled(card is not None and card.can_blink)
        self.forget.setEnabled(free and not linked)
        self._say()
        # Its foot stands still: more lines are taken from the list above.
        self._sentence.fit_lines(_LINES, _MOST_LINES)

    def _say(self) -> None:
        """The sentence of the chosen sensor, else of the first that has one to say."""
        card = self.chosen
        if card is not None and (card.text or card.warnings):
            said = " ".join((card.text, *card.warnings)).strip()
            self._sentence.say(f"▲ {sensor_label(card)}: {said}", "attention" if card.text else "")
            return
        other = next((c for c in self._status.cards if c.text), None)
        if other is not None:
            self._sentence.say(f"▲ {sensor_label(other)}: {other.text}", "attention")
        elif self._running:
            self._sentence.say(tr("A session is running: places are fixed until it ends."), "muted")
        elif card is not None:
            self._sentence.say(
                tr("Which one is it? Tap it when it streams, or let it blink."), "muted"
            )
        else:
            self._sentence.say("")

    def _place(self, role: Role | None) -> None:
        card = self.chosen
        if card is not None and card.role is not role:
            self.placed.emit(card.key, role)
        self._settle()

    def _toggle_link(self) -> None:
        card = self.chosen
        if card is not None:
            self._do("disconnect" if is_connected(card) else "connect")

    def _do(self, what: str) -> None:
        card = self.chosen
        if card is not None:
            self.done.emit(what, card.key)
