"""A clinician sets a person's limits before a session; the session has and keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from lift_monitor.cli.live import beginner
from lift_monitor.cli.screen import load
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.emulated.carrier import emulated_radio
from lift_monitor.drivers.emulated.person import FAMILY, EmulatedPerson
from lift_monitor.drivers.simulated import SessionPlan
from lift_monitor.events import Exercise
from lift_monitor.limits import with_limits
from lift_monitor.recordings.reading import Recording
from lift_monitor.sensors.desk import Desk
from lift_monitor.sensors.memory import KnownSensor, Memory
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES
from lift_monitor.station import Mode, Station
from lift_monitor.technique import FlagKind
from lift_monitor.ui.begin_form import BeginForm
from lift_monitor.ui.session import LiveSetup, LoadedSession
from lift_monitor.ui.text import Text
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_S
from tests.ui import limits_scenes, trunk_scenes
from tests.ui.conftest import MakeWindow
from tests.ui.limits_scenes import SCENES, enter, row_of, stepper
from tests.ui.scenes import ScriptedFeed
from tests.ui.test_live_window import Beginning
from tests.ui.test_sensors_page import page_of, see

Key = Qt.Key
SIZES = ((1280, 720), (1920, 1080))
ROWS = ("lumbar_flexion", "twist", "trunk_lean", "landing")
WAIT_MS = round(1000 * PATIENCE_S)

STRICTER = with_limits(
    with_limits(DEFAULT_RULES, FlagKind.LUMBAR_FLEXION, 8.0, 15.0), FlagKind.TWIST, None, 60.0
)
SOFTER = ImpactBand(2.5, 3.5)


def opened(window: MonitorWindow) -> BeginForm:
    """The form of a window whose limits were asked for."""
    window.activateWindow()
    form = page_of(window).form
    form.limits_button.click()
    assert form.limits.isVisible()
    return form


def make_stricter(form: BeginForm) -> None:
    enter(form, "lumbar_flexion", 0, "8")
    enter(form, "lumbar_flexion", 1, "15")
    row_of(form, "twist").fields[0].off.click()
    enter(form, "twist", 1, "60")
    enter(form, "landing", 0, "2.5")
    enter(form, "landing", 1, "3.5")


def shown(form: BeginForm) -> list[list[str]]:
    return [[f.stepper.field.text() for f in row_of(form, name).fields] for name in ROWS]


def page_tells(window: MonitorWindow) -> str:
    return " | ".join(t.full_text for t in page_of(window).findChildren(Text) if t.isVisible())


def test_limits_that_were_changed_begin_with_the_session(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    begin = Beginning()
    window = make_live("all_done", begin)
    form = opened(window)
    make_stricter(form)
    form.limits.use.click()
    assert not form.limits.isVisible()
    assert form.isVisible()
    form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=WAIT_MS)
    assert [(c.flag_rules, c.impact_band) for c in begin.choices] == [(STRICTER, SOFTER)]
    window.do("end_now")
    assert form.choice.flag_rules == STRICTER
    assert "▲ Limits: changed, some off" in page_tells(window)


def test_another_person_does_not_inherit_limits_and_mass(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    window = make_live("all_done", Beginning())
    form = opened(window)
    make_stricter(form)
    form.limits.use.click()
    form.body.set_value(61.0)

    def called(alias: str) -> None:
        form.alias.setText(alias)
        form.alias.editingFinished.emit()

    called("Heron 14")  # before the session: the same person is given a name
    assert form.choice.flag_rules == STRICTER
    form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=WAIT_MS)
    window.do("end_now")
    called("Heron 14")
    assert form.choice.flag_rules == STRICTER
    called("Wren 3")
    assert form.choice.flag_rules == DEFAULT_RULES
    assert form.choice.impact_band == ImpactBand()
    assert form.choice.body_mass_kg is None
    assert "Limits: default" in page_tells(window)


@pytest.fixture
def person() -> EmulatedPerson:
    return EmulatedPerson(SessionPlan(Exercise.DEADLIFT, sets=1, reps=1), seed=1)


@pytest.fixture
def sensors(person: EmulatedPerson) -> Iterator[Desk]:
    memory = Memory()
    for role, name in person.names().items():
        memory.assign(KnownSensor(name, name, FAMILY), role)
    with Desk(Hub(emulated_radio(person.sensors)), memory, emulated=True) as made:
        made.scan(True)
        yield made


def test_station_recording_and_replay_have_the_limits_of_the_form(
    sensors: Desk, person: EmulatedPerson, qtbot: QtBot, tmp_path: Path
) -> None:
    window = MonitorWindow(live=LiveSetup(sensors, beginner(sensors, tmp_path, person)))
    qtbot.addWidget(window)
    window.show()

    def sends() -> bool:
        sensors.connect_assigned()
        window.tick()
        return sensors.status().may_override

    def began() -> bool:
        window.tick()
        return window.stage is not None and window.status is not None

    try:
        qtbot.waitUntil(sends, timeout=WAIT_MS)
        form = opened(window)
        make_stricter(form)
        form.limits.use.click()
        see(window)
        form.begin_anyway("a trial of the limits")
        qtbot.waitUntil(began, timeout=WAIT_MS)
        config = window.session.station.config
        assert (config.flag_rules, config.impact_band) == (STRICTER, SOFTER)
        rule = window.model.trunk.rule(FlagKind.LUMBAR_FLEXION)
        assert rule is not None
        assert (rule.amber, rule.red) == (8.0, 15.0)  # what the gauge is drawn by
        window.do("end_now")
    finally:
        window.close()
    (path,) = tmp_path.glob("*.mcap")
    limits = dict(Recording.open(path).session.limits)
    assert limits == {
        "lumbar_flexion": "8:15",
        "trunk_lean": "60:75",
        "twist": ":60",
        "landing": "2.5:3.5",
    }
    replay = load(path, None, None).station
    assert isinstance(replay, Station)
    assert (replay.config.flag_rules, replay.config.impact_band) == (STRICTER, SOFTER)


# -- what is taken and what is not ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "end", "typed", "said"),
    [
        ("lumbar_flexion", 0, "20", "Lumbar flexion: amber 20 is not below red 20"),
        ("lumbar_flexion", 1, "9.5", "Lumbar flexion: amber 10 is not below red 9.5"),
        ("twist", 0, "120", "Twist: amber 120 is not below red 80"),
        ("trunk_lean", 1, "50", "Trunk lean, one sensor only: amber 60 is not below red 50"),
        ("landing", 0, "4", "Landing target: low 4 is not below high 4"),
    ],
)
def test_limits_out_of_order_are_refused_with_a_sentence(
    make_live: MakeWindow, name: str, end: int, typed: str, said: str
) -> None:
    window = make_live("all_done")
    form = opened(window)
    before = form.choice
    default = stepper(form, name, end).field.text()
    enter(form, name, end, typed)
    assert form.limits.sentence.full_text.startswith(f"▲ {said}; make ")
    form.limits.use.click()
    assert form.limits.isVisible()
    assert stepper(form, name, 0).field.hasFocus()
    assert form.choice == before
    enter(form, name, end, default)
    assert "▲" not in form.limits.sentence.full_text
    form.limits.use.click()
    assert not form.limits.isVisible()
    assert form.choice == before


def test_both_limits_can_be_raised_in_any_order(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    form = opened(window)
    enter(form, "lumbar_flexion", 0, "25")
    enter(form, "lumbar_flexion", 1, "35")
    form.limits.use.click()
    assert form.choice.flag_rules == with_limits(DEFAULT_RULES, FlagKind.LUMBAR_FLEXION, 25.0, 35.0)
    assert "◆ Limits: changed" in page_tells(window)


@pytest.mark.parametrize(
    ("name", "end", "typed", "said"),
    [
        ("lumbar_flexion", 0, "ten", "“ten” was not taken; choose above 2, up to 90, or off."),
        ("lumbar_flexion", 1, "-20", "“-20” was not taken"),
        ("lumbar_flexion", 1, "nan", "“nan” was not taken"),
        ("lumbar_flexion", 1, "", "“” was not taken"),
        ("trunk_lean", 1, "90.01", "“90.01” was not taken"),
        # A flag ends 10 deg/s below its limit, which no size of a value can be.
        ("twist", 0, "10", "“10” was not taken; choose above 10, up to 500, or off."),
        ("twist", 0, "0", "“0” was not taken"),
        ("landing", 0, "0.001", "“0.001” was not taken; choose above 0, up to 20."),
        ("landing", 1, "off", "“off” was not taken"),
        ("landing", 1, "inf", "“inf” was not taken"),
    ],
)
def test_what_is_no_limit_is_not_taken(
    make_live: MakeWindow, name: str, end: int, typed: str, said: str
) -> None:
    window = make_live("all_done")
    form = opened(window)
    before, texts = form.choice, shown(form)
    enter(form, name, end, typed)
    assert said in form.limits.sentence.full_text
    assert shown(form) == texts
    form.limits.use.click()  # the sentence is read first
    assert form.limits.isVisible()
    assert stepper(form, name, end).field.hasFocus()
    form.limits.use.click()
    assert not form.limits.isVisible()
    assert form.choice == before


def test_a_limit_typed_last_counts_without_leaving_its_field(make_live: MakeWindow) -> None:
    form = opened(make_live("all_done"))
    stepper(form, "lumbar_flexion", 0).field.setText("7,5")
    stepper(form, "lumbar_flexion", 1).field.setText("12.5")
    form.limits.take()
    assert form.limits.isVisible()  # 7,5 is no number in this language
    assert "“7,5” was not taken" in form.limits.sentence.full_text
    assert stepper(form, "lumbar_flexion", 0).limit == 10.0
    stepper(form, "lumbar_flexion", 0).field.setText("7.5")
    form.limits.take()
    rule = form.choice.flag_rules[0]
    assert (rule.kind, rule.amber, rule.red) == (FlagKind.LUMBAR_FLEXION, 7.5, 12.5)


def test_a_severity_is_switched_off_and_on_again(make_live: MakeWindow) -> None:
    form = opened(make_live("all_done"))
    row = row_of(form, "lumbar_flexion")
    red = row.fields[1]

    def now() -> tuple[str, bool, float | None]:
        return red.stepper.field.text(), red.off.isChecked(), row.pair[1]

    enter(form, "lumbar_flexion", 1, "18")
    QTest.mouseClick(red.off, Qt.MouseButton.LeftButton)
    assert now() == ("off", True, None)
    QTest.keyClick(red.off, Key.Key_Return)
    assert now() == ("18", False, 18.0)
    enter(form, "lumbar_flexion", 1, " OFF ")
    assert now() == ("off", True, None)
    red.stepper.less.click()
    assert now() == ("off", True, None)
    red.stepper.more.click()
    assert now() == ("18", False, 18.0)
    red.off.click()
    form.limits.use.click()
    assert form.choice.flag_rules[0].red is None
    form.limits_button.click()
    assert red.stepper.field.text() == "off"
    assert red.off.isChecked()


@pytest.mark.parametrize("name", ROWS)
def test_stepping_down_never_switches_a_flag_off(make_live: MakeWindow, name: str) -> None:
    form = opened(make_live("all_done"))
    lower = stepper(form, name, 0)
    seen = [lower.value]
    for _ in range(60):
        QTest.keyClick(lower.field, Key.Key_Down)
        seen.append(lower.value)
    assert all(after <= before for before, after in pairwise(seen))
    assert seen[-1] == seen[-2] > row_of(form, name).words.floor
    assert "▲" not in form.limits.sentence.full_text
    form.limits.use.click()
    assert not form.limits.isVisible()


def test_no_landing_target_can_be_switched_off(make_live: MakeWindow) -> None:
    form = opened(make_live("all_done"))
    assert not any(field.off.isVisible() for field in row_of(form, "landing").fields)
    assert all(f.off.isVisible() for name in ROWS[:3] for f in row_of(form, name).fields)


def test_defaults_come_back_at_one_press(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    form = opened(window)
    texts = shown(form)
    assert texts == [["10", "20"], ["40", "80"], ["60", "75"], ["3", "4"]]
    make_stricter(form)
    form.limits.use.click()
    form.limits_button.click()
    assert shown(form) == [["8", "15"], ["off", "60"], ["60", "75"], ["2.5", "3.5"]]
    form.limits.defaults.click()
    assert shown(form) == texts
    assert not row_of(form, "twist").fields[0].off.isChecked()
    form.limits.use.click()
    assert (form.choice.flag_rules, form.choice.impact_band) == (DEFAULT_RULES, ImpactBand())
    assert "Limits: default" in page_tells(window)


@pytest.mark.parametrize("way", ["back", "escape"])
def test_leaving_changes_nothing(make_live: MakeWindow, way: str) -> None:
    window = make_live("all_done")
    form = opened(window)
    before, texts = form.choice, shown(form)
    make_stricter(form)
    if way == "back":
        form.limits.back.click()
    else:
        QTest.keyClick(stepper(form, "twist", 1).field, Key.Key_Escape)
    assert form.isVisible()
    assert form.limits_button.hasFocus()
    assert form.choice == before
    assert "Limits: default" in page_tells(window)
    form.limits_button.click()
    assert shown(form) == texts


def test_a_session_that_begins_meanwhile_leaves_the_limits_as_they_were(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    window = make_live("all_done")
    form = opened(window)
    before = form.choice
    make_stricter(form)
    form.begin_asked.emit()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=WAIT_MS)
    window.show_view("sensors")
    assert page_of(window).checklist.isVisible()
    assert not form.limits.isVisible()
    assert form.choice == before


# -- what is told -------------------------------------------------------------------------------


def test_what_was_changed_is_told_in_the_form_of_the_session(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    form = opened(window)
    assert form.limits_button.accessibleDescription() == "All limits are the defaults."
    enter(form, "trunk_lean", 0, "45")
    form.limits.use.click()
    assert "◆ Limits: changed" in page_tells(window)
    told = "Trunk lean, one sensor only 45 / 75 degrees"
    assert form.limits_button.accessibleDescription() == told
    assert form.limits_button.toolTip() == told


def test_every_row_tells_unit_default_and_source(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    form = opened(window)
    told = page_tells(window)
    for words in (
        "Lumbar flexion, degrees | design default 10 / 20, clinician may change",
        "Twist, degrees per second | design default 40 / 80, clinician may change",
        "Trunk lean, one sensor only, degrees | design default 60 / 75, clinician may change",
        "Landing target, body weights | default 3 / 4, clinician may change",
    ):
        assert words in told
    for name, part in (
        ("lumbar_flexion", "10.1080/14763141.2019.1675751"),
        ("twist", "no published threshold was found"),
        ("trunk_lean", "one sensor cannot tell a hip hinge from a bent spine"),
        ("landing", "not shown for older ones"),
    ):
        stepper(form, name, 1).field.setFocus()
        assert part in form.limits.source.full_text
        assert part in row_of(form, name).toolTip()
        assert part in stepper(form, name, 0).field.accessibleDescription()
    enter(form, "twist", 1, "90")
    assert "◆ changed; design default 40 / 80, clinician may change" in page_tells(window)
    enter(form, "twist", 1, "off")
    assert "▲ red off; design default 40 / 80, clinician may change" in page_tells(window)


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_called_safe(make_live: MakeWindow, scene: str) -> None:
    window = make_live("all_done")
    limits_scenes.show(window, scene)
    widgets = page_of(window).findChildren(QWidget)
    told = [w.accessibleName() + w.accessibleDescription() + w.toolTip() for w in widgets]
    assert "safe" not in (page_tells(window) + " ".join(told)).lower()


def test_a_spine_without_limits_is_never_called_within_them(make_window: MakeWindow) -> None:
    updates, config = trunk_scenes.trunk_scene("spine_good")
    told = []
    for red in (20.0, None):
        rules = with_limits(DEFAULT_RULES, FlagKind.LUMBAR_FLEXION, None, red)
        feed = ScriptedFeed(Mode.LIVE, replace(config, flag_rules=rules), updates)
        window = make_window(LoadedSession(feed))
        window.show_view("lifter")
        words = " | ".join(t.full_text for t in window.findChildren(Text))
        words += f" | {window.lifter.zone.text}"
        calm = ("within limits", "○ No flag", "BACK OK")
        frank = ("no limit set", "No limit set for lumbar flexion")
        told.append([[part in words for part in parts] for parts in (calm, frank)])
    assert told == [[[True] * 3, [False] * 2], [[False] * 3, [True] * 2]]


# -- how it looks and is operated ---------------------------------------------------------------


def boxes(window: MonitorWindow) -> dict[QWidget, QRect]:
    """Where what can be operated is."""
    found: dict[QWidget, QRect] = {}
    for widget in page_of(window).findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QPushButton | QLineEdit):
            corner = widget.mapTo(window, widget.rect().topLeft())
            found[widget] = QRect(corner, widget.size())
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_no_text_is_cut_and_nothing_overlaps(
    make_live: MakeWindow, scene: str, size: tuple[int, int]
) -> None:
    window = make_live("one_lost", size=size)
    limits_scenes.show(window, scene)
    QApplication.processEvents()
    for label in window.findChildren(QLabel):
        if not label.isVisible():
            continue
        if isinstance(label, Text):
            assert not label.elided, label.full_text
        if not label.wordWrap():
            need = QFontMetricsF(label.font()).horizontalAdvance(label.text())
            assert need <= label.contentsRect().width() + 1, label.text()
    found = list(boxes(window).items())
    for index, (widget, box) in enumerate(found):
        text = widget.text() if isinstance(widget, QPushButton | QLineEdit) else ""
        need = QFontMetricsF(widget.font()).horizontalAdvance(text)
        assert need < widget.width(), text
        assert min(box.width(), box.height()) >= (44 if isinstance(widget, QPushButton) else 30)
        assert window.rect().contains(box)
        assert not any(box.intersects(other) for _, other in found[index + 1 :]), text


@pytest.mark.parametrize("size", SIZES)
def test_every_source_fits_its_lines(make_live: MakeWindow, size: tuple[int, int]) -> None:
    form = opened(make_live("all_done", size=size))
    for name in ROWS:
        stepper(form, name, 0).field.setFocus()
        QApplication.processEvents()
        assert row_of(form, name).words.name in form.limits.source.full_text
        assert not form.limits.source.elided


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_when_limits_and_sentences_change(
    make_live: MakeWindow, size: tuple[int, int]
) -> None:
    window = make_live("all_done", size=size)
    form = opened(window)
    QApplication.processEvents()
    before = boxes(window)
    make_stricter(form)
    QApplication.processEvents()
    assert boxes(window) == before
    enter(form, "landing", 1, "2")
    QApplication.processEvents()
    assert boxes(window) == before
    enter(form, "trunk_lean", 1, "rather less")
    for field in row_of(form, "trunk_lean").fields:
        field.off.click()
    QApplication.processEvents()
    assert boxes(window) == before


def test_the_form_is_operated_by_keys_alone(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    window.activateWindow()
    form = page_of(window).form
    form.limits_button.setFocus()
    QTest.keyClick(form.limits_button, Key.Key_Return)
    first = stepper(form, "lumbar_flexion", 0).field
    assert first.hasFocus()
    wanted = {w for w in boxes(window) if form.limits.isAncestorOf(w)}
    assert len(wanted) == 6 * 4 + 2 * 3 + 3
    reached: set[QWidget] = set()
    for _ in range(80):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        QTest.keyClick(focused, Key.Key_Tab)
    assert wanted <= reached
    first.setFocus()
    QTest.keyClick(first, Key.Key_Up)
    QTest.keyClick(first, Key.Key_Up)
    form.limits.use.setFocus()
    QTest.keyClick(form.limits.use, Key.Key_Return)
    assert form.limits_button.hasFocus()
    assert form.choice.flag_rules[0].amber == 12.0


def test_every_control_has_a_name_of_its_own(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    form = opened(window)
    names = []
    for widget in boxes(window):
        if form.limits.isAncestorOf(widget):
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface is not None
            names.append(interface.text(QAccessible.Text.Name))
    assert all(names)
    assert len(set(names)) == len(names)
    assert "Twist, amber: switch off" in names
    assert "Landing target, high, body weights" in names
    assert "Lumbar flexion, red, degrees: more" in names
    enter(form, "twist", 0, "200")
    assert "amber 200 is not below red 80" in form.limits.use.accessibleDescription()
