"""A plain desk of sensors in memory, and what it shows in the scenes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lift_monitor.samples import Role
from lift_monitor.sensors.placement import PLACEMENTS
from lift_monitor.sensors.words import (
    STEPS,
    DeskStatus,
    LinkState,
    SensorCard,
    Step,
    StepState,
)

PROBLEM = (
    "Bluetooth is switched off: switch it on in the settings of this computer, "
    "or plug in a Bluetooth adapter, then look again."
)


class FakeDesk:
    """Holds a status; notes what it is asked, and does the simplest of it."""

    def __init__(self, status: DeskStatus | None = None) -> None:
        self.now = status or DeskStatus()
        self.asked: list[tuple[object, ...]] = []

    def card(self, key: str) -> SensorCard:
        return next(card for card in self.now.cards if card.key == key)

    def change(self, key: str, **fields: object) -> None:
        cards = tuple(
            replace(c, **fields) if c.key == key else c  # type: ignore[arg-type]
            for c in self.now.cards
        )
        self.now = replace(self.now, cards=cards)

    def step(self, key: str, state: StepState, text: str = "", progress: float = 0.0) -> None:
        steps = tuple(
            Step(key, state, text, progress) if s.key == key else s for s in self.now.steps
        )
        if state is StepState.DONE:  # then it is the next one's turn
            turn = next((s.key for s in steps if s.state is not StepState.DONE), None)
            steps = tuple(
                replace(s, state=StepState.OPEN)
                if s.key == turn and s.state is StepState.WAITING
                else s
                for s in steps
            )
        done = all(s.state is StepState.DONE for s in steps)
        self.now = replace(self.now, steps=steps, can_begin=done)

    def status(self) -> DeskStatus:
        return self.now

    def scan(self, on: bool) -> None:
        self.asked.append(("scan", on))
        self.now = replace(self.now, scanning=on and not self.now.problem)

    def assign(self, key: str, role: Role | None) -> None:
        self.asked.append(("assign", key, role))
        for card in self.now.cards:
            if card.role is role and role is not None:
                self.change(card.key, role=None)
        self.change(key, role=role)

    def connect(self, key: str) -> None:
        self.asked.append(("connect", key))
        self.change(key, link=LinkState.CONNECTING)

    def disconnect(self, key: str) -> None:
        self.asked.append(("disconnect", key))
        self.change(key, link=LinkState.SEEN)

    def connect_assigned(self) -> None:
        self.asked.append(("connect_assigned",))
        for card in self.now.cards:
            if card.role is not None:
                self.change(card.key, link=LinkState.STREAMING)
        self.step("connected", StepState.DONE)

    def blink(self, key: str) -> None:
        self.asked.append(("blink", key))

    def forget(self, key: str) -> None:
        self.asked.append(("forget", key))
        self.now = replace(self.now, cards=tuple(c for c in self.now.cards if c.key != key))

    def check(self, step: str) -> None:
        self.asked.append(("check", step))
        self.step(step, StepState.DONE)

    def placement(self, role: Role) -> str:
        return PLACEMENTS[role]

    def overridden(self, reason: str) -> None:
        self.asked.append(("overridden", reason))

    def placed(self) -> Mapping[Role, str]:
        return {card.role: card.key for card in self.now.cards if card.role is not None}


SEEN = (
    SensorCard("D42206001A3F", "Movella DOT", "Movella DOT", LinkState.SEEN,
               serial="D42206001A3F", rssi_dbm=-48.0, battery_pct=91.0, can_blink=True,
               nominal_rate_hz=60.0),
    SensorCard("D42206001B77", "Movella DOT", "Movella DOT", LinkState.SEEN,
               serial="D42206001B77", rssi_dbm=-71.0, battery_pct=64.0, can_blink=True,
               nominal_rate_hz=60.0),
    SensorCard("Movesense 214630001234", "Movesense 214630001234", "Movesense", LinkState.SEEN,
               serial="214630001234", rssi_dbm=-63.0, nominal_rate_hz=104.0),
    SensorCard("WT901BLE67", "WT901BLE67", "WitMotion", LinkState.SEEN, rssi_dbm=-84.0,
               nominal_rate_hz=100.0),
    SensorCard("C7:2E", "MetaWear", "MbientLab MetaMotion", LinkState.SEEN, rssi_dbm=-58.0,
               battery_pct=17.0, can_blink=True, nominal_rate_hz=100.0),
    SensorCard("Polar H10 A1B2C3D4", "Polar H10 A1B2C3D4", "Polar H10",
               LinkState.REMEMBERED, serial="A1B2C3D4", nominal_rate_hz=200.0,
               warnings=("It has no gyroscope: bar velocity cannot be measured with it.",)),
)  # fmt: skip


def steps(done: int, state: StepState, text: str, progress: float = 0.0) -> tuple[Step, ...]:
    """The first steps done, the next in a state, the others waiting."""
    said = (
        "3 sensors are in reach.",
        "Bar, thorax and pelvis each have a sensor.",
        "3 of 3 sensors stream at their full rate.",
        "Noise and offsets are as they should be.",
        "Each tap was felt by the sensor of its place.",
    )
    waiting = (
        "Switch the sensors on and bring them near.",
        "Choose a sensor in the list, then its place.",
        "Connect the sensors that have a place.",
        "Lay bar and lifter still for three seconds.",
        "Tap the sensors in turn: bar, thorax, pelvis.",
    )
    found = []
    for index, key in enumerate(STEPS):
        if index < done:
            found.append(Step(key, StepState.DONE, said[index]))
        elif index == done:
            found.append(Step(key, state, text or waiting[index], progress))
        else:
            found.append(Step(key, StepState.WAITING, waiting[index]))
    return tuple(found)


def streaming() -> tuple[SensorCard, ...]:
    """Three sensors at their places, three others in reach."""
    bar, thorax, pelvis, *others = SEEN
    well = {"link": LinkState.STREAMING, "loss_pct": 0.0, "age_s": 0.0, "drift_ppm": 18.0}
    return (
        replace(bar, role=Role.BAR, rate_hz=60.0, clock_error_ms=0.4, **well),  # type: ignore[arg-type]
        replace(thorax, role=Role.THORAX, rate_hz=59.4, clock_error_ms=1.1,
                **{**well, "loss_pct": 0.9, "age_s": 0.1}),  # type: ignore[arg-type]
        replace(pelvis, role=Role.PELVIS, rate_hz=103.8, clock_error_ms=0.8, battery_pct=77.0,
                **{**well, "drift_ppm": -41.0}),  # type: ignore[arg-type]
        *others,
    )  # fmt: skip


def with_card(
    cards: tuple[SensorCard, ...], index: int, **fields: object
) -> tuple[SensorCard, ...]:
    """One card changed."""
    changed = replace(cards[index], **fields)  # type: ignore[arg-type]
    return (*cards[:index], changed, *cards[index + 1 :])


def desk(name: str) -> FakeDesk:
    """A scene of the Sensors page by name."""
    now, later = StepState.OPEN, StepState.WAITING
    match name:
        case "no_bluetooth":
            return FakeDesk(DeskStatus(steps=steps(0, now, ""), problem=PROBLEM))
        case "remembered_no_bluetooth":
            known = tuple(
                replace(c, link=LinkState.REMEMBERED, rssi_dbm=None, battery_pct=None, role=role)
                for c, role in zip(SEEN[:3], PLACEMENTS, strict=True)
            )
            return FakeDesk(DeskStatus(known, steps(0, now, ""), problem=PROBLEM))
        case "nothing_found":
            return FakeDesk(DeskStatus(steps=steps(0, now, ""), scanning=True))
        case "six_found":
            found = steps(1, now, "")
            return FakeDesk(DeskStatus(SEEN, found, scanning=True, may_override=False))
        case "checking":
            text = "Hold still: 2 s of 3 s."
            cards = with_card(streaming(), 0, tapped_s_ago=0.8)
            running = steps(3, StepState.RUNNING, text, 0.66)
            return FakeDesk(DeskStatus(cards, running, may_override=True))
        case "check_failed":
            text = "The thorax sensor moved: let the lifter stand still, then repeat."
            failed = steps(3, StepState.FAILED, text)
            return FakeDesk(DeskStatus(streaming(), failed, may_override=True))
        case "all_done":
            return FakeDesk(DeskStatus(streaming(), steps(5, later, ""), can_begin=True))
        case "one_lost":
            cards = with_card(
                streaming(), 1, link=LinkState.LOST, age_s=4.2, rate_hz=0.0, link_losses=2,
                text="The link to Movella DOT …1B77 broke; it is being made again, bring the "
                "sensor nearer.",
            )  # fmt: skip
            text = "2 of 3 sensors stream; the thorax sensor is being connected again."
            lost = steps(2, StepState.FAILED, text)
            return FakeDesk(DeskStatus(cards, lost, may_override=True))
        case "emulated":
            ready = DeskStatus(streaming(), steps(5, later, ""), can_begin=True, emulated=True)
            return FakeDesk(ready)
    raise ValueError(name)


SCENES = (
    "no_bluetooth",
    "remembered_no_bluetooth",
    "nothing_found",
    "six_found",
    "checking",
    "check_failed",
    "all_done",
    "one_lost",
    "emulated",
)
