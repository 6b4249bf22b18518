"""One person's file, as the parts of the page share it: read once, written with who and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Signal

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.record import History
from lift_monitor.ui.i18n import tr


class PersonFile(QObject):
    """Reads and writes of one person; what was read stays until something is written.

    Parameters
    ----------
    clinic : Clinic
    person_id : int
    by : str
        Who is working; empty if it is not known yet: then nothing is written.
    today : callable
        The day it is.
    """

    changed = Signal()
    """Something was written."""
    by_needed = Signal()
    """Something was to be written, and nobody said who is working."""

    def __init__(
        self, clinic: Clinic, person_id: int, by: str, today: Callable[[], date] = date.today
    ) -> None:
        super().__init__()
        self.clinic, self.person_id, self.by, self.today = clinic, person_id, by, today
        self._history: History | None = None

    @property
    def person(self) -> Person:
        """The person, as the store has them now."""
        return self.clinic.people.get(self.person_id)

    @property
    def history(self) -> History:
        """All that happened."""
        if self._history is None:
            self._history = self.clinic.history(self.person_id)
        return self._history

    @property
    def plan(self) -> Plan:
        """The plan that holds."""
        return self.history.plan

    @property
    def body_mass_kg(self) -> float | None:
        """The last body mass that is known."""
        told = [(a.day, a.body_mass_kg) for a in self.clinic.care.assessments(self.person_id)]
        told += [(s.day, s.body_mass_kg) for s in self.clinic.sessions.all(self.person_id)]
        known = sorted(((day, kg) for day, kg in told if kg), key=lambda each: each[0])
        return known[-1][1] if known else None

    def renew(self) -> None:
        """Read anew at the next look."""
        self._history = None

    def write(self, do: Callable[[str], object]) -> str:
        """Let something be written; returns why it was not, in one sentence, or nothing.

        Parameters
        ----------
        do : callable
            Is given who is working; what it writes is one transaction of the store.
        """
        if not self.by:
            self.by_needed.emit()
            return tr("Nothing was saved: say first who is working, at the top right.")
        try:
            do(self.by)
        except (ClinicError, ValueError) as error:
            return str(error)
        finally:
            self.renew()
        self.changed.emit()
        return ""
