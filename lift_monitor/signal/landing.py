"""Landings from one trunk sensor: hanging or standing, flight, contact, and the force of it.

:class:`LandingTracker` takes the analysis steps of a pelvis or a thorax sensor and returns a
landing about 0.35 s after each contact.  What a landing is stands in
:mod:`lift_monitor.signal.landing_contact`, what it weighs in
:mod:`lift_monitor.signal.landing_force`, what a session of them amounts to in
:mod:`lift_monitor.signal.landing_dose`.
"""

from __future__ import annotations

import bisect
import enum
import itertools

import numpy as np

from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.grid import GridBlock
from lift_monitor.signal.landing_contact import (
    AFTER_S,
    BEFORE_S,
    DROPS,
    TRIGGER_G,
    Contact,
    LandingRules,
    read_contact,
)
from lift_monitor.signal.landing_force import (
    REGRESSIONS,
    Movement,
    Placement,
    body_weights,
    newton_bw,
    steepest_rise_bw_per_s,
)
from lift_monitor.signal.landing_samples import RawSamples
from lift_monitor.signal.orientation import InclinationBlock
from lift_monitor.technique import Landing
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

APART_S = 0.3
"""Landings follow each other no faster; what comes sooner is the rest of the first. Design
default: the contact alone takes as long."""
MIN_RATE_HZ = 50.0
"""Below it an impact of 0.05 s falls between the samples. Design default."""
MAX_SPACING_S = 0.03
SETTLED_S = 2.0
"""Half the time constant of the inclination; before it the vertical is a guess."""
AGREE_BW = 1.0
"""Estimates further apart than this are of low confidence. Design default."""


class LandingPhase(enum.StrEnum):
    """What the lifter is doing, as far as landings go."""

    SUPPORTED = "supported"
    """Hanging or standing: something carries the body."""
    FLIGHT = "flight"
    CONTACT = "contact"
    UNKNOWN = "unknown"


class LandingTracker:
    """Landings from analysis steps that somebody else made; one sensor, any chunking.

    Parameters
    ----------
    role : Role
        ``PELVIS`` or ``THORAX``.
    dt_s : float
        The step of the grid.
    body_mass_kg : float, optional
        Without it there are no newtons and no second estimate.
    placement : Placement
        Where the pelvis sensor sits, for the regression.
    acc_range_mps2 : float, optional
        Samples at or beyond it are saturated.
    rules : LandingRules
        What is taken for a landing.
    """

    def __init__(
        self,
        role: Role,
        dt_s: float,
        *,
        body_mass_kg: float | None = None,
        placement: Placement = Placement.BACK,
        acc_range_mps2: float | None = None,
        rules: LandingRules = DROPS,
    ) -> None:
        if role is Role.BAR:
            raise ValueError("Landings need a sensor on the pelvis or the thorax, not on the bar.")
        if body_mass_kg is not None and not 0.0 < body_mass_kg < np.inf:
            raise ValueError(f"The body mass is {body_mass_kg:g} kg: give it in kg, above 0.")
        self._role = role
        self._dt_s = dt_s
        self._mass_kg = body_mass_kg
        self._placement = placement
        self._rules = [(-np.inf, rules)]
        self._before = round(BEFORE_S / dt_s)
        self._after = round(AFTER_S / dt_s)
        self._samples = RawSamples(acc_range_mps2)
        self._last_contact_s = -np.inf
        self._clear()

    def _clear(self) -> None:
        """Forget the steps; after a break nothing before it is of use."""
        self._time_s = np.empty(0)
        self._acc = np.empty((0, 3))
        self._acc_up = np.empty(0)
        self._spacing_s = np.empty(0)
        self._start = 0  # number of the first step kept, since the last break
        self._seen = 0  # steps searched for triggers
        self._triggers: list[int] = []

    def change_rules(self, at_s: float, rules: LandingRules) -> None:
        """Take something else for a landing from a session time on that no step has reached."""
        bisect.insort(self._rules, (at_s, rules), key=lambda known: known[0])

    def _rules_at(self, time_s: float) -> LandingRules:
        number = bisect.bisect_right(self._rules, time_s, key=lambda known: known[0])
        return self._rules[number - 1][1]

    @property
    def phase(self) -> LandingPhase:
        """What the last step shows; a contact is told before it is judged."""
        rules = self._rules[-1][1]
        look = max(1, round(rules.look_s / self._dt_s))
        recent = self._resultant(max(self._time_s.shape[0] - 2 * self._after, 0))
        if recent.shape[0] < look or np.isnan(recent[-1]):
            return LandingPhase.UNKNOWN
        light = np.convolve(recent, np.ones(look) / look, mode="valid") < rules.flight_g
        if light[-1]:
            return LandingPhase.FLIGHT
        hit = recent[look - 1 :] >= TRIGGER_G
        return (
            LandingPhase.CONTACT
            if light.any() and hit[int(np.flatnonzero(light)[-1]) :].any()
            else LandingPhase.SUPPORTED
        )

    def feed(
        self, chunk: ImuChunk, block: GridBlock, inclination: InclinationBlock
    ) -> list[Landing]:
        """Take a chunk and the steps that it completed; return the landings that are over.

        Parameters
        ----------
        chunk : ImuChunk
            The samples as received, for the unfiltered peak.
        block, inclination : GridBlock, InclinationBlock
            The steps and their vertical; may lag behind the samples.
        """
        self._samples.feed(chunk)
        return self._walk(block, inclination)

    def finish(self, block: GridBlock, inclination: InclinationBlock) -> list[Landing]:
        """Take the last steps and judge what is still open with what there is."""
        self._samples.finish()
        return [*self._walk(block, inclination), *self._judge_all()]

    def _walk(self, block: GridBlock, inclination: InclinationBlock) -> list[Landing]:
        found: list[Landing] = []
        edges = sorted({0, *np.flatnonzero(block.starts_segment).tolist(), len(block)})
        for start, stop in itertools.pairwise(edges):
            if block.starts_segment[start]:
                found += self._judge_all()
                self._clear()
            self._time_s = np.concatenate([self._time_s, block.time_s[start:stop]])
            self._acc = np.concatenate([self._acc, block.acc_sensor_mps2[start:stop]])
            self._acc_up = np.concatenate([self._acc_up, inclination.acc_up_mps2[start:stop]])
            self._spacing_s = np.concatenate([self._spacing_s, block.spacing_s[start:stop]])
            found += self._advance()
        return found

    def _advance(self) -> list[Landing]:
        end = self._start + self._time_s.shape[0]
        from_step = max(self._seen - 1, self._start)
        high = self._resultant(from_step - self._start) >= TRIGGER_G
        if self._seen == 0 and high.shape[0] and high[0]:
            self._triggers.append(0)
        self._triggers += (np.flatnonzero(high[1:] & ~high[:-1]) + 1 + from_step).tolist()
        self._seen = end
        found: list[Landing] = []
        while self._triggers and self._triggers[0] + self._after < end:
            found += self._judge(self._triggers.pop(0))
        self._forget(min(self._triggers[0] if self._triggers else end, end) - self._before)
        return found

    def _judge_all(self) -> list[Landing]:
        triggers, self._triggers = self._triggers, []
        return [landing for trigger in triggers for landing in self._judge(trigger)]

    def _forget(self, before_step: int) -> None:
        """Drop the steps, and the samples, that no later landing can need."""
        drop = before_step - self._start
        if drop < self._before:
            return  # in big strides, or every sample would copy everything
        self._time_s, self._acc = self._time_s[drop:], self._acc[drop:]
        self._acc_up, self._spacing_s = self._acc_up[drop:], self._spacing_s[drop:]
        self._start += drop
        self._samples.forget_before(float(self._time_s[0]) - self._dt_s)

    def _resultant(self, start: int) -> FloatArray:
        acc = self._acc[start:]
        return np.asarray(np.sqrt((acc * acc).sum(axis=1)) / STANDARD_GRAVITY_MPS2)

    def _judge(self, trigger: int) -> list[Landing]:
        first = max(trigger - self._before, self._start)
        stop = trigger + self._after + 1
        window = slice(first - self._start, stop - self._start)
        time_s = self._time_s[window]
        rules = self._rules_at(float(time_s[trigger - first]))
        contact = read_contact(time_s, self._acc[window], trigger - first, self._dt_s, rules)
        if contact is None or contact.contact_s - self._last_contact_s < APART_S:
            return []
        self._last_contact_s = contact.contact_s
        return [self._landing(contact, time_s, window, from_start=first == 0)]

    def _landing(
        self, contact: Contact, time_s: FloatArray, window: slice, *, from_start: bool
    ) -> Landing:
        impact = slice(contact.first, contact.stop)
        start_s, stop_s = float(time_s[contact.first]), float(time_s[contact.stop - 1])
        raw = self._samples.peak(start_s - self._dt_s, stop_s)
        force = newton_bw(_without_holes(self._acc_up[window]), 1.0 / self._dt_s)
        peak = contact.first + int(np.argmax(force[impact]))
        newton = float(force[peak])
        regression = self._regression(contact.peak_20hz_g)
        difference = None if regression is None else abs(newton - regression)
        reasons = []
        if raw.clipped:
            reasons.append(
                "the sensor reached the end of its range: the peaks are at least what is shown"
            )
        begin = max(contact.first - max(round(contact.flight_s / self._dt_s), 1), 0)
        reasons += _stream_reasons(
            float(self._spacing_s[window][begin : contact.stop].max()),
            raw.samples / (stop_s - start_s + self._dt_s),
        )
        if from_start and start_s - time_s[0] < SETTLED_S:
            reasons.append("the stream began just before the landing: the vertical is not settled")
        if from_start and contact.flight_from_start:
            reasons.append("the stream began in the flight, which was longer than what is shown")
        if self._role is Role.THORAX:
            reasons.append("the thorax alone: no published regression, and it sways on the pelvis")
        elif difference is None:
            reasons.append("no second estimate without the body mass")
        elif difference > AGREE_BW:
            reasons.append(f"the two estimates are {difference:.1f} body weights apart")
        mass_kg = self._mass_kg
        return Landing(
            at_s=float(time_s[-1]),
            sensor=self._role,
            contact_s=contact.contact_s,
            flight_s=contact.flight_s,
            peak_acc_g=raw.peak_g if raw.samples else contact.peak_20hz_g,
            peak_acc_20hz_g=contact.peak_20hz_g,
            peak_grf_bw=newton,
            peak_grf_n=None if mass_kg is None else newton * mass_kg * STANDARD_GRAVITY_MPS2,
            grf_method=f"newton_{self._role.value}_10hz",
            second_grf_bw=regression,
            second_method=(
                None if regression is None else f"regression_jumping_{self._placement.value}"
            ),
            difference_bw=difference,
            loading_rate_bw_per_s=steepest_rise_bw_per_s(
                force, 1.0 / self._dt_s, contact.first, peak
            ),
            clipped=raw.clipped,
            confidence=Confidence.LOW if reasons else Confidence.HIGH,
            reasons=tuple(reasons),
        )

    def _regression(self, peak_20hz_g: float) -> float | None:
        if self._mass_kg is None or self._role is Role.THORAX:
            return None
        model = REGRESSIONS[Movement.JUMPING, self._placement]
        return body_weights(model.force_n(peak_20hz_g, self._mass_kg), self._mass_kg)


def _stream_reasons(hole_s: float, rate_hz: float) -> list[str]:
    """What the stream itself takes from the trust in a landing."""
    reasons = []
    if hole_s > MAX_SPACING_S:
        reasons.append(f"a hole of {hole_s:.2f} s in the stream lies in the landing")
    if rate_hz < 0.9 * MIN_RATE_HZ:
        reasons.append(
            f"only {rate_hz:.0f} samples a second: the peak can lie between them "
            f"(at least {MIN_RATE_HZ:.0f} are needed)"
        )
    return reasons


def _without_holes(values: FloatArray) -> FloatArray:
    """Holes before or after the impact bridged, so that a filter does not spread them."""
    known = np.flatnonzero(~np.isnan(values))
    return np.asarray(np.interp(np.arange(values.shape[0]), known, values[known]))
