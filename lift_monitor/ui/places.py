"""The three places: a picture of each, who is there, and how a sensor is worn there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.samples import Role
from lift_monitor.sensors.words import DeskStatus, LinkState, SensorCard
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.placement import PlacementPicture
from lift_monitor.ui.sensor_words import ROLES, link_look, role_name, sensor_label, was_tapped
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Panel, Styled, Text, tight

_LINES = 5
"""Lines kept for the sentence on how a sensor is worn."""


class PlaceCard(Panel):
    """One place."""

    def __init__(self, role: Role, sentence: str) -> None:
        super().__init__(role_name(role))
        self._role = role
        self._name = Text(role_name(role), weight="bold", size=tokens.TEXT_STRONG)
        self._link = Text(
            size=tokens.TEXT_SMALL, weight="semibold", align=Qt.AlignmentFlag.AlignRight
        )
        self.picture = PlacementPicture(role)
        self.sensor = Text(weight="semibold")
        self.sentence = Text(sentence, role="muted", size=tokens.TEXT_SMALL, wrap_lines=_LINES)
        head = tight(QHBoxLayout(), 6)
        head.addWidget(self._name)
        head.addWidget(self._link, 1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.picture, 1)
        column.addWidget(self.sensor)
        column.addWidget(self.sentence)

    def set_style(self, style: Style) -> None:
        """Take paddings; three cards share the width."""
        super().set_style(style)
        inner = self.layout()
        if inner is not None:
            pad = style.px(16)
            inner.setContentsMargins(pad, style.px(12), pad, style.px(10))
            inner.setSpacing(style.px(5))

    def show_card(self, card: SensorCard | None) -> None:
        """Show who is there; ``None`` if nobody."""
        if card is None:
            self.sensor.say(tr("○ Nobody"), "muted")
            self._link.say("")
            self.picture.show_state("muted", filled=False)
            self.setAccessibleDescription(tr("Nobody"))
            return
        shape, word, role = link_look(card.link)
        self.sensor.say(sensor_label(card), "")
        self._link.say(f"{shape} {word}", role.removesuffix("_text"))
        filled = card.link in (LinkState.STREAMING, LinkState.CONNECTING)
        self.picture.show_state(role.removesuffix("_text"), filled=filled, lit=was_tapped(card))
        self.setAccessibleDescription(f"{sensor_label(card)}, {word}")


class Places(QWidget, Styled):
    """The cards side by side.

    Parameters
    ----------
    placement : callable
        Where and how a sensor of a role is worn; whole sentences.
    """

    def __init__(self, placement: Callable[[Role], str]) -> None:
        super().__init__()
        self.cards = {role: PlaceCard(role, placement(role)) for role in ROLES}
        self._row = tight(QHBoxLayout(self))
        for card in self.cards.values():
            self._row.addWidget(card, 1)

    def set_style(self, style: Style) -> None:
        """Take gaps."""
        self._row.setSpacing(style.px(tokens.GAP))

    def show_status(self, status: DeskStatus) -> None:
        """Show who is where."""
        there = {card.role: card for card in status.cards if card.role is not None}
        for role, place in self.cards.items():
            place.show_card(there.get(role))
