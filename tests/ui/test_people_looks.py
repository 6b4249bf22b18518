"""Every scene of the people pages: nothing cut, everything named, reached and large enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QWidget,
)

from lift_monitor.ui import tokens
from lift_monitor.ui.people.identity_tab import IdentityTab
from lift_monitor.ui.people.layout import Elided, Paragraph, Scroll
from lift_monitor.ui.people.trend_chart import TrendChart
from lift_monitor.ui.tables import Table
from lift_monitor.ui.text import Text
from lift_monitor.ui.tokens import contrast
from tests.ui import people_scenes
from tests.ui.people_scenes import SCENES, Scene, open_scene, settle

Open = Callable[..., Scene]
VIEWS = (((1264, 610), 1.0), ((1920, 1080), 1.0), ((1280, 720), 2.0))
"""The smallest is a window of 1280 x 720 with its strip and its foot."""
SMALLEST = 44


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, date]:
    return people_scenes.made_once(tmp_path_factory.mktemp("people"))


@pytest.fixture
def open_it(made: tuple[Path, date], tmp_path: Path) -> Iterator[Open]:
    opened: list[Scene] = []

    def open_one(scene: str, **options: object) -> Scene:
        found = open_scene(scene, *made, tmp_path, **options)  # type: ignore[arg-type]
        opened.append(found)
        return found

    yield open_one
    for scene in opened:
        scene.close()
    settle()


def operable(host: QWidget) -> list[QWidget]:
    kinds = QPushButton | QLineEdit | QComboBox | QTableWidget
    return [
        w
        for w in host.findChildren(QWidget)
        if isinstance(w, kinds) and w.isVisible() and not isinstance(w.parent(), QComboBox)
    ]


def box(widget: QWidget, host: QWidget) -> QRect:
    return QRect(widget.mapTo(host, widget.rect().topLeft()), widget.size())


@pytest.mark.parametrize(("size", "factor"), VIEWS)
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_cut_nor_small_nor_on_another(
    open_it: Open, scene: str, size: tuple[int, int], factor: float
) -> None:
    host = open_it(scene, size=size, factor=factor).host
    assert (host.width(), host.height()) == size
    no_word_is_cut(host)
    what_does_not_fit_is_scrolled_to(host)
    controls_are_large_and_apart(host)


def no_word_is_cut(host: QWidget) -> None:
    for label in host.findChildren(QLabel):
        if not label.isVisible() or isinstance(label, Elided):
            continue
        if isinstance(label, Paragraph):
            assert label.heightForWidth(label.width()) <= label.height(), label.text()
            longest = max(label.text().split(), key=len, default="")
            need = QFontMetricsF(label.font()).horizontalAdvance(longest)
            assert need <= label.width() + 1, label.text()
        else:
            if isinstance(label, Text):
                assert not label.elided, label.full_text
            need = QFontMetricsF(label.font()).horizontalAdvance(label.text())
            assert need <= label.contentsRect().width() + 1, label.text()
    for button in host.findChildren(QPushButton):
        if button.isVisible():
            need = QFontMetricsF(button.font()).horizontalAdvance(button.text())
            assert need < button.width(), button.text()
    for combo in host.findChildren(QComboBox):
        if combo.isVisible():
            need = QFontMetricsF(combo.font()).horizontalAdvance(combo.currentText())
            assert need < combo.width(), combo.currentText()


def what_does_not_fit_is_scrolled_to(host: QWidget) -> None:
    for scroll in host.findChildren(Scroll):
        if scroll.isVisible():
            content = scroll.widget()
            assert scroll.horizontalScrollBar().maximum() == 0, scroll.accessibleName()
            assert content is not None
            assert content.width() <= scroll.viewport().width()
    for table in host.findChildren(Table):
        if table.isVisible():
            assert table.too_narrow_px == 0, table.accessibleName()
    for widget in operable(host):
        inside = any(s.isVisible() and s.isAncestorOf(widget) for s in host.findChildren(Scroll))
        if not inside:
            assert host.rect().contains(box(widget, host)), widget.accessibleName()
        parent = widget.parentWidget()
        assert parent is not None
        assert parent.rect().contains(widget.geometry()), widget.accessibleName()


def controls_are_large_and_apart(host: QWidget) -> None:
    found = operable(host)
    for index, widget in enumerate(found):
        where = box(widget, host)
        assert where.height() >= SMALLEST, widget.accessibleName()
        assert where.width() >= SMALLEST, widget.accessibleName()
        for other in found[index + 1 :]:
            if widget.parentWidget() is other.parentWidget():
                assert not where.intersects(box(other, host)), (
                    widget.accessibleName(),
                    other.accessibleName(),
                )
    for table in host.findChildren(QTableWidget):
        for row in range(table.rowCount()):
            assert table.rowHeight(row) >= SMALLEST


@pytest.mark.parametrize("scene", SCENES)
def test_everything_is_named_and_reached_by_keys(open_it: Open, scene: str) -> None:
    host = open_it(scene, theme="light").host
    everything_has_a_name_of_its_own(host)
    no_word_promises_safety(host)
    everything_is_reached_by_the_keyboard(host)


def everything_has_a_name_of_its_own(host: QWidget) -> None:
    names = []
    for widget in (*operable(host), *host.findChildren(TrendChart)):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        name = interface.text(QAccessible.Text.Name)
        assert name.strip(), widget
        if widget.isVisible():
            names.append(name)
    assert sorted(set(names)) == sorted(names)
    for chart in host.findChildren(TrendChart):
        assert chart.accessibleDescription()


def everything_is_reached_by_the_keyboard(host: QWidget) -> None:
    host.activateWindow()
    settle()
    wanted = {w for w in operable(host) if w.isEnabled()}
    reached: set[QWidget] = set()
    first = next(iter(sorted(wanted, key=lambda w: (box(w, host).y(), box(w, host).x()))))
    first.setFocus()
    for _ in range(3 * len(wanted) + 20):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        if wanted <= reached:
            break
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert not {w.accessibleName() for w in wanted - reached}


def no_word_promises_safety(host: QWidget) -> None:
    told = " ".join(
        f"{w.accessibleName()} {w.accessibleDescription()} {w.toolTip()}"
        for w in host.findChildren(QWidget)
    )
    assert "safe" not in told.lower()


def test_the_tab_follows_the_page_from_top_to_bottom(open_it: Open) -> None:
    scene = open_it("add")
    host = scene.host
    host.activateWindow()
    settle()
    scene.page.form.pseudonym.field.setFocus()  # type: ignore[union-attr]
    names = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert names == [
        "Pseudonym",
        "Suggest another pseudonym",
        "Keep who this person is, apart",
        "Name",
        "Born",
        "Contact",
        "Referring practice",
        "Add nobody",
    ]


def test_a_very_long_pseudonym_is_whole_in_its_tip(open_it: Open) -> None:
    scene = open_it("long", size=(1280, 720), factor=2.0)
    name = scene.page.name  # type: ignore[union-attr]
    assert name.elided
    assert name.toolTip() == people_scenes.LONG
    assert people_scenes.LONG in name.accessibleName()
    assert scene.page.level.full_text == "▲ Not assessed"  # type: ignore[union-attr]
    assert not scene.page.level.elided  # type: ignore[union-attr]


def test_a_very_long_name_leaves_the_layout_as_it_is(open_it: Open) -> None:
    scene = open_it("long")
    page = scene.page
    page.show_section("identity")  # type: ignore[union-attr]
    settle()
    tab = page.section("identity")  # type: ignore[union-attr]
    assert isinstance(tab, IdentityTab)
    tab.show_it.click()
    settle()
    assert tab.identity.name.text == people_scenes.LONG_NAME
    assert scene.host.width() == 1280
    assert all(s.horizontalScrollBar().maximum() == 0 for s in scene.host.findChildren(Scroll))


def test_a_name_is_nowhere_before_it_is_asked_for(open_it: Open) -> None:
    for key in ("people", "long"):
        host = open_it(key).host
        told = " ".join(
            f"{w.accessibleName()} {w.toolTip()} {w.text() if isinstance(w, QLabel) else ''}"
            for w in host.findChildren(QWidget)
        )
        assert "Maximiliane" not in told


def test_wrong_numbers_move_nothing(open_it: Open) -> None:
    scene = open_it("clearance")
    tab = people_scenes.clearance(scene.page)
    before = [box(w, scene.host) for w in operable(scene.host)]
    for typed in ("sixty", "1.62", "1000", "", "66"):
        for key in ("age_years", "height_cm", "body_mass_kg"):
            tab.form.numbers[key].set_text(typed)
        settle()
        assert [box(w, scene.host) for w in operable(scene.host)] == before


def test_the_record_of_landings_has_no_empty_numbers(open_it: Open) -> None:
    page = open_it("record").page
    lines = page.section("record").more.full_text.splitlines()  # type: ignore[union-attr]
    landed = [line for line in lines if "landings" in line]
    assert landed
    assert all("— ×" not in line for line in landed)
    assert landed[0].startswith("Jumping chin-up with drop landing, working 1 · 5 landings")


def test_the_facts_of_a_decision_bear_their_days_and_limits(open_it: Open) -> None:
    page = open_it("record_decisions").page
    told = page.section("record").more.full_text  # type: ignore[union-attr]
    assert told.count("· repetitions, 2026-02-") == 2
    assert "(limit: all 25)" in told


def test_what_was_decided_is_read_where_a_row_is_cut(open_it: Open) -> None:
    page = open_it("record_decisions").page
    table = page.section("record").table  # type: ignore[union-attr]
    details = [table.item(row, 2).text() for row in range(table.rowCount())]
    assert details[0] == "Deadlift: 51 kg, 1RM 60 kg, training"
    assert any(d.startswith("Jumping chin-up with drop landing: rung 7") for d in details)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_chosen_answer_that_has_the_focus_looks_so(open_it: Open, theme: str) -> None:
    scene = open_it("clearance", theme=theme)
    scene.host.activateWindow()
    settle()
    answers = people_scenes.clearance(scene.page).form.answers["malignancy"]
    chosen = answers.options.buttons["no"]
    assert chosen.isChecked()

    def edge() -> str:
        settle()
        return chosen.grab().toImage().pixelColor(chosen.width() // 2, 1).name().upper()

    without = edge()
    chosen.setFocus()
    assert chosen.hasFocus()
    assert contrast(edge(), without) >= 1.5
    assert edge() == tokens.THEMES[theme].text


def test_a_dose_and_a_rest_are_said_so_that_they_are_understood(open_it: Open) -> None:
    words = " | ".join(w.text() for w in open_it("today_home").host.findChildren(QLabel))
    assert "once" in words
    assert "1 × 1" not in words
    assert "rest 1:00 min" in words
    assert "not begun" not in words


def test_numbers_are_written_as_the_country_writes_them(open_it: Open) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    try:
        scene = open_it("outcomes")
        tab = people_scenes.outcomes_tab(scene.page)
        item = tab.table.item(0, 1)
        assert item is not None
        assert "0,876" in item.text()
        tab.value.set_text("0,91")
        assert tab.value.value == 0.91
    finally:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
