"""The process behind :class:`~lift_monitor.drivers.emulated.bluez.EmulatedBlueZ`.

It keeps a private ``dbus-daemon`` with an emulated bluetoothd on it and does what it reads,
one JSON object a line, from its standard input; it ends with that, and everything it
started ends with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from dbus_fast import Message
from dbus_fast.aio import MessageBus

from lift_monitor.drivers.emulated.bluez_daemon import NAME, Bluetoothd
from lift_monitor.drivers.emulated.bluez_outbox import Outbox
from lift_monitor.drivers.emulated.bluez_spec import AdapterSpec
from lift_monitor.drivers.emulated.faults import FaultyPeripheral
from lift_monitor.drivers.emulated.fleet import SensorSpec
from lift_monitor.drivers.emulated.peripheral import Outgoing

_START_S: Final = 20.0
_CONFIGURATION: Final = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_type="method_return"/>
    <allow send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="signal"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    {rule}
  </policy>
</busconfig>
"""
_FORBID: Final = f'<deny send_destination="{NAME}" send_type="method_call"/>'
_TIED: Final = '"$@" & read _; kill $!; wait'
"""A shell that ends the program when its standard input ends, whatever happened to us."""


class Process:
    """Does what the control channel asks for.

    Parameters
    ----------
    directory : Path
        Exists; for the socket and the configuration of the bus.
    permitted : bool
        Whether programs may speak with bluetoothd.
    """

    def __init__(self, directory: Path, permitted: bool) -> None:
        self._directory, self._permitted = directory, permitted
        self._daemon: asyncio.subprocess.Process | None = None
        self._bus: MessageBus | None = None
        self._outbox: Outbox | None = None
        self._bluetoothd: Bluetoothd | None = None
        self._commands: dict[str, Callable[..., Any]] = {
            "carry": self._carry,
            "stop": lambda: self._served.stop(),
            "kill": lambda: self._served.kill(),
            "start": lambda: self._served.start(),
            "kill_bus": self._kill_bus,
            "plug": lambda on: self._served.plug(on),
            "power": lambda on: self._served.power(on),
            "drop": lambda address: self._served.device(address).unlink(),
            "range": self._range,
            "refuse": lambda address, texts: self._served.device(address).refusals.extend(texts),
            "occupy": self._occupy,
            "forget": lambda address: self._served.forget(address),
            "sent": lambda address: [
                [sent.time_s, sent.uuid, sent.payload.hex()]
                for sent in self._served.device(address).sent
            ],
            "made": lambda address: _plain(self._faulty(address).made),
            "lost": lambda address: _plain(self._faulty(address).lost),
            "state": self._state,
            "cpu": lambda: _cpu_s(os.getpid()),
        }

    async def open(self) -> str:
        """Start the bus; returns its address."""
        socket, configuration = self._directory / "bus", self._directory / "bus.conf"
        configuration.write_text(
            _CONFIGURATION.format(socket=socket, rule="" if self._permitted else _FORBID), "utf-8"
        )
        log = self._directory / "bus.log"
        with log.open("wb") as said:
            self._daemon = await asyncio.create_subprocess_exec(
                *("sh", "-c", _TIED, "sh", "dbus-daemon", "--nofork", "--print-address=1"),
                f"--config-file={configuration}",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=said,
            )
        assert self._daemon.stdout is not None
        async with asyncio.timeout(_START_S):
            address = (await self._daemon.stdout.readline()).decode().strip()
        if not address:
            raise RuntimeError(f"dbus-daemon did not start: {log.read_text('utf-8')}")
        self._bus = await MessageBus(bus_address=address, negotiate_unix_fd=True).connect()
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
            )
        )
        self._outbox = Outbox(self._bus)
        return address

    async def close(self) -> None:
        """End the bus and remove what lies in its directory."""
        if self._bluetoothd is not None and self._bus is not None and self._bus.connected:
            await self._bluetoothd.stop()
        if self._outbox is not None:
            self._outbox.close()
        if self._bus is not None:
            self._bus.disconnect()
        await self._kill_bus()
        shutil.rmtree(self._directory, ignore_errors=True)

    async def do(self, line: str) -> str:
        """Carry out one command; returns the answer."""
        asked = json.loads(line)
        try:
            answer = self._commands[asked.pop("do")](**asked)
            if asyncio.iscoroutine(answer):
                answer = await answer
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and may go on
            return json.dumps({"error": f"{type(error).__name__}: {error}"})
        return json.dumps({"answer": answer})

    @property
    def _served(self) -> Bluetoothd:
        if self._bluetoothd is None:
            raise RuntimeError("nothing is carried yet")
        return self._bluetoothd

    async def _carry(self, sensors: list[dict[str, Any]], adapter: dict[str, Any]) -> float:
        assert self._bus is not None
        assert self._outbox is not None
        if self._bluetoothd is not None:
            await self._bluetoothd.stop()
        peripherals = [SensorSpec.from_json(sensor).build() for sensor in sensors]
        self._bluetoothd = Bluetoothd(self._bus, self._outbox, AdapterSpec(**adapter), peripherals)
        await self._bluetoothd.start()
        return self._bluetoothd.began_s

    async def _kill_bus(self) -> None:
        daemon, self._daemon = self._daemon, None
        if daemon is not None:
            assert daemon.stdin is not None
            daemon.stdin.close()
            await daemon.wait()

    def _range(self, address: str, on: bool) -> None:
        device = self._served.device(address)
        device.in_range = on
        if not on:
            device.unlink()

    def _occupy(self, address: str, notifying: bool, connecting: bool) -> None:
        device = self._served.device(address)
        device.gatt.held, device.busy = notifying, connecting

    def _faulty(self, address: str) -> FaultyPeripheral:
        peripheral = self._served.device(address).peripheral
        if not isinstance(peripheral, FaultyPeripheral):
            raise TypeError(f"{address} has no faults")
        return peripheral

    def _state(self) -> dict[str, Any]:
        devices = self._served.devices
        return {
            "searching": self._served.searching,
            "shown": [address for address, device in devices.items() if device.shown],
            "linked": [address for address, device in devices.items() if device.linked],
            "listening": {address: device.gatt.listening for address, device in devices.items()},
            "blinked": {address: device.peripheral.blinked for address, device in devices.items()},
        }


def _cpu_s(pid: int | str) -> float:
    """Processor time of a process and its children (``man 5 proc``, fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    own_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own_s + sum(map(_cpu_s, children))


def _plain(items: Iterable[Outgoing]) -> list[list[str]]:
    return [[uuid, payload.hex()] for uuid, payload in items]


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    asked = json.loads(await reader.readline())
    process = Process(Path(asked["directory"]), asked["permitted"])
    try:
        _say(json.dumps({"answer": await process.open()}))
        while line := await reader.readline():
            _say(await process.do(line.decode()))
    finally:
        await process.close()


def _say(line: str) -> None:
    left = line.encode() + b"\n"
    # A signal ends a write into a full pipe in its middle, and unbuffered Python drops the rest.
    while left:
        left = left[os.write(sys.stdout.fileno(), left) :]


def _fail(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """End at once: an emulation that is broken must not look like a silent sensor."""
    loop.default_exception_handler(context)
    sys.stderr.flush()
    os._exit(1)


def main() -> None:
    """Run until the standard input ends."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(_fail)
        runner.run(_serve())


if __name__ == "__main__":
    main()
