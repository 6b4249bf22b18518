"""Posture of a whole recording, calibrated afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lift_monitor.events import Event
from lift_monitor.samples import Role
from lift_monitor.signal.spine import Spine
from lift_monitor.signal.trunk_calibration import Window
from lift_monitor.signal.trunk_fallback import calibrate_movement
from lift_monitor.signal.trunk_flags import FlagTracker
from lift_monitor.signal.trunk_rules import FlagRule, rules_for
from lift_monitor.signal.trunk_steps import TrunkSteps
from lift_monitor.signal.trunk_words import TrunkOutput, calibrated_event, flag_event
from lift_monitor.units import IndexArray, LoadArray


def assess(
    index: IndexArray,
    steps: Mapping[Role, TrunkSteps],
    load: LoadArray,
    rules: Sequence[FlagRule],
    neutral: Window | None,
) -> TrunkOutput:
    """Angles and flags of steps that are all known, calibrated from the movement itself.

    For a recording without a guided minute; everything is of low confidence.

    Parameters
    ----------
    index : (n,) int array
        Numbers of the shared steps.
    steps : mapping of Role to TrunkSteps
        n steps of each sensor.
    load : (n,) int8 array
        State of the load.
    rules : sequence of FlagRule
    neutral : Window, optional
        A stretch in which the lifter stood upright; else the first quiet moment is taken.

    Raises
    ------
    CalibrationError
        If it cannot be calibrated.
    """
    usable = {role: s for role, s in steps.items() if np.isfinite(s.up_sensor[:, 0]).any()}
    calibration = calibrate_movement(usable.get(Role.THORAX), usable.get(Role.PELVIS), neutral)
    found = Spine(calibration).feed(index, dict(steps))
    tracker = FlagTracker(rules_for(len(usable), rules))
    flags = [*tracker.feed(found.block, load), *tracker.finish()]
    events: list[Event] = [calibrated_event(calibration, calibration.made_at_s), *found.slips]
    events += map(flag_event, flags)
    return TrunkOutput(tuple(sorted(events, key=lambda event: event.at_s)), found.block)
