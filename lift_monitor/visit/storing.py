"""Putting what was measured into the store; what it refuses is kept and tried again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Person, StoredSession, StoredSet
from lift_monitor.visit.ground import Clock, Ground, time_now

TRY_AGAIN: Final = timedelta(seconds=10)
"""A store that could not be written is tried again after so long."""


class Storing(Ground):
    """Sets and names of recordings on their way into the store."""

    def __init__(
        self,
        clinic: Clinic,
        person: Person,
        session: StoredSession,
        by: str,
        clock: Clock = time_now,
    ) -> None:
        super().__init__(clinic, person, session, by, clock)
        self.trouble = ""
        """Why something is not stored yet, one sentence; empty if everything is."""
        self._unsaved: list[NewSet] = []
        self._try_from: datetime | None = None
        """A store that refuses may let one wait for seconds: it is not asked all the time."""

    @property
    def unsaved(self) -> int:
        """Sets that could not be stored yet; see :attr:`trouble`."""
        return len(self._unsaved)

    def save(self) -> tuple[StoredSet, ...]:
        """Try again to store what could not be stored; what could be now."""
        stored: list[StoredSet] = []
        while self._unsaved:
            try:
                stored.append(
                    self._clinic.sessions.add_set(self.session.id, self._unsaved[0], self.by)
                )
            except ClinicError as error:
                self._failed(error)
                break
            self._unsaved.pop(0)
            self.trouble = ""
            self._try_from = None
        if stored:
            self._look_again_at(stored)
        return tuple(stored)

    def _store(self, new: NewSet) -> tuple[StoredSet, ...]:
        """Store a set behind those that wait; what was stored by it."""
        self._unsaved.append(new)
        return self.save() if self._may_try else ()

    def _store_recording(self, name: str, at: datetime) -> bool:
        """Store the name of the session's recording; whether it could be."""
        try:
            self._clinic.sessions.add_recording(
                self.session.id, name, self._current or "", at, self.by
            )
        except ClinicError as error:
            self._failed(error)
            return False
        return True

    def _look_again_at(self, stored: Sequence[StoredSet]) -> None:
        """Read the sets anew; where they cannot be read, what was stored is known all the same."""
        try:
            self._look_again()
        except ClinicError as error:
            self._sets, self._stale = (*self._sets, *stored), True
            self.trouble = str(error)

    def _failed(self, error: ClinicError) -> None:
        self.trouble = str(error)
        self._try_from = self._clock() + TRY_AGAIN

    @property
    def _may_try(self) -> bool:
        return self._try_from is None or self._clock() >= self._try_from
