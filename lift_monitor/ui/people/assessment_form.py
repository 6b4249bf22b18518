"""The structured assessment: questions in groups, units and ranges checked as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.clinic.words import Outcome
from lift_monitor.programme.clearance import Assessment
from lift_monitor.programme.doubt_measures import doubt_of_body_mass, doubt_of_outcome
from lift_monitor.programme.outcomes import Measure
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import AnswerField
from lift_monitor.ui.people.doubt_row import DoubtRow
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import DayField, FormField, NumberField, TextField
from lift_monitor.ui.people.layout import Card, Part
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import tight


class _Number(NamedTuple):
    """A number that is asked for; the range is what can be typed, a design default."""

    key: str
    caption: str
    unit: str
    low: float
    high: float
    decimals: int


def _numbers() -> dict[str, tuple[_Number, ...]]:
    return {
        "person": (
            _Number("age_years", tr("Age"), tr("years"), 18, 110, 0),
            _Number("body_mass_kg", tr("Body mass"), tr("kg"), 25, 250, 1),
            _Number("height_cm", tr("Height"), tr("cm"), 100, 220, 1),
        ),
        "history": (_Number("low_trauma_fractures", tr("Fractures, low trauma"), "", 0, 30, 0),),
        "bone": (
            _Number("t_spine", tr("T-score, lumbar spine"), tr("SD"), -8, 5, 1),
            _Number("t_femoral_neck", tr("T-score, femoral neck"), tr("SD"), -8, 5, 1),
            _Number("t_hip", tr("T-score, total hip"), tr("SD"), -8, 5, 1),
            _Number(
                "ten_year_fracture_risk_pct",
                tr("Ten-year fracture risk"),
                "%",
                0,
                100,
                1,
            ),
        ),
        "exam": (
            _Number("pain_now", tr("Pain now"), tr("of 10"), 0, 10, 0),
            _Number("kyphosis_deg", tr("Thoracic kyphosis"), tr("degrees"), 0, 120, 0),
        ),
        "fitness": (
            _Number("sit_to_stand_s", tr("Five times sit-to-stand"), tr("s"), 3, 180, 1),
            _Number("timed_up_and_go_s", tr("Timed up and go"), tr("s"), 3, 300, 1),
        ),
    }


def _questions() -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        "history": (
            ("vertebral_fracture", tr("Vertebral fracture, known or seen on an image")),
            ("recent_fracture", tr("Any fracture within the last twelve months")),
            ("localised_back_pain", tr("Localised back pain")),
            ("uncontrolled_cardiovascular", tr("Uncontrolled cardiovascular disease")),
            ("malignancy", tr("Malignancy")),
            ("lower_limb_surgery_or_injury", tr("Lower-limb joint surgery or injury")),
            ("cognitive_impairment", tr("Cognitive impairment")),
        ),
        "exam": (("blood_work_seen", tr("Blood work seen")),),
        "fitness": (("can_hip_hinge", tr("Can hinge at the hip with a straight back")),),
    }


def _words() -> dict[str, tuple[tuple[str, str, str], ...]]:
    return {
        "history": (
            (
                "other_contraindication",
                tr("Other contraindication to heavy activity"),
                tr("empty: none"),
            ),
            ("bone_active_drugs", tr("Bone-active drugs"), tr("empty: none noted")),
        ),
        "bone": (("fracture_risk_tool", tr("Fracture-risk tool"), tr("e.g. which calculator")),),
        "exam": (
            ("pain_where", tr("Where the pain is"), ""),
            ("blood_work", tr("Blood work"), tr("what was noted, and its day")),
            ("exam", tr("Findings of the examination"), ""),
        ),
        "fitness": (
            ("current_activity", tr("Current activity"), ""),
            ("notes", tr("Notes"), ""),
        ),
    }


def _groups() -> tuple[tuple[str, str], ...]:
    return (
        ("person", tr("Person")),
        ("history", tr("History")),
        ("bone", tr("Bone")),
        ("exam", tr("Examination")),
        ("fitness", tr("Fitness")),
    )


_MOST_WORDS: Final = 500
_MASS: Final = "body_mass_kg"
_COMPARED: Final[dict[str, Measure | None]] = {
    _MASS: None,
    "height_cm": Measure.HEIGHT,
    "t_spine": Measure.T_SPINE,
    "t_femoral_neck": Measure.T_FEMORAL_NECK,
    "t_hip": Measure.T_HIP,
    "kyphosis_deg": Measure.KYPHOSIS_RELAXED,
    "sit_to_stand_s": Measure.SIT_TO_STAND,
    "timed_up_and_go_s": Measure.TIMED_UP_AND_GO,
}
"""Fields whose values are held against the last ones, with the outcome that is the same."""


class AssessmentForm(Part):
    """Fills in an :class:`Assessment`; what is left empty stays *not known*.

    Parameters
    ----------
    today : date
    """

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setAccessibleName(tr("Assessment"))
        self.day = DayField(tr("Day of the assessment"), today)
        self.numbers: dict[str, NumberField] = {}
        self.answers: dict[str, AnswerField] = {}
        self.texts: dict[str, TextField] = {}
        self.cards: list[Card] = []
        self.doubts: dict[str, DoubtRow] = {}
        """By group: what is filled in and likely a slip of the pen."""
        self._known: Mapping[str, float] = {}
        self._flows: list[Flow] = []
        self._kept = Assessment(today, "")
        self._column = tight(QVBoxLayout(self))
        for key, title in _groups():
            self._add_group(key, title)
        self.day.changed.connect(self.changed)

    def _add_group(self, key: str, title: str) -> None:
        card = Card(title)
        for name, question in _questions().get(key, ()):
            answer = self.answers[name] = AnswerField(question)
            answer.changed.connect(self.changed)
            card.column.addWidget(answer)
        flow = self._flow(card)
        if key == "person":
            flow.addWidget(self.day)
        for asked in _numbers().get(key, ()):
            number = self.numbers[asked.key] = NumberField(*asked[1:])
            number.changed.connect(self.changed)
            number.field.editingFinished.connect(self.look_for_doubts)
            flow.addWidget(number)
        if any(asked.key in _COMPARED for asked in _numbers().get(key, ())):
            doubt = self.doubts[key] = DoubtRow()
            doubt.changed.connect(self.changed)
            card.column.addWidget(doubt)
        if key in _words():
            flow = self._flow(card)
        for name, caption, hint in _words().get(key, ()):
            text = self.texts[name] = TextField(caption, hint, _MOST_WORDS)
            text.changed.connect(self.changed)
            flow.addWidget(text)
        self.cards.append(card)
        self._column.addWidget(card)

    def _flow(self, card: Card) -> Flow:
        holder = QWidget()
        flow = Flow(holder)
        self._flows.append(flow)
        card.column.addWidget(holder)
        return flow

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self._column.setSpacing(style.px(12))
        for flow in self._flows:
            flow.setSpacing(style.px(16))

    def sizeHint(self) -> QSize:
        """As its groups ask."""
        return self._column.sizeHint()

    # -- what is filled in ------------------------------------------------------------------------

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All fields that can be wrong."""
        return (self.day, *self.numbers.values(), *self.texts.values())

    def wrong(self) -> FormField | None:
        """The first field that is not in order."""
        return next((field for field in self.fields if field.problem), None)

    def look_for_doubts(self) -> None:
        """Hold what is new against what was known before."""
        for group, row in self.doubts.items():
            told = []
            for asked in _numbers()[group]:
                field, before = self.numbers[asked.key], self._known.get(asked.key)
                value, measure = field.value, _COMPARED.get(asked.key)
                if value is None or field.problem or before is None:
                    continue
                if value == getattr(self._kept, asked.key):
                    continue  # it was kept before; another value has come since
                if measure is not None:
                    told.append(doubt_of_outcome(measure, value, before))
                elif asked.key == _MASS:
                    told.append(doubt_of_body_mass(value, before))
            row.say(" ".join(filter(None, told)))

    def ask(self) -> str:
        """What of the doubtful is still to be confirmed, in one sentence; empty if nothing is."""
        self.look_for_doubts()
        return next(filter(None, (row.ask() for row in self.doubts.values())), "")

    def confirmed(self, draft: Assessment) -> Assessment:
        """An assessment whose notes tell why what seemed doubtful is right."""
        said = [
            tr("{doubt} Confirmed: {why}.", doubt=row.doubt, why=row.why.rstrip("."))
            for row in self.doubts.values()
            if row.why
        ]
        return replace(draft, notes="; ".join(filter(None, (draft.notes, *said))))

    def assessment(self, by: str) -> Assessment:
        """What is filled in; a field that is not in order counts as not known."""
        values: dict[str, Any] = {}
        for key, field in self.numbers.items():
            values[key] = field.whole if field.decimals == 0 and key in _WHOLE else field.value
        values.update({key: field.answer for key, field in self.answers.items()})
        values.update({key: field.text for key, field in self.texts.items()})
        return replace(self._kept, by=by, day=self.day.day or self._kept.day, **values)

    def show_assessment(
        self, assessment: Assessment, known: Mapping[str, float] | None = None
    ) -> None:
        """Fill in one that was made.

        Parameters
        ----------
        assessment : Assessment
        known : mapping, optional
            The last values that are known, by the fields' names.
        """
        self._kept, self._known = assessment, known or {}
        self.day.set_day(assessment.day)
        for key, number in self.numbers.items():
            number.set_value(getattr(assessment, key))
        for key, answer in self.answers.items():
            answer.set_answer(getattr(assessment, key))
        for key, text in self.texts.items():
            text.set_text(getattr(assessment, key))
        self.look_for_doubts()


def last_known(
    assessment: Assessment | None, outcomes: Iterable[Outcome], body_mass_kg: float | None
) -> dict[str, float]:
    """The last values before a new assessment, by its fields' names.

    Parameters
    ----------
    assessment : Assessment or None
        The last one.
    outcomes : iterable of Outcome
        Oldest first.
    body_mass_kg : float or None
        The last that is known from anywhere.
    """
    latest = {outcome.measure: outcome for outcome in outcomes}
    known = {} if body_mass_kg is None else {_MASS: body_mass_kg}
    for key, measure in _COMPARED.items():
        if measure is None:
            continue
        told = None if assessment is None else getattr(assessment, key)
        outcome = latest.get(measure)
        newer = outcome is not None and (assessment is None or outcome.day > assessment.day)
        if outcome is not None and (told is None or newer):
            told = outcome.value
        if told is not None:
            known[key] = told
    return known


_WHOLE: Final = frozenset({"age_years", "low_trauma_fractures", "pain_now"})
"""Kept as whole numbers; a kyphosis is a measurement."""
