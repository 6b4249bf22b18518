"""Scenes of the people pages: a clinic made through its facade, and a page brought to a state."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity
from lift_monitor.practice.demo import demo_clinic
from lift_monitor.practice.people import PEOPLE
from lift_monitor.programme.assess import clearance_of
from lift_monitor.programme.clearance import Answer, Assessment
from lift_monitor.ui import tokens
from lift_monitor.ui.people.clearance_tab import ClearanceTab
from lift_monitor.ui.people.outcomes_tab import OutcomesTab
from lift_monitor.ui.people.people_page import PeoplePage
from lift_monitor.ui.people.person_page import SECTIONS, PersonPage
from lift_monitor.ui.people.plan_tab import PlanTab
from lift_monitor.ui.people.record_tab import RecordTab
from lift_monitor.ui.people.today_tab import TodayTab
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import apply_style

BY = "AB"
TRAINED = "Heron 3"
RESTRICTED = "Kestrel 13"
NEW = "Wren 4"
BLOCKED = "Teal 2"
GONE = "Plover 7"
LONG = "Great northern diver of the seven lakes beyond the hills 1234"[:60]
LONG_NAME = ("Maximiliane Wilhelmine Theodora " * 7)[:200].strip()
SESSIONS = 14

ANSWERED = {
    "recent_fracture": Answer.NO,
    "localised_back_pain": Answer.NO,
    "uncontrolled_cardiovascular": Answer.NO,
    "malignancy": Answer.NO,
    "lower_limb_surgery_or_injury": Answer.NO,
    "cognitive_impairment": Answer.NO,
    "vertebral_fracture": Answer.NO,
    "can_hip_hinge": Answer.YES,
}

NUMBERS = {"low_trauma_fractures": "0", "t_spine": "-2.1", "pain_now": "0"}

PEOPLE_SCENES = ("first_day", "who", "add", "add_taken", "people", "searched")
PERSON_SCENES = (
    *SECTIONS,
    "today_new",
    "today_blocked",
    "today_missed",
    "today_maximum",
    "today_doubt",
    "today_adverse",
    "today_home",
    "progress_impacts",
    "progress_new",
    "clearance_new",
    "clearance_wrong",
    "clearance_blocks",
    "clearance_override",
    "plan_wrong",
    "outcomes_wrong",
    "record_decisions",
    "record_new",
    "identity_shown",
    "report",
    "long",
)
SCENES = (*PEOPLE_SCENES, *PERSON_SCENES)


def make_clinic(path: Path) -> date:
    """A clinic with two people in training and some others; returns the day it is."""
    trained = [p for p in PEOPLE if p.pseudonym in (TRAINED, RESTRICTED)]
    courses = demo_clinic(path, people=trained, sessions=SESSIONS)
    today = max(day.day for course in courses for day in course.days)
    with Clinic.open(path) as clinic:
        clinic.people.add(NEW, BY, today)
        long = clinic.people.add(LONG, BY, today)
        clinic.people.set_identity(long.id, Identity(LONG_NAME, date(1958, 3, 1)), BY)
        blocked = clinic.people.add(BLOCKED, BY, today)
        found = Assessment(today, BY, **{**ANSWERED, "malignancy": Answer.YES})  # type: ignore[arg-type]
        clinic.care.add_assessment(blocked.id, found, BY)
        clinic.care.set_clearance(blocked.id, clearance_of(found, by=BY, day=today), BY)
        gone = clinic.people.add(GONE, BY, today)
        clinic.people.archive(gone.id, BY, "moved away")
    return today


@dataclass
class Scene:
    """A page on its ground, with the clinic behind it."""

    host: QWidget
    page: PeoplePage | PersonPage
    clinic: Clinic

    def close(self) -> None:
        """Take it down."""
        self.host.close()
        self.host.deleteLater()
        self.clinic.close()


def stage(page: QWidget, theme: str, size: tuple[int, int], factor: float = 1.0) -> QWidget:
    """Put a page on the ground of a window of a size; ``factor`` enlarges the type."""
    host = QWidget()
    host.setObjectName("ground")
    scale = min(size[0] / 1920, size[1] / 1080)
    scale = min(max(round(scale * 20) / 20, 0.7), 2.0) * factor
    style = Style(tokens.THEMES[theme], scale)
    column = QVBoxLayout(host)
    gap = style.px(tokens.GAP)
    column.setContentsMargins(gap, gap, gap, gap)
    column.addWidget(page)
    host.setStyleSheet(style.sheet())
    apply_style(host, style)
    host.resize(*size)
    host.show()
    settle()
    return host


def settle() -> None:
    """Let layouts come to rest."""
    for _ in range(4):
        QApplication.processEvents()


def open_scene(
    scene: str,
    made: Path,
    today: date,
    folder: Path,
    *,
    theme: str = "dark",
    size: tuple[int, int] = (1280, 720),
    factor: float = 1.0,
) -> Scene:
    """Bring a page to a scene, on a copy of a clinic.

    Parameters
    ----------
    scene : str
        One of :data:`SCENES`.
    made, today
        Of :func:`make_clinic`.
    folder : Path
        For the copy.
    theme, size, factor
        See :func:`stage`.
    """
    path = folder / f"{scene}.sqlite"
    if scene != "first_day":
        shutil.copy(made, path)
    clinic = Clinic.open(path, backups=None)
    by = "" if scene in ("who", "first_day") else BY
    page: PeoplePage | PersonPage
    if scene in PEOPLE_SCENES:
        page = PeoplePage(clinic, by, lambda: today)
    else:
        person = clinic.people.find(_person_of(scene))
        page = PersonPage(clinic, person.id, by, lambda: today)
        page.show_section(scene.split("_")[0] if scene.split("_")[0] in SECTIONS else "today")
    host = stage(page, theme, size, factor)
    act = _ACTS.get(scene)
    if act is not None:
        act(page)
    settle()
    return Scene(host, page, clinic)


def _person_of(scene: str) -> str:
    if scene == "long":
        return LONG
    if scene.endswith("_new"):
        return NEW
    if scene == "today_blocked":
        return BLOCKED
    return RESTRICTED if scene == "clearance" else TRAINED


# -- what is done on a page ----------------------------------------------------------------------


def clearance(page: PeoplePage | PersonPage) -> ClearanceTab:
    """The section of clearance and assessment."""
    assert isinstance(page, PersonPage)
    found = page.section("clearance")
    assert isinstance(found, ClearanceTab)
    return found


def today_tab(page: PeoplePage | PersonPage) -> TodayTab:
    """The section of today."""
    assert isinstance(page, PersonPage)
    found = page.section("today")
    assert isinstance(found, TodayTab)
    return found


def plan_tab(page: PeoplePage | PersonPage) -> PlanTab:
    """The section of the plan."""
    assert isinstance(page, PersonPage)
    found = page.section("plan")
    assert isinstance(found, PlanTab)
    return found


def outcomes_tab(page: PeoplePage | PersonPage) -> OutcomesTab:
    """The section of outcomes."""
    assert isinstance(page, PersonPage)
    found = page.section("outcomes")
    assert isinstance(found, OutcomesTab)
    return found


def answer_all(tab: ClearanceTab) -> None:
    """Answer what decides on the level, all in favour."""
    for key, answer in ANSWERED.items():
        tab.form.answers[key].options.buttons[answer.value].click()
    for key, typed in NUMBERS.items():
        tab.form.numbers[key].set_text(typed)


def _add(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PeoplePage)
    page.add.click()
    page.form.with_identity.click()


def _add_taken(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PeoplePage)
    page.add.click()
    page.form.pseudonym.set_text(TRAINED)
    page.form.add.click()


def _search(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PeoplePage)
    page.archived.click()
    page.search.setText("er")


def _home(page: PeoplePage | PersonPage) -> None:
    tab = plan_tab(page)
    tab.kind.buttons["home"].click()
    tab.reason.set_text("no supervision for some weeks")
    tab.save.click()
    assert isinstance(page, PersonPage)
    page.show_section("today")


def _wrong_assessment(page: PeoplePage | PersonPage) -> None:
    tab = clearance(page)
    tab.form.numbers["age_years"].set_text("sixty")
    tab.form.numbers["height_cm"].set_text("1.62")
    tab.save()


def _block(page: PeoplePage | PersonPage) -> None:
    tab = clearance(page)
    for key in ("malignancy", "vertebral_fracture"):
        tab.form.answers[key].options.buttons["yes"].click()


def _override(page: PeoplePage | PersonPage) -> None:
    _block(page)
    row = clearance(page).rows[0]
    row.button.click()
    row.confirm.click()


def _wrong_plan(page: PeoplePage | PersonPage) -> None:
    tab = plan_tab(page)
    tab.rows[0].numbers["low_pct"].set_text("90")
    tab.rows[1].numbers["sets"].set_text("five")
    tab.save.click()


def _wrong_outcome(page: PeoplePage | PersonPage) -> None:
    tab = outcomes_tab(page)
    tab.value.set_text("8.76")
    tab.save.click()


def _decisions(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PersonPage)
    record = page.section("record")
    assert isinstance(record, RecordTab)
    record.kinds.buttons[2].click()


def _impacts(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PersonPage)
    page.section("progress").exercises.buttons[-1].click()  # type: ignore[attr-defined]


def _doubtful(page: PeoplePage | PersonPage) -> None:
    tab = today_tab(page)
    tab.buttons["maximum"].click()
    form = tab.forms["maximum"]
    form.load.set_text("290")  # type: ignore[attr-defined]
    form.keep.click()
    form.doubt.right.click()  # type: ignore[attr-defined]


def _identity(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PersonPage)
    page.section("identity").show_it.click()  # type: ignore[attr-defined]


def _report(page: PeoplePage | PersonPage) -> None:
    assert isinstance(page, PersonPage)
    page.report.click()


_ACTS: dict[str, Callable[[PeoplePage | PersonPage], None]] = {
    "add": _add,
    "add_taken": _add_taken,
    "searched": _search,
    "today_missed": lambda page: today_tab(page).buttons["missed"].click(),
    "today_maximum": lambda page: today_tab(page).buttons["maximum"].click(),
    "today_doubt": _doubtful,
    "today_adverse": lambda page: today_tab(page).buttons["adverse"].click(),
    "today_home": _home,
    "progress_impacts": _impacts,
    "clearance_wrong": _wrong_assessment,
    "clearance_blocks": _block,
    "clearance_override": _override,
    "plan_wrong": _wrong_plan,
    "outcomes_wrong": _wrong_outcome,
    "record_decisions": _decisions,
    "identity_shown": _identity,
    "report": _report,
}


_MADE: dict[str, tuple[Path, date]] = {}


def made_once(folder: Path) -> tuple[Path, date]:
    """A clinic of :func:`make_clinic` that is made once in a process, and the day it is."""
    if "clinic" not in _MADE:
        path = folder / "clinic.sqlite"
        _MADE["clinic"] = (path, make_clinic(path))
    return _MADE["clinic"]
