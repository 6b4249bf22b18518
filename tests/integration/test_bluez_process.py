"""The process of the emulated BlueZ: it answers, and it leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bleak import BleakClient

from lift_monitor.drivers.ble.families.open_imu import DATA, RATE, RATE_LAYOUT
from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ
from lift_monitor.drivers.emulated.fleet import example
from tests.integration.bluez_tools import MakeBlueZ, find
from tests.integration.loops import PATIENCE_S, run, until

BOARD = example("open-imu")
_OWNER = """
import sys, time
from lift_monitor.drivers.ble.families.open_imu import DATA, RATE, RATE_LAYOUT
from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ
running = EmulatedBlueZ()
running.open()
print(running._process.pid, running.address.split("=")[1].split(",")[0], flush=True)
time.sleep(1000)
"""


def running(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def below(pid: int) -> list[int]:
    """Find all processes that a process started, and those that these started."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(folder.name), *below(int(folder.name))]
    return found


def wait_until_gone(pids: list[int], socket: Path) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while any(map(running, pids)) or socket.exists():
        assert time.monotonic() < end_s, [pid for pid in pids if running(pid)]
        time.sleep(0.02)


@pytest.mark.usefixtures("can_emulate_bluez")
def test_closing_ends_the_process_the_bus_and_its_folder() -> None:
    with EmulatedBlueZ([BOARD]) as bluez:
        assert bluez._process is not None
        pids = [bluez._process.pid, *below(bluez._process.pid)]
        assert len(pids) == 3  # the process, the shell that guards the bus, the bus
        socket = Path(bluez.address.partition("=")[2].partition(",")[0])
        assert socket.exists()
    assert not any(map(running, pids))
    assert not socket.parent.exists()
    bluez.close()  # may be called again
    with pytest.raises(RuntimeError, match="not open"):
        bluez.state()


@pytest.mark.usefixtures("can_emulate_bluez")
def test_everything_ends_with_an_owner_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _OWNER], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid, socket = owner.stdout.readline().decode().split()
        pids = [int(pid), *below(int(pid))]
        assert len(pids) == 3
        owner.kill()
        wait_until_gone(pids, Path(socket).parent)


@pytest.mark.usefixtures("can_emulate_bluez")
def test_the_bus_ends_with_a_process_that_is_killed() -> None:
    bluez = EmulatedBlueZ([BOARD])
    bluez.open()
    try:
        assert bluez._process is not None
        pids = [bluez._process.pid, *below(bluez._process.pid)]
        os.kill(pids[0], signal.SIGKILL)
        bluez._process.wait()
        assert not bluez.alive
        with pytest.raises(RuntimeError, match="died"):
            bluez.state()
        socket = Path(bluez.address.partition("=")[2].partition(",")[0])
    finally:
        bluez.close()
    wait_until_gone(pids, socket.parent)


def test_a_bus_that_is_stuck_for_a_while_loses_nothing(bluez: MakeBlueZ) -> None:
    boards = [example("open-imu", number) for number in range(1, 9)]
    running = bluez(boards, AdapterSpec(connections=len(boards)))
    assert running._process is not None
    daemon = below(running._process.pid)[-1]
    got: dict[str, list[bytes]] = {board.address: [] for board in boards}

    def sent() -> dict[str, list[bytes]]:
        return {address: [item.payload for item in running.sent(address)] for address in got}

    def much() -> bool:
        """More than the socket holds, so that it must wait with the sender."""
        return sum(map(len, sent().values())) > sum(map(len, got.values())) + 600

    async def stuck() -> None:
        async with contextlib.AsyncExitStack() as stack:
            clients = [
                await stack.enter_async_context(BleakClient(device)) for device in await find(*got)
            ]
            for client, values in zip(clients, got.values(), strict=True):
                await client.write_gatt_char(RATE, RATE_LAYOUT.pack(200.0))
                await client.start_notify(DATA, _into(values))
            os.kill(daemon, signal.SIGSTOP)
            try:
                await until(much)
            finally:
                os.kill(daemon, signal.SIGCONT)
            # Not by ending the notifications: bleak's clients and its notifications have
            # different sockets, so the answer to StopNotify may overtake values, which bleak
            # then drops.
            whole = sent()
            await until(lambda: all(len(got[who]) >= len(whole[who]) for who in got))
            assert {who: got[who][: len(whole[who])] for who in got} == whole

    run(stuck())


def _into(values: list[bytes]) -> Callable[[object, bytearray], None]:
    return lambda _, value: values.append(bytes(value))


def test_an_answer_is_whole_also_if_the_process_is_stopped_while_it_writes(
    bluez: MakeBlueZ,
) -> None:
    """A write into a full pipe that a signal interrupts ends in the middle."""
    import fcntl
    import termios

    running = bluez([BOARD])
    process = running._process
    assert process is not None
    assert process.stdin is not None
    assert process.stdout is not None
    answer = process.stdout.fileno()
    usual = fcntl.fcntl(answer, fcntl.F_GETPIPE_SZ)
    size = fcntl.fcntl(answer, fcntl.F_SETPIPE_SZ, 4096)

    def full() -> bool:
        (waiting,) = struct.unpack("i", fcntl.ioctl(answer, termios.FIONREAD, b"\0" * 4))
        return bool(waiting >= size)

    async def listen() -> None:
        (device,) = await find(BOARD.address)
        got: list[bytes] = []
        async with BleakClient(device) as client:
            await client.write_gatt_char(RATE, RATE_LAYOUT.pack(200.0))
            await client.start_notify(DATA, _into(got))
            await until(lambda: sum(map(len, got)) > 2 * size)

    run(listen())
    sent = running.sent(BOARD.address)
    process.stdin.write(json.dumps({"do": "sent", "address": BOARD.address}).encode() + b"\n")
    process.stdin.flush()
    run(until(full))
    os.kill(process.pid, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGCONT)
    said = json.loads(running._read_line(process))
    fcntl.fcntl(answer, fcntl.F_SETPIPE_SZ, usual)
    assert [payload for _, _, payload in said["answer"]] == [item.payload.hex() for item in sent]


def test_what_cannot_be_done_is_told(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    with pytest.raises(RuntimeError, match="KeyError"):
        running.drop("C0:FF:EE:00:00:99")
    with pytest.raises(RuntimeError, match="has no faults"):
        running.made(BOARD.address)
    assert running.state().searching == 0  # and it goes on
