"""From "is there any sensor?" to "all is checked, begin", over an emulated air."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lift_monitor.drivers.ble.family import Wish
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.emulated.carrier import emulated_radio
from lift_monitor.drivers.emulated.fault_plan import Faults
from lift_monitor.drivers.emulated.fleet import FleetSpec, example
from lift_monitor.drivers.emulated.person import FAMILY, EmulatedPerson
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.events import Exercise
from lift_monitor.samples import Role
from lift_monitor.sensors.desk import Desk
from lift_monitor.sensors.finding import NotFoundError, find_and_open
from lift_monitor.sensors.memory import KnownSensor, Memory
from lift_monitor.sensors.words import STEPS, LinkState, SensorCard, StepState
from tests.patience import until

DOT = "movella-dot"


def step(desk: Desk, key: str) -> StepState:
    steps = {s.key: s.state for s in desk.status().steps}
    return steps.get(key, StepState.WAITING)


def passed_still(desk: Desk) -> bool:
    """Whether the still check was passed; begun again where a machine that stood failed it."""
    if step(desk, "still") is StepState.FAILED:
        desk.check("still")
    return step(desk, "still") is StepState.DONE


def card(desk: Desk, name: str) -> SensorCard:
    return next(c for c in desk.status().cards if name in (c.name, c.key))


@pytest.fixture
def person() -> EmulatedPerson:
    return EmulatedPerson(SessionPlan(Exercise.DEADLIFT, sets=1, reps=3), seed=1)


@pytest.fixture
def desk(person: EmulatedPerson) -> Iterator[Desk]:
    with Desk(Hub(emulated_radio(person.sensors)), Memory(), emulated=True) as made:
        yield made


def tap_until(person: EmulatedPerson, role: Role, true: Callable[[], bool], what: str) -> None:
    """Tap, and again where a machine that stood still let a tap go by unfelt."""
    next_s = time.monotonic()

    def felt() -> bool:
        nonlocal next_s
        if not true() and time.monotonic() >= next_s:
            person.tap(role)
            next_s = time.monotonic() + 6.0
        return true()

    until(felt, what)


def test_the_check_list_from_nothing_to_begin(desk: Desk, person: EmulatedPerson) -> None:
    until(lambda: [s.key for s in desk.status().steps] == list(STEPS), "the steps are there")
    assert step(desk, "found") is StepState.OPEN
    assert not desk.status().may_override
    desk.scan(True)
    until(lambda: len(desk.status().cards) == 3, "three sensors were heard")
    assert step(desk, "placed") is StepState.OPEN
    for role, name in person.names().items():
        desk.assign(card(desk, name).key, role)
    until(lambda: step(desk, "placed") is StepState.DONE, "all have a place")
    assert len(desk.placed()) == 3
    desk.connect_assigned()
    until(lambda: step(desk, "connected") is StepState.DONE, "all send")
    until(lambda: step(desk, "still") is StepState.OPEN, "the still check is open")
    desk.check("still")
    until(lambda: passed_still(desk), "the still check was passed")
    desk.check("tap")
    for _ in range(3):
        until(lambda: desk.asks_to_tap is not None, "a tap is asked for")
        asked = desk.asks_to_tap
        assert asked is not None
        tap_until(person, asked, lambda: desk.asks_to_tap is not asked, f"{asked} was felt")  # noqa: B023
    until(lambda: desk.status().can_begin, "the session can begin")
    assert desk.notes() == {}
    bar = next(c for c in desk.status().cards if c.role is Role.BAR)
    assert bar.battery_pct == 88.0
    assert bar.rssi_dbm == -56
    assert bar.tapped_s_ago is not None
    # Of the last ten seconds: a machine that stands meanwhile is out of them again.
    until(lambda: card(desk, bar.key).rate_hz == pytest.approx(100.0, rel=0.1), "the rate was told")
    assert len(desk.source().sensors) == 3
    # Another sensor at the place was never checked.
    desk.assign(bar.key, None)
    until(lambda: step(desk, "still") is not StepState.DONE, "the check is void")


def test_the_wrong_sensor_tapped_is_told(desk: Desk, person: EmulatedPerson) -> None:
    desk.scan(True)
    until(lambda: len(desk.status().cards) == 3, "three sensors were heard")
    for role, name in person.names().items():
        desk.assign(card(desk, name).key, role)
    desk.connect_assigned()
    until(lambda: step(desk, "connected") is StepState.DONE, "all send")
    desk.check("tap")
    until(lambda: desk.asks_to_tap is Role.BAR, "the bar is to be tapped")
    time.sleep(1.0)  # a tap is felt after a quiet moment, so there has to be one

    def told() -> bool:
        text = next(s.text for s in desk.status().steps if s.key == "tap")
        return "felt by the sensor assigned to the pelvis" in text

    tap_until(person, Role.PELVIS, told, "the mistake was told")
    assert desk.asks_to_tap is Role.BAR


def test_a_session_may_begin_with_a_reason_that_is_kept(desk: Desk, person: EmulatedPerson) -> None:
    desk.scan(True)
    until(lambda: len(desk.status().cards) == 3, "three sensors were heard")
    with pytest.raises(ValueError, match="connect the bar sensor first"):
        desk.source()
    desk.assign(card(desk, person.names()[Role.BAR]).key, Role.BAR)
    desk.connect_assigned()
    until(lambda: desk.status().may_override, "it may be begun all the same")
    assert not desk.status().can_begin
    desk.overridden("demonstration")
    assert desk.notes() == {"setup_left_open": "still, tap", "setup_overridden": "demonstration"}


def test_a_sensor_shows_itself_and_is_let_go(desk: Desk, person: EmulatedPerson) -> None:
    desk.scan(True)
    until(lambda: len(desk.status().cards) == 3, "three sensors were heard")
    key = card(desk, person.names()[Role.THORAX]).key
    assert card(desk, key).can_blink
    desk.connect(key)
    until(lambda: card(desk, key).link is LinkState.STREAMING, "it sends")
    desk.blink(key)
    desk.disconnect(key)
    until(lambda: card(desk, key).link is LinkState.SEEN, "it was let go")


def test_a_sensor_comes_back_to_its_place_by_name_on_another_day(tmp_path: Path) -> None:
    path = tmp_path / "sensors.json"
    spec = example("movesense", 7)
    for day in (1, 2):
        with Desk(Hub(emulated_radio(FleetSpec((spec,)).build)), Memory(path)) as desk:
            if day == 2:
                until(lambda: bool(desk.status().cards), "it is remembered")
                assert desk.status().cards[0].link is LinkState.REMEMBERED
            desk.scan(True)
            until(lambda: spec.address in [c.key for c in desk.status().cards], "heard")
            if day == 1:
                desk.assign(spec.address, Role.PELVIS)
            until(lambda: card(desk, spec.address).role is Role.PELVIS, "it has its place")
            assert len(desk.status().cards) == 1


def test_a_sensor_that_is_wanted_before_it_is_heard_is_connected_when_it_is() -> None:
    spec, memory = example("movesense", 7), Memory()
    memory.assign(KnownSensor(spec.serial, spec.name, spec.family), Role.BAR)
    with Desk(Hub(emulated_radio(FleetSpec((spec,)).build)), memory) as desk:
        until(lambda: bool(desk.status().cards), "it is remembered")
        desk.connect_assigned()
        desk.scan(True)
        until(lambda: step(desk, "connected") is StepState.DONE, "it was connected")


def test_sensors_of_one_name_are_known_by_their_serial_number(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "sensors.json")
    one, two = example(DOT, 1), example(DOT, 2)
    assert one.name == two.name
    memory.assign(KnownSensor(two.serial, two.name, DOT), Role.BAR)
    with Desk(Hub(emulated_radio(FleetSpec((one, two)).build)), memory) as desk:
        desk.scan(True)
        until(lambda: len(desk.status().cards) == 3, "both were heard, one is remembered")
        assert {c.role for c in desk.status().cards if c.key in (one.address, two.address)} == {
            None
        }
        desk.connect_assigned()
        until(lambda: card(desk, two.address).role is Role.BAR, "it was recognised")
        assert card(desk, one.address).role is None
        assert memory.get(two.serial) is not None


def test_a_sensor_that_cannot_be_connected_says_why() -> None:
    spec = example(FAMILY, 1, faults=Faults(missing=("4f494d55-0003-4c69-8674-4d6f6e69746f",)))
    with Desk(Hub(emulated_radio(FleetSpec((spec,)).build)), Memory()) as desk:
        desk.scan(True)
        until(lambda: bool(desk.status().cards), "heard")
        desk.assign(spec.address, Role.BAR)
        desk.connect_assigned()
        until(lambda: card(desk, spec.address).link is LinkState.FAILED, "it failed")
        assert "update its firmware" in card(desk, spec.address).text
        until(lambda: step(desk, "connected") is StepState.FAILED, "the step failed")


def test_a_sensor_without_a_gyroscope_is_no_bar_sensor() -> None:
    spec = example("polar-h10", 1)
    with Desk(Hub(emulated_radio(FleetSpec((spec,)).build)), Memory()) as desk:
        desk.scan(True)
        until(lambda: bool(desk.status().cards), "heard")
        desk.assign(spec.address, Role.BAR)
        until(lambda: "no gyroscope" in card(desk, spec.address).text, "it was refused")
        assert card(desk, spec.address).role is None
        desk.assign(spec.address, Role.THORAX)
        until(lambda: card(desk, spec.address).role is Role.THORAX, "it was taken")
        assert card(desk, spec.address).text == ""


def test_a_sensor_is_found_by_address_name_and_serial() -> None:
    specs = (example("movesense", 5), example(DOT, 1), example(DOT, 2))
    with Hub(emulated_radio(FleetSpec(specs).build)) as hub:
        hub.scan(True).result()
        until(lambda: len(hub.found) == 3, "all were heard")
        for wanted, spec in (
            (specs[0].address.lower(), specs[0]),
            (specs[0].name.upper(), specs[0]),
            (specs[0].serial, specs[0]),
            (specs[2].serial, specs[2]),
        ):
            found, setup = find_and_open(hub, wanted, Wish(), within_s=30)
            assert found.address == spec.address
            assert setup.rate_hz
            hub.let_go(found.address).result()
        with pytest.raises(NotFoundError, match="2 sensors are called Movella DOT"):
            find_and_open(hub, "Movella DOT", Wish(), within_s=10)
        with pytest.raises(NotFoundError, match="too short"):
            find_and_open(hub, "005", Wish(), within_s=0.2)
        with pytest.raises(NotFoundError, match=r"no sensor Nobody within reach .*Movesense"):
            find_and_open(hub, "Nobody", Wish(), within_s=1.0)


def test_what_was_chosen_outdoes_what_is_remembered() -> None:
    """A sensor of yesterday's must not take the place that another was given today."""
    memory = Memory()
    one, two = example(DOT, 1), example(DOT, 2)
    memory.assign(KnownSensor(two.serial, two.name, DOT), Role.BAR)
    with Desk(Hub(emulated_radio(FleetSpec((one, two)).build)), memory) as desk:
        desk.scan(True)
        until(lambda: len(desk.status().cards) == 3, "both were heard, one is remembered")
        desk.assign(one.address, Role.BAR)
        desk.connect(two.address)
        until(lambda: card(desk, two.address).link is LinkState.STREAMING, "yesterday's sends")
        desk.connect(one.address)
        until(lambda: card(desk, one.address).link is LinkState.STREAMING, "today's sends")
        assert desk.placed() == {Role.BAR: one.address}
        assert card(desk, two.address).role is None
        known = memory.get(one.serial)
        assert known is not None
        assert known.role is Role.BAR


def test_a_sensor_that_is_let_go_while_it_connects_can_be_connected_again() -> None:
    spec = example(FAMILY, 1)
    hub = Hub(emulated_radio(FleetSpec((spec,)).build))
    with Desk(hub, Memory()) as desk:
        desk.scan(True)
        until(lambda: bool(desk.status().cards), "heard")
        for _ in range(3):
            desk.connect(spec.address)
            desk.disconnect(spec.address)
        until(lambda: hub.status(spec.address) is None, "it was let go")
        desk.connect(spec.address)
        until(lambda: card(desk, spec.address).link is LinkState.STREAMING, "it sends")
        desk.assign(spec.address, Role.PELVIS)
        desk.assign(spec.address, Role.BAR)
        until(lambda: card(desk, spec.address).role is Role.BAR, "it has its place")
        until(lambda: card(desk, spec.address).rate_hz is not None, "it is looked at")
        # One preview looks at it; those of former places are told no more.
        assert len(hub._ears[spec.address]._listeners) == 1


def test_what_went_wrong_at_the_desk_stays_to_be_read(
    desk: Desk, person: EmulatedPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.scan(True)
    until(lambda: len(desk.status().cards) == 3, "three sensors were heard")
    key = card(desk, person.names()[Role.BAR]).key
    desk.blink(key)
    until(lambda: "cannot show itself" in card(desk, key).text, "that it was not connected")

    def broken(key: str) -> None:
        raise OSError("unforeseen")

    monkeypatch.setattr(desk._bench, "forget", broken)
    desk.forget(key)
    until(lambda: "unforeseen" in desk.status().problem, "the failure was told")
    turns = desk.status()
    until(lambda: desk.status() is not turns, "the desk goes on")
    assert "unforeseen" in desk.status().problem
    desk.connect(key)
    until(lambda: desk.status().problem == "", "the next order was carried out")
