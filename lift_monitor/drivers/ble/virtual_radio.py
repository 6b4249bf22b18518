"""Bumble's virtual radio: devices on a link inside this process, and a central among them.

Imported only where it is used, as Bumble is an optional dependency.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bumble import hci
from bumble.controller import Controller
from bumble.device import Connection, Device
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

_T = TypeVar("_T")

ATT_MTU: Final = 247
"""Both sides agree on it; what fills one link-layer packet of Bluetooth 4.2 and later."""

_bumble_log = logging.getLogger("bumble")
if _bumble_log.level == logging.NOTSET:
    # Bumble warns of every notification that crosses an unsubscription: daily bread here.
    _bumble_log.setLevel(logging.CRITICAL)


class VirtualController(Controller):
    """A controller that gives up when told, and sends notifications whole."""

    # As large as the MTU, or each notification crosses the link in ten pieces.
    le_acl_data_packet_length = ATT_MTU + 4

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up a connection that was not made; Bumble's own only says that it did."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            self.send_hci_packet(
                hci.HCI_LE_Connection_Complete_Event(
                    status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                    connection_handle=0,
                    role=hci.Role.CENTRAL,
                    peer_address_type=pending.peer_address.address_type,
                    peer_address=pending.peer_address,
                    connection_interval=0,
                    peripheral_latency=0,
                    supervision_timeout=0,
                    central_clock_accuracy=0,
                )
            )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


def make_device(link: LocalLink, name: str, address: str) -> Device:
    """Put a Bluetooth device on a virtual link; it is off until ``power_on``."""
    controller = VirtualController(name, link=link)
    host = Host(controller, AsyncPipeSink(controller))
    return Device(name=name, address=hci.Address(address), host=host)


class VirtualRadio:
    """The central's side of a virtual link: what an adapter is to a computer.

    Parameters
    ----------
    device : bumble.device.Device
    rssi_dbm : callable
        Gives the signal strength of an address: the virtual link knows no distances.
    """

    def __init__(self, device: Device, rssi_dbm: Callable[[str], int]) -> None:
        self.device = device
        self.rssi_dbm = rssi_dbm
        self._connecting = asyncio.Lock()

    async def connect(self, address: str, timeout_s: float) -> Connection:
        """Make one connection at a time.

        Raises
        ------
        TimeoutError
            If nothing with that address advertises in time.
        """
        async with self._connecting:
            attempt = asyncio.ensure_future(
                self.device.connect_le(hci.Address(address), timeout=None)
            )
            try:
                async with asyncio.timeout(timeout_s):
                    return await asyncio.shield(attempt)
            except BaseException:
                # Else the controller goes on trying, and no other connection can be made.
                await self._give_up(attempt)
                raise

    async def _give_up(self, attempt: asyncio.Future[Connection]) -> None:
        if not attempt.done():
            await whole(
                self.device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
            )
            await asyncio.wait({attempt})
        if not attempt.cancelled() and attempt.exception() is None:  # it was made after all
            await self.hang_up(attempt.result())

    def stands(self, connection: Connection) -> bool:
        """Whether a connection has not been let go by either side."""
        return self.device.connections.get(connection.handle) is connection

    async def hang_up(self, connection: Connection) -> None:
        """Let a connection go, if it stands."""
        if self.stands(connection):
            await whole(connection.disconnect())


async def whole(work: Awaitable[_T]) -> _T:
    """Await work of Bumble that must not be cancelled half-way.

    A command to the controller that is cancelled leaves its answer without an owner, and the
    next command hangs.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
