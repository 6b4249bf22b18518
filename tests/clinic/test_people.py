"""People by pseudonym, and who they are."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity, Person
from tests.clinic.records import BY, DAY

NAME = "Wilhelmina Ostergaard-Featherstonehaugh"


def test_people_are_found_by_pseudonym_however_it_is_written(clinic: Clinic, heron: Person) -> None:
    assert clinic.people.find("  heron   14 ") == heron
    assert clinic.people.get(heron.id) == heron
    with pytest.raises(ClinicError, match="nobody called 'Teal 3'"):
        clinic.people.find("Teal 3")
    with pytest.raises(ClinicError, match="no person 99"):
        clinic.people.get(99)


@pytest.mark.parametrize(
    ("pseudonym", "said"),
    [
        ("HERON 14", "called 'Heron 14' already"),
        ("   ", "missing"),
        ("x" * 61, "61 characters"),
        ("../Heron", "file name"),
        ("Her\x07on", "file name"),
    ],
)
def test_a_pseudonym_that_cannot_be_used_is_told(
    clinic: Clinic, heron: Person, pseudonym: str, said: str
) -> None:
    with pytest.raises(ClinicError, match=said):
        clinic.people.add(pseudonym, BY, DAY)
    assert clinic.people.all() == (heron,)


def test_renaming_keeps_the_old_name_in_the_audit(clinic: Clinic, heron: Person) -> None:
    assert clinic.people.rename(heron.id, "heron 14", BY).pseudonym == "heron 14"
    clinic.people.add("Teal 3", BY, DAY)
    with pytest.raises(ClinicError, match="Teal 3"):
        clinic.people.rename(heron.id, "teal 3", BY)
    entry = clinic.audit.entries(heron.id, limit=1)[0]
    assert (entry.what, entry.before, entry.after) == (
        "person_renamed", {"pseudonym": "Heron 14"}, {"pseudonym": "heron 14"},
    )  # fmt: skip


def test_the_archived_are_kept_and_not_listed(clinic: Clinic, heron: Person) -> None:
    with pytest.raises(ClinicError, match="why"):
        clinic.people.archive(heron.id, BY, " ")
    clinic.people.archive(heron.id, BY, "moved away")
    assert clinic.people.all() == ()
    assert clinic.people.all(archived=True) == (dataclasses.replace(heron, archived=True),)
    with pytest.raises(ClinicError, match="archived"):
        clinic.people.add("Heron 14", BY, DAY)
    clinic.people.bring_back(heron.id, BY, "came back")
    assert clinic.people.all() == (heron,)


def test_a_suggested_pseudonym_is_free(clinic: Clinic) -> None:
    for _ in range(30):
        clinic.people.add(clinic.people.free_pseudonym(), BY, DAY)
    assert len(clinic.people.all()) == 30


def test_who_somebody_is_never_reaches_the_audit(clinic: Clinic, heron: Person) -> None:
    assert clinic.people.identity(heron.id) is None
    first = Identity(NAME, date(1958, 4, 1), "0123 456", "Dr. Quixley")
    second = Identity(NAME + " II", None, "elsewhere", "Dr. Quixley")
    clinic.people.set_identity(heron.id, first, BY)
    assert clinic.people.identity(heron.id) == first
    clinic.people.set_identity(heron.id, second, BY)
    assert clinic.people.identity(heron.id) == second
    clinic.people.forget_identity(heron.id, BY, "asked for it")
    assert clinic.people.identity(heron.id) is None
    entries = clinic.audit.entries(heron.id)
    assert [entry.what for entry in entries[:3]] == [
        "identity_removed", "identity_changed", "identity_added",
    ]  # fmt: skip
    told = json.dumps([dataclasses.asdict(entry) for entry in entries], default=str)
    assert not [word for word in (NAME, "Quixley", "0123", "1958") if word in told]


def test_a_forgotten_identity_is_not_left_in_the_file(path: Path) -> None:
    with Clinic.open(path) as clinic:
        heron = clinic.people.add("Heron 14", BY, DAY)
        clinic.people.set_identity(heron.id, Identity(NAME), BY)
    assert NAME.encode() in path.read_bytes()
    with Clinic.open(path) as clinic:
        clinic.people.forget_identity(heron.id, BY, "asked for it")
    assert NAME.encode() not in path.read_bytes()


def test_nothing_is_written_without_a_name(clinic: Clinic) -> None:
    with pytest.raises(ClinicError, match="who does it"):
        clinic.people.add("Heron 14", "  ", DAY)
    assert clinic.people.all() == ()
    assert clinic.audit.entries() == ()
