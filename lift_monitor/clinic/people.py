"""People, by pseudonym; who they are is kept in a table of its own."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Ledger, needed, one, require_day
from lift_monitor.clinic.text import clean_text, quoted
from lift_monitor.clinic.words import Identity, Person

LONGEST: Final = 60
"""Characters of a pseudonym."""
_NOT_IN_NAMES: Final = frozenset('/\\:*?"<>|')
_BIRDS: Final = (
    "Avocet", "Bittern", "Bunting", "Chough", "Crane", "Curlew", "Dipper", "Dunlin", "Egret",
    "Falcon", "Finch", "Gannet", "Godwit", "Grebe", "Harrier", "Heron", "Hoopoe", "Ibis", "Jay",
    "Kestrel", "Kingfisher", "Kite", "Lapwing", "Lark", "Linnet", "Martin", "Merlin", "Nuthatch",
    "Oriole", "Osprey", "Ouzel", "Owl", "Petrel", "Pipit", "Plover", "Puffin", "Quail", "Raven",
    "Redstart", "Robin", "Sandpiper", "Shrike", "Siskin", "Skylark", "Snipe", "Sparrow",
    "Starling", "Stork", "Swallow", "Swift", "Teal", "Tern", "Thrush", "Turnstone", "Wagtail",
    "Warbler", "Wigeon", "Wren", "Wryneck",
)  # fmt: skip


class People(Ledger):
    """Everybody in the clinic."""

    def add(self, pseudonym: str, by: str, since: date) -> Person:
        """Take somebody in.

        Raises
        ------
        ClinicError
            If the pseudonym is taken or cannot be used.
        """
        name = clean_pseudonym(pseudonym)
        require_day(since, "The first day")
        with self.writing(by) as write:
            _require_free(write.connection, name)
            person_id = write.insert(
                schema.people, pseudonym=name, folded=_folded(name), since=since, archived=False
            )
            write.audit("person_added", person_id, name, after={"pseudonym": name, "since": since})
        return Person(person_id, name, since)

    def all(self, archived: bool = False) -> tuple[Person, ...]:
        """Everybody by pseudonym; those who were archived only if asked for."""
        query = select(schema.people).order_by(schema.people.c.folded)
        if not archived:
            query = query.where(schema.people.c.archived.is_(False))
        return self.each(query, _person)

    def get(self, person_id: int) -> Person:
        """Somebody by number.

        Raises
        ------
        ClinicError
            If there is nobody of that number.
        """
        with self.reading() as connection:
            return _person(one(connection, schema.people, person_id, "person"))

    def find(self, pseudonym: str) -> Person:
        """Somebody by pseudonym, large or small letters alike.

        Raises
        ------
        ClinicError
            If there is nobody of that name.
        """
        wanted = clean_text(pseudonym)
        folded = _folded(" ".join(unicodedata.normalize("NFC", wanted).split()))
        query = select(schema.people).where(schema.people.c.folded == folded)
        found = self.each(query, _person)
        if not found:
            raise ClinicError(
                f"There is nobody called {quoted(pseudonym)} in {self._where}; lift-monitor people "
                "lists everybody."
            )
        return found[0]

    def rename(self, person_id: int, pseudonym: str, by: str) -> Person:
        """Give somebody another pseudonym.

        Raises
        ------
        ClinicError
            If it is taken or cannot be used.
        """
        name = clean_pseudonym(pseudonym)
        with self.writing(by) as write:
            old = _person(one(write.connection, schema.people, person_id, "person"))
            if _folded(name) != _folded(old.pseudonym):
                _require_free(write.connection, name)
            write.connection.execute(
                update(schema.people)
                .where(schema.people.c.id == person_id)
                .values(pseudonym=name, folded=_folded(name))
            )
            write.audit(
                "person_renamed",
                person_id,
                name,
                before={"pseudonym": old.pseudonym},
                after={"pseudonym": name},
            )
        return self.get(person_id)

    def archive(self, person_id: int, by: str, reason: str) -> Person:
        """Put somebody's records away; they are kept, and no longer listed.

        Raises
        ------
        ClinicError
            Without a reason.
        """
        return self._put(person_id, by, reason, archived=True)

    def bring_back(self, person_id: int, by: str, reason: str) -> Person:
        """List somebody again who was archived.

        Raises
        ------
        ClinicError
            Without a reason.
        """
        return self._put(person_id, by, reason, archived=False)

    def identity(self, person_id: int) -> Identity | None:
        """Who somebody is; ``None`` if nobody wrote it down."""
        table = schema.identities
        found = self.each(select(table).where(table.c.person_id == person_id), _identity)
        return found[0] if found else None

    def set_identity(self, person_id: int, identity: Identity, by: str) -> None:
        """Write down who somebody is; the audit learns that, never the name itself.

        Raises
        ------
        ClinicError
            Without a name.
        """
        name = needed(identity.name, "An identity needs a name.")
        require_day(identity.born, "The day of birth")
        table = schema.identities
        with self.writing(by) as write:
            person = _person(one(write.connection, schema.people, person_id, "person"))
            gone = write.connection.execute(delete(table).where(table.c.person_id == person_id))
            write.connection.execute(
                insert(table).values(
                    person_id=person_id,
                    name=name,
                    born=identity.born,
                    contact=clean_text(identity.contact).strip(),
                    referrer=clean_text(identity.referrer).strip(),
                )
            )
            what = "identity_changed" if gone.rowcount else "identity_added"
            write.audit(what, person_id, person.pseudonym)

    def forget_identity(self, person_id: int, by: str, reason: str) -> None:
        """Remove who somebody is; the records under the pseudonym stay.

        Raises
        ------
        ClinicError
            Without a reason.
        """
        why = needed(reason, "Removing an identity needs a reason.")
        table = schema.identities
        with self.writing(by) as write:
            person = _person(one(write.connection, schema.people, person_id, "person"))
            write.connection.execute(delete(table).where(table.c.person_id == person_id))
            write.audit("identity_removed", person_id, person.pseudonym, reason=why)

    def free_pseudonym(self) -> str:
        """Suggest a pseudonym that nobody has: a bird and a number, by chance."""
        taken = set(self.each(select(schema.people.c.folded), lambda row: str(row["folded"])))
        highest = 99
        while True:
            for _ in range(50):
                name = f"{secrets.choice(_BIRDS)} {1 + secrets.randbelow(highest)}"
                if _folded(name) not in taken:
                    return name
            highest *= 10

    def _put(self, person_id: int, by: str, reason: str, *, archived: bool) -> Person:
        what = "archived" if archived else "brought back"
        why = needed(reason, f"Say why this person is {what}.")
        with self.writing(by) as write:
            old = _person(one(write.connection, schema.people, person_id, "person"))
            if archived:
                _require_no_open_session(write.connection, old)
            write.connection.execute(
                update(schema.people)
                .where(schema.people.c.id == person_id)
                .values(archived=archived)
            )
            write.audit(
                "person_archived" if archived else "person_brought_back",
                person_id,
                old.pseudonym,
                before={"archived": old.archived},
                after={"archived": archived},
                reason=why,
            )
        return self.get(person_id)


def clean_pseudonym(pseudonym: str) -> str:
    """A pseudonym as it is kept: single spaces, composed letters.

    Raises
    ------
    ClinicError
        If it is empty, too long, or has characters that a file name could not have.
    """
    name = " ".join(unicodedata.normalize("NFC", pseudonym).split())
    if not name:
        raise ClinicError("A pseudonym is missing; the software can suggest one.")
    if len(name) > LONGEST:
        raise ClinicError(f"The pseudonym has {len(name)} characters; {LONGEST} are the most.")
    for letter in name:
        if letter in _NOT_IN_NAMES or unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn"):
            raise ClinicError(
                f"The pseudonym has the character {letter!r}, which a file name cannot have; "
                "leave it out."
            )
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _require_free(connection: Connection, name: str) -> None:
    query = select(schema.people).where(schema.people.c.folded == _folded(name))
    found = connection.execute(query).mappings().first()
    if found is not None:
        archived = ", who is archived" if found["archived"] else ""
        raise ClinicError(
            f"Somebody is called {found['pseudonym']!r} already{archived}; choose another."
        )


def _require_no_open_session(connection: Connection, person: Person) -> None:
    table = schema.training_sessions
    query = select(table.c.id).where(
        table.c.person_id == person.id, table.c.attended.is_(True), table.c.ended_at.is_(None)
    )
    if connection.execute(query).first() is not None:
        raise ClinicError(f"{person.pseudonym} has a session that was not ended; end it first.")


def _identity(row: RowMapping) -> Identity:
    return Identity(row["name"], row["born"], row["contact"], row["referrer"])


def _person(row: RowMapping) -> Person:
    return Person(row["id"], row["pseudonym"], row["since"], row["archived"])
