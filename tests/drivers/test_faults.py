"""Faults of emulated sensors: each does what it says, to data only, the same for a seed."""

import asyncio
import json
from collections import Counter
from typing import Any, ClassVar

import pytest

from lift_monitor.drivers.ble.families import open_imu
from lift_monitor.drivers.ble.family import Wish
from lift_monitor.drivers.ble.link import BATTERY_LEVEL, LinkError, MissingCharacteristicError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.open_imu import OpenImuPeripheral
from lift_monitor.drivers.emulated.faults import Faults, FaultyPeripheral, with_faults
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import (
    LONGEST_BYTES,
    NOT_FOUND,
    Can,
    Characteristic,
    Identity,
    Outgoing,
    Peripheral,
    RefusedError,
    Service,
)

DATA, TALK = "data", "talk"
NO_FAULTS = Faults()
IDENTITY = Identity("C0:FF:EE:00:00:01", "Ticker", "T1", battery_pct=80.0)


class Ticker(Peripheral):
    """Sends its count in four bytes a hundred times a second; answers what is written."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            "ticking",
            (
                Characteristic(DATA, Can.NOTIFY),
                Characteristic(TALK, Can.WRITE | Can.INDICATE),
            ),
        ),
    )
    has_battery_service: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(IDENTITY, CountingMotion(100.0))
        self.count = 0

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        self.send(TALK, b"answer to " + data)

    def stream(self, now_s: float) -> None:
        while self.count < round(now_s * 100.0):
            self.send(DATA, self.count.to_bytes(4, "big"))
            self.count += 1


def ticker(faults: Faults = NO_FAULTS, seed: int = 1) -> FaultyPeripheral:
    faulty = with_faults(Ticker(), faults, seed)
    faulty.connect(0.0)
    faulty.subscribe(DATA, True, 0.0)
    faulty.subscribe(TALK, True, 0.0)
    return faulty


def play(peripheral: Peripheral, end_s: float, step_s: float = 0.01) -> list[Outgoing]:
    return [item for _, items in timed(peripheral, end_s, step_s) for item in items]


def timed(
    peripheral: Peripheral, end_s: float, step_s: float = 0.01
) -> list[tuple[float, list[Outgoing]]]:
    times = [round((number + 1) * step_s, 6) for number in range(round(end_s / step_s))]
    return [(now_s, peripheral.due(now_s)) for now_s in times]


def numbers(items: list[Outgoing]) -> list[int]:
    return [int.from_bytes(item.payload, "big") for item in items]


def test_without_faults_nothing_changes() -> None:
    faulty = ticker()
    assert numbers(play(faulty, 3.0)) == list(range(300))
    assert faulty.sent == faulty.made
    assert faulty.lost == []


def test_a_faulty_sensor_shows_the_face_of_the_one_within() -> None:
    board = OpenImuPeripheral(IDENTITY, CountingMotion(100.0))
    faulty = with_faults(board, Faults(loss=0.5), 1)
    assert faulty.advertisement == board.advertisement
    assert faulty.services == board.services
    faulty.connect(0.0)
    faulty.write(open_imu.RATE, open_imu.RATE_LAYOUT.pack(200.0), 0.0)
    faulty.write(open_imu.SHOW, b"\x01", 0.0)
    faulty.subscribe(open_imu.DATA, True, 0.0)
    assert (board.rate_hz, board.blinked, board.link_up) == (200.0, 1, True)
    assert (faulty.rate_hz, faulty.blinked, faulty.link_up) == (200.0, 1, True)
    assert faulty.subscribed == board.subscribed == {open_imu.DATA}
    assert faulty.read(BATTERY_LEVEL, 0.0) == bytes([80])
    faulty.disconnect(1.0)
    assert not board.link_up
    assert faulty.subscribed == set()


def test_answers_meet_no_fault() -> None:
    faulty = ticker(Faults(loss=1.0, garbage=1.0, duplicates=1.0, burst=1000, mute_after_s=0.0))
    faulty.write(TALK, b"1", 0.5)
    assert faulty.due(0.5) == [Outgoing(TALK, b"answer to 1")]
    assert len(faulty.lost) == 50


@pytest.mark.parametrize("burst", [1, 3])
def test_an_answer_on_the_same_characteristic_never_parts_what_was_cut(burst: int) -> None:
    """A sensor writes its bytes one after the other: an answer cannot stand within a frame."""
    faulty = ticker(Faults(split=0.5, merge=0.5, burst=burst))
    got = b""
    for number in range(1, 401):
        if number % 2:
            faulty.send(DATA, b"answer")
        for item in faulty.due(number * 0.01):
            got += item.payload
    pieces = got.split(b"answer")
    assert len(pieces) == 201
    assert {len(piece) % 4 for piece in pieces} == {0}


def test_lost_notifications_never_arrive() -> None:
    faulty = ticker(Faults(loss=0.2))
    got = numbers(play(faulty, 20.0))
    lost = numbers(faulty.lost)
    assert sorted(got + lost) == list(range(2000))
    assert got == sorted(got)
    assert 300 < len(lost) < 500


def test_duplicates_arrive_twice_in_a_row() -> None:
    got = numbers(play(ticker(Faults(duplicates=0.3)), 10.0))
    times = Counter(got)
    assert got == sorted(got)
    assert set(times) == set(range(1000))
    assert set(times.values()) == {1, 2}
    assert 200 < sum(count == 2 for count in times.values()) < 400


def test_reordered_notifications_arrive_after_their_successor() -> None:
    got = numbers(play(ticker(Faults(reorder=0.2)), 10.0))
    late = [index for index, number in enumerate(got) if number != index]
    assert late
    for index in late[::2]:
        assert got[index : index + 2] == [index + 1, index]
    assert sorted(got) == list(range(len(got)))
    assert len(got) >= 999  # the last one may still wait for its successor


def test_garbage_comes_before_or_instead_of_good_notifications() -> None:
    faulty = ticker(Faults(garbage=0.2))
    got = play(faulty, 20.0)
    good = [item for item in got if item in faulty.made]
    instead = len(faulty.lost)
    added = len(got) - len(good) - instead
    assert numbers(good) == [n for n in range(2000) if n not in numbers(faulty.lost)]
    assert 100 < instead < 300
    assert 100 < added < 300
    assert all(1 <= len(item.payload) <= 5 for item in got)


def test_split_notifications_keep_every_byte() -> None:
    faulty = ticker(Faults(split=0.5))
    got = play(faulty, 5.0)
    assert b"".join(item.payload for item in got) == b"".join(i.payload for i in faulty.made)
    assert {len(item.payload) for item in got} == {1, 2, 3, 4}
    assert 650 < len(got) < 850


def test_merged_notifications_keep_every_byte_and_fit_the_link() -> None:
    faulty = ticker(Faults(merge=0.5))
    got = play(faulty, 5.0)
    whole = b"".join(item.payload for item in faulty.made)
    assert whole.startswith(b"".join(item.payload for item in got))
    assert {len(item.payload) for item in got} == {4, 8}
    assert 250 < len(got) < 400

    long = with_faults(Ticker(), Faults(merge=1.0), 1)
    long.connect(0.0)
    long.subscribe(DATA, True, 0.0)
    for _ in range(4):
        long.send(DATA, bytes(LONGEST_BYTES - 3))
    assert [len(item.payload) for item in long.due_data(0.0)] == [LONGEST_BYTES - 3] * 4


def test_bursts_leave_together() -> None:
    steps = [len(items) for _, items in timed(ticker(Faults(burst=8)), 10.0)]
    assert set(steps) == {0, 8}
    assert sum(steps) == 1000


def test_data_of_gaps_is_lost() -> None:
    faulty = ticker(Faults(gaps_s=((1.0, 0.5), (3.0, 1.0))))
    got = numbers(play(faulty, 5.0))
    # What is asked for at 1.00 s is the sample that ends there, number 99.
    assert numbers(faulty.lost) == [*range(99, 149), *range(299, 399)]
    assert got == [number for number in range(500) if number not in numbers(faulty.lost)]


def test_a_stall_holds_everything_back_then_sends_it_at_once() -> None:
    faulty = ticker(Faults(stalls_s=((1.0, 0.5),)))
    by_time = dict(timed(faulty, 3.0))
    assert all(by_time[round(t * 0.01, 6)] == [] for t in range(100, 150))
    assert numbers(by_time[1.5]) == list(range(99, 150))
    assert numbers(faulty.sent) == list(range(300))
    assert faulty.lost == []


def test_a_mute_sensor_keeps_its_link() -> None:
    faulty = ticker(Faults(mute_after_s=1.0))
    assert numbers(play(faulty, 3.0)) == list(range(99))
    assert faulty.link_up
    assert not faulty.drops(3.0)
    assert len(faulty.lost) == 201


def test_the_link_breaks_when_it_is_told_and_comes_back() -> None:
    faulty = ticker(Faults(link_losses_s=(2.0, 1.0, 5.0)))
    assert not faulty.drops(0.99)
    assert faulty.drops(1.0)
    assert not faulty.drops(1.0)  # once
    faulty.disconnect(1.0)
    assert faulty.accepts(1.0)
    faulty.connect(3.0)  # the loss at 2 s had nothing to break
    assert not faulty.drops(4.9)
    assert faulty.drops(5.1)


def test_what_waits_when_the_link_breaks_is_lost() -> None:
    faulty = ticker(Faults(burst=1000))
    assert play(faulty, 1.0) == []
    faulty.disconnect(1.0)
    assert numbers(faulty.lost) == list(range(100))
    faulty.connect(1.0)
    faulty.subscribe(DATA, True, 1.0)
    assert numbers(play(faulty, 11.0)) == list(range(100, 1100))


def test_the_first_connections_are_refused() -> None:
    faulty = with_faults(Ticker(), Faults(refuse_connections=2), 1)
    for _ in range(2):
        with pytest.raises(LinkError, match="refused"):
            DirectLink(faulty)
    assert DirectLink(faulty).name == "Ticker"


def test_a_missing_characteristic_is_not_there() -> None:
    faulty = with_faults(
        OpenImuPeripheral(IDENTITY, CountingMotion(100.0)), Faults(missing=(open_imu.FACTS,)), 1
    )
    link = DirectLink(faulty)
    assert link.has(open_imu.RATE)
    assert not link.has(open_imu.FACTS)
    driver = open_imu.FAMILY.driver(link, Wish(), lambda _channel, _value: None)
    with pytest.raises(MissingCharacteristicError):
        asyncio.run(driver.configure())
    with pytest.raises(RefusedError) as refused:
        faulty.read(open_imu.FACTS, 0.0)
    assert refused.value.code == NOT_FOUND


def test_a_battery_runs_down_and_the_sensor_with_it() -> None:
    faulty = ticker(Faults(battery_dies_s=10.0))
    assert faulty.read(BATTERY_LEVEL, 0.0) == bytes([80])
    assert faulty.read(BATTERY_LEVEL, 5.0) == bytes([40])
    assert faulty.read(BATTERY_LEVEL, 9.9) == bytes([1])
    assert not faulty.drops(9.9)
    assert faulty.drops(10.0)
    faulty.disconnect(10.0)
    assert not faulty.accepts(10.0)
    assert not faulty.advertises(60.0)


EVERYTHING = Faults(
    loss=0.1,
    duplicates=0.1,
    reorder=0.1,
    garbage=0.1,
    split=0.1,
    merge=0.1,
    burst=5,
    gaps_s=((1.0, 0.2),),
    stalls_s=((2.0, 0.3),),
    mute_after_s=8.0,
    link_losses_s=(3.0, 4.5),
    refuse_connections=1,
    missing=(BATTERY_LEVEL,),
    battery_dies_s=60.0,
)


def test_the_same_seed_meets_the_same_faults_however_often_it_is_asked() -> None:
    def payloads(seed: int, step_s: float) -> list[bytes]:
        faults = Faults(loss=0.1, duplicates=0.1, reorder=0.1, garbage=0.1, split=0.1, merge=0.1)
        return [item.payload for item in play(ticker(faults, seed), 10.0, step_s)]

    assert payloads(1, 0.01) == payloads(1, 0.05)
    assert payloads(1, 0.01) != payloads(2, 0.01)


def test_nothing_is_kept_that_nobody_asked_for() -> None:
    faulty = with_faults(Ticker(), Faults(loss=0.5), 1, keep=False)
    faulty.connect(0.0)
    faulty.subscribe(DATA, True, 0.0)
    assert play(faulty, 1.0)
    assert (faulty.sent, faulty.lost, faulty.made) == ([], [], [])


def test_faults_cross_as_json() -> None:
    assert Faults().to_json() == {}
    through = json.loads(json.dumps(EVERYTHING.to_json()))
    assert set(through) == set(Faults.__dataclass_fields__)
    assert Faults.from_json(through) == EVERYTHING


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"loss": 1.5}, "'loss' is 1.5; give a probability"),
        ({"reorder": "often"}, "'reorder' is 'often'; give a probability"),
        ({"split": float("nan")}, "'split' is nan"),
        ({"burst": -1}, "'burst' is -1; give a whole number"),
        ({"refuse_connections": 1.0}, "'refuse_connections' is 1.0; give a whole number"),
        ({"gaps_s": [1.0, 2.0]}, "'gaps_s' .* give pairs of start and length"),
        ({"stalls_s": [[1.0, -2.0]]}, "'stalls_s' .* give pairs of start and length"),
        ({"link_losses_s": [-1.0]}, "A time of the faults is negative"),
        ({"mute_after_s": "soon"}, "A time of the faults is negative or no number"),
        ({"battery_dies_s": float("inf")}, "A time of the faults is negative or no number"),
        ({"missing": [7]}, "'missing' is"),
        ({"missing": "2a19"}, "'missing' is '2a19'; give a list"),
        ({"thunder": 1}, "There is no fault 'thunder'"),
    ],
)
def test_values_out_of_range_are_told(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Faults.from_json(values)
