"""A trunk that lifts: pelvis and thorax of the lifter who moves the simulated bar.

The session begins with the guided minute of a calibration.  Then every rise and fall of the
bar is a bend or a straightening of the trunk at the same time; chosen repetitions are rounded
or twisted on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lift_monitor.drivers.simulated.body import Body, Skin
from lift_monitor.drivers.simulated.lifter import Attempt, Performance, perform
from lift_monitor.drivers.simulated.motion import Piece
from lift_monitor.drivers.simulated.plan import Range, SessionPlan
from lift_monitor.drivers.simulated.trunk_truth import TrueMinute, TrunkTruth, trunk_truth
from lift_monitor.events import Exercise


@dataclass(frozen=True, slots=True)
class Posture:
    """How a trunk usually goes along with the bar; design defaults.

    Attributes
    ----------
    lean_deg : tuple of float
        How much further the trunk leans at the bottom of a repetition than at its top.
    sink : float
        How far the hips sink for every metre that the bar does.
    taken_deg, taken_m : tuple of float, float
        Lean, and how far the hips are down, where the bar is taken from; negative on the back.
    """

    lean_deg: Range
    sink: float
    taken_deg: Range = (0.0, 0.0)
    taken_m: float = 0.0


POSTURES: dict[Exercise, Posture] = {
    Exercise.DEADLIFT: Posture((50.0, 70.0), 0.35, (50.0, 70.0), 0.18),
    Exercise.ROMANIAN_DEADLIFT: Posture((50.0, 75.0), 0.1, (50.0, 65.0), 0.15),
    Exercise.BACK_SQUAT: Posture((25.0, 45.0), 0.8),
    Exercise.OVERHEAD_PRESS: Posture((3.0, 7.0), 0.0),
    Exercise.BENT_OVER_ROW: Posture((3.0, 8.0), 0.1, (55.0, 75.0), 0.15),
    Exercise.BENCH_PRESS: Posture((0.0, 0.0), 0.0, (-80.0, -75.0), 0.45),
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """A repetition that is rounded on purpose; set and repetition count from 1."""

    set_number: int
    rep: int
    flexion_deg: float
    """Lumbar flexion at the beginning of the rise, breathing aside."""


@dataclass(frozen=True, slots=True)
class LiftingTrunk:
    """What a trunk does in a session with a bar, and how its sensors sit.

    Attributes
    ----------
    rounded : tuple of Rounding
    twisted : tuple of (int, int)
        Set and repetition (from 1) in which the thorax is twisted against the pelvis.
    twist_deg : float
    skin : Skin
        A slip happens in the first set.
    mounting_deg : float
        The sensors are turned by up to so much, about any axis.
    stand_s : float
        How long the lifter stands in the guided minute, each time.

    Raises
    ------
    ValueError
        If a rounding is not above the flexion that occurs anyway, or standing is too short.
    """

    rounded: tuple[Rounding, ...] = ()
    twisted: tuple[tuple[int, int], ...] = ()
    twist_deg: float = 25.0
    skin: Skin = field(default_factory=Skin)
    mounting_deg: float = 45.0
    stand_s: float = 4.0

    def __post_init__(self) -> None:
        for rounding in self.rounded:
            if not _NATURAL_DEG[1] < rounding.flexion_deg <= 60.0:
                raise ValueError(
                    f"flexion_deg is {rounding.flexion_deg}; choose a value above "
                    f"{_NATURAL_DEG[1]:g}, which occurs anyway, and up to 60"
                )
        if not 2.0 <= self.stand_s <= 120.0:
            raise ValueError(f"stand_s is {self.stand_s}; choose a value from 2 to 120")


_NATURAL_DEG: Range = (1.0, 6.0)
"""Some flexion occurs in every lift."""
_BIG_M = 0.08
"""What moves the bar less, outside of an attempt, is a step or a bounce."""
_SMALL_M = 0.03
_WALK_S = 8.0
"""Taking the bar out of its rack, or putting it back, is over in less."""
_LEAST_REST_S = 0.5


@dataclass(frozen=True, slots=True)
class Lifted:
    """A lifter's session: the bar, the body and the truth of the trunk."""

    performance: Performance
    body: Body
    truth: TrunkTruth


def lift(plan: SessionPlan, trunk: LiftingTrunk, seed: int) -> Lifted:
    """Let a lifter be calibrated and carry out the plan.

    The bar moves as it does without a trunk (see :func:`~.lifter.perform`), but later.

    Raises
    ------
    ValueError
        If a repetition to be rounded or twisted is not in the plan.
    """
    for number, rep in [(r.set_number, r.rep) for r in trunk.rounded] + list(trunk.twisted):
        if not (1 <= number <= plan.sets and 1 <= rep <= plan.reps):
            raise ValueError(
                f"repetition {rep} of set {number} is not in the plan of {plan.sets} sets "
                f"of {plan.reps}"
            )
    body = Body(trunk.skin, np.random.default_rng([seed, 13]))
    minute = body.guided_minute(trunk.stand_s)
    performance = perform(plan, seed, body.now_s + _LEAST_REST_S)
    truth = _Along(plan, trunk, performance, body).session(minute)
    return Lifted(performance, body, truth)


class _Along:
    """Writes onto a body what goes with the motion of a bar."""

    def __init__(
        self, plan: SessionPlan, trunk: LiftingTrunk, performance: Performance, body: Body
    ) -> None:
        self._plan, self._trunk, self._performance, self._body = plan, trunk, performance, body
        self._posture, rng = POSTURES[plan.exercise], body.rng
        self._lean = rng.uniform(*self._posture.lean_deg)
        self._taken = rng.uniform(*self._posture.taken_deg)
        if plan.exercise is Exercise.DEADLIFT:
            self._taken = self._lean  # the floor is the bottom
        self._natural = rng.uniform(*_NATURAL_DEG)
        pieces = sorted(performance.motion.z_m.pieces, key=lambda piece: piece.start_s)
        if plan.drop_at_end:
            # A lifter who lets go stays as he stands.
            del pieces[max(k for k, piece in enumerate(pieces) if piece.amount < -_BIG_M)]
        self._pieces = pieces
        # What the trunk has done since it stood upright.
        self._leant_deg = self._sunk_m = 0.0

    def session(self, minute: TrueMinute) -> TrunkTruth:
        body, performance, trunk = self._body, self._performance, self._trunk
        reps: list[tuple[float, float]] = []
        rounded = {(r.set_number, r.rep): r.flexion_deg for r in trunk.rounded}
        places = []
        free_s = body.now_s
        slip_at_s = None
        for number, attempts in enumerate(performance.sets, start=1):
            free_s = self._set(attempts, free_s)
            if trunk.skin.slip_deg and slip_at_s is None:
                first, last = attempts[0].begin_s, attempts[-1].finish_s
                slip_at_s = body.rng.uniform(first + 0.3 * (last - first), last)
                body.slip(slip_at_s)
            for rep, attempt in enumerate((a for a in attempts if not a.failed), start=1):
                if (number, rep) in rounded:
                    places.append(len(reps))
                    self._round(attempt, rounded[number, rep])
                if (number, rep) in trunk.twisted:
                    self._twist(attempt)
                reps.append((attempt.begin_s, attempt.finish_s))
        body.now_s = performance.duration_s
        body.breathe()
        return trunk_truth(
            body.thorax, body.pelvis, body.now_s, minute, tuple(reps), tuple(places), slip_at_s
        )

    def _set(self, attempts: tuple[Attempt, ...], free_s: float) -> float:
        """Go along with one set; returns when the lifter is upright again."""
        begin_s, finish_s = attempts[0].begin_s, attempts[-1].finish_s
        # A bar that failed is left on the pins, and helpers mend it.
        until_s = finish_s + (0.0 if attempts[-1].failed and not self._from_floor else _WALK_S)
        around = [p for p in self._pieces if max(free_s, begin_s - _WALK_S) <= p.start_s < until_s]
        self._take_up(free_s, min(p.start_s for p in around))
        before = [p.amount for p in around if p.start_s < begin_s and p.amount > _BIG_M]
        low_m, high_m = self._performance.motion.height(
            np.array([attempts[0].rise_s, attempts[0].top_s])
        )[0]
        end_s = finish_s
        for piece in around:
            if any(a.begin_s <= piece.start_s < a.finish_s for a in attempts):
                if abs(piece.amount) > _SMALL_M:
                    self._follow(piece, self._lean / (high_m - low_m), self._posture.sink)
            elif self._from_floor and abs(piece.amount) > _BIG_M:
                self._follow(piece, self._taken / sum(before), self._posture.sink)
            elif not self._from_floor and not self._taken:
                self._follow(piece, 0.0, 1.0)  # a step with the bar
            end_s = max(end_s, piece.end_s)
        return self._come_up(end_s)

    @property
    def _from_floor(self) -> bool:
        return self._plan.habit.from_floor

    def _take_up(self, free_s: float, start_s: float) -> None:
        """Take the posture in which the bar will be taken."""
        if self._taken:
            rng = self._body.rng
            duration_s = min(rng.uniform(1.5, 2.5), 0.7 * (start_s - free_s))
            self._body.now_s = start_s - 0.2 - duration_s
            self._bend(self._taken, duration_s, self._posture.taken_m)

    def _follow(self, piece: Piece, deg_per_m: float, sink: float) -> None:
        self._body.now_s = piece.start_s
        fall_m = -piece.amount
        self._bend(deg_per_m * fall_m, piece.end_s - piece.start_s, sink * fall_m)

    def _come_up(self, end_s: float) -> float:
        body = self._body
        body.now_s = end_s + body.rng.uniform(0.5, 1.0)
        body.straighten(1.5)
        if abs(self._leant_deg) > 0.1 or abs(self._sunk_m) > 0.001:
            self._bend(-self._leant_deg, body.rng.uniform(1.5, 2.5), -self._sunk_m)
        return body.now_s

    def _bend(self, lean_deg: float, duration_s: float, sink_m: float) -> None:
        full_deg = max(self._lean, self._taken)
        round_deg = self._natural * lean_deg / full_deg if full_deg > 0.0 else 0.0
        self._body.bend(lean_deg, duration_s, sink_m, round_deg)
        self._leant_deg += lean_deg
        self._sunk_m += sink_m

    def _round(self, attempt: Attempt, flexion_deg: float) -> None:
        """Round the back in the pull, and until the bar has come up by a half."""
        body = self._body
        rng, rise_s = body.rng, attempt.top_s - attempt.rise_s
        amount, share = flexion_deg - self._natural, rng.uniform(0.3, 0.7)
        in_s, out_s = rng.uniform(0.4, 0.6), rng.uniform(0.5, 0.7)
        body.now_s = attempt.rise_s - in_s
        body.round_spine(amount, share, in_s)
        body.now_s = attempt.rise_s + max(0.5 * rise_s, 0.8)
        body.round_spine(-amount, share, out_s)

    def _twist(self, attempt: Attempt) -> None:
        body = self._body
        body.now_s = attempt.rise_s
        for sign in (1.0, -1.0):
            body.twist(sign * self._trunk.twist_deg, 0.6)
            body.now_s += 0.7
