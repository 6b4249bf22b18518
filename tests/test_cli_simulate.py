"""``lift-monitor simulate`` with a trunk, and of landings; what it wrote is analysed again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lift_monitor.cli import main
from lift_monitor.drivers.simulated import TRUNK_CALIBRATION, shipped_sessions
from lift_monitor.recordings.container import Recording
from lift_monitor.samples import Role


def _analysed(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["analyze", str(path), "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_a_trunk_is_simulated_with_its_calibration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "press.mcap"
    words = ["--exercise", "overhead_press", "--sets", "1", "--reps", "2", "--trunk"]
    assert main(["simulate", str(out), *words]) == 0
    recording = Recording.open(out)
    assert {info.role for info in recording.sensors} == set(Role)
    assert [remark.kind for remark in recording.annotations] == [TRUNK_CALIBRATION]


def test_landings_are_simulated_and_found_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drops.mcap"
    words = ["--exercise", "drop_landing", "--sets", "1", "--reps", "3", "--rate", "200"]
    assert main(["simulate", str(out), *words]) == 0
    recording = Recording.open(out)
    assert {info.role for info in recording.sensors} == {Role.PELVIS, Role.THORAX}
    assert recording.session.body_mass_kg == 65.0
    assert len(_analysed(out, capsys)["landings"]) == 3


def test_the_sample_of_a_trunk_shows_its_flags_under_load(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sample,) = (s for s in shipped_sessions() if s.name == "deadlift_trunk")
    session = sample.simulate()
    assert session.trunk is not None
    document = _analysed(repository / "recordings" / "deadlift_trunk.mcap", capsys)
    flags = [f for f in document["flags"] if f["kind"] == "lumbar_flexion"]
    assert sorted(f["severity"] for f in flags) == ["amber", "amber", "red"]
    assert all(f["under_load"] and f["confidence"] == "high" for f in flags)
    (borne, *_) = session.truth.borne_spans()
    true = session.trunk.episodes(10.0, 0.3)
    for episode in true:
        assert any(
            abs(f["start_s"] - episode.start_s) < 0.7 and f["end_s"] > borne[0] for f in flags
        )
    assert not document["landings"]


def test_the_sample_of_landings_is_analysed_as_it_was(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sample,) = (s for s in shipped_sessions() if s.name == "drop_landings")
    document = _analysed(repository / "recordings" / "drop_landings.mcap", capsys)
    landings = document["landings"]
    true = sample.simulate().landings
    assert len(landings) == len(true) == 8
    for told, landing in zip(landings, true, strict=True):
        assert told["contact_s"] == pytest.approx(landing.contact_s + 0.015, abs=0.02)
        assert told["peak_grf_bw"] == pytest.approx(landing.peak_grf_bw, abs=0.4)
    assert not document["sets"]
