"""One trunk sensor: from its samples to shared steps, landings and faults of its stream."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from lift_monitor.events import Event
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.signal.arrival import ArrivalLog
from lift_monitor.signal.grid import GridBlock, Resampler
from lift_monitor.signal.intake import StreamCounts
from lift_monitor.signal.landing import LandingTracker
from lift_monitor.signal.landing_contact import DROPS, LandingRules
from lift_monitor.signal.landing_force import Placement
from lift_monitor.signal.orientation import Inclination
from lift_monitor.signal.quality import QualityMonitor
from lift_monitor.signal.trunk_steps import SharedGrid, TrunkSteps
from lift_monitor.technique import LandingDetected
from lift_monitor.units import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ChannelOutput:
    """What one call of :meth:`TrunkChannel.feed` made known."""

    steps: TrunkSteps
    """Those that came in time."""
    known: int | None = None
    """Number of the last step that came at all, if one did."""
    events: tuple[Event, ...] = ()


class TrunkChannel:
    """Streaming; identical steps and events for any chunking.

    Parameters
    ----------
    info : SensorInfo
        A sensor on the thorax or the pelvis.
    body_mass_kg : float, optional
        For forces in newtons.
    landing_rules : LandingRules
    lands : bool
        Tell landings from this sensor.
    """

    def __init__(
        self,
        info: SensorInfo,
        *,
        body_mass_kg: float | None = None,
        landing_rules: LandingRules = DROPS,
        lands: bool = True,
    ) -> None:
        if info.role is Role.BAR:
            raise ValueError("A sensor on the bar tells nothing of the trunk.")
        self.info = info
        self._mass_kg = body_mass_kg
        self._rules = landing_rules
        self._later_rules: list[tuple[float, LandingRules]] = []
        self._lands = lands
        self._resampler = Resampler(info.acc_range_mps2, info.gyr_range_radps)
        self._arrivals = ArrivalLog()
        self._grid = SharedGrid()
        self._inclination: Inclination | None = None
        self._quality: QualityMonitor | None = None
        self._landings: LandingTracker | None = None
        self._early: list[ImuChunk] = []
        self.told_s = -np.inf
        """Session time up to which landings were looked for."""

    @property
    def counts(self) -> StreamCounts:
        """Counts of the stream as received."""
        return self._resampler.counts

    def change_landing_rules(self, at_s: float, rules: LandingRules) -> None:
        """Take something else for a landing from a session time on, later than ``told_s``."""
        if self._landings is None:
            self._later_rules.append((at_s, rules))
        else:
            self._landings.change_rules(at_s, rules)

    def reconnected(self, host_time_s: float) -> None:
        """The link was made anew."""
        self._arrivals.reconnected(host_time_s)

    def feed(self, chunk: ImuChunk) -> ChannelOutput:
        """Take samples, return what they complete."""
        self._arrivals.note(chunk.time_s, chunk.host_time_s)
        block = self._resampler.feed(chunk)
        if self._resampler.dt_s is None:
            self._early.append(chunk)
            return ChannelOutput(TrunkSteps.empty())
        return self._walk(chunk, block, final=False)

    def finish(self) -> ChannelOutput:
        """End of the stream."""
        block = self._resampler.finish()
        if self._resampler.dt_s is None:
            return ChannelOutput(TrunkSteps.empty())
        return self._walk(ImuChunk.empty(), block, final=True)

    def _walk(self, chunk: ImuChunk, block: GridBlock, *, final: bool) -> ChannelOutput:
        dt_s = self._resampler.dt_s
        assert dt_s is not None
        if self._inclination is None:
            self._inclination = Inclination(dt_s, steady=self._resampler.steady)
            self._quality = QualityMonitor(self.info.role.value, dt_s)
            if self._lands:
                self._landings = self._tracker(dt_s)
        assert self._quality is not None
        if self._early:
            chunk = ImuChunk.concatenate([*self._early, chunk])
            self._early.clear()
        inclination = self._inclination.feed(block)
        events: list[Event] = []
        for start, stop in _runs(block):
            events += self._quality.feed(block.part(start, stop))
        if self._landings is not None:
            if final:
                # No steps yet: the last ones belong after everything that was received.
                nothing = block.part(0, 0)
                found = self._landings.feed(chunk, nothing, self._inclination.feed(nothing))
                found += self._landings.finish(block, inclination)
            else:
                found = self._landings.feed(chunk, block, inclination)
            events += [LandingDetected(landing.at_s, landing) for landing in found]
        if len(block):
            self.told_s = float(block.time_s[-1])
        steps, completed_s = self._grid.feed(block, inclination.up_sensor, dt_s)
        return ChannelOutput(
            self._in_time(steps, completed_s),
            int(steps.index[-1]) if len(steps) else None,
            tuple(sorted(events, key=lambda e: e.at_s)),
        )

    def _tracker(self, dt_s: float) -> LandingTracker:
        tracker = LandingTracker(
            self.info.role,
            dt_s,
            body_mass_kg=self._mass_kg,
            placement=_placement(self.info),
            acc_range_mps2=self.info.acc_range_mps2,
            rules=self._rules,
        )
        for at_s, rules in self._later_rules:
            tracker.change_rules(at_s, rules)
        return tracker

    def _in_time(self, steps: TrunkSteps, completed_s: FloatArray) -> TrunkSteps:
        """Without the steps that came too late to be judged by.

        Left out, not marked: whoever was told before one came did not know that it exists.
        """
        late = self._arrivals.late(steps.time_s, completed_s)
        return steps.pick(np.flatnonzero(~late)) if late.any() else steps


def _runs(block: GridBlock) -> list[tuple[int, int]]:
    """Stretches without a break inside."""
    cuts = np.flatnonzero(block.starts_segment).tolist()
    edges = sorted({0, *cuts, len(block)})
    return list(itertools.pairwise(edges))


def _placement(info: SensorInfo) -> Placement:
    """The place of the published regression that is nearest to where the sensor sits."""
    return Placement.HIP if "hip" in info.placement.lower() else Placement.BACK
