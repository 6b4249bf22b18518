"""A clinic in a real file, with one person in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person, StoredSession
from tests.clinic import records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.sqlite"


@pytest.fixture
def clinic(path: Path) -> Iterator[Clinic]:
    """A clinic in a file, or in an empty database of a server where one is named.

    ``LIFT_MONITOR_TEST_DATABASE=postgresql+psycopg://... pytest tests/clinic -k "..."`` tries the
    same words on a server; everything in its database is removed.
    """
    server = os.environ.get("LIFT_MONITOR_TEST_DATABASE")
    if server:
        engine = create_engine(server)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    with Clinic.open(server or path) as opened:
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
