"""What the desk knows of each sensor: heard, remembered, connecting, streaming, failed.

Belongs to the desk's thread.
"""

from __future__ import annotations

import concurrent.futures
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.drivers.ble.errors import RadioError
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.ble.radio import Found
from lift_monitor.drivers.ble.session import Phase
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.sensors.memory import KnownSensor, Memory
from lift_monitor.sensors.preview import Preview
from lift_monitor.sensors.taps import HubTap, key_of, sensor_info
from lift_monitor.sensors.words import LinkState, SensorCard

NO_GYRO: Final = (
    "{name} has no gyroscope and cannot measure a bar; take another sensor for the bar."
)
_SEEN_S: Final = 30.0
"""A sensor that was not heard for so long, and is not connected, is not here any more."""


@dataclass(eq=False)
class _Sensor:
    """One sensor that was heard since the program began."""

    found: Found
    role: Role | None = None
    opening: concurrent.futures.Future[Setup] | None = None
    setup: Setup | None = None
    preview: Preview | None = None
    failed: str = ""
    advice: str = ""
    """Why the last order was not carried out."""
    known_as: str = ""
    """Its key in the memory; empty if it is not in there."""
    answers: list[concurrent.futures.Future[bool]] = field(default_factory=list)


class Bench:
    """The sensors of one desk (see :class:`lift_monitor.sensors.desk.Desk`)."""

    def __init__(self, hub: Hub, memory: Memory) -> None:
        self._hub = hub
        self._memory = memory
        self._sensors: dict[str, _Sensor] = {}
        self._awaited: set[str] = set()
        """Placed sensors that were wanted before they were heard."""
        self._scan: concurrent.futures.Future[None] | None = None

    # --- Orders ---

    def scan(self, on: bool) -> None:
        """Look for sensors, or stop looking; trouble shows as the hub's problem."""
        self._scan = self._hub.scan(on)

    def assign(self, key: str, role: Role | None) -> None:
        """Give a sensor its place, or take it away."""
        sensor = self._sensors.get(key)
        if sensor is None:
            known = self._memory.get(key)
            if known is not None:
                self._memory.assign(known, role)
            return
        if role is Role.BAR and not sensor.found.family.has_gyro:
            sensor.advice = NO_GYRO.format(name=sensor.found.name)
            return
        sensor.advice = ""
        if role is not None:
            for other in self._sensors.values():
                if other.role is role and other is not sensor:
                    self._place(other, None)
        self._place(sensor, role)

    def connect(self, key: str) -> None:
        """Connect a sensor that was heard."""
        sensor = self._sensors.get(key)
        if sensor is None or sensor.opening is not None:
            return
        status = self._hub.status(sensor.found.address)
        if status is not None and status.phase in (Phase.STREAMING, Phase.LOST):
            return
        sensor.failed = ""
        sensor.opening = self._hub.open(sensor.found, Wish())

    def disconnect(self, key: str) -> None:
        """Let a sensor go."""
        sensor = self._sensors.get(key)
        if sensor is not None:
            self._hub.let_go(sensor.found.address)
            self._watch(sensor, None)
            sensor.opening = None
            sensor.failed = ""

    def connect_assigned(self) -> None:
        """Connect every sensor that has a place, and those that may turn out to be such.

        A placed sensor that is not heard yet is connected when it is.
        """
        self._awaited = {known.key for known in self._unheard() if known.role is not None}
        wanted = {known.family for known in self._unheard() if known.role is not None}
        for key, sensor in self._sensors.items():
            nameless = not sensor.known_as and self._shares_name(sensor)
            if sensor.role is not None or (nameless and sensor.found.family.key in wanted):
                self.connect(key)

    def blink(self, key: str) -> None:
        """Let a sensor show itself."""
        sensor = self._sensors.get(key)
        if sensor is not None:
            sensor.answers.append(self._hub.blink(sensor.found.address))

    def forget(self, key: str) -> None:
        """Let a sensor go and do not remember it."""
        sensor = self._sensors.get(key)
        self.disconnect(key)
        if sensor is not None:
            sensor.role = None
            self._memory.forget(sensor.known_as)
            sensor.known_as = ""
        else:
            self._memory.forget(key)

    # --- Work ---

    def work(self) -> set[Role]:
        """Look at what happened since the last call; return the places that felt a tap."""
        for found in self._hub.found:
            known = self._sensors.get(found.address)
            if known is None:
                self._meet(found)
                self._connect_awaited(self._sensors[found.address])
            else:
                known.found = found
        tapped: set[Role] = set()
        for sensor in self._sensors.values():
            self._look(sensor)
            if sensor.preview is not None and sensor.preview.work() and sensor.role is not None:
                tapped.add(sensor.role)
        return tapped

    def _connect_awaited(self, sensor: _Sensor) -> None:
        if sensor.known_as in self._awaited and sensor.role is not None:
            self._awaited.discard(sensor.known_as)
            self.connect(sensor.found.address)

    def placed_previews(self) -> dict[Role, Preview]:
        """What the placed and connected sensors deliver."""
        return {
            sensor.role: sensor.preview
            for sensor in self._sensors.values()
            if sensor.role is not None and sensor.preview is not None
        }

    def taps(self) -> list[HubTap]:
        """Tap every placed sensor that is connected."""
        return [
            HubTap(self._hub, address, self._info(sensor, sensor.setup, sensor.role))
            # Copied: a session begins in another thread than the desk's.
            for address, sensor in list(self._sensors.items())
            if sensor.role is not None and sensor.setup is not None and sensor.preview is not None
        ]

    def cards(self) -> tuple[SensorCard, ...]:
        """What the page shows: sensors with a place first."""
        cards = [self._card(address, sensor) for address, sensor in self._sensors.items()]
        cards.extend(
            SensorCard(
                key=known.key,
                name=known.name,
                family=known.family,
                link=LinkState.REMEMBERED,
                role=known.role,
                text="Switch it on and bring it near." if known.role else "",
                serial=known.key if known.key != known.name else "",
            )
            for known in self._unheard()
        )
        order = list(Role)
        return tuple(
            sorted(cards, key=lambda c: order.index(c.role) if c.role is not None else len(order))
        )

    def _meet(self, found: Found) -> None:
        sensor = self._sensors[found.address] = _Sensor(found)
        if self._shares_name(sensor):
            return  # which of those alike it is, its serial number will tell
        known = next((k for k in self._memory.sensors if _same(k, found, None)), None)
        if known is not None:
            sensor.role, sensor.known_as = self._free(known.role), known.key

    def _look(self, sensor: _Sensor) -> None:
        """See what has become of a connection that was asked for."""
        for answer in [answer for answer in sensor.answers if answer.done()]:
            sensor.answers.remove(answer)
            sensor.advice = _advice_of(answer, sensor.found.name)
        opening = sensor.opening
        if opening is None or not opening.done():
            return
        sensor.opening = None
        try:
            sensor.setup = opening.result()
        except (RadioError, concurrent.futures.CancelledError) as error:
            sensor.failed = str(error) or f"{sensor.found.name} was let go."
            return
        except Exception as error:  # noqa: BLE001 - told on the card
            sensor.failed = f"{sensor.found.name} could not be connected ({error})."
            return
        self._recognise(sensor)
        self._watch(sensor, Preview(self._info(sensor, sensor.setup, sensor.role or Role.BAR)))

    def _watch(self, sensor: _Sensor, preview: Preview | None) -> None:
        """Look at what a sensor sends through another preview, or no more."""
        if sensor.preview is not None:
            self._hub.unlisten(sensor.found.address, sensor.preview.put)
        sensor.preview = preview
        if preview is not None:
            self._hub.listen(sensor.found.address, preview.put)

    def _recognise(self, sensor: _Sensor) -> None:
        """Compare the serial number that a connected sensor told with those that are known."""
        key = key_of(sensor.found, sensor.setup)
        if sensor.known_as and sensor.known_as != key:
            self._memory.rename(sensor.known_as, self._known(sensor))
            sensor.known_as = key
        known = self._memory.get(key)
        if known is not None:
            sensor.known_as = key
            if sensor.role is None:
                sensor.role = self._free(known.role)
        if sensor.role is not None:
            self.assign(sensor.found.address, sensor.role)

    def _place(self, sensor: _Sensor, role: Role | None) -> None:
        sensor.role = role
        if sensor.setup is not None or not self._shares_name(sensor):
            known = self._known(sensor)
            self._memory.assign(known, role)
            sensor.known_as = known.key
        if sensor.preview is not None and sensor.setup is not None and role is not None:
            self._watch(sensor, Preview(self._info(sensor, sensor.setup, role)))

    def _free(self, role: Role | None) -> Role | None:
        """The place, if nobody has it here: what is remembered yields to what was chosen."""
        return None if any(other.role is role for other in self._sensors.values()) else role

    def _info(self, sensor: _Sensor, setup: Setup, role: Role) -> SensorInfo:
        known = self._memory.get(sensor.known_as)
        return sensor_info(sensor.found, setup, role, known.placement if known else "")

    def _known(self, sensor: _Sensor) -> KnownSensor:
        key = key_of(sensor.found, sensor.setup)
        return KnownSensor(key, sensor.found.name, sensor.found.family.key, sensor.role)

    def _unheard(self) -> list[KnownSensor]:
        heard = {sensor.known_as for sensor in self._sensors.values()}
        return [known for known in self._memory.sensors if known.key not in heard]

    def _shares_name(self, sensor: _Sensor) -> bool:
        """Whether others are called alike, or could be (every DOT has one name)."""
        names = Counter(other.found.name for other in self._sensors.values())
        generic = not any(letter.isdigit() for letter in sensor.found.name)
        return generic or names[sensor.found.name] > 1

    def _card(self, address: str, sensor: _Sensor) -> SensorCard:
        found, setup = sensor.found, sensor.setup
        status = self._hub.status(address)
        link, text = LinkState.SEEN, sensor.failed
        if sensor.opening is not None:
            link = LinkState.CONNECTING
        elif status is not None and status.phase is Phase.STREAMING and sensor.preview is not None:
            link = LinkState.STREAMING
        elif status is not None and status.phase is Phase.LOST:
            link, text = LinkState.LOST, status.text
        elif sensor.failed:
            link = LinkState.FAILED
        elif time.monotonic() - found.heard_s > _SEEN_S:
            link = LinkState.REMEMBERED
            text = f"Not heard for {time.monotonic() - found.heard_s:.0f} s."
        text = text or sensor.advice
        flow = sensor.preview.status() if sensor.preview is not None else None
        if link is LinkState.STREAMING and flow is not None:
            text = flow.text or sensor.advice
        warnings = (*((found.family.limits,) if found.family.limits else ()),)
        if setup is not None:
            warnings = tuple(dict.fromkeys((*warnings, *setup.warnings)))
        shown = found.name
        if self._shares_name(sensor):
            shown = f"{found.name} …{(setup.serial if setup else '') or address}"[-64:]
        return SensorCard(
            key=address,
            name=shown,
            family=found.family.title,
            link=link,
            role=sensor.role,
            text=text,
            warnings=warnings,
            serial=setup.serial if setup else "",
            battery_pct=status.battery_pct if status else None,
            rssi_dbm=found.advertisement.rssi_dbm,
            rate_hz=flow.rate_hz if flow else None,
            nominal_rate_hz=setup.rate_hz if setup else None,
            loss_pct=flow.loss_pct if flow else None,
            clock_error_ms=flow.clock_error_ms if flow else None,
            drift_ppm=flow.drift_ppm if flow else None,
            age_s=flow.age_s if flow else None,
            can_blink=found.family.can_blink,
            tapped_s_ago=sensor.preview.tapped_s_ago if sensor.preview else None,
            link_losses=status.losses if status else 0,
        )


def _advice_of(blinking: concurrent.futures.Future[bool], name: str) -> str:
    """Say why a sensor did not show itself; empty if it did."""
    try:
        return "" if blinking.result() else f"{name} cannot show itself; tap it to find it."
    except (RadioError, concurrent.futures.CancelledError) as error:
        return str(error)


def _same(known: KnownSensor, found: Found, setup: Setup | None) -> bool:
    """Whether a sensor that was heard is one that is known."""
    if known.family != found.family.key:
        return False
    return known.key in (found.name, key_of(found, setup)) or (
        len(known.key) >= 4 and found.name.endswith(known.key)
    )
