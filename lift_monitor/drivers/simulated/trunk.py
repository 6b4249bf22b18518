"""A simulated trunk: pelvis and thorax of a lifter, each with a sensor stuck on, with truth.

The session begins with the guided minute of a calibration (stand, hinge, stand) and goes on
with repetitions, some of which are rounded or twisted on purpose.  What the skin does
(wobble, stretch, a sensor that slips) moves the sensors and not the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

from lift_monitor.drivers.simulated.motion import BarMotion, BarState, Channel, Piece, Wave
from lift_monitor.drivers.simulated.sensor import Measured, Sensor, SensorModel
from lift_monitor.samples import Role
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

_DEG = math.pi / 180.0
_FINE_S = 1e-3
TRUTH_RATE_HZ = 100.0
_SKIN_M = np.array([0.0, 0.0, 0.03])


class SegmentMotion(BarMotion):
    """A point of a body segment that hangs on another one; axes forward, left, up.

    Parameters
    ----------
    lever_m : tuple of float
        From the segment's own joint to the point, in its axes.
    base : SegmentMotion, optional
        Segment that carries the joint; without one the joint moves by the channels.
    joint_m : tuple of float
        From the base's joint to this one, in the base's axes.
    bone : SegmentMotion, optional
        For a point of the skin: the point of the segment under it. The skin turns by its own
        channels, about a place :data:`_SKIN_M` below.
    """

    def __init__(
        self,
        lever_m: tuple[float, float, float],
        base: SegmentMotion | None = None,
        joint_m: tuple[float, float, float] = (0.0, 0.0, 0.0),
        bone: SegmentMotion | None = None,
    ) -> None:
        super().__init__()
        self._lever = np.array(lever_m)
        self._base, self._joint, self._bone = base, np.array(joint_m), bone

    def evaluate(self, time_s: FloatArray) -> BarState:
        """State of the point at ascending times."""
        known = _Known(time_s)
        before, at, after = (self.point(known, step) for step in (-_FINE_S, 0.0, _FINE_S))
        acc = (before - 2.0 * at + after) / _FINE_S**2
        axes = known.axes(self, 0.0)
        turn = np.swapaxes(known.axes(self, -_FINE_S), 1, 2) @ known.axes(self, _FINE_S)
        rate = np.stack([turn[:, 2, 1], turn[:, 0, 2], turn[:, 1, 0]], axis=-1)
        rate -= np.stack([turn[:, 1, 2], turn[:, 2, 0], turn[:, 0, 1]], axis=-1)
        force = acc + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
        return BarState(
            at,
            (after - before) / (2.0 * _FINE_S),
            acc,
            axes[:, 2].copy(),
            np.asarray(np.einsum("nij,ni->nj", axes, force)),
            rate / (4.0 * _FINE_S),
        )

    def point(self, known: _Known, step_s: float) -> FloatArray:
        """Place of the point in the world, (n, 3), a step away from the known times."""
        if self._bone is not None:
            turned = known.axes(self, step_s) - known.axes(self._bone, step_s)
            return np.asarray(self._bone.point(known, step_s) + turned @ _SKIN_M)
        own = known.axes(self, step_s) @ self._lever
        if self._base is None:
            return np.asarray(known.place(self, step_s) + own)
        joint = known.axes(self._base, step_s) @ self._joint
        return np.asarray(known.place(self._base, step_s) + joint + own)


class _Known:
    """Angles and places of segments at given times, each worked out once.

    A step before or after is reached by the derivatives, which the channels know.
    """

    def __init__(self, time_s: FloatArray) -> None:
        self._time_s = time_s
        self._channels: dict[int, FloatArray] = {}
        self._axes: dict[tuple[int, float], FloatArray] = {}

    def _at(self, channel: Channel, step_s: float) -> FloatArray:
        if id(channel) not in self._channels:
            self._channels[id(channel)] = channel.evaluate(self._time_s)
        value, first, second = self._channels[id(channel)]
        return np.asarray(value + step_s * (first + 0.5 * step_s * second))

    def place(self, motion: BarMotion, step_s: float) -> FloatArray:
        """Where the channels put the segment's joint, (n, 3)."""
        return np.column_stack([self._at(c, step_s) for c in (motion.x_m, motion.y_m, motion.z_m)])

    def axes(self, motion: BarMotion, step_s: float) -> FloatArray:
        """(n, 3, 3): columns are the segment's axes in the world."""
        key = (id(motion), step_s)
        if key not in self._axes:
            channels = (motion.yaw_rad, motion.tilt_rad, motion.spin_rad)
            angles = np.stack([self._at(c, step_s) for c in channels])
            (cy, ct, cs), (sy, st, ss) = np.cos(angles), np.sin(angles)
            axes = np.empty((angles.shape[1], 3, 3))
            axes[:, 0] = np.stack([cy * ct, cy * st * ss - sy * cs, cy * st * cs + sy * ss], -1)
            axes[:, 1] = np.stack([sy * ct, sy * st * ss + cy * cs, sy * st * cs - cy * ss], -1)
            axes[:, 2] = np.stack([-st, ct * ss, ct * cs], -1)
            self._axes[key] = axes
        return self._axes[key]


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """What the lifter does; angles in degrees. What is ``None`` the seed draws.

    Parameters
    ----------
    reps : int
        Repetitions after the calibration.
    squat : bool, optional
        Squat (less lean, more depth) instead of a hip hinge.
    rounded : tuple of int, optional
        Repetitions (from 0) that are rounded on purpose.
    rounding_deg : tuple of float
        Range from which the extra lumbar flexion of these is drawn.
    twisted : tuple of int
        Repetitions in which the thorax is twisted against the pelvis.
    twist_deg : float
    wobble_deg : float
        Amplitude of the skin's wobble when a movement starts or stops.
    stretch : float
        Largest share of a segment's tilt by which the skin turns the sensor.
    slip_deg : float
        Turn of the pelvis sensor on the skin (0: none), forward if positive.
    slip_s : float
        How long the slip takes.
    """

    reps: int = 6
    squat: bool | None = None
    rounded: tuple[int, ...] | None = None
    rounding_deg: tuple[float, float] = (24.0, 36.0)
    twisted: tuple[int, ...] = ()
    twist_deg: float = 25.0
    wobble_deg: float = 1.0
    stretch: float = 0.06
    slip_deg: float = 0.0
    slip_s: float = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class TrunkTruth:
    """What really happened, at steps of 10 ms, (n,) each."""

    time_s: FloatArray
    lumbar_flexion_deg: FloatArray
    side_bend_deg: FloatArray
    thorax_tilt_deg: FloatArray
    pelvis_tilt_deg: FloatArray
    twist_deg: FloatArray
    stand: tuple[float, float]
    hinge: tuple[float, float]
    stand_again: tuple[float, float]
    reps: tuple[tuple[float, float], ...]
    rounded: tuple[int, ...]
    slip_at_s: float | None


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedTrunk:
    """Samples of both sensors and the truth."""

    measured: dict[Role, Measured]
    truth: TrunkTruth
    duration_s: float


def simulate_trunk(
    plan: TrunkPlan, model: SensorModel, seed: int, mounting_deg: float = 45.0
) -> SimulatedTrunk:
    """Let a lifter be calibrated and lift, with sensors stuck on at random angles.

    Parameters
    ----------
    plan : TrunkPlan
    model : SensorModel
    seed : int
        Not negative.
    mounting_deg : float
        The sensors are turned by up to so much, about any axis.

    Raises
    ------
    ValueError
        If the seed is negative.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}; choose a whole number from 0 up")
    lifter = _Trunk(plan, np.random.default_rng([seed, 11]))
    truth = lifter.session()
    measured = {}
    for number, (role, motion) in enumerate(
        ((Role.PELVIS, lifter.pelvis_skin), (Role.THORAX, lifter.thorax_skin))
    ):
        rng = np.random.default_rng([seed, 12, number])
        sensor = Sensor(model, 2 * seed + number)
        axis = rng.standard_normal(3)
        turn = math.radians(mounting_deg) * rng.random() / np.linalg.norm(axis)
        sensor.mounting = Rotation.from_rotvec(turn * axis).as_matrix()
        measured[role] = sensor.measure(motion, lifter.now_s)
    return SimulatedTrunk(measured, truth, lifter.now_s)


@dataclass(slots=True)
class _Trunk:
    """Writes gestures onto four motions: two of the bones, two of the sensors on the skin."""

    plan: TrunkPlan
    rng: np.random.Generator
    now_s: float = 0.0
    pelvis: SegmentMotion = field(init=False)
    thorax: SegmentMotion = field(init=False)
    pelvis_skin: SegmentMotion = field(init=False)
    thorax_skin: SegmentMotion = field(init=False)
    skin: dict[bool, float] = field(init=False)
    """Share of a segment's tilt (True: thorax) by which the skin turns its sensor."""

    def __post_init__(self) -> None:
        rng = self.rng
        sacrum, back = (-rng.uniform(0.08, 0.14), 0.0, 0.1), (-rng.uniform(0.1, 0.15), 0.0, 0.3)
        joint = (-0.03, 0.0, rng.uniform(0.12, 0.18))
        self.pelvis = SegmentMotion(sacrum)
        self.thorax = SegmentMotion(back, self.pelvis, joint)
        self.pelvis_skin = SegmentMotion(sacrum, bone=self.pelvis)
        self.thorax_skin = SegmentMotion(back, bone=self.thorax)
        heading = rng.uniform(-math.pi, math.pi)
        for motion in self._all():
            motion.yaw_rad.start = heading
        self.skin = {
            True: self.plan.stretch * rng.uniform(-1.0, 1.0),
            False: self.plan.stretch * rng.uniform(-1.0, 1.0),
        }

    def session(self) -> TrunkTruth:
        rng, plan = self.rng, self.plan
        squat = bool(rng.random() < 0.4) if plan.squat is None else plan.squat
        rounded = plan.rounded
        if rounded is None:
            rounded = tuple(k for k in range(plan.reps) if rng.random() < 0.3)
        self.now_s = rng.uniform(1.0, 2.0)
        stand = (0.5, self.now_s + 4.0)
        self.now_s += 5.0
        begin = self.now_s
        depth = rng.uniform(40.0, 65.0)
        self._bend(depth, rng.uniform(2.0, 3.0), drop_m=0.05, round_deg=0.0)
        self.now_s += rng.uniform(0.5, 1.0)
        self._bend(-depth, rng.uniform(2.0, 3.0), drop_m=-0.05, round_deg=0.0)
        hinge = (begin, self.now_s)
        again = (self.now_s + 0.3, self.now_s + 4.3)
        self.now_s += 5.0
        slip_at_s = None
        if plan.slip_deg:
            slip_at_s = self._slip()
        reps = []
        for k in range(plan.reps):
            start = self.now_s
            self._repetition(squat, k in rounded, k in plan.twisted)
            reps.append((start, self.now_s))
            self.now_s += rng.uniform(0.8, 1.6)
        self.now_s += 4.0
        self._breathe()
        return self._truth(stand, hinge, again, tuple(reps), rounded, slip_at_s)

    def _repetition(self, squat: bool, rounds: bool, twists: bool) -> None:
        rng, plan = self.rng, self.plan
        lean = rng.uniform(25.0, 45.0) if squat else rng.uniform(50.0, 75.0)
        drop = rng.uniform(0.35, 0.5) if squat else rng.uniform(0.08, 0.2)
        natural = rng.uniform(0.0, 6.0)  # some flexion occurs in every lift
        down_s, up_s = rng.uniform(1.2, 2.0), rng.uniform(1.0, 2.2)
        begin = self.now_s
        self._bend(lean, down_s, drop, natural)
        self.now_s += rng.uniform(0.2, 0.8)
        rise = self.now_s
        self._bend(-lean, up_s, -drop, -natural)
        end = self.now_s
        if rounds:
            self.now_s = rng.uniform(begin + 0.5 * down_s, rise + 0.2 * up_s)
            amount = rng.uniform(*plan.rounding_deg)
            in_s, hold_s = rng.uniform(0.4, 0.8), rng.uniform(0.4, 1.0)
            share = rng.uniform(0.3, 0.7)  # of the thorax; the rest is the pelvis tucking under
            for sign in (1.0, -1.0):
                self._turn(True, sign * share * amount, in_s)
                self._turn(False, -sign * (1.0 - share) * amount, in_s)
                self.now_s += in_s + hold_s
            end = max(end, self.now_s)
        if twists:
            self.now_s = rise
            for sign in (1.0, -1.0):
                for motion in (self.thorax, self.thorax_skin):
                    self._piece(motion.yaw_rad, sign * plan.twist_deg, 0.6)
                self.now_s += 0.7
            end = max(end, self.now_s)
        self.now_s = end

    def _bend(self, lean_deg: float, duration_s: float, drop_m: float, round_deg: float) -> None:
        """Lean both segments, the thorax by ``round_deg`` more; waits for the end."""
        self._turn(False, lean_deg - 0.5 * round_deg, duration_s)
        self._turn(True, lean_deg + 0.5 * round_deg, duration_s)
        aside = self.rng.normal(0.0, 1.0)
        for motion in self._all():
            self._piece(motion.spin_rad, aside if lean_deg > 0 else 0.0, duration_s)
        back_m = 0.12 * lean_deg / 60.0
        heading = self.pelvis.yaw_rad.start
        for motion in self._all():
            for channel, metres in (
                (motion.x_m, -back_m * math.cos(heading)),
                (motion.y_m, -back_m * math.sin(heading)),
                (motion.z_m, -drop_m),
            ):
                channel.pieces.append(Piece.minimum_jerk(self.now_s, duration_s, metres))
        self._wobble(self.now_s)
        self.now_s += duration_s
        self._wobble(self.now_s)

    def _turn(self, upper: bool, degrees: float, duration_s: float) -> None:
        """Begin a change of a segment's tilt; the skin goes along by a little more or less."""
        bone, skin = (self.thorax, self.thorax_skin) if upper else (self.pelvis, self.pelvis_skin)
        self._piece(bone.tilt_rad, degrees, duration_s)
        self._piece(skin.tilt_rad, degrees * (1.0 + self.skin[upper]), duration_s)

    def _wobble(self, at_s: float) -> None:
        rng = self.rng
        for motion in (self.pelvis_skin, self.thorax_skin):
            for channel, share in ((motion.tilt_rad, 1.0), (motion.spin_rad, 0.5)):
                amplitude = share * self.plan.wobble_deg * rng.uniform(0.3, 1.0) * _DEG
                channel.waves.append(
                    Wave(
                        at_s,
                        at_s + rng.uniform(0.4, 0.8),
                        amplitude,
                        rng.uniform(5.0, 9.0),
                        rng.uniform(0.0, 2.0 * math.pi),
                        rise_s=0.05,
                        fall_s=0.3,
                    )
                )

    def _breathe(self) -> None:
        """Breathing moves the ribs, and sway the whole; both are true movement."""
        rng = self.rng
        hertz, size = rng.uniform(0.2, 0.35), rng.uniform(0.3, 1.0) * _DEG
        for motion in (self.thorax, self.thorax_skin):
            motion.tilt_rad.waves.append(Wave(0.0, self.now_s, size, hertz))
        for _ in range(2):
            hertz, size = rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.4) * _DEG
            phase = rng.uniform(0.0, 2.0 * math.pi)
            for motion in self._all():
                motion.tilt_rad.waves.append(Wave(0.0, self.now_s, size, hertz, phase))
                motion.spin_rad.waves.append(Wave(0.0, self.now_s, size, 0.8 * hertz, phase))

    def _slip(self) -> float:
        """Let the pelvis sensor turn on the skin at some time in the repetitions to come."""
        here = self.now_s
        self.now_s += self.rng.uniform(2.0, 12.0)
        at_s = self.now_s
        angle = self.rng.uniform(-0.5, 0.5)
        skin, degrees = self.pelvis_skin, self.plan.slip_deg
        self._piece(skin.tilt_rad, math.cos(angle) * degrees, self.plan.slip_s)
        self._piece(skin.spin_rad, math.sin(angle) * degrees, self.plan.slip_s)
        self.now_s = here
        return at_s

    def _piece(self, channel: Channel, degrees: float, duration_s: float) -> None:
        channel.pieces.append(Piece.minimum_jerk(self.now_s, duration_s, degrees * _DEG))

    def _all(self) -> tuple[SegmentMotion, ...]:
        return self.pelvis, self.thorax, self.pelvis_skin, self.thorax_skin

    def _truth(
        self,
        stand: tuple[float, float],
        hinge: tuple[float, float],
        again: tuple[float, float],
        reps: tuple[tuple[float, float], ...],
        rounded: tuple[int, ...],
        slip_at_s: float | None,
    ) -> TrunkTruth:
        time_s = np.asarray(np.arange(int(self.now_s * TRUTH_RATE_HZ)) / TRUTH_RATE_HZ)
        sagittal, side = {}, {}
        for name, motion in (("thorax", self.thorax), ("pelvis", self.pelvis)):
            up = BarMotion.evaluate(motion, time_s).up_bar
            sagittal[name] = np.degrees(np.arctan2(-up[:, 0], up[:, 2]))
            side[name] = np.degrees(np.arcsin(up[:, 1]))
        yaw = [m.yaw_rad.evaluate(time_s)[0] for m in (self.thorax, self.pelvis)]
        return TrunkTruth(
            time_s,
            sagittal["thorax"] - sagittal["pelvis"],
            side["thorax"] - side["pelvis"],
            sagittal["thorax"],
            sagittal["pelvis"],
            np.degrees(yaw[0] - yaw[1]),
            stand,
            hinge,
            again,
            reps,
            rounded,
            slip_at_s,
        )
