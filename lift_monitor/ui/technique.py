"""The technique list: flags of the trunk and hard landings, apart from technical faults."""

from __future__ import annotations

from lift_monitor.samples import Role
from lift_monitor.ui.i18n import exercise_name, tr
from lift_monitor.ui.limits import is_lost
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.notes import Note, NotesPanel
from lift_monitor.ui.readings import Alarm, Level
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL
from lift_monitor.ui.trunk_wording import alarm_detail, alarm_title, kind_name, priority_mark


def alarm_note(alarm: Alarm) -> Note:
    """An alarm as an entry of the list; what is over keeps its shape and loses its colour."""
    number = alarm.set_number if alarm.shown_set is None else alarm.shown_set
    where = tr("set {n}", n=number) if number is not None else ""
    before = "" if alarm.exercise is None else exercise_name(alarm.exercise)
    return Note(
        shape=SHAPE_OF_LEVEL[alarm.level],
        role=ROLE_OF_LEVEL[alarm.level],
        title=f"{priority_mark(alarm)} {alarm_title(alarm)}"
        if alarm.active
        else alarm_title(alarm),
        state=where if not alarm.active else tr("NOW"),
        text=alarm_detail(alarm) if alarm.active else before,
        loud=alarm.active,
        over=not alarm.active,
        at_s=alarm.start_s,
    )


def landings_watched(model: SessionModel) -> bool:
    """Whether the sensor that measures landings sends: on the pelvis, else on the thorax."""
    found = {s.role: s for s in model.status.sensors} if model.status is not None else {}
    lander = found.get(Role.PELVIS, found.get(Role.THORAX))
    return lander is not None and lander.age_s is not None and not is_lost(lander)


class TechniquePanel(NotesPanel):
    """Alarms that are active by rank, then those of before, newest first."""

    def __init__(self) -> None:
        super().__init__(tr("Technique"), "")

    def show_model(self, model: SessionModel) -> None:
        """Show what was flagged; without an angle or a limit nothing can be: it is said."""
        reading = model.spine()
        watched = reading is not None and reading.value is not None
        if model.landing_session:
            watched = landings_watched(model)
        if reading is not None and reading.value is not None and reading.level is Level.INFO:
            what = kind_name(reading.kind).lower()
            self.show_calm(tr("– No limit set for {what}", what=what), "muted")
        elif watched:
            self.show_calm(tr("○ No flag"), "muted")
        elif model.landing_session:
            self.show_calm(tr("– Landings not watched now"), "muted")
        else:
            self.show_calm(tr("– Spine not watched now"), "muted")
        self.show_notes([alarm_note(alarm) for alarm in model.alarms()])
