"""Outcomes: what is measured, in which unit, within which range, and with which error."""

from __future__ import annotations

import enum


class Measure(enum.StrEnum):
    """Outcomes that are followed."""

    BMD_SPINE = "bmd_spine"
    BMD_FEMORAL_NECK = "bmd_femoral_neck"
    BMD_HIP = "bmd_hip"
    T_SPINE = "t_spine"
    T_FEMORAL_NECK = "t_femoral_neck"
    T_HIP = "t_hip"
    HEIGHT = "height"
    KYPHOSIS_RELAXED = "kyphosis_relaxed"
    KYPHOSIS_TALL = "kyphosis_tall"
    BACK_EXTENSOR = "back_extensor"
    LEG_EXTENSOR = "leg_extensor"
    TIMED_UP_AND_GO = "timed_up_and_go"
    SIT_TO_STAND = "sit_to_stand"
    FUNCTIONAL_REACH = "functional_reach"
    FALLS = "falls"
    FRACTURES = "fractures"
