"""A clinician works on the pages of people: what is kept, what is refused and how it is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Outcome
from lift_monitor.events import Confidence
from lift_monitor.programme import maximum as one_repetition
from lift_monitor.programme.clearance import Answer, Clearance, Level
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import FlagLimit
from lift_monitor.programme.record import EventGrade, MaximumSource
from lift_monitor.technique import FlagKind
from lift_monitor.ui.people.clearance_tab import ClearanceTab
from lift_monitor.ui.people.identity_tab import IdentityTab
from lift_monitor.ui.people.outcomes_tab import OutcomesTab
from lift_monitor.ui.people.people_page import PeoplePage
from lift_monitor.ui.people.person_page import PersonPage
from lift_monitor.ui.people.plan_tab import PlanTab
from lift_monitor.ui.people.record_tab import RecordTab
from lift_monitor.ui.people.today_forms import MaximumForm
from lift_monitor.ui.people.today_tab import TodayTab
from tests.ui.people_scenes import BY, answer_all, settle, stage

TODAY = date(2026, 11, 22)
NAME = "Heron 14"


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with Clinic.open(tmp_path / "clinic.sqlite", backups=None) as opened:
        yield opened


@pytest.fixture
def person(clinic: Clinic) -> int:
    return clinic.people.add(NAME, BY, TODAY).id


Show = Callable[..., PersonPage]


@pytest.fixture
def show(clinic: Clinic, person: int) -> Iterator[Show]:
    hosts = []

    def shown(by: str = BY, today: date = TODAY) -> PersonPage:
        page = PersonPage(clinic, person, by, lambda: today)
        hosts.append(stage(page, "dark", (1280, 720)))
        return page

    yield shown
    for host in hosts:
        host.close()
        host.deleteLater()
    settle()


@pytest.fixture
def people(clinic: Clinic) -> Iterator[PeoplePage]:
    page = PeoplePage(clinic, "", lambda: TODAY)
    host = stage(page, "dark", (1280, 720))
    yield page
    host.close()
    host.deleteLater()
    settle()


def clearance_of(page: PersonPage) -> ClearanceTab:
    page.show_section("clearance")
    tab = page.section("clearance")
    assert isinstance(tab, ClearanceTab)
    return tab


def today_of(page: PersonPage) -> TodayTab:
    tab = page.section("today")
    assert isinstance(tab, TodayTab)
    return tab


def plan_of(page: PersonPage) -> PlanTab:
    page.show_section("plan")
    tab = page.section("plan")
    assert isinstance(tab, PlanTab)
    return tab


def outcomes_of(page: PersonPage) -> OutcomesTab:
    page.show_section("outcomes")
    tab = page.section("outcomes")
    assert isinstance(tab, OutcomesTab)
    return tab


def record_of(page: PersonPage) -> RecordTab:
    page.show_section("record")
    tab = page.section("record")
    assert isinstance(tab, RecordTab)
    return tab


def held(clinic: Clinic, person: int) -> Clearance:
    found = clinic.care.clearance(person)
    assert found is not None
    return found


# -- people --------------------------------------------------------------------------------------


def test_the_first_day_adds_a_person_by_who_is_working(people: PeoplePage, clinic: Clinic) -> None:
    chosen: list[int] = []
    people.person_chosen.connect(chosen.append)
    assert people.welcome.isVisible()
    people.welcome.add.click()
    assert people.form.pseudonym.text  # one is suggested
    people.form.pseudonym.set_text("Heron 14")
    people.form.add.click()
    assert "say first who is working" in people.form.sentence.full_text
    assert clinic.people.all(archived=True) == ()
    people.who.field.setText("  Ada  B. ")
    QTest.keyClick(people.who.field, Qt.Key.Key_Return)
    assert people.by == "Ada B."
    people.form.add.click()
    (found,) = clinic.people.all()
    assert (found.pseudonym, found.since, chosen) == ("Heron 14", TODAY, [found.id])
    assert {entry.by for entry in clinic.audit.entries(found.id)} == {"Ada B."}
    assert people.table.isVisible()


def test_a_pseudonym_that_is_taken_is_refused_with_a_sentence(
    people: PeoplePage, clinic: Clinic, person: int
) -> None:
    people.set_by(BY)
    people.open_form()
    people.form.pseudonym.set_text("heron 14")
    people.form.add.click()
    assert "'Heron 14' already" in people.form.sentence.full_text
    assert people.form.isVisible()
    people.form.pseudonym.set_text("")
    people.form.add.click()
    assert people.form.sentence.full_text == "▲ Nobody was added: type a pseudonym."
    assert len(clinic.people.all()) == 1


def test_an_identity_without_a_name_is_refused_and_nobody_is_added(
    people: PeoplePage, clinic: Clinic
) -> None:
    people.set_by(BY)
    people.open_form()
    people.form.with_identity.click()
    people.form.identity.contact.set_text("a telephone number")
    people.form.add.click()
    assert "An identity needs a name" in people.form.sentence.full_text
    people.form.identity.name.set_text("Somebody")
    people.form.identity.born.set_text("31.2.1950")
    people.form.add.click()
    assert "“31.2.1950” is no day" in people.form.sentence.full_text
    assert clinic.people.all() == ()
    people.form.identity.born.set_text("28.2.1950")
    people.form.add.click()
    (found,) = clinic.people.all()
    identity = clinic.people.identity(found.id)
    assert identity is not None
    assert (identity.name, identity.born) == ("Somebody", date(1950, 2, 28))


def test_people_are_found_by_typing_and_opened_by_enter(
    people: PeoplePage, clinic: Clinic, person: int
) -> None:
    other = clinic.people.add("Wren 3", BY, TODAY)
    gone = clinic.people.add("Old Heron", BY, TODAY)
    clinic.people.archive(gone.id, BY, "moved away")
    people.refresh()
    chosen: list[int] = []
    people.person_chosen.connect(chosen.append)
    assert people.table.rowCount() == 2
    people.search.setText("WREN")
    assert people.table.rowCount() == 1
    QTest.keyClick(people.table, Qt.Key.Key_Return)
    people.search.setText("heron")
    QTest.keyClick(people.table, Qt.Key.Key_Return)
    assert chosen == [other.id, person]
    people.archived.click()
    assert people.table.rowCount() == 2
    assert people.count.full_text == "2 people · 1 needs attention"  # not the archived one
    people.search.setText("nobody of this name")
    assert people.nobody.full_text == "Nobody is called “nobody of this name”."


def test_the_list_says_who_needs_attention(
    people: PeoplePage, clinic: Clinic, person: int, show: Show
) -> None:
    def attention() -> str:
        people.refresh()
        item = people.table.item(0, 5)
        assert item is not None
        return item.text()

    assert attention() == "▲ To be assessed"
    tab = clearance_of(show())
    answer_all(tab)
    tab.save()
    assert attention() == ""
    clinic.sessions.begin(person, datetime(2026, 11, 22, 9, tzinfo=UTC), BY)
    assert attention() == "▶ Session is open"


# -- who is working ------------------------------------------------------------------------------


def test_nothing_is_kept_before_somebody_says_who_works(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show(by="")
    tab = clearance_of(page)
    answer_all(tab)
    tab.save()
    assert "say first who is working" in tab.clearance.sentence.full_text
    assert clinic.care.assessments(person) == ()
    assert page.who.field.hasFocus()
    QTest.keyClicks(page.who.field, "CD")
    page.who.keep.click()
    tab.save()
    assert held(clinic, person).by == "CD"
    assert clinic.care.assessments(person)[0].by == "CD"


# -- clearance -----------------------------------------------------------------------------------


def test_what_was_not_asked_does_not_clear_anybody(clinic: Clinic, person: int, show: Show) -> None:
    tab = clearance_of(show())
    assert Level(tab.clearance.level.key) is Level.NO_LOAD
    assert not tab.clearance.level.buttons["high_intensity"].isEnabled()
    tab.save()
    assert held(clinic, person).level is Level.NO_LOAD
    assert clinic.care.assessments(person)[0].malignancy is Answer.UNKNOWN
    assert clinic.care.assessments(person)[0].age_years is None


def test_an_assessment_in_favour_clears_for_high_intensity(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show()
    tab = clearance_of(page)
    answer_all(tab)
    tab.form.numbers["age_years"].set_text("66")
    tab.save()
    assert tab.clearance.sentence.full_text == "● Saved: High intensity."
    assert held(clinic, person).level is Level.HIGH_INTENSITY
    (kept,) = clinic.care.assessments(person)
    assert (kept.age_years, kept.t_spine, kept.by, kept.day) == (66, -2.1, BY, TODAY)
    assert page.level.full_text == "● High intensity"
    assert today_of(page).begin.text() == "Begin session"


def test_an_assessment_whose_clearance_cannot_be_kept_is_not_kept_either(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    with closing(sqlite3.connect(clinic.where, isolation_level=None)) as raw:
        raw.execute(
            "CREATE TRIGGER failing BEFORE INSERT ON clearances "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        tab.save()
        assert "nothing of this step was kept" in tab.clearance.sentence.full_text
        assert clinic.care.assessments(person) == ()
        raw.execute("DROP TRIGGER failing")
    tab.save()
    assert len(clinic.care.assessments(person)) == 1
    assert held(clinic, person).level is Level.HIGH_INTENSITY


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("age_years", "sixty", "“sixty” is no number: 18 to 110 years."),
        ("age_years", "66.5", "66.5 is no whole number."),
        ("height_cm", "1.62", "1.62 is out of range: 100 to 220 cm."),
        ("t_hip", "-25", "-25 is out of range: −8 to 5 SD."),
        ("pain_now", "11", "11 is out of range: 0 to 10 of 10."),
        ("body_mass_kg", "nan", "“nan” is no number: 25 to 250 kg."),
    ],
)
def test_a_number_that_cannot_be_is_refused_beside_its_field(
    clinic: Clinic, person: int, show: Show, key: str, typed: str, said: str
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    field = tab.form.numbers[key]
    field.field.clear()
    QTest.keyClicks(field.field, typed)
    assert field.problem == said
    assert field.below.full_text == f"▲ {said}"
    tab.save()
    assert said in tab.clearance.sentence.full_text
    assert field.field.hasFocus()
    assert clinic.care.assessments(person) == ()
    assert clinic.care.clearance(person) is None
    field.field.clear()
    tab.save()
    assert getattr(clinic.care.assessments(person)[0], key) is None


def test_a_contraindication_is_overridden_by_name_and_for_a_reason_only(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    tab.form.answers["malignancy"].options.buttons["yes"].click()
    assert Level(tab.clearance.level.key) is Level.NO_LOAD
    row = next(r for r in tab.rows if r.finding.key == "malignancy")
    row.button.click()
    row.by.set_text("")
    row.confirm.click()
    assert "overridden by name" in row.by.problem
    row.by.set_text("Dr. E. Example")
    row.confirm.click()
    assert "without a reason" in row.reason.problem
    assert Level(tab.clearance.level.key) is Level.NO_LOAD
    row.reason.set_text("in remission for nine years, letter of 3 November")
    row.confirm.click()
    settle()
    tab.clearance.level.buttons["high_intensity"].click()
    tab.save()
    clearance = held(clinic, person)
    assert clearance.level is Level.HIGH_INTENSITY
    (override,) = clearance.overrides
    assert (override.finding, override.by) == ("malignancy", "Dr. E. Example")
    assert "nine years" in override.reason
    assert any("overrid" in entry.what for entry in clinic.audit.entries(person))


def test_an_override_can_be_taken_back_before_it_is_saved(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    tab.form.answers["malignancy"].options.buttons["yes"].click()
    row = next(r for r in tab.rows if r.finding.key == "malignancy")
    row.button.click()
    row.reason.set_text("a slip")
    row.confirm.click()
    settle()
    row = next(r for r in tab.rows if r.finding.key == "malignancy")
    row.back.click()
    settle()
    tab.save()
    assert held(clinic, person).overrides == ()
    assert held(clinic, person).level is Level.NO_LOAD


def test_a_new_assessment_is_judged_without_the_overrides_of_the_old_one(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    tab.form.answers["malignancy"].options.buttons["yes"].click()
    row = next(r for r in tab.rows if r.finding.key == "malignancy")
    row.button.click()
    row.reason.set_text("in remission")
    row.confirm.click()
    settle()
    tab.save()
    later = clearance_of(show(today=TODAY + timedelta(days=200)))
    assert later.rows[0].back.isVisible()  # it holds as long as nothing new is found
    later.again.click()
    settle()
    assert later.rows[0].button.isVisible()
    assert Level(later.clearance.level.key) is Level.NO_LOAD


def test_a_level_never_rises_by_itself_once_somebody_chose(show: Show) -> None:
    tab = clearance_of(show())
    tab.clearance.level.buttons["no_load"].click()
    answer_all(tab)
    assert tab.clearance.level.buttons["high_intensity"].isEnabled()
    assert Level(tab.clearance.level.key) is Level.NO_LOAD
    tab.clearance.level.buttons["high_intensity"].click()
    tab.form.answers["vertebral_fracture"].options.buttons["yes"].click()
    assert Level(tab.clearance.level.key) is Level.RESTRICTED


def test_an_exercise_is_left_out_for_a_reason_only(clinic: Clinic, person: int, show: Show) -> None:
    page = show()
    tab = clearance_of(page)
    answer_all(tab)
    row = next(r for r in tab.clearance.exclusions if r.key == "deadlift")
    row.button.click()
    tab.save()
    assert "only for a reason" in tab.clearance.sentence.full_text
    assert clinic.care.clearance(person) is None
    row.reason.set_text("hand surgery")
    tab.save()
    (excluded,) = held(clinic, person).excluded
    assert (excluded.exercise, excluded.reason, excluded.by) == ("deadlift", "hand surgery", BY)
    page.show_section("today")
    card = next(c for c in today_of(page).cards if c.prescription.exercise == "deadlift")
    assert "hand surgery" in card.prescription.blocked


def test_the_clearance_alone_is_changed_without_a_new_assessment(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    tab.save()
    tab = clearance_of(show(by="CD", today=TODAY + timedelta(days=30)))
    tab.clearance.level.buttons["restricted"].click()
    tab.clearance.cap_pct.set_text("60")
    tab.clearance.note.set_text("shoulder")
    tab.save()
    clearance = held(clinic, person)
    assert (clearance.level, clearance.cap_pct, clearance.by) == (Level.RESTRICTED, 60.0, "CD")
    assert (clearance.impacts, clearance.raised_start) == (False, True)
    (kept,) = clinic.care.assessments(person)
    assert kept.day == TODAY


def test_what_is_filled_in_stays_when_something_else_is_saved(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show()
    tab = clearance_of(page)
    tab.form.numbers["age_years"].set_text("66")
    outcomes = outcomes_of(page)
    outcomes.value.set_text("0.876")
    outcomes.save.click()
    assert page.unsaved == ("clearance",)
    assert clearance_of(page).form.numbers["age_years"].value == 66


# -- plan ----------------------------------------------------------------------------------------


def test_a_plan_that_cannot_be_is_refused_with_a_sentence(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = plan_of(show())
    row = tab.rows[0]
    row.numbers["low_pct"].set_text("90")
    assert "Deadlift" in tab.problems.full_text
    tab.reason.set_text("try")
    tab.save.click()
    assert tab.sentence.full_text.startswith("▲ Nothing was saved. Deadlift")
    row.numbers["low_pct"].set_text("")
    tab.save.click()
    assert "A number is needed" in tab.sentence.full_text
    assert clinic.plans.all(person) == ()


def test_a_plan_is_changed_for_a_reason_and_becomes_a_new_version(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show()
    tab = plan_of(page)
    tab.rows[0].numbers["sets"].set_text("4")
    tab.rows[-1].on.click()
    tab.plates.set_text("10 x 2; 5 × 1; 1,25 kg × 1; 0.5 × 2")
    assert "mass × pairs" in tab.plates.problem  # a comma is no decimal sign here
    tab.limits.flags[FlagKind.LUMBAR_FLEXION].set_pair((8.0, 15.0))
    tab.limits.losses["loss_stop_pct"].set_text("25")
    tab.plates.set_text("10 x 2; 5 × 1; 1.25 kg × 1; 0.5 × 2")
    tab.save.click()
    assert "say why the plan is changed" in tab.sentence.full_text
    assert clinic.plans.current(person) is None
    tab.reason.set_text("short of time")
    tab.save.click()
    stored = clinic.plans.current(person)
    assert stored is not None
    assert (stored.reason, stored.by, stored.plan.version) == ("short of time", BY, 2)
    assert stored.plan.exercise("deadlift").sets == 4
    assert len(stored.plan.exercises) == len(tab.rows) - 1
    assert [(p.kg, p.pairs) for p in stored.plan.rack.plates] == [
        (10, 2),
        (5, 1),
        (1.25, 1),
        (0.5, 2),
    ]
    limits = stored.plan.limits
    assert limits.flags == (FlagLimit(FlagKind.LUMBAR_FLEXION, 8.0, 15.0),)
    assert (limits.landing_high_bw, limits.loss_stop_pct) == (None, 25.0)
    assert len(tab.rows) == 4  # what is off can be switched on again
    assert not tab.rows[-1].on.isChecked()
    assert "version 2" in tab.holds.full_text


def test_the_home_programme_can_be_chosen(clinic: Clinic, person: int, show: Show) -> None:
    page = show()
    tab = plan_of(page)
    tab.kind.buttons["home"].click()
    tab.reason.set_text("lives too far away")
    tab.save.click()
    stored = clinic.plans.current(person)
    assert stored is not None
    assert stored.plan.key == "home"
    assert "Low-load home programme" in page.facts.full_text


# -- outcomes ------------------------------------------------------------------------------------


def test_an_outcome_out_of_range_is_refused(clinic: Clinic, person: int, show: Show) -> None:
    tab = outcomes_of(show())
    tab.value.set_text("8.76")
    assert tab.value.problem == "8.76 is out of range: 0.2 to 2.5 g/cm²."
    tab.save.click()
    assert "Nothing was saved" in tab.sentence.full_text
    tab.value.set_text("")
    tab.save.click()
    assert "A number is needed" in tab.sentence.full_text
    tab.value.set_text("0.876")
    tab.day.set_text("2026-11-23")
    tab.save.click()
    assert "still to come" in tab.sentence.full_text
    assert clinic.outcomes.all(person) == ()


def test_outcomes_are_held_against_baseline_and_error(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = outcomes_of(show())
    for day, value in (("2026-01-05", "0.876 g/cm²"), ("2026-09-05", "0.880")):
        tab.value.set_text(value)
        tab.day.set_text(day)
        tab.device.set_text("scanner A")
        tab.save.click()
        assert tab.sentence.full_text.startswith("● Saved")
    assert tab.change.full_text.startswith("○ +0.004 g/cm²")
    assert "within the error of measurement" in tab.change.full_text
    tab.value.set_text("0.95")
    tab.device.set_text("scanner B")
    tab.save.click()
    assert "nothing to compare it with" in tab.change.full_text  # another scanner
    tab.measure.setCurrentIndex(tab.measure.findData(Measure.TIMED_UP_AND_GO.value))
    tab.value.set_text("14")
    tab.save.click()
    assert "beyond the cut-off of 12.0 s" in tab.change.full_text
    assert len(clinic.outcomes.all(person)) == 4


def test_a_correction_needs_a_reason_and_keeps_the_old_value(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = outcomes_of(show())
    tab.value.set_text("0.786")
    tab.save.click()
    tab.correct.click()
    tab.value.set_text("0.876")
    tab.save.click()
    assert "a correction needs a reason" in tab.sentence.full_text
    tab.reason.set_text("digits exchanged")
    tab.save.click()
    (outcome,) = clinic.outcomes.all(person)
    assert outcome.value == 0.876
    entry = next(e for e in clinic.audit.entries(person) if e.what == "outcome_corrected")
    assert (entry.before["value"], entry.reason, entry.by) == (0.786, "digits exchanged", BY)


# -- today ---------------------------------------------------------------------------------------


def test_a_session_is_asked_for_once_somebody_is_assessed(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show()
    asked: list[int] = []
    page.session_asked.connect(asked.append)
    today = today_of(page)
    assert today.begin.text() == "Assess…"
    today.begin.click()
    assert page.section("clearance").isVisible()
    assert asked == []
    tab = clearance_of(page)
    answer_all(tab)
    tab.save()
    page.show_section("today")
    today.begin.click()
    page.by_hand_asked.connect(asked.append)
    today.by_hand.click()
    assert asked == [person, person]
    clinic.sessions.begin(person, datetime(2026, 11, 22, 9, tzinfo=UTC), BY)
    page.refresh()
    assert today.begin.text() == "Go on with session"


def test_a_person_who_may_do_nothing_cannot_begin(show: Show) -> None:
    page = show()
    tab = clearance_of(page)
    answer_all(tab)
    tab.form.answers["malignancy"].options.buttons["yes"].click()
    tab.save()
    page.show_section("today")
    today = today_of(page)
    assert not today.begin.isEnabled()
    assert "Nothing can be done today" in today.state.full_text


def test_a_missed_session_is_kept_with_its_reason(clinic: Clinic, person: int, show: Show) -> None:
    today = today_of(show())
    today.buttons["missed"].click()
    form = today.forms["missed"]
    form.keep.click()
    assert "say why the session was missed" in form.sentence.full_text
    assert clinic.sessions.all(person) == ()
    form.reason.set_text("influenza")  # type: ignore[attr-defined]
    form.keep.click()
    (missed,) = clinic.sessions.all(person)
    assert (missed.attended, missed.reason_missed, missed.day) == (False, "influenza", TODAY)
    assert not form.isVisible()
    assert "missed" in today.sentence.full_text


def test_maxima_of_two_sources_are_kept_apart(clinic: Clinic, person: int, show: Show) -> None:
    today = today_of(show())
    form = today.forms["maximum"]
    today.buttons["maximum"].click()
    form.keep.click()
    assert "A number is needed" in form.sentence.full_text
    form.load.set_text("60")  # type: ignore[attr-defined]
    form.confirmed.click()  # type: ignore[attr-defined]
    form.keep.click()
    today.buttons["maximum"].click()
    form.source.buttons["repetitions"].click()  # type: ignore[attr-defined]
    form.load.set_text("52.5")  # type: ignore[attr-defined]
    form.repetitions.set_text("5")  # type: ignore[attr-defined]
    form.to_failure.click()  # type: ignore[attr-defined]
    form.keep.click()
    found = clinic.maxima.all(person)
    assert [m.source for m in found] == [MaximumSource.TESTED, MaximumSource.REPETITIONS]
    assert [m.confidence for m in found] == [Confidence.HIGH, Confidence.HIGH]
    assert found[0].kg == 60.0
    assert 52.5 < found[1].kg < 65.0


def test_an_adverse_event_outside_a_session_is_kept(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show()
    today = today_of(page)
    today.buttons["adverse"].click()
    form = today.forms["adverse"]
    form.keep.click()
    assert "say what happened" in form.sentence.full_text
    form.grade.buttons["serious"].click()  # type: ignore[attr-defined]
    form.text.set_text("fell on the stairs at home")  # type: ignore[attr-defined]
    form.keep.click()
    (event,) = clinic.sessions.adverse_events(person)
    assert (event.grade, event.text, event.by) == (
        EventGrade.SERIOUS,
        "fell on the stairs at home",
        BY,
    )
    record = record_of(page)
    record.kinds.buttons[3].click()
    assert record.table.rowCount() == 1
    assert "fell on the stairs" in record.detail.full_text


# -- record, person, report ----------------------------------------------------------------------


def test_the_record_tells_who_changed_what(clinic: Clinic, person: int, show: Show) -> None:
    page = show()
    outcomes = outcomes_of(page)
    outcomes.value.set_text("0.9")
    outcomes.save.click()
    record = record_of(page)
    assert record.nothing.isVisible()
    record.kinds.buttons[4].click()
    record.search.setText("outcome")
    assert record.table.rowCount() == 1
    assert BY in record.detail.full_text
    record.search.setText("what was never done")
    assert record.nothing.full_text == "Nothing is found."


def test_the_identity_is_shown_when_asked_for_and_kept(
    clinic: Clinic, person: int, show: Show
) -> None:
    page = show()
    page.show_section("identity")
    tab = page.section("identity")
    assert isinstance(tab, IdentityTab)
    assert not tab.identity.isVisible()
    tab.show_it.click()
    tab.identity.name.set_text("Somebody")
    tab.identity.referrer.set_text("Practice at the lake")
    tab.keep.click()
    found = clinic.people.identity(person)
    assert found is not None
    assert (found.name, found.referrer) == ("Somebody", "Practice at the lake")
    page.refresh()
    assert not tab.identity.isVisible()


def test_a_person_is_renamed_and_archived_with_a_reason(
    clinic: Clinic, person: int, show: Show
) -> None:
    clinic.people.add("Wren 3", BY, TODAY)
    page = show()
    left: list[bool] = []
    page.left.connect(lambda: left.append(True))
    page.show_section("identity")
    tab = page.section("identity")
    assert isinstance(tab, IdentityTab)
    tab.pseudonym.set_text("wren 3")
    tab.rename.click()
    assert "already" in tab.sentences[0].full_text
    tab.pseudonym.set_text("Heron 15")
    tab.rename.click()
    assert page.name.full_text == "Heron 15"
    tab.archive.click()
    assert tab.sentences[2].full_text == "▲ Nothing was done: say why."
    assert not clinic.people.get(person).archived
    tab.reason.set_text("has finished")
    tab.archive.click()
    assert clinic.people.get(person).archived
    assert left == [True]
    tab.reason.set_text("begins again")
    tab.archive.click()
    assert not clinic.people.get(person).archived


def test_a_report_is_asked_for_with_its_period(person: int, show: Show) -> None:
    page = show()
    asked: list[tuple[object, ...]] = []
    page.report_asked.connect(lambda *wish: asked.append(wish))
    page.report.click()
    page.report_form.first.set_text("2026-11-22")
    page.report_form.last.set_text("2026-11-01")
    page.report_form.make.click()
    assert "exchange them" in page.report_form.sentence.full_text
    page.report_form.first.set_text("2026-10-01")
    page.report_form.make.click()
    page.report_form.words.setPlainText("  Goes well.\nOn.  ")
    page.report_form.make.click()
    first, last = date(2026, 10, 1), date(2026, 11, 1)
    assert asked == [
        (person, first, last, False, ""),
        (person, first, last, False, "Goes well.\nOn."),
    ]
    assert not page.report_form.with_name.isEnabled()  # none is kept
    QTest.keyClick(page.report_form.first.field, Qt.Key.Key_Escape)
    assert not page.report_form.isVisible()


# -- likely a slip of the pen --------------------------------------------------------------------


def maximum_form(today: TodayTab) -> MaximumForm:
    form = today.forms["maximum"]
    assert isinstance(form, MaximumForm)
    return form


def test_a_maximum_with_a_digit_too_many_is_kept_once_it_is_confirmed_with_a_reason(
    clinic: Clinic, person: int, show: Show
) -> None:
    clinic.maxima.add(
        person, one_repetition.tested("deadlift", 64.0, TODAY - timedelta(days=30)), BY
    )
    today = today_of(show())
    today.buttons["maximum"].click()
    form = maximum_form(today)
    form.confirmed.click()
    form.load.set_text("64")
    form.load.field.editingFinished.emit()
    assert not form.doubt.isVisible()
    form.load.set_text("140")
    form.load.field.editingFinished.emit()
    assert form.doubt.isVisible()
    assert "64 kg" in form.doubt.sentence.full_text
    form.keep.click()
    assert "say that it is right" in form.sentence.full_text
    form.doubt.right.click()
    form.keep.click()
    assert form.doubt.reason.problem == "Say why it is right."
    assert len(clinic.maxima.all(person)) == 1
    form.doubt.reason.set_text("lifted twice, seen by two")
    form.keep.click()
    assert not form.isVisible()
    kept = clinic.maxima.all(person)[-1]
    assert kept.kg == 140.0
    entry = next(e for e in clinic.audit.entries(person) if e.what == "maximum_added")
    assert "lifted twice, seen by two" in str(entry.after)


def test_a_confirmation_is_of_one_value_only(clinic: Clinic, person: int, show: Show) -> None:
    clinic.maxima.add(
        person, one_repetition.tested("deadlift", 64.0, TODAY - timedelta(days=30)), BY
    )
    today = today_of(show())
    today.buttons["maximum"].click()
    form = maximum_form(today)
    form.load.set_text("140")
    form.load.field.editingFinished.emit()
    form.doubt.right.click()
    form.doubt.reason.set_text("seen")
    form.load.set_text("200")
    form.keep.click()
    assert not form.doubt.right.isChecked()
    assert len(clinic.maxima.all(person)) == 1
    form.load.set_text("66")
    form.keep.click()
    kept = clinic.maxima.all(person)[-1]
    assert (kept.kg, kept.confirmed) == (66.0, "")


def test_an_outcome_far_from_the_last_is_confirmed_in_its_note(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = outcomes_of(show())
    tab.measure.setCurrentIndex(tab.measure.findData(Measure.HEIGHT.value))
    tab.value.set_text("162.0")
    tab.day.set_text("2026-01-05")
    tab.save.click()
    tab.value.set_text("152.0")
    tab.day.set_text("2026-11-20")
    tab.value.field.editingFinished.emit()
    assert "162.0 cm" in tab.doubt.sentence.full_text
    tab.save.click()
    assert "say that it is right" in tab.sentence.full_text
    seen = tab.doubt.visibleRegion().boundingRect()
    assert seen.size() == tab.doubt.size()  # not below the foot of the page
    tab.note.set_text("new stadiometer")
    tab.doubt.right.click()
    tab.doubt.reason.set_text("measured twice")
    tab.save.click()
    assert tab.sentence.full_text.startswith("● Saved")
    assert not tab.doubt.isVisible()
    kept = clinic.outcomes.all(person)[-1]
    assert (kept.value, kept.note) == (152.0, "new stadiometer; Confirmed: measured twice")
    # A correction of it is held against the value before, not against itself.
    tab.correct.click()
    tab.value.set_text("161.5")
    tab.reason.set_text("a slip")
    tab.save.click()
    assert clinic.outcomes.all(person)[-1].value == 161.5


def test_an_assessment_with_a_doubtful_number_is_kept_once_it_is_confirmed(
    clinic: Clinic, person: int, show: Show
) -> None:
    tab = clearance_of(show())
    answer_all(tab)
    tab.form.numbers["body_mass_kg"].set_text("63")
    tab.form.numbers["t_hip"].set_text("-1.5")
    assert tab.form.ask() == ""  # nothing to compare with
    tab.save()
    (first,) = clinic.care.assessments(person)
    tab.form.numbers["body_mass_kg"].set_text("36")
    tab.form.numbers["body_mass_kg"].field.editingFinished.emit()
    row = tab.form.doubts["person"]
    assert row.isVisible()
    assert "63 kg the last time" in row.sentence.full_text
    tab.save()
    assert "say that it is right" in tab.clearance.sentence.full_text
    assert clinic.care.assessments(person) == (first,)
    row.right.click()
    row.reason.set_text("weighed twice")
    tab.form.numbers["t_hip"].set_text("1.5")  # a sign forgotten
    tab.save()
    assert tab.form.doubts["bone"].isVisible()
    assert clinic.care.assessments(person) == (first,)
    tab.form.numbers["t_hip"].set_text("-1.5")
    tab.save()
    kept = clinic.care.assessments(person)[-1]
    assert kept.body_mass_kg == 36.0
    assert kept.notes.endswith("Confirmed: weighed twice.")
    assert not row.isVisible()


def test_an_assessment_is_held_against_an_outcome_that_came_later(
    clinic: Clinic, person: int, show: Show
) -> None:
    height = Outcome(Measure.HEIGHT, 162.0, TODAY, BY)
    clinic.outcomes.add(person, height, BY)
    tab = clearance_of(show())
    tab.form.numbers["height_cm"].set_text("126")
    tab.form.numbers["height_cm"].field.editingFinished.emit()
    assert "162.0 cm the last time" in tab.form.doubts["person"].sentence.full_text
    # What was kept before is not asked about: only what is new is.
    tab.form.numbers["height_cm"].set_text("162")
    answer_all(tab)
    tab.save()
    clinic.outcomes.add(person, replace(height, value=152.0), BY)
    tab.refresh()
    assert tab.form.ask() == ""
