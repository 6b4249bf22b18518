"""The state of the load on a few simulated sets and on recordings of other people."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.load_real import RealRow, recordings
from benchmarks.load_simulated import LoadRow, jobs, session


@pytest.fixture(scope="module")
def rows() -> list[LoadRow]:
    return [session(job) for job in jobs(range(700, 702))]


@pytest.fixture(scope="module")
def real(shared_data: Path) -> list[RealRow]:
    return recordings(shared_data)


def test_both_edges_are_told_within_a_third_of_a_second(rows: list[LoadRow]) -> None:
    edges = [edge for row in rows for edge in row.edges]
    assert len(edges) >= 24
    assert sum(edge.near for edge in edges) >= 0.95 * len(edges)
    assert max(edge.late_s for edge in edges if edge.late_s is not None and edge.near) < 1.2


def test_hardly_an_event_tells_of_what_was_not(rows: list[LoadRow]) -> None:
    assert sum(len(row.false) for row in rows) <= 1


def test_a_bar_seen_to_rest_is_unloaded(real: list[RealRow]) -> None:
    assert sum(len(row.before) + len(row.after) for row in real) >= 1
    assert [row.file for row in real if row.missed] == []


def test_a_bar_in_the_middle_of_a_set_is_not_unloaded(real: list[RealRow]) -> None:
    usable = [row for row in real if row.grade != "broken"]
    assert len(usable) >= 30
    assert [row.file for row in usable if row.false_s > 0.0] == []
