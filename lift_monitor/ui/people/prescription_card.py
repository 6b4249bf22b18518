"""One exercise of today: what is to be done, with what on the bar, or why not."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.record import SetKind
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import clock, load, number, tr
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.layout import Card, Paragraph
from lift_monitor.ui.people.words import phase_word, set_kind_word
from lift_monitor.ui.plates_figure import PlatesFigure
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Text, tight


class PrescriptionCard(Card):
    """Shows a :class:`Prescription`."""

    def __init__(self, prescription: Prescription) -> None:
        super().__init__(prescription.name)
        self.prescription = prescription
        self._flow: Flow | None = None
        p = prescription
        if p.blocked:
            self.column.addWidget(Paragraph(tr("■ Not today"), role="stop", weight="semibold"))
            self.column.addWidget(Paragraph(p.blocked))
        else:
            self._show_sets(p)
        for note in p.notes:
            self.column.addWidget(Paragraph(f"◆ {note}", role="info", size=tokens.TEXT_SMALL))
        self.column.addStretch(1)

    def _show_sets(self, p: Prescription) -> None:
        groups = [(kind, list(sets)) for kind, sets in groupby(p.sets, key=lambda one: one.kind)]
        working = [sets for kind, sets in groups if kind is not SetKind.WARM_UP]
        if working:
            self.column.addWidget(
                Paragraph(_dose(p, working[0]), size=tokens.TEXT_HEADER, weight="semibold")
            )
        self.column.addWidget(Paragraph(_about(p, working), role="muted"))
        if p.variant:
            self.column.addWidget(Paragraph(p.variant, weight="semibold"))
        bars = [one for kind, sets in groups for one in _different(sets) if one.bar is not None]
        if bars:
            told = tr("Plates on each side of the bar:")
            self.column.addWidget(Paragraph(told, role="muted", size=tokens.TEXT_SMALL))
            holder = QWidget()
            self._flow = Flow(holder)
            for one in bars:
                self._flow.addWidget(_Bar(one))
            self.column.addWidget(holder)

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        if self._flow is not None:
            self._flow.setSpacing(style.px(20))


class _Bar(QWidget):
    """One set's words above its plates."""

    def __init__(self, one: PrescribedSet) -> None:
        super().__init__()
        column = tight(QVBoxLayout(self), 2)
        words = tr(
            "{kind}: {n} × {load}",
            kind=set_kind_word(one.kind),
            n=one.repetitions,
            load=load(one.load_kg),
        )
        column.addWidget(Text(words, size=tokens.TEXT_SMALL, role="muted", reserve=words))
        assert one.bar is not None
        plates = PlatesFigure(roomy=True)
        plates.show_bar(one.bar)
        column.addWidget(plates)


def _different(sets: list[PrescribedSet]) -> list[PrescribedSet]:
    """One set of each load."""
    found: dict[float | None, PrescribedSet] = {}
    for one in sets:
        found.setdefault(one.load_kg, one)
    return list(found.values())


def _dose(p: Prescription, sets: list[PrescribedSet]) -> str:
    first = sets[0]
    dose = tr("{sets} × {reps}", sets=len(sets), reps=first.repetitions)
    if first.load_kg is None:
        free_once = p.kind is ExerciseKind.FREE and len(sets) == first.repetitions == 1
        return tr("once") if free_once else dose
    if p.kind is ExerciseKind.LIFT and first.load_kg == 0:
        return tr("{dose} unloaded", dose=dose)
    return tr("{dose} × {load}", dose=dose, load=load(first.load_kg))


def _about(p: Prescription, working: list[list[PrescribedSet]]) -> str:
    parts = [phase_word(p.phase)]
    share = working[0][0].intensity_pct if working else None
    if share is not None and p.maximum_kg is not None:
        parts.append(tr("{pct} % of 1RM {kg}", pct=number(share, 0), kg=load(p.maximum_kg)))
    parts.append(tr("rest {t} min", t=clock(p.rest_s)))
    return " · ".join(parts)
