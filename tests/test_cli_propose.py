"""``lift-monitor propose``: a documented history in, proposals with reasons out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lift_monitor.cli import main
from lift_monitor.programme.documents import DocumentError
from lift_monitor.programme.history_json import history_document, history_from
from tests.programme.histories import DEADLIFT, IMPACTS, histories

DAY = "2026-03-19"


def changed(data: dict[str, Any], **otherwise: Any) -> None:
    plain = {"exercise": DEADLIFT, "by": "K. Lind", "reason": "late", "sets": 3}
    data["sessions"][1]["changes"] = [plain | otherwise]


@pytest.fixture
def example(repository: Path) -> Path:
    """The history of the documentation."""
    return repository / "docs" / "examples" / "history.json"


def document(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    assert main(["propose", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_example_gives_a_proposal_for_each_exercise(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = document(capsys, example, "--day", DAY)
    found = {each["exercise"]: each for each in told["proposals"]}
    assert told["schema"] == 1
    assert told["day"] == DAY
    assert list(found) == ["deadlift", "back_squat", "overhead_press", "jumping_chin_up"]
    assert found["deadlift"]["action"] == "step_up"
    assert (found["deadlift"]["load_before_kg"], found["deadlift"]["load_kg"]) == (50.0, 52.5)
    assert found["back_squat"]["action"] == "hold"
    assert "red flags in 1 repetition" in found["back_squat"]["headline"]
    assert found["overhead_press"]["confidence"] == "low"
    assert found["overhead_press"]["confidence_reasons"]
    assert found["jumping_chin_up"]["rung"] == 3
    for each in told["proposals"]:
        assert each["facts"]
        assert each["would_change"]
        assert each["rule"]["text"]
        assert each["rule"]["source"]
        assert each["rules_version"] == told["rules_version"]


def test_without_json_it_is_told_in_sentences(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["propose", str(example), "--day", DAY, "--exercise", "deadlift"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Deadlift: 50 kg → 52.5 kg")
    assert "effort: 15 on Borg 6-20 (16 at most), 2026-03-19" in said
    assert "a clinician decides" in said
    assert "Back squat" not in said


def test_a_later_day_is_an_absence(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = document(capsys, example, "--day", "2026-04-10", "--exercise", "deadlift")
    (proposal,) = told["proposals"]
    assert proposal["action"] == "refamiliarise"
    assert proposal["load_kg"] == 45.0


def test_the_order_in_the_file_is_without_meaning(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(example.read_text(encoding="utf-8"))
    for name in ("sessions", "maxima", "decisions"):
        data[name].reverse()
    for session in data["sessions"]:
        session["sets"].reverse()
    other = tmp_path / "turned.json"
    other.write_text(json.dumps(data), encoding="utf-8")
    assert document(capsys, other, "--day", DAY) == document(capsys, example, "--day", DAY)


Edit = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d.pop("schema"), "schema"),
        (lambda d: d.update(schema=2), "schema"),
        (lambda d: d.update(plan="liftmoor"), "history.plan"),
        (lambda d: d.update(plan=3), "history.plan"),
        (lambda d: d.pop("clearance"), "clearance"),
        (lambda d: d.update(sessoins=[]), "sessoins"),
        (lambda d: d["sessions"][0].update(day="16.3.2026"), "history.sessions[0].day"),
        (lambda d: d["sessions"][0].update(key=" "), "history.sessions[0].key"),
        (lambda d: d["sessions"][1]["sets"][2].update(rpe=21), "sessions[1].sets[2].rpe"),
        (lambda d: d["sessions"][1]["sets"][2].update(pain=-1), "sessions[1].sets[2].pain"),
        (lambda d: d["sessions"][1]["sets"][2].update(load_kg="50"), "sets[2].load_kg"),
        (lambda d: d["sessions"][1]["sets"][2].update(load_kg=1e300), "sets[2].load_kg"),
        (lambda d: d["sessions"][1]["sets"][2].update(load_kg=float("nan")), "sets[2].load_kg"),
        (lambda d: d["sessions"][1]["sets"][2].update(exercise="curl"), "deadlift"),
        (lambda d: d["sessions"][1]["sets"][-1].update(rung=9), "rung"),
        (lambda d: d["maxima"][0].update(kg=0), "history.maxima[0].kg"),
        (lambda d: d["decisions"][0].update(verdict="perhaps"), "history.decisions[0].verdict"),
        (lambda d: d["decisions"][0].update(by=" "), "history.decisions[0].by"),
        (
            lambda d: d["decisions"][0].update(verdict="changed", reason=""),
            "history.decisions[0].reason",
        ),
        (lambda d: d["maxima"][0].update(low_kg=90.0, high_kg=60.0), "history.maxima[0].low_kg"),
        (lambda d: d["maxima"][0].update(day="2030-01-01"), "--day 2030-01-01"),
        (lambda d: d["clearance"].update(day="2030-01-01"), "--day 2030-01-01"),
        (
            lambda d: d["clearance"].update(
                findings=[{"key": "x", "weight": "blocks", "text": "No.", "source": "exam"}]
            ),
            "history.clearance.level",
        ),
        (
            lambda d: d["clearance"].update(
                overrides=[{"finding": "x", "by": "", "reason": "", "day": "2026-01-05"}]
            ),
            "history.clearance.overrides[0]",
        ),
        (lambda d: d["decisions"][0].update(maximum_kg=-5), "history.decisions[0].maximum_kg"),
        (lambda d: changed(d, by=" "), "history.sessions[1].changes[0] needs who"),
        (lambda d: changed(d, sets=0), "history.sessions[1].changes[0].sets"),
        (lambda d: changed(d, load_kg=1e9), "history.sessions[1].changes[0].load_kg"),
        (lambda d: changed(d, exercise="curl"), "history.sessions[1].changes[0].exercise"),
        (
            lambda d: d.update(outcomes=[{"measure": "falls", "value": 1.5, "day": "2026-03-01"}]),
            "history.outcomes[0].value cannot be: Falls since the last time: 1.5 is no count",
        ),
    ],
)
def test_what_is_wrong_in_a_history_is_said_in_one_sentence(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: Edit, said: str
) -> None:
    data = json.loads(example.read_text(encoding="utf-8"))
    edit(data)
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(data), encoding="utf-8")
    assert main(["propose", str(wrong), "--day", DAY, "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1"),
        (b'{"schema": 1,', "line 1, column"),
        (b"[1, 2]", "JSON object"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[" * 100_000, "nested"),
        (b"9" * 10_000, "history"),
        (b'{"schema": 1, "schema": 1}', "'schema' twice"),
        (b" " * 20_000_001, "20 MB"),
    ],
)
def test_a_file_that_is_no_history_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(content)
    assert main(["propose", str(wrong)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--day", "tomorrow"], "--day tomorrow"),
        (["--day", "2026-03-18"], "give --day 2026-03-19 or later"),
        (["--day", DAY, "--exercise", "curl"], "deadlift, back_squat"),
    ],
)
def test_options_that_cannot_be_are_refused(
    example: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["propose", str(example), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["propose", str(tmp_path / "none.json")]) == 2
    assert "none.json does not exist" in capsys.readouterr().err


@pytest.mark.parametrize("exercise", [DEADLIFT, IMPACTS])
@settings(deadline=None)
@given(data=st.data())
def test_a_history_written_and_read_is_the_same(exercise: str, data: st.DataObject) -> None:
    history = data.draw(histories(exercise))
    written = json.loads(json.dumps(history_document(history)))
    assert written["plan"] == "liftmor"
    assert history_from(written) == history


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), junk=JSON)
def test_no_document_makes_it_fail_in_another_way(
    example: Path, data: st.DataObject, junk: Any
) -> None:
    told = json.loads(example.read_text(encoding="utf-8"))
    place: Any = told
    while True:
        keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = junk
    try:
        sentence, read = "", history_from(told)
    except DocumentError as error:
        sentence, read = str(error), None
    assert "\n" not in sentence
    assert bool(sentence) == (read is None)
