"""A link straight to an emulated peripheral, in memory: no radio, no bus, no waiting.

Time stands still until :meth:`DirectLink.run` lets it pass, so that a minute of streaming
takes milliseconds and every run is the same.
"""

from __future__ import annotations

from lift_monitor.drivers.ble.link import LinkError, MissingCharacteristicError, Receiver
from lift_monitor.drivers.emulated.peripheral import LONGEST_BYTES, Peripheral, RefusedError


class DirectLink:
    """Implements :class:`lift_monitor.drivers.ble.link.Link` over a peripheral.

    Parameters
    ----------
    peripheral : Peripheral
    now_s : float
        True time since the sensor's power-up at which the link is made.

    Raises
    ------
    LinkError
        If the sensor refuses the connection.
    """

    def __init__(self, peripheral: Peripheral, now_s: float = 0.0) -> None:
        self.peripheral = peripheral
        self.now_s = now_s
        self._receivers: dict[str, Receiver] = {}
        if not peripheral.accepts(now_s):
            raise LinkError(f"{self.name} refused the connection.")
        peripheral.connect(now_s)

    @property
    def name(self) -> str:
        """The advertised name."""
        return self.peripheral.identity.name

    def has(self, characteristic: str) -> bool:
        """Whether the peripheral offers a characteristic."""
        return any(
            known.uuid == characteristic
            for service in self.peripheral.services
            for known in service.characteristics
        )

    async def read(self, characteristic: str) -> bytes:
        """Read a value (see :class:`~lift_monitor.drivers.ble.link.Link`)."""
        self._check(characteristic)
        try:
            return self.peripheral.read(characteristic, self.now_s)
        except RefusedError as error:
            raise LinkError(f"{self.name} refused a read: {error}.") from error

    async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None:
        """Write a value; what the sensor answers arrives before this returns."""
        self._check(characteristic)
        if not response and len(data) > LONGEST_BYTES:
            raise LinkError(f"{len(data)} bytes do not fit one write to {self.name}.")
        try:
            self.peripheral.write(characteristic, data, self.now_s)
        except RefusedError as error:
            raise LinkError(f"{self.name} refused a write: {error}.") from error
        self._deliver()

    async def listen(self, characteristic: str, receiver: Receiver) -> None:
        """Have values given to ``receiver``."""
        self._check(characteristic)
        self._receivers[characteristic] = receiver
        self.peripheral.subscribe(characteristic, True, self.now_s)
        self._deliver()

    async def unlisten(self, characteristic: str) -> None:
        """End :meth:`listen`."""
        if self._receivers.pop(characteristic, None) is not None:
            self.peripheral.subscribe(characteristic, False, self.now_s)

    def run(self, seconds: float, step_s: float = 0.01) -> None:
        """Let time pass."""
        end_s = self.now_s + seconds
        while self.now_s < end_s - 1e-9:
            self.now_s = min(self.now_s + step_s, end_s)
            if self.peripheral.link_up and self.peripheral.drops(self.now_s):
                self.peripheral.disconnect(self.now_s)
                self._receivers.clear()
            self._deliver()

    def _deliver(self) -> None:
        for uuid, payload in self.peripheral.due(self.now_s):
            receiver = self._receivers.get(uuid)
            if receiver is not None:
                receiver(payload)

    def _check(self, characteristic: str) -> None:
        if not self.peripheral.link_up:
            raise LinkError(f"{self.name} is not connected.")
        if not self.has(characteristic):
            raise MissingCharacteristicError(f"{self.name} has no characteristic {characteristic}.")
