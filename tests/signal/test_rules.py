"""What the gym does to a bar that is no repetition, and that each rule is needed for it.

Every scene is a set of lifts and one movement more that a rule keeps out. The same scene is
read again with that rule switched off: the movement must then get in, or the rule does nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from lift_monitor.events import Exercise
from lift_monitor.signal import rules
from lift_monitor.signal.exercises import PROFILES, ExerciseProfile
from lift_monitor.signal.rules import Judge, Verdict, typical_rise
from lift_monitor.signal.smoother import Motion
from lift_monitor.signal.swings import Swing, find_swings
from lift_monitor.units import BoolArray
from tests.signal.streams import Move, lifts, steady, true_motion

DT = 0.01
DEADLIFT = PROFILES[Exercise.DEADLIFT]
SQUAT = PROFILES[Exercise.BACK_SQUAT]
PRESS = PROFILES[Exercise.OVERHEAD_PRESS]
ROW = PROFILES[Exercise.BENT_OVER_ROW]


@dataclass(frozen=True, slots=True)
class Scene:
    """A set and the movement that is none of it; ``at_s`` lies within that movement."""

    profile: ExerciseProfile
    moves: list[Move]
    reps: int
    at_s: float
    rests: tuple[tuple[float, float], ...] = ()


def after(moves: list[Move], *changes: tuple[float, float], pause_s: float = 0.4) -> list[Move]:
    """The moves and then changes of (length, rise) one after the other."""
    out = list(moves)
    for length, rise in changes:
        out.append(Move(out[-1].end_s + pause_s, length, rise))
    return out


FIVE = lifts(3.0, 5)
END_S = FIVE[-1].end_s
SCENES = {
    "a failed attempt": (
        Scene(DEADLIFT, after(FIVE, (0.9, 0.22), (0.9, -0.22)), 5, END_S + 0.9),
        {"MIN_SHARE_OF_SET": 0.0},
    ),
    "plates that bounce": (
        Scene(DEADLIFT, after(FIVE, (0.35, 0.17), (0.35, -0.17), pause_s=0.0), 5, END_S + 0.2),
        {"MIN_SHARE_OF_SET": 0.0},
    ),
    "the clean to the shoulders": (
        Scene(PRESS, [Move(1.0, 1.2, 0.9), Move(2.3, 0.6, -0.14), *lifts(3.5, 5)], 5, 1.6),
        {"MAX_SHARE_OF_SET": np.inf, "MIN_SHARED_BAND": -np.inf},
    ),
    "setting down, and the bounce after it": (
        Scene(
            PRESS,
            after(lifts(3.0, 5), (0.9, -1.1), (0.7, 0.32), (0.7, -0.32), pause_s=0.1),
            5,
            END_S + 0.1 + 0.9 + 0.1 + 0.35,
        ),
        {"SET_DOWN_SHARE": np.inf, "MIN_SHARED_BAND": -np.inf},
    ),
    "lifting out of the rack, with no lowering before": (
        Scene(SQUAT, [Move(1.0, 1.0, 0.4), *lifts(3.5, 5, down_first=True)], 5, 1.5),
        {"MIN_ECCENTRIC_SHARE": -1.0},
    ),
    "lifting the bar as far as a repetition, but from the floor to the shoulders": (
        Scene(PRESS, [Move(1.0, 1.2, 0.5), Move(2.3, 0.6, -0.1), *lifts(3.5, 5)], 5, 1.5),
        {"MIN_SHARED_BAND": -np.inf},
    ),
    "lifting the bar from the floor to where it is rowed": (
        Scene(
            ROW,
            [Move(3.0, 1.2, 0.7), *lifts(4.8, 5, down_first=True)],
            5,
            3.5,
            rests=((0.5, 3.1),),
        ),
        {"LIFTED_SHARE": np.inf},
    ),
    "throwing the bar after the last repetition": (
        Scene(DEADLIFT, after(FIVE, (0.4, 0.55), (0.4, -0.55)), 5, END_S + 0.6),
        {"MAX_SPEED_OF_SET": np.inf},
    ),
    "tearing the bar up before the first repetition": (
        Scene(DEADLIFT, [Move(1.0, 0.4, 0.55), Move(1.6, 0.4, -0.55), *lifts(3.0, 5)], 5, 1.2),
        {"MAX_SPEED_OF_SET": np.inf},
    ),
}


def judge(
    swings: list[Swing],
    motion: Motion,
    profile: ExerciseProfile = DEADLIFT,
    at_rest: BoolArray | None = None,
    *,
    from_start: bool = False,
) -> Verdict:
    rest = np.zeros(motion.height_m.shape[0], bool) if at_rest is None else at_rest
    return Judge(motion, rest, DT, profile, from_start).judge(swings)


def verdict(scene: Scene, *, from_start: bool = False) -> Verdict:
    time = steady(scene.moves[-1].end_s + 3.0)
    height, velocity, _ = true_motion(time, scene.moves)
    motion = Motion(velocity, height, DT)
    swings = find_swings(motion, 0.6 * scene.profile.min_rom_m, np.full(time.size, DT))
    rest = np.zeros(time.size, bool)
    for start_s, end_s in scene.rests:
        rest |= (time > start_s) & (time < end_s)
    return judge(swings, motion, scene.profile, rest, from_start=from_start)


def read(scene: Scene, *, from_start: bool = False) -> list[tuple[float, float]]:
    """Bottom and top times of what counts."""
    kept = verdict(scene, from_start=from_start).kept
    return [(s.bottom * DT, s.top * DT) for s in kept]


@pytest.mark.parametrize("name", SCENES)
def test_only_the_repetitions_count(name: str) -> None:
    scene, _ = SCENES[name]
    found = read(scene)
    assert len(found) == scene.reps
    assert not any(bottom < scene.at_s < top for bottom, top in found)


@pytest.mark.parametrize("name", SCENES)
def test_without_its_rule_the_other_movement_would_count(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, switched_off = SCENES[name]
    for rule, value in switched_off.items():
        monkeypatch.setattr(rules, rule, value)
    found = read(scene)
    assert len(found) == scene.reps + 1
    assert any(bottom < scene.at_s < top for bottom, top in found)


BOUNDS: dict[str, tuple[Move, dict[str, float]]] = {
    "too short a way": (Move(4.0, 0.8, 0.12), {"min_rom_m": 0.1}),
    "too long a way": (Move(4.0, 1.5, 1.2), {"max_rom_m": 2.0}),
    "a jerk": (Move(4.0, 0.2, 0.3), {"min_concentric_s": 0.05}),
    "lifting for too long": (Move(4.0, 14.0, 0.6), {"max_concentric_s": 20.0}),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_the_bounds_of_the_exercise_keep_out_and_are_needed(name: str) -> None:
    move, widened = BOUNDS[name]
    moves = after([move], (1.0, -move.rise_m))
    assert read(Scene(DEADLIFT, moves, 0, 4.1)) == []
    wide = dataclasses.replace(DEADLIFT, **widened)  # type: ignore[arg-type]
    assert len(read(Scene(wide, moves, 1, 4.1))) == 1


def test_every_repetition_of_a_plain_set_counts_for_every_exercise() -> None:
    for profile in PROFILES.values():
        moves = lifts(3.0, 6, range_m=0.4, down_first=profile.eccentric_first)
        assert len(read(Scene(profile, moves, 6, 0.0))) == 6


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_a_set_may_be_of_any_length(count: int) -> None:
    assert len(read(Scene(DEADLIFT, lifts(3.0, count), count, 0.0))) == count


def test_a_lifter_who_tires_keeps_his_slow_last_repetitions() -> None:
    moves: list[Move] = [Move(2.0, 0.8, 0.5)]
    for up_s in (0.9, 1.1, 1.5, 2.2, 3.5):
        moves = after(moves, (1.2, -0.5), (up_s, 0.5))
    moves = after(moves, (1.2, -0.5))
    assert len(read(Scene(DEADLIFT, moves, 6, 0.0))) == 6


def swing(rise_m: float, unseen_m: float = 0.0) -> Swing:
    return Swing(
        bottom=0, top=100, rise_m=rise_m, peak_velocity_mps=1.0, drop_before_m=0.5,
        drop_after_m=0.5, drop_before_peak_mps=0.5, top_before=0, bottom_after=200,
        finished=True, unseen_m=unseen_m,
    )  # fmt: skip


def test_a_hole_relaxes_the_least_range_by_what_it_can_hide() -> None:
    time = steady(3.0)
    height, velocity, _ = true_motion(time, [Move(0.0, 1.0, 0.12), Move(1.1, 1.0, -0.12)])
    motion = Motion(velocity, height, DT)
    assert judge([swing(0.12)], motion).kept == ()
    assert len(judge([swing(0.12, unseen_m=0.05)], motion).kept) == 1
    torn = dataclasses.replace(swing(0.12, unseen_m=0.05), finished=False)
    assert judge([torn], motion).kept == ()


def test_a_lowering_from_before_the_recording_is_not_asked_for() -> None:
    """The first squat is under way when the stream begins: its lowering was never seen."""
    under_way = [Move(1.0, 1.0, 0.5), *lifts(2.6, 4, down_first=True)]
    scene = Scene(SQUAT, under_way, 5, 0.0)
    assert len(read(scene, from_start=True)) == 5
    assert len(read(scene, from_start=False)) == 4


def test_a_bar_that_lay_still_after_its_lowering_was_put_down() -> None:
    """Standing up with the bar from the floor begins no squat, though it was lowered before."""
    moves = [Move(4.0, 1.0, -0.5), Move(9.0, 1.0, 0.5), *lifts(11.0, 4, down_first=True)]
    assert len(read(Scene(SQUAT, moves, 5, 0.0))) == 5
    assert len(read(Scene(SQUAT, moves, 4, 0.0, rests=((5.5, 8.8),)))) == 4


def test_what_is_handling_is_told_apart_from_what_is_nothing() -> None:
    thrown, _ = SCENES["throwing the bar after the last repetition"]
    failed, _ = SCENES["a failed attempt"]
    assert len(verdict(thrown).handling) == 1
    assert verdict(failed).handling == ()


def test_the_typical_range_is_not_moved_by_small_handling() -> None:
    lifted = [swing(r) for r in (0.5, 0.52, 0.48, 0.5)]
    assert typical_rise([*lifted, swing(0.16), swing(0.17)]) == pytest.approx(0.5, abs=0.02)
    assert typical_rise([swing(0.3)]) == 0.3


def test_nothing_gives_nothing() -> None:
    still = Motion(np.zeros(10), np.zeros(10), DT)
    assert judge([], still) == Verdict((), ())
