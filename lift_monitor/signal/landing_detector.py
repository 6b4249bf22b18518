"""Landings of one trunk sensor from its samples alone."""

from __future__ import annotations

import functools

from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.grid import Resampler
from lift_monitor.signal.landing import LandingPhase, LandingTracker
from lift_monitor.signal.landing_contact import DROPS, LandingRules
from lift_monitor.signal.landing_force import Placement
from lift_monitor.signal.orientation import Inclination
from lift_monitor.technique import Landing


class LandingDetector:
    """Landings from the samples of one trunk sensor, with a grid and a vertical of its own.

    Feeding the same samples in any chunks gives identical landings. Parameters are those of
    :class:`LandingTracker`, and the range of the gyroscope.
    """

    def __init__(
        self,
        role: Role,
        *,
        body_mass_kg: float | None = None,
        placement: Placement = Placement.BACK,
        acc_range_mps2: float | None = None,
        gyr_range_radps: float | None = None,
        rules: LandingRules = DROPS,
    ) -> None:
        self._resampler = Resampler(acc_range_mps2, gyr_range_radps)
        self._make = functools.partial(
            LandingTracker,
            role,
            body_mass_kg=body_mass_kg,
            placement=placement,
            acc_range_mps2=acc_range_mps2,
            rules=rules,
        )
        self._make(dt_s=0.01)  # what cannot be is refused here, not at the first samples
        self._waiting: list[ImuChunk] = []
        self._tracker: LandingTracker | None = None
        self._inclination: Inclination | None = None

    @property
    def phase(self) -> LandingPhase:
        """What the last step shows."""
        return LandingPhase.UNKNOWN if self._tracker is None else self._tracker.phase

    def feed(self, chunk: ImuChunk) -> list[Landing]:
        """Take the next samples, in the session clock; return the landings that are over."""
        block = self._resampler.feed(chunk)
        self._waiting.append(chunk)
        if self._resampler.dt_s is None:
            return []
        chunk = ImuChunk.concatenate(self._waiting)
        self._waiting.clear()
        tracker, inclination = self._stages()
        return tracker.feed(chunk, block, inclination.feed(block))

    def finish(self) -> list[Landing]:
        """End of the stream: judge what is still open."""
        block = self._resampler.finish()
        if self._resampler.dt_s is None:
            return []
        tracker, inclination = self._stages()
        waiting = ImuChunk.concatenate(self._waiting)
        self._waiting.clear()
        # No steps yet: the last ones belong after everything that was received.
        found = tracker.feed(waiting, block.part(0, 0), inclination.feed(block.part(0, 0)))
        return [*found, *tracker.finish(block, inclination.feed(block))]

    def _stages(self) -> tuple[LandingTracker, Inclination]:
        if self._tracker is None or self._inclination is None:
            dt_s = self._resampler.dt_s
            assert dt_s is not None
            self._tracker = self._make(dt_s=dt_s)
            self._inclination = Inclination(dt_s, steady=self._resampler.steady)
        return self._tracker, self._inclination
