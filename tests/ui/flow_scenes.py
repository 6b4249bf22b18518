"""Scenes of a session's flow: the day beside the screen, the rest, proposals, the end.

The numbers are invented; the values are exactly those that a visit tells.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from lift_monitor.clinic.words import NewSet, Ratings, StoredRepetition, StoredSet
from lift_monitor.events import Confidence, LiftSet
from lift_monitor.programme.clearance import Clearance, Level
from lift_monitor.programme.day_change import changed_today
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.prescription import BarLoad, PrescribedSet
from lift_monitor.programme.proposal import Action, Fact, Proposal, Rule
from lift_monitor.programme.record import Decision, History, SetKind, Verdict
from lift_monitor.programme.shipped import LIFTMOR
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.adverse_form import AdverseForm
from lift_monitor.ui.flow.change_form import ChangeForm
from lift_monitor.ui.flow.end_panel import EndPanel
from lift_monitor.ui.flow.proposal_panel import ProposalPanel
from lift_monitor.ui.flow.rest_panel import RestPanel
from lift_monitor.ui.flow.today_panel import TodayPanel
from lift_monitor.ui.style import Style
from lift_monitor.ui.table_panels import ignore_hints
from lift_monitor.ui.text import Panel, apply_style
from lift_monitor.visit.rest import Rest
from lift_monitor.visit.today import Today, TodayItem, last_set
from lift_monitor.visit.visit import Pending
from tests.ui import scenes

SCENES = (
    "first", "live", "many", "long", "up", "hold", "stop", "rung", "asking", "adverse", "end",
    "change",
)  # fmt: skip
SIZES = ((1280, 584), (1920, 930))
"""What a window of 1280 × 720 and of 1920 × 1080 leaves between its header and its foot."""
DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
LONG_NAME = "Great crested grebe of the northern lakes 1114"
OLD_MAXIMUM = (
    "The one-repetition maximum of the deadlift was found 43 days ago: "
    "the plan asks for it every 6 weeks."
)
LONG_EXERCISE = "Jumping chin-up with drop landing from the highest bar of the room"


def measured(number: int, means: tuple[float, ...], low: tuple[str, ...] = ()) -> LiftSet:
    """A set as the sensors told it."""
    found = scenes.finished(number, means, 60.0 * number)
    confidence = Confidence.LOW if low else Confidence.HIGH
    return replace(found, confidence=confidence, reasons=low)


def stored(
    number: int = 3,
    kind: SetKind = SetKind.WORKING,
    means: tuple[float, ...] = (0.49, 0.47, 0.46, 0.45, 0.44),
    *,
    red: int | None = None,
    amber: int | None = None,
    out: int | None = None,
    ratings: Ratings | None = None,
    watched: bool = True,
    reasons: tuple[str, ...] = (),
    load_kg: float = 52.5,
    set_id: int = 7,
) -> StoredSet:
    """A set in the store."""
    lifted = measured(number, means, reasons)
    new = NewSet(
        exercise="deadlift",
        kind=kind,
        number=number,
        load_kg=load_kg,
        target_repetitions=5,
        at=AT + timedelta(minutes=3 * number),
        measured=lifted,
        watched=watched,
        confidence=Confidence.LOW if reasons else Confidence.HIGH,
        reasons=reasons,
    )
    reps = tuple(
        StoredRepetition(
            id=100 + rep.number,
            number=rep.number,
            measured=rep,
            counts=rep.number != out,
            red=rep.number == red,
            amber=rep.number == amber,
        )
        for rep in lifted.repetitions
    )
    return StoredSet(set_id, 1, new, reps, ratings or Ratings())


def items(done: int = 2, *, many: bool = False, long: bool = False) -> tuple[TodayItem, ...]:
    """Today's exercises."""
    lifts = (("deadlift", "Deadlift", 52.5), ("overhead_press", "Overhead press", 17.5),
             ("back_squat", "Back squat", 45.0))  # fmt: skip
    found = [
        TodayItem(key, name, ExerciseKind.LIFT, Phase.TRAINING, kg, 5, 2, 5, 0, 0, 5, "", "", False)
        for key, name, kg in lifts
    ]
    found[0] = replace(found[0], current=True, done=done, left=5 - done, warm_ups_done=2)
    name = LONG_EXERCISE if long else "Jumping chin-up with drop landing"
    blocked = "Impacts are not done: vertebral fracture in the assessment of 3 Nov." if many else ""
    found.append(
        TodayItem("jumping_chin_up", name, ExerciseKind.IMPACT, Phase.IMPACT, None, 5, 0, 5, 0, 0,
                  5, "low drops, 10 cm", blocked, False)
    )  # fmt: skip
    if many:
        found += [
            TodayItem(f"free_{n}", f"Home exercise {n}", ExerciseKind.FREE, Phase.TRAINING, None,
                      2, 0, 10, 0, 0, 2, "", "", False)
            for n in range(1, 5)
        ]  # fmt: skip
    return tuple(found)


def planned(number: int = 3, kind: SetKind = SetKind.WORKING) -> PrescribedSet:
    """The next set."""
    kg = 52.5 if kind is SetKind.WORKING else 32.5
    plates = (10.0, 5.0, 1.25) if kind is SetKind.WORKING else (5.0, 1.25)
    return PrescribedSet(kind, number, 5, kg, 82.0 if kg > 50 else 51.0, BarLoad(kg, 20.0, plates))


def today(scene: str = "live") -> Today:
    """The day in the middle of a session."""
    sets = (
        last_set(stored(1, SetKind.WARM_UP, (0.6, 0.59, 0.58, 0.58, 0.57), load_kg=32.5)),
        last_set(stored(2, SetKind.WARM_UP, (0.55, 0.54, 0.53, 0.52, 0.52), load_kg=42.5)),
        last_set(stored(1, SetKind.WORKING, (0.49, 0.48, 0.47, 0.47, 0.46))),
        last_set(stored(2, SetKind.WORKING, (0.48, 0.47, 0.45, 0.44, 0.43), amber=3)),
    )
    base = Today(
        pseudonym="Heron 14", items=items(), last_sets=sets, next=planned(), of=5,
        open_count=None, attended=23, planned=70, week=12, trouble="",
        notes=(OLD_MAXIMUM,),
    )  # fmt: skip
    if scene == "first":
        return replace(
            base, items=items(0), last_sets=(), next=planned(1, SetKind.WARM_UP), of=2, attended=1
        )
    if scene == "lifting":
        return replace(base, open_count=3)
    if scene == "many":
        return replace(base, items=items(many=True), last_sets=(*sets, *sets, *sets))
    if scene == "long":
        found = tuple(replace(i, name=LONG_EXERCISE) for i in items(long=True))
        return replace(
            base, items=found, pseudonym=LONG_NAME,
            trouble="the file of the clinic cannot be written: the disk is full",
        )  # fmt: skip
    return base


def fact(
    name: str, value: str, limit: str, supports: Action | None = Action.STEP_UP,
    confidence: Confidence = Confidence.HIGH,
) -> Fact:  # fmt: skip
    """One fact of a proposal."""
    return Fact(name, value, limit, DAY, supports, confidence)


def proposal(scene: str = "up") -> Proposal:
    """A proposal as the programme makes it."""
    facts = (
        fact("repetitions", "25 of 25", "at least 25"),
        fact("red flags", "0", "none"),
        fact("exertion of the last set", "14", "at most 16"),
        fact("velocity loss", "11 %", "at most 20 %"),
        fact("pain", "1 of 10", "below 4"),
        fact("sessions like this in a row", "2", "at least 2"),
    )
    up = Proposal(
        exercise="deadlift", day=DAY, action=Action.STEP_UP, phase=Phase.TRAINING,
        load_kg=55.0, load_before_kg=52.5, rung=None, rung_before=None,
        maximum_kg=67.0, intensity_pct=82.1, sets=5, repetitions=5,
        rule=Rule("step_up", "All sets complete and clean in two sessions: one step up.",
                  "design default, clinician may change"),
        facts=facts,
        would_change=(
            "A red flag in any repetition would hold the load.",
            "Exertion above 16 in the last set would hold the load.",
            "Fewer than 23 repetitions would hold the load.",
        ),
        confidence=Confidence.HIGH, confidence_reasons=(),
        headline="Deadlift: 52.5 kg → 55 kg (82 % of 67 kg)", rules_version="1",
    )  # fmt: skip
    if scene == "hold":
        return replace(
            up, action=Action.HOLD, load_kg=52.5, confidence=Confidence.LOW,
            confidence_reasons=("technique was not watched in 2 of 5 sets",),
            headline="Deadlift: stay at 52.5 kg",
            rule=Rule("hold_unknown", "What is not known never argues for more load.",
                      "design default, clinician may change"),
            facts=(facts[0], fact("red flags", "not known", "none", Action.HOLD, Confidence.NONE),
                   *facts[2:]),
        )  # fmt: skip
    if scene == "stop":
        return replace(
            up, action=Action.STOP_AND_REFER, load_kg=None,
            headline="Stop and refer: sudden back pain in set 3 of the deadlift",
            rule=Rule("sudden_back_pain", "New, sudden back pain is a fracture until shown "
                      "otherwise: nothing is lifted before it has been looked at.",
                      "design default, clinician may change"),
            facts=(fact("sudden back pain", "yes", "none", Action.STOP_AND_REFER), *facts[:3]),
            would_change=("Without sudden back pain the load would be held.",),
        )  # fmt: skip
    if scene == "rung":
        return replace(
            up, exercise="jumping_chin_up", load_kg=None, load_before_kg=None, rung=4,
            rung_before=3, maximum_kg=None, intensity_pct=None, phase=Phase.IMPACT,
            headline="Jumping chin-up with drop landing: low drops 3 × 5 → 5 × 5 (10 cm)",
        )  # fmt: skip
    return up


# -- the panels -----------------------------------------------------------------------------------


class Page(QWidget):
    """The day and a panel side by side, as the window has them."""

    def __init__(self, panel: QWidget, today: TodayPanel | None = None) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.today, self.panel = today or TodayPanel(), panel
        self.row = QHBoxLayout(self)
        for widget, share in ((self.today, 17), (panel, 83)):
            ignore_hints(widget)
            self.row.addWidget(widget, share)

    def restyle(self, theme: str, scale: float) -> None:
        """Take theme and scale."""
        style = Style(tokens.THEMES[theme], scale)
        gap = style.px(tokens.GAP)
        self.row.setContentsMargins(gap, gap, gap, gap)
        self.row.setSpacing(gap)
        self.setStyleSheet(style.sheet())
        apply_style(self, style)
        settle()


def settle() -> None:
    """Let layouts come to rest."""
    for _ in range(3):
        QApplication.processEvents()


def decision(**fields: object) -> Decision:
    """What a clinician decided."""
    base = Decision("deadlift", DAY, 1, Verdict.CHANGED, "A. Klein", Phase.TRAINING, 50.0,
                    reason="technique not ready", action="hold")  # fmt: skip
    return replace(base, **fields)  # type: ignore[arg-type]


def pending() -> tuple[Pending, ...]:
    """Proposals at the end of a session."""
    squat = replace(proposal("hold"), exercise="back_squat", load_kg=45.0, load_before_kg=45.0,
                    headline="Back squat: stay at 45 kg")  # fmt: skip
    press = replace(proposal("up"), exercise="overhead_press",
                    headline="Overhead press: 17.5 kg → 18.5 kg")  # fmt: skip
    return (
        Pending(proposal("up"), "Deadlift", None),
        Pending(squat, "Back squat", decision(verdict=Verdict.ACCEPTED, reason="", load_kg=45.0)),
        Pending(press, "Overhead press", decision()),
        Pending(proposal("rung"), "Jumping chin-up with drop landing", None),
    )


def _rest(scene: str) -> RestPanel:
    panel = RestPanel()
    day = today(scene)
    panel.show_today(day)
    if scene == "first":
        return panel
    long = scene == "long"
    ratings = {"many": Ratings(14, 1, "knee"), "long": Ratings(17, 6, "back", True)}.get(scene)
    reasons = ("0.7 s of data are missing inside the lifting phase",) if long else ()
    done = stored(amber=3, red=4 if long else None, out=2 if ratings else None, ratings=ratings,
                  watched=not long, reasons=reasons)  # fmt: skip
    name = LONG_EXERCISE if long else "Deadlift"
    panel.show_set(done, name, "the pelvis sensor was lost" if long else "", of=5)
    panel.show_place(2, 3)
    panel.show_rest(Rest(125.0 if ratings else 84.0, 120.0))
    return panel


def _proposal(scene: str) -> ProposalPanel:
    panel = ProposalPanel()
    wanted = proposal("up" if scene == "asking" else scene)
    panel.show_pending(Pending(wanted, "Deadlift", decision() if scene == "hold" else None))
    if scene == "asking":
        panel.decide.change.click()
        panel.decide.quick[0].click()
    return panel


def change_form() -> ChangeForm:
    """The deadlift of somebody who slept badly, filled in."""
    standing = decision(load_kg=52.5, maximum_kg=64.0, day=DAY - timedelta(days=3))
    history = History(LIFTMOR, Clearance(Level.HIGH_INTENSITY, DAY, "AB"), decisions=(standing,))
    panel = ChangeForm()
    panel.open(LIFTMOR, changed_today(history, DAY, ()), {}, "deadlift")
    panel.sets.less.click()
    panel.reasons.buttons[-1].click()
    return panel


def page(
    scene: str, size: tuple[int, int] = SIZES[0], theme: str = "dark", scale: float | None = None
) -> Page:
    """A scene as it stands beside the live view, shown."""
    panel: Panel
    if scene in ("first", "live", "many", "long"):
        panel = _rest(scene)
    elif scene == "adverse":
        panel = AdverseForm()
        panel.open(today())
        panel.serious.click()
    elif scene == "change":
        panel = change_form()
    elif scene == "end":
        panel = EndPanel()
        panel.show_pending(pending())
    else:
        panel = _proposal(scene)
    made = Page(panel)
    made.today.show_today(today(scene))
    made.resize(*size)
    made.show()
    made.restyle(theme, scale or (0.7 if size[0] < 1900 else 1.0))
    made.restyle(theme, scale or (0.7 if size[0] < 1900 else 1.0))
    return made
