"""What a connected sensor shows before a session, by a clock that the test moves."""

from __future__ import annotations

import numpy as np
import pytest

from lift_monitor.drivers.formats import open_imu
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.sensors.preview import Preview


def test_a_sensor_that_went_silent_does_not_lie_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it sent before it was lost must not pass for how it lies now."""
    now_ns = 10**12
    monkeypatch.setattr("lift_monitor.sensors.preview.host_now_ns", lambda: now_ns)
    preview = Preview(SensorInfo("bar-1", Role.BAR, open_imu.NAME, nominal_rate_hz=100.0))
    acc = np.tile([0.0, 0.0, 9.80665], (10, 1))
    for k in range(50):
        now_ns += 10**8
        value = open_imu.encode(k, k * 100_000, 10_000, acc, 0 * acc, 0.005, 0.001)
        preview.put(open_imu.CHANNEL, value, now_ns)
    preview.work()
    assert preview.still().trouble == ""
    now_ns += 2 * 10**9
    assert preview.still().trouble == "sends nothing"
