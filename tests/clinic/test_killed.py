"""A killed program loses nothing that it confirmed, and leaves nothing half-written."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lift_monitor.clinic import sqlite
from lift_monitor.clinic.backup import restore
from lift_monitor.clinic.store import Clinic
from tests.clinic.records import BY, DAY

KILLS = 20
WRITER = Path(__file__).with_name("session_writer.py")
LIFTS = "from lift_monitor.clinic.store import Clinic"
RESTORES = "from lift_monitor.clinic.backup import restore"


@contextmanager
def child(root: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=root
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def kill(process: subprocess.Popen[str], after_s: float) -> list[str]:
    """Kill a process some time after its first word; give all its whole lines."""
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the writer ended before it wrote"
    time.sleep(after_s)
    process.kill()
    rest = process.stdout.read()
    return [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]


def test_twenty_killed_sessions_lose_nothing_that_was_confirmed(
    path: Path, repository: Path
) -> None:
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
    chance = random.Random(5)
    confirmed: list[list[str]] = []
    for _ in range(KILLS):
        with child(repository, "-m", "tests.clinic.session_writer", str(path)) as process:
            told = kill(process, chance.uniform(0.0, 0.12))
        confirmed += [line.split() for line in told]
        sqlite.check(path, thorough=True)
    with Clinic.open(path) as clinic:
        (session,) = clinic.sessions.open_ones()
        sets = {kept.id: kept for kept in clinic.sessions.sets(session.id)}
        for what, set_id, value in confirmed:
            kept = sets[int(set_id)]
            if what == "set":
                assert kept.new.load_kg == float(value)
            elif what == "rated":
                assert kept.ratings.rpe == int(value)
            else:
                assert not kept.repetitions[int(value)].counts
        # Whole or not at all: every set with everything that belongs to it, and its audit.
        whole = {(len(k.repetitions), len(k.new.flags), len(k.new.landings)) for k in sets.values()}
        assert whole == {(5, 1, 1)}
        written = Counter(entry.what for entry in clinic.audit.entries())
        assert written["set_added"] == len(sets)
        assert written["set_rated"] == sum(k.ratings.rpe is not None for k in sets.values())
        assert written["repetition_removed"] == sum(
            not r.counts for k in sets.values() for r in k.repetitions
        )
        assert written["session_begun"] == 1
        # At most one step each time was written and not yet told.
        assert 3 * len(sets) - len(confirmed) <= 3 * KILLS
        assert len(confirmed) >= KILLS


def test_a_clinic_that_is_killed_while_it_is_made_can_be_made_again(
    tmp_path: Path, repository: Path
) -> None:
    chance = random.Random(6)
    script = f"{LIFTS}; print('go', flush=True); Clinic.open(__import__('sys').argv[1])"
    for number in range(8):
        path = tmp_path / f"{number}.sqlite"
        with child(repository, "-c", script, str(path)) as process:
            kill(process, chance.uniform(0.0, 0.35))
        with Clinic.open(path) as clinic:
            assert clinic.people.all() == ()
        sqlite.check(path, thorough=True)


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    tmp_path: Path, path: Path, repository: Path
) -> None:
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
        backup = clinic.backup(tmp_path / "backup.sqlite")
        clinic.people.add("Teal 3", BY, DAY)
    kept = tmp_path / "kept.sqlite"
    shutil.copy(path, kept)
    chance = random.Random(7)
    script = (
        f"import sys; from pathlib import Path; {RESTORES}; print('go', flush=True); "
        "restore(Path(sys.argv[1]), Path(sys.argv[2]), by='K. Tester')"
    )
    for _ in range(10):
        shutil.copy(kept, path)
        with child(repository, "-c", script, str(backup), str(path)) as process:
            kill(process, chance.uniform(0.0, 0.08))
        with Clinic.open(path) as clinic:
            names = [person.pseudonym for person in clinic.people.all()]
        assert names in (["Heron 14", "Teal 3"], ["Heron 14"])
    for aside in tmp_path.glob("clinic.sqlite.replaced-*"):
        with closing(sqlite3.connect(aside)) as connection:
            assert connection.execute("SELECT count(*) FROM people").fetchone() == (2,)


@pytest.mark.parametrize("way", ["open", "restore"])
def test_a_file_that_was_left_in_the_middle_of_a_step_is_as_it_was_before(
    way: str, tmp_path: Path, path: Path
) -> None:
    """Killed while the file went over to or from write-ahead logging: its journal is still hot."""
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
        backup = clinic.backup(tmp_path / "backup.sqlite")
    left = tmp_path / "left" / path.name
    journal = left.with_name(f"{left.name}-journal")
    left.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE people SET pseudonym = 'half a step'")
        connection.execute("CREATE TABLE much AS SELECT zeroblob(200000) AS filling")
        shutil.copy(path, left)
        shutil.copy(path.with_name(f"{path.name}-journal"), journal)
        connection.execute("ROLLBACK")
    with (
        closing(sqlite3.connect(f"{left.as_uri()}?mode=ro", uri=True)) as reader,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        reader.execute("SELECT 1 FROM people")
    if way == "restore":
        restore(backup, left, by=BY)
    with Clinic.open(left) as clinic:
        assert [person.pseudonym for person in clinic.people.all()] == ["Heron 14"]
    assert not journal.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="looks for what a killed program leaves")
def test_what_a_killed_program_left_does_not_grow_on_the_next_one(
    path: Path, repository: Path
) -> None:
    """The journal of a killed session is folded into the file when it is opened again."""
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
    with child(repository, "-m", "tests.clinic.session_writer", str(path)) as process:
        kill(process, 0.05)
    assert path.with_name("clinic.sqlite-wal").exists()
    with Clinic.open(path):
        pass
    assert not path.with_name("clinic.sqlite-wal").exists()
