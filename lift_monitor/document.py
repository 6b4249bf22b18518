"""What ``lift-monitor analyze`` prints: the JSON document that a program may rely on."""

from __future__ import annotations

import math
from typing import Any

import lift_monitor
from lift_monitor.analysis import Analysis
from lift_monitor.events import ExerciseChanged, LiftSet, Repetition
from lift_monitor.signal.landing_dose import session_dose
from lift_monitor.technique import Landing, TrunkFlag

SCHEMA = 1
_DECIMALS = 6


def contract(analysis: Analysis) -> dict[str, Any]:
    """Return the JSON document of ``lift-monitor analyze``: finite numbers or ``None``."""
    sensors: dict[str, Any] = {}
    for facts in analysis.sensors:
        role = facts.info.role.value
        sensors[role if role not in sensors else facts.info.sensor_id] = {
            "samples": facts.stream.samples,
            "mean_rate_hz": _number(facts.stream.mean_rate_hz),
            "longest_gap_s": _number(facts.stream.longest_gap_s),
            "saturated_samples": facts.stream.saturated_samples,
            "repeated_samples": facts.stream.repeated_samples,
            "not_newer_samples": facts.stream.not_newer_samples,
            "not_finite_samples": facts.stream.not_finite_samples,
            "unreadable_packets": facts.unreadable_packets,
        }
    return {
        "schema": SCHEMA,
        "software": {"version": lift_monitor.__version__},
        "duration_s": _number(analysis.duration_s),
        "sensors": sensors,
        "sets": [_set(lift_set) for lift_set in analysis.sets],
        "landings": [_landing(landing) for landing in analysis.landings],
        "flags": [_flag(flag) for flag in sorted(analysis.flags, key=_began)],
        "trunk": _trunk(analysis),
        "exercise_changes": [_change(change) for change in analysis.exercise_changes],
        "notes": list(analysis.notes),
    }


def _set(lift_set: LiftSet) -> dict[str, Any]:
    return {
        "number": lift_set.number,
        "exercise": lift_set.exercise.value,
        "start_s": _number(lift_set.start_s),
        "end_s": _number(lift_set.end_s),
        "velocity_loss_pct": _number(lift_set.velocity_loss_pct),
        "confidence": lift_set.confidence.value,
        "reasons": list(lift_set.reasons),
        "reps": [_repetition(rep) for rep in lift_set.repetitions],
    }


def _change(change: ExerciseChanged) -> dict[str, Any]:
    return {
        "at_s": _number(change.at_s),
        "exercise": change.exercise.value,
        "load_kg": _number(change.load_kg),
        "target_reps": change.target_reps,
        "target_sets": change.target_sets,
    }


def _repetition(rep: Repetition) -> dict[str, Any]:
    return {
        "number": rep.number,
        "start_s": _number(rep.start_s),
        "end_s": _number(rep.end_s),
        "concentric_start_s": _number(rep.concentric_start_s),
        "concentric_end_s": _number(rep.concentric_end_s),
        "mean_velocity_mps": _number(rep.mean_velocity_mps),
        "mean_propulsive_velocity_mps": _number(rep.mean_propulsive_velocity_mps),
        "peak_velocity_mps": _number(rep.peak_velocity_mps),
        "rom_m": _number(rep.rom_m),
        "confidence": rep.confidence.value,
        "reasons": list(rep.reasons),
        "concentric_duration_s": _number(rep.concentric_duration_s),
        "eccentric_duration_s": _number(rep.eccentric_duration_s),
        "velocity_loss_pct": _number(rep.velocity_loss_pct),
        "mean_velocity_sd_mps": _number(rep.mean_velocity_sd_mps),
    }


def _landing(landing: Landing) -> dict[str, Any]:
    return {
        "contact_s": _number(landing.contact_s),
        "flight_s": _number(landing.flight_s),
        "peak_acc_g": _number(landing.peak_acc_g),
        "peak_grf_bw": _number(landing.peak_grf_bw),
        "grf_method": landing.grf_method,
        "clipped": landing.clipped,
        "confidence": landing.confidence.value,
        "reasons": list(landing.reasons),
        "sensor": landing.sensor.value,
        "peak_acc_20hz_g": _number(landing.peak_acc_20hz_g),
        "peak_grf_n": _number(landing.peak_grf_n),
        "second_grf_bw": _number(landing.second_grf_bw),
        "second_grf_method": landing.second_method,
        "difference_bw": _number(landing.difference_bw),
        "loading_rate_bw_per_s": _number(landing.loading_rate_bw_per_s),
    }


def _began(flag: TrunkFlag) -> tuple[float, str]:
    return flag.start_s, flag.severity.value


def _flag(flag: TrunkFlag) -> dict[str, Any]:
    return {
        "kind": flag.kind.value,
        "severity": flag.severity.value,
        "start_s": _number(flag.start_s),
        "end_s": _number(flag.end_s),
        "peak": _number(flag.peak),
        "unit": flag.unit,
        "under_load": flag.under_load,
        "confidence": flag.confidence.value,
        "limit": _number(flag.limit),
        "raised_s": _number(flag.raised_s),
    }


def _trunk(analysis: Analysis) -> dict[str, Any]:
    made = analysis.calibration
    return {
        "sensors": [role.value for role in analysis.trunk_steps],
        "calibration": None
        if made is None
        else {
            "at_s": _number(made.at_s),
            "sensors": [role.value for role in made.roles],
            "method": made.method,
            "confidence": made.confidence.value,
            "reasons": list(made.reasons),
        },
        "landing_dose": _dose(analysis.landings),
    }


def _dose(landings: tuple[Landing, ...]) -> dict[str, Any] | None:
    if not landings:
        return None
    dose = session_dose(
        [landing.peak_grf_bw for landing in landings],
        clipped=any(landing.clipped for landing in landings),
    )
    return {
        "count": dose.count,
        "mean_bw": _number(dose.mean_bw),
        "hardest_bw": _number(dose.hardest_bw),
        "osteogenic_index": _number(dose.osteogenic_index),
        "at_least": dose.at_least,
    }


def _number(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS)
