"""An emulated BlueZ for tests: ``bluez([example("open-imu")])``.

The process is started once; each call restarts bluetoothd in it with the sensors given,
switched on at that moment, and points bleak's ``DBUS_SYSTEM_BUS_ADDRESS`` at its bus for
the length of the test.  Run what uses bleak with :func:`tests.integration.loops.run`:
bleak's bus must be closed before its loop is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from lift_monitor.drivers.ble import bleak_link, radio, session
from lift_monitor.drivers.ble.family import Answers
from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ, why_not_here
from lift_monitor.drivers.emulated.fleet import SensorSpec
from lift_monitor.sensors import taps
from tests.integration.bluez_tools import MakeBlueZ
from tests.patience import PATIENCE_S


@pytest.fixture(autouse=True)
def _nobody_is_given_up() -> Iterator[None]:
    """Wait for what a crowded machine keeps from answering; a test of a limit sets it itself.

    Else a process that stands for a few seconds, the one of the emulated BlueZ or this one, is
    taken for a radio that does not answer or for a sensor that sends nothing.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(radio, "START_SCAN_S", PATIENCE_S)
        patch.setattr(radio, "TRANSFER_S", PATIENCE_S)
        patch.setattr(bleak_link, "TRANSFER_S", PATIENCE_S)
        patch.setattr(session, "MUTE_S", PATIENCE_S)
        patch.setattr(Answers, "wait_s", PATIENCE_S)
        patch.setattr(taps, "_WAIT_S", PATIENCE_S)
        yield


class _Kept:
    """The process of a test run; another one if a test ended it."""

    def __init__(self) -> None:
        self._running: EmulatedBlueZ | None = None

    def get(self) -> EmulatedBlueZ:
        if self._running is None or not self._running.alive:
            self.close()
            self._running = EmulatedBlueZ()
            self._running.open()
        return self._running

    def close(self) -> None:
        if self._running is not None:
            self._running.close()
        self._running = None


@pytest.fixture(scope="session")
def _kept_bluez() -> Iterator[_Kept]:
    kept = _Kept()
    yield kept
    kept.close()


@pytest.fixture
def can_emulate_bluez() -> None:
    """Skip the test where no BlueZ can be emulated."""
    reason = why_not_here()
    if reason:
        pytest.skip(reason)


@pytest.fixture
def bluez(
    can_emulate_bluez: None, _kept_bluez: _Kept, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeBlueZ]:
    """Give a function that takes sensors (and an adapter) and gives a running EmulatedBlueZ."""

    def make(
        sensors: Iterable[SensorSpec] = (), adapter: AdapterSpec | None = None
    ) -> EmulatedBlueZ:
        running = _kept_bluez.get()
        running.carry(sensors, adapter)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", running.address)
        return running

    yield make
    if _kept_bluez.get().alive:
        _kept_bluez.get().carry(())  # no sensor goes on streaming behind the next test
