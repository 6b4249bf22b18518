"""Where and how each sensor is worn (``docs/sensors.md`` has the reasons)."""

from __future__ import annotations

from typing import Final

from lift_monitor.samples import Role

USUAL: Final[dict[Role, str]] = {
    Role.BAR: "collar",
    Role.THORAX: "upper_back",
    Role.PELVIS: "sacrum",
}
"""Names of the usual places, for the recording and the memory."""

PLACEMENTS: Final[dict[Role, str]] = {
    Role.BAR: (
        "On the bar beside the inner collar, strapped so tight that it cannot turn on the bar; "
        "any side up."
    ),
    Role.THORAX: (
        "On the spine between the shoulder blades (about T6), flat on the skin or on a tight "
        "shirt, with double-sided tape or an elastic strap."
    ),
    Role.PELVIS: (
        "On the flat bone at the base of the spine (sacrum, between the two dimples), taped or "
        "under a tight belt below the lifting belt."
    ),
}
