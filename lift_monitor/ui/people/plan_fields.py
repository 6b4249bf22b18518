"""Fields of a plan: one exercise, and what is written as a list."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.programme.plan import Band, ExerciseKind, PlanExercise, Plate, Rack
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import read_number
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import Marked
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import COMPACT, FormField, NumberField
from lift_monitor.ui.people.layout import Paragraph, Part
from lift_monitor.ui.people.words import plain
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import tight


class ExerciseRow(Part):
    """One exercise of a plan: on or off, and its numbers.

    Parameters
    ----------
    exercise : PlanExercise
        As it is, or as it was before it was switched off.
    on : bool
    """

    changed = Signal()

    def __init__(self, exercise: PlanExercise, on: bool) -> None:
        super().__init__()
        self.exercise = exercise
        name = exercise.name
        self.on = Marked(name, tr("{name} is in the plan", name=name))
        self.on.setChecked(on)
        self.numbers: dict[str, NumberField] = {}
        self._holder = QWidget()
        self._flow = Flow(self._holder)
        self._add("sets", tr("Sets"), "", 1, 20, 0, exercise.sets)
        self._add("repetitions", tr("Repetitions"), "", 1, 50, 0, exercise.repetitions)
        if exercise.band is not None:
            self._add("low_pct", tr("Band from"), "% 1RM", 10, 100, 1, exercise.band.low_pct)
            self._add("high_pct", tr("Band to"), "% 1RM", 10, 100, 1, exercise.band.high_pct)
        if exercise.kind is ExerciseKind.LIFT:
            self._add("step_kg", tr("Step, at most"), "kg", 0, 20, 2, exercise.step_kg)
        self._add("rest_s", tr("Rest"), "s", 0, 900, 0, exercise.rest_s)
        source = tr("Source: {source}", source=exercise.source)
        self._column = tight(QVBoxLayout(self))
        self._column.addWidget(self.on)
        self._column.addWidget(self._holder)
        self._column.addWidget(Paragraph(source, role="muted", size=tokens.TEXT_SMALL))
        self._holder.setEnabled(on)
        self.on.toggled.connect(self._toggled)

    def _add(
        self, key: str, caption: str, unit: str, low: float, high: float, decimals: int, now: float
    ) -> None:
        field = NumberField(
            caption,
            unit,
            low,
            high,
            decimals,
            needed=True,
            name=f"{self.exercise.name}, {caption}",
            width=COMPACT,
        )
        field.set_value(now)
        field.changed.connect(self.changed)
        self.numbers[key] = field
        self._flow.addWidget(field)

    def _toggled(self, on: bool) -> None:
        self._holder.setEnabled(on)
        self.changed.emit()

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self._column.setSpacing(style.px(4))
        self._flow.setSpacing(style.px(12))

    @property
    def edited(self) -> PlanExercise:
        """The exercise as it is filled in; a field that is not in order keeps what it was."""
        values = {
            key: round(field.value) if field.decimals == 0 and key != "rest_s" else field.value
            for key, field in self.numbers.items()
            if field.value is not None
        }
        band = self.exercise.band
        if band is not None:
            low, high = values.pop("low_pct", band.low_pct), values.pop("high_pct", band.high_pct)
            band = Band(float(low), float(high))
        return replace(self.exercise, band=band, **values)  # type: ignore[arg-type]


class BarsField(FormField):
    """Masses of the bars: numbers with something between them."""

    def __init__(self) -> None:
        super().__init__(tr("Bars, kg"), wide=True, hint=tr("e.g. 5; 10; 15; 20"), longest=120)

    def look(self) -> str:
        """What is wrong with what is typed."""
        bars = _numbers(self.text)
        if bars is None or not bars:
            return tr("Type the mass of each bar in kg, with ; between them.")
        if any(not 0 < kg <= 50 for kg in bars):
            return tr("A bar has more than 0 and at most 50 kg.")
        return ""

    @property
    def bars(self) -> tuple[float, ...]:
        """The bars, lightest first."""
        return tuple(sorted(set(_numbers(self.text) or ())))

    def set_bars(self, bars: tuple[float, ...]) -> None:
        """Fill in."""
        self.set_text("; ".join(plain(kg) for kg in bars))


class PlatesField(FormField):
    """Pairs of plates: mass × pairs, with something between them."""

    def __init__(self) -> None:
        super().__init__(
            tr("Plates, kg × pairs"),
            wide=True,
            hint=tr("e.g. 10 × 2; 5 × 2; 1.25 × 1"),
            longest=200,
        )

    def look(self) -> str:
        """What is wrong with what is typed."""
        plates = _plates(self.text)
        if plates is None:
            return tr("Type mass × pairs of each size, with ; between them.")
        if any(not 0 < plate.kg <= 50 or not 0 <= plate.pairs <= 20 for plate in plates):
            return tr("A plate has more than 0 and at most 50 kg; at most 20 pairs of a size.")
        if len({plate.kg for plate in plates}) < len(plates):
            return tr("A size of plate is named twice.")
        return ""

    @property
    def plates(self) -> tuple[Plate, ...]:
        """The plates, heaviest first."""
        return tuple(sorted(_plates(self.text) or (), key=lambda plate: -plate.kg))

    def set_plates(self, rack: Rack) -> None:
        """Fill in."""
        self.set_text("; ".join(f"{plain(p.kg)} × {p.pairs}" for p in rack.plates))


def _numbers(text: str) -> tuple[float, ...] | None:
    parts = [part for part in text.replace("kg", "").split(";") if part.strip()]
    values = [read_number(part) for part in parts]
    return None if any(v is None for v in values) else tuple(v for v in values if v is not None)


def _plates(text: str) -> tuple[Plate, ...] | None:
    found = []
    for part in text.replace("kg", "").replace("x", "×").replace("*", "×").split(";"):
        if not part.strip():
            continue
        sides = part.split("×")
        if len(sides) != 2:
            return None
        kg, pairs = read_number(sides[0]), read_number(sides[1])
        if kg is None or pairs is None or pairs != int(pairs):
            return None
        found.append(Plate(kg, int(pairs)))
    return tuple(found)
