"""The desk: one lifter's sensors from "is there any?" to "all is checked, begin".

Runs in a thread of its own beside the radio's: the screen asks for :meth:`Desk.status` and
gives orders, and never waits.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.live import LiveSource
from lift_monitor.samples import Role
from lift_monitor.sensors.bench import Bench
from lift_monitor.sensors.checklist import StillCheck, TapCheck
from lift_monitor.sensors.memory import Memory
from lift_monitor.sensors.placement import PLACEMENTS
from lift_monitor.sensors.words import DeskStatus, LinkState, SensorCard, Step, StepState

_PERIOD_S: Final = 0.05
_CLOSE_S: Final = 25.0


class Desk:
    """Implements :class:`lift_monitor.sensors.words.SensorDesk`; use as a context manager.

    Starts and closes the hub.

    Parameters
    ----------
    hub : Hub
        Not started yet.
    memory : Memory
    emulated : bool
        Told on the screen.
    """

    def __init__(self, hub: Hub, memory: Memory, *, emulated: bool = False) -> None:
        self._hub = hub
        self._bench = Bench(hub, memory)
        self._memory = memory
        self._emulated = emulated
        self._still, self._tap = StillCheck(), TapCheck()
        self._checked: Mapping[Role, str] = {}
        self._orders: deque[Callable[[], None]] = deque()
        self._status = DeskStatus(emulated=emulated)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lift-desk", daemon=True)
        self._override = ""
        self._trouble = ""

    def start(self) -> None:
        """Start the radio and the desk (errors as :meth:`Hub.start`)."""
        self._hub.start()
        self._thread.start()

    def close(self) -> None:
        """Stop all sensors and both threads; may be called more than once."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_S)
        self._hub.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- From any thread ---

    def status(self) -> DeskStatus:
        """How things are now."""
        return self._status

    def scan(self, on: bool) -> None:
        """Look for sensors, or stop looking."""
        self._order(lambda: self._bench.scan(on))

    def assign(self, key: str, role: Role | None) -> None:
        """Give a sensor its place, or take it away."""
        self._order(lambda: self._bench.assign(key, role))

    def connect(self, key: str) -> None:
        """Connect a sensor and let it stream."""
        self._order(lambda: self._bench.connect(key))

    def disconnect(self, key: str) -> None:
        """Let a sensor go."""
        self._order(lambda: self._bench.disconnect(key))

    def connect_assigned(self) -> None:
        """Connect every sensor that has a place."""
        self._order(self._bench.connect_assigned)

    def blink(self, key: str) -> None:
        """Let a sensor show itself."""
        self._order(lambda: self._bench.blink(key))

    def forget(self, key: str) -> None:
        """Let a sensor go and do not remember it."""
        self._order(lambda: self._bench.forget(key))

    def check(self, step: str) -> None:
        """Begin the still check or the tap check."""
        check = self._still if step == "still" else self._tap
        self._order(check.begin)

    def placement(self, role: Role) -> str:
        """Where and how a sensor of a role is worn."""
        return PLACEMENTS[role]

    def overridden(self, reason: str) -> None:
        """Note why a session is begun although a step is not done."""
        self._override = reason

    def placed(self) -> Mapping[Role, str]:
        """Which sensor has which place."""
        return {card.role: card.key for card in self._status.cards if card.role is not None}

    @property
    def asks_to_tap(self) -> Role | None:
        """Which sensor the tap check waits for."""
        return self._tap.asks

    def source(self) -> LiveSource:
        """Tap the placed sensors that are connected, for a session that begins now.

        Raises
        ------
        ValueError
            With one sentence if there is none.
        """
        taps = self._bench.taps()
        if not taps:
            raise ValueError("No sensor with a place is connected; connect the bar sensor first.")
        return LiveSource(taps)

    def notes(self) -> dict[str, str]:
        """What the recording of a session that begins now should remember of the set-up."""
        left = [step.key for step in self._status.steps if step.state is not StepState.DONE]
        notes = {"setup_left_open": ", ".join(left)} if left else {}
        if self._override:
            notes["setup_overridden"] = self._override
            self._override = ""
        return notes

    # --- In the thread ---

    def _order(self, order: Callable[[], None]) -> None:
        self._orders.append(order)

    def _run(self) -> None:
        while not self._ended.wait(_PERIOD_S):
            try:
                self._turn()
            except Exception as error:  # noqa: BLE001 - told on the page, the desk goes on
                self._trouble = f"The sensor desk failed ({type(error).__name__}: {error})."
                self._status = replace(self._status, problem=self._trouble)

    def _turn(self) -> None:
        while self._orders:
            self._orders.popleft()()
            self._trouble = ""
        taps = self._bench.work()
        previews = self._bench.placed_previews()
        placed = {role: preview.info.sensor_id for role, preview in previews.items()}
        if placed != self._checked:  # other sensors than those that were checked
            self._checked = placed
            self._still.reset()
            self._tap.reset()
        self._still.work(previews, taps)
        self._tap.work(previews, taps)
        cards = self._bench.cards()
        steps = self._steps(cards)
        streaming = any(
            card.role is not None and card.link is LinkState.STREAMING for card in cards
        )
        done = all(step.state is StepState.DONE for step in steps)
        self._status = DeskStatus(
            cards=cards,
            steps=steps,
            scanning=self._hub.scanning,
            problem=self._hub.problem or self._memory.trouble or self._trouble,
            can_begin=done and streaming,
            may_override=streaming,
            emulated=self._emulated,
        )

    def _steps(self, cards: tuple[SensorCard, ...]) -> tuple[Step, ...]:
        found = _found(cards, self._hub.scanning)
        placed = _placed(cards)
        connected = _connected(cards, placed.state is StepState.DONE)
        ready = connected.state is StepState.DONE
        return (
            found,
            placed,
            connected,
            self._still.step(ready),
            self._tap.step(ready and self._still.done),
        )


def _found(cards: tuple[SensorCard, ...], scanning: bool) -> Step:
    here = [card for card in cards if card.link is not LinkState.REMEMBERED]
    if here:
        word = "sensor is" if len(here) == 1 else "sensors are"
        return Step("found", StepState.DONE, f"{len(here)} {word} here.")
    text = "Switch the sensors on and bring them near."
    if scanning:
        return Step("found", StepState.RUNNING, text)
    return Step("found", StepState.OPEN, f"{text} Then look for them.")


def _placed(cards: tuple[SensorCard, ...]) -> Step:
    roles = {card.role for card in cards if card.role is not None}
    if Role.BAR in roles:
        others = [role.value for role in (Role.THORAX, Role.PELVIS) if role not in roles]
        text = f"Nobody watches the {' and the '.join(others)}." if others else "All have a place."
        return Step("placed", StepState.DONE, text)
    state = StepState.OPEN if cards else StepState.WAITING
    return Step("placed", state, "Give a sensor the place on the bar; tap one to find it.")


def _connected(cards: tuple[SensorCard, ...], ready: bool) -> Step:
    placed = [card for card in cards if card.role is not None]
    missing = [card for card in placed if card.link is not LinkState.STREAMING]
    if not ready:
        return Step("connected", StepState.WAITING, "Connect the sensors that have a place.")
    if not missing:
        return Step("connected", StepState.DONE, "All sensors send.")
    trying = [card for card in missing if card.link in (LinkState.CONNECTING, LinkState.LOST)]
    failed = next((card for card in missing if card.link is LinkState.FAILED), None)
    done = 1.0 - len(missing) / len(placed)
    if failed is not None:
        return Step("connected", StepState.FAILED, failed.text, done)
    if trying:
        names = ", ".join(card.name for card in trying)
        return Step("connected", StepState.RUNNING, f"Connecting {names}.", done)
    names = ", ".join(card.name for card in missing)
    return Step("connected", StepState.OPEN, f"Connect {names}.", done)
