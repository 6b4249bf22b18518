"""The window of a clinic: a person is prepared, a session goes into the record, and is ended."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lift_monitor.clinic import sqlite as clinic_sqlite
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Person
from lift_monitor.events import Exercise, RepetitionCompleted, SetEnded, SetStarted
from lift_monitor.limits import with_limits
from lift_monitor.programme.assess import clearance_of
from lift_monitor.programme.clearance import Answer, Assessment
from lift_monitor.programme.plan import FlagLimit, Limits
from lift_monitor.programme.record import SetKind, Verdict
from lift_monitor.programme.shipped import LIFTMOR
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.sound.player import CuePlayer
from lift_monitor.station_words import StationConfig, StationUpdate
from lift_monitor.technique import FlagKind
from lift_monitor.ui.clinic_window import ClinicWindow
from lift_monitor.ui.flow.today_panel import TodayPanel
from lift_monitor.ui.people.clearance_tab import ClearanceTab
from lift_monitor.ui.people.today_forms import AdverseForm
from lift_monitor.ui.people.today_tab import TodayTab
from lift_monitor.ui.person_choice import first_choice, keep_limits
from lift_monitor.ui.report_desk import ReportWish
from lift_monitor.ui.session import LiveSetup, LoadedSession, OpenFile, SessionChoice
from tests.patience import PATIENCE_MS
from tests.sound.rehearsal import RecordingPlayer, flag, output
from tests.ui import scenes
from tests.ui.desk import desk

TODAY = date.today()
Open = Callable[..., ClinicWindow]


def assessed(day: date = TODAY) -> Assessment:
    return Assessment(
        day,
        "AB",
        body_mass_kg=63.0,
        low_trauma_fractures=0,
        t_spine=-2.0,
        t_femoral_neck=-1.8,
        t_hip=-1.5,
        pain_now=0,
        can_hip_hinge=Answer.YES,
        blood_work_seen=Answer.YES,
        vertebral_fracture=Answer.NO,
        recent_fracture=Answer.NO,
        localised_back_pain=Answer.NO,
        uncontrolled_cardiovascular=Answer.NO,
        malignancy=Answer.NO,
        lower_limb_surgery_or_injury=Answer.NO,
        cognitive_impairment=Answer.NO,
    )


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with Clinic.open(tmp_path / "clinic.sqlite") as opened:
        yield opened


@pytest.fixture
def heron(clinic: Clinic) -> Person:
    person = clinic.people.add("Heron 14", "AB", TODAY)
    answers = assessed()
    clinic.care.add_assessment(person.id, answers, "AB")
    clinic.care.set_clearance(person.id, clearance_of(answers, (), by="AB", day=TODAY), "AB")
    return person


@pytest.fixture
def opened(clinic: Clinic, qtbot: QtBot) -> Iterator[Open]:
    windows: list[ClinicWindow] = []

    def make(
        begin: Callable[[SessionChoice], LoadedSession] = lambda _choice: scenes.session("three"),
        by: str = "AB",
        write: Callable[[Person, ReportWish, Path, str], Path] = lambda *given: given[2],
        sound: CuePlayer | None = None,
        open_file: OpenFile | None = None,
    ) -> ClinicWindow:
        live = LiveSetup(desk("all_done"), begin)
        window = ClinicWindow(
            clinic,
            live=live,
            write_report=write,
            by=by,
            open_file=open_file,
            reduce_motion=True,
            sound=sound,
        )
        qtbot.addWidget(window)
        window.resize(1280, 720)
        window.show()
        window.tick()
        windows.append(window)
        return window

    yield make
    for window in windows:
        window.close()


def begun(window: ClinicWindow, person: Person, qtbot: QtBot) -> scenes.ScriptedFeed:
    """Begin somebody's session as the button does."""
    window.prepare(person.id)
    assert window.sensors is not None
    window.sensors.form.begin.click()
    qtbot.waitUntil(lambda: window.tick() >= 0 and window.desk is not None, timeout=PATIENCE_MS)
    feed = window.session.station
    assert isinstance(feed, scenes.ScriptedFeed)
    return feed


def going_on(window: ClinicWindow) -> bool:
    """Whether a session is."""
    return window.desk is not None


def test_it_opens_on_the_people_and_asks_who_is_working(opened: Open) -> None:
    window = opened(by="")
    assert window.people.isVisible()
    assert window.people.who.field.isVisible()


def test_no_session_begins_before_somebody_said_who_is_working(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    window = opened(by="")
    window.prepare(heron.id)
    assert "who is working" in window.banner.text
    assert window.sensors is not None
    assert not window.sensors.isVisible()
    assert clinic.sessions.all(heron.id) == ()


def test_nobody_who_is_not_assessed_is_prepared(opened: Open, clinic: Clinic) -> None:
    stranger = clinic.people.add("Wren 2", "AB", TODAY)
    window = opened()
    window.prepare(stranger.id)
    assert "Wren 2" in window.banner.text
    assert window.sensors is not None
    assert not window.sensors.isVisible()


def test_the_form_shows_what_is_prescribed_and_nobody_else_can_be_typed(
    opened: Open, heron: Person
) -> None:
    window = opened()
    window.prepare(heron.id)
    assert window.sensors is not None
    form = window.sensors.form
    choice = form.choice
    assert (choice.alias, choice.exercise) == ("Heron 14", Exercise.DEADLIFT)
    assert choice.body_mass_kg == 63.0
    assert form.alias.isReadOnly()
    window.show_view("people")
    assert not form.alias.isReadOnly()


def test_a_persons_own_limits_come_along(clinic: Clinic, heron: Person) -> None:
    own = Limits(
        flags=(FlagLimit(FlagKind.LUMBAR_FLEXION, 8.0, 16.0),),
        landing_low_bw=2.5,
        landing_high_bw=3.5,
    )
    clinic.plans.set(heron.id, replace(LIFTMOR, limits=own), "AB", "her back")
    choice = first_choice(clinic, heron, TODAY)
    rule = next(r for r in choice.flag_rules if r.kind is FlagKind.LUMBAR_FLEXION)
    assert (rule.amber, rule.red) == (8.0, 16.0)
    assert (choice.impact_band.low_bw, choice.impact_band.high_bw) == (2.5, 3.5)


def test_limits_set_before_a_session_are_kept_in_the_plan(clinic: Clinic, heron: Person) -> None:
    choice = first_choice(clinic, heron, TODAY)
    config = StationConfig(
        choice.exercise, flag_rules=choice.flag_rules, impact_band=choice.impact_band
    )
    assert not keep_limits(clinic, heron, config, "AB")
    assert clinic.plans.current(heron.id) is None
    tighter = with_limits(choice.flag_rules, FlagKind.LUMBAR_FLEXION, 8.0, 15.0)
    assert keep_limits(clinic, heron, replace(config, flag_rules=tighter), "AB")
    again = first_choice(clinic, heron, TODAY)
    assert again.flag_rules == tighter
    assert again.impact_band == choice.impact_band
    stored = clinic.plans.current(heron.id)
    assert stored is not None
    assert (stored.by, stored.plan.version) == ("AB", LIFTMOR.version + 1)


def test_a_set_goes_into_the_record_and_is_asked_for(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    feed = begun(window, heron, qtbot)
    assert window.desk is not None
    done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
    feed.tell(PipelineOutput(events=(SetEnded(230.0, done),)))
    window.tick()
    session = clinic.sessions.open_ones()[0]
    stored = clinic.sessions.sets(session.id)
    assert stored[-1].new.measured == done
    assert window.clinician.rest_shown
    window.desk.flow.rest.rating.rpe.chosen.emit(13)
    assert clinic.sessions.sets(session.id)[-1].ratings.rpe == 13


def test_the_end_of_the_sensors_is_not_the_end_of_the_session(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    window.do("end_now")
    assert window.stage is None
    assert window.visits.isVisible()
    assert clinic.sessions.open_ones() != ()
    assert window.desk is not None
    window.desk.flow.end.ended.emit("tired today")
    assert clinic.sessions.open_ones() == ()
    assert clinic.sessions.all(heron.id)[0].note == "tired today"
    assert window.person is not None
    assert window.person.isVisible()


def test_a_window_that_is_closed_leaves_the_session_to_be_gone_on_with(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    feed = begun(window, heron, qtbot)
    done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
    feed.tell(PipelineOutput(events=(SetEnded(230.0, done),)))
    window.close()
    left = clinic.sessions.open_ones()
    assert [s.person_id for s in left] == [heron.id]
    assert clinic.sessions.sets(left[0].id)[-1].new.measured == done
    again = opened()
    begun(again, heron, qtbot)
    assert again.desk is not None
    assert again.desk.visit.session.id == left[0].id


def test_a_session_left_open_on_another_day_ends_first(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    before = datetime.now().astimezone() - timedelta(days=2)
    left = clinic.sessions.begin(heron.id, before, "AB")
    window = opened()
    window.prepare(heron.id)
    assert window.visits.isVisible()
    assert "left open" in window.banner.text
    assert window.desk is not None
    assert window.desk.visit.session.id == left.id
    window.desk.flow.end.ended.emit("")
    assert clinic.sessions.open_ones() == ()
    window.prepare(heron.id)
    assert window.sensors is not None
    assert window.sensors.isVisible()


def test_what_is_filled_in_is_not_lost_without_a_word(opened: Open, heron: Person) -> None:
    window = opened()
    window.open_person(heron.id)
    assert window.person is not None
    window.person.show_section("clearance")
    tab = window.person.section("clearance")
    assert isinstance(tab, ClearanceTab)
    tab.form.numbers["age_years"].field.setText("71")
    window.do("people")
    assert window.person.isVisible()
    assert "not saved" in window.banner.text
    window.do("people")
    assert window.people.isVisible()


def test_while_a_session_goes_on_its_page_is_where_one_is(opened: Open, heron: Person) -> None:
    window = opened()
    window.by_hand(heron.id)
    window.do("people")
    assert window.visits.isVisible()


def test_emulated_sensors_write_into_no_real_record(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    def begin(_choice: SessionChoice) -> LoadedSession:
        return scenes.session("simulated")

    window = opened(begin=begin)
    window.prepare(heron.id)
    assert window.sensors is not None
    window.sensors.form.begin.click()
    qtbot.waitUntil(
        lambda: window.tick() >= 0 and "Emulated" in window.banner.text, timeout=PATIENCE_MS
    )
    assert window.desk is None
    assert clinic.sessions.all(heron.id) == ()


def test_a_session_without_sensors_is_noted_by_hand(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    window = opened()
    window.by_hand(heron.id)
    assert window.visits.isVisible()
    assert window.desk is not None
    window.desk.flow.rest.next.counted.emit(5)
    session = clinic.sessions.open_ones()[0]
    assert [s.counted for s in clinic.sessions.sets(session.id)] == [5]
    window.desk.flow.end.ended.emit("")
    assert clinic.sessions.open_ones() == ()


def test_another_exercise_is_told_to_the_station(
    opened: Open, heron: Person, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Exercise] = []
    monkeypatch.setattr(
        scenes.ScriptedFeed, "set_exercise", lambda _self, exercise, **_rest: told.append(exercise)
    )
    window = opened()
    begun(window, heron, qtbot)
    assert window.desk is not None
    window.desk.flow.choose("back_squat")
    assert told[-1] is Exercise.BACK_SQUAT


def test_a_muted_alarm_is_in_the_audit(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    window.sound.mute(60.0)
    noted = [e for e in clinic.audit.entries(heron.id) if e.what == "alarm_muted"]
    assert [e.by for e in noted] == ["AB"]


def test_a_report_is_written_beside_the_window(
    opened: Open, heron: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    asked: list[tuple[Person, ReportWish, str]] = []

    def write(person: Person, wish: ReportWish, path: Path, by: str) -> Path:
        asked.append((person, wish, by))
        return path

    window = opened(write=write)
    wish = ReportWish(TODAY - timedelta(days=30), TODAY)
    window.reports.make(heron, wish, tmp_path / "r.pdf")
    qtbot.waitUntil(lambda: "r.pdf" in window.banner.text, timeout=PATIENCE_MS)
    assert asked == [(heron, wish, "AB")]


def test_a_report_that_fails_says_why(
    opened: Open, heron: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    def write(*_given: object) -> Path:
        raise ValueError("The disk is full; choose another folder.")

    window = opened(write=write)
    window.reports.make(heron, ReportWish(TODAY, TODAY), tmp_path / "r.pdf")
    qtbot.waitUntil(lambda: "The disk is full" in window.banner.text, timeout=PATIENCE_MS)


def test_simulated_people_are_told_on_every_page(
    clinic: Clinic, opened: Open, qtbot: QtBot
) -> None:
    assert not opened().strip.isVisible()
    clinic.mark_simulated("practice")
    window = opened()
    assert "simulated people" in window.strip.text()
    assert window.strip.isVisible()


def test_what_was_left_undecided_is_decided_later_and_leads_back(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    window = opened()
    window.by_hand(heron.id)
    assert window.desk is not None
    window.desk.flow.rest.next.counted.emit(5)
    window.desk.flow.end.ended.emit("")
    assert window.person is not None
    window.person.decisions_asked.emit(heron.id)
    assert window.visits.isVisible()
    assert window.desk is not None
    row = window.desk.flow.end.rows[0]
    row.accept.click()
    assert [d.verdict for d in clinic.decisions.all(heron.id)] == [Verdict.ACCEPTED]
    window.desk.flow.end.ended.emit("")
    assert not going_on(window)
    assert window.person is not None
    assert window.person.isVisible()
    window.do("people")
    assert window.people.isVisible()


def test_a_return_from_an_absence_stands_on_the_live_screen_before_anything_is_lifted(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    before = datetime.now().astimezone() - timedelta(days=40)
    session = clinic.sessions.begin(heron.id, before, "AB")
    for number in (1, 2, 3):
        done = NewSet(
            "deadlift",
            SetKind.WORKING,
            number,
            0.0,
            5,
            before + timedelta(minutes=5 * number),
            counted_by_hand=5,
        )
        clinic.sessions.add_set(session.id, done, "AB")
    clinic.sessions.end(session.id, before + timedelta(hours=1), "AB")
    window = opened()
    begun(window, heron, qtbot)
    qtbot.waitUntil(lambda: window.tick() >= 0 and window.clinician.rest_shown, timeout=PATIENCE_MS)
    assert window.desk is not None
    assert window.desk.flow.panel is window.desk.flow.end
    shown = [row.pending for row in window.desk.flow.end.rows if row.pending is not None]
    assert "deadlift" in {pending.proposal.exercise for pending in shown}


# -- slips while a session begins, and sensors that come and go --------------------------------


def added(clinic: Clinic, pseudonym: str) -> Person:
    """Take somebody else in who may lift."""
    person = clinic.people.add(pseudonym, "AB", TODAY)
    answers = assessed()
    clinic.care.add_assessment(person.id, answers, "AB")
    clinic.care.set_clearance(person.id, clearance_of(answers, (), by="AB", day=TODAY), "AB")
    return person


@pytest.mark.parametrize("goes_to", ["nobody", "somebody else"])
def test_a_session_that_is_beginning_never_becomes_that_of_somebody_else(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot, goes_to: str
) -> None:
    wren = added(clinic, "Wren 2")
    may_arrive = threading.Event()

    def begin(_choice: SessionChoice) -> LoadedSession:
        assert may_arrive.wait(PATIENCE_MS / 1000.0)
        return scenes.session("three")

    window = opened(begin=begin)
    window.prepare(heron.id)
    assert window.sensors is not None
    window.sensors.form.begin.click()
    window.do("people")
    if goes_to == "somebody else":
        window.open_person(wren.id)
        window.prepare(wren.id)
    may_arrive.set()
    qtbot.waitUntil(
        lambda: window.tick() >= 0 and "Heron 14" in window.banner.text, timeout=PATIENCE_MS
    )
    assert window.stage is None
    assert not going_on(window)
    assert clinic.sessions.open_ones() == ()
    if goes_to == "somebody else":
        assert window.sensors.form.begin.isEnabled()
        assert window.sensors.form.choice.alias == "Wren 2"


def test_sensors_that_come_back_go_on_with_the_same_session(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    desk = window.desk
    assert desk is not None
    window.do("end_now")
    assert window.visits.isVisible()
    desk.flow.end.note.setPlainText("battery changed")
    desk.flow.rest.next.load_corrected.emit(12.5)
    window.do("sensors")
    assert window.sensors is not None
    window.sensors.form.begin.click()
    qtbot.waitUntil(lambda: window.tick() >= 0 and window.stage is not None, timeout=PATIENCE_MS)
    assert window.desk is desk
    feed = window.session.station
    assert isinstance(feed, scenes.ScriptedFeed)
    done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
    feed.tell(PipelineOutput(events=(SetEnded(230.0, done),)))
    window.tick()
    session = clinic.sessions.open_ones()[0]
    assert clinic.sessions.sets(session.id)[-1].new.load_kg == 12.5
    window.do("end_now")
    assert desk.flow.aside.isVisible()
    assert window.visits.findChildren(TodayPanel) == [desk.flow.aside]
    assert desk.flow.end.note.text == "battery changed"


def test_sensors_may_join_a_session_that_was_begun_by_hand(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    window.by_hand(heron.id)
    window.do("sensors")
    assert window.sensors is not None
    assert window.sensors.form.choice.alias == "Heron 14"
    window.sensors.form.begin.click()
    qtbot.waitUntil(lambda: window.tick() >= 0 and window.stage is not None, timeout=PATIENCE_MS)
    feed = window.session.station
    assert isinstance(feed, scenes.ScriptedFeed)
    done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
    feed.tell(PipelineOutput(events=(SetEnded(230.0, done),)))
    window.tick()
    (session,) = clinic.sessions.open_ones()
    assert clinic.sessions.sets(session.id)[-1].new.measured == done


def test_no_sensors_begin_beside_a_session_that_is_over(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    window = opened()
    window.by_hand(heron.id)
    assert window.desk is not None
    window.desk.flow.rest.next.counted.emit(5)
    window.desk.flow.end.ended.emit("")
    assert window.person is not None
    window.person.decisions_asked.emit(heron.id)
    window.do("sensors")
    assert window.sensors is not None
    window.sensors.form.begin.click()
    assert "first" in window.banner.text
    assert window.sensors.form.begin.isEnabled()
    window.do("people")
    assert window.visits.isVisible()


def test_a_replay_beside_a_session_leaves_a_way_back_to_it(
    opened: Open, heron: Person, qtbot: QtBot
) -> None:
    window = opened(open_file=lambda _path, _progress: scenes.session("replaying"))
    window.by_hand(heron.id)
    window.open_path(Path("heron.mcap"))
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    assert window.clinician.isVisible()
    window.do("people")
    assert window.visits.isVisible()


def test_what_is_filled_in_is_not_lost_by_way_of_the_sensors(opened: Open, heron: Person) -> None:
    window = opened()
    window.open_person(heron.id)
    page = window.person
    assert page is not None
    page.show_section("clearance")
    tab = page.section("clearance")
    assert isinstance(tab, ClearanceTab)
    tab.form.numbers["age_years"].field.setText("71")
    window.do("sensors")
    window.do("people")
    assert page.isVisible()
    assert "not saved" in window.banner.text
    page.decisions_asked.emit(heron.id)
    window.do("people")
    assert window.people.isVisible()
    window.do("sensors")
    window.do("people")
    assert window.people.isVisible()


def test_late_decisions_do_not_sweep_away_what_is_filled_in(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    window = opened()
    window.by_hand(heron.id)
    assert window.desk is not None
    window.desk.flow.rest.next.counted.emit(5)
    window.desk.flow.end.ended.emit("")
    assert window.person is not None
    window.person.show_section("clearance")
    tab = window.person.section("clearance")
    assert isinstance(tab, ClearanceTab)
    tab.form.numbers["age_years"].field.setText("71")
    window.person.decisions_asked.emit(heron.id)
    assert not going_on(window)
    assert "not saved" in window.banner.text


# -- a store that fails ------------------------------------------------------------------------


@pytest.fixture
def broken(clinic: Clinic, tmp_path: Path) -> Callable[[str], None]:
    """Take a table away behind the clinic's back."""

    def take(table: str) -> None:
        with closing(sqlite3.connect(tmp_path / "clinic.sqlite")) as other, other:
            other.execute(f"ALTER TABLE {table} RENAME TO gone")

    return take


@pytest.mark.parametrize("what", ["open", "prepare", "by_hand", "decide", "report", "people"])
def test_records_that_cannot_be_read_are_told_of_in_one_sentence(
    opened: Open, heron: Person, broken: Callable[[str], None], what: str
) -> None:
    window = opened()
    window.open_person(heron.id)
    page = window.person
    assert page is not None
    broken("people" if what in ("report", "people") else "training_sessions")
    match what:
        case "open":
            window.open_person(heron.id)
        case "prepare":
            page.session_asked.emit(heron.id)
        case "by_hand":
            page.by_hand_asked.emit(heron.id)
        case "decide":
            page.decisions_asked.emit(heron.id)
        case "report":
            page.report_asked.emit(heron.id, TODAY, TODAY, False, "")
        case _:
            window.do("people")
    said = window.banner.text + window.people.problem.full_text
    assert "clinic.sqlite" in said
    assert not going_on(window)


def test_muting_works_while_the_store_cannot_be_written(
    opened: Open, heron: Person, broken: Callable[[str], None], qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    broken("audit")
    window.sound.mute(60.0)
    assert window.sound.status().muted_s is not None
    assert "clinic.sqlite" in window.banner.text


def test_a_store_that_fails_hides_nothing_that_is_measured(
    opened: Open, heron: Person, clinic: Clinic, broken: Callable[[str], None], qtbot: QtBot
) -> None:
    window = opened()
    feed = begun(window, heron, qtbot)
    broken("decisions")
    done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
    lost = scenes.status(231.0, sensors=scenes.three_sensors(**scenes.LOST))
    feed.tell(PipelineOutput(events=(SetEnded(230.0, done),)), lost)
    window.tick()
    assert window.model.status == lost
    assert "clinic.sqlite" in window.banner.text
    session = clinic.sessions.open_ones()[0]
    assert clinic.sessions.sets(session.id)[-1].new.measured == done
    window.tick()
    window.do("end_now")
    assert window.visits.isVisible()


# -- closing -----------------------------------------------------------------------------------


def test_a_set_that_is_going_on_is_kept_when_the_window_is_closed(
    opened: Open, heron: Person, clinic: Clinic, qtbot: QtBot
) -> None:
    window = opened()
    feed = begun(window, heron, qtbot)
    reps = scenes.reps_of((0.5, 0.48, 0.46, 0.45), set_number=7, start_s=200.0)
    started = SetStarted(203.0, 7, Exercise.DEADLIFT, 200.0, None)
    done = [RepetitionCompleted(r.end_s, r) for r in reps]
    feed.tell(PipelineOutput(events=(started, *done)))
    window.tick()
    window.close()
    (session,) = clinic.sessions.open_ones()
    assert clinic.sessions.sets(session.id)[-1].counted == 4


def test_the_window_does_not_close_over_what_is_not_saved_without_a_word(
    opened: Open, heron: Person
) -> None:
    window = opened()
    window.open_person(heron.id)
    assert window.person is not None
    window.person.show_section("clearance")
    tab = window.person.section("clearance")
    assert isinstance(tab, ClearanceTab)
    tab.form.numbers["age_years"].field.setText("71")
    window.do("sensors")
    assert not window.close()
    assert window.person.isVisible()
    assert "not saved" in window.banner.text
    assert window.close()


def test_the_window_does_not_close_over_a_set_that_is_not_stored_without_a_word(
    opened: Open, heron: Person, clinic: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened()
    feed = begun(window, heron, qtbot)
    with closing(sqlite3.connect(tmp_path / "clinic.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
        feed.tell(PipelineOutput(events=(SetEnded(230.0, done),)))
        window.tick()
        assert not window.close()
        assert "not stored" in window.banner.text
        other.execute("ROLLBACK")
    assert window.close()
    (session,) = clinic.sessions.open_ones()
    assert clinic.sessions.sets(session.id)[-1].new.measured == done


# -- another program holds the records ------------------------------------------------------------

_HOLDS = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for another program only shortly; named before the clinic that is to do so."""
    monkeypatch.setattr(clinic_sqlite, "BUSY_S", 0.05)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program, a real one, is writing into the records and does not come to an end."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate("let go\n")


def test_no_alarm_waits_for_records_that_another_program_holds(
    short_wait: None, opened: Open, heron: Person, clinic: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    player = RecordingPlayer()
    window = opened(sound=player)
    feed = begun(window, heron, qtbot)
    assert window.desk is not None
    stage = window.stage
    assert stage is not None
    keep, known = stage.hear, list[tuple[bool, bool]]()
    assert keep is not None

    def hear(update: StationUpdate) -> None:
        """What is sounded and known when the records are written to."""
        sounded = "stop" in [sound.kind.value for _, sound in player.played]
        known.append((sounded, bool(stage.model.trunk.flags.alarms((), 231.0))))
        keep(update)

    stage.hear = hear
    status = window.status
    assert status is not None
    player.now_s = 1e9  # whatever sounded before is over
    done = scenes.finished(7, (0.5, 0.48, 0.46, 0.45, 0.44), 200.0)
    with held(tmp_path / "clinic.sqlite"):
        feed.tell(
            PipelineOutput(events=(SetEnded(230.0, done),)),
            output(flag(230.5)),
            replace(status, now_s=231.0),
        )
        window.tick()
        assert known
        assert all(sounded and shown for sounded, shown in known)
        assert "in use by another program" in window.desk.visit.trouble
        unsaved = window.desk.visit.unsaved
    assert len(window.desk.visit.save()) == unsaved
    stored = clinic.sessions.sets(clinic.sessions.open_ones()[0].id)
    assert stored[-1].new.measured == done
    assert window.desk.visit.trouble == ""


def test_what_was_pressed_while_another_program_held_the_records_is_tried_again(
    short_wait: None, opened: Open, heron: Person, clinic: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    assert window.desk is not None
    flow = window.desk.flow
    flow.show_adverse()
    flow.adverse.minor.click()
    flow.adverse.words.setPlainText("dizzy")
    with held(tmp_path / "clinic.sqlite"):
        flow.adverse.store.click()
        assert "in use by another program" in window.banner.text
        assert window.banner.again.isVisible()
        window.banner.again.click()
        assert window.banner.again.isVisible()  # still held: told once more
        assert flow.adverse.words.text == "dizzy"
        assert clinic.sessions.adverse_events(heron.id) == ()
    window.banner.again.click()
    assert [event.text for event in clinic.sessions.adverse_events(heron.id)] == ["dizzy"]
    assert "adverse event kept" in window.banner.text
    assert not window.banner.again.isVisible()


def test_a_decision_with_its_reason_is_not_lost_where_the_records_are_held(
    short_wait: None, opened: Open, heron: Person, clinic: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    assert window.desk is not None
    visit, flow = window.desk.visit, window.desk.flow
    with held(tmp_path / "clinic.sqlite"):
        flow.show_change()
        flow.change.sets.less.click()
        flow.change.reason.setText("slept badly")
        flow.change.confirm.click()
        assert window.banner.again.isVisible()
    window.banner.again.click()
    assert [c.reason for c in clinic.sessions.day_changes(visit.session.id)] == ["slept badly"]


def test_a_muted_alarm_comes_into_the_audit_even_if_the_records_were_held(
    short_wait: None, opened: Open, heron: Person, clinic: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened()
    begun(window, heron, qtbot)
    assert window.desk is not None
    whose = window.desk.visit.session.key
    with held(tmp_path / "clinic.sqlite"):
        window.sound.mute(60.0)
        assert window.sound.status().muted_s is not None  # quiet does not wait for the records
        assert window.banner.again.isVisible()
    window.banner.again.click()
    noted = [e for e in clinic.audit.entries(heron.id) if e.what == "alarm_muted"]
    assert [(e.by, e.subject) for e in noted] == [("AB", whose)]


# -- an adverse event outside a session ------------------------------------------------------------


def serious_event(window: ClinicWindow) -> TodayTab:
    """Told on the person's page, as a clinician does."""
    assert window.person is not None
    tab = window.person.section("today")
    assert isinstance(tab, TodayTab)
    tab.buttons["adverse"].click()
    form = tab.forms["adverse"]
    assert isinstance(form, AdverseForm)
    form.grade.buttons["serious"].click()
    form.text.set_text("fell at home, seen by a doctor")
    form.keep.click()
    return tab


def test_a_serious_event_is_answered_on_the_day_that_it_is_told(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    began = datetime.now().astimezone() - timedelta(days=3)
    session = clinic.sessions.begin(heron.id, began, "AB")
    new = NewSet("deadlift", SetKind.WORKING, 1, 0.0, 5, began, counted_by_hand=5)
    clinic.sessions.add_set(session.id, new, "AB")
    clinic.sessions.end(session.id, began + timedelta(hours=1), "AB")
    window = opened()
    window.open_person(heron.id)
    tab = serious_event(window)
    assert all(card.prescription.blocked for card in tab.cards)
    assert not tab.begin.isEnabled()
    tab.decide.click()
    assert window.desk is not None
    flow = window.desk.flow
    for found in window.desk.visit.urgent():
        flow.show_proposal(found.proposal.exercise)
        box = flow.proposal.decide
        box.change.click()
        box.reason.setText("cleared by the doctor")
        box.confirm.click()
        flow.show_end()
    flow.end.end.click()
    assert window.person is not None
    tab = window.person.section("today")  # type: ignore[assignment]
    assert [card.prescription.blocked for card in tab.cards] == [""] * len(tab.cards)
    assert tab.begin.isEnabled()


def test_a_serious_event_before_the_first_session_can_be_answered(
    opened: Open, heron: Person, clinic: Clinic
) -> None:
    window = opened()
    window.open_person(heron.id)
    tab = serious_event(window)
    assert tab.decide.isEnabled()
    tab.decide.click()
    assert window.banner.text == ""
    assert window.desk is not None
    assert window.desk.flow.end.isVisible()
