"""An emulated BlueZ on a private D-Bus, in a process of its own: Linux, for tests only.

Unmodified bleak finds it through ``DBUS_SYSTEM_BUS_ADDRESS`` and notices no difference.

Examples
--------
>>> with EmulatedBlueZ([example("open-imu")]) as bluez:  # doctest: +SKIP
...     os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
...     asyncio.run(BleakScanner.discover(1.0))
...     bluez.drop("C0:FF:EE:00:00:01")
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from lift_monitor.drivers.emulated.bluez_spec import AdapterSpec, Sent
from lift_monitor.drivers.emulated.fleet import FleetSpec, SensorSpec
from lift_monitor.drivers.emulated.peripheral import Outgoing

__all__ = ["AdapterSpec", "BlueZState", "EmulatedBlueZ", "Sent", "why_not_here"]

_PATIENCE_S: Final = 60.0
"""Longest wait for an answer of the process; a busy machine takes seconds to start one."""


def why_not_here() -> str:
    """Say why no BlueZ can be emulated on this machine; empty if it can."""
    if sys.platform != "linux":
        return "BlueZ is emulated on Linux only"
    if shutil.which("dbus-daemon") is None:
        return "there is no dbus-daemon; install the package dbus"
    return ""


@dataclass(frozen=True, slots=True)
class BlueZState:
    """What goes on: programs that search, sensors shown and linked, what is listened to."""

    searching: int
    shown: tuple[str, ...]
    """On the bus: heard, and not forgotten since."""
    linked: tuple[str, ...]
    listening: dict[str, tuple[str, ...]]
    """Address to UUIDs of characteristics."""
    blinked: dict[str, int]
    """Address to how often the sensor was asked to show itself."""


class EmulatedBlueZ:
    """Use as a context manager, or pair :meth:`open` with :meth:`close`; any thread may call.

    Parameters
    ----------
    sensors : iterable of SensorSpec
        Switched on when the process is ready, see :meth:`carry`.
    adapter : AdapterSpec, optional
    permitted : bool, optional
        Whether the bus lets programs speak with bluetoothd.

    Raises
    ------
    RuntimeError
        From every method, if the process does not answer or fails.
    """

    def __init__(
        self,
        sensors: Iterable[SensorSpec] = (),
        adapter: AdapterSpec | None = None,
        *,
        permitted: bool = True,
    ) -> None:
        self.address = ""
        """Of the bus, for ``DBUS_SYSTEM_BUS_ADDRESS``."""
        self.began_s = 0.0
        """Monotonic time of this machine at which the sensors were switched on."""
        self._fleet, self._adapter = FleetSpec(tuple(sensors)), adapter or AdapterSpec()
        self._permitted = permitted
        self._directory: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting = b""
        self._lock = threading.Lock()

    def open(self) -> None:
        """Start the process and switch the sensors on."""
        self._directory = Path(tempfile.mkdtemp(prefix="bluez-"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lift_monitor.drivers.emulated.bluez_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Out of the reach of Ctrl+C: the process ends when its input does.
            start_new_session=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            self.address = self._ask(directory=str(self._directory), permitted=self._permitted)
            self.carry(self._fleet.sensors, self._adapter)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End everything; may be called more than once."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(BrokenPipeError):  # what was not read yet: it is dead
                process.stdin.close()
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    # --- Sensors and adapter ---

    def carry(self, sensors: Iterable[SensorSpec], adapter: AdapterSpec | None = None) -> None:
        """Stop bluetoothd and start it with other sensors, switched on now."""
        fleet = FleetSpec(tuple(sensors))
        self.began_s = self._do(
            "carry",
            sensors=[sensor.to_json() for sensor in fleet.sensors],
            adapter=asdict(adapter or AdapterSpec()),
        )

    def power(self, on: bool) -> None:
        """Switch the adapter on or off."""
        self._do("power", on=on)

    def plug(self, on: bool) -> None:
        """Put the adapter in or pull it out."""
        self._do("plug", on=on)

    # --- bluetoothd and the bus ---

    def stop(self) -> None:
        """Stop bluetoothd in good order: links are closed and objects withdrawn."""
        self._do("stop")

    def kill(self) -> None:
        """Kill bluetoothd: links break and nobody is told."""
        self._do("kill")

    def start(self) -> None:
        """Start bluetoothd again; the sensors stayed switched on."""
        self._do("start")

    def kill_bus(self) -> None:
        """End the D-Bus itself; nothing else can be asked of this object afterwards."""
        self._do("kill_bus")

    # --- One sensor ---

    def drop(self, address: str) -> None:
        """Break the link of a sensor; it may be connected again at once."""
        self._do("drop", address=address)

    def vanish(self, address: str) -> None:
        """Take a sensor out of range: its link breaks and nothing is heard of it."""
        self._do("range", address=address, on=False)

    def appear(self, address: str) -> None:
        """Bring a sensor back into range."""
        self._do("range", address=address, on=True)

    def refuse(
        self, address: str, times: int = 1, text: str = "le-connection-abort-by-remote"
    ) -> None:
        """Let attempts to connect fail with ``org.bluez.Error.Failed`` and a text of BlueZ."""
        self._do("refuse", address=address, texts=[text] * times)

    def occupy(self, address: str, *, notifying: bool = True, connecting: bool = False) -> None:
        """Let another program of this machine use a sensor, or end that.

        Parameters
        ----------
        address : str
        notifying : bool
            It holds the notifications: ``NotPermitted``, "Notify acquired".
        connecting : bool
            It is connecting: ``InProgress``.
        """
        self._do("occupy", address=address, notifying=notifying, connecting=connecting)

    def forget(self, address: str) -> None:
        """Remove a device object; it comes back when the sensor is heard in a search."""
        self._do("forget", address=address)

    # --- What happened ---

    def sent(self, address: str) -> list[Sent]:
        """Every notification of a sensor that was handed to the host, in order."""
        return [
            Sent(time_s, uuid, bytes.fromhex(payload))
            for time_s, uuid, payload in self._do("sent", address=address)
        ]

    def made(self, address: str) -> list[Outgoing]:
        """Data of a sensor with faults before any fault."""
        return _outgoing(self._do("made", address=address))

    def lost(self, address: str) -> list[Outgoing]:
        """Data of a sensor with faults that never left."""
        return _outgoing(self._do("lost", address=address))

    def state(self) -> BlueZState:
        """What goes on now."""
        state = self._do("state")
        return BlueZState(
            state["searching"],
            tuple(state["shown"]),
            tuple(state["linked"]),
            {address: tuple(uuids) for address, uuids in state["listening"].items()},
            state["blinked"],
        )

    def cpu_s(self) -> float:
        """Processor time of the process and its bus so far, in seconds."""
        return float(self._do("cpu"))

    def _do(self, command: str, **arguments: Any) -> Any:
        return self._ask(do=command, **arguments)

    def _ask(self, **words: Any) -> Any:
        with self._lock:
            if self._process is None:
                raise RuntimeError("the emulated BlueZ is not open")
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps(words).encode() + b"\n")
                self._process.stdin.flush()
                said = json.loads(self._read_line(self._process))
            except BrokenPipeError as error:
                raise RuntimeError("the emulated BlueZ died; see its error output") from error
        if "error" in said:
            raise RuntimeError(said["error"])
        return said["answer"]

    def _read_line(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdout is not None
        fd, end_s = process.stdout.fileno(), time.monotonic() + _PATIENCE_S
        while b"\n" not in self._waiting:
            if not select.select([fd], [], [], max(0.0, end_s - time.monotonic()))[0]:
                raise RuntimeError(f"the emulated BlueZ did not answer within {_PATIENCE_S:g} s")
            piece = os.read(fd, 2**16)
            if not piece:
                raise RuntimeError("the emulated BlueZ died; see its error output")
            self._waiting += piece
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line


def _outgoing(items: list[list[str]]) -> list[Outgoing]:
    return [Outgoing(uuid, bytes.fromhex(payload)) for uuid, payload in items]
