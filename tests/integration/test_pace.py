"""What excuses a test of real time, and what does not."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.integration import pace
from tests.integration.pace import TRIES, Pace, insist, real_time
from tests.patience import until


class Machine:
    """Stands in for the clocks: every sleep is as long, and costs the process as much."""

    def __init__(self, asleep_s: float, own_s: float) -> None:
        self.asleep_s, self.own_s = asleep_s, own_s
        self.now_s = self.used_s = 0.0
        self.sleeps = 0

    def monotonic(self) -> float:
        return self.now_s

    def process_time(self) -> float:
        return self.used_s

    def sleep(self, _: float) -> None:
        time.sleep(0.001)
        self.now_s += self.asleep_s
        self.used_s += self.own_s
        self.sleeps += 1


@pytest.fixture
def on_a(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], Machine]:
    def put(asleep_s: float, own_s: float) -> Machine:
        machine = Machine(asleep_s, own_s)
        monkeypatch.setattr(pace, "time", machine)
        return machine

    return put


def some_time(machine: Machine) -> None:
    sleeps = machine.sleeps
    until(lambda: machine.sleeps > sleeps + 10, "the pace was measured")


@pytest.mark.parametrize(
    ("asleep_s", "own_s", "kept"),
    [
        (0.021, 0.0, True),
        (0.3, 0.0, False),
        (0.03, 0.005, False),  # never long, but again and again
        (0.3, 0.29, True),  # the program itself was busy
    ],
)
def test_what_the_machine_takes_is_seen_and_what_the_program_takes_is_not(
    on_a: Callable[[float, float], Machine], asleep_s: float, own_s: float, kept: bool
) -> None:
    machine = on_a(asleep_s, own_s)
    with Pace() as measured:
        some_time(machine)
    assert measured.kept is kept


def test_what_fails_at_good_pace_fails_at_once(on_a: Callable[[float, float], Machine]) -> None:
    machine = on_a(0.02, 0.0)
    tried: list[int] = []

    @real_time
    def test() -> None:
        tried.append(1)
        some_time(machine)
        pytest.fail("broken")

    with pytest.raises(pytest.fail.Exception, match="broken"):
        test()
    assert len(tried) == 1


def test_what_fails_at_bad_pace_is_tried_again_and_then_skipped(
    on_a: Callable[[float, float], Machine],
) -> None:
    machine = on_a(0.3, 0.0)
    tried: list[int] = []

    @real_time
    def test() -> None:
        tried.append(1)
        some_time(machine)
        raise AssertionError

    with pytest.raises(pytest.skip.Exception, match="did not keep pace"):
        test()
    assert len(tried) == TRIES


def test_a_machine_that_recovers_is_judged_again(on_a: Callable[[float, float], Machine]) -> None:
    machine = on_a(0.3, 0.0)

    @real_time
    def test() -> None:
        some_time(machine)
        slow, machine.asleep_s = machine.asleep_s > 0.1, 0.02
        assert not slow, "slow"
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        test()


def test_what_succeeds_counts_at_any_pace() -> None:
    slow = Pace()
    slow.longest_s = 1.0
    tried: list[int] = []
    insist((slow, lambda: tried.append(1)) for _ in range(TRIES))
    assert len(tried) == 1
