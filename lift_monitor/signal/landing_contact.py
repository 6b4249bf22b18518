"""One landing in the samples of one trunk sensor: flight, contact, impact.

A landing is told from everything else by three things together: before it the trunk weighs
little (flight), then the force is there within a tenth of a second (not within the third of a
second of a squat), and it is larger than that of a step. Each of them alone is met by something
that is no landing: the dip of a countermovement is as light as a flight, the push-off as large
as an impact.

All of it is read from the specific force in the sensor's own axes, so neither the orientation
of the sensor nor a settled inclination is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.events import Exercise
from lift_monitor.signal.landing_force import REGRESSION_CUTOFF_HZ, low_pass_window
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray


@dataclass(frozen=True, slots=True)
class LandingRules:
    """What is taken for a landing; design defaults, measured against docs/landings.md."""

    light_g: float = 0.6
    """Resultant below which the trunk counts as light. Not zero: it turns in flight, and its
    sensor is not at the centre of mass."""
    flight_g: float = 0.5
    """Mean of the last :attr:`look_s` before contact that is light enough for a flight: at most
    0.4 g in landings, 0.6 g in most steps of brisk walking."""
    look_s: float = 0.06
    least_flight_s: float = 0.1
    """A drop of 5 cm. The dip of a countermovement can be as light, but seldom for as long."""
    impact_g: float = 2.0
    """Resultant after the 20 Hz low-pass that has to be reached. Squats and steps down stay below
    1.8 g at the trunk; what reaches more takes longer."""
    impact_s: float = 0.11
    """Time after contact within which it has to be reached: an impact takes 0.07 s, the push-off
    after a countermovement 0.16 s and more."""
    rise_g_per_s: float = 25.0
    """Steepest change of the specific force in that time: a soft landing of 0.25 s from 10 cm.
    Squats seldom reach it, and never together with the rest."""
    onset_g_per_s: float = 18.0
    """Rise along the direction of the impact, over 0.02 s, from which the feet are on the
    ground: between the sway of the trunk in flight (up to 15 g/s) and the first touch (22 g/s
    and more)."""
    onset_look_s: float = 0.08
    """A soft foot can be on the ground that long before the trunk feels one g."""
    needs_flight: bool = True


DROPS = LandingRules()
"""Drop landings, jumps, the drop of a jumping chin-up."""
HEEL_DROPS_AND_STOMPS = LandingRules(needs_flight=False, impact_g=1.5, rise_g_per_s=75.0)
"""Impacts without a flight. Only for these exercises: the push-off of a jump would pass too."""


def landing_rules_of(exercise: Exercise) -> LandingRules:
    """What is taken for a landing in an exercise."""
    return HEEL_DROPS_AND_STOMPS if exercise is Exercise.HEEL_DROP else DROPS


TRIGGER_G = 1.5
"""Resultant that has to be passed before anything is looked at closely."""
BEFORE_S = 1.5
AFTER_S = 0.35
"""What is looked at before and after the trigger. A drop of 1.5 s would be one of 11 m."""
PEAK_S = 0.25
"""The impact is over by then; the second, muscular peak of a soft landing lies within."""
_ONSET_SPAN_S = 0.02
_BUMP_S = 0.07
_BUMP_G = 1.2
"""The trunk sways after take-off: a bump so short and so low does not end a flight."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A landing in a window of steps; indices count from the window's first step."""

    contact_s: float
    flight_s: float
    flight_from_start: bool
    """The flight had begun before the first step that is known."""
    first: int
    """First step at which the ground pushes."""
    stop: int
    """One past the last step of the impact."""
    peak_20hz_g: float


def read_contact(
    time_s: FloatArray, acc_sensor_mps2: FloatArray, trigger: int, dt_s: float, rules: LandingRules
) -> Contact | None:
    """Read the landing around a trigger, or None where there is none.

    Parameters
    ----------
    time_s : (n,) array
        Session time of evenly spaced steps.
    acc_sensor_mps2 : (n, 3) array
        Specific force; NaN in holes.
    trigger : int
        Step at which the resultant passes :data:`TRIGGER_G`.
    dt_s : float
        The step.
    rules : LandingRules
        What is taken for a landing.
    """
    acc_g = acc_sensor_mps2 / STANDARD_GRAVITY_MPS2
    reach = _steps(rules.onset_look_s + rules.impact_s + rules.look_s, dt_s)
    recent = acc_g[max(trigger - reach, 0) : trigger]
    if rules.needs_flight and not ((recent * recent).sum(axis=1) < rules.light_g**2).any():
        return None  # most triggers are steps and shakes, and end here
    begin = trigger
    floor = max(trigger - _steps(rules.onset_look_s + rules.impact_s, dt_s), 0)
    while begin > floor and np.isfinite(acc_g[begin - 1, 0]):
        begin -= 1
    end = trigger
    while end < acc_g.shape[0] and np.isfinite(acc_g[end, 0]):
        end += 1
    if trigger - begin < 1 or end - trigger < 2:
        return None
    first = _onset(acc_g, trigger, begin, dt_s, rules)
    flight, from_start = _flight(np.linalg.norm(acc_g[:first], axis=1), dt_s, rules)
    if rules.needs_flight and flight < rules.least_flight_s - 0.5 * dt_s:
        return None
    gate = min(first + _steps(rules.impact_s, dt_s) + 1, end)
    if _steepest(acc_g[max(first - 2, 0) : gate], dt_s) < rules.rise_g_per_s:
        return None
    known = begin
    while known > 0 and np.isfinite(acc_g[known - 1, 0]):
        known -= 1
    smooth_g = np.full(acc_g.shape[0], np.nan)
    smooth_g[known:end] = np.linalg.norm(
        low_pass_window(acc_g[known:end], 1.0 / dt_s, REGRESSION_CUTOFF_HZ), axis=1
    )
    if smooth_g[first:gate].max() < rules.impact_g:
        return None
    stop = min(first + _steps(PEAK_S, dt_s) + 1, end)
    return Contact(
        contact_s=float(time_s[first] - 0.5 * dt_s),
        flight_s=flight,
        flight_from_start=from_start,
        first=first,
        stop=stop,
        peak_20hz_g=float(smooth_g[first:stop].max()),
    )


def _onset(acc_g: FloatArray, trigger: int, begin: int, dt_s: float, rules: LandingRules) -> int:
    """First step of the rise that leads to the impact.

    Looked for along the direction of the impact: across it, and in the resultant, the turning of
    the trunk hides the first force of the feet.
    """
    after = acc_g[trigger : trigger + _steps(0.1, dt_s) + 1]
    direction = after[np.isfinite(after[:, 0])].sum(axis=0)
    along = acc_g[begin : trigger + 1] @ (direction / np.linalg.norm(direction))
    below = np.flatnonzero(along < 1.0)
    crossing = int(below[-1]) + 1 if below.size else 0
    crossing = min(crossing, along.shape[0] - 1)
    span = max(1, _steps(_ONSET_SPAN_S, dt_s))
    start = max(crossing - _steps(rules.onset_look_s, dt_s), span)
    for step in range(start, crossing):
        if along[step] - along[step - span] >= rules.onset_g_per_s * span * dt_s:
            return int(begin + step)
    return int(begin + crossing)


def _flight(resultant_g: FloatArray, dt_s: float, rules: LandingRules) -> tuple[float, bool]:
    """Length of the light stretch that ends with the last step, and whether it reaches the first.

    Zero where the last steps are not light.
    """
    look = max(1, _steps(rules.look_s, dt_s))
    last = resultant_g[-look:]
    if last.shape[0] == 0 or not np.isfinite(last).all() or last.mean() >= rules.flight_g:
        return 0.0, False
    heavy_steps = 0
    begin = at = resultant_g.shape[0]
    for value in resultant_g[::-1].tolist():
        at -= 1
        if value < rules.light_g:
            begin, heavy_steps = at, 0
            continue
        heavy_steps += 1
        # NaN compares false, so a hole ends the flight as well.
        if not value < _BUMP_G or heavy_steps * dt_s > _BUMP_S:
            break
    return (resultant_g.shape[0] - begin) * dt_s, begin == 0


def _steepest(acc_g: FloatArray, dt_s: float) -> float:
    """Largest change over 0.01 s at least (noise would look steep at high rates), in g/s."""
    span = max(1, _steps(0.01, dt_s))
    if acc_g.shape[0] <= span:
        return 0.0
    return float(np.linalg.norm(acc_g[span:] - acc_g[:-span], axis=1).max()) / (span * dt_s)


def _steps(length_s: float, dt_s: float) -> int:
    return round(length_s / dt_s)
