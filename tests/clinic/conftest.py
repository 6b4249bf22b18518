"""A clinic in a real file, with one person in it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person, StoredSession
from tests.clinic import records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.sqlite"


@pytest.fixture
def clinic(path: Path) -> Iterator[Clinic]:
    with Clinic.open(path) as opened:
        yield opened


@pytest.fixture
def heron(clinic: Clinic) -> Person:
    return clinic.people.add("Heron 14", records.BY, records.DAY)


@pytest.fixture
def session(clinic: Clinic, heron: Person) -> StoredSession:
    return clinic.sessions.begin(heron.id, records.AT, records.BY, 62.5)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB; skipped where none can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no small disk can be mounted here ({error})")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
