"""The panels of a session: what they say, how they look, and how they are operated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lift_monitor.clinic.words import Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.prescription import BarLoad
from lift_monitor.programme.record import EventGrade, Verdict
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.adverse_form import AdverseForm
from lift_monitor.ui.flow.choice_row import ChoiceRow
from lift_monitor.ui.flow.end_panel import EndPanel
from lift_monitor.ui.flow.exercise_row import ExerciseRow
from lift_monitor.ui.flow.flow_grid import FlowGrid
from lift_monitor.ui.flow.proposal_panel import ProposalPanel
from lift_monitor.ui.flow.rest_panel import RestPanel
from lift_monitor.ui.flow.wide_button import WideButton
from lift_monitor.ui.plates_figure import PlatesFigure, plates_words
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Text
from lift_monitor.visit.rest import Rest
from lift_monitor.visit.today import last_set
from lift_monitor.visit.visit import Pending
from tests.ui import flow_scenes
from tests.ui.flow_scenes import LONG_EXERCISE, SCENES, SIZES, Page, settle

Key = Qt.Key
MakePage = Callable[..., Page]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[MakePage]:
    made: list[Page] = []

    def build(*args: Any, **options: Any) -> Page:
        page = flow_scenes.page(*args, **options)
        qtbot.addWidget(page)
        made.append(page)
        page.activateWindow()
        return page

    yield build
    for page in made:
        page.close()


def rest_of(page: Page) -> RestPanel:
    assert isinstance(page.panel, RestPanel)
    return page.panel


def proposal_of(page: Page) -> ProposalPanel:
    assert isinstance(page.panel, ProposalPanel)
    return page.panel


def told(widget: QWidget) -> str:
    """All words that are to be seen, with what only a screen reader or a tool tip says."""
    parts = []
    for child in (widget, *widget.findChildren(QWidget)):
        if child.isVisibleTo(widget):
            parts += [child.accessibleName(), child.accessibleDescription(), child.toolTip()]
            if isinstance(child, Text):
                parts.append(child.full_text)
    return " | ".join(part for part in parts if part)


def pressables(page: QWidget) -> dict[QWidget, QRect]:
    """Where what can be operated is, in the page's pixels."""
    found: dict[QWidget, QRect] = {}
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)
    for child in page.findChildren(QWidget):
        if isinstance(child, kinds) and child.isVisible():
            found[child] = QRect(child.mapTo(page, QPoint(0, 0)), child.size())
    return found


def recorded(signal: Any) -> list[tuple[Any, ...]]:
    """What a signal tells from now on."""
    heard: list[tuple[Any, ...]] = []
    signal.connect(lambda *values: heard.append(values))
    return heard


# -- how it looks -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", [s for s in SCENES if s != "long"])
def test_no_text_is_cut_and_nothing_overlaps(
    make: MakePage, scene: str, size: tuple[int, int]
) -> None:
    page = make(scene, size)
    for label in page.panel.findChildren(QLabel):
        if label.isVisible():
            if isinstance(label, Text):
                assert not label.elided, label.full_text
            if not label.wordWrap():
                need = QFontMetricsF(label.font()).horizontalAdvance(label.text())
                assert need <= label.contentsRect().width() + 1, label.text()
    for button in page.findChildren(WideButton):
        assert not button.elided, button.caption
    boxes = [(w, box) for w, box in pressables(page).items() if not isinstance(w, ExerciseRow)]
    for index, (widget, box) in enumerate(boxes):
        if isinstance(widget, QAbstractButton):
            need = QFontMetricsF(widget.font()).horizontalAdvance(widget.text())
            assert need < widget.width(), widget.text()
            assert min(box.width(), box.height()) >= 44, widget.text()
        assert page.rect().contains(box), widget.accessibleName()
        for other, there in boxes[index + 1 :]:
            assert not box.intersects(there), (widget, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", ["first", "live", "many", "long"])
def test_the_rest_needs_no_scrolling(make: MakePage, scene: str, size: tuple[int, int]) -> None:
    panel = rest_of(make(scene, size))
    assert not panel.area.verticalScrollBar().isVisible()


@pytest.mark.parametrize("scene", SCENES)
def test_at_twice_the_size_everything_can_be_reached(make: MakePage, scene: str) -> None:
    page = make(scene, (1920, 1080), scale=2.0)
    areas = page.findChildren(QScrollArea)
    for widget, box in pressables(page).items():
        inside = next((a for a in areas if a.isAncestorOf(widget)), None)
        if inside is None:
            assert page.rect().contains(box), widget.accessibleName()
            continue
        inside.ensureWidgetVisible(widget, 0, 0)
        view = inside.viewport()
        seen = QRect(widget.mapTo(view, QPoint(0, 0)), widget.size())
        assert seen.left() >= 0, widget.accessibleName()
        assert seen.right() <= view.width(), widget.accessibleName()
        assert seen.top() <= view.height(), widget.accessibleName()
        assert min(box.width(), box.height()) >= 60
    for label in page.findChildren(Text):
        if label.isVisible() and label.elided:
            assert label.toolTip() or label.wordWrap(), label.full_text


def test_a_long_name_is_told_whole(make: MakePage) -> None:
    page = make("long")
    rest = rest_of(page)
    assert rest.which.elided
    assert LONG_EXERCISE in rest.which.toolTip()
    for row in page.today.rows:
        assert row.toolTip().startswith(LONG_EXERCISE)
        assert LONG_EXERCISE in row.accessibleName()
    assert "the disk is full" in told(page.today)


@pytest.mark.parametrize("size", SIZES)
def test_why_nothing_is_stored_is_read_whole(make: MakePage, size: tuple[int, int]) -> None:
    shown = [
        label
        for label in make("long", size).today.findChildren(Text)
        if label.isVisible() and "Not stored" in label.full_text
    ]
    (trouble,) = shown
    assert not trouble.elided
    assert trouble.text().endswith("the disk is full")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scene", SCENES)
def test_every_control_has_a_name_of_its_own(make: MakePage, scene: str, theme: str) -> None:
    page = make(scene, theme=theme)
    names = []
    for widget in pressables(page):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        names.append(interface.text(QAccessible.Text.Name))
    assert all(names)
    twice = {name for name in names if names.count(name) > 1}
    assert not twice
    assert "safe" not in told(page).lower().replace("unsafe", "")


@pytest.mark.parametrize("scene", SCENES)
def test_every_control_is_reached_by_keys(make: MakePage, scene: str) -> None:
    page = make(scene)
    wanted = {w for w in pressables(page) if w.isEnabled()}
    # Numbers of a scale are one stop of the Tab key; the arrows walk along them.
    rows = page.findChildren(ChoiceRow)
    wanted -= {b for row in rows for b in row.buttons if b.focusPolicy() is not STRONG}
    start = page.today.rest
    start.setFocus()
    reached: set[QWidget] = set()
    for _ in range(150):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        QTest.keyClick(focused, Key.Key_Tab)
    missing = [w.accessibleName() for w in wanted - reached]
    assert not missing


STRONG = Qt.FocusPolicy.StrongFocus


# -- the day --------------------------------------------------------------------------------------


def test_the_day_tells_exercises_load_sets_and_how_far_it_is(make: MakePage) -> None:
    page = make("live")
    names = [row.accessibleName() for row in page.today.rows]
    assert names[0] == "Deadlift, 52.5 kg · 2 of 5 sets, now"
    assert names[1] == "Overhead press, 17.5 kg · 5 × 5"
    words = told(page.today)
    for part in (
        "set 3 of 5 · 5 repetitions", "52.5 kg · 82 %", "session 23 of 70", "training, week 12",
        "Plates: 20 kg bar, each side 10 + 5 + 1.25 kg", "set 2, 5 × 52.5, 0.48 m/s, 0 red",
    ):  # fmt: skip
        assert part in words


def test_what_is_not_done_today_says_why_and_cannot_be_pressed(make: MakePage) -> None:
    page = make("many")
    heard = recorded(page.today.exercise_asked)
    blocked = page.today.rows[3]
    QTest.mouseClick(blocked, Qt.MouseButton.LeftButton)
    assert not heard
    assert "vertebral fracture" in blocked.toolTip()
    assert "vertebral fracture" in blocked.accessibleName()
    QTest.keyClick(page.today.rows[1], Key.Key_Return)
    assert heard == [("overhead_press",)]


def test_not_watched_is_not_shown_as_clean(make: MakePage) -> None:
    page = make("live")
    day = flow_scenes.today()
    unseen = last_set(flow_scenes.stored(watched=False))
    page.today.show_today(type(day)(**{**_fields(day), "last_sets": (unseen,)}))
    assert "technique not watched" in told(page.today)
    assert "0 red" not in told(page.today)


def _fields(day: Any) -> dict[str, Any]:
    return {name: getattr(day, name) for name in day.__slots__}


def test_a_stop_is_told_at_every_exercise(make: MakePage) -> None:
    page = make("live")
    day = flow_scenes.today()
    items = tuple(
        type(item)(**{**_fields(item), "stop": True, "current": False}) for item in day.items
    )
    page.today.show_today(type(day)(**{**_fields(day), "items": items}))
    assert all("stop is proposed" in row.accessibleName() for row in page.today.rows)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_plates_are_drawn_where_they_are_known(qtbot: QtBot, theme: str) -> None:
    figure = PlatesFigure()
    qtbot.addWidget(figure)
    figure.resize(240, 80)
    figure.set_style(Style(tokens.THEMES[theme], 1.0))
    empty = figure.grab().toImage()
    figure.show_bar(flow_scenes.planned().bar)
    loaded = figure.grab().toImage()
    figure.show_bar(None, "41.3 kg: plates not known")
    unknown = figure.grab().toImage()
    assert empty != loaded != unknown
    assert figure.accessibleName() == "Plates: 41.3 kg: plates not known"


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
@pytest.mark.parametrize(
    "plates",
    [(10.0, 5.0, 1.25), (15.0, 2.5, 1.25, 0.5), (20.0, 15.0, 10.0, 5.0, 2.5, 1.25), (20.0,) * 6],
)
def test_no_plate_is_left_out_of_the_figure(
    qtbot: QtBot, scale: float, plates: tuple[float, ...]
) -> None:
    figure = PlatesFigure()
    qtbot.addWidget(figure)
    figure.set_style(Style(tokens.LIGHT, scale))
    figure.show_bar(BarLoad(20.0 + 2 * sum(plates), 20.0, plates))
    manners = set()
    for width in range(int(190 * scale), int(560 * scale), 9):
        figure.resize(width, figure.height())
        manners.add(figure.manner)
        image = figure.grab().toImage()
        edge = [image.pixelColor(width - 2, y).name() for y in range(image.height())]
        assert tokens.LIGHT.bar.lower() not in edge, (width, figure.manner)
        if figure.manner == "words":
            told = plates_words(BarLoad(20.0 + 2 * sum(plates), 20.0, plates))
            box = QFontMetricsF(figure._font()).boundingRect(
                QRectF(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap, told
            )
            assert box.height() <= figure.height(), width
    assert "plates" in manners or len(plates) > 5
    assert len(manners) > 1


def test_at_twice_the_size_the_day_is_read_whole(make: MakePage) -> None:
    today = make("live", (1920, 1080), scale=2.0).today
    assert not [button.caption for button in today.findChildren(WideButton) if button.elided]
    assert not today.sets_units.elided
    assert today.plates.manner in ("groups", "plates")


@pytest.mark.parametrize("width", [1500, 1920, 2600])
def test_at_twice_the_size_no_number_of_a_scale_is_cut(make: MakePage, width: int) -> None:
    rest = rest_of(make("live", (width, 1080), scale=2.0))
    for row in (rest.rating.rpe, rest.rating.pain):
        for part in (*row.buttons, *row.labels.values()):
            assert row.rect().contains(part.geometry()), part.accessibleName()
    for grid in rest.findChildren(FlowGrid):
        for button in grid.findChildren(QAbstractButton):
            if button.isVisible():
                assert grid.rect().contains(button.geometry()), button.text()


def test_at_twice_the_size_it_is_told_which_set_was_done(make: MakePage) -> None:
    rest = rest_of(make("live", (1920, 1080), scale=2.0))
    assert rest.which.text() == "Deadlift · set 3 of 5"
    assert rest.summary.text() == "5 of 5 · 52.5 kg · best 0.49 m/s"


# -- the rest -------------------------------------------------------------------------------------


def test_exertion_and_pain_are_one_tap_each(make: MakePage) -> None:
    rest = rest_of(make("live"))
    heard = recorded(rest.answered)
    QTest.mouseClick(rest.rating.rpe.buttons[8], Qt.MouseButton.LeftButton)
    QTest.mouseClick(rest.rating.pain.buttons[2], Qt.MouseButton.LeftButton)
    assert heard == [(7, {"rpe": 14}), (7, {"pain": 2})]
    QTest.mouseClick(rest.rating.rpe.buttons[9], Qt.MouseButton.LeftButton)
    assert heard[-1] == (7, {"rpe": 15})
    assert rest.rating.rpe.value == 15


def test_a_scale_is_walked_by_arrows_and_answered_by_enter(make: MakePage) -> None:
    rest = rest_of(make("live"))
    heard = recorded(rest.answered)
    rest.rating.rpe.buttons[0].setFocus()
    for _ in range(7):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Key.Key_Right)
    focused = QApplication.focusWidget()
    assert focused is rest.rating.rpe.buttons[7]
    QTest.keyClick(focused, Key.Key_Return)
    assert heard == [(7, {"rpe": 13})]
    assert focused.accessibleName() == "Exertion on Borg's scale: 13, somewhat hard"
    QTest.keyClick(focused, Key.Key_Tab)
    assert QApplication.focusWidget() is rest.rating.pain.buttons[0]


def test_what_was_answered_is_shown_and_what_was_not_is_not(make: MakePage) -> None:
    rest = rest_of(make("many"))
    assert "EXERTION, Borg 6–20: 14" in told(rest)
    assert "PAIN, 0–10: 1" in told(rest)
    assert [b.text() for b in rest.rating.rpe.buttons if b.isChecked()] == ["14"]
    rest.show_set(flow_scenes.stored(), "Deadlift", of=5)
    assert "not asked yet" in told(rest)
    assert not any(b.isChecked() for b in rest.rating.rpe.buttons)


def test_nothing_moves_when_questions_are_answered(make: MakePage) -> None:
    page = make("live")
    rest = rest_of(page)
    before = pressables(page)
    ratings = Ratings(14, 3, "knee", False, True, None)
    rest.show_set(flow_scenes.stored(amber=3, ratings=ratings), "Deadlift", of=5)
    rest.show_rest(Rest(3000.0, 120.0))
    settle()
    assert pressables(page) == before


def test_seen_clean_and_not_clean_exclude_each_other(make: MakePage) -> None:
    rest = rest_of(make("long"))
    heard = recorded(rest.answered)
    assert "the pelvis sensor was lost. Not watched is not clean." in told(rest)
    rest.rating.clean.click()
    rest.rating.unclean.click()
    assert [fields for _, fields in heard] == [{"seen_clean": True}, {"seen_clean": False}]
    assert not rest.rating.clean.isChecked()
    rest.rating.unclean.click()
    assert heard[-1][1] == {"seen_clean": None}


def test_where_it_hurts_is_kept_when_it_is_written(make: MakePage) -> None:
    rest = rest_of(make("live"))
    heard = recorded(rest.answered)
    rest.rating.where.setFocus()
    QTest.keyClicks(rest.rating.where, " left   knee ")
    QTest.keyClick(rest.rating.where, Key.Key_Return)
    assert heard == [(7, {"pain_where": "left knee"})]


@pytest.mark.parametrize(
    ("watched", "seen_clean", "sign"),
    [(True, None, "●"), (False, None, "○"), (False, True, "●"), (False, False, "○")],
)
def test_a_repetition_that_nobody_watched_is_not_shown_as_clean(
    make: MakePage, watched: bool, seen_clean: bool | None, sign: str
) -> None:
    rest = rest_of(make("live"))
    ratings = Ratings(seen_clean=seen_clean)
    rest.show_set(flow_scenes.stored(red=2, watched=watched, ratings=ratings), "Deadlift")
    first, second, *_ = rest.repetitions.chips
    assert first.text() == f"1 0.49 {sign}"
    assert ("no flag" in first.accessibleName()) == (sign == "●")
    assert ("not watched" in first.accessibleName()) == (sign == "○")
    assert second.text() == "2 0.47 ■"


def test_numbers_of_the_rest_and_of_the_last_sets_have_their_units(make: MakePage) -> None:
    page = make("live")
    assert "m/s" in rest_of(page).repetitions.title.full_text
    assert page.today.sets_units.full_text == "× kg · m/s"
    assert not page.today.sets_units.elided


def test_repetitions_are_taken_out_put_back_added_and_undone(make: MakePage) -> None:
    rest = rest_of(make("many"))  # repetition 2 is out
    heard = recorded(rest.repetition_pressed)
    chips = rest.repetitions.chips
    assert [chip.text() for chip in chips][:3] == ["1 0.49 ●", "2 out", "3 0.46 ▲"]
    chips[0].click()
    chips[1].click()
    assert heard == [(101, True), (102, False)]
    others = [recorded(s) for s in (rest.repetition_added, rest.undone, rest.set_removed)]
    for button in (rest.repetitions.add, rest.repetitions.undo, rest.repetitions.remove):
        button.click()
    assert others == [[(7,)], [(7,)], [(7,)]]
    assert "REPETITIONS: 4 of 5 count" in told(rest)


def test_loads_are_corrected_without_a_word_too_many(make: MakePage) -> None:
    rest = rest_of(make("live"))
    was, will = recorded(rest.load_of_set), recorded(rest.next.load_corrected)
    rest.show_today(flow_scenes.today())
    rest.show_set(flow_scenes.stored(load_kg=50.0), "Deadlift", of=5)
    assert not was
    assert not will
    rest.load.more.click()
    rest.next.load.less.click()
    assert was == [(7, 50.5)]
    assert will == [(52.0,)]


def test_a_load_that_is_not_there_is_no_number(make: MakePage) -> None:
    rest = rest_of(make("first"))
    assert rest.load.field.text() == "—"
    assert not rest.load.isEnabled()
    rest.show_set(flow_scenes.stored(), "Deadlift")
    assert rest.load.field.text() == "52.5 kg"
    assert rest.load.isEnabled()
    landed = flow_scenes.stored()
    rest.show_set(replace(landed, new=replace(landed.new, load_kg=None)), "Drop landing")
    assert rest.load.field.text() == "—"
    rest.show_set(flow_scenes.stored(load_kg=0.0), "Deadlift")
    assert rest.load.field.text() == "0 kg"


def test_the_rest_turns_ready_by_shape_and_word(make: MakePage) -> None:
    rest = rest_of(make("live"))
    for rest_s, words in ((84.0, "1:24 ○ RESTING"), (120.0, "2:00 ● READY"), (None, "— ")):
        rest.show_rest(None if rest_s is None else Rest(rest_s, 120.0))
        assert f"{rest.clock.number.text} {rest.clock.state.full_text}" == words


# -- proposals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", ["up", "hold", "stop", "rung"])
def test_a_proposal_tells_all_that_is_needed_to_judge_it(make: MakePage, scene: str) -> None:
    wanted = flow_scenes.proposal(scene)
    words = told(make(scene).panel)
    for fact in wanted.facts:
        assert fact.name in words
        assert fact.value in words
        assert fact.limit in words
    for part in (wanted.headline, wanted.rule.text, wanted.rule.source, *wanted.would_change):
        assert part in words
    assert f"version {wanted.rules_version} of the rules" in words
    assert all(reason in words for reason in wanted.confidence_reasons)


def test_what_is_not_known_never_looks_like_what_allows(make: MakePage) -> None:
    rows = proposal_of(make("hold")).facts.rows
    states = {row[0].full_text: row[3].full_text for row in rows}
    assert states["red flags"] == "○ not known"
    assert states["repetitions"] == "● allows: step up"


def test_facts_of_two_days_bear_their_days(make: MakePage) -> None:
    panel = proposal_of(make("up"))
    assert panel.facts.rows[0][0].full_text == "repetitions"
    wanted = flow_scenes.proposal("up")
    before = replace(wanted.facts[0], value="24 of 25", day=date(2026, 11, 19))
    two_days = replace(wanted, facts=(*wanted.facts, before))
    panel.show_pending(Pending(two_days, "Deadlift", None))
    names = [row[0].full_text for row in panel.facts.rows]
    assert names[0] == "repetitions, 2026-11-22"
    assert names[-1] == "repetitions, 2026-11-19"


@pytest.mark.parametrize(("size", "scale"), [(SIZES[0], None), (SIZES[1], None), (SIZES[1], 2.0)])
def test_a_long_limit_is_read_whole(
    make: MakePage, size: tuple[int, int], scale: float | None
) -> None:
    panel = proposal_of(make("up", size, scale=scale))
    wanted = flow_scenes.proposal("up")
    long = replace(
        wanted.facts[0],
        name="velocity loss",
        value="14 % in the middle set",
        limit="20 % at most in the middle set, 30 % in any",
    )
    panel.show_pending(Pending(replace(wanted, facts=(long, *wanted.facts)), "Deadlift", None))
    settle()
    for row in panel.facts.rows:
        for cell in row:
            assert not cell.elided, cell.full_text
            assert cell.height() >= cell.minimumHeight()
    tops = [row[2].geometry() for row in panel.facts.rows]
    assert all(above.bottom() < below.top() for above, below in pairwise(tops))


def test_low_confidence_is_never_shown_as_good(make: MakePage) -> None:
    panel = proposal_of(make("up"))
    assert panel.confidence.property("role") == "ok"
    doubtful = replace(flow_scenes.proposal("up"), confidence=Confidence.LOW)
    panel.show_pending(Pending(doubtful, "Deadlift", None))
    assert panel.confidence.full_text == "▲ low"
    assert panel.confidence.property("role") == "attention"


def test_accepting_is_one_press(make: MakePage) -> None:
    panel = proposal_of(make("up"))
    heard = recorded(panel.decided)
    panel.decide.accept.click()
    assert heard == [(flow_scenes.proposal("up"), Verdict.ACCEPTED, "", None, None)]


def test_a_change_asks_for_another_load_and_a_reason(make: MakePage) -> None:
    panel = proposal_of(make("up"))
    heard, decide = recorded(panel.decided), panel.decide
    decide.change.click()
    assert QApplication.focusWidget() is decide.load.field
    assert not decide.confirm.isEnabled()
    decide.quick[0].click()
    assert not decide.confirm.isEnabled()  # the load is what was proposed
    decide.load.less.click()
    assert decide.confirm.isEnabled()
    decide.reason.clear()
    assert not decide.confirm.isEnabled()
    decide.quick[1].click()
    decide.quick[2].click()
    QTest.keyClick(decide.reason, Key.Key_Return)
    (said,) = heard
    assert said[1:] == (Verdict.CHANGED, "technique not ready, pain reported", 54.5, None)
    assert not decide.asking


def test_a_rejection_asks_for_a_reason_and_for_nothing_else(make: MakePage) -> None:
    panel = proposal_of(make("up"))
    heard, decide = recorded(panel.decided), panel.decide
    decide.reject.click()
    assert not decide.load.isVisible()
    QTest.keyClick(decide.reason, Key.Key_Return)
    assert not heard
    QTest.keyClicks(decide.reason, "  she   is tired ")
    decide.confirm.click()
    assert heard[0][1:] == (Verdict.REJECTED, "she is tired", None, None)


def test_a_rung_is_changed_by_its_number(make: MakePage) -> None:
    panel = proposal_of(make("rung"))
    heard, decide = recorded(panel.decided), panel.decide
    decide.change.click()
    assert decide.rung.value == 5
    decide.rung.less.click()
    decide.quick[0].click()
    decide.confirm.click()
    assert heard[0][1:] == (Verdict.CHANGED, "tired today", None, 3)


def test_a_stop_is_red_and_goes_on_only_by_name_and_reason(make: MakePage) -> None:
    panel = proposal_of(make("stop"))
    assert panel.red.isVisible()
    assert panel.red.text.full_text == f"■ {flow_scenes.proposal('stop').headline}"
    assert not panel.decide.reject.isVisible()
    assert panel.decide.accept.property("kind") == "critical"
    heard = recorded(panel.decided)
    panel.decide.change.click()
    assert not panel.decide.confirm.isEnabled()
    panel.show_pending(Pending(flow_scenes.proposal("up"), "Deadlift", None))
    assert not panel.red.isVisible()
    assert not panel.decide.asking
    assert panel.decide.reject.isVisible()
    assert not heard


def test_a_decision_on_other_facts_is_told(make: MakePage) -> None:
    panel = proposal_of(make("up"))
    decided = flow_scenes.decision(action="hold")
    panel.show_pending(Pending(flow_scenes.proposal("up"), "Deadlift", decided))
    assert "▲ The facts have changed since." in panel.decision.full_text


# -- adverse event and end ------------------------------------------------------------------------


def test_an_adverse_event_needs_a_grade_and_words(make: MakePage) -> None:
    panel = make("adverse").panel
    assert isinstance(panel, AdverseForm)
    heard = recorded(panel.stored)
    panel.open(flow_scenes.today())
    assert panel.grade is None  # it is not guessed
    panel.words.setPlainText("low back spasm while racking")
    assert not panel.store.isEnabled()
    panel.serious.click()
    panel.minor.click()
    assert not panel.serious.isChecked()
    assert panel.exercise.currentData() == "deadlift"
    panel.store.click()
    assert heard == [(EventGrade.MINOR, "low back spasm while racking", "deadlift")]
    panel.words.setPlainText("x" * 5000)
    assert len(panel.words.text) == 600


def test_the_end_lists_what_is_decided_and_what_is_not(make: MakePage) -> None:
    panel = make("end").panel
    assert isinstance(panel, EndPanel)
    rows = [row for row in panel.rows if row.isVisible()]
    assert [row.accept.isEnabled() for row in rows] == [True, False, True, True]
    assert panel.state.full_text.startswith("▲ 2 not decided: what stood before stands.")
    asked, accepted, ended = (
        recorded(s) for s in (panel.reasons_asked, panel.accepted, panel.ended)
    )
    rows[1].reasons.click()
    rows[0].accept.click()
    panel.note.setPlainText(" all well ")
    panel.end.click()
    assert asked == [("back_squat",)]
    assert accepted == [(flow_scenes.proposal("up"),)]
    assert ended == [("all well",)]
