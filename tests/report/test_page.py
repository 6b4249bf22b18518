"""What stands on the page: words, tables and charts, before they are set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lift_monitor.programme.clearance import Finding, Weight
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.record import EventGrade, MaximumSource
from lift_monitor.report import charts
from lift_monitor.report import text as say
from lift_monitor.report.blocks import clean, table
from lift_monitor.report.data import Adverse, Period, ReportData, Stopped, TechniqueSpan
from lift_monitor.report.page import attention, page
from lift_monitor.report.pdf import printable_document
from lift_monitor.report.svg import width_of
from tests.report import scenes
from tests.report.scenes import words_of


@pytest.fixture(scope="module")
def full() -> ReportData:
    return scenes.full()


def test_the_summary_says_what_a_minute_is_for(full: ReportData) -> None:
    words = words_of(page(full)["summary"])
    for expected in (
        "65 of 70 sessions",
        "Deadlift: 10 → 58.75 kg",
        "2.0 red per 100",
        "1 073 landings",
        "hardest at least 4.8 BW",
        "3 above the ceiling of 4.0 BW",
        "repetitions, and 6.6 with amber only",
        "3 better, 0 worse",
        "0 serious, 1 minor",
    ):
        assert expected in words, expected


def test_nothing_on_the_bar_is_said_in_words(full: ReportData) -> None:
    lift = full.lifts[0]
    stick = replace(lift.points[0], load_kg=0.0)
    begun = replace(lift, points=(stick, *lift.points[1:]))
    still = replace(lift, points=(stick,), load_now_kg=0.0)
    words = words_of(page(replace(full, lifts=(begun, still))))
    assert "Deadlift: no load → 58.75 kg" in words
    assert "Deadlift: no load → no load" in words
    assert re.search(r"(?<![\d.])0 kg", words) is None
    told = next(d for d in full.decisions if d.decision.reason and d.decision.load_kg)
    waited = replace(told, decision=replace(told.decision, load_kg=0.0))
    words = words_of(page(replace(full, decisions=(waited,))))
    assert told.decision.reason in words
    assert re.search(r"(?<![\d.])0 kg", words) is None


def test_who_was_not_assessed_waits_and_is_not_left_out(full: ReportData) -> None:
    course = replace(full.lifts[0], points=(), maxima=(), not_done="Deadlift waits.")
    waiting = words_of(page(replace(full, lifts=(course,), clearance=None)))
    assert "Deadlift: not begun" in waiting
    assert "not done" not in waiting
    assert "Deadlift: not done" in words_of(page(replace(full, lifts=(course,))))


def test_no_line_is_drawn_across_weeks_without_a_session(full: ReportData) -> None:
    lift = replace(full.lifts[0], maxima=(), accepted=())
    first, second = lift.points[:2]
    period = full.head.period
    for days, lines in ((14, 1), (15, 0)):
        far = replace(second, day=first.day + timedelta(days=days))
        drawn = charts.lift_chart(replace(lift, points=(first, far)), period)
        assert drawn.count("<polyline") == lines
        assert drawn.count("<circle") == 2


def test_the_year_of_a_month_is_not_taken_for_a_day_nor_cut(full: ReportData) -> None:
    for start in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31)):
        svg = charts.attendance_chart(full.attendance, Period(start, date(2026, 10, 30)))
        month = "Mar 2026" if start.day == 1 else "Apr 2026"
        found = re.search(rf'<text x="([-0-9.]+)"[^>]*>{month}</text>', svg)
        assert found is not None
        assert float(found.group(1)) >= width_of(month) / 2 - 0.01


def test_words_are_cut_between_words() -> None:
    assert say.shortened("disease that is not controlled at all", 24) == "disease that is not…"
    assert say.shortened("W" * 30, 24) == "W" * 23 + "…"
    assert say.shortened("as long as it is", 16) == "as long as it is"


def test_the_page_calls_nothing_safe(full: ReportData) -> None:
    assert re.search(r"\bsafe", words_of(page(full)), re.IGNORECASE) is None


def test_every_picture_tells_itself_in_words(full: ReportData) -> None:
    def pictures(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if value.get("svg"):
                yield value
            for item in value.values():
                yield from pictures(item)
        elif isinstance(value, list):
            for item in value:
                yield from pictures(item)

    found = list(pictures(page(full)))
    assert len(found) > 10
    assert all(len(picture["alt"]) > 10 for picture in found)
    deadlift = next(p["alt"] for p in found if p["alt"].startswith("Deadlift."))
    assert "1RM tested" in deadlift
    assert "advisory" in deadlift


def test_sources_of_a_maximum_have_shapes_of_their_own(full: ReportData) -> None:
    shapes = set()
    for source in MaximumSource:
        only = replace(
            full.lifts[0],
            points=(),
            accepted=(),
            maxima=tuple(m for m in full.lifts[0].maxima if m.source is source)[:1],
        )
        svg = charts.lift_chart(only, full.head.period)
        assert "NaN" not in svg
        shapes.add(re.sub(r"[-0-9.,]+", "#", svg))
    assert len(shapes) == 3


def test_a_lower_bound_of_a_maximum_is_called_at_least(full: ReportData) -> None:
    lift = full.lifts[0]
    bound = replace(lift.maxima[-1], low_kg=lift.maxima[-1].kg, high_kg=None)
    course = replace(lift, maxima=(bound,))
    words = words_of(page(replace(full, lifts=(course,)))["sections"])
    assert f"at least {say.kg(bound.kg)}".replace("\u00a0", " ") in words
    exact = replace(course, maxima=(replace(bound, low_kg=None),))
    period = full.head.period
    assert charts.lift_chart(course, period).count("<polyline") == (
        charts.lift_chart(exact, period).count("<polyline") + 1
    )


def test_weeks_that_nobody_watched_are_no_clean_weeks(full: ReportData) -> None:
    start = full.head.period.start
    unwatched = TechniqueSpan(start, start + timedelta(days=27), 100, 0, 0, 0)
    clean_ones = replace(unwatched, watched=100)
    drawn = charts.technique_chart((unwatched,), full.head.period)
    assert ">?</text>" in drawn
    assert ">?</text>" not in charts.technique_chart((clean_ones,), full.head.period)
    words = words_of(page(replace(full, technique=(unwatched,))))
    assert "Not watched" in words
    assert "none of 100 repetitions was watched" in words


def test_a_change_within_the_error_is_called_so(full: ReportData) -> None:
    words = words_of(page(full)["sections"])
    assert "within the error of measurement" in words
    assert "no error of measurement is known: told, not judged" in words
    assert "26 Feb 2026: T-score, total hip −2.1 (A later value is from another scanner)" in words


def test_less_time_to_stand_up_is_drawn_on_the_better_side() -> None:
    faster = scenes.outcome(Measure.TIMED_UP_AND_GO, (8.4, 6.9), error=1.1)
    slower = scenes.outcome(Measure.TIMED_UP_AND_GO, (6.9, 8.4), error=1.1)

    def mark(svg: str) -> float:
        found = re.search(r'<circle cx="([0-9.]+)"', svg)
        assert found is not None
        return float(found.group(1))

    assert mark(charts.change_chart(faster)) > 42.0 > mark(charts.change_chart(slower))


def test_what_must_not_be_missed_stands_first(full: ReportData) -> None:
    grave = replace(
        full,
        adverse=(Adverse(date(2026, 5, 4), EventGrade.SERIOUS, "fell", "", "K. Lind"),),
        open_findings=(Finding("malignancy", Weight.BLOCKS, "Malignancy.", "exam"),),
        basis=replace(full.basis, sudden_back_pain=(date(2026, 5, 4),), not_watched=1040),
        stopped=(Stopped("Pain of 6 of 10 on 4 May 2026.", ("Deadlift", "Back squat")),),
    )
    words = " ".join(attention(grave)).replace("\u00a0", " ")
    for expected in (
        "1 serious adverse event",
        "a vertebral fracture is to be ruled out",
        "Malignancy (speaks against loading).",
        "overridden by name",
        "Stopped until a clinician decides: Deadlift and Back squat. Pain of 6 of 10 on",
        "watched in no set",
    ):
        assert expected in words, expected
    assert attention(replace(full, clearance=None))[0].startswith("No clearance is recorded")


BROKEN = Finding("vertebral_fracture", Weight.RESTRICTS, "A vertebral fracture.", "exam")


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (BROKEN, "A vertebral fracture (restricts loading)."),
        (Finding("pain", Weight.BLOCKS, "Pain 8 of 10 at rest.", "x"),
         "Pain 8 of 10 at rest (speaks against loading)."),
        (Finding("low_t_score", Weight.RESTRICTS, "T-score -3.6 at the hip.", "x"),
         "T-score -3.6 at the hip (restricts loading)."),
        (Finding("malignancy_not_asked", Weight.BLOCKS, "Nobody has asked about malignancy.", "x"),
         "Nobody has asked about malignancy (speaks against loading)."),
    ],
)  # fmt: skip
def test_each_finding_that_counts_is_named_first(
    full: ReportData, finding: Finding, line: str
) -> None:
    told = attention(replace(full, open_findings=(finding,)))
    assert line in told
    assert len(told) == len(attention(replace(full, open_findings=()))) + 1


def test_what_is_only_to_be_borne_in_mind_does_not_stand_first(full: ReportData) -> None:
    note = replace(BROKEN, weight=Weight.NOTE)
    without = attention(replace(full, open_findings=()))
    assert attention(replace(full, open_findings=(note,))) == without


def test_questions_that_nobody_asked_take_one_line(full: ReportData) -> None:
    asked = tuple(
        Finding(f"{key}_not_asked", weight, f"Nobody has asked about {key}.", "x")
        for key, weight in (
            ("malignancy", Weight.BLOCKS), ("pain", Weight.RESTRICTS), ("age", Weight.RESTRICTS),
        )
    )  # fmt: skip
    told = " | ".join(attention(replace(full, open_findings=(*asked, BROKEN))))
    assert "3 questions of the assessment" in told.replace("\u00a0", " ")
    assert "speaks against loading" in told
    assert "A vertebral fracture (restricts loading)." in told
    assert "Nobody has asked" not in told
    told = " | ".join(attention(replace(full, open_findings=asked[1:])))
    assert "restricts loading; see Clearance" in told


def test_other_peoples_words_do_not_flood_what_is_to_be_read_first(full: ReportData) -> None:
    long = Finding("other_contraindication", Weight.BLOCKS, "Contraindication: " + "word " * 90, "")
    data = replace(
        full, open_findings=(long,), stopped=(Stopped("Serious: " + "word " * 90, ("Deadlift",)),)
    )
    assert max(len(line) for line in attention(data)) < 260


def test_fractures_are_among_it(full: ReportData) -> None:
    row = scenes.outcome(Measure.FRACTURES, (0, 1))
    assert any("Fractures" in s for s in attention(replace(full, outcomes=(row,))))
    none = scenes.outcome(Measure.FRACTURES, (0, 0))
    assert not any("Fractures" in s for s in attention(replace(full, outcomes=(none,))))


def test_simulated_people_are_called_so(full: ReportData) -> None:
    assert page(full)["banner"] == ""
    assert "Simulated" in page(replace(full, head=replace(full.head, simulated=True)))["banner"]


def test_the_clinicians_words_stand_before_the_charts(full: ReportData) -> None:
    summary = page(full)["summary"]
    assert summary["words"].startswith("Steady progress")
    assert "K. Lind" in summary["words-title"]
    assert page(replace(full, words=" \n "))["summary"]["words"] == ""
    notes = words_of(page(full)["sections"])
    assert "Good hinge today.\nAsked for a lighter press." in notes


def test_only_the_pseudonym_stands_in_title_and_footer() -> None:
    from lift_monitor.clinic.words import Identity

    document = page(scenes.full(identity=Identity("Erika Mustermann", date(1958, 2, 3))))
    assert "Erika Mustermann" in words_of(document["facts"])
    rest = {key: value for key, value in document.items() if key != "facts"}
    assert "Mustermann" not in words_of(rest)


def test_words_too_long_for_a_line_can_be_broken() -> None:
    broken = clean("W" * 200)
    assert broken.replace("\u200b", "") == "W" * 200
    assert max(len(part) for part in broken.split("\u200b")) <= 8
    assert clean("an ordinary sentence of words") == "an ordinary sentence of words"


def test_what_cannot_be_printed_is_replaced_and_told(full: ReportData) -> None:
    unknown = "\U0001f9ff\ue000\u0378"  # an emoji, a private one, and one that does not exist
    document, _ = printable_document(page(replace(full, words=f"seen {unknown} today")))
    words = words_of(document)
    assert "seen " in words
    assert "\ue000" not in words
    assert "\u0378" not in words
    plain, system = printable_document(page(full))
    assert not system
    assert "▯" not in words_of(plain)


def test_numbers_are_said_with_a_real_minus_and_never_as_minus_zero() -> None:
    assert say.number(-1.25, 1) == "−1.2"
    assert say.number(-0.04, 1) == "0.0"
    assert say.signed(0.4, 1) == "+0.4"
    assert say.kg(52.5) == "52.5\u00a0kg"
    assert say.kg(50.0) == "50\u00a0kg"
    assert say.kg(6.25) == "6.25\u00a0kg"


def test_a_table_with_a_row_too_short_is_a_fault() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        table(("a", "b"), [["only one"]], widths="auto auto")


@pytest.mark.parametrize("name", ["שלום", "مرحبا", "שלום 5", "Heron שלום 😀"])
def test_a_number_after_words_from_right_to_left_stays_where_it_was_put(name: str) -> None:
    """A left-to-right mark ends them: else the day's number goes to their other side."""
    words = f"({say.plain(name)}, {say.day(date(2026, 3, 2))})"
    assert clean(words) == f"({name}\u200e, 2\u00a0Mar\u00a02026)"
    assert say.shortened(f"{name} {name}", 60).endswith("\u200e")
    assert say.plain("Heron 14") == "Heron 14"
    document, _ = printable_document(page(scenes.full(name=name)))
    assert f"{name}\u200e" in document["under"]
    assert f"{name}\u200e" in document["footer"]
