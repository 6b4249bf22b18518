"""Documents: whatever the programme holds comes back as it was; nothing else is let in."""

from __future__ import annotations

import dataclasses
import enum
import json
import types
import typing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import LiftSet
from lift_monitor.programme.clearance import Assessment, Clearance
from lift_monitor.programme.documents import DocumentError, read, to_document
from lift_monitor.programme.outcomes import MeasureSpec
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import Decision, History, Maximum, SessionRecord
from lift_monitor.programme.shipped import HOME, LIFTMOR
from lift_monitor.technique import Landing, TrunkFlag

KINDS = (
    Plan, Assessment, Clearance, Prescription, Proposal, History, SessionRecord, Decision, Maximum,
    MeasureSpec, LiftSet, TrunkFlag, Landing,
)  # fmt: skip

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63) + 1, 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that a field of the programme has."""
    args = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return st.one_of(*(st.none() if arg is type(None) else values_of(arg) for arg in args))
    if typing.get_origin(kind) is tuple:
        return st.lists(values_of(args[0]), max_size=2).map(tuple)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        fields = {f.name: values_of(hints[f.name]) for f in dataclasses.fields(kind)}
        return st.builds(kind, **fields)
    if issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    return PLAIN[kind]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_a_value_holds_comes_back_through_json(kind: type, data: st.DataObject) -> None:
    value = data.draw(values_of(kind))

    through = json.loads(json.dumps(to_document(value), allow_nan=False))

    assert read(kind, through, "it") == value


@pytest.mark.parametrize("plan", [LIFTMOR, HOME], ids=lambda plan: plan.key)
def test_the_plans_that_ship_come_back(plan: Plan) -> None:
    assert read(Plan, json.loads(json.dumps(to_document(plan)))) == plan


def answer_to(kind: type, data: object, where: str) -> object:
    """What reading gives, or its refusal; any other exception is a failure of the test."""
    try:
        return read(kind, data, where)
    except DocumentError as error:
        return error


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["liftmor", "lift", "2026-01-01", "yes", "\ud800", "\0"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), hostile=JSON)
def test_a_hostile_document_gives_one_sentence_and_nothing_else(
    kind: type, hostile: object
) -> None:
    answer = answer_to(kind, hostile, "it")

    if isinstance(answer, DocumentError):
        assert str(answer).startswith(("it", "a name in it"))
        assert "\n" not in str(answer)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), hostile=JSON)
def test_one_wrong_value_deep_in_a_plan_is_named_or_harmless(
    data: st.DataObject, hostile: Any
) -> None:
    document = json.loads(json.dumps(to_document(LIFTMOR)))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = hostile
    answer = answer_to(Plan, document, "plan")

    if isinstance(answer, DocumentError):
        assert str(answer).startswith("plan")
    else:
        assert read(Plan, json.loads(json.dumps(to_document(answer)))) == answer


def wrong(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The document of LIFTMOR with one value replaced."""
    document: Any = json.loads(json.dumps(to_document(LIFTMOR)))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert isinstance(document, dict)
    return document


STEP = ("exercises", 2, "step_kg")
SETS = ("exercises", 0, "sets")


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (STEP, "two", "plan.exercises[2].step_kg is 'two', a number is needed."),
        (STEP, True, "plan.exercises[2].step_kg is true, a number is needed."),
        (SETS, 5.5, "plan.exercises[0].sets is 5.5, a whole number is needed."),
        (SETS, None, "plan.exercises[0].sets is empty, a whole number is needed."),
        (("supervised",), "yes", "plan.supervised is 'yes', true or false is needed."),
        (("name",), 7, "plan.name is 7, text is needed."),
        (("exercises",), "all", "plan.exercises is 'all', a list is needed."),
        (("gate",), 8, "plan.gate is 8, the fields of a gate are needed."),
        (
            ("exercises", 0, "kind"),
            "lifting",
            "plan.exercises[0].kind is 'lifting', one of these is needed: lift, impact, free.",
        ),
        (
            ("rack", "bars_kg", 1),
            float("inf"),
            "plan.rack.bars_kg[1] is inf, a finite number is needed.",
        ),
        (
            ("weeks",),
            10**400,
            "plan.weeks is a number with too many digits, a smaller one is needed.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    path: tuple[str | int, ...], value: object, sentence: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read(Plan, wrong(path, value))
    assert str(caught.value) == sentence


def test_a_missing_and_an_unknown_field_are_told() -> None:
    document = to_document(LIFTMOR)
    del document["gate"]["sessions"]
    with pytest.raises(DocumentError, match=r"^plan\.gate\.sessions is missing, add it\.$"):
        read(Plan, document)

    document = to_document(LIFTMOR)
    document["exercises"][1]["stepkg"] = 2.5
    with pytest.raises(DocumentError, match=r"^plan\.exercises\[1\] has the field 'stepkg'"):
        read(Plan, document)


def test_a_field_with_a_default_may_be_left_out() -> None:
    assert read(Assessment, {"day": "2026-03-01", "by": "AB"}) == Assessment(date(2026, 3, 1), "AB")


@pytest.mark.parametrize(
    "day", ["20260301", "2026-W10-1", "01.03.2026", "2026-02-30", "", 20260301]
)
def test_a_day_is_said_in_one_way(day: object) -> None:
    with pytest.raises(DocumentError, match=r"^plan\.day is "):
        read(Assessment, {"day": day, "by": "AB"})


def test_a_number_that_is_not_finite_is_never_written() -> None:
    with pytest.raises(DocumentError, match=r"Assessment\.t_spine is nan"):
        to_document(Assessment(date(2026, 3, 1), "AB", t_spine=float("nan")))


def test_a_long_wrong_value_is_shown_in_few_characters() -> None:
    with pytest.raises(DocumentError) as caught:
        read(Assessment, {"day": "x" * 10_000, "by": "AB"})
    assert len(str(caught.value)) < 120
