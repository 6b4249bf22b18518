"""Streams of a trunk sensor with landings made from formulas, so that the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.landing_contact import DROPS, LandingRules
from lift_monitor.signal.landing_detector import LandingDetector
from lift_monitor.technique import Landing
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray


@dataclass(frozen=True, slots=True)
class Drop:
    """A flight of ``flight_s`` that ends at ``contact_s`` in half a sine wave."""

    contact_s: float
    flight_s: float = 0.3
    peak_g: float = 4.0
    width_s: float = 0.1
    sway_g: float = 0.15
    """What a sensor away from the centre of mass feels of the turning trunk in flight."""


def weight_g(time_s: FloatArray, drops: list[Drop]) -> FloatArray:
    """Specific force along the vertical, in g."""
    weight = np.ones_like(time_s)
    for drop in drops:
        since = time_s - drop.contact_s
        flying = (since >= -drop.flight_s) & (since < 0.0)
        weight[flying] = drop.sway_g * np.sin(12.0 * since[flying])
        hit = (since >= 0.0) & (since < drop.width_s)
        weight[hit] = np.maximum(
            drop.peak_g * np.sin(np.pi * since[hit] / drop.width_s),
            np.where(since[hit] > 0.5 * drop.width_s, 1.0, 0.0),
        )
    return weight


def trunk_sensor(
    time_s: FloatArray, weight: FloatArray, *, seed: int = 0, noise_g: float = 0.02
) -> ImuChunk:
    """What a sensor stuck on at any angle within 45° measures."""
    rng = np.random.default_rng(seed)
    axis = rng.normal(size=3)
    angle = np.radians(rng.uniform(0.0, 45.0))
    up = Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).apply([0.0, 0.0, 1.0])
    acc = weight[:, None] * up + rng.normal(0.0, noise_g, (time_s.shape[0], 3))
    gyr = rng.normal(0.0, 0.01, (time_s.shape[0], 3))
    return ImuChunk.build(time_s, acc * STANDARD_GRAVITY_MPS2, gyr)


def landings_of(
    parts: list[ImuChunk],
    *,
    role: Role = Role.PELVIS,
    body_mass_kg: float | None = 65.0,
    acc_range_mps2: float | None = None,
    rules: LandingRules = DROPS,
) -> list[Landing]:
    """All landings of a stream given in parts."""
    detector = LandingDetector(
        role, body_mass_kg=body_mass_kg, acc_range_mps2=acc_range_mps2, rules=rules
    )
    return [landing for part in parts for landing in detector.feed(part)] + detector.finish()
