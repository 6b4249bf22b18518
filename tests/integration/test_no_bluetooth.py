"""Without Bluetooth every command and the Sensors page say so in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lift_monitor.cli import main
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.emulated.fleet import example
from lift_monitor.sensors.desk import Desk
from lift_monitor.sensors.memory import Memory
from tests.integration.bluez_tools import MakeBlueZ
from tests.integration.worlds import opened
from tests.patience import until

NO_BUS = "no system D-Bus"
NO_SERVICE = "Bluetooth service of this computer does not run"
NO_ADAPTER = "no Bluetooth adapter"
OFF = "Bluetooth is switched off"

Break = Callable[[], None]


@pytest.fixture(params=["no bus", "no bluetoothd", "no adapter", "switched off"])
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take Bluetooth away; return the words that must tell of it."""
    if request.param == "no bus":
        request.getfixturevalue("can_emulate_bluez")
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        return NO_BUS
    bluez: MakeBlueZ = request.getfixturevalue("bluez")
    running = bluez(())
    if request.param == "no bluetoothd":
        running.stop()
        return NO_SERVICE
    if request.param == "no adapter":
        running.plug(False)
        return NO_ADAPTER
    running.power(False)
    return OFF


@pytest.mark.parametrize("command", ["scan", "scan --json", "record", "live"])
def test_every_command_says_so_in_one_sentence(
    command: str, trouble: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = command.split()
    if command == "record":
        words += ["--bar", "Movesense 1", str(tmp_path / "out.mcap")]
    if command == "live":
        words += ["--offscreen", "--recordings", str(tmp_path), "--png", str(tmp_path / "p.png")]
    assert main(words) == 2
    told = capsys.readouterr().err.strip()
    assert trouble in told
    assert "\n" not in told
    assert told.endswith(".")
    assert not list(tmp_path.iterdir())


def test_the_desk_says_so_and_goes_on(trouble: str) -> None:
    with Desk(Hub(), Memory()) as desk:
        desk.scan(True)
        until(lambda: bool(desk.status().problem), "the problem was told")
        assert trouble in desk.status().problem
        assert not desk.status().can_begin
        assert not desk.status().scanning


def test_bluetooth_that_comes_back_is_used(bluez: MakeBlueZ) -> None:
    running = bluez(())
    running.power(False)
    with Desk(Hub(), Memory()) as desk:
        desk.scan(True)
        until(lambda: OFF in desk.status().problem, "the problem was told")
        running.power(True)

        def used() -> bool:
            status = desk.status()
            if OFF in status.problem:  # bleak hears of the power a moment later
                desk.scan(True)
            return status.scanning and not status.problem

        until(used, "it was used again")


def test_a_search_that_bluetooth_ended_is_told_and_taken_up_again(
    bluez: MakeBlueZ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that says it is searching must not do so while nothing can be heard."""
    monkeypatch.setattr("lift_monitor.drivers.ble.radio.SILENT_S", 0.2)
    running = bluez((example("open-imu", 1),))
    with Desk(Hub(), Memory()) as desk:
        desk.scan(True)
        until(lambda: len(desk.status().cards) == 1, "a sensor was heard")
        running.power(False)
        until(lambda: OFF in desk.status().problem, "the end of the search was told")
        running.power(True)
        until(lambda: not desk.status().problem, "it was taken up again")
        until(lambda: running.state().searching == 1, "bluetoothd searches")
        desk.scan(False)
        until(lambda: running.state().searching == 0, "the search was ended")


def test_a_lost_sensor_is_not_blamed_for_an_adapter_that_was_pulled(bluez: MakeBlueZ) -> None:
    spec = example("open-imu", 1)
    running = bluez((spec,))
    with Hub() as hub:
        hub.scan(True).result()
        opened(hub, spec.address)
        running.plug(False)

        def told() -> bool:
            status = hub.status(spec.address)
            return status is not None and NO_ADAPTER in status.text

        until(told, "the missing adapter was told")
