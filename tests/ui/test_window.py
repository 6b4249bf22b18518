from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from lift_monitor.events import RepetitionCompleted
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import Mode
from lift_monitor.ui import tokens
from lift_monitor.ui.lifter_sizes import lifter_sizes
from lift_monitor.ui.session import LoadedSession, Progress
from lift_monitor.ui.tables import Table
from lift_monitor.ui.text import Text
from lift_monitor.ui.transport import SPEEDS, next_speed
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_MS
from tests.ui import scenes
from tests.ui.conftest import MakeWindow
from tests.ui.scenes import ScriptedFeed, rep, status, trace

SIZES = ((1280, 720), (1920, 1080))
Key = Qt.Key
NO = Qt.KeyboardModifier.NoModifier


def feed_of(window: MonitorWindow) -> ScriptedFeed:
    feed = window.session.station
    assert isinstance(feed, ScriptedFeed)
    return feed


def shown_labels(window: MonitorWindow) -> list[QLabel]:
    return [label for label in window.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("scene", "view"),
    [(scene, "clinician") for scene in scenes.SCENES]
    + [(scene, "lifter") for scene in scenes.LIFTER_SCENES],
)
def test_no_text_is_cut(
    make_window: MakeWindow, scene: str, view: str, size: tuple[int, int]
) -> None:
    window = make_window(scene, size, view=view)
    for label in shown_labels(window):
        if isinstance(label, Text):
            assert not label.elided, label.full_text
        if not label.wordWrap():
            need = QFontMetricsF(label.font()).horizontalAdvance(label.text())
            assert need <= label.contentsRect().width() + 1, label.text()
    for table in window.findChildren(Table):
        if table.isVisible():
            assert table.too_narrow_px == 0
    for button in window.findChildren(QPushButton):
        if button.isVisible():
            need = QFontMetricsF(button.font()).horizontalAdvance(button.text())
            assert need < button.width(), button.text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", ["live", "replaying"])
def test_the_window_keeps_its_size(
    make_window: MakeWindow, scene: str, size: tuple[int, int]
) -> None:
    window = make_window(scene, size)
    assert (window.width(), window.height()) == size


def places(window: MonitorWindow) -> dict[int, tuple[int, int, int, int]]:
    """Where every lasting part stands; texts may be wider inside their own slot."""
    found = {}
    for widget in window.findChildren(QWidget):
        if (
            widget.isVisible()
            and not window.banner.isAncestorOf(widget)
            and (
                widget.objectName() in ("panel", "header")
                or isinstance(widget, QPushButton | Table)
            )
        ):
            corner = widget.mapTo(window, widget.rect().topLeft())
            found[id(widget)] = (corner.x(), corner.y(), widget.width(), widget.height())
    for widget in (window.clinician.bars, window.clinician.hero.number, window.clinician.cue):
        corner = widget.mapTo(window, widget.rect().topLeft())
        found[id(widget)] = (corner.x(), corner.y(), widget.width(), widget.height())
    return found


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_between_repetitions_cues_faults_and_rest(
    make_window: MakeWindow, size: tuple[int, int]
) -> None:
    window = make_window("waiting", size)
    before = places(window)
    feed = feed_of(window)
    for updates in (scenes.live(), scenes.stopping(), scenes.faulted(), scenes.resting()):
        feed.tell(*updates)
        window.tick()
        QApplication.processEvents()
        assert places(window) == before


def test_repetitions_reach_every_panel(make_window: MakeWindow) -> None:
    window = make_window("live")
    assert window.clinician.hero.number.text == "0.44"
    assert window.clinician.table.rowCount() == 3
    assert window.clinician.sets.rowCount() == 3
    feed_of(window).tell(
        PipelineOutput((RepetitionCompleted(113.2, rep(4, 0.43, loss=12.0)),), trace(113.2)),
        status(113.3),
    )
    window.tick()
    assert window.clinician.hero.number.text == "0.43"
    assert window.clinician.table.rowCount() == 4
    cell = window.clinician.table.item(3, 1)
    assert cell is not None
    assert cell.text() == "0.43 ± 0.02"


def test_a_withdrawn_number_is_a_dash_everywhere(make_window: MakeWindow) -> None:
    window = make_window("faulted")
    assert window.clinician.hero.number.text == "—"
    row = [window.clinician.table.item(2, c) for c in range(1, 8)]
    assert {cell.text() for cell in row if cell is not None} == {"—"}
    window.show_view("lifter")
    assert window.lifter.number.text == "—"


@pytest.mark.parametrize(
    ("scene", "words"),
    [("replaying", ("REPLAY", "14 Nov 2026", "SIMULATED")), ("simulated", ("SIMULATED",))],
)
@pytest.mark.parametrize("view", ["clinician", "lifter"])
def test_the_watermark_is_always_seen(
    make_window: MakeWindow, scene: str, words: tuple[str, ...], view: str
) -> None:
    window = make_window(scene, view=view)
    for theme in ("dark", "light"):
        window.set_theme(theme)
        QApplication.processEvents()
        assert window.strip.isVisible()
        assert all(word in window.strip.text() for word in words)
        role = "replay" if scene == "replaying" else "simulated"
        colour = getattr(tokens.THEMES[theme], role).lower()
        picture = window.grab().toImage()
        middle = picture.height() // 2
        for x in (1, picture.width() - 2):
            assert picture.pixelColor(x, middle).name() == colour
        assert picture.pixelColor(picture.width() // 2, picture.height() - 2).name() == colour
    covering = window.childAt(window.strip.mapTo(window, window.strip.rect().center()))
    assert covering is window.strip


def test_a_live_session_has_no_watermark(make_window: MakeWindow) -> None:
    window = make_window("live")
    assert not window.strip.isVisible()


def test_the_lifter_view_bears_no_name(make_window: MakeWindow) -> None:
    window = make_window("live", view="lifter")
    assert not any("Heron" in label.text() for label in shown_labels(window))
    assert not window.header.isVisible()


@pytest.mark.parametrize(
    ("key", "modifier", "asked"),
    [
        (Key.Key_Space, NO, ("pause",)),
        (Key.Key_K, NO, ("pause",)),
        (Key.Key_J, NO, ("speed", 0.5)),
        (Key.Key_L, NO, ("speed", 2.0)),
        (Key.Key_Left, NO, ("step", -0.01)),
        (Key.Key_Right, NO, ("step", 0.01)),
        (Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, ("seek", pytest.approx(109.9))),
        (Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, ("seek", pytest.approx(111.9))),
        (Key.Key_BracketLeft, NO, ("seek", pytest.approx(109.7))),
        (Key.Key_BracketRight, NO, ("seek", pytest.approx(113.1))),
        (Key.Key_M, NO, ("annotate", "mark", "")),
    ],
)
def test_keys(
    make_window: MakeWindow,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    asked: tuple[object, ...],
) -> None:
    window = make_window("replaying")
    window.activateWindow()
    QTest.keyClick(window, key, modifier)
    assert feed_of(window).asked == [asked]


def test_time_cannot_be_moved_in_a_live_session(make_window: MakeWindow) -> None:
    window = make_window("live")
    window.activateWindow()
    for key in (Key.Key_Space, Key.Key_J, Key.Key_Left, Key.Key_BracketLeft):
        QTest.keyClick(window, key)
    assert feed_of(window).asked == []
    assert not window.transport.timeline.isVisible()


def test_view_theme_and_full_screen_have_keys(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    window.activateWindow()
    QTest.keyClick(window, Key.Key_V)
    assert window.lifter.isVisible()
    QTest.keyClick(window, Key.Key_V)
    assert window.clinician.isVisible()
    QTest.keyClick(window, Key.Key_T)
    assert window._style.theme is tokens.LIGHT
    QTest.keyClick(window, Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Key.Key_Escape)
    assert not window.isFullScreen()


def test_clicking_and_dragging_the_timeline_seeks(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    line = window.transport.timeline
    x = round(line.x_of(150.0))
    at = line.rect().center()
    at.setX(x)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, NO, at)
    (asked,) = feed_of(window).asked
    assert asked[0] == "seek"
    assert asked[1] == pytest.approx(150.0, abs=0.5)


def test_a_repetition_can_be_chosen_in_the_table(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    table = window.clinician.table
    table.setFocus()
    table.selectRow(1)
    table.chosen.emit(1)
    assert feed_of(window).asked == [("seek", pytest.approx(102.9))]


def test_every_control_is_large_enough_reachable_and_named(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    buttons = [b for b in window.findChildren(QPushButton) if b.isVisible()]
    assert len(buttons) >= 8
    for button in buttons:
        assert min(button.width(), button.height()) >= 44, button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface is not None
        assert interface.text(QAccessible.Text.Name)
    reached = set()
    window.activateWindow()
    for _ in range(40):
        QTest.keyClick(window, Key.Key_Tab)
        focused = QApplication.focusWidget()
        reached.add(id(focused))
    assert {id(button) for button in buttons if button.isEnabled()} <= reached


def test_enter_presses_the_button_that_has_the_focus(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    window.activateWindow()
    window.transport.view.setFocus()
    QTest.keyClick(window.transport.view, Key.Key_Return)
    assert window.lifter.isVisible()


def test_only_a_stop_flashes(make_window: MakeWindow) -> None:
    def picture(window: MonitorWindow, dark_half: bool) -> object:
        window.clinician.cue.flash(dark_half)
        return window.clinician.cue.grab().toImage()

    stop = make_window("stopping", reduce_motion=True)
    assert picture(stop, False) != picture(stop, True)
    calm = make_window("replaying", reduce_motion=True)
    assert picture(calm, False) == picture(calm, True)


def test_equal_states_are_not_painted_again(make_window: MakeWindow) -> None:
    window = make_window("resting")
    painted: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
            if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
                painted.append(watched)
            return False

    watch = Watch()
    still = (window.clinician.bars, window.clinician.table.viewport(), window.clinician.cue)
    QApplication.processEvents()
    for widget in still:
        widget.installEventFilter(watch)
    for step in range(5):
        feed_of(window).tell(status(224.5 + 0.1 * step))
        window.tick()
        QApplication.processEvents()
    assert painted == []
    for widget in still:
        widget.removeEventFilter(watch)


def drop(window: MonitorWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action = Qt.DropAction.CopyAction
    button = Qt.MouseButton.LeftButton
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), action, data, button, NO))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), action, data, button, NO))


def test_a_dropped_file_replaces_the_session(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "other.mcap"
    path.write_bytes(b"")
    seen: list[Path] = []

    def open_file(wanted: Path, progress: Progress) -> LoadedSession:
        seen.append(wanted)
        progress(0.5)
        return scenes.session("replaying")

    window = make_window("live", open_file=open_file)
    first = feed_of(window)
    drop(window, path)
    qtbot.waitUntil(lambda: window.model.mode is Mode.REPLAY, timeout=PATIENCE_MS)
    assert [p.name for p in seen] == ["other.mcap"]
    assert not first.running
    assert feed_of(window).running
    assert window.strip.isVisible()
    assert not window.banner.isVisible()
    window.tick()
    assert window.clinician.hero.number.text == "0.44"


@pytest.mark.parametrize("error", [ValueError, OSError])
def test_a_file_that_cannot_be_opened_leaves_one_sentence(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, error: type[Exception]
) -> None:
    sentence = "photo.mcap is a JPEG picture, not a recording; choose an .mcap file."

    def open_file(wanted: Path, progress: Progress) -> LoadedSession:
        raise error(sentence)

    window = make_window("live", open_file=open_file)
    window.open_path(tmp_path / "photo.mcap")
    qtbot.waitUntil(lambda: sentence in window.banner.text, timeout=PATIENCE_MS)
    assert window.banner.isVisible()
    assert QApplication.activeModalWidget() is None
    assert feed_of(window).running
    before = places(window)
    window.activateWindow()
    QTest.keyClick(window, Key.Key_Escape)
    assert not window.banner.isVisible()
    assert places(window) == before


def test_an_unforeseen_failure_is_told_as_well(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    def open_file(wanted: Path, progress: Progress) -> LoadedSession:
        raise ZeroDivisionError("division by zero")

    window = make_window("live", open_file=open_file)
    window.open_path(tmp_path / "odd.csv")
    qtbot.waitUntil(lambda: "odd.csv" in window.banner.text, timeout=PATIENCE_MS)


def test_loading_shows_progress_and_can_be_cancelled(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    def open_file(wanted: Path, progress: Progress) -> LoadedSession:
        while True:  # ends by the exception that a cancelled progress raises
            progress(0.25)
            QTest.qSleep(5)

    window = make_window("live", open_file=open_file)
    window.open_path(tmp_path / "long.mcap")
    qtbot.waitUntil(lambda: "25 %" in window.banner.text, timeout=PATIENCE_MS)
    assert window.banner.isVisible()
    window.tick()  # the window goes on meanwhile
    window.banner.dismiss()
    QApplication.processEvents()
    assert not window.banner.isVisible()
    assert feed_of(window).running


def test_an_error_of_the_station_is_said_once(make_window: MakeWindow) -> None:
    window = make_window("live")
    feed_of(window).tell(status(112.0, error="The disk is full."))
    window.tick()
    assert "The disk is full." in window.banner.text
    window.banner.dismiss()
    feed_of(window).tell(status(112.1, error="The disk is full."))
    window.tick()
    assert not window.banner.isVisible()


def test_closing_stops_the_clock_and_the_station(make_window: MakeWindow) -> None:
    window = make_window("live")
    feed = feed_of(window)
    window.close()
    assert not feed.running
    assert not [timer for timer in window.findChildren(QTimer) if timer.isActive()]


def test_speeds_step_through_the_list_and_stop_at_its_ends() -> None:
    assert next_speed(1.0, 1) == 2.0
    assert next_speed(8.0, 1) == 8.0
    assert next_speed(0.1, -1) == 0.1
    assert next_speed(math.inf, -1) == SPEEDS[-2]


def test_lifter_sizes_follow_the_millimetres() -> None:
    television = lifter_sizes(3840, 2160, px_per_mm=3840 / 1210)  # 55 inches
    assert television.legible
    assert television.primary / (3840 / 1210) >= 105
    desk = lifter_sizes(1920, 1080, px_per_mm=1920 / 531)  # 24 inches
    assert desk.legible
    assert desk.primary / (1920 / 531) >= 52
    laptop = lifter_sizes(1280, 720, px_per_mm=1280 / 290)  # 13 inches
    assert not laptop.legible
