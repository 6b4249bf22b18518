"""From the real store to the values of a report."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Outcome, Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.assess import clearance_of
from lift_monitor.programme.clearance import Clearance, Exclusion, Level
from lift_monitor.programme.outcomes import SPECS, Measure, compare
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import (
    DayChange,
    Decision,
    EventGrade,
    Maximum,
    MaximumSource,
    SetKind,
    Verdict,
)
from lift_monitor.programme.shipped import LIFTMOR
from lift_monitor.report.data import Reason, ReportData
from lift_monitor.report.gather import gather
from lift_monitor.report.page import page
from lift_monitor.report.progress import lift_section, technique_words
from lift_monitor.report.record_part import clearance_section
from tests.report.conftest import healthy, landing, red_flag
from tests.report.scenes import words_of

FIRST = date(2026, 3, 2)
DAY = date(2026, 6, 1)


def made(clinic: Clinic, person_id: int, **more: object) -> ReportData:
    return gather(clinic, person_id, day=DAY, by="K. Lind", **more)  # type: ignore[arg-type]


def test_attendance_counts_sessions_and_not_events(clinic: Clinic, heron: int) -> None:
    data = made(clinic, heron)
    assert len(data.attendance.attended) == 6
    assert [m.reason for m in data.attendance.missed] == ["influenza", "influenza"]
    assert data.attendance.planned == 70
    assert data.attendance.adherence_pct == pytest.approx(75.0)
    assert data.head.period.start == FIRST
    assert data.head.period.end == DAY


def test_sessions_before_the_period_count_against_the_plan(clinic: Clinic, heron: int) -> None:
    data = made(clinic, heron, start=FIRST + timedelta(days=6))
    assert len(data.attendance.attended) == 4
    assert data.attendance.attended_before == 2
    assert data.attendance.in_all == 6
    assert data.basis.sets == 12


def test_loads_come_from_working_sets_and_maxima_from_decisions(clinic: Clinic, heron: int) -> None:
    deadlift = made(clinic, heron).lifts[0]
    assert deadlift.key == "deadlift"
    assert [p.load_kg for p in deadlift.points] == [20.0, 22.5, 25.0, 27.5, 30.0, 32.5]
    assert [p.repetitions for p in deadlift.points] == [10] * 6
    # An accepted maximum that stands on is one step of the stair, not three.
    assert [a.kg for a in deadlift.accepted] == [50.0, 55.0]
    assert deadlift.load_now_kg == 30.0
    assert [m.source.value for m in deadlift.maxima] == ["tested"]


def test_what_comes_after_the_period_is_not_known_in_it(clinic: Clinic, heron: int) -> None:
    data = made(clinic, heron, end=FIRST + timedelta(days=7))
    deadlift = data.lifts[0]
    assert [a.kg for a in deadlift.accepted] == [50.0]
    assert deadlift.maxima == ()
    assert deadlift.load_now_kg == 25.0
    assert len(data.outcomes) == 1
    assert data.outcomes[0].meaning is None


def test_unwatched_sets_are_no_clean_ones(clinic: Clinic, heron: int) -> None:
    data = made(clinic, heron)
    spans = data.technique
    assert sum(s.repetitions for s in spans) == 60
    assert sum(s.watched for s in spans) == 50
    assert sum(s.red for s in spans) == 3
    assert spans[0].red_per_100 == pytest.approx(100 * 3 / 50)
    assert (data.basis.watched_by_sensors, data.basis.not_watched) == (10, 2)
    assert data.basis.not_watched_because == (
        Reason("not recorded", 1), Reason("the thorax sensor was lost", 1),
    )  # fmt: skip


def test_a_span_without_watched_repetitions_has_no_rate(clinic: Clinic, heron: int) -> None:
    day = FIRST + timedelta(days=12)  # the session that nobody watched
    (span,) = made(clinic, heron, start=day, end=day).technique
    assert (span.repetitions, span.watched) == (10, 0)
    assert span.red_per_100 is None
    assert span.amber_per_100 is None


def test_a_set_that_was_taken_out_does_not_count(clinic: Clinic, heron: int) -> None:
    first = clinic.sessions.all(heron)[0]
    removed = clinic.sessions.sets(first.id)[0]
    clinic.sessions.remove_set(removed.id, "K. Lind", "it was another person")
    data = made(clinic, heron)
    assert data.basis.sets == 17
    assert data.lifts[0].points[0].repetitions == 5


def test_edited_repetitions_are_told(clinic: Clinic, heron: int) -> None:
    first = clinic.sessions.all(heron)[0]
    stored = clinic.sessions.sets(first.id)[0]
    clinic.sessions.remove_repetition(stored.repetitions[0].id, "K. Lind", "a set-down")
    clinic.sessions.add_repetition(stored.id, "K. Lind", "was not seen")
    data = made(clinic, heron)
    assert data.basis.edited_repetitions == 2
    assert data.lifts[0].points[0].repetitions == 10


def test_landings_of_a_session(clinic: Clinic, heron: int) -> None:
    data = made(clinic, heron)
    point = data.impacts[0]
    assert point.count == 5
    assert point.hardest_bw == pytest.approx(4.0)
    assert point.mean_bw == pytest.approx(3.5)
    assert point.osteogenic_index == pytest.approx(3.5 * math.log(6))
    assert point.over_ceiling == 1
    assert [p.at_least for p in data.impacts] == [False, False, True, False, False, False]
    assert data.impact_ceiling_bw == 3.9
    assert data.basis.force_methods == ("hip, vertical",)


def test_values_of_two_scanners_are_not_compared(clinic: Clinic, heron: int) -> None:
    same, other = made(clinic, heron).outcomes
    assert same.now == pytest.approx(0.82)
    assert same.change == pytest.approx(0.02)
    assert same.meaning is compare(0.8, 0.82, SPECS[Measure.BMD_SPINE]).meaning
    assert (other.baseline, other.now, other.meaning) == (0.9, None, None)
    assert "not compared" in other.note


def test_falls_below_the_cut_off_are_pointed_out_as_a_default(
    clinic: Clinic, newcomer: int
) -> None:
    clinic.outcomes.add(
        newcomer, Outcome(Measure.TIMED_UP_AND_GO, 14.0, FIRST, "K. Lind"), "K. Lind"
    )
    (row,) = made(clinic, newcomer).outcomes
    assert "12 s" in row.note
    assert "design default" in row.note


def test_low_confidence_and_pain_are_counted(clinic: Clinic, heron: int) -> None:
    basis = made(clinic, heron).basis
    # Two sets without packets, and the set with a landing that was cut off.
    assert basis.low_confidence == 3
    assert basis.reasons[0].text == "the bar sensor lost packets"
    assert basis.reasons[0].sets == 2
    assert (basis.pain_asked, basis.painful, basis.highest_pain) == (12, 2, 5)


def test_the_name_is_shown_only_where_it_is_asked_for(clinic: Clinic, heron: int) -> None:
    assert made(clinic, heron).head.identity is None
    assert "Mustermann" not in repr(made(clinic, heron))
    named = made(clinic, heron, with_identity=True)
    assert named.head.identity is not None
    assert named.head.identity.name == "Erika Mustermann"


def test_nothing_is_known_of_a_newcomer(clinic: Clinic, newcomer: int) -> None:
    data = made(clinic, newcomer)
    assert data.clearance is None
    assert data.attendance.adherence_pct is None
    assert all(c.points == () and c.not_done for c in data.lifts)
    assert not any((data.impacts, data.outcomes, data.adverse, data.decisions))
    assert data.basis.sets == 0
    assert not data.head.plan_chosen


def test_an_excluded_lift_is_called_so(clinic: Clinic, newcomer: int) -> None:
    clearance = Clearance(
        Level.HIGH_INTENSITY,
        FIRST,
        "K. Lind",
        excluded=(Exclusion("deadlift", "no grip", "K. Lind"),),
    )
    clinic.care.set_clearance(newcomer, clearance, "K. Lind")
    deadlift, squat, *_ = made(clinic, newcomer).lifts
    assert "no grip" in deadlift.not_done
    assert squat.not_done == ""


def test_a_lift_that_left_the_plan_is_still_told(clinic: Clinic, heron: int) -> None:
    stored = clinic.plans.current(heron)
    assert stored is not None
    rest = tuple(e for e in stored.plan.exercises if e.key != "deadlift")
    changed = replace(stored.plan, exercises=rest, version=stored.plan.version + 1)
    clinic.plans.set(heron, changed, "K. Lind", "no deadlifts any more")
    data = made(clinic, heron)
    former = data.lifts[-1]
    assert "no longer in the plan" in former.name
    assert len(former.points) == 6
    assert sum(s.repetitions for s in data.technique) == 60


def test_an_event_outside_of_the_period_is_left_out(clinic: Clinic, heron: int) -> None:
    clinic.sessions.adverse_event(
        heron, None, EventGrade.SERIOUS, "fell at home", "", DAY + timedelta(days=1), "K. Lind"
    )
    assert [a.grade for a in made(clinic, heron).adverse] == [EventGrade.MINOR]


def test_what_happened_after_the_period_stops_nothing_in_it(clinic: Clinic, heron: int) -> None:
    later = DAY + timedelta(days=1)
    clinic.sessions.adverse_event(
        heron, None, EventGrade.SERIOUS, "fell at home", "", later, "K. Lind"
    )
    clinic.outcomes.add(heron, Outcome(Measure.FRACTURES, 1, later, "K. Lind"), "K. Lind")
    data = made(clinic, heron)
    assert not data.stopped
    assert not any(course.stopped for course in data.lifts)
    told = gather(clinic, heron, day=later).stopped
    assert {"fell at home" in one.reason for one in told} == {True}


def test_what_stops_every_exercise_is_told_once(clinic: Clinic, newcomer: int) -> None:
    clinic.sessions.adverse_event(
        newcomer, None, EventGrade.SERIOUS, "fell at home", "", DAY, "K. Lind"
    )
    (stop,) = made(clinic, newcomer).stopped
    assert stop.names == ("every exercise",)
    first = page(made(clinic, newcomer))["summary"]["attention"]
    assert sum("fell at home" in line for line in first) == 1


def test_an_exercise_of_impacts_that_was_stopped_is_told_too(clinic: Clinic, heron: int) -> None:
    opened = clinic.sessions.all(heron)[0]
    (chin_up,) = (s for s in clinic.sessions.sets(opened.id) if s.new.exercise == "jumping_chin_up")
    clinic.sessions.rate(chin_up.id, Ratings(rpe=13, pain=8), "K. Lind")
    data = made(clinic, heron)
    assert not any(course.stopped for course in data.lifts)
    (stop,) = data.stopped
    assert "Pain of 8 of 10" in stop.reason
    assert stop.names == (LIFTMOR.exercise("jumping_chin_up").name,)


def test_a_period_that_is_upside_down_is_refused(clinic: Clinic, heron: int) -> None:
    with pytest.raises(ValueError, match="before it starts"):
        made(clinic, heron, start=DAY, end=FIRST)


def test_nobody_of_that_number(clinic: Clinic) -> None:
    with pytest.raises(ClinicError):
        made(clinic, 99)


def test_a_change_adds_up_with_the_values_beside_it(clinic: Clinic, newcomer: int) -> None:
    for value, days in ((32.4, 0), (32.8, 90)):
        outcome = Outcome(Measure.FUNCTIONAL_REACH, value, FIRST + timedelta(days=days), "K. Lind")
        clinic.outcomes.add(newcomer, outcome, "K. Lind")
    (row,) = made(clinic, newcomer).outcomes
    assert (row.decimals, row.baseline, row.now, row.change) == (1, 32.4, 32.8, 0.4)


def test_falls_are_counted_and_not_compared(clinic: Clinic, newcomer: int) -> None:
    for value, days in ((2, 0), (0, 90)):
        outcome = Outcome(Measure.FALLS, value, FIRST + timedelta(days=days), "K. Lind")
        clinic.outcomes.add(newcomer, outcome, "K. Lind")
    (row,) = made(clinic, newcomer).outcomes
    assert (row.baseline, row.now, row.change, row.meaning) == (2, 0, None, None)


def test_a_restricted_person_is_drawn_against_the_cap(clinic: Clinic, newcomer: int) -> None:
    clearance = Clearance(Level.RESTRICTED, FIRST, "K. Lind", cap_pct=70.0, impacts=False)
    clinic.care.set_clearance(newcomer, clearance, "K. Lind")
    assert {c.band_pct for c in made(clinic, newcomer).lifts} == {(70.0, 70.0)}


def test_a_decision_on_impacts_is_said_by_its_rung(clinic: Clinic, heron: int) -> None:
    decision = Decision(
        "jumping_chin_up", FIRST, 0, Verdict.SET, "K. Lind", Phase.IMPACT, None, rung=3
    )
    clinic.decisions.add(heron, decision, "K. Lind")
    last = made(clinic, heron).decisions[-1]
    rung = LIFTMOR.exercise("jumping_chin_up").ladder[3]
    assert rung.name in last.rung
    assert f"{rung.height_cm:g} cm" in last.rung


def test_what_was_changed_for_a_session_is_told_as_it_held(clinic: Clinic, newcomer: int) -> None:
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    opened = clinic.sessions.begin(newcomer, at, "K. Lind", 61.0)

    def change(exercise: str, reason: str, **more: Any) -> None:
        clinic.sessions.change_day(
            opened.id, DayChange(exercise, "K. Lind", reason, **more), "K. Lind"
        )

    change("deadlift", "slept badly", sets=2)
    change("deadlift", "slept very badly", sets=3, repetitions=1, load_kg=0.0)
    change("back_squat", "a sore knee", left_out=True)
    change("overhead_press", "tired", sets=2)
    change("overhead_press", "better now")  # as prescribed again
    change("jumping_chin_up", "a new step", rung=1)
    rung = LIFTMOR.exercise("jumping_chin_up").ladder[1]
    told = made(clinic, newcomer).day_changes
    assert [(c.name, c.what.replace("\u00a0", " "), c.reason) for c in told[:-1]] == [
        ("Deadlift", "3 sets, 1 repetition, no load", "slept very badly"),
        ("Back squat", "left out", "a sore knee"),
    ]
    assert rung.name in told[-1].what
    words = words_of(page(made(clinic, newcomer)))
    for expected in ("Changed for single sessions", "slept very badly", "a sore knee", "left out"):
        assert expected in words, expected
    assert made(clinic, newcomer, end=date(2026, 5, 3)).day_changes == ()


def test_a_maximum_that_was_asked_about_is_told_with_its_reason(clinic: Clinic, heron: int) -> None:
    assert "asked about" not in words_of(page(made(clinic, heron)))
    maximum = Maximum(
        "deadlift", MaximumSource.TESTED, 120.0, None, None, FIRST, Confidence.HIGH, "tested",
        confirmed="she was a weightlifter",
    )  # fmt: skip
    clinic.maxima.add(heron, maximum, "K. Lind")
    words = words_of(page(made(clinic, heron)))
    assert "A maximum of 120 kg in the Deadlift" in words.replace("\u00a0", " ")
    assert "confirmed: She was a weightlifter." in words


def test_an_accepted_maximum_can_end(clinic: Clinic, heron: int) -> None:
    decision = Decision(
        "deadlift",
        FIRST + timedelta(days=20),
        0,
        Verdict.SET,
        "K. Lind",
        Phase.FAMILIARISATION,
        10.0,
    )
    clinic.decisions.add(heron, decision, "K. Lind")
    deadlift = made(clinic, heron).lifts[0]
    assert [a.kg for a in deadlift.accepted] == [50.0, 55.0, None]
    assert deadlift.accepted_kg is None


def test_a_flag_in_a_set_that_was_not_watched_throughout_is_told_as_such(
    clinic: Clinic, heron: int
) -> None:
    data = made(clinic, heron)
    done = next(
        done
        for session in clinic.sessions.all(heron)
        for done in clinic.sessions.sets(session.id)
        if done.new.exercise == "deadlift" and not done.new.watched
    )
    flagged = replace(done.new, number=9, flags=(red_flag(5.5),))
    assert sum(s.partly for s in data.technique) == 0
    clinic.sessions.add_set(done.session_id, flagged, "K. Lind")
    spans = made(clinic, heron).technique
    assert sum(s.watched for s in spans) == 55
    assert sum(s.partly for s in spans) == 5
    _, lines = technique_words(spans)
    assert "5 of these not throughout" in lines


def test_a_fracture_between_two_counts_of_none_is_not_lost(clinic: Clinic, newcomer: int) -> None:
    for value, days, device in ((0, 0, ""), (1, 30, "told by phone"), (0, 60, "")):
        day = FIRST + timedelta(days=days)
        outcome = Outcome(Measure.FRACTURES, value, day, "K. Lind", device)
        clinic.outcomes.add(newcomer, outcome, "K. Lind")
    data = made(clinic, newcomer)
    (row,) = data.outcomes
    assert [value for _, value in row.counts] == [0, 1, 0]
    assert "Fractures are recorded; see Outcomes." in page(data)["summary"]["attention"]
    words = words_of(page(data)["sections"])
    assert (
        "Fractures since the last time: 0 on 2 Mar 2026, 1 on 1 Apr 2026 and 0 on 1 May 2026"
        in (words)
    )


def landings_of(clinic: Clinic, person_id: int, *forces: float | None) -> None:
    """A session with landings; ``None`` is a force that was withdrawn."""
    day = clinic.sessions.all(person_id)
    start = datetime(2026, 5, 4 + len(day), 9, tzinfo=UTC)
    opened = clinic.sessions.begin(person_id, start, "K. Lind", 61.0)
    landings = tuple(
        landing(3.0 * n, force)
        if force is not None
        else replace(landing(3.0 * n, 9.9), confidence=Confidence.NONE)
        for n, force in enumerate(forces)
    )
    new = NewSet(
        "jumping_chin_up", SetKind.WORKING, 1, None, 5, start, landings=landings, rung=0,
        ceiling_bw=3.9,
    )  # fmt: skip
    clinic.sessions.add_set(opened.id, new, "K. Lind")
    clinic.sessions.end(opened.id, start, "K. Lind")


def test_the_mean_of_landings_is_of_those_whose_force_is_known(
    clinic: Clinic, newcomer: int
) -> None:
    landings_of(clinic, newcomer, 2.0, 2.0, 2.0)
    landings_of(clinic, newcomer, 4.0, None, None, None, None)
    data = made(clinic, newcomer)
    words = words_of(page(data))
    assert "8 landings" in words
    assert "mean 2.5 BW, hardest 4.0 BW" in words
    assert "4 landings: force withdrawn" in words
    assert "The force of 4 landings was withdrawn" in words
    assert "a low confidence" not in words


def test_landings_without_any_force_are_not_called_none(clinic: Clinic, newcomer: int) -> None:
    landings_of(clinic, newcomer, None, None, None)
    words = words_of(page(made(clinic, newcomer)))
    assert "3 landings" in words
    assert "no force is known: withdrawn" in words
    assert "None measured" not in words
    assert "No landing was measured" not in words


def test_sets_that_were_taken_out_are_told(clinic: Clinic, heron: int) -> None:
    def words() -> str:
        return words_of(page(made(clinic, heron))["sections"])

    assert "took out" not in words()
    first = clinic.sessions.sets(clinic.sessions.all(heron)[0].id)
    clinic.sessions.remove_set(first[1].id, "K. Lind", "another person")
    assert "The clinician took out 1 set" in words()


def test_a_lift_that_left_the_plan_is_in_no_phase(clinic: Clinic, heron: int) -> None:
    stored = clinic.plans.current(heron)
    assert stored is not None
    rest = tuple(e for e in stored.plan.exercises if e.key != "deadlift")
    changed = replace(stored.plan, exercises=rest, version=stored.plan.version + 1)
    clinic.plans.set(heron, changed, "K. Lind", "no deadlifts any more")
    blocks = lift_section(made(clinic, heron))["blocks"]
    (row,) = (line for line in blocks[-1]["rows"] if "no longer" in line[0])
    assert row[1] == "not done any more"
    assert "50\u00a0kg, tested" in row[-1]


def test_what_is_stopped_has_no_share_of_the_maximum_next(clinic: Clinic, heron: int) -> None:
    clinic.sessions.adverse_event(heron, None, EventGrade.SERIOUS, "fell", "", DAY, "K. Lind")
    blocks = lift_section(made(clinic, heron))["blocks"]
    deadlift = blocks[-1]["rows"][0]
    assert (deadlift[1], deadlift[4], deadlift[6]) == ("stopped", "–", "–")


def test_a_finding_takes_one_line_under_clearance(clinic: Clinic, newcomer: int) -> None:
    assessed = replace(healthy(FIRST), other_contraindication="one\n\n\ntwo")
    clearance = clearance_of(assessed, by="K. Lind", day=FIRST)
    clinic.care.set_clearance(newcomer, clearance, "K. Lind")
    (told,) = (
        block["items"]
        for block in clearance_section(made(clinic, newcomer))["blocks"]
        if block["type"] == "list"
    )
    assert "one two" in told[0]
    assert "\n" not in told[0]
