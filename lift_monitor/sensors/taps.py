"""A hub's connected sensor as a station taps it, and what the recording keeps of it."""

from __future__ import annotations

import concurrent.futures
import contextlib
from collections.abc import Callable
from typing import Final

from lift_monitor.drivers.ble.family import Setup
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.ble.radio import Found
from lift_monitor.drivers.ble.session import Phase
from lift_monitor.drivers.live import LinkFacts, TapError
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.sensors.placement import USUAL

_WAIT_S: Final = 5.0


def key_of(found: Found, setup: Setup | None) -> str:
    """By what a sensor is remembered: its serial number where it tells one, else its name."""
    return (setup.serial if setup else "") or found.name


def sensor_info(found: Found, setup: Setup, role: Role, placement: str = "") -> SensorInfo:
    """Facts of a connected sensor for the recording; the usual placement if none is given."""
    return SensorInfo(
        sensor_id=f"{role.value}-{key_of(found, setup)}",
        role=role,
        format=found.family.format,
        name=found.name,
        serial=setup.serial,
        placement=placement or USUAL[role],
        nominal_rate_hz=setup.rate_hz,
        acc_range_mps2=setup.acc_range_mps2,
        gyr_range_radps=setup.gyr_range_radps,
    )


class HubTap:
    """Implements :class:`lift_monitor.drivers.live.Tap` over a hub.

    Parameters
    ----------
    hub : Hub
    address : str
        The sensor must have been opened.
    info : SensorInfo
    """

    def __init__(self, hub: Hub, address: str, info: SensorInfo) -> None:
        self._hub = hub
        self._address = address
        self._info = info
        self._sink: Callable[[str, bytes, int], None] | None = None

    @property
    def info(self) -> SensorInfo:
        """What the recording keeps of the sensor."""
        return self._info

    def open(self, sink: Callable[[str, bytes, int], None]) -> None:
        """Have all that follows given to ``sink``.

        Raises
        ------
        TapError
            If Bluetooth does not answer.
        """
        self._sink = sink
        try:
            self._hub.listen(self._address, sink).result(_WAIT_S)
        except (concurrent.futures.CancelledError, TimeoutError) as error:
            raise TapError(
                f"{self._info.name} cannot be listened to because Bluetooth does not answer; "
                "close this program and start it again."
            ) from error

    def close(self) -> None:
        """End :meth:`open`."""
        sink, self._sink = self._sink, None
        if sink is not None:
            # A radio that is gone calls nobody any more.
            with contextlib.suppress(concurrent.futures.CancelledError, TimeoutError):
                self._hub.unlisten(self._address, sink).result(_WAIT_S)

    def link(self) -> LinkFacts:
        """How the link stands."""
        status = self._hub.status(self._address)
        if status is None:
            return LinkFacts(False, f"{self._info.name} was let go.")
        found = next((f for f in self._hub.found if f.address == self._address), None)
        return LinkFacts(
            up=status.phase is Phase.STREAMING,
            text=status.text,
            battery_pct=status.battery_pct,
            rssi_dbm=found.advertisement.rssi_dbm if found else None,
            losses=status.losses,
        )
