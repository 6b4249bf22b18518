"""The window's thread and workers share one clinic."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from lift_monitor.clinic import sqlite
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Ratings
from tests.clinic.records import AT, BY, DAY, new_set
from tests.patience import PATIENCE_S


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite lets whoever waits in at random; eight at a slow disk wait longer than a person."""
    monkeypatch.setattr(sqlite, "BUSY_S", PATIENCE_S)


def test_many_threads_write_and_read_one_clinic(clinic: Clinic) -> None:
    def train(number: int) -> tuple[int, int]:
        person = clinic.people.add(f"Heron {number}", BY, DAY)
        session = clinic.sessions.begin(person.id, AT, BY)
        for one in range(1, 11):
            stored = clinic.sessions.add_set(session.id, new_set(one, load_kg=float(number)), BY)
            clinic.sessions.rate(stored.id, Ratings(rpe=6 + one), BY)
            seen = clinic.history(person.id).sessions[0].sets
            assert [record.rpe for record in seen] == list(range(7, 7 + one))
        return person.id, session.id

    with ThreadPoolExecutor(8) as pool:
        trained = list(pool.map(train, range(1, 9)))
    for number, (person_id, session_id) in enumerate(trained, start=1):
        kept = clinic.sessions.sets(session_id)
        assert {each.new.load_kg for each in kept} == {float(number)}
        assert len(kept) == len(clinic.history(person_id).sessions[0].sets) == 10
    assert len(clinic.audit.entries()) == 8 * (1 + 1 + 20)


def test_edits_of_one_set_from_many_threads_all_count(clinic: Clinic) -> None:
    person = clinic.people.add("Heron 14", BY, DAY)
    session = clinic.sessions.begin(person.id, AT, BY)
    stored = clinic.sessions.add_set(session.id, new_set(), BY)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: clinic.sessions.add_repetition(stored.id, BY), range(24)))
    assert clinic.sessions.get_set(stored.id).counted == 29
    assert clinic.history(person.id).sessions[0].sets[0].repetitions == 29
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: clinic.sessions.undo(stored.id, BY), range(24)))
    assert clinic.sessions.get_set(stored.id).counted == 5
