"""``lift-monitor scan``, and the radio that it shares with ``record``."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lift_monitor.cli.common import UserError, console
from lift_monitor.events import Exercise

if TYPE_CHECKING:
    from lift_monitor.drivers.ble.family import Setup
    from lift_monitor.drivers.ble.hub import Hub
    from lift_monitor.drivers.ble.radio import Found
    from lift_monitor.drivers.emulated.person import EmulatedPerson

Emulated = Annotated[
    bool,
    typer.Option("--emulated", help="Use three emulated sensors instead of this computer's radio."),
]
_WAIT_S = 60.0


def scan(
    seconds: Annotated[
        float, typer.Option(min=1.0, max=300.0, metavar="S", help="How long to look.")
    ] = 5.0,
    details: Annotated[
        bool, typer.Option("--details", help="Connect each sensor to read battery and serial.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    emulated: Emulated = False,
) -> None:
    """List the Bluetooth sensors within reach."""
    with radio(emulated_person() if emulated else None) as hub, scanning(hub):
        time.sleep(seconds)
        heard = sorted(hub.found, key=lambda found: (found.name, found.address))
        rows = [_row(hub, found, details) for found in heard]
    if as_json:
        typer.echo(json.dumps({"sensors": rows}, indent=1, allow_nan=False))
        return
    if not rows:
        console().print("No known sensor was heard; switch the sensors on and bring them near.")
        return
    _show(rows)


@contextlib.contextmanager
def radio(person: EmulatedPerson | None) -> Iterator[Hub]:
    """Run a hub on this computer's radio, or on an emulated person's sensors.

    Raises
    ------
    UserError
        If it cannot be used.
    """
    from lift_monitor.drivers.ble.errors import RadioError
    from lift_monitor.drivers.ble.hub import CarrierError, Hub

    if person is None:
        hub = Hub()
    else:
        from lift_monitor.drivers.emulated.carrier import emulated_radio

        hub = Hub(emulated_radio(person.sensors))
    try:
        with stopped_from_outside(), hub:
            yield hub
    except (RadioError, CarrierError) as error:
        raise UserError(str(error)) from error


@contextlib.contextmanager
def stopped_from_outside() -> Iterator[None]:
    """Let what ends a program from outside end it as Ctrl+C does, meanwhile.

    A closed terminal, too: else the sensors go on streaming, and a Polar H10 stays on.
    """
    known = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP", "SIGBREAK")]
    before = {}
    if threading.current_thread() is threading.main_thread():  # signals are its alone
        before = {
            number: signal.signal(number, signal.default_int_handler)
            for number in known
            if number is not None
        }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def scanning(hub: Hub) -> Iterator[None]:
    """Look for sensors meanwhile."""
    hub.scan(True).result()
    # Where something failed nobody waits for the search: the hub ends it when it is closed,
    # and until then a connection that is being tried may hold the radio for long.
    yield
    with contextlib.suppress(Exception):
        hub.scan(False).result(_WAIT_S)


def emulated_person(exercise: Exercise = Exercise.DEADLIFT) -> EmulatedPerson:
    """Make the person of ``--emulated``."""
    from lift_monitor.drivers.emulated.person import EmulatedPerson
    from lift_monitor.drivers.simulated.landing_plan import plan_of

    try:
        return EmulatedPerson(plan_of(exercise, sets=2, reps=5), seed=1)
    except ValueError as error:
        sentence = str(error).rstrip(".")
        raise UserError(f"{sentence[:1].upper()}{sentence[1:]}.") from error


def _row(hub: Hub, found: Found, details: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": found.name,
        "family": found.family.title,
        "address": found.address,
        "rssi_dbm": found.advertisement.rssi_dbm,
        "serial": None,
        "battery_pct": None,
        "rate_hz": None,
        "problem": None,
    }
    if details:
        setup = _ask(hub, found, row)
        if setup is not None:
            status = hub.status(found.address)
            row["serial"] = setup.serial or None
            row["rate_hz"] = setup.rate_hz
            row["battery_pct"] = status.battery_pct if status else None
            hub.let_go(found.address).result(_WAIT_S)
    return row


def _ask(hub: Hub, found: Found, row: dict[str, Any]) -> Setup | None:
    from lift_monitor.drivers.ble.errors import RadioError
    from lift_monitor.drivers.ble.family import Wish
    from lift_monitor.sensors.finding import open_now

    try:
        return open_now(hub, found, Wish())
    except RadioError as error:
        row["problem"] = str(error)
        return None


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None)
    for title in ("Name", "Family", "Address", "Signal", "Battery", "Rate", "Serial"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(
            row["name"],
            row["family"],
            row["address"],
            _with_unit(row["rssi_dbm"], "dBm"),
            _with_unit(row["battery_pct"], "%"),
            _with_unit(row["rate_hz"], "Hz"),
            row["serial"] or "–",
        )
    screen = console()
    screen.print(table)
    if all(row["serial"] is None for row in rows):
        screen.print("Battery, rate and serial number: lift-monitor scan --details", markup=False)
    for row in rows:
        if row["problem"]:
            screen.print(f"{row['name']}: {row['problem']}", markup=False, soft_wrap=True)


def _with_unit(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.0f} {unit}"
