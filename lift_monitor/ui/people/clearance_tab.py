"""Assessment on the left; on the right what follows from it, live, and the clearance."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.programme import assess
from lift_monitor.programme.clearance import Assessment, Clearance, Finding, Level, Override
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.assessment_form import AssessmentForm, last_known
from lift_monitor.ui.people.clearance_card import ClearanceCard
from lift_monitor.ui.people.columns import Columns, Foot
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.finding_row import FindingRow
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.layout import Card, Paragraph, Section, empty
from lift_monitor.ui.people.words import level_word
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

_NOBODY = "?"


class ClearanceTab(Section):
    """Lets a clinician assess, override by name, and decide what a person may do.

    Parameters
    ----------
    file : PersonFile
    """

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Clearance and assessment"))
        self._file = file
        self._overrides: tuple[Override, ...] = ()
        self._last: Assessment | None = None
        self._touched = False
        self._shown: tuple[tuple[Finding, Override | None], ...] | None = None
        self._stands: Clearance | None = None
        self.rows: list[FindingRow] = []
        self.form = AssessmentForm(file.today())
        self.last = Paragraph()
        self.again = Button(tr("Confirm today"), tr("Confirm all answers as of today"))
        self.anew = Button(tr("Empty form"), tr("Begin an assessment with an empty form"))
        self.findings = Card(tr("What the assessment says"))
        self._holder = QWidget()
        self._list = tight(QVBoxLayout(self._holder), 12)
        self.findings.column.addWidget(self._holder)
        self.clearance = ClearanceCard(file.plan.exercises)
        left, right = QWidget(), QWidget()
        self._columns = tight(QVBoxLayout(left)), tight(QVBoxLayout(right))
        head = Card(tr("Assessment"))
        head.column.addWidget(self.last)
        row = Flow()
        row.setSpacing(8)
        row.addWidget(self.again)
        row.addWidget(self.anew)
        head.column.addLayout(row)
        for widget in (head, self.form):
            self._columns[0].addWidget(widget)
        for widget in (self.findings, self.clearance):
            self._columns[1].addWidget(widget)
        for column in self._columns:
            column.addStretch(1)
        foot = Foot(self.clearance.sentence, self.clearance.save)
        self._parts = Columns(left, right, (tr("Assessment"), tr("Clearance")), (58, 42), foot)
        tight(QVBoxLayout(self)).addWidget(self._parts)
        self.form.changed.connect(self._edited)
        self.again.clicked.connect(lambda: self.form.day.set_day(file.today()))
        self.anew.clicked.connect(lambda: self._fill(Assessment(file.today(), _NOBODY)))
        self.clearance.save_asked.connect(self.save)
        self.clearance.changed.connect(self._touch)
        self.refresh()

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        for column in self._columns:
            column.setSpacing(style.px(12))

    def refresh(self) -> None:
        """Show what the store has."""
        care, person = self._file.clinic.care, self._file.person_id
        assessments = care.assessments(person)
        self._stands = stands = care.clearance(person)
        self._overrides = stands.overrides if stands is not None else ()
        self._last = last = assessments[-1] if assessments else None
        self.again.setEnabled(last is not None)
        if last is None:
            told, role = tr("▲ Not assessed. What is left empty stays not known."), "attention"
        else:
            told = tr(
                "Last assessed {day} by {by}; {n} in all.",
                day=last.day,
                by=last.by,
                n=len(assessments),
            )
            role = "muted"
        self.last.say(told, role)
        if stands is None:
            told, role = tr("▲ No clearance yet: nothing is prescribed."), "attention"
        else:
            level = level_word(stands.level)
            told, role = (
                tr("Holds: {level}, {day}, {by}.", level=level, day=stands.day, by=stands.by),
                "",
            )
        self.clearance.stands.say(told, role)
        if stands is not None:
            self.clearance.show_clearance(stands)
        self._fill(last or Assessment(self._file.today(), _NOBODY))
        self._touched = False

    def _fill(self, assessment: Assessment) -> None:
        self.form.blockSignals(True)
        file = self._file
        outcomes = file.clinic.outcomes.all(file.person_id)
        self.form.show_assessment(assessment, last_known(self._last, outcomes, file.body_mass_kg))
        self.form.blockSignals(False)
        self._look()

    @property
    def unsaved(self) -> bool:
        """Whether answers or the clearance were changed since they were saved."""
        return self._touched

    def _touch(self) -> None:
        self._touched = True
        self.clearance.sentence.plain("")

    def _edited(self) -> None:
        """An answer that is new is of today, unless the day was set by hand."""
        last = self._last
        if last is not None and self.form.day.day == last.day and self._draft() != last:
            self.form.day.set_day(self._file.today())
        self._touched = True
        self._look()

    def _draft(self) -> Assessment:
        """What is filled in: the last assessment itself, if nothing in it was changed."""
        last, by = self._last, self._file.by or _NOBODY
        if last is not None:
            same = self.form.assessment(last.by)
            if same == last:
                return last
        return self.form.assessment(by)

    # -- what follows -----------------------------------------------------------------------------

    def _proposed(self, draft: Assessment) -> Clearance:
        return assess.clearance_of(
            draft, self._overrides, by=self._file.by or _NOBODY, day=self._file.today()
        )

    def _look(self) -> None:
        """Tell what follows from the answers as they stand now."""
        proposed = self._proposed(self._draft())
        self._show_findings(proposed.findings, proposed.overrides)
        self.clearance.allow(proposed, take_over=self._stands is None)
        self.clearance.sentence.plain("")

    def _show_findings(self, found: tuple[Finding, ...], kept: tuple[Override, ...]) -> None:
        of = {override.finding: override for override in kept}
        shown = tuple((finding, of.get(finding.key)) for finding in found)
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._list)
        self.rows = []
        if not found:
            self._list.addWidget(Paragraph(tr("○ Nothing was found that speaks against loading.")))
        for finding, override in shown:
            row = FindingRow(finding, override, self._file.by, self._file.today())
            row.overridden.connect(self._override)
            row.withdrawn.connect(self._withdraw)
            self.rows.append(row)
            self._list.addWidget(row)
        self.dress(self._holder)

    def _override(self, override: Override) -> None:
        self._withdraw(override.finding, override)

    def _withdraw(self, key: str, instead: Override | None = None) -> None:
        left = tuple(o for o in self._overrides if o.finding != key)
        self._overrides = left if instead is None else (*left, instead)
        self._touched = True
        self._look()

    # -- saving -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep assessment and clearance, or say what is not in order; then nothing is kept."""
        card, wrong = self.clearance, self.form.wrong()
        if wrong is not None:
            wrong.field.setFocus()
            what = tr("{caption}: {what}", caption=wrong.caption, what=wrong.problem)
            card.sentence.wrong(tr("Nothing was saved. {what}", what=what))
            return
        asked = self.form.ask()
        if asked:
            card.sentence.wrong(asked)
            return
        problem = card.wrong()
        if problem:
            card.sentence.wrong(problem)
            return
        draft = self.form.confirmed(self._draft())
        clearance = self._clearance(draft)
        care, person, new = self._file.clinic.care, self._file.person_id, draft != self._last

        def keep(by: str) -> None:
            if new:
                care.assess(person, draft, clearance, by)
            else:
                care.set_clearance(person, clearance, by)

        failure = self._file.write(keep)
        if failure:
            card.sentence.wrong(failure)
        else:
            self.refresh()
            card.sentence.done(tr("Saved: {level}.", level=level_word(clearance.level)))

    def _clearance(self, draft: Assessment) -> Clearance:
        card, stands = self.clearance, self._stands
        return replace(
            self._proposed(draft),
            level=Level(card.level.key),
            excluded=card.excluded(self._file.by, stands.excluded if stands else ()),
            cap_pct=card.cap_pct.value,
            cap_kg=card.cap_kg.value,
            impacts=card.impacts.isChecked(),
            raised_start=card.raised.isChecked(),
            note=card.note.text,
        )
