"""The Sensors page on a desk in memory: what it shows, and what it asks of the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from lift_monitor.samples import Role
from lift_monitor.sensors.words import STEPS, LinkState, StepState
from lift_monitor.ui.fields import Stepper
from lift_monitor.ui.sensor_words import COLUMNS, TAPPED_S, link_look, sensor_label, step_look
from lift_monitor.ui.sensors_page import SensorsPage
from lift_monitor.ui.tables import Table
from lift_monitor.ui.text import Text
from lift_monitor.ui.window import MonitorWindow
from tests.ui.conftest import MakeWindow
from tests.ui.desk import PROBLEM, SCENES, SEEN, FakeDesk, desk

SIZES = ((1280, 720), (1920, 1080))
COLUMN = {header.partition("\n")[0]: index for index, (header, _) in enumerate(COLUMNS)}
Key = Qt.Key


def page_of(window: MonitorWindow) -> SensorsPage:
    assert window.sensors is not None
    return window.sensors


def cell(page: SensorsPage, key: str, column: str) -> str:
    item = page.panel.table.item(page.panel.table.keys.index(key), COLUMN[column])
    assert item is not None
    return item.text()


def see(window: MonitorWindow) -> None:
    page_of(window).look()
    QApplication.processEvents()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_no_text_is_cut(make_live: MakeWindow, scene: str, size: tuple[int, int]) -> None:
    window = make_live(scene, size=size)
    for label in window.findChildren(QLabel):
        if not label.isVisible():
            continue
        if isinstance(label, Text):
            assert not label.elided, label.full_text
        if not label.wordWrap():
            need = QFontMetricsF(label.font()).horizontalAdvance(label.text())
            assert need <= label.contentsRect().width() + 1, label.text()
    for button in window.findChildren(QPushButton):
        if button.isVisible():
            need = QFontMetricsF(button.font()).horizontalAdvance(button.text())
            assert need < button.width(), button.text()
    for table in window.findChildren(Table):
        assert not table.isVisible() or table.too_narrow_px == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_line_of_the_list_fits_its_column(
    make_live: MakeWindow, scene: str, size: tuple[int, int]
) -> None:
    window = make_live(scene, size=size)
    table = page_of(window).panel.table
    for row in range(table.rowCount()):
        for column in range(table.columnCount()):
            item = table.item(row, column)
            assert item is not None
            lines = item.text().split("\n")
            assert len(lines) <= 2
            room = table.columnWidth(column) - window._style.px(12)
            for line in lines:
                assert QFontMetricsF(item.font()).horizontalAdvance(line) <= room, line


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", ["no_bluetooth", "six_found", "all_done", "one_lost"])
def test_controls_are_large_named_and_apart(
    make_live: MakeWindow, scene: str, size: tuple[int, int]
) -> None:
    window = make_live(scene, size=size)
    shown = [b for b in window.findChildren(QPushButton) if b.isVisible()]
    boxes = []
    for button in shown:
        assert min(button.width(), button.height()) >= 44, button.accessibleName()
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface is not None
        assert interface.text(QAccessible.Text.Name)
        top_left = button.mapTo(window, button.rect().topLeft())
        boxes.append(button.rect().translated(top_left))
    for index, box in enumerate(boxes):
        assert window.rect().contains(box)
        assert not any(box.intersects(other) for other in boxes[index + 1 :])


@pytest.mark.parametrize("scene", ["no_bluetooth", "all_done", "check_failed"])
def test_everything_that_can_be_done_is_reached_by_the_keyboard(
    make_live: MakeWindow, scene: str
) -> None:
    window = make_live(scene)
    window.activateWindow()
    page = page_of(window)
    wanted: set[QWidget] = {
        b for b in window.findChildren(QPushButton) if b.isVisible() and b.isEnabled()
    }
    wanted |= {page.form.exercise, page.form.alias, page.form.load.field}
    reached: set[QWidget] = set()
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        QTest.keyClick(focused, Key.Key_Tab)
    assert wanted <= reached


def places(window: MonitorWindow) -> dict[QWidget, tuple[int, int, int, int]]:
    found = {}
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and (
            widget.objectName() in ("panel", "step") or isinstance(widget, QPushButton | Table)
        ):
            corner = widget.mapTo(window, widget.rect().topLeft())
            found[widget] = (corner.x(), corner.y(), widget.width(), widget.height())
    return found


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_when_numbers_states_and_sentences_change(
    make_live: MakeWindow, size: tuple[int, int]
) -> None:
    sensors = desk("checking")
    window = make_live(sensors, size=size)
    before = places(window)
    columns = [page_of(window).panel.table.columnWidth(c) for c in range(len(COLUMNS))]
    key = SEEN[0].key
    for fields in (
        {"rate_hz": 101.25, "loss_pct": 12.3, "age_s": 27.0, "rssi_dbm": -101.0},
        {"battery_pct": 7.0, "clock_error_ms": 12.4, "drift_ppm": -4000.0, "tapped_s_ago": 9.0},
        {"link": LinkState.LOST, "text": "The link broke.", "link_losses": 3},
        {"link": LinkState.CONNECTING, "rate_hz": None, "loss_pct": None, "age_s": None},
    ):
        sensors.change(key, **fields)
        see(window)
        assert places(window) == before
    for state in StepState:
        sensors.step("still", state, "Another sentence of this check, longer than before.", 0.2)
        sensors.step("tap", StepState.WAITING)
        see(window)
        assert places(window) == before
    table = page_of(window).panel.table
    assert [table.columnWidth(c) for c in range(len(COLUMNS))] == columns


def test_without_bluetooth_the_sentence_is_read_and_looking_again_is_asked(
    make_live: MakeWindow,
) -> None:
    sensors = desk("no_bluetooth")
    window = make_live(sensors)
    page = page_of(window)
    assert page.panel.problem.isVisible()
    assert PROBLEM in page.panel.problem.text.full_text
    sensors.asked.clear()
    page.panel.problem.again.click()
    assert sensors.asked == [("scan", True)]
    sensors.now = replace(sensors.now, problem="", cards=SEEN)
    see(window)
    assert not page.panel.problem.isVisible()
    assert page.panel.table.rowCount() == len(SEEN)


def test_remembered_sensors_can_be_placed_without_bluetooth(make_live: MakeWindow) -> None:
    sensors = desk("remembered_no_bluetooth")
    window = make_live(sensors)
    page = page_of(window)
    assert page.panel.problem.isVisible()
    page.panel.table.choose(SEEN[1].key)
    page.panel.places[Role.PELVIS].click()
    assert ("assign", SEEN[1].key, Role.PELVIS) in sensors.asked


def test_the_page_looks_for_sensors_when_it_opens(make_live: MakeWindow) -> None:
    sensors = FakeDesk()
    window = make_live(sensors)
    assert sensors.asked == [("scan", True)]
    assert any("looking" in t.full_text for t in window.findChildren(Text) if t.isVisible())


def test_states_of_links_and_steps_differ_in_shape_and_word() -> None:
    for looks in (
        [link_look(state) for state in LinkState],
        [step_look(state) for state in StepState],
    ):
        assert len({shape for shape, _, _ in looks}) == len(looks)
        assert len({word for _, word, _ in looks}) == len(looks)


@pytest.mark.parametrize("link", list(LinkState))
def test_the_state_of_a_link_is_read_in_the_list_and_at_the_place(
    make_live: MakeWindow, link: LinkState
) -> None:
    sensors = desk("all_done")
    sensors.change(SEEN[0].key, link=link)
    window = make_live(sensors)
    page = page_of(window)
    shape, word, _ = link_look(link)
    assert cell(page, SEEN[0].key, "Link").startswith(f"{shape} {word}")
    card = page.places.cards[Role.BAR]
    assert card._link.full_text == f"{shape} {word}"


def test_numbers_of_a_stream_are_read_with_their_units(make_live: MakeWindow) -> None:
    page = page_of(make_live("all_done"))
    key = SEEN[1].key
    assert cell(page, key, "Sensor") == "Movella DOT …01B77\nD42206001B77"
    assert cell(page, key, "Place") == "Thorax"
    assert cell(page, key, "Signal") == "−71 dBm\nfair"
    assert cell(page, key, "Battery") == "64 %"
    assert cell(page, key, "Rate, Hz") == "59.4 of 60\nloss 0.9 %"
    assert cell(page, key, "Clock") == "±1.1 ms\n+18 ppm"
    assert cell(page, key, "Last") == "0.1 s"


def test_what_is_out_of_bounds_bears_a_shape(make_live: MakeWindow) -> None:
    page = page_of(make_live("six_found"))
    assert cell(page, SEEN[4].key, "Battery") == "▲ 17 %"
    assert cell(page, SEEN[3].key, "Signal") == "−84 dBm\n▲ weak"


def test_a_lost_link_withdraws_what_hangs_on_it(make_live: MakeWindow) -> None:
    window = make_live("one_lost")
    page = page_of(window)
    key = SEEN[1].key
    assert [cell(page, key, c) for c in ("Signal", "Rate, Hz", "Clock")] == ["—"] * 3
    assert cell(page, key, "Last") == "▲ 4.2 s"
    assert cell(page, key, "Link") == "■ Link lost\nlost 2 ×"
    assert "broke" in page.panel._sentence.full_text  # whichever sensor is chosen


def test_a_sensor_just_tapped_lights_up_and_goes_out(make_live: MakeWindow) -> None:
    sensors = desk("all_done")
    window = make_live(sensors)
    page = page_of(window)
    key = SEEN[2].key
    dark = page.places.cards[Role.PELVIS].picture.grab().toImage()
    row = page.panel.table.grab().toImage()
    sensors.change(key, tapped_s_ago=0.2)
    see(window)
    assert cell(page, key, "Link").endswith("this was tapped")
    assert page.places.cards[Role.PELVIS].picture.grab().toImage() != dark
    assert page.panel.table.grab().toImage() != row
    sensors.change(key, tapped_s_ago=TAPPED_S + 0.1)
    see(window)
    assert "tapped" not in cell(page, key, "Link")
    assert page.places.cards[Role.PELVIS].picture.grab().toImage() == dark


def test_a_sensor_is_given_a_place_and_another_loses_it(make_live: MakeWindow) -> None:
    sensors = desk("all_done")
    window = make_live(sensors)
    page = page_of(window)
    page.panel.table.choose(SEEN[3].key)
    page.panel.places[Role.THORAX].click()
    assert ("assign", SEEN[3].key, Role.THORAX) in sensors.asked
    assert page.places.cards[Role.THORAX].sensor.full_text == "WT901BLE67"
    assert cell(page, SEEN[1].key, "Place") == "—"
    assert page.panel.places[Role.THORAX].isChecked()
    page.panel.places[None].click()
    assert ("assign", SEEN[3].key, None) in sensors.asked
    assert page.places.cards[Role.THORAX].sensor.full_text == "○ Nobody"


def test_the_place_that_a_sensor_has_is_not_asked_for_again(make_live: MakeWindow) -> None:
    sensors = desk("all_done")
    page = page_of(make_live(sensors))
    page.panel.table.choose(SEEN[0].key)
    sensors.asked.clear()
    page.panel.places[Role.BAR].click()
    assert sensors.asked == []
    assert page.panel.places[Role.BAR].isChecked()


def test_each_place_has_its_picture_and_its_sentence(make_live: MakeWindow) -> None:
    sensors = desk("six_found")
    page = page_of(make_live(sensors))
    pictures = set()
    for role, card in page.places.cards.items():
        assert card.sentence.full_text == sensors.placement(role)
        assert card.picture.accessibleName()
        pictures.add(bytes(card.picture.grab().toImage().constBits()))
    assert len(pictures) == 3


def test_deeds_go_to_the_chosen_sensor(make_live: MakeWindow) -> None:
    sensors = desk("six_found")
    window = make_live(sensors)
    panel = page_of(window).panel
    key = SEEN[4].key
    panel.table.choose(key)
    sensors.asked.clear()
    panel.blink.click()
    panel.connect_button.click()
    assert panel.connect_button.text() == "Disconnect"
    assert not panel.forget.isEnabled()
    panel.connect_button.click()
    panel.forget.click()
    assert sensors.asked == [
        ("blink", key),
        ("connect", key),
        ("disconnect", key),
        ("forget", key),
    ]
    assert key not in panel.table.keys
    panel.table.choose(SEEN[2].key)
    assert not panel.blink.isEnabled()  # it has nothing to blink with


def test_the_list_is_walked_with_the_arrow_keys(make_live: MakeWindow) -> None:
    window = make_live("six_found")
    window.activateWindow()
    panel = page_of(window).panel
    panel.table.choose(SEEN[0].key)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Key.Key_Down)
    assert panel.chosen is not None
    assert panel.chosen.key == SEEN[1].key


def test_new_sensors_come_last_and_the_choice_stays(make_live: MakeWindow) -> None:
    sensors = desk("six_found")
    sensors.now = replace(sensors.now, cards=SEEN[1:4])
    window = make_live(sensors)
    table = page_of(window).panel.table
    table.choose(SEEN[2].key)
    sensors.now = replace(sensors.now, cards=tuple(reversed(SEEN)))
    see(window)
    assert table.keys[:3] == [card.key for card in SEEN[1:4]]
    assert table.chosen_key == SEEN[2].key
    sensors.now = replace(sensors.now, cards=SEEN[2:])
    see(window)
    assert table.chosen_key == SEEN[2].key
    sensors.now = replace(sensors.now, cards=())
    see(window)
    assert table.chosen_key == ""
    assert page_of(window).panel.chosen is None


def test_a_warning_of_the_chosen_sensor_is_read(make_live: MakeWindow) -> None:
    page = page_of(make_live("six_found"))
    page.panel.table.choose(SEEN[5].key)
    assert SEEN[5].warnings[0] in page.panel._sentence.full_text


def test_long_warnings_are_whole_and_the_buttons_stay(make_live: MakeWindow) -> None:
    sensors = desk("six_found")
    window = make_live(sensors)
    panel = page_of(window).panel
    panel.table.choose(SEEN[3].key)
    see(window)
    before = panel.blink.mapTo(window, panel.blink.rect().topLeft())
    long = tuple(f"Warning {n}: this sensor leaves out much that others tell." for n in range(7))
    sensors.change(SEEN[3].key, warnings=long)
    see(window)
    assert not panel._sentence.elided
    assert long[-1] in panel._sentence.full_text
    assert panel.blink.mapTo(window, panel.blink.rect().topLeft()) == before
    panel.table.choose(SEEN[0].key)
    see(window)
    assert not panel._sentence.elided


@pytest.mark.parametrize(
    ("name", "serial", "label"),
    [
        ("WT901BLE67", "", "WT901BLE67"),
        ("Movesense 2146", "2146", "Movesense 2146"),
        ("Movella DOT", "D42206001A3F", "Movella DOT …01A3F"),
        ("Movella DOT …D4:22:CD:00:1A:3F", "", "Movella DOT …1A:3F"),
    ],
)
def test_two_sensors_of_one_kind_are_told_apart(name: str, serial: str, label: str) -> None:
    card = replace(SEEN[0], name=name, serial=serial)
    assert sensor_label(card) == label


@pytest.mark.parametrize("state", list(StepState))
def test_a_step_tells_its_state_and_sentence(make_live: MakeWindow, state: StepState) -> None:
    sensors = desk("checking")
    sensors.step("still", state, "What to do now.", 0.5)
    window = make_live(sensors)
    row = page_of(window).checklist.rows["still"]
    shape, word, _ = step_look(state)
    assert row._shape.full_text == shape
    assert row._state.full_text == word
    assert row.text.full_text == "What to do now."
    assert row._progress.isVisible() == (state is StepState.RUNNING)
    assert row._progress.value() == 500
    asks = state in (StepState.OPEN, StepState.DONE, StepState.FAILED)
    assert row.button.isEnabled() == asks


def test_steps_are_started_and_repeated(make_live: MakeWindow) -> None:
    sensors = desk("six_found")
    page = page_of(make_live(sensors))
    for card, role in zip(SEEN, Role, strict=False):
        sensors.assign(card.key, role)
    sensors.step("placed", StepState.DONE)
    page.look()
    sensors.asked.clear()
    for key in STEPS:
        page.checklist.press(key)
    assert sensors.asked == [
        ("scan", True),
        ("connect_assigned",),
        ("check", "still"),
        ("check", "tap"),
    ]
    assert page.checklist.rows["still"].button.text() == "Repeat"


def test_the_number_between_two_buttons(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    window.activateWindow()
    load: Stepper = page_of(window).form.load
    load.more.click()
    assert load.value == 55.0
    load.less.click()
    load.less.click()
    assert (load.value, load.field.text()) == (50.0, "50 kg")
    load.field.setFocus()
    QTest.keyClick(load.field, Key.Key_Up)
    assert load.value == 52.5
    for typed, value, shown in (
        ("61.25", 61.25, "61.25 kg"),
        ("80 kg", 80.0, "80 kg"),
        ("9000", 500.0, "500 kg"),
        ("heavy", 500.0, "500 kg"),
        ("nan", 500.0, "500 kg"),
        ("0", 0.0, "unknown"),
    ):
        load.field.setText(typed)
        load.field.editingFinished.emit()
        assert (load.value, load.field.text()) == (value, shown)
    assert page_of(window).form.choice.load_kg is None


def test_letters_typed_into_a_field_are_no_commands(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    window.activateWindow()
    alias = page_of(window).form.alias
    alias.clear()
    alias.setFocus()
    QTest.keyClicks(alias, "TV sms")
    assert alias.text() == "TV sms"
    assert window._style.theme.name == "dark"
