"""A pelvis and a thorax, and the skin on them: gestures written onto four motions.

What the skin does (wobble, stretch, a sensor that slips) moves the sensors and not the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from lift_monitor.drivers.simulated.motion import Channel, Knot, Piece, Wave
from lift_monitor.drivers.simulated.segment import SegmentMotion
from lift_monitor.drivers.simulated.sensor import Sensor, SensorModel
from lift_monitor.drivers.simulated.trunk_truth import TrueMinute
from lift_monitor.samples import Role

_DEG = math.pi / 180.0
_STEP_S = 1.0
_SHIFT_M = 0.12
"""How far the hips go back while the trunk leans by 60 degrees."""


@dataclass(frozen=True, slots=True)
class Skin:
    """How far the sensors do not go with the bones.

    Attributes
    ----------
    wobble_deg : float
        Amplitude of the skin's wobble when a movement starts or stops.
    stretch : float
        Largest share of a segment's tilt by which the skin turns the sensor.
    slip_deg : float
        Turn of the pelvis sensor on the skin (0: none), forward if positive.
    slip_s : float
        How long the slip takes.
    """

    wobble_deg: float = 1.0
    stretch: float = 0.06
    slip_deg: float = 0.0
    slip_s: float = 0.1


class Body:
    """Moves on from ``now_s``; every irregularity comes from ``rng``."""

    def __init__(self, skin: Skin, rng: np.random.Generator) -> None:
        self.rng, self._skin, self.now_s = rng, skin, 0.0
        self._aside_deg = 0.0
        sacrum, back = (-rng.uniform(0.08, 0.14), 0.0, 0.1), (-rng.uniform(0.1, 0.15), 0.0, 0.3)
        joint = (-0.03, 0.0, rng.uniform(0.12, 0.18))
        self.pelvis = SegmentMotion(sacrum)
        self.thorax = SegmentMotion(back, self.pelvis, joint)
        self.pelvis_skin = SegmentMotion(sacrum, bone=self.pelvis)
        self.thorax_skin = SegmentMotion(back, bone=self.thorax)
        heading = rng.uniform(-math.pi, math.pi)
        for motion in self._all():
            motion.yaw_rad.start = heading
        # Share of a segment's tilt (True: thorax) by which the skin turns its sensor.
        self._stretch = {
            True: skin.stretch * rng.uniform(-1.0, 1.0),
            False: skin.stretch * rng.uniform(-1.0, 1.0),
        }

    def guided_minute(self, stand_s: float = 4.0) -> TrueMinute:
        """Stand, hinge with a neutral spine, stand again; waits for the end.

        Parameters
        ----------
        stand_s : float
            How long standing counts, each time.
        """
        rng = self.rng
        self.now_s = rng.uniform(1.0, 2.0)
        stand = (0.5, self.now_s + stand_s)
        self.now_s += stand_s + _STEP_S
        begin = self.now_s
        depth = rng.uniform(40.0, 65.0)
        self.bend(depth, rng.uniform(2.0, 3.0), drop_m=0.05)
        self.now_s += rng.uniform(0.5, 1.0)
        self.bend(-depth, rng.uniform(2.0, 3.0), drop_m=-0.05)
        hinge = (begin, self.now_s)
        again = (self.now_s + 0.3, self.now_s + stand_s + 0.3)
        self.now_s += stand_s + _STEP_S
        return TrueMinute(stand, hinge, again)

    def bend(
        self, lean_deg: float, duration_s: float, drop_m: float = 0.0, round_deg: float = 0.0
    ) -> None:
        """Lean both segments, the thorax by ``round_deg`` more; waits for the end."""
        self.turn(False, lean_deg - 0.5 * round_deg, duration_s)
        self.turn(True, lean_deg + 0.5 * round_deg, duration_s)
        aside = self.rng.normal(0.0, 1.0)
        self._lean_aside(aside if lean_deg > 0 else 0.0, duration_s)
        self.shift(-_SHIFT_M * lean_deg / 60.0, -drop_m, duration_s)
        self.wobble()
        self.now_s += duration_s
        self.wobble()

    def straighten(self, duration_s: float) -> None:
        """Begin to give up what bending has left of leaning to the side."""
        self._lean_aside(-self._aside_deg, duration_s)

    def turn(self, upper: bool, degrees: float, duration_s: float) -> None:
        """Begin a change of a segment's tilt; the skin goes along by a little more or less."""
        bone, skin = (self.thorax, self.thorax_skin) if upper else (self.pelvis, self.pelvis_skin)
        self._piece(bone.tilt_rad, degrees, duration_s)
        self._piece(skin.tilt_rad, degrees * (1.0 + self._stretch[upper]), duration_s)

    def round_spine(self, degrees: float, thorax_share: float, duration_s: float) -> None:
        """Begin to flex the spine; what the thorax does not bend the pelvis tucks under."""
        self.turn(True, thorax_share * degrees, duration_s)
        self.turn(False, -(1.0 - thorax_share) * degrees, duration_s)

    def twist(self, degrees: float, duration_s: float) -> None:
        """Begin to turn the thorax against the pelvis, to the left if positive."""
        for motion in (self.thorax, self.thorax_skin):
            self._piece(motion.yaw_rad, degrees, duration_s)

    def shift(self, forward_m: float, up_m: float, duration_s: float) -> None:
        """Begin to move the hips, and what they carry."""
        heading, pelvis = self.pelvis.yaw_rad.start, self.pelvis
        for channel, metres in (
            (pelvis.x_m, forward_m * math.cos(heading)),
            (pelvis.y_m, forward_m * math.sin(heading)),
            (pelvis.z_m, up_m),
        ):
            channel.pieces.append(Piece.minimum_jerk(self.now_s, duration_s, metres))

    def walk(self, speed_mps: float, start_s: float, keep_s: float, stop_s: float) -> None:
        """Begin to go forward: gain speed, keep it exactly, lose it."""
        heading, pelvis = self.pelvis.yaw_rad.start, self.pelvis
        for channel, share in (
            (pelvis.x_m, math.cos(heading)),
            (pelvis.y_m, math.sin(heading)),
        ):
            v = share * speed_mps
            gone = 0.5 * v * start_s
            knots: list[Knot] = [
                (0.0, 0.0, 0.0, 0.0),
                (start_s, gone, v, 0.0),
                (start_s + keep_s, gone + v * keep_s, v, 0.0),
                (start_s + keep_s + stop_s, gone + v * (keep_s + 0.5 * stop_s), 0.0, 0.0),
            ]
            channel.pieces.append(Piece(self.now_s, knots))

    def plunge(self, hips: Piece, above: Piece) -> None:
        """Let the hips fall and land, and the thorax lag behind them by ``above``."""
        self.pelvis.z_m.pieces.append(hips)
        self.thorax.z_m.pieces.append(above)

    def wobble(self, strength: float = 1.0) -> None:
        """Let the skin wobble from now on, as after a start, a stop or a blow."""
        rng = self.rng
        for motion in (self.pelvis_skin, self.thorax_skin):
            for channel, share in ((motion.tilt_rad, 1.0), (motion.spin_rad, 0.5)):
                degrees = strength * share * self._skin.wobble_deg * rng.uniform(0.3, 1.0)
                channel.waves.append(
                    Wave(
                        self.now_s,
                        self.now_s + rng.uniform(0.4, 0.8),
                        degrees * _DEG,
                        rng.uniform(5.0, 9.0),
                        rng.uniform(0.0, 2.0 * math.pi),
                        rise_s=0.05,
                        fall_s=0.3,
                    )
                )

    def breathe(self) -> None:
        """Breathing moves the ribs, and sway the whole, from 0 to now; both are true movement."""
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

    def slip(self, at_s: float) -> None:
        """Let the pelvis sensor turn on the skin at some time."""
        here, self.now_s = self.now_s, at_s
        angle = self.rng.uniform(-0.5, 0.5)
        skin, degrees = self.pelvis_skin, self._skin.slip_deg
        self._piece(skin.tilt_rad, math.cos(angle) * degrees, self._skin.slip_s)
        self._piece(skin.spin_rad, math.sin(angle) * degrees, self._skin.slip_s)
        self.now_s = here

    def skins(self) -> tuple[tuple[Role, SegmentMotion], ...]:
        """Where the sensors are stuck on."""
        return (Role.PELVIS, self.pelvis_skin), (Role.THORAX, self.thorax_skin)

    def _lean_aside(self, degrees: float, duration_s: float) -> None:
        self._aside_deg += degrees
        for motion in self._all():
            self._piece(motion.spin_rad, degrees, duration_s)

    def _piece(self, channel: Channel, degrees: float, duration_s: float) -> None:
        channel.pieces.append(Piece.minimum_jerk(self.now_s, duration_s, degrees * _DEG))

    def _all(self) -> tuple[SegmentMotion, ...]:
        return self.pelvis, self.thorax, self.pelvis_skin, self.thorax_skin


def stuck_on(
    model: SensorModel, seed: int, number: int, mounting_deg: float, *, stream: int = 0
) -> Sensor:
    """Draw a sensor that is stuck on a segment, turned by up to so much about any axis.

    Parameters
    ----------
    model : SensorModel
    seed : int
        Not negative.
    number : int
        Tells the sensors of one lifter apart.
    mounting_deg : float
    stream : int
        Which of the seed's sensors it is (see :class:`~.sensor.Sensor`).
    """
    rng = np.random.default_rng([seed, 12, number])
    sensor = Sensor(model, seed if stream else 2 * seed + number, stream)
    axis = rng.standard_normal(3)
    turn = math.radians(mounting_deg) * rng.random() / np.linalg.norm(axis)
    sensor.mounting = Rotation.from_rotvec(turn * axis).as_matrix()
    return sensor
