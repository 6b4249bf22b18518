"""Scenes of the trunk: angles, flags, slips, lost sensors, landings. The numbers are invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lift_monitor.events import Confidence, Event, Exercise, Phase, PhaseChanged
from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.spine import SpineBlock, Withheld
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.station import SensorStatus, StationConfig, StationUpdate
from lift_monitor.technique import (
    FlagEnded,
    FlagKind,
    FlagRaised,
    Landing,
    LandingDetected,
    Load,
    LoadChanged,
    SensorSlipped,
    Severity,
    TrunkCalibrated,
    TrunkFlag,
)
from tests.ui import scenes

BOTH = (Role.THORAX, Role.PELVIS)
CHIN_UP = StationConfig(
    exercise=Exercise.JUMPING_CHIN_UP,
    alias="Heron 14",
    target_reps=5,
    target_sets=5,
    body_mass_kg=65.0,
)
SLIP = "The pelvis sensor came loose: its angles are withdrawn. Fix it and calibrate again."
DOUBT = "The two stands differ by 8°; stand as you did before and calibrate again."


def spine(
    end_s: float = 110.9,
    *,
    peak_deg: float = 7.0,
    seconds: float = 11.0,
    roles: tuple[Role, ...] = BOTH,
    low: bool = False,
    withheld_from_s: float | None = None,
    mark: Withheld = Withheld.SLIPPED,
) -> SpineBlock:
    """Hinges of :data:`scenes.REP_S` each; the one that begins now rounds to ``peak_deg``."""
    times = np.round(np.arange(end_s - seconds, end_s, 0.01), 2)
    phase = np.mod(times - 100.0, scenes.REP_S) / scenes.REP_S
    # Deepest as the bar leaves the floor, upright when it is highest.
    bend = np.clip(0.5 + 0.5 * np.cos(2.0 * np.pi * (phase - 0.98)), 0.0, 1.0)
    since = times - (end_s - 1.1)
    now = peak_deg * np.sin(np.pi * since / 1.6) ** 2
    flexion = np.where(since > 0.0, np.maximum(now, 7.0 * bend), 7.0 * bend)
    flexion = flexion + 0.6 * np.sin(1.7 * times)
    pelvis = 8.0 + 42.0 * bend
    nan, n = np.full(times.size, np.nan), times.size
    up = np.tile([0.0, 0.0, 1.0], (n, 1))
    none = np.full((n, 3), np.nan)
    two = len(roles) == 2
    thorax = pelvis + flexion if Role.THORAX in roles else nan
    block = SpineBlock(
        time_s=times,
        lumbar_flexion_deg=flexion if two else nan,
        side_bend_deg=nan,
        trunk_lean_deg=thorax if Role.THORAX in roles else pelvis,
        thorax_tilt_deg=thorax,
        pelvis_tilt_deg=pelvis if Role.PELVIS in roles else nan,
        axial_rate_dps=12.0 * np.sin(1.85 * times) if two else nan,
        up_thorax=up if Role.THORAX in roles else none,
        up_pelvis=up if Role.PELVIS in roles else none,
        withheld=np.zeros(n, np.uint16),
        quality=np.zeros(n, np.uint16),
        low=np.full(n, low or not two),
    )
    if withheld_from_s is None:
        return block
    gone = times >= withheld_from_s
    marks = np.where(gone, np.uint16(mark), np.uint16(0)).astype(np.uint16)
    hidden = {
        name: np.where(gone, np.nan, getattr(block, name))
        for name in ("lumbar_flexion_deg", "trunk_lean_deg", "pelvis_tilt_deg", "axial_rate_dps")
    }
    return replace(block, withheld=marks, **hidden)


def calibrated(
    roles: tuple[Role, ...] = BOTH,
    confidence: Confidence = Confidence.HIGH,
    reasons: tuple[str, ...] = (),
) -> TrunkCalibrated:
    """After the guided minute."""
    return TrunkCalibrated(5.0, roles, "hinge", confidence, reasons)


def flag(
    peak: float = 14.0,
    severity: Severity = Severity.AMBER,
    *,
    start_s: float = 110.3,
    end_s: float | None = None,
    kind: FlagKind = FlagKind.LUMBAR_FLEXION,
    **fields: Any,
) -> TrunkFlag:
    """A flag of the rule's own limits."""
    limits = {
        FlagKind.LUMBAR_FLEXION: (10.0, 20.0, "deg"),
        FlagKind.TRUNK_LEAN: (60.0, 75.0, "deg"),
        FlagKind.TWIST: (40.0, 80.0, "deg/s"),
    }[kind]
    limit = limits[1] if severity is Severity.RED else limits[0]
    found = TrunkFlag(
        kind, severity, start_s, start_s + 0.3, end_s, peak, limit, limits[2], True, Confidence.HIGH
    )
    return replace(found, **fields)


def raised(found: TrunkFlag) -> FlagRaised:
    """Told when it was raised."""
    return FlagRaised(found.raised_s, found)


def ended(found: TrunkFlag, end_s: float) -> FlagEnded:
    """Told when its value was back."""
    return FlagEnded(end_s, replace(found, end_s=end_s))


def landing(
    contact_s: float,
    bw: float,
    *,
    apart: float | None = 0.3,
    clipped: bool = False,
    low: bool = False,
    reasons: tuple[str, ...] = (),
) -> LandingDetected:
    """One landing; the second estimate is lower."""
    return LandingDetected(
        contact_s + 0.4,
        Landing(
            at_s=contact_s + 0.4,
            sensor=Role.PELVIS,
            contact_s=contact_s,
            flight_s=0.31,
            peak_acc_g=bw * 1.5,
            peak_acc_20hz_g=bw * 1.3,
            peak_grf_bw=bw,
            peak_grf_n=bw * 65.0 * 9.81,
            grf_method="newton_pelvis_10hz",
            second_grf_bw=None if apart is None else bw - apart,
            second_method=None if apart is None else "regression_back_resultant",
            difference_bw=apart,
            loading_rate_bw_per_s=60.0,
            clipped=clipped,
            confidence=Confidence.LOW if low else Confidence.HIGH,
            reasons=reasons,
        ),
    )


def sensors(*roles: Role, **lost: Any) -> tuple[SensorStatus, ...]:
    """The sensors of these places, all well; ``lost`` changes the last one."""
    well = [
        replace(s, battery_pct=71.0, loss_pct=0.1, rssi_dbm=-66.0)
        for s in scenes.three_sensors()
        if s.role in roles
    ]
    if lost:
        well[-1] = replace(well[-1], **lost)
    return tuple(well)


READY = (calibrated(), LoadChanged(99.9, Load.LOADED, 99.6))


def lifting(
    *events: Event,
    block: SpineBlock | None = None,
    ready: tuple[Event, ...] = READY,
    bar: bool = True,
    **fields: Any,
) -> list[StationUpdate]:
    """In the middle of the third set with sensors on bar, thorax and pelvis.

    Angles first, then what was made of them, as they come in a session.
    """
    angles = spine() if block is None else block
    lifted: list[Event] = []
    if bar:
        lifted = [*scenes._earlier(), *scenes._current(scenes.MEANS), PhaseChanged(110.4, Phase.UP)]
    told = sorted([*lifted, *events], key=lambda event: event.at_s)
    return [
        PipelineOutput(ready),
        PipelineOutput((), scenes.trace(110.9) if bar else TraceBlock.empty(), angles),
        PipelineOutput(tuple(told)),
        scenes.status(110.9, **{"sensors": sensors(Role.BAR, *BOTH), **fields}),
    ]


def trunk_scene(name: str) -> tuple[list[StationUpdate], StationConfig]:
    """Updates and configuration of a scene by name, one of :data:`scenes.TRUNK_SCENES`."""
    config = scenes.CONFIG
    amber = flag(13.0, start_s=103.6, end_s=104.4)
    earlier = (raised(replace(amber, end_s=None)), ended(amber, 104.4))
    red = flag(24.3, Severity.RED, start_s=110.5)
    if name == "spine_good":
        return lifting(), config
    if name == "spine_amber":
        return lifting(*earlier, raised(flag(14.2)), block=spine(peak_deg=14.0)), config
    if name == "spine_red":
        events = (*earlier, raised(flag(14.2)), raised(red))
        return lifting(*events, block=spine(peak_deg=25.0)), config
    if name == "spine_low":
        doubt = calibrated(confidence=Confidence.LOW, reasons=(DOUBT,))
        doubtful = replace(flag(14.2), confidence=Confidence.LOW)
        block = spine(peak_deg=14.0, low=True)
        return lifting(raised(doubtful), block=block, ready=(doubt, READY[1])), config
    if name == "spine_one":
        one = (Role.THORAX,)
        why = ("One sensor cannot tell a hip hinge from a bent spine.",)
        ready = (calibrated(one, Confidence.LOW, why), READY[1])
        block = spine(peak_deg=12.0, roles=one)
        return lifting(block=block, ready=ready, sensors=sensors(Role.BAR, Role.THORAX)), config
    if name == "spine_not_calibrated":
        return lifting(block=SpineBlock.empty(), ready=READY[1:]), config
    if name == "spine_slipped":
        slip = SensorSlipped(109.2, Role.PELVIS, True, SLIP)
        return lifting(slip, block=spine(withheld_from_s=109.2)), config
    if name == "spine_lost":
        text = "The link to Movella DOT …77B2 broke; it is being made again, bring it nearer."
        gone = sensors(Role.BAR, *BOTH, state="lost", link="lost", age_s=0.4, text=text)
        return lifting(sensors=gone), config
    if name == "spine_hand":
        return lifting(ready=READY[:1], bar=False, sensors=sensors(*BOTH)), config
    if name == "strip":
        hops = [landing(60.0 + 2 * i, 3.1 + 0.2 * i) for i in range(3)]
        return lifting(*earlier, *hops), config
    forces = (2.6, 3.2, 3.5, 3.9, 3.3, 4.4)
    if name in ("landings", "landings_none", "landings_low"):
        found: list[Event] = [landing(90.0 + 3 * i, f) for i, f in enumerate(forces)]
        if name == "landings_none":
            found = []
        if name == "landings_low":
            cut = "An axis reached the end of its range: the true peak is higher."
            found = [
                *found[:3],
                landing(102.0, 3.4, apart=None, low=True, reasons=("Only one estimate.",)),
                landing(105.0, 4.6, clipped=True, low=True, apart=1.2, reasons=(cut,)),
            ]
        block = spine(peak_deg=5.0)
        status = scenes.status(108.5, sensors=sensors(*BOTH))
        return [PipelineOutput((calibrated(), *found), spine=block), status], CHIN_UP
    raise KeyError(name)
