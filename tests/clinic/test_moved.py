"""The clinic's file goes away while it is open: nothing is called kept that nobody will find."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from tests.clinic.records import BY, DAY

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows lets nobody move a file that is open"
)


@pytest.mark.parametrize("how", ["removed", "moved", "replaced"])
def test_a_file_that_went_away_takes_no_write_with_it(path: Path, tmp_path: Path, how: str) -> None:
    aside, other = tmp_path / "aside.sqlite", tmp_path / "other.sqlite"
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
        clinic.backup(other)
        if how == "removed":
            path.unlink()
        else:
            path.rename(aside)
        if how == "replaced":
            shutil.copy(other, path)
        with pytest.raises(ClinicError, match="moved, removed or replaced"):
            clinic.people.add("Teal 3", BY, DAY)
        if how != "removed":
            aside.replace(path)  # it is back: the same clinic goes on
            clinic.people.add("Teal 3", BY, DAY)
    if how != "removed":
        with Clinic.open(path) as again:
            assert [person.pseudonym for person in again.people.all()] == ["Heron 14", "Teal 3"]


def test_a_link_leads_to_the_file_as_long_as_it_does(path: Path, tmp_path: Path) -> None:
    link, elsewhere = tmp_path / "link.sqlite", tmp_path / "elsewhere.sqlite"
    Clinic.open(path).close()
    Clinic.open(elsewhere).close()
    link.symlink_to(path)
    with Clinic.open(link) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
        link.unlink()
        link.symlink_to(elsewhere)
        with pytest.raises(ClinicError, match="moved, removed or replaced"):
            clinic.people.add("Teal 3", BY, DAY)


@pytest.mark.parametrize("name", ["a b", "ü 🦩", "#x", "q?m=ro", "50%", "%20", "a;b", "-x", "'a"])
def test_any_name_that_a_file_can_have_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / f"{name}.sqlite"
    path.parent.mkdir()
    with Clinic.open(path) as clinic:
        clinic.people.add("Heron 14", BY, DAY)
    with Clinic.open(path) as clinic:
        assert len(clinic.people.all()) == 1
        assert clinic.backup().exists()
    assert {each.name for each in tmp_path.iterdir()} == {name}
    assert path.exists()
