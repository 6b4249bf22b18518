"""The limits of technique, landings and velocity loss of one person, as a part of their plan."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from lift_monitor.programme.plan import FlagLimit, Limits
from lift_monitor.technique import FlagKind
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.limit_row import LimitRow
from lift_monitor.ui.limits_words import Pair, flag_words, landing_words
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import NumberField, Sentence
from lift_monitor.ui.people.layout import Card, Paragraph
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import apply_style

_ORDER: Final = (FlagKind.LUMBAR_FLEXION, FlagKind.TWIST, FlagKind.TRUNK_LEAN)


class LimitsCard(Card):
    """Edits :class:`Limits`; what equals the house's default is not named in them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Limits of this person"))
        self._style = Style()
        self.flags = {kind: LimitRow(flag_words(kind)) for kind in _ORDER}
        self.landing = LimitRow(landing_words())
        self.losses = {
            "loss_amber_pct": NumberField(tr("Velocity loss, amber"), "%", 1, 90, 0, needed=True),
            "loss_stop_pct": NumberField(tr("Velocity loss, stop"), "%", 1, 90, 0, needed=True),
        }
        self.sentence = Sentence(1)
        told = tr("The screen judges by them. Beyond a limit a flag is raised; off: none is.")
        self.column.addWidget(Paragraph(told, role="muted", size=tokens.TEXT_SMALL))
        for row in (*self.flags.values(), self.landing):
            self.column.addWidget(row)
            row.changed.connect(self._changed)
            for field in row.fields:
                field.refused.connect(self.sentence.wrong)
        holder = QWidget()
        self._flow = Flow(holder)
        for loss in self.losses.values():
            loss.changed.connect(self._changed)
            self._flow.addWidget(loss)
        self.column.addWidget(holder)
        self.column.addWidget(self.sentence)

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        self._style = style
        self._flow.setSpacing(style.px(12))

    def showEvent(self, event: QShowEvent) -> None:
        """Take sizes again: the first polish lets the narrowest buttons shrink below a finger."""
        super().showEvent(event)
        apply_style(self, self._style)

    def _changed(self) -> None:
        self.sentence.plain("")
        self.changed.emit()

    def show_limits(self, limits: Limits) -> None:
        """Show limits; what they do not name is the house's default."""
        named: dict[FlagKind, Pair] = {f.kind: (f.amber, f.red) for f in limits.flags}
        for kind, row in self.flags.items():
            row.set_pair(named.get(kind, row.words.default))
        low, high = self.landing.words.default
        self.landing.set_pair(
            (
                low if limits.landing_low_bw is None else limits.landing_low_bw,
                high if limits.landing_high_bw is None else limits.landing_high_bw,
            )
        )
        for key, field in self.losses.items():
            field.set_value(getattr(limits, key))
        self.sentence.plain("")

    def limits(self, before: Limits) -> Limits:
        """What is filled in; a field that is not in order keeps what it was before."""
        kept = {f.kind for f in before.flags}
        low, high = self.landing.pair
        default = self.landing.words.default
        named = before.landing_low_bw is not None or before.landing_high_bw is not None
        told = named or (low, high) != default
        amber, stop = (self.losses[key].value for key in ("loss_amber_pct", "loss_stop_pct"))
        return Limits(
            flags=tuple(
                FlagLimit(kind, *row.pair)
                for kind, row in self.flags.items()
                if kind in kept or row.pair != row.words.default
            ),
            landing_low_bw=low if told else None,
            landing_high_bw=high if told else None,
            loss_amber_pct=before.loss_amber_pct if amber is None else amber,
            loss_stop_pct=before.loss_stop_pct if stop is None else stop,
        )
