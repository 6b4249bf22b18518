"""Whose session begins on the Sensors page, and whether what was made still is theirs."""

from __future__ import annotations

from datetime import date

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.station import Mode
from lift_monitor.ui.begin_form import BeginForm
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.person_choice import first_choice, keep_limits
from lift_monitor.ui.session import LoadedSession, SessionChoice
from lift_monitor.visit.visit import Visit


class NextSession:
    """Somebody's session that is prepared and begun; nobody's at first.

    Parameters
    ----------
    clinic : Clinic
    form : BeginForm
        Shows what will begin.
    choice : SessionChoice
        What it shows of a session without a person.
    """

    def __init__(self, clinic: Clinic, form: BeginForm, choice: SessionChoice) -> None:
        self._clinic, self._form, self._choice = clinic, form, choice
        self._whose: Person | None = None
        self._begun_for: Person | None = None
        """Whose session is being made: whoever is prepared by then may be somebody else."""

    def prepare(self, whose: Person | None) -> None:
        """Let what begins be somebody's session, or nobody's.

        Raises
        ------
        ValueError
            With one sentence, if nothing may be done by them today.
        ClinicError
            If the records cannot be read.
        """
        if whose is None and self._whose is None:
            return  # what was typed for a session without a person stays
        choice = self._choice
        if whose is not None:
            choice = first_choice(self._clinic, whose, date.today())
        self._whose = whose
        self._form.set_choice(choice)
        self._form.keep_alias(whose is not None)

    def begin(self) -> None:
        """What is made from here on is the session of whoever is prepared now."""
        self._begun_for = self._whose

    def goes_on_with(self, visit: Visit) -> bool:
        """Whether what begins belongs to a session that is going on."""
        whose, today = self._whose, visit.day == date.today()
        return today and not visit.over and whose is not None and whose.id == visit.person.id

    def visit_of(
        self, session: LoadedSession, going_on: Visit | None, by: str, *, waited_for: bool
    ) -> Visit | None:
        """The session of the programme to which a measured one belongs, if to any.

        Parameters
        ----------
        session : LoadedSession
        going_on : Visit, optional
            What it belongs to if it is anybody's; else one begins.
        by : str
            Who is working.
        waited_for : bool
            Whether the page on which it was begun is still on the screen.

        Raises
        ------
        ValueError
            If the clinician went on to something else while it was made, or the records say no.
        """
        whose, station = self._begun_for, session.station
        now = None if self._whose is None else self._whose.id
        if not waited_for or now != (whose and whose.id):
            who = tr("Nobody") if whose is None else whose.pseudonym
            raise ValueError(
                tr(
                    "{who}: the session did not begin, because you left it meanwhile; "
                    "begin it once more.",
                    who=who,
                )
            )
        if whose is None:
            return None
        if station.mode is Mode.SIMULATED and not self._clinic.simulated:
            raise ValueError(
                tr("Emulated sensors must not write into the record of people who may be real.")
            )
        try:
            keep_limits(self._clinic, whose, station.config, by)
            if going_on is not None:
                return going_on
            mass_kg = station.config.body_mass_kg
            return Visit.begin(self._clinic, whose, by, body_mass_kg=mass_kg)
        except ClinicError as error:
            raise ValueError(str(error)) from error
