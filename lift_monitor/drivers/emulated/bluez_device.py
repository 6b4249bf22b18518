"""A peripheral as bluetoothd shows it: ``Device1``, what it advertises and its link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from lift_monitor.drivers.emulated.bluez_gatt import Gatt
from lift_monitor.drivers.emulated.bluez_objects import DEVICE, Method, ObjectTree
from lift_monitor.drivers.emulated.bluez_spec import Sent
from lift_monitor.drivers.emulated.peripheral import Peripheral


class Device:
    """One sensor on the bus.

    Parameters
    ----------
    tree : ObjectTree
    adapter : str
        Path of the adapter.
    peripheral : Peripheral
    mtu : int
        ATT MTU of its links.
    interval_s : float
        Connection interval: how often a link carries what is due.
    now : callable
        True time since the sensors were switched on.
    """

    def __init__(
        self,
        tree: ObjectTree,
        adapter: str,
        peripheral: Peripheral,
        mtu: int,
        interval_s: float,
        now: Callable[[], float],
    ) -> None:
        self.path = f"{adapter}/dev_{peripheral.identity.address.replace(':', '_')}"
        self.peripheral = peripheral
        self.gatt = Gatt(tree, self.path, peripheral, mtu, now)
        self.sent: list[Sent] = []
        self.in_range = True
        self.kept = False
        """Somebody connected it once: it is not forgotten after a search."""
        self.busy = False
        """Another program of this machine is connecting it."""
        self.refusals: list[str] = []
        """Texts of the errors that the next attempts to connect meet."""
        self._tree, self._adapter = tree, adapter
        self._interval_s, self._now = interval_s, now
        self._carrying: asyncio.Task[None] | None = None

    @property
    def shown(self) -> bool:
        """Whether it is on the bus."""
        return self.path in self._tree

    @property
    def linked(self) -> bool:
        """Whether a link stands."""
        return self._carrying is not None

    @property
    def heard(self) -> bool:
        """Whether it advertises where the adapter can hear it."""
        return self.in_range and not self.linked and self.peripheral.advertises(self._now())

    def show(self, rssi_dbm: int, methods: Mapping[str, Method]) -> None:
        """Put the device on the bus, or tell how strong it is heard now."""
        if self.path in self._tree:
            self._tree.change(self.path, DEVICE, RSSI=rssi_dbm)
            return
        seen = self.peripheral.advertisement
        facts: dict[str, object] = {
            "Adapter": self._adapter,
            "Address": seen.address,
            "AddressType": "random",
            "Alias": seen.name or seen.address.replace(":", "-"),
            "Blocked": False,
            "Bonded": False,
            "Connected": False,
            "LegacyPairing": False,
            "Paired": False,
            "RSSI": rssi_dbm,
            "ServicesResolved": False,
            "Trusted": False,
            "UUIDs": list(seen.service_uuids),
        }
        if seen.name:
            facts["Name"] = seen.name
        if seen.manufacturer_data:
            facts["ManufacturerData"] = dict(seen.manufacturer_data)
        self._tree.add(self.path, DEVICE, facts, methods)

    def link(self) -> None:
        """Make the link; what is due leaves from now on."""
        self.peripheral.connect(self._now())
        self.gatt.linked = True
        self._carrying = asyncio.get_running_loop().create_task(self._carry(), name="carry")
        self._carrying.add_done_callback(tell_of_failure)
        self._tree.change(self.path, DEVICE, Connected=True)
        self.gatt.show()
        services = {service.uuid for service in self.peripheral.services}
        uuids = sorted(services.union(self.peripheral.advertisement.service_uuids))
        self._tree.change(self.path, DEVICE, UUIDs=uuids, ServicesResolved=True)

    def unlink(self, *, tell: bool = True) -> None:
        """End the link, if it stands; a bluetoothd that was killed tells nobody."""
        carrying, self._carrying = self._carrying, None
        if carrying is None:
            return
        carrying.cancel()
        self.gatt.end(tell=tell)
        self.peripheral.disconnect(self._now())
        if tell:
            self._tree.change(self.path, DEVICE, ServicesResolved=False)
            self._tree.change(self.path, DEVICE, Connected=False)

    async def _carry(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._interval_s)
            now_s = self._now()
            if self.peripheral.drops(now_s):
                self.unlink()
                return
            for uuid, payload in self.peripheral.due(now_s):
                value = self.gatt.notify(uuid, payload)
                if value is not None:
                    self.sent.append(Sent(loop.time(), uuid, value))


def tell_of_failure(task: asyncio.Task[None]) -> None:
    """Give the error of a task to its loop: a fault of the emulation must not go unseen."""
    if not task.cancelled() and task.exception() is not None:
        task.get_loop().call_exception_handler(
            {"message": f"task {task.get_name()} failed", "exception": task.exception()}
        )
