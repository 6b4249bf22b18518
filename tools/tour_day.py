"""What a clinician does on the first day, step by step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from lift_monitor.report.gather import gather
from lift_monitor.report.pdf import pictures
from lift_monitor.sensors.calibration_guide import GuideState, Pose
from lift_monitor.sensors.words import StepState
from lift_monitor.ui.clinic_window import ClinicWindow
from lift_monitor.ui.people.person_page import PersonPage
from lift_monitor.ui.sensors_page import SensorsPage
from lift_monitor.ui.stage import Stage
from lift_monitor.ui.visit_desk import VisitDesk
from tools.tour_album import Album
from tools.tour_lifter import TourLifter

_ANSWERS = (
    "Vertebral fracture, known or seen on an image",
    "Any fracture within the last twelve months",
    "Localised back pain",
    "Uncontrolled cardiovascular disease",
    "Malignancy",
    "Lower-limb joint surgery or injury",
    "Cognitive impairment",
)
_NUMBERS = (
    ("Age", "66"),
    ("Body mass", "63"),
    ("Height", "162"),
    ("Fractures, low trauma", "0"),
    ("T-score, lumbar spine", "-2.4"),
    ("T-score, femoral neck", "-1.9"),
    ("T-score, total hip", "-1.6"),
    ("Pain now", "0"),
    ("Five times sit-to-stand", "13.2"),
    ("Timed up and go", "8.4"),
)
_CALIBRATES_S = 150.0
_SET_S = 150.0


class FirstDay:
    """Lives through it.

    Parameters
    ----------
    window : ClinicWindow
    album : Album
    lifter : TourLifter
    folder : Path
        Where the report is written.
    """

    def __init__(
        self, window: ClinicWindow, album: Album, lifter: TourLifter, folder: Path
    ) -> None:
        self._window, self._album, self._lifter = window, album, lifter
        self._hand = album.hand
        self._folder = folder

    def live(self) -> None:
        """The whole day."""
        self._take_somebody_in()
        self._assess()
        self._plan()
        self._set_up()
        self._calibrate()
        self._first_set()
        self._second_set()
        self._by_hand()
        self._decide()
        self._print()

    # -- before the session ------------------------------------------------------------------

    @property
    def _person(self) -> PersonPage:
        assert self._window.person is not None
        return self._window.person

    def _take_somebody_in(self) -> None:
        hand, album = self._hand, self._album
        album.take(
            "An empty clinic",
            "The window asks who is working: every entry in the record bears that name.",
        )
        hand.write("Clinician: initials or name", "A. Brown")
        hand.press("That is me")
        hand.press("Add the first person")
        hand.press("Keep who this person is, apart")
        form = self._window.people.form
        hand.write("Name", "Margaret Elspeth Holloway-Fitzgerald", form)
        hand.write("Born", "1960-03-14", form)
        hand.write("Referring practice", "Riverside Surgery", form)
        album.take(
            "Somebody is taken in",
            "A pseudonym is suggested; it is what screens, files and recordings show. Who "
            "the person is, is optional and kept apart.",
        )
        hand.press("Add this person")
        album.take(
            "A new person",
            "Nothing is prescribed to somebody who is not assessed, and no session begins.",
        )

    def _assess(self) -> None:
        hand, album = self._hand, self._album
        hand.press("Clearance")
        tab = self._person.section("clearance")
        for caption, typed in _NUMBERS:
            hand.write(caption, typed, tab)
        album.take(
            "Assessment, half way",
            "What was not asked is not taken for no: open questions block, and the findings"
            " say so while one types.",
        )
        for question in _ANSWERS:
            hand.press(f"{question}: No", tab)
        hand.press("Blood work seen: Yes", tab)
        hand.press("Can hinge at the hip with a straight back: Yes", tab)
        album.take(
            "Assessed",
            "With every question answered, the software proposes a level.",
        )
        hand.press("Save assessment and clearance")
        album.take(
            "Cleared",
            "The clinician has decided; name and day are kept with it.",
        )

    def _plan(self) -> None:
        hand, album = self._hand, self._album
        hand.press("Plan")
        album.take(
            "The plan",
            "LIFTMOR is the plan that ships. Every number of it can be changed; what would "
            "be senseless or dangerous is refused with a sentence.",
        )
        hand.press("Today")
        album.take(
            "Today",
            "What is to be done today, with what is on the bar. Everybody begins with "
            "familiarisation.",
        )

    # -- the session -------------------------------------------------------------------------

    @property
    def _sensors(self) -> SensorsPage:
        assert self._window.sensors is not None
        return self._window.sensors

    @property
    def _stage(self) -> Stage:
        assert self._window.stage is not None
        return self._window.stage

    @property
    def _desk(self) -> VisitDesk:
        assert self._window.desk is not None
        return self._window.desk

    def _set_up(self) -> None:
        hand, album = self._hand, self._album
        hand.press("Begin session")
        page = self._sensors
        hand.wait(lambda: page.look().steps[1].state is StepState.DONE, "the sensors to be found")
        album.take(
            "Sensors found",
            "The check list leads through the set-up; a session cannot silently begin with "
            "a step left out.",
        )
        for key in ("connected", "still", "tap"):
            if _step(page, key) is not StepState.DONE:
                hand.press(page.checklist.rows[key].button.accessibleName())
            hand.wait(lambda key=key: _step(page, key) is StepState.DONE, key)  # type: ignore[misc]
        album.take(
            "Sensors checked",
            "All checks are done. The form shows what is prescribed.",
        )
        hand.press("Begin the session")
        hand.wait(lambda: self._window.desk is not None, "the session to begin")

    def _calibrate(self) -> None:
        hand, album = self._hand, self._album
        stage = self._stage
        hand.wait(lambda: stage.calibration.isVisible(), "the page of the calibration")
        page, guide = stage.calibration, stage.calibration.flow.guide
        hand.press("Go on", None) if page.main.accessibleName() == "Go on" else hand.press(
            page.main.text()
        )
        hand.wait(
            lambda: guide.state is GuideState.MEASURING and guide.step.pose is Pose.HINGE,
            "the hinge",
            _CALIBRATES_S,
        )
        hand.pause(1.5)
        album.take(
            "Calibration",
            "Stand, hinge once at the hips, stand again: the trunk sensors learn how they sit.",
        )
        hand.wait(lambda: bool(page.flow.now.roles), "the calibration", _CALIBRATES_S)
        hand.pause(1.0)
        album.take(
            "Calibrated",
            "The answer says what stands, and how far it can be trusted.",
        )
        if page.isVisible():
            hand.press(page.main.text())

    def _first_set(self) -> None:
        hand, album = self._hand, self._album
        model = self._stage.model
        hand.wait(
            lambda: model.current is not None and len(model.current.repetitions) >= 3,
            "three repetitions",
            _SET_S,
        )
        album.take(
            "The first set",
            "Today's exercises on the left, the set in the middle, the spine on the right. "
            "The third repetition is done with the back somewhat bent: amber.",
        )
        hand.wait(lambda: bool(self._desk.visit.sets()), "the set to end", _SET_S)
        hand.pause(0.5)
        album.take(
            "Rest: two taps",
            "As soon as the set has ended, it is in the record. Exertion and pain are asked"
            " for; the rest runs; the next set with its plates stands ready.",
        )
        rating = self._desk.flow.rest.rating
        hand.press("12", rating.rpe)
        hand.press("0", rating.pain)
        album.take(
            "Answered",
            "Two taps. Each can be changed until the session ends.",
        )

    def _second_set(self) -> None:
        hand, album = self._hand, self._album
        model = self._stage.model
        hand.wait(lambda: self._desk.visit.open_set is not None, "the second set", _SET_S)
        hand.wait(
            lambda: model.current is not None and len(model.current.repetitions) >= 4,
            "four repetitions",
            _SET_S,
        )
        hand.pause(0.5)
        album.take(
            "A bent back",
            "The fourth repetition of the second set: red. The cue says what to do, and the"
            " table and the list keep it.",
        )
        self._lifter.silence(True)
        hand.wait(self._thorax_lost, "the silence to be seen")
        hand.pause(0.5)
        album.take(
            "A sensor falls silent",
            "The sensor on the thorax has stopped sending. Its angles are withdrawn at "
            "once, the header and the technical list say so: no data never looks like no "
            "alarm.",
        )
        hand.wait(lambda: len(self._desk.visit.sets()) == 2, "the second set to end", _SET_S)
        self._lifter.silence(False)
        hand.pause(0.5)
        rest = self._desk.flow.rest
        hand.press("13", rest.rating.rpe)
        hand.press("1", rest.rating.pain)
        album.take(
            "What was not watched",
            "The set was not watched to its end, and the record says so; not watched is not clean.",
        )
        first = rest.repetitions.chips[0]
        hand.press(first.accessibleName(), rest.repetitions)
        album.take(
            "A repetition taken out",
            "It does not count any more; what was measured stays, and the audit keeps who did it.",
        )
        hand.press("Take back the last edit of this set")

    def _thorax_lost(self) -> bool:
        status = self._window.status
        found = [] if status is None else [s for s in status.sensors if s.role.value == "thorax"]
        return bool(found) and (found[0].age_s or 0.0) > 2.5

    def _by_hand(self) -> None:
        hand, album = self._hand, self._album
        flow = self._desk.flow
        row = next(r for r in flow.aside.rows if r.item and r.item.exercise == "overhead_press")
        hand.press(row.accessibleName(), flow.aside)
        flow_rest = flow.rest
        if not flow.pane_shown:
            hand.press(flow.aside.rest.text(), flow.aside)
        hand.press("Store the next set as counted by hand", flow_rest)
        hand.press("11", flow_rest.rating.rpe)
        hand.press("0", flow_rest.rating.pain)
        hand.press("I watched: technique was clean throughout", flow_rest.rating)
        album.take(
            "Another exercise, counted by hand",
            "The exercise changes without a new set-up. A set that no sensor measures is "
            "counted by hand, and the clinician's own eye says whether it was clean.",
        )

    # -- after it ------------------------------------------------------------------------------

    def _decide(self) -> None:
        hand, album = self._hand, self._album
        flow = self._desk.flow
        hand.press("Go to the end of the session", flow.aside)
        album.take(
            "Proposals",
            "One proposal for each exercise. Nothing follows from them before the clinician"
            " has decided.",
        )
        rows = {r.pending.proposal.exercise: r for r in flow.end.rows if r.pending is not None}
        hand.press("Reasons", rows["deadlift"])
        album.take(
            "The reasons",
            "Facts against their limits, the rule with its source, and what would have changed it.",
        )
        hand.press("Accept the proposal", flow.proposal)
        hand.press("Back", flow.proposal)
        rows = {r.pending.proposal.exercise: r for r in flow.end.rows if r.pending is not None}
        hand.press("Reasons", rows["overhead_press"])
        hand.press("Change the proposal and say why", flow.proposal)
        for _ in range(5):
            hand.press("Load to use instead: more", flow.proposal)
        hand.write("Reason", "did it with 2.5 kg easily and cleanly", flow.proposal)
        album.take(
            "Changed, with a reason",
            "Whoever changes or rejects a proposal says why.",
        )
        hand.press("Confirm the decision", flow.proposal)
        hand.press("Back", flow.proposal)
        words = "First session. Back rounds when tired: cue the brace."
        hand.write_words("Your words on this session", words)
        album.take(
            "Decided",
            "Both decisions stand with the clinician's name; the note is kept.",
        )
        hand.press("End the session", flow.end)
        hand.wait(lambda: self._window.desk is None, "the session to be stored")
        album.take(
            "Stored",
            "Back on the person's page, with what is to be done next time.",
        )
        hand.press("Record")
        album.take(
            "The record",
            "Everything that happened, who decided what and why, and an audit that nobody "
            "can change.",
        )

    def _print(self) -> None:
        hand, album = self._hand, self._album
        hand.press("Report…")
        album.take(
            "The report",
            "For the referring practice, for any period.",
        )
        path = self._folder / "report.pdf"
        hand.press("Make the report of this period")
        dialog = self._window.findChild(QFileDialog)
        assert dialog is not None
        hand.choose_file(dialog, path)
        hand.wait(lambda: path.exists() and not self._window.reports.busy, "the report")
        album.take(
            "Printed",
            "The file bears the pseudonym; the audit says who wrote it.",
        )
        clinic, person = self._window.clinic, self._person.file.person
        data = gather(clinic, person.id, None, None, day=date.today(), by=self._window.by)
        for number, page in enumerate(pictures(data), start=1):
            title = f"The report, page {number}"
            picture = album.next_path(title)
            picture.write_bytes(page)
            album.add(picture, title, "As it goes to the referring practice.")


def _step(page: SensorsPage, key: str) -> StepState:
    return next(step.state for step in page.look().steps if step.key == key)
