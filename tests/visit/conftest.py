"""A clinic in a real file, somebody who trains, and a visit that listens to a station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.station_words import Mode
from lift_monitor.visit.visit import Visit
from tests.visit import happenings
from tests.visit.happenings import BEGAN, BY, Clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.sqlite"


@pytest.fixture
def clinic(path: Path) -> Iterator[Clinic]:
    with Clinic.open(path, durable=False) as opened:
        yield opened


@pytest.fixture
def person(clinic: Clinic) -> Person:
    return happenings.trained(clinic)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def visit(clinic: Clinic, person: Person, clock: Clock) -> Visit:
    begun = Visit.begin(clinic, person, BY, clock=clock, body_mass_kg=62.0)
    begun.listen(Mode.LIVE, BEGAN)
    return begun
