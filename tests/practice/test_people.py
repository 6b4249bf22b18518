from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from lift_monitor.events import Exercise
from lift_monitor.practice.body import Body
from lift_monitor.practice.gifts import LIFTS, Gift
from lift_monitor.practice.lifting import LANDING_BW, flags_of, landings_of, measured_set
from lift_monitor.practice.people import PEOPLE
from lift_monitor.programme.clearance import Answer
from lift_monitor.technique import Severity

DAY = date(2026, 1, 5)
AVERAGE = Gift(60.0, 50.0, 20.0)


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_there_are_twenty_who_are_all_different() -> None:
    assert [person.number for person in PEOPLE] == list(range(1, 21))
    assert len({person.pseudonym for person in PEOPLE}) == 20
    assert len({person.story for person in PEOPLE}) == 20


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.pseudonym)
def test_a_pseudonym_is_a_bird_with_a_number_and_nothing_is_left_unasked(person) -> None:  # type: ignore[no-untyped-def]
    bird, number = person.pseudonym.split()
    assert bird.isalpha()
    assert number.isdigit()
    assessment = person.assessment(DAY)
    for field in ("vertebral_fracture", "malignancy", "recent_fracture", "can_hip_hinge"):
        assert getattr(assessment, field) is not Answer.UNKNOWN


def test_somebody_has_each_mishap() -> None:
    kinds = {type(mishap).__name__ for person in PEOPLE for mishap in person.mishaps}
    assert kinds == {
        "Away", "Weak", "Pain", "SuddenBackPain", "DeadSensor", "Doubtful", "Unwatched", "Careless",
    }  # fmt: skip


@pytest.mark.parametrize("lift", LIFTS)
def test_training_makes_stronger_up_to_the_gift(lift: Exercise) -> None:
    body = Body(AVERAGE)
    seen = [body.maximum_kg(lift)]
    for _ in range(300):
        body.came({lift})
        seen.append(body.maximum_kg(lift))
    assert all(later > earlier for earlier, later in pairwise(seen))
    assert seen[0] == AVERAGE.maximum_kg(lift)
    assert seen[-1] == pytest.approx(AVERAGE.maximum_kg(lift) * (1.0 + AVERAGE.gain), rel=1e-3)


def test_weeks_away_make_weaker_two_missed_sessions_do_not() -> None:
    body = Body(AVERAGE)
    for _ in range(30):
        body.came({Exercise.DEADLIFT})
    trained = body.maximum_kg(Exercise.DEADLIFT)
    body.missed()
    body.missed()
    assert body.maximum_kg(Exercise.DEADLIFT) == trained
    for _ in range(6):
        body.missed()
    assert body.maximum_kg(Exercise.DEADLIFT) < trained


def test_a_heavier_bar_is_slower_harder_and_gives_fewer_repetitions() -> None:
    body = Body(AVERAGE)
    efforts = [
        body.lift(Exercise.DEADLIFT, kg, 10, 60.0, generator()) for kg in (20.0, 45.0, 51.0, 59.0)
    ]
    fastest = [max(effort.velocities_mps) for effort in efforts]
    assert fastest == sorted(fastest, reverse=True)
    assert [effort.repetitions for effort in efforts] == [10, 10, 6, 1]
    assert [effort.to_failure for effort in efforts] == [False, False, True, True]
    told = [body.rpe(effort, generator()) for effort in efforts]
    assert told == sorted(told, key=lambda rpe: rpe or 0)
    assert told[-1] in (19, 20)


def test_what_is_too_heavy_does_not_go_up_at_all() -> None:
    body = Body(AVERAGE)
    effort = body.lift(Exercise.OVERHEAD_PRESS, 30.0, 5, 20.0, generator())
    assert effort.repetitions == 0
    assert effort.to_failure
    assert effort.velocities_mps == ()


def test_who_does_not_say_how_hard_it_was_says_nothing() -> None:
    body = Body(Gift(60.0, 50.0, 20.0, tells_rpe=False))
    effort = body.lift(Exercise.DEADLIFT, 48.0, 5, 60.0, generator())
    assert body.rpe(effort, generator()) is None


def test_strain_and_clumsiness_bring_more_red_flags() -> None:
    def reds(gift: Gift, load_kg: float, practised: int) -> int:
        body = Body(gift, practised={Exercise.DEADLIFT: practised})
        rng = generator()
        efforts = (body.lift(Exercise.DEADLIFT, load_kg, 5, 60.0, rng) for _ in range(600))
        return sum(len(effort.red) for effort in efforts)

    clumsy = Gift(60.0, 50.0, 20.0, red_chance=0.02)
    assert reds(AVERAGE, 30.0, 50) < reds(AVERAGE, 52.0, 50)
    assert reds(AVERAGE, 30.0, 50) < reds(AVERAGE, 30.0, 0)
    assert reds(AVERAGE, 30.0, 50) < reds(clumsy, 30.0, 50)


def test_a_measured_set_holds_together() -> None:
    body = Body(Gift(60.0, 50.0, 20.0, red_chance=0.3))
    rng = generator(3)
    effort = body.lift(Exercise.BACK_SQUAT, 42.0, 5, 50.0, rng)
    measured = measured_set(Exercise.BACK_SQUAT, 2, 100.0, effort, rng)
    assert len(measured.repetitions) == effort.repetitions
    assert measured.repetitions[0].start_s == 100.0
    for repetition in measured.repetitions:
        assert repetition.start_s <= repetition.eccentric_start_s < repetition.eccentric_end_s
        assert repetition.eccentric_end_s <= repetition.concentric_start_s
        assert repetition.concentric_end_s <= repetition.end_s + 1e-9
        assert repetition.mean_velocity_mps * repetition.concentric_duration_s == pytest.approx(
            repetition.rom_m
        )
        assert repetition.velocity_loss_pct >= 0.0
    assert measured.velocity_loss_pct == measured.repetitions[-1].velocity_loss_pct
    for one, other in pairwise(measured.repetitions):
        assert one.end_s < other.start_s


def test_flags_lie_within_the_repetitions_that_were_at_fault() -> None:
    body = Body(Gift(60.0, 50.0, 20.0, red_chance=0.2))
    rng = generator(5)
    effort = body.lift(Exercise.DEADLIFT, 48.0, 5, 60.0, rng)
    measured = measured_set(Exercise.DEADLIFT, 1, 0.0, effort, rng)
    flags = flags_of(measured, effort, rng)
    assert effort.red
    red = [flag for flag in flags if flag.severity is Severity.RED]
    assert len(red) == len(effort.red)
    for flag, number in zip(red, effort.red, strict=True):
        repetition = measured.repetitions[number - 1]
        assert repetition.start_s <= flag.start_s
        assert flag.end_s is not None
        assert flag.end_s <= repetition.end_s
        assert flag.peak > flag.limit


@pytest.mark.parametrize("movement", LANDING_BW)
def test_landings_are_of_the_order_that_is_expected(movement: Exercise) -> None:
    landings = landings_of(movement, 200, 0.0, 0.0, 63.0, generator())
    mean = sum(landing.peak_grf_bw for landing in landings) / len(landings)
    assert mean == pytest.approx(LANDING_BW[movement], abs=0.1)
    assert all(b.contact_s - a.contact_s > 5.0 for a, b in pairwise(landings))


def test_the_same_seed_gives_the_same_set() -> None:
    body = Body(AVERAGE)
    one, other = (body.lift(Exercise.DEADLIFT, 50.0, 5, 60.0, generator(9)) for _ in range(2))
    assert one == other
