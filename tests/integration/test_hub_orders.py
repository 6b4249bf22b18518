"""Orders to the hub in any order and haste: nothing stays connected that nobody holds."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from lift_monitor.drivers.ble.errors import RadioError
from lift_monitor.drivers.ble.families.open_imu import FACTS, OpenImuDriver
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.ble.session import Phase
from lift_monitor.drivers.emulated.fault_plan import Faults
from lift_monitor.drivers.emulated.fleet import example
from lift_monitor.drivers.packet import LINK
from lift_monitor.sensors.finding import find_and_open
from tests.integration.worlds import OPEN_S, AirWorld, found
from tests.patience import until

T = TypeVar("T")
SPEC = example("open-imu", 1)
ADDRESS = SPEC.address


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub(AirWorld([SPEC]).carrier) as made:
        made.scan(True).result(OPEN_S)
        found(made, ADDRESS)
        yield made


def links(hub: Hub) -> int:
    assert hub._radio is not None
    return hub._radio.open_links


def keepers(hub: Hub) -> int:
    async def count() -> int:
        return sum(task.get_name() == "lift-keeper" for task in asyncio.all_tasks())

    return asyncio.run_coroutine_threadsafe(count(), hub._loop).result(10)


def in_one_breath(hub: Hub, orders: Callable[[], T]) -> T:
    """Give orders of which none is carried out before the last is given, at any pace."""

    async def give() -> T:
        return orders()

    return asyncio.run_coroutine_threadsafe(give(), hub._loop).result(OPEN_S)


def ended(opening: concurrent.futures.Future[Any]) -> bool:
    """Whether an order to connect came to an end without a connection."""
    try:
        opening.result(OPEN_S)
    except (RadioError, concurrent.futures.CancelledError):
        return True
    return False


class Gate:
    """Holds something up until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()

    def open(self) -> None:
        self._open.set()

    async def wait(self) -> None:
        self.reached.set()
        while not self._open.is_set():
            await asyncio.sleep(0.005)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open()


def test_a_sensor_let_go_while_it_connects_is_let_go(hub: Hub) -> None:
    sensor = found(hub, ADDRESS)
    opening, gone = in_one_breath(hub, lambda: (hub.open(sensor, Wish()), hub.let_go(ADDRESS)))
    gone.result(OPEN_S)
    assert ended(opening)
    assert hub.status(ADDRESS) is None
    assert links(hub) == 0
    assert keepers(hub) == 0
    hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)


def test_a_sensor_let_go_while_it_is_set_up_is_let_go(
    hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = OpenImuDriver.start

    async def slow(driver: OpenImuDriver) -> None:
        await gate.wait()
        await start(driver)

    monkeypatch.setattr(OpenImuDriver, "start", slow)
    opening = hub.open(found(hub, ADDRESS), Wish())
    assert gate.reached.wait(OPEN_S)
    hub.let_go(ADDRESS).result(OPEN_S)
    gate.open()
    assert ended(opening)
    assert links(hub) == 0
    assert keepers(hub) == 0


def test_orders_in_haste_leave_one_connection_or_none(hub: Hub) -> None:
    sensor = found(hub, ADDRESS)
    openings = in_one_breath(hub, lambda: [hub.open(sensor, Wish()) for _ in range(4)])
    assert openings[-1].result(OPEN_S).rate_hz == 100.0
    assert all(ended(opening) for opening in openings[:-1])
    assert links(hub) == keepers(hub) == 1

    def to_and_fro() -> tuple[concurrent.futures.Future[Any], concurrent.futures.Future[None]]:
        for _ in range(3):
            hub.let_go(ADDRESS)
            last = hub.open(sensor, Wish())
        return last, hub.let_go(ADDRESS)

    last, gone = in_one_breath(hub, to_and_fro)
    gone.result(OPEN_S)
    assert ended(last)
    assert links(hub) == keepers(hub) == 0


def test_a_sensor_let_go_while_a_mute_one_is_stopped_is_let_go(
    hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(driver: OpenImuDriver) -> None:
        await gate.wait()

    monkeypatch.setattr("lift_monitor.drivers.ble.session.MUTE_S", -1.0)
    monkeypatch.setattr(OpenImuDriver, "stop", slow)
    hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)
    assert gate.reached.wait(OPEN_S)
    hub.let_go(ADDRESS).result(OPEN_S)
    assert links(hub) == 0


def test_a_fault_of_the_program_neither_ends_the_watch_nor_keeps_the_link(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw must not leave a sensor that is never connected again."""
    failed = threading.Semaphore(0)

    async def broken(driver: OpenImuDriver, *_: object) -> None:
        failed.release()
        raise IndexError("unforeseen")

    monkeypatch.setattr("lift_monitor.drivers.ble.session.BATTERY_PERIOD_S", 0.0)
    monkeypatch.setattr("lift_monitor.drivers.ble.session.MUTE_S", -1.0)
    hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)
    for method in ("battery_pct", "stop", "start"):
        with monkeypatch.context() as patch:
            patch.setattr(OpenImuDriver, method, broken)
            assert failed.acquire(timeout=OPEN_S), method
    monkeypatch.undo()

    def streams() -> bool:
        status = hub.status(ADDRESS)
        assert status is not None
        return status.phase is Phase.STREAMING and keepers(hub) == 1

    until(streams, "it streams and is watched")
    hub.let_go(ADDRESS).result(OPEN_S)
    assert links(hub) == keepers(hub) == 0


def test_a_sensor_that_comes_back_with_another_rate_is_not_read_as_before(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lift_monitor.drivers.ble.session._BACK_OFF_S", (0.01, 0.05))
    configure = OpenImuDriver.configure

    async def slower(driver: OpenImuDriver) -> Setup:
        return replace(await configure(driver), rate_hz=50.0)

    def phase() -> tuple[Phase, str]:
        status = hub.status(ADDRESS)
        assert status is not None
        return status.phase, status.text

    hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)
    heard: list[str] = []
    hub.listen(ADDRESS, lambda channel, _value, _at: heard.append(channel)).result(OPEN_S)
    with monkeypatch.context() as patch:
        patch.setattr(OpenImuDriver, "configure", slower)
        patch.setattr("lift_monitor.drivers.ble.session.MUTE_S", -1.0)
        until(lambda: "another rate (50 instead of 100 Hz)" in phase()[1], "it was told")
        assert phase()[0] is Phase.LOST
        begin = len(heard)
        until(lambda: heard[begin:].count(LINK) > 2, "it was tried again")
        assert set(heard[begin:]) == {LINK}
    until(lambda: phase()[0] is Phase.STREAMING, "it is as it was again")


def test_a_sensor_that_went_silent_with_an_empty_battery_is_to_be_charged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lift_monitor.drivers.ble.session._AGAIN_S", 0.2)
    world = AirWorld([replace(SPEC, battery_pct=4.0)])
    with Hub(world.carrier) as hub:
        hub.scan(True).result(OPEN_S)
        hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)
        world.peripherals[ADDRESS].faults = Faults(battery_dies_s=0.0)

        def told() -> bool:
            status = hub.status(ADDRESS)
            assert status is not None
            return "went silent with an empty battery; charge it" in status.text

        until(told, "the empty battery was told")


def test_a_listener_hears_a_sensor_that_was_connected_anew(hub: Hub) -> None:
    """A session goes on with its sensor after somebody let it go and connected it again."""
    sensor = found(hub, ADDRESS)
    hub.open(sensor, Wish()).result(OPEN_S)
    heard: list[str] = []

    def listener(channel: str, value: bytes, at_ns: int) -> None:
        heard.append(channel)

    hub.listen(ADDRESS, listener).result(OPEN_S)
    hub.let_go(ADDRESS).result(OPEN_S)
    hub.open(sensor, Wish()).result(OPEN_S)
    until(lambda: LINK in heard and heard[-1] != LINK, "it is heard again")
    hub.unlisten(ADDRESS, listener).result(OPEN_S)
    count = len(heard)
    hub.let_go(ADDRESS).result(OPEN_S)
    assert len(heard) == count


def test_nobody_waits_for_a_hub_that_is_closing(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(driver: OpenImuDriver) -> None:
        await gate.wait()

    monkeypatch.setattr(OpenImuDriver, "stop", slow)
    hub = Hub(AirWorld([SPEC]).carrier)
    hub.start()
    hub.scan(True).result(OPEN_S)
    sensor = found(hub, ADDRESS)
    hub.open(sensor, Wish()).result(OPEN_S)
    closing = threading.Thread(target=hub.close)
    closing.start()
    assert gate.reached.wait(OPEN_S)
    late: list[concurrent.futures.Future[Any]] = [
        hub.open(sensor, Wish()),
        hub.scan(False),
        hub.scan(True),
        hub.blink(ADDRESS),
    ]
    gate.open()
    closing.join(OPEN_S)
    assert not closing.is_alive()
    for order in late:
        with contextlib.suppress(concurrent.futures.CancelledError, RadioError):
            order.result(OPEN_S)


def test_a_link_that_breaks_during_the_set_up_is_not_said_to_be_made_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(driver: OpenImuDriver) -> None:
        assert hub._radio is not None
        for link in list(hub._radio._links):
            await link.close()
        await driver.link.read(FACTS)

    monkeypatch.setattr(OpenImuDriver, "start", breaks)
    monkeypatch.setattr("lift_monitor.drivers.ble.session._BACK_OFF_S", (0.01, 0.01))
    with pytest.raises(RadioError, match="broke while it was being set up") as told:
        hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)
    assert "being made again" not in str(told.value)
    assert links(hub) == keepers(hub) == 0


def test_arrivals_are_stamped_finer_than_the_ticks_of_windows(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There ``time.monotonic`` advances by 15.6 ms before Python 3.13."""
    tick_ns = 15_625_000
    monkeypatch.setattr(time, "monotonic_ns", lambda: time.perf_counter_ns() // tick_ns * tick_ns)
    hub.open(found(hub, ADDRESS), Wish()).result(OPEN_S)
    at_ns: list[int] = []
    hub.listen(ADDRESS, lambda _channel, _value, at: at_ns.append(at)).result(OPEN_S)
    until(lambda: len(at_ns) > 3, "the sensor sent")
    assert any(at % tick_ns for at in at_ns)


def test_a_sensor_that_is_never_set_up_is_given_up_with_a_sentence(
    hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(driver: OpenImuDriver) -> None:
        await gate.wait()

    monkeypatch.setattr(OpenImuDriver, "start", slow)
    monkeypatch.setattr("lift_monitor.sensors.finding._OPEN_S", 0.5)
    with pytest.raises(RadioError, match=f"{SPEC.name} does not answer"):
        find_and_open(hub, ADDRESS, Wish(), within_s=OPEN_S)
    until(lambda: links(hub) == 0, "it was let go")
