"""A visit through its panels: a real clinic, a station's events, real presses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.programme.record import SetKind, Verdict
from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station_words import Mode
from lift_monitor.ui.flow.session_flow import SessionFlow
from lift_monitor.visit.visit import Visit
from tests.patience import PATIENCE_MS
from tests.ui.flow_scenes import Page, settle
from tests.visit.happenings import (
    AT,
    BY,
    Clock,
    calibrated,
    landing,
    lift,
    status,
    trained,
)

Key = Qt.Key
Begin = Callable[..., SessionFlow]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with Clinic.open(tmp_path / "clinic.sqlite", durable=False) as opened:
        yield opened


@pytest.fixture
def person(clinic: Clinic) -> Person:
    return trained(clinic)


@pytest.fixture
def begin(clinic: Clinic, person: Person, qtbot: QtBot) -> Iterator[Begin]:
    """Begin a session so many days after the first; its panels are shown side by side."""
    made: list[Page] = []

    def build(days: float = 0.0) -> SessionFlow:
        visit = Visit.begin(clinic, person, BY, clock=Clock(AT + timedelta(days=days)))
        visit.listen(Mode.LIVE)
        flow = SessionFlow(visit)
        page = Page(flow.pane, flow.aside)
        qtbot.addWidget(page)
        made.append(page)
        page.resize(1280, 584)
        page.show()
        page.restyle("dark", 0.7)
        page.activateWindow()
        return flow

    yield build
    for page in made:
        page.close()


def shown(flow: SessionFlow) -> bool:
    return flow.pane_shown


def panel(flow: SessionFlow) -> object:
    return flow.panel


def tell(flow: SessionFlow, *events: object) -> None:
    flow.take(PipelineOutput(tuple(events)))  # type: ignore[arg-type]
    settle()


def whole_exercise(flow: SessionFlow) -> None:
    """All sets of the deadlift, answered as they end."""
    tell(flow, calibrated())
    for number in range(1, 8):
        tell(flow, *lift(number, 100.0 * number))
        flow.rest.rating.rpe.buttons[7].click()
        flow.rest.rating.pain.buttons[0].click()


def test_a_set_that_ends_is_asked_for_and_the_next_one_is_watched(begin: Begin) -> None:
    flow = begin()
    wanted: list[bool] = []
    flow.pane_wanted.connect(wanted.append)
    tell(flow, calibrated(), *lift(1, 100.0)[:3])
    assert not shown(flow)
    assert "2 of 5" in flow.aside.next.full_text
    tell(flow, *lift(1, 100.0)[3:])
    assert shown(flow)
    assert flow.rest.which.full_text == "Deadlift · warm-up 1 of 2"
    assert "warm-up 2 of 2" in flow.aside.next.full_text
    tell(flow, *lift(2, 200.0)[:2])
    assert not shown(flow)
    assert wanted == [True, False]


def test_the_first_set_is_laid_out_at_once(begin: Begin) -> None:
    flow = begin()
    flow.pane.hide()  # the live view is in its place
    settle()
    tell(flow, *lift(1, 100.0, 8))
    flow.pane.show()
    settle()
    edits = flow.rest.repetitions
    chips = [QRect(c.mapTo(edits, QPoint(0, 0)), c.size()) for c in edits.chips]
    assert len(chips) == 8
    assert all(edits.rect().contains(chip) for chip in chips)
    for button in (edits.add, edits.undo, edits.remove):
        assert not any(button.geometry().intersects(chip) for chip in chips)
    assert flow.rest.next.what.isVisible()


def test_two_taps_are_stored(begin: Begin, clinic: Clinic) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    QTest.mouseClick(flow.rest.rating.rpe.buttons[8], Qt.MouseButton.LeftButton)
    QTest.mouseClick(flow.rest.rating.pain.buttons[1], Qt.MouseButton.LeftButton)
    (stored,) = clinic.sessions.sets(flow.visit.session.id)
    assert (stored.ratings.rpe, stored.ratings.pain) == (14, 1)


def test_a_ghost_is_taken_out_and_everything_can_be_undone(begin: Begin, clinic: Clinic) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    for press, counted in (
        (flow.rest.repetitions.chips[1], 4),
        (flow.rest.repetitions.add, 5),
        (flow.rest.repetitions.undo, 4),
        (flow.rest.repetitions.undo, 5),
    ):
        press.click()
        assert clinic.sessions.sets(flow.visit.session.id)[0].counted == counted
    said: list[str] = []
    flow.failed.connect(said.append)
    flow.rest.repetitions.undo.click()
    assert said == ["There is no edit of this set to take back."]


def test_earlier_sets_can_be_looked_at_and_mended(begin: Begin) -> None:
    flow = begin()
    for number in (1, 2, 3):
        tell(flow, *lift(number, 100.0 * number))
    assert not flow.rest.later.isEnabled()
    flow.rest.earlier.click()
    flow.rest.earlier.click()
    assert flow.rest.which.full_text == "Deadlift · warm-up 1 of 2"
    flow.rest.load.more.click()
    assert flow.visit.sets()[0].new.load_kg == 30.5
    flow.rest.repetitions.remove.click()
    assert [s.new.number for s in flow.visit.sets()] == [2, 1]


def test_the_load_on_the_bar_and_a_skipped_warm_up(begin: Begin) -> None:
    flow = begin()
    told: list[bool] = []
    flow.load_chosen.connect(lambda: told.append(True))
    flow.aside.rest.click()
    flow.rest.next.skip.click()
    assert "warm-up 2 of 2 · 5 repetitions · 42.5 kg" in flow.rest.next.what.full_text
    flow.rest.next.skip.click()
    flow.rest.next.load.less.click()
    assert told
    assert "52 kg" in flow.aside.what.full_text
    tell(flow, *lift(1, 100.0))
    assert [(s.new.kind, s.new.load_kg) for s in flow.visit.sets()] == [(SetKind.WORKING, 52.0)]


def test_a_set_is_counted_by_hand(begin: Begin) -> None:
    flow = begin()
    flow.aside.rest.click()
    flow.rest.next.reps.less.click()
    flow.rest.next.store.click()
    (done,) = flow.visit.sets()
    assert (done.counted, done.new.measured) == (4, None)
    assert "Not watched is not clean" in flow.rest.rating.watched.full_text
    flow.rest.rating.clean.click()
    assert flow.visit.sets()[0].ratings.seen_clean is True


def test_another_exercise_is_chosen_by_a_press(begin: Begin) -> None:
    flow = begin()
    chosen: list[str] = []
    flow.exercise_chosen.connect(chosen.append)
    flow.aside.rows[3].click()
    flow.aside.rows[3].click()
    assert chosen == ["jumping_chin_up"]
    tell(flow, *(landing(10.0 + 4.0 * n) for n in range(5)))
    flow.take(status(31.0))
    assert "hardest 3.2 BW" in flow.rest.summary.full_text
    assert flow.rest.repetitions.title.full_text == "LANDINGS: 5 of 5 count"


def test_a_set_of_impacts_is_ended_by_hand(begin: Begin) -> None:
    flow = begin()
    flow.aside.rows[3].click()
    tell(flow, landing(10.0), landing(14.0))
    assert flow.aside.rest.caption == "End set"
    flow.aside.rest.click()
    flow.take(status(19.0))
    assert flow.rest.which.full_text.endswith("set 1 of 3")
    assert flow.rest.repetitions.title.full_text == "LANDINGS: 2 of 5 count"
    assert flow.aside.rest.caption == "Last set"
    flow.rest.repetitions.add.click()
    assert flow.rest.repetitions.title.full_text == "LANDINGS: 3 of 5 count"


def test_a_proposal_is_accepted_and_another_changed(begin: Begin, clinic: Clinic) -> None:
    first = begin()
    whole_exercise(first)
    first.visit.end()
    flow = begin(3)
    whole_exercise(flow)
    assert flow.rest.proposal.property("kind") == "primary"
    noted: list[str] = []
    flow.noted.connect(noted.append)
    flow.rest.proposal.click()
    assert panel(flow) is flow.proposal
    assert "52.5 kg → 53.5 kg" in flow.proposal.headline.full_text
    flow.proposal.decide.accept.click()
    assert noted == ["Deadlift: accepted."]
    assert flow.proposal.decision.full_text.startswith("◆ Accepted by K. Tester: 53.5 kg")
    flow.proposal.decide.change.click()
    flow.proposal.decide.load.less.click()
    flow.proposal.decide.quick[1].click()
    flow.proposal.decide.confirm.click()
    last = clinic.decisions.all(flow.visit.person.id)[-1]
    assert (last.verdict, last.load_kg, last.reason) == (
        Verdict.CHANGED, 53.0, "technique not ready",
    )  # fmt: skip


def test_sudden_back_pain_is_red_before_anything_else_is_done(begin: Begin) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    flow.rest.rating.sudden.click()
    assert all("stop is proposed" in row.accessibleName() for row in flow.aside.rows)
    flow.aside.proposals.click()
    assert flow.end.urgent.isVisible()
    assert "4 to decide" in flow.end.urgent.text.full_text
    rows = [row for row in flow.end.rows if row.isVisible()]
    rows[0].reasons.click()
    assert flow.proposal.red.isVisible()
    flow.proposal.decide.accept.click()
    flow.back()
    assert "3 to decide" in flow.end.urgent.text.full_text
    for row in rows[1:]:
        row.accept.click()
    assert not flow.end.urgent.isVisible()


def test_a_return_from_an_absence_is_asked_for_first(begin: Begin, qtbot: QtBot) -> None:
    first = begin()
    whole_exercise(first)
    first.visit.end()
    flow = begin(35)
    qtbot.waitUntil(lambda: shown(flow), timeout=PATIENCE_MS)
    assert panel(flow) is flow.end
    assert "Decide before anything else is lifted" in flow.end.first.full_text
    deadlift = flow.aside.rows[0]
    assert "not today" in deadlift.accessibleName()
    row = next(r for r in flow.end.rows if r.pending and r.pending.name == "Deadlift")
    row.accept.click()
    assert "not today" not in deadlift.accessibleName()


def test_what_is_being_written_is_not_taken_away_by_a_set(begin: Begin, clinic: Clinic) -> None:
    flow = begin()
    flow.aside.adverse.click()
    flow.adverse.minor.click()
    flow.adverse.words.setPlainText("knee gave way")
    tell(flow, *lift(1, 100.0))
    assert panel(flow) is flow.adverse
    assert shown(flow)
    flow.adverse.store.click()
    (event,) = clinic.sessions.adverse_events(flow.visit.person.id)
    assert (event.text, event.exercise) == ("knee gave way", "deadlift")
    assert not shown(flow)


def test_escape_goes_one_step_back(begin: Begin) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    flow.rest.proposal.click()
    flow.proposal.decide.reject.click()
    QTest.keyClick(flow.proposal.decide.reason, Key.Key_Escape)
    assert panel(flow) is flow.proposal
    assert not flow.proposal.decide.asking
    QTest.keyClick(flow.proposal.back, Key.Key_Escape)
    assert panel(flow) is flow.rest
    QTest.keyClick(flow.rest.back, Key.Key_Escape)
    assert not shown(flow)


def test_the_rest_goes_on_with_the_clock(begin: Begin) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    clock = flow.visit._clock
    assert isinstance(clock, Clock)
    clock.at = flow.visit.sets()[0].new.at + timedelta(seconds=61)
    flow.beat()
    assert flow.rest.clock.number.text == "1:01"
    clock.go(60.0)
    flow.beat()
    assert flow.rest.clock.state.full_text == "● READY"


def test_the_session_is_ended_with_the_clinicians_words(begin: Begin, clinic: Clinic) -> None:
    flow = begin()
    ended: list[bool] = []
    flow.ended.connect(lambda: ended.append(True))
    tell(flow, *lift(1, 100.0))
    flow.aside.end.click()
    assert "1 not decided" in flow.end.state.full_text
    flow.end.note.setPlainText("first time at this weight")
    flow.end.end.click()
    assert ended == [True]
    assert clinic.sessions.get(flow.visit.session.id).note == "first time at this weight"
    assert clinic.sessions.open_ones() == ()


def test_what_cannot_be_stored_is_told_beside_everything(begin: Begin, clinic: Clinic) -> None:
    flow = begin()
    clinic.sessions.end(flow.visit.session.id, AT, BY)  # somebody ended it elsewhere
    said: list[str] = []
    flow.failed.connect(said.append)
    flow.aside.end.click()
    flow.end.end.click()
    assert said
    assert "over already" in said[0]


def test_a_lost_bar_is_told_and_counted_by_hand(begin: Begin) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0, 3)[:-1])
    flow.take(status(114.0, lost=[Role.BAR]))
    flow.take(status(140.0, lost=[Role.BAR]))
    assert shown(flow)
    assert "count by hand" in flow.rest.doubt.full_text
    for _ in range(2):
        flow.rest.repetitions.add.click()
    assert flow.rest.repetitions.title.full_text == "REPETITIONS: 5 of 5 count, m/s"


def test_what_is_being_typed_belongs_to_the_set_it_was_typed_for(
    begin: Begin, clinic: Clinic
) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    where = flow.rest.rating.where
    where.setFocus()
    QTest.keyClicks(where, "left knee")
    # The window stood still for a whole set: it is told at once.
    tell(flow, *lift(2, 200.0))
    first, second = clinic.sessions.sets(flow.visit.session.id)
    assert first.ratings.pain_where == "left knee"
    assert second.ratings.pain_where == ""
    assert where.text() == ""


@pytest.mark.parametrize("where", ["reasons", "list"])
def test_no_proposal_is_accepted_that_is_not_the_one_of_this_moment(
    begin: Begin, clinic: Clinic, person: Person, where: str
) -> None:
    flow = begin()
    whole_exercise(flow)
    flow.show_end()
    if where == "reasons":
        flow.show_proposal("deadlift")
    last = flow.visit.sets()[-1].id
    flow.visit.rate(last, sudden_back_pain=True)  # as a set that is told meanwhile would
    if where == "reasons":
        flow.proposal.decide.accept.click()
    else:
        row = next(r for r in flow.end.rows if r.pending and "deadlift" in repr(r.pending))
        row.accept.click()
    assert all(d.verdict is Verdict.SET for d in clinic.decisions.all(person.id))
    if where == "reasons":
        assert "STOP" in flow.proposal.action.full_text
    else:
        assert "STOP" in row.action.full_text


def test_the_end_shows_what_is_proposed_after_a_set_that_was_told_meanwhile(begin: Begin) -> None:
    flow = begin()
    tell(flow, *lift(1, 100.0))
    flow.show_end()
    flow.end.note.setPlainText("well done")
    before = [r.pending for r in flow.end.rows if r.pending is not None]
    for number in range(2, 8):
        tell(flow, *lift(number, 100.0 * number))
    after = [r.pending for r in flow.end.rows if r.pending is not None]
    assert after != before
    assert panel(flow) is flow.end
    assert flow.end.note.text == "well done"


# -- changed for today ----------------------------------------------------------------------------


def test_before_the_first_set_the_dose_of_today_is_changed(begin: Begin, clinic: Clinic) -> None:
    flow = begin()
    told: list[str] = []
    station: list[bool] = []
    flow.noted.connect(told.append)
    flow.load_chosen.connect(lambda: station.append(True))
    assert flow.aside.rest.caption == "Next set"
    flow.aside.rest.click()
    flow.rest.next.change.click()
    form = flow.change
    assert panel(flow) is form
    assert (form.sets.value, form.repetitions.value, form.load.value) == (5, 5, 52.5)
    assert not form.confirm.isEnabled()
    form.sets.less.click()
    form.sets.less.click()
    form.load.field.setText("45")
    form.load.commit()
    assert not form.confirm.isEnabled()  # nobody said why
    form.reasons.buttons[-1].click()
    form.confirm.click()
    assert (told, station) == (["Deadlift: changed for today."], [True])
    assert panel(flow) is flow.rest
    assert "3 × 5" in flow.aside.rows[0].accessibleName()
    assert "slept badly" in flow.rest.notes.full_text
    (entry,) = [e for e in clinic.audit.entries() if "changed_for_today" in e.what]
    assert entry.reason == "slept badly or ill"
    # It can be taken back, and the form tells what holds.
    flow.rest.next.change.click()
    assert (form.sets.value, form.load.value) == (3, 45.0)


def test_an_exercise_is_left_out_and_taken_up_again(begin: Begin) -> None:
    flow = begin()
    chosen: list[str] = []
    flow.exercise_chosen.connect(chosen.append)
    flow.show_change()
    flow.change.leave_out.click()
    assert not flow.change.doses.isEnabled()
    flow.change.reason.setText("shoulder")
    QTest.keyClick(flow.change.reason, Key.Key_Return)
    row = flow.aside.rows[0]
    assert not row.isEnabled()
    assert "Left out today: shoulder" in row.accessibleName()
    assert chosen == ["back_squat"]
    flow.show_change()
    form = flow.change
    form.exercise.setCurrentIndex(form.exercise.findData("deadlift"))
    assert form.leave_out.isChecked()
    form.leave_out.click()
    form.reason.setText("wants to try")
    form.confirm.click()
    assert flow.aside.rows[0].isEnabled()


def test_where_everything_is_left_out_it_can_be_taken_up_again(begin: Begin) -> None:
    flow = begin()
    for found in flow.visit.prescriptions:
        flow.visit.change_today(found.exercise, "fever", left_out=True)
    flow.refresh()
    flow.aside.rest.click()
    assert flow.rest.next.change.isEnabled()
    assert not flow.rest.next.skip.isEnabled()
    flow.rest.next.change.click()
    assert flow.change.leave_out.isChecked()


def test_another_rung_for_today_brings_its_own_dose(begin: Begin) -> None:
    flow = begin()
    flow.aside.rows[3].click()
    flow.show_change()
    form = flow.change
    assert form.rung.value == 4
    assert not form.load.isVisible()
    for _ in range(3):
        form.rung.less.click()
    ladder = flow.visit.plan.exercise("jumping_chin_up").ladder
    assert (form.sets.value, form.repetitions.value) == (ladder[0].sets, ladder[0].repetitions)
    form.rung.field.setText("99")
    form.rung.commit()
    assert form.rung.value == len(ladder)
    form.rung.field.setText("1")
    form.rung.commit()
    form.reason.setText("knee")
    form.confirm.click()
    assert flow.visit.prescription("jumping_chin_up").rung == 0


def test_escape_leaves_the_change_and_changes_nothing(begin: Begin) -> None:
    flow = begin()
    before = flow.visit.prescriptions
    flow.show_change()
    flow.change.sets.less.click()
    QTest.keyClick(flow.change.sets.field, Key.Key_Escape)
    assert panel(flow) is flow.rest
    assert flow.visit.prescriptions == before
