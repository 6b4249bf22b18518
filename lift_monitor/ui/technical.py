"""The technical list: faults of sensors and streams, never of technique. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lift_monitor.station import SensorStatus
from lift_monitor.ui.limits import BATTERY_LOW_PCT, FAULT_LINGER_S, LOSS_CHECK_PCT, is_lost
from lift_monitor.ui.readings import Fault, Level

if TYPE_CHECKING:
    from lift_monitor.ui.model import SessionModel


def technical_faults(model: SessionModel) -> list[Fault]:
    """The technical list: what is wrong now, worst first, then what was a moment ago."""
    found: list[Fault] = []
    status = model.status
    if status is not None:
        if status.error:
            found.append(Fault("error", Level.STOP, "", status.error))
        if model.bar_sensor is None and not status.ended and not model.landing_session:
            found.append(Fault("no_bar", Level.CHECK, ""))
        for sensor in status.sensors:
            found.extend(_sensor_faults(model, sensor))
        found.extend(model.trunk.faults())
    now = model.now_s
    for event in model.quality:
        over = event.end_s if event.end_s is not None else event.at_s
        if event.active or now - over <= FAULT_LINGER_S:
            found.append(
                Fault(
                    event.fault.value,
                    Level.CHECK,
                    event.sensor,
                    event.text,
                    since_s=event.start_s,
                    active=event.active,
                )
            )
    order = {Level.STOP: 0, Level.CHECK: 1, Level.INFO: 2, Level.OK: 3}
    found.sort(key=lambda f: (not f.active, order[f.level], -(f.since_s or 0.0)))
    return found


def _sensor_faults(model: SessionModel, sensor: SensorStatus) -> list[Fault]:
    subject = sensor.role.value
    ended = model.status is not None and model.status.ended
    if is_lost(sensor) and not ended:
        return [Fault("lost", Level.STOP, subject, sensor.text, sensor.age_s)]
    if sensor.age_s is None:  # no data must never look like no alarm
        return [Fault("waiting", Level.CHECK, subject)]
    found = []
    if sensor.battery_pct is not None and sensor.battery_pct <= BATTERY_LOW_PCT:
        found.append(Fault("battery", Level.CHECK, subject, value=sensor.battery_pct))
    if sensor.loss_pct is not None and sensor.loss_pct >= LOSS_CHECK_PCT:
        found.append(Fault("loss", Level.CHECK, subject, value=sensor.loss_pct))
    if sensor.state == "check" and not found:
        found.append(Fault("check", Level.CHECK, subject, sensor.text))
    return found
