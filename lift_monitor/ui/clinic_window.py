"""The window of a clinic: people, a person, and sessions that go into the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Concatenate, Final, ParamSpec

from PySide6.QtGui import QCloseEvent

from lift_monitor.clinic.errors import BusyError, ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.sound.player import CuePlayer
from lift_monitor.station import Mode
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.next_session import NextSession
from lift_monitor.ui.people.people_page import PeoplePage
from lift_monitor.ui.people.people_rows import stopped
from lift_monitor.ui.people.person_page import PersonPage
from lift_monitor.ui.report_desk import ReportDesk, ReportWish, WriteReport
from lift_monitor.ui.session import LiveSetup, LoadedSession, OpenFile, SessionChoice
from lift_monitor.ui.stage import Stage
from lift_monitor.ui.visit_desk import VisitDesk
from lift_monitor.ui.visit_page import VisitPage
from lift_monitor.ui.window import MonitorWindow
from lift_monitor.visit.visit import Visit

_MUTED: Final = ("muted", "mode off")
"""What the sound notes when alarms are no longer heard; it goes into the audit."""
P = ParamSpec("P")


def _told(
    do: Callable[Concatenate[ClinicWindow, P], None],
) -> Callable[Concatenate[ClinicWindow, P], None]:
    """Let the banner say why the records could not be read or written."""

    @wraps(do)
    def slot(self: ClinicWindow, /, *args: P.args, **given: P.kwargs) -> None:
        try:
            do(self, *args, **given)
        except BusyError as error:
            self.banner.show_error(str(error), lambda: slot(self, *args, **given))
        except ClinicError as error:
            self.banner.show_error(str(error))

    return slot


class ClinicWindow(MonitorWindow):
    """Opens on the people of a clinic; a session of theirs goes into its record.

    Parameters
    ----------
    clinic : Clinic
        Stays its maker's.
    live : LiveSetup
    write_report : callable
    by : str
        Who is working; asked for if empty.
    open_file, theme, reduce_motion, sound
        See :class:`~lift_monitor.ui.window.MonitorWindow`.
    """

    def __init__(
        self,
        clinic: Clinic,
        *,
        live: LiveSetup,
        write_report: WriteReport,
        by: str = "",
        open_file: OpenFile | None = None,
        theme: str = "dark",
        reduce_motion: bool = False,
        sound: CuePlayer | None = None,
    ) -> None:
        super().__init__(
            live=live,
            open_file=open_file,
            theme=theme,
            reduce_motion=reduce_motion,
            sound=sound,
        )
        assert self.sensors is not None
        self.clinic = clinic
        self.people = PeoplePage(clinic, by)
        self.person: PersonPage | None = None
        """The page of the person that was chosen last."""
        self.visits = VisitPage()
        self.desk: VisitDesk | None = None
        """The session that is going on, if there is one."""
        self._next = NextSession(clinic, self.sensors.form, live.choice)
        self._warned_of: tuple[str, ...] = ()
        self.reports = ReportDesk(self, write_report, lambda: self.by)
        self._sounding.overhear = self._overhear
        self._screens.add("people", self.people)
        self._screens.add("visit", self.visits)
        self._home = "people"
        self.strip.practice = clinic.simulated
        self.transport.has_people = True
        self._connect_people()
        if clinic.backup_trouble:
            self.banner.show_error(clinic.backup_trouble)
        self._show_setup()

    def _connect_people(self) -> None:
        self.people.person_chosen.connect(self.open_person)
        self.people.by_changed.connect(self._set_by)
        self.reports.done.connect(self.banner.show_note)
        self.reports.failed.connect(self.banner.show_error)

    @property
    def by(self) -> str:
        """Who is working; empty if nobody said."""
        return self.people.by

    def _set_by(self, by: str) -> None:
        self.people.set_by(by)
        if self.person is not None:
            self.person.set_by(by)

    # -- people ---------------------------------------------------------------------------------

    @_told
    def open_person(self, person_id: int) -> None:
        """Show somebody's page."""
        page = PersonPage(self.clinic, person_id, self.by)
        page.session_asked.connect(self.prepare)
        page.decisions_asked.connect(self._decide_late)
        page.by_hand_asked.connect(self.by_hand)
        page.report_asked.connect(
            lambda number, *wish: self._ask_for_report(number, ReportWish(*wish))
        )
        page.by_changed.connect(self._set_by)
        page.left.connect(lambda: self.show_view("people"))
        self._drop_person()
        self.person = page
        self._screens.add("person", page)
        self.restyle(anew=True)
        self.show_view("person")

    def _drop_person(self) -> None:
        self.person = None
        self._screens.drop("person")

    def show_view(self, name: str) -> None:
        """See :meth:`MonitorWindow.show_view`; also ``people``, ``person`` and ``visit``."""
        if name in ("people", "person") and self.desk is not None:
            name = "clinician" if self.desk.measured else "visit"  # the session goes on
        if name == "people":
            if not self._may_leave():
                super().show_view("person")
                return
            if self.person is not None and self.person.unsaved:
                self._drop_person()  # it is lost with a word, and not asked for again
            self._next.prepare(None)
            self.people.refresh()
        super().show_view(name)
        if name == "people" and self.people.isVisibleTo(self):
            self.people.focus_first()

    def _may_leave(self) -> bool:
        """Warn once before what is filled in on a person's page is lost."""
        unsaved = self.person.unsaved if self.person is not None else ()
        if not unsaved or unsaved == self._warned_of:
            self._warned_of = ()
            return True
        self._warned_of = unsaved
        self.banner.show_error(
            tr("Something is filled in and not saved. Save it, or leave once more to lose it.")
        )
        return False

    # -- a session ------------------------------------------------------------------------------

    @_told
    def prepare(self, person_id: int) -> None:
        """Set the sensors up for somebody's session; one left open on another day ends first."""
        if self._prepared(person_id) is not None:
            self.show_view("sensors")

    def _prepared(self, person_id: int) -> Person | None:
        """Let what begins be somebody's session; if it may not, the banner says why."""
        if not self._has_said_who() or not self._may_leave() or self._ends_first(person_id):
            return None
        person = self.clinic.people.get(person_id)
        try:
            self._next.prepare(person)
        except ValueError as error:
            self.banner.show_error(str(error))
            return None
        return person

    def _ends_first(self, person_id: int) -> bool:
        """Show a session that was left open on another day, to be decided on and ended."""
        today = date.today()
        for left in self.clinic.sessions.open_ones():
            if left.person_id == person_id and left.day != today:
                self._show_end(self._open_desk(Visit.resume(self.clinic, left, self.by), None))
                self.banner.show_note(
                    tr("The session of {day} was left open: end it first.", day=left.day)
                )
                return True
        return False

    def _has_said_who(self) -> bool:
        if self.by:
            return True
        self.banner.show_note(tr("Say first who is working: every entry bears a name."))
        (self.people if self.person is None else self.person).who.ask()
        return False

    def _begin(self, choice: SessionChoice) -> None:
        desk = self.desk
        if desk is not None and not self._next.goes_on_with(desk.visit):
            self.banner.show_note(
                tr(
                    "End the session of {who} of {day} first.",
                    who=desk.visit.person.pseudonym,
                    day=desk.visit.day,
                )
            )
            self._came_to_nothing()
            return
        self._next.begin()
        super()._begin(choice)

    def _take_over(self, session: LoadedSession) -> None:
        live = session.station.mode is not Mode.REPLAY
        going_on = None if self.desk is None else self.desk.visit
        here = self._screens.shown is self.sensors
        visit = self._next.visit_of(session, going_on, self.by, waited_for=here) if live else None
        super()._take_over(session)
        if visit is None:
            if live:
                self.banner.show_note(tr("Nobody is chosen: this session goes into no record."))
        elif self.desk is not None:
            self.desk.join(self._on_stage)
            self.restyle(anew=True)
        else:
            self._open_desk(visit, self._on_stage)

    def open_path(self, path: Path) -> None:
        """See :meth:`MonitorWindow.open_path`; not in the place of a session of the programme."""
        if self.desk is not None and self.desk.measured:
            self.banner.show_note(tr("A session is being measured: end it first."))
            return
        super().open_path(path)

    def _open_desk(self, visit: Visit, stage: Stage | None) -> VisitDesk:
        self.desk = desk = VisitDesk(visit, stage)
        desk.ended.connect(self._visit_ended)
        desk.said.connect(self.banner.show_passing)
        desk.failed.connect(self.banner.show_error)
        desk.busy.connect(self.banner.show_error)
        if stage is None:
            self.visits.take(desk)
        self.restyle(anew=True)
        return desk

    @_told
    def by_hand(self, person_id: int) -> None:
        """Hold somebody's session without sensors, which may come later: all is noted by hand."""
        person = self._prepared(person_id)
        if person is not None:
            self._open_desk(Visit.begin(self.clinic, person, self.by), None)
            self.show_view("visit")

    @_told
    def _decide_late(self, person_id: int) -> None:
        """Decide on what the last session proposed."""
        attended = [s for s in self.clinic.sessions.all(person_id) if s.attended]
        history = self.clinic.history(person_id)
        if not attended and not stopped(history):
            return
        if not self._has_said_who() or not self._may_leave():
            return
        last = max(attended, key=lambda s: (s.day, s.id), default=None)
        told_since = last is not None and any(event.day > last.day for event in history.adverse)
        if last is not None and not (told_since and stopped(history)):
            visit = Visit.resume(self.clinic, last, self.by)
        else:  # what was told since the last session is decided in the next, before anything else
            visit = Visit.begin(self.clinic, self.clinic.people.get(person_id), self.by)
        self._show_end(self._open_desk(visit, None))

    def _leave_stage(self) -> None:
        desk = self.desk
        if desk is not None and self._stage is not None:
            self.visits.take(desk)
        super()._leave_stage()
        if desk is not None:
            desk.leave_station()

    def _end(self, stage: Stage) -> None:
        super()._end(stage)
        if self.desk is not None:
            self._show_end(self.desk)

    def _show_end(self, desk: VisitDesk) -> None:
        """Show what is decided and noted at the end of a session."""
        desk.flow.show_end()
        self.show_view("visit")

    def _visit_ended(self) -> None:
        desk, self.desk = self.desk, None
        if desk is None:
            return
        if self._stage is not None:
            self._stage.hear = None
            super()._end(self._stage)
        self.visits.clear()
        self._next.prepare(None)
        person = desk.visit.person
        self.open_person(person.id)
        self.banner.show_passing(tr("The session of {who} is stored.", who=person.pseudonym))

    def tick(self) -> int:
        """See :meth:`MonitorWindow.tick`; the rest goes on as well."""
        count = super().tick()
        if self.desk is not None and self._frame % 15 == 0:
            self.desk.beat()
        return count

    # -- what goes into the audit ---------------------------------------------------------------

    def _overhear(self, remark: str) -> None:
        if remark.startswith(_MUTED) and self.desk is not None:
            self._note_mute(self.desk.visit, self.by, remark)

    @_told
    def _note_mute(self, visit: Visit, by: str, remark: str) -> None:
        self.clinic.audit.note(
            by, "alarm_muted", visit.person.id, visit.session.key, after={"said": remark}
        )

    # -- the report -----------------------------------------------------------------------------

    @_told
    def _ask_for_report(self, person_id: int, wish: ReportWish) -> None:
        if not self._has_said_who():
            return
        self.reports.ask_where(self.clinic.people.get(person_id), wish)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A session that is going on stays open in the record, to be gone on with.

        What would be lost is told of once before; closed again, the window closes.
        """
        if self.desk is None and not self._may_leave():
            self.show_view("person")
            event.ignore()
            return
        if self.desk is not None and not self._is_stored(self.desk.visit):
            event.ignore()
            return
        self.reports.close()
        super().closeEvent(event)
        if self.desk is not None:
            self.desk.leave_station()

    def _is_stored(self, visit: Visit) -> bool:
        """Warn once before sets are lost that could not be stored."""
        visit.save()
        if not visit.unsaved or self._warned_of == (visit.trouble,):
            return True
        self._warned_of = (visit.trouble,)
        self.banner.show_error(
            tr(
                "Sets that are not stored yet: {n}. {why} Close once more to lose them.",
                n=visit.unsaved,
                why=visit.trouble,
            )
        )
        return False
