"""What goes wrong between a sensor and its reader, put into an emulated peripheral.

Faults meet data only: what :meth:`Peripheral.stream` queues.  Answers of a dialogue pass
whole, because Bluetooth itself repeats what a link lost; data is lost where a sensor or an
operating system has no room for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from lift_monitor.drivers.ble.family import Advertisement
from lift_monitor.drivers.emulated.disturbance import Disturbance
from lift_monitor.drivers.emulated.fault_plan import Faults
from lift_monitor.drivers.emulated.peripheral import (
    NOT_FOUND,
    Outgoing,
    Peripheral,
    RefusedError,
    Service,
)

__all__ = ["Faults", "FaultyPeripheral", "with_faults"]


def with_faults(
    peripheral: Peripheral, faults: Faults, seed: int, *, keep: bool = True
) -> FaultyPeripheral:
    """Put faults into a peripheral.

    Parameters
    ----------
    peripheral : Peripheral
        From here on spoken with through what is returned.
    faults : Faults
    seed : int
        The same seed and the same data meet the same faults.
    keep : bool, optional
        Whether to remember what was sent and lost; off for emulations that run for hours.
    """
    return FaultyPeripheral(peripheral, faults, seed, keep=keep)


class FaultyPeripheral(Peripheral):
    """A peripheral with faults (see :func:`with_faults`).

    Attributes of the peripheral within, such as a family's rate, are found here too.

    Attributes
    ----------
    sent : list of Outgoing
        What left really, answers and data, in order: also garbage and duplicates.
    lost : list of Outgoing
        Good data that never left: lost, replaced by garbage, or still waiting when the link
        or the subscription ended.
    made : list of Outgoing
        The data as the sensor made it, before any fault.
    """

    def __init__(
        self, peripheral: Peripheral, faults: Faults, seed: int, *, keep: bool = True
    ) -> None:
        # The base class is not set up: all of its state is that of the peripheral within.
        self.inner = peripheral
        self.identity, self.motion, self.clock = (
            peripheral.identity,
            peripheral.motion,
            peripheral.clock,
        )
        self.subscribed = peripheral.subscribed
        self._air = Disturbance(faults, np.random.default_rng(seed))
        self.sent: list[Outgoing] = []
        self.lost: list[Outgoing] = []
        self.made: list[Outgoing] = []
        self._keep = keep
        self._full_pct = peripheral.battery_pct
        self._refusals = faults.refuse_connections
        self._losses_s = sorted(faults.link_losses_s)

    @property
    def faults(self) -> Faults:
        """What goes wrong; may be changed while data flow."""
        return self._air.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._air.faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["inner"], name)

    @property
    def battery_pct(self) -> float:
        """Charge in percent."""
        return self.inner.battery_pct

    @battery_pct.setter
    def battery_pct(self, value: float) -> None:
        self.inner.battery_pct = value

    @property
    def blinked(self) -> int:
        """How often the sensor was asked to show itself."""
        return self.inner.blinked

    @blinked.setter
    def blinked(self, value: int) -> None:
        self.inner.blinked = value

    @property
    def link_up(self) -> bool:
        """Whether a link stands."""
        return self.inner.link_up

    @link_up.setter
    def link_up(self, value: bool) -> None:
        self.inner.link_up = value

    @property
    def services(self) -> tuple[Service, ...]:
        """All services, without the characteristics that are missing."""
        missing = self.faults.missing
        return tuple(
            Service(
                service.uuid,
                tuple(known for known in service.characteristics if known.uuid not in missing),
            )
            for service in self.inner.services
        )

    @property
    def advertisement(self) -> Advertisement:
        """What is advertised."""
        return self.inner.advertisement

    def advertises(self, now_s: float) -> bool:
        """Whether a scan can see the sensor now: not with an empty battery."""
        return not self._drain(now_s) and self.inner.advertises(now_s)

    def accepts(self, now_s: float) -> bool:
        """Whether the connection that is tried now may be made; asked once an attempt."""
        if self._drain(now_s):
            return False
        if self._refusals:
            self._refusals -= 1
            return False
        return self.inner.accepts(now_s)

    def drops(self, now_s: float) -> bool:
        """Whether the link breaks now."""
        if self._drain(now_s):
            return True
        return self._take_losses(now_s) or self.inner.drops(now_s)

    def break_link(self, now_s: float) -> None:
        """Have the link break as soon as the carrier asks."""
        self._losses_s.append(now_s)

    def connect(self, now_s: float) -> None:
        """The link was made."""
        self._take_losses(now_s)  # a loss while there was no link has nothing to break
        self.inner.connect(now_s)

    def disconnect(self, now_s: float) -> None:
        """The link is gone: so is what still waited to leave."""
        self._remember(self.lost, self._air.clear())
        self.inner.disconnect(now_s)

    def read(self, uuid: str, now_s: float) -> bytes:
        """Answer a read (errors as :meth:`Peripheral.read`)."""
        self._drain(now_s)
        self._offers(uuid)
        return self.inner.read(uuid, now_s)

    def write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take a write (errors as :meth:`read`)."""
        self._drain(now_s)
        self._offers(uuid)
        self.inner.write(uuid, data, now_s)

    def subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Switch notifications or indications on or off (errors as :meth:`read`)."""
        self._offers(uuid)
        self.inner.subscribe(uuid, on, now_s)

    def due_answers(self) -> list[Outgoing]:
        """Give the answers, after the data that has to leave before; no fault meets them."""
        answers = [
            item
            for answer in self.inner.due_answers()
            for item in (*self._air.before(answer.uuid), answer)
        ]
        self._remember(self.sent, answers)
        return answers

    def due_data(self, now_s: float) -> list[Outgoing]:
        """Give the data that leaves by now."""
        self._drain(now_s)
        made = self.inner.due_data(now_s)
        self._remember(self.made, made)
        leaving, lost = self._air.carry(made, now_s)
        sent = [item for item in leaving if item.uuid in self.subscribed]
        if len(sent) < len(leaving):
            lost += [item for item in leaving if item.uuid not in self.subscribed]
        self._remember(self.lost, lost)
        self._remember(self.sent, sent)
        return sent

    def send(self, uuid: str, payload: bytes) -> None:
        """Queue a notification or indication."""
        self.inner.send(uuid, payload)

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Answer a read of one of the family's own characteristics."""
        return self.inner.on_read(uuid, now_s)

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """React to a write."""
        self.inner.on_write(uuid, data, now_s)

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """React to a change of subscription."""
        self.inner.on_subscribe(uuid, on, now_s)

    def on_disconnect(self, now_s: float) -> None:
        """React to the loss of the link."""
        self.inner.on_disconnect(now_s)

    def stream(self, now_s: float) -> None:
        """Queue the notifications of samples taken up to now."""
        self.inner.stream(now_s)

    def _drain(self, now_s: float) -> bool:
        """Let the charge fall; whether it is gone."""
        dies_s = self.faults.battery_dies_s
        if dies_s is None:
            return False
        left = 1.0 - now_s / dies_s if now_s < dies_s else 0.0
        self.battery_pct = self._full_pct * left
        return left <= 0.0

    def _take_losses(self, now_s: float) -> bool:
        """Take the losses of the link whose time has come; whether there was one."""
        ahead_s = [loss_s for loss_s in self._losses_s if loss_s > now_s]
        came = len(ahead_s) < len(self._losses_s)
        self._losses_s = ahead_s
        return came

    def _offers(self, uuid: str) -> None:
        if uuid in self.faults.missing:
            raise RefusedError(NOT_FOUND)

    def _remember(self, where: list[Outgoing], items: Iterable[Outgoing]) -> None:
        if self._keep:
            where.extend(items)
