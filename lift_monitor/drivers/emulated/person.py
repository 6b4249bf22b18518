"""An emulated person with three sensors, who waits, taps when asked, and lifts when told.

For trying the live flow without hardware.  Orders come from another thread than the one in
which the sensors sample; a moment's delay between the two does not matter.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.motion import LifterMotion, Motion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity, Peripheral
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.samples import Role
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

FAMILY: Final = "open-imu"
_NAMES: Final = {
    Role.BAR: "Emulated bar 01",
    Role.THORAX: "Emulated thorax 02",
    Role.PELVIS: "Emulated pelvis 03",
}
_TAP_LENGTH_S: Final = 0.02
_TAP_G: Final = 5.0
_POSE_STEPS: Final = 300
"""Milliseconds of rest before the first lift from which the pose is taken."""
_NOISE_MPS2: Final = 0.02
_NOISE_RADPS: Final = 0.002
_TABLE: Final = 100_003
"""Length of the noise tables, read at 1 kHz: repeats only after 100 s."""
_BREATHS_HZ: Final = 0.25


class WaitingMotion:
    """At rest, with taps when ordered; another motion from the moment that it is let go.

    Parameters
    ----------
    seed : int
    breathes : bool
        Sways a little, as worn on a trunk.
    then : Motion, optional
        What follows :meth:`let_go`; rest goes on if not given.
    """

    def __init__(self, seed: int, *, breathes: bool = False, then: Motion | None = None) -> None:
        rng = np.random.default_rng(seed)
        self._noise = rng.normal(0.0, 1.0, (_TABLE, 6))
        self._breathes = breathes
        self._then = then
        # What waits lies as it will be lifted: a sensor that turns over is a movement.
        self._level_mps2 = np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
        self._turn_radps = np.zeros(3)
        if then is not None:
            acc, gyr = then.at(np.arange(_POSE_STEPS) / 1000.0)
            self._level_mps2, self._turn_radps = acc.mean(axis=0), gyr.mean(axis=0)
        self._now_s = 0.0
        self._taps_s: tuple[float, ...] = ()
        self._from_s = math.inf

    def tap(self) -> None:
        """Tap the sensor now."""
        self._taps_s = (*self._taps_s, self._now_s + 0.1)

    def let_go(self) -> None:
        """Begin what follows the waiting."""
        if self._from_s == math.inf:
            self._from_s = self._now_s + 0.5

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what is felt (see :class:`~lift_monitor.drivers.emulated.motion.Motion`)."""
        time_s = np.asarray(time_s, dtype=np.float64)
        if time_s.size:
            self._now_s = float(time_s[-1])
        acc, gyr = self._rest(time_s)
        if self._then is not None and math.isfinite(self._from_s):
            lifting = time_s >= self._from_s
            if lifting.any():
                acc[lifting], gyr[lifting] = self._then.at(time_s[lifting] - self._from_s)
        return acc, gyr

    def _rest(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        noise = self._noise[np.mod(np.rint(time_s * 1000.0).astype(np.int64), _TABLE)]
        acc = self._level_mps2 + noise[:, :3] * _NOISE_MPS2
        gyr = self._turn_radps + noise[:, 3:] * _NOISE_RADPS
        if self._breathes:
            sway = np.sin(2 * np.pi * _BREATHS_HZ * time_s)
            acc[:, 0] += 0.05 * sway
            gyr[:, 1] += 0.01 * sway
        for tap_s in self._taps_s:
            phase = (time_s - tap_s) / _TAP_LENGTH_S
            inside = (phase >= 0) & (phase <= 1)
            push = np.sin(np.pi * phase[inside])[:, None] * self._level_mps2
            acc[inside] += _TAP_G * push
        return acc, gyr


class EmulatedPerson:
    """A lifter with sensors on bar, thorax and pelvis.

    Parameters
    ----------
    plan : SessionPlan
        What is lifted once :meth:`lift` is called.
    seed : int
    """

    def __init__(self, plan: SessionPlan, seed: int) -> None:
        lifter = LifterMotion(plan, seed)
        self.duration_s = lifter.duration_s
        """How long the lifting takes from :meth:`lift` on."""
        self._motions = {
            Role.BAR: WaitingMotion(seed, then=_Steady(lifter)),
            Role.THORAX: WaitingMotion(seed + 1, breathes=True),
            Role.PELVIS: WaitingMotion(seed + 2, breathes=True),
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

    @staticmethod
    def names() -> dict[Role, str]:
        """What the sensors call themselves, by their place."""
        return dict(_NAMES)

    def tap(self, role: Role) -> None:
        """Tap a sensor."""
        self._motions[role].tap()

    def lift(self) -> None:
        """Begin to lift; once is enough."""
        for motion in self._motions.values():
            motion.let_go()


class _Steady:
    """The lifter's bar, with the sensor's noise going on after the end of the plan."""

    def __init__(self, lifter: LifterMotion) -> None:
        self._lifter = lifter
        self._rest = WaitingMotion(99)

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        acc, gyr = self._lifter.at(time_s)
        over = time_s > self._lifter.duration_s
        if over.any():
            acc_rest, gyr_rest = self._rest.at(time_s[over])
            acc[over] += acc_rest - [0.0, 0.0, STANDARD_GRAVITY_MPS2]
            gyr[over] += gyr_rest
        return acc, gyr
