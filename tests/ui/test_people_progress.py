"""What the charts of a person say: gaps are gaps, sources keep apart, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtGui import QImage

from lift_monitor.clinic.words import Outcome
from lift_monitor.events import Confidence
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import (
    Decision,
    History,
    Maximum,
    MaximumSource,
    SessionRecord,
    SetKind,
    SetRecord,
    Verdict,
)
from lift_monitor.programme.shipped import HOME, LIFTMOR
from lift_monitor.ui.people.outcomes_data import change_look, followed, short_change_look, trend_of
from lift_monitor.ui.people.people_rows import phase_of
from lift_monitor.ui.people.progress_data import SMALLEST_CHANGE_MPS, Progress
from lift_monitor.ui.people.trend import Series, Trend, axis, from_nought, told
from lift_monitor.ui.people.trend_chart import TrendChart

START = date(2026, 1, 5)
DEADLIFT = LIFTMOR.exercise("deadlift")
JUMPS = LIFTMOR.exercise("jumping_chin_up")


def a_set(number: int = 1, **fields: object) -> SetRecord:
    whole: dict[str, object] = {
        "exercise": "deadlift",
        "number": number,
        "kind": SetKind.WORKING,
        "load_kg": 50.0,
        "target_repetitions": 5,
        "repetitions": 5,
        "red_repetitions": 0,
        "amber_repetitions": 0,
        "best_velocity_mps": 0.50,
    }
    return SetRecord(**{**whole, **fields})  # type: ignore[arg-type]


def session(day: int, *sets: SetRecord, attended: bool = True) -> SessionRecord:
    on = START + timedelta(days=day)
    return SessionRecord(f"{on}", on, attended, sets)


def progress(*sessions: SessionRecord, **fields: object) -> Progress:
    history = History(LIFTMOR, None, sessions)
    return Progress(replace(history, **fields), START + timedelta(days=60))  # type: ignore[arg-type]


def series(trend: Trend, name: str) -> Series:
    return next(s for s in trend.series if name in s.name)


def test_the_load_of_a_session_is_its_heaviest_working_set() -> None:
    found = progress(
        session(0, a_set(1, load_kg=45.0), a_set(2), a_set(1, kind=SetKind.TEST, load_kg=60.0)),
        session(3, a_set(1, load_kg=None)),
        session(7, a_set(exercise="back_squat")),
    ).load(DEADLIFT)
    assert series(found, "load").points == ((0.0, 50.0), (3 / 7, None))


def test_the_order_of_the_sessions_does_not_matter() -> None:
    one, two, three = session(0, a_set()), session(3, a_set(load_kg=55.0)), session(7, a_set())
    assert progress(one, two, three).load(DEADLIFT) == progress(three, one, two).load(DEADLIFT)


def test_maxima_of_three_sources_have_three_shapes() -> None:
    maxima = tuple(
        Maximum("deadlift", source, kg, None, None, START, Confidence.HIGH, "")
        for source, kg in zip(MaximumSource, (60.0, 62.0, 66.0), strict=True)
    )
    decisions = (
        Decision(
            "deadlift", START, 1, Verdict.ACCEPTED, "AB", Phase.TRAINING, 50.0, maximum_kg=60.0
        ),
    )
    found = progress(session(14, a_set()), maxima=maxima, decisions=decisions).load(DEADLIFT)
    marks = [s for s in found.series if s.kind == "marks"]
    assert len({(s.shape, s.filled) for s in marks}) == 3
    assert {s.points[0][1] for s in marks} == {60.0, 62.0, 66.0}
    assert series(found, "accepted").points == ((0.0, 60.0), (2.0, 60.0))
    assert "advisory" in " ".join(s.name for s in marks)


def test_volume_is_not_told_where_a_load_or_a_count_is_missing() -> None:
    found = progress(
        session(0, a_set(1), a_set(2, repetitions=4)),
        session(7, a_set(1), a_set(2, repetitions=None)),
    ).volume(DEADLIFT)
    assert found.series[0].points == ((0.0, 450.0), (1.0, None))
    assert found.unseen == (1.0,)


def test_velocity_is_compared_at_one_load_only() -> None:
    found = progress(
        session(0, a_set(best_velocity_mps=0.50), a_set(2, load_kg=40.0, best_velocity_mps=0.7)),
        session(7, a_set(best_velocity_mps=0.55)),
        session(14, a_set(load_kg=55.0, best_velocity_mps=0.40)),
        session(21, a_set(best_velocity_mps=None)),
    ).velocity(DEADLIFT)
    assert "50 kg" in found.title
    assert found.series[0].points == ((0.0, 0.50), (1.0, 0.55))
    assert found.band is not None
    low, high, words = found.band
    assert (low, high) == pytest.approx((0.50 - SMALLEST_CHANGE_MPS, 0.50 + SMALLEST_CHANGE_MPS))
    assert "0.08" in words


def test_flags_are_counted_in_watched_repetitions_only() -> None:
    found = progress(
        session(
            0,
            a_set(1, red_repetitions=1, amber_repetitions=2),
            a_set(2, red_repetitions=None, amber_repetitions=None),
        ),
        session(7, a_set(red_repetitions=None, amber_repetitions=None)),
        session(14, a_set()),
    ).flags(DEADLIFT)
    assert series(found, "red").points == ((0.0, 20.0), (1.0, None), (2.0, 0.0))
    assert series(found, "amber").points[0] == (0.0, 40.0)
    assert found.unseen == (1.0,)
    assert "not watched" in told(found)


def test_who_has_come_has_begun() -> None:
    came = (session(0, a_set()),)
    assert phase_of(History(LIFTMOR, None, ())) == "not begun"
    assert phase_of(History(LIFTMOR, None, came)) == "familiarisation"
    assert phase_of(History(HOME, None, ())) == "not begun"
    assert phase_of(History(HOME, None, came)) == "training"


def test_a_history_without_anything_says_so() -> None:
    empty = progress()
    for trend in (
        empty.load(DEADLIFT),
        empty.load(JUMPS),
        empty.volume(DEADLIFT),
        empty.velocity(DEADLIFT),
        empty.flags(DEADLIFT),
        empty.landings(),
        empty.hardest(),
        empty.adherence(),
    ):
        assert told(trend) == trend.nothing != ""


def test_landings_and_rungs() -> None:
    jumps = a_set(exercise=JUMPS.key, rung=1, landings=5, hardest_landing_bw=3.4, load_kg=None)
    found = progress(
        session(0, jumps, replace(jumps, number=2, landings=4, hardest_landing_bw=3.9)),
        session(7, replace(jumps, rung=2, landings=None, hardest_landing_bw=None)),
    )
    assert found.load(JUMPS).series[0].points == ((0.0, 2.0), (1.0, 3.0))
    assert found.landings().series[0].points == ((0.0, 9.0),)
    assert found.hardest().series[0].points == ((0.0, 3.9),)


def test_missed_sessions_are_marked_and_not_counted() -> None:
    found = progress(
        session(0, a_set()), session(3, attended=False), session(7, a_set())
    ).adherence()
    assert series(found, "attended").points == ((0.0, 0.0), (0.0, 1.0), (1.0, 2.0))
    assert list(found.unseen) == pytest.approx([3 / 7])
    assert series(found, "planned").points[-1] == (LIFTMOR.weeks, LIFTMOR.sessions)


def outcome(
    day: int, value: float, device: str = "A", measure: Measure = Measure.HEIGHT
) -> Outcome:
    return Outcome(measure, value, START + timedelta(days=day), "AB", device, id=day)


def test_the_baseline_is_of_the_same_device() -> None:
    one = next(
        f
        for f in followed([outcome(200, 160.9, "B"), outcome(0, 161.0), outcome(100, 161.2, "B")])
        if f.spec.measure is Measure.HEIGHT
    )
    assert one.baseline is not None
    assert one.baseline.value == 161.2
    assert change_look(one)[0].startswith("○")
    assert short_change_look(one) == ("○ −0.3: within error", "muted")
    trend = trend_of(one, START, 35.0)
    assert [s.name for s in trend.series] == ["A", "B"]
    assert trend.band is not None
    assert trend.bottom < 160.7 < trend.top


def test_a_baseline_before_the_first_session_is_on_the_chart() -> None:
    one = next(f for f in followed([outcome(-21, 161.0)]) if f.spec.measure is Measure.HEIGHT)
    assert trend_of(one, START, 35.0).first_week == -3.0
    assert short_change_look(one) == ("one value", "muted")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 80.0, (0.0, 80.0, 20.0)),
        (0.0, 0.8, (0.0, 0.8, 0.2)),
        (0.7, 0.97, (0.7, 1.0, 0.1)),
        (0.0, 1400.0, (0.0, 1500.0, 500.0)),
    ],
)
def test_axes_have_round_numbers(
    low: float, high: float, expected: tuple[float, float, float]
) -> None:
    found = axis(low, high)
    assert found == pytest.approx(expected)


def test_an_axis_reaches_beyond_its_values() -> None:
    for value in (0.3, 1.0, 7.0, 19.0, 20.0, 63.0, 1399.0):
        bottom, top, step = from_nought([value], 0.1)
        assert bottom == 0.0
        assert top >= value * 1.05
        assert round(top / step) * step == pytest.approx(top)


def drawn(trend: Trend) -> QImage:
    chart = TrendChart("a trend")
    chart.resize(500, 260)
    chart.show_trend(trend)
    image = chart.grab().toImage()
    chart.deleteLater()
    return image


def columns_of(image: QImage, colour: str) -> set[int]:
    """Columns of pixels in which a colour is seen."""
    return {
        x
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).name() == colour
    }


def test_a_long_gap_is_left_open() -> None:
    def columns(*weeks: float) -> set[int]:
        points = tuple((week, 50.0) for week in weeks)
        trend = Trend("Load", "kg", 10.0, (0.0, 100.0, 20.0), (Series("", points, "stop"),))
        return columns_of(drawn(trend), "#d55e00")

    near, far = columns(2.0, 4.0), columns(2.0, 6.0)
    assert len(range(min(near), max(near))) <= len(near)
    assert len(far) < (max(far) - min(far)) / 4
