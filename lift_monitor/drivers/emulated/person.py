"""An emulated person with three sensors, who waits, taps when asked, and begins when told.

For trying the live flow without hardware.  Orders come from another thread than the one in
which the sensors sample; a moment's delay between the two does not matter.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity, Peripheral
from lift_monitor.drivers.emulated.story import NOTICE_S, Scene, Script, Story, story_of
from lift_monitor.drivers.simulated.landing_plan import LandingPlan
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.samples import Role
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

__all__ = ["FAMILY", "NOTICE_S", "EmulatedPerson", "WornMotion"]

FAMILY: Final = "open-imu"
_NAMES: Final = {
    Role.BAR: "Emulated bar 01",
    Role.THORAX: "Emulated thorax 02",
    Role.PELVIS: "Emulated pelvis 03",
}
_TAP_LENGTH_S: Final = 0.02
_TAP_G: Final = 5.0
_POSE_S: Final = 0.3
"""Stretch of the story from which a pose is taken."""
_LEVEL_MPS2: Final = np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
_NOISE_MPS2: Final = 0.02
_NOISE_RADPS: Final = 0.002
_TABLE: Final = 100_003
"""Length of the noise tables, read at 1 kHz: repeats only after 100 s."""
_BREATHS_HZ: Final = 0.25


class WornMotion:
    """What one sensor of the person feels: the story when it goes on, rest when it does not.

    Parameters
    ----------
    seed : int
    role : Role
    story : Story
    script : Script
        Shared by all sensors of the person.
    """

    def __init__(self, seed: int, role: Role, story: Story, script: Script) -> None:
        rng = np.random.default_rng(seed)
        self._noise = rng.normal(0.0, 1.0, (_TABLE, 6))
        self._role, self._felt = role, story.felt.get(role)
        self._duration_s, self._script = story.duration_s, script
        self._turn_radps = np.zeros(3)
        if self._felt is not None:
            # Everybody stands still then, so that what is felt of turning is the bias.
            stand_s = np.arange(*story.minute.stand, 1e-3)
            self._turn_radps = self._felt.at(stand_s)[1].mean(axis=0)
        self._levels: dict[float, FloatArray] = {}
        self._now_s = 0.0
        self._taps_s: tuple[float, ...] = ()

    def tap(self) -> None:
        """Tap the sensor now."""
        self._taps_s = (*self._taps_s, self._now_s + 0.1)

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what is felt (see :class:`~lift_monitor.drivers.emulated.motion.Motion`)."""
        time_s = np.asarray(time_s, dtype=np.float64)
        if time_s.size:
            self._now_s = float(time_s[-1])
            self._script.see(self._now_s)
        acc, gyr = np.empty((2, time_s.shape[0], 3))
        for part, scene in self._script.scenes(time_s):
            acc[part], gyr[part] = self._scene(time_s[part], scene)
        self._add_taps(time_s, acc)
        return acc, gyr

    def _scene(self, time_s: FloatArray, scene: Scene) -> tuple[FloatArray, FloatArray]:
        rests = self._role is Role.BAR and scene.bar_s is not None
        if self._felt is not None and scene.moves and not rests:
            return self._felt.at(time_s - scene.from_s + scene.story_s)
        pose_s = scene.bar_s if scene.bar_s is not None else scene.story_s
        noise = self._noise[np.mod(np.rint(time_s * 1000.0).astype(np.int64), _TABLE)]
        acc = self._level(pose_s) + noise[:, :3] * _NOISE_MPS2
        gyr = self._turn_radps + noise[:, 3:] * _NOISE_RADPS
        if self._role is not Role.BAR:
            sway = np.sin(2 * np.pi * _BREATHS_HZ * time_s)
            acc[:, 0] += 0.05 * sway
            gyr[:, 1] += 0.01 * sway
        return acc, gyr

    def _level(self, story_s: float) -> FloatArray:
        """Specific force of what rests as it was: a sensor that turns over is a movement."""
        if self._felt is None:
            return _LEVEL_MPS2
        if story_s not in self._levels:
            start_s = min(story_s, self._duration_s - _POSE_S)
            acc, _ = self._felt.at(start_s + np.arange(0.0, _POSE_S, 1e-3))
            self._levels[story_s] = acc.mean(axis=0)
        return self._levels[story_s]

    def _add_taps(self, time_s: FloatArray, acc: FloatArray) -> None:
        for tap_s in self._taps_s:
            phase = (time_s - tap_s) / _TAP_LENGTH_S
            inside = (phase >= 0) & (phase <= 1)
            if inside.any():
                push = np.sin(np.pi * phase[inside])[:, None] * self._level(0.0)
                acc[inside] += _TAP_G * push


class EmulatedPerson:
    """A lifter with sensors on bar, thorax and pelvis, who waits until told to begin.

    Then comes the guided minute of a calibration (``minute``), and after it the plan: sets with
    the bar, or landings, for which the bar lies by. Whoever wants to calibrate at another time
    asks the person to stop, to hinge, and to go on.

    Parameters
    ----------
    plan : SessionPlan or LandingPlan
        What is done once :meth:`lift` is called.
    seed : int
    """

    def __init__(self, plan: SessionPlan | LandingPlan, seed: int) -> None:
        story = story_of(plan, seed)
        self.duration_s = story.duration_s
        """How long the minute and the plan take from :meth:`lift` on."""
        self.minute = story.minute
        """When the person stands, hinges and stands again, from :data:`NOTICE_S` after
        :meth:`lift` on."""
        self.sets = story.sets
        """Start and end of the sets, likewise."""
        self._script = Script(story)
        self._motions = {
            role: WornMotion(seed + number, role, story, self._script)
            for number, role in enumerate((Role.BAR, Role.THORAX, Role.PELVIS))
        }

    def sensors(self) -> tuple[Peripheral, ...]:
        """Make the three sensors, switched on now."""
        made = []
        for number, (role, motion) in enumerate(self._motions.items(), start=1):
            identity = Identity(
                f"C0:FF:EE:00:00:{number:02X}",
                _NAMES[role],
                f"EMU{number:04d}",
                battery_pct=95.0 - 7 * number,
                rssi_dbm=-50 - 6 * number,
            )
            # Real clocks differ: each of these starts and runs a little differently.
            clock = DeviceClock(start_s=1000.0 * number, error=20e-6 * (number - 2))
            made.append(PERIPHERALS[FAMILY](identity, motion, clock))
        return tuple(made)

    def motion(self, role: Role) -> WornMotion:
        """What one of them feels."""
        return self._motions[role]

    @staticmethod
    def names() -> dict[Role, str]:
        """What the sensors call themselves, by their place."""
        return dict(_NAMES)

    def tap(self, role: Role) -> None:
        """Tap a sensor."""
        self._motions[role].tap()

    def lift(self) -> None:
        """Begin the guided minute, and the plan after it; once is enough."""
        self._script.begin()

    def stop(self) -> None:
        """Stand still as soon as that is possible: before a set, or after it."""
        self._script.stop()

    def hinge(self) -> None:
        """Hinge once at the hips, with a neutral spine; stops first, stands afterwards."""
        self._script.hinge()

    def go_on(self) -> None:
        """Go on from where the person stopped."""
        self._script.go_on()
