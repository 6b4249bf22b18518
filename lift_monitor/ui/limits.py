"""Where a value is worth a word: named limits with their sources, and what counts as lost."""

from __future__ import annotations

from typing import Final

from lift_monitor.station import SensorStatus

STALE_DIM_S: Final = 0.5
"""Older data are dimmed (screen conventions, 14)."""
STALE_GONE_S: Final = 2.0
"""Older data are withdrawn and the reason is shown (screen conventions, 14)."""
BATTERY_LOW_PCT: Final = 20.0
"""Design default, clinician may change."""
LOSS_CHECK_PCT: Final = 1.0
"""Packet loss worth a word; design default, clinician may change."""
SIGNAL_STRONG_DBM: Final = -67.0
SIGNAL_FAIR_DBM: Final = -80.0
"""Below is weak; design defaults: a body in the way takes 10–20 dB of it."""
FAULT_LINGER_S: Final = 20.0
"""How long a fault that is over stays listed, so that it can be read."""


def is_lost(sensor: SensorStatus) -> bool:
    """Whether nothing comes from a sensor; a broken link counts at once, whatever its age."""
    return sensor.state == "lost" or sensor.link == "lost"
