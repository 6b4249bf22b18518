import math
from collections.abc import Iterator

import pytest

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.playback import Playback
from lift_monitor.drivers.source import MemorySource
from lift_monitor.samples import Role, SensorInfo

SENSOR = SensorInfo("bar", Role.BAR, "float-rows")
PLENTY = 1000


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def playback(wall: Wall, *, count: int = 101, first_s: float = 0.0) -> Playback:
    packets = [
        Packet("bar", "imu", round((first_s + 0.1 * k) * 1e9), bytes([k])) for k in range(count)
    ]
    return Playback(MemorySource([SENSOR], packets), monotonic=wall)


def numbers(packets: list[Packet]) -> list[int]:
    return [packet.payload[0] for packet in packets]


def test_it_starts_paused_and_gives_nothing() -> None:
    wall = Wall()
    player = playback(wall)
    wall.now_s += 5
    assert player.due(PLENTY) == []
    assert not player.playing
    assert player.wait_s() is None


@pytest.mark.parametrize("speed", [0.1, 1.0, 8.0])
def test_packets_come_when_their_time_has_come(speed: float) -> None:
    wall = Wall()
    player = playback(wall)
    player.set_speed(speed)
    player.play()
    assert numbers(player.due(PLENTY)) == [0]
    assert player.wait_s() == pytest.approx(0.1 / speed)
    come = []
    for _ in range(10):
        wall.now_s += 0.025 / speed
        come += numbers(player.due(PLENTY))
    assert come == [1, 2]
    assert player.position_s == pytest.approx(0.25)
    assert player.due(PLENTY) == []


def test_as_fast_as_possible_waits_for_nothing() -> None:
    player = playback(Wall())
    player.set_speed(math.inf)
    player.play()
    assert player.wait_s() == 0.0
    assert numbers(player.due(60)) == list(range(60))
    assert player.position_s == pytest.approx(5.9)
    assert numbers(player.due(60)) == list(range(60, 101))
    assert player.ended
    assert not player.playing
    assert player.position_s == pytest.approx(10.0)


def test_a_pause_costs_no_packet() -> None:
    wall = Wall()
    player = playback(wall)
    player.play()
    wall.now_s += 0.25
    player.pause()
    wall.now_s += 100
    player.play()
    assert numbers(player.due(PLENTY)) == [0, 1, 2]
    wall.now_s += 0.06
    assert numbers(player.due(PLENTY)) == [3]


def test_changing_the_speed_keeps_the_position() -> None:
    wall = Wall()
    player = playback(wall)
    player.play()
    wall.now_s += 0.4
    player.set_speed(2.0)
    assert player.position_s == pytest.approx(0.4)
    wall.now_s += 0.3
    player.due(PLENTY)
    assert player.position_s == pytest.approx(1.0)


def test_a_suspended_computer_does_not_skip_the_session() -> None:
    wall = Wall()
    player = playback(wall)
    player.play()
    wall.now_s += 3600
    player.due(PLENTY)
    assert player.position_s < 1.0
    assert not player.ended


def test_until_ignores_the_clock_and_says_when_it_arrived() -> None:
    player = playback(Wall())
    assert numbers(player.until(2.05, 10)) == list(range(10))
    assert not player.reached(2.05)
    assert numbers(player.until(2.05, PLENTY)) == list(range(10, 21))
    assert player.reached(2.05)
    assert player.position_s == 2.05


def test_rewind_starts_over() -> None:
    wall = Wall()
    player = playback(wall, first_s=3.0)
    player.until(1e9, PLENTY)
    assert player.ended
    player.rewind()
    assert player.position_s == 3.0
    player.play()
    assert numbers(player.due(PLENTY)) == [0]


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.05, 9.0, math.nan])
def test_other_speeds_are_refused(speed: float) -> None:
    player = playback(Wall())
    with pytest.raises(ValueError, match=r"choose 0.1 to 8, or infinite"):
        player.set_speed(speed)


def test_no_packets_are_an_end() -> None:
    player = playback(Wall(), count=0)
    player.play()
    assert player.ended
    assert not player.playing
    assert player.due(PLENTY) == []


def test_a_source_is_let_go_when_it_is_left() -> None:
    held: list[str] = []

    class Holding(MemorySource):
        def packets(self) -> Iterator[Packet]:
            held.append("file")
            try:
                yield from super().packets()
            finally:
                held.pop()

    packets = [Packet("bar", "imu", k, b"") for k in range(5)]
    player = Playback(Holding([SENSOR], packets))
    player.rewind()
    assert held == ["file"]
    player.close()
    assert held == []
