"""Outcomes: a change is told against the error of measurement, and never judged without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_monitor.programme.outcomes import (
    COUNTS,
    SPECS,
    Better,
    Meaning,
    Measure,
    compare,
    implausible,
)


@pytest.mark.parametrize(
    ("measure", "before", "now", "meaning", "text"),
    [
        (
            Measure.BMD_SPINE, 0.780, 0.802, Meaning.WITHIN_ERROR,
            "+0.022 g/cm² (+2.8 %): within the error of measurement (±0.031 g/cm²)",
        ),
        (
            Measure.BMD_SPINE, 0.780, 0.815, Meaning.BETTER,
            "+0.035 g/cm² (+4.5 %): better, beyond the error of measurement (±0.031 g/cm²)",
        ),
        (
            Measure.TIMED_UP_AND_GO, 9.0, 12.0, Meaning.WORSE,
            "+3.0 s (+33.3 %): worse, beyond the error of measurement (±2.1 s)",
        ),
        (
            Measure.TIMED_UP_AND_GO, 9.0, 8.0, Meaning.WITHIN_ERROR,
            "-1.0 s (-11.1 %): within the error of measurement (±2.1 s)",
        ),
        (
            Measure.BACK_EXTENSOR, 30.0, 45.0, Meaning.BETTER,
            "+15.0 kg (+50.0 %): better, beyond the error of measurement (±7.2 kg)",
        ),
        (
            Measure.KYPHOSIS_TALL, 42.0, 35.0, Meaning.NOT_KNOWN,
            "-7 ° (-16.7 %): no error of measurement is known",
        ),
        (
            Measure.T_HIP, -2.1, -1.8, Meaning.NOT_KNOWN,
            "+0.3: no error of measurement is known",
        ),
        (
            Measure.FALLS, 2.0, 0.0, Meaning.NOT_KNOWN,
            "-2: a count; look at how long each time was",
        ),
        (
            Measure.HEIGHT, 161.8, 161.2, Meaning.WORSE,
            "-0.6 cm (-0.4 %): worse, beyond the error of measurement (±0.5 cm)",
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_against_the_error_of_measurement(
    measure: Measure, before: float, now: float, meaning: Meaning, text: str
) -> None:
    change = compare(before, now, SPECS[measure])

    assert (change.meaning, change.text) == (meaning, text)


@pytest.mark.parametrize("measure", list(Measure))
def test_every_measure_has_its_specification_with_sources(measure: Measure) -> None:
    spec = SPECS[measure]

    assert spec.measure is measure
    assert spec.low < spec.high
    assert (spec.smallest_change is None) == (spec.error_source == "")
    assert (spec.cut_off is None) == (spec.cut_off_source == "")
    assert spec.unit or measure in COUNTS or measure.startswith("t_")


@given(
    st.sampled_from([spec for spec in SPECS.values() if spec.smallest_change]),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_there_and_back_are_opposite(spec: object, first: float, second: float) -> None:
    from lift_monitor.programme.outcomes import MeasureSpec

    assert isinstance(spec, MeasureSpec)
    a, b = (spec.low + share * (spec.high - spec.low) for share in (first, second))
    opposite = {Meaning.BETTER: Meaning.WORSE, Meaning.WORSE: Meaning.BETTER}

    there, back = compare(a, b, spec), compare(b, a, spec)

    assert back.meaning is opposite.get(there.meaning, there.meaning)
    if there.meaning is Meaning.BETTER:
        assert (b > a) is (spec.better is Better.HIGHER)


def test_no_change_is_never_a_change() -> None:
    for spec in SPECS.values():
        assert compare(spec.low, spec.low, spec).meaning in (
            Meaning.WITHIN_ERROR,
            Meaning.NOT_KNOWN,
        )


def test_a_slip_of_the_pen_is_caught() -> None:
    assert implausible(0.802, SPECS[Measure.BMD_SPINE]) == ""
    assert implausible(802, SPECS[Measure.BMD_SPINE]) == (
        "Bone density, lumbar spine: 802 g/cm² is not between 0.2 and 2.5 g/cm²; "
        "look at the number and its unit."
    )
    assert implausible(2, SPECS[Measure.FRACTURES]) == ""
    assert implausible(1.5, SPECS[Measure.FRACTURES]) == (
        "Fractures since the last time: 1.5 is no count; enter a whole number."
    )
    assert implausible(float("nan"), SPECS[Measure.HEIGHT]).startswith("Height: nan cm")


def test_a_value_that_is_no_number_is_not_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        compare(float("nan"), 1.0, SPECS[Measure.HEIGHT])
