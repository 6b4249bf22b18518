"""What an emulated person does, and when: the guided minute, then sets, with pauses on request.

The motion is made beforehand by the simulated lifter, for bar, thorax and pelvis together.  A
:class:`Script` says which moment of it is felt now: the same for every sensor, whichever is
sampled first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from lift_monitor.drivers.emulated.motion import RecordedMotion
from lift_monitor.drivers.simulated.body import Body, stuck_on
from lift_monitor.drivers.simulated.dropping import land_all
from lift_monitor.drivers.simulated.landing_plan import LandingPlan
from lift_monitor.drivers.simulated.lifting import LiftingTrunk, Rounding, lift
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.drivers.simulated.sensor import Measured, Sensor, SensorModel
from lift_monitor.drivers.simulated.trunk_truth import Stretch, TrueMinute
from lift_monitor.events import Exercise
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.units import FloatArray

_BAR_HZ: Final = 400.0
_TRUNK_HZ: Final = 200.0
_SAMPLED_HZ: Final = 100.0
"""So often the emulated person's sensors sample. What is felt is averaged over that period, as an
inertial sensor's own low-pass does: a blow between two samples is in one of them."""
_CLEAR_S: Final = 6.0
"""Before a set and after it nobody stops: the bar is taken up, or put down."""
_STAND_S: Final = 0.2
NOTICE_S: Final = 0.5
"""An order is followed that much later: some sensors are sampled ahead of others."""


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """What the sensors feel; all times in seconds of the story.

    Attributes
    ----------
    felt : dict of Role to RecordedMotion
        What is not there lies at rest: landings need no bar.
    minute : TrueMinute
        The guided minute with which it begins.
    sets : tuple of (float, float)
    upright : tuple of (float, float)
        When the person stands and may be stopped.
    duration_s : float
    """

    felt: dict[Role, RecordedMotion]
    minute: TrueMinute
    sets: tuple[Stretch, ...]
    upright: tuple[Stretch, ...]
    duration_s: float

    def next_stop_s(self, story_s: float) -> float:
        """The first moment from ``story_s`` on at which the person may be stopped."""
        for start_s, end_s in self.upright:
            if story_s <= end_s:
                return max(story_s, start_s)
        return self.duration_s


@lru_cache(maxsize=8)
def story_of(plan: SessionPlan | LandingPlan, seed: int) -> Story:
    """Let the simulated lifter live through a plan, wearing all sensors.

    One repetition is rounded by 14 degrees and one by 26, so that flags can be seen; none in a
    bench press, which is done lying.
    """
    felt = {}
    if isinstance(plan, LandingPlan):
        landed = land_all(plan, seed)
        body, truth, duration_s = landed.body, landed.truth, landed.body.now_s
        per_set = [truth.reps[k : k + plan.reps] for k in range(0, len(truth.reps), plan.reps)]
        sets = tuple((reps[0][0], reps[-1][1]) for reps in per_set)
    else:
        lifted = lift(plan, _trunk(plan), seed)
        body, truth, duration_s = lifted.body, lifted.truth, lifted.performance.duration_s
        sets = tuple((s[0].begin_s, s[-1].finish_s) for s in lifted.performance.sets)
        bar = Sensor(SensorModel.realistic(_BAR_HZ), seed)
        felt[Role.BAR] = _felt(bar.measure(lifted.performance.motion, duration_s))
    felt |= _worn(body, seed, duration_s)
    minute = truth.minute
    ends = [minute.stand_again[0], *(end + _CLEAR_S for _, end in sets)]
    starts = [*(start - _CLEAR_S for start, _ in sets), duration_s]
    between = tuple((a, b) for a, b in zip(ends, starts, strict=True) if a < b)
    return Story(felt, minute, sets, (minute.stand, *between), duration_s)


def _trunk(plan: SessionPlan) -> LiftingTrunk:
    if plan.exercise is Exercise.BENCH_PRESS:
        return LiftingTrunk()
    last = max(plan.reps - 1, 1)
    amber, red = Rounding(1, min(3, plan.reps), 14.0), Rounding(plan.sets, last, 26.0)
    same = (amber.set_number, amber.rep) == (red.set_number, red.rep)
    return LiftingTrunk(rounded=(red,) if same else (amber, red))


def _worn(body: Body, seed: int, duration_s: float) -> dict[Role, RecordedMotion]:
    model = SensorModel.realistic(_TRUNK_HZ)
    return {
        role: _felt(
            stuck_on(model, seed, number, 45.0, stream=number + 1).measure(motion, duration_s)
        )
        for number, (role, motion) in enumerate(body.skins())
    }


def _felt(measured: Measured) -> RecordedMotion:
    time_s = measured.time_s
    steps = round((len(time_s) - 1) / (float(time_s[-1] - time_s[0]) * _SAMPLED_HZ))
    return RecordedMotion(
        ImuChunk.build(
            time_s,
            _averaged(measured.acc_sensor_mps2, steps),
            _averaged(measured.gyr_sensor_radps, steps),
        )
    )


def _averaged(values: FloatArray, steps: int) -> FloatArray:
    """Mean of so many steps around each, in place of its time; at the ends of fewer."""
    return np.asarray(uniform_filter1d(values, max(steps, 1), axis=0, mode="nearest"), np.float64)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is felt from ``from_s`` of true time on.

    Attributes
    ----------
    from_s : float
    story_s : float
        The moment of the story at ``from_s``; it goes on from there if it ``moves``.
    moves : bool
    bar_s : float, optional
        The bar lies meanwhile as at this moment of the story.
    """

    from_s: float
    story_s: float
    moves: bool
    bar_s: float | None = None


class Script:
    """When which moment of a story is felt.

    Orders may come from another thread than the one in which sensors are sampled.
    """

    def __init__(self, story: Story) -> None:
        self._story = story
        self._now_s = 0.0
        self._scenes: tuple[Scene, ...] = (Scene(-math.inf, 0.0, moves=False),)
        self._begun = False

    def see(self, time_s: float) -> None:
        """A sensor has been sampled up to this true time."""
        self._now_s = max(self._now_s, time_s)

    def begin(self) -> None:
        """Begin the story; once is enough."""
        if not self._begun:
            self._begun = True
            self._add(Scene(self._soon_s(), 0.0, moves=True))

    def stop(self) -> None:
        """Stand still as soon as that is possible: before a set, or after it."""
        scene = self._scenes[-1]
        if scene.moves:
            here_s = scene.story_s + self._soon_s() - scene.from_s
            stop_s = self._story.next_stop_s(here_s)
            self._add(Scene(scene.from_s + stop_s - scene.story_s, stop_s, moves=False))

    def hinge(self) -> None:
        """Hinge once as in the guided minute, standing before and after; stops first."""
        self.stop()
        still_s, (start_s, end_s) = self._scenes[-1].story_s, self._story.minute.hinge
        from_s = self._soon_s()
        self._add(Scene(from_s, start_s - _STAND_S, moves=True, bar_s=still_s))
        if still_s < start_s:
            still_s = self._story.minute.stand_again[0]  # the minute's own hinge is done
        self._add(Scene(from_s + end_s - start_s + 2 * _STAND_S, still_s, moves=False))

    def go_on(self) -> None:
        """Go on from where the person stopped; who has hinged before does not do so again."""
        scene = self._scenes[-1]
        if self._begun and not scene.moves:
            self._add(Scene(self._soon_s(), scene.story_s, moves=True))

    def _soon_s(self) -> float:
        return max(self._now_s + NOTICE_S, self._scenes[-1].from_s)

    def _add(self, scene: Scene) -> None:
        self._scenes = (*self._scenes, scene)

    def scenes(self, time_s: FloatArray) -> list[tuple[slice, Scene]]:
        """Cut ascending true times into scenes, in order; after its end the story rests."""
        scenes, duration_s = self._scenes, self._story.duration_s
        edges = np.searchsorted(time_s, [scene.from_s for scene in scenes]).tolist()
        found: list[tuple[slice, Scene]] = []
        for scene, first, stop in zip(scenes, edges, [*edges[1:], len(time_s)], strict=True):
            end_s = scene.from_s + duration_s - scene.story_s if scene.moves else math.inf
            over = first + int(np.searchsorted(time_s[first:stop], end_s))
            found.append((slice(first, over), scene))
            found.append((slice(over, stop), Scene(end_s, duration_s, moves=False)))
        return [(part, scene) for part, scene in found if part.start < part.stop]
