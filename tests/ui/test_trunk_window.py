"""The trunk on the screen: gauge, flags, load by hand, landings, jumps in a replay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import Mode
from lift_monitor.technique import Load, LoadChanged, Severity
from lift_monitor.ui.bars_state import BarsState
from lift_monitor.ui.readings import DataState, Level
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.spine_gauge import GaugeState, SpineGauge, span_of
from lift_monitor.ui.timeline import Overview
from lift_monitor.ui.window import MonitorWindow
from tests.ui import scenes, trunk_scenes
from tests.ui.conftest import MakeWindow
from tests.ui.scenes import ScriptedFeed, status
from tests.ui.test_window import feed_of, places
from tests.ui.trunk_scenes import BOTH, ended, flag, landing, raised, sensors, spine

Key = Qt.Key
NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def told(window: MonitorWindow, scene: str) -> None:
    updates, _ = trunk_scenes.trunk_scene(scene)
    feed_of(window).tell(*updates)
    window.tick()
    QApplication.processEvents()


# -- the gauge --------------------------------------------------------------------------------


def test_the_scale_follows_the_limits_and_not_the_angle() -> None:
    assert span_of(10.0, 20.0) == (-10.0, 40.0)
    assert span_of(60.0, 75.0) == (-10.0, 90.0)
    assert span_of(15.0, None) == (-10.0, 60.0)
    low, high = span_of(None, None)
    assert low < 0.0 < high
    assert span_of(60.0, 89.0)[1] > 89.0


def _picture(qapp: QApplication, state: GaugeState) -> QImage:
    gauge = SpineGauge()
    gauge.resize(300, 180)
    gauge.show_state(state)
    image = gauge.grab().toImage()
    gauge.deleteLater()
    return image


def test_a_withdrawn_angle_has_no_needle_and_no_coloured_zone(qapp: QApplication) -> None:
    zones = GaugeState(value=0.0, state=DataState.LIVE, amber=10.0, red=20.0)
    gone = replace(zones, value=None, state=DataState.UNAVAILABLE)

    def colours(image: QImage) -> set[str]:
        return {
            image.pixelColor(x, y).name()
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        }

    zone_colours = {"#009e73", "#e69f00", "#d55e00"}
    assert zone_colours <= colours(_picture(qapp, zones))
    # The labels of the limits keep their colours; the arc and the needle have none.
    withdrawn = colours(_picture(qapp, gone))
    assert "#009e73" not in withdrawn
    assert "#e8eaed" not in withdrawn


def test_low_confidence_looks_otherwise_than_high(qapp: QApplication) -> None:
    live = GaugeState(value=5.0, state=DataState.LIVE, amber=10.0, red=20.0)
    assert _picture(qapp, live) != _picture(qapp, replace(live, state=DataState.ESTIMATED))


@pytest.mark.parametrize(
    ("scene", "value", "word", "note"),
    [
        ("spine_good", "°", "● within limits", ""),
        ("spine_not_calibrated", "– –", "NOT CALIBRATED", "press Calibrate"),
        ("spine_slipped", "– –", "SENSOR SLIPPED", "came loose"),
        ("spine_lost", "– –", "SENSOR LOST", "The link to Movella DOT"),
        ("spine_one", "~", "● within limits", "one sensor cannot tell"),
        ("spine_low", "~", "within limits", "The two stands differ"),
    ],
)
def test_the_gauge_says_its_state_in_words(
    make_window: MakeWindow, scene: str, value: str, word: str, note: str
) -> None:
    panel = make_window(scene).clinician.spine
    assert value in panel.value.text
    assert word in panel.word
    assert note in panel.note


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_nothing_moves_whatever_the_spine_says(
    make_window: MakeWindow, size: tuple[int, int]
) -> None:
    window = make_window("spine_not_calibrated", size)
    before = places(window)
    for scene in ("spine_good", "spine_red", "spine_low", "spine_slipped", "spine_lost", "strip"):
        told(window, scene)
        assert places(window) == before, scene


def test_panels_take_the_room_of_what_has_no_sensor(make_window: MakeWindow) -> None:
    alone = make_window("live").clinician
    assert not alone.spine.isVisible()
    assert not alone.technique.isVisible()
    assert alone.sets_panel.isVisible()
    assert alone.technical.foot == "Technique is not watched: no sensor on thorax or pelvis."
    both = make_window("spine_good").clinician
    assert both.spine.isVisible()
    assert both.technique.isVisible()
    assert both.technical.foot == ""
    no_bar = make_window("spine_hand").clinician
    assert not no_bar.bars.isVisible()
    assert not no_bar.table.isVisible()
    assert no_bar.cue.isVisible()


def test_sets_and_repetitions_share_a_place(make_window: MakeWindow) -> None:
    view = make_window("spine_good").clinician
    assert (view.table.isVisible(), view.sets.isVisible()) == (True, False)
    view.repetitions.other.click()
    assert (view.table.isVisible(), view.sets.isVisible()) == (False, True)
    view.sets_panel.other.click()
    assert (view.table.isVisible(), view.sets.isVisible()) == (True, False)


def test_an_angle_that_stays_is_not_painted_again(make_window: MakeWindow) -> None:
    window = make_window("spine_good")
    painted: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
            if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
                painted.append(watched)
            return False

    watch = Watch()
    panel = window.clinician.spine
    still = (panel.gauge, panel.figure, window.clinician.technique)
    QApplication.processEvents()
    for widget in still:
        widget.installEventFilter(watch)
    for step in range(3):
        feed_of(window).tell(status(110.9 + 0.01 * step, sensors=sensors(Role.BAR, *BOTH)))
        window.tick()
        QApplication.processEvents()
    assert painted == []
    feed_of(window).tell(PipelineOutput(spine=spine(111.5, peak_deg=18.0)))
    window.tick()
    QApplication.processEvents()
    assert panel.gauge in painted
    for widget in still:
        widget.removeEventFilter(watch)


# -- flags ------------------------------------------------------------------------------------


def test_flags_stand_in_bars_table_cue_and_list(make_window: MakeWindow) -> None:
    window = make_window("spine_red", reduce_motion=True)
    marks = BarsState.of(window.model).flags
    assert [(mark.number, mark.level) for mark in marks] == [(2, Level.CHECK), (4, Level.STOP)]
    assert "4: 24° stop" in window.clinician.bars.accessibleDescription()
    cell = window.clinician.table.item(1, 7)
    assert cell is not None
    assert cell.text() == "▲ 13"
    titles = window.clinician.technique.titles
    assert titles[0].startswith("*** LUMBAR FLEXION 24° > 20°")
    assert titles[1].startswith("LUMBAR FLEXION 13° > 10°")
    assert not window.clinician.technical.titles
    assert "LUMBAR FLEXION 24° > 20° at rep 4 – lower the bar" in (
        window.clinician.cue.accessibleName()
    )
    steady = window.clinician.cue.grab().toImage()
    window.clinician.cue.flash(True)
    assert window.clinician.cue.grab().toImage() != steady


def test_a_technical_fault_is_no_flag(make_window: MakeWindow) -> None:
    window = make_window("spine_slipped")
    assert window.clinician.technique.titles == []
    assert window.clinician.technical.titles == ["Pelvis: sensor sits otherwise"]


def test_the_lifter_sees_the_zone_and_a_word(make_window: MakeWindow) -> None:
    assert make_window("spine_good", view="lifter").lifter.zone.text == "● BACK OK"
    latched = make_window("spine_red", view="lifter").lifter
    assert latched.zone.text == "■ TOO FAR"
    assert latched.cue.accessibleName() == "LOWER BAR"
    assert make_window("spine_lost", view="lifter").lifter.zone.text == "– BACK NOT SEEN"
    assert not make_window("live", view="lifter").lifter.zone.isVisible()


# -- the load, by hand ------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Key.Key_B, Key.Key_PageDown])
def test_the_load_is_set_by_hand_and_given_back(make_window: MakeWindow, key: Qt.Key) -> None:
    window = make_window("spine_hand")
    window.activateWindow()
    panel = window.clinician.spine
    assert panel.load.full_text == "? LOAD NOT KNOWN"
    QTest.keyClick(window, key)
    assert panel.load.full_text == "■ BAR HELD · by hand"
    QTest.keyClick(window, key)
    assert panel.load.full_text == "▬ FLOOR OR RACK · by hand"
    QTest.keyClick(window, Key.Key_B, SHIFT)
    feed_of(window).tell(PipelineOutput((LoadChanged(111.0, Load.UNKNOWN, 111.0),)))
    window.tick()
    assert panel.load.full_text == "? LOAD NOT KNOWN"
    wanted = [("load", Load.LOADED), ("load", Load.UNLOADED), ("load", None)]
    assert feed_of(window).asked == wanted


@pytest.mark.parametrize("scene", ["live", "landings"])
def test_without_trunk_or_bar_no_load_can_be_set(make_window: MakeWindow, scene: str) -> None:
    window = make_window(scene)
    window.activateWindow()
    QTest.keyClick(window, Key.Key_B)
    assert feed_of(window).asked == []


# -- landings ---------------------------------------------------------------------------------


def test_landings_take_the_place_of_velocity(make_window: MakeWindow) -> None:
    window = make_window("landings")
    view = window.clinician
    assert view.bars.accessibleDescription().startswith("1: 2.6 info, 2: 3.2 ok")
    hero = view.set_panel.landing_hero
    assert (hero.number.text, hero.count.text) == ("4.4", "6")
    assert "ln 7" in hero.index.full_text
    assert "Turner & Robling" in hero.index.toolTip()
    assert view.landings.table.rowCount() == 6
    assert not view.velocity.isVisible()
    assert "body mass 65 kg" in [t.full_text for t in window.header.findChildren(type(hero.index))]


def test_a_cut_off_peak_is_at_least(make_window: MakeWindow) -> None:
    view = make_window("landings_low").clinician
    assert "5: ≥4.6 check" in view.bars.accessibleDescription()
    force = view.landings.table.item(4, 2)
    assert force is not None
    assert force.text() == "≥4.6"


def test_landings_beside_a_bar_are_one_line(make_window: MakeWindow) -> None:
    assert make_window("strip").clinician.technique.foot == (
        "Landings 3, hardest 3.5 BW, index 4.6"
    )
    assert make_window("spine_good").clinician.technique.foot == ""


# -- in a replay --------------------------------------------------------------------------------


def replay() -> LoadedSession:
    amber, red = flag(13.0, start_s=103.6), flag(24.0, Severity.RED, start_s=160.5)
    early = flag(12.0, start_s=160.2)
    events = (raised(amber), ended(amber, 104.4), raised(early), raised(red))
    overview = scenes.overview()
    overview = replace(overview, events=(*overview.events, *events, landing(200.0, 4.6)))
    updates = trunk_scenes.lifting(*events[:2])
    updates[-1] = status(110.9, Mode.REPLAY, sensors=sensors(Role.BAR, *BOTH))
    return LoadedSession(ScriptedFeed(Mode.REPLAY, updates=updates), overview, scenes.FACTS, "x")


def test_the_time_line_has_the_flags_and_landings() -> None:
    found = Overview.of(replay().overview)
    assert found.flags == ((103.6, Level.CHECK), (160.5, Level.STOP), (200.0, Level.CHECK))
    assert found.landings == (200.0,)


@pytest.mark.parametrize(
    ("key", "modifier", "time_s"), [(Key.Key_F, NO, 160.0), (Key.Key_F, SHIFT, 103.1)]
)
def test_keys_jump_to_flags(
    make_window: MakeWindow, key: Qt.Key, modifier: Qt.KeyboardModifier, time_s: float
) -> None:
    window = make_window(replay())
    window.activateWindow()
    QTest.keyClick(window, key, modifier)
    assert feed_of(window).asked == [("seek", pytest.approx(time_s))]


def test_a_press_on_a_flag_goes_to_just_before_it(make_window: MakeWindow) -> None:
    window = make_window(replay())
    line = window.transport.timeline
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, NO, QPoint(round(line.x_of(160.5)) + 4, 6))
    assert feed_of(window).asked == [("seek", pytest.approx(160.0))]


def test_a_press_in_the_technique_list_goes_there(make_window: MakeWindow) -> None:
    window = make_window(replay())
    panel = window.clinician.technique
    assert panel.titles == ["LUMBAR FLEXION 13° > 10° at rep 2"]
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, NO, QPoint(60, 44))
    assert feed_of(window).asked == [("seek", pytest.approx(103.1))]


def test_without_flags_there_are_no_buttons_for_them(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    assert not window.transport._next_flag.isVisible()
    window.activateWindow()
    QTest.keyClick(window, Key.Key_F)
    assert feed_of(window).asked == []


@pytest.mark.parametrize("how", ["lost", "waiting", "none"])
def test_landings_that_nobody_measures_are_not_called_clean(
    make_window: MakeWindow, how: str
) -> None:
    window = make_window("landings_none")
    calm = window.clinician.technique._calm
    assert calm.full_text == "○ No flag"
    well = sensors(*BOTH)
    if how == "lost":
        now = sensors(*BOTH, state="lost", link="lost", age_s=4.0, text="nothing for 4 s")
    elif how == "waiting":
        now = tuple(replace(s, age_s=None, rate_hz=None) for s in well)
    else:
        now = sensors(Role.BAR)
    feed_of(window).tell(status(112.0, sensors=now))
    window.tick()
    assert calm.full_text == "– Landings not watched now"
