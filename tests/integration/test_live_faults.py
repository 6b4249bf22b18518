"""Each fault: what the user is told, and that the recording stays sound.

One air with a sensor for each fault, side by side, each with a station of its own.  That is a
day; where a machine did not keep pace with it and an expectation fails, another one is lived.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lift_monitor.drivers.ble.errors import RadioError, Trouble
from lift_monitor.drivers.ble.families import open_imu, witmotion
from lift_monitor.drivers.ble.family import Wish
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.emulated.fault_plan import Faults
from lift_monitor.drivers.emulated.fleet import Feels, MotionSpec, SensorSpec, example
from lift_monitor.drivers.live import LiveSource
from lift_monitor.drivers.packet import LINK, LINK_DOWN, LINK_UP
from lift_monitor.events import Event, Exercise
from lift_monitor.recordings.container import Recording
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import Mode, SensorStatus, Station, StationConfig, StationStatus
from tests.integration.pace import TRIES, Pace, insist
from tests.integration.worlds import AirWorld, found, opened
from tests.patience import until

pytestmark = pytest.mark.timeout(900)
"""A test may wait for three days, on a machine that crawls."""
CONFIG = StationConfig(Exercise.DEADLIFT)
LIFTS = MotionSpec(Feels.LIFTER, exercise=Exercise.DEADLIFT, sets=1, reps=5)
SECONDS = 12.0
AT_S = 20.0
"""True time of faults that have one: well after all are connected. Later on every further day."""
BEFORE_S = 5.0
"""A day is worth nothing where the sensors were not connected by so long before the faults."""
WRAP_S = 2**32 * 1e-6


def plans(at_s: float) -> dict[str, Faults]:
    """Make the faults by their names; those that come once come at a true time."""
    return {
        "well": Faults(),
        "bursts": Faults(burst=8),
        "gap": Faults(gaps_s=((at_s, 1.5),)),
        "stall": Faults(stalls_s=((at_s, 0.4),)),
        "loss": Faults(loss=0.2),
        "duplicates": Faults(duplicates=0.3),
        "reordering": Faults(reorder=0.1),
        "garbage": Faults(garbage=0.1),
        "split and merged": Faults(split=0.3, merge=0.3),
        "link loss": Faults(link_losses_s=(at_s,)),
        "refused": Faults(refuse_connections=1),
        "mute": Faults(mute_after_s=at_s),
        "battery dies": Faults(battery_dies_s=at_s + 1.0),
    }


def clocks(at_s: float) -> dict[str, tuple[float, float]]:
    """Where a clock begins, and by how much it runs too fast."""
    return {"drift": (0.0, 0.01), "wrap": (WRAP_S - at_s, 0.0)}


@dataclass
class Case:
    """What became of one sensor."""

    spec: SensorSpec
    path: Path
    events: list[Event] = field(default_factory=list)
    told: list[SensorStatus] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    @property
    def texts(self) -> str:
        return " | ".join(dict.fromkeys(status.text for status in self.told))

    def packets(self) -> list[tuple[str, bytes]]:
        return [(p.channel, p.payload) for p in Recording.open(self.path).packets()]

    def samples(self) -> ImuChunk:
        """On the session clock."""
        recording = Recording.open(self.path)
        stream = SensorStream(recording.sensors[0])
        chunks = [stream.to_session(stream.decode(packet)) for packet in recording.packets()]
        return ImuChunk.concatenate([*(c for c in chunks if len(c)), stream.finish()])


def specs(at_s: float) -> dict[str, SensorSpec]:
    made = {}
    for number, (name, faults) in enumerate(plans(at_s).items(), start=1):
        family = "witmotion" if name == "split and merged" else "open-imu"
        made[name] = example(family, number, motion=LIFTS, faults=faults)
    for number, (name, (start_s, error)) in enumerate(clocks(at_s).items(), start=50):
        made[name] = example(
            "open-imu", number, motion=LIFTS, clock_start_s=start_s, clock_error=error
        )
    return made


@dataclass
class Day:
    """All sensors through one session, and what the machine took away from it."""

    cases: dict[str, Case]
    pace: Pace = field(default_factory=Pace)
    failure: Exception | None = None

    def reached_its_end(self) -> None:
        if self.failure is not None:
            raise self.failure

    def __getitem__(self, name: str) -> Case:
        self.reached_its_end()
        return self.cases[name]


class Days:
    """Days that were lived; another one is lived when it is asked for."""

    def __init__(self, folders: Callable[[], Path]) -> None:
        self._folders = folders
        self._lived: list[Day] = []

    def __iter__(self) -> Iterator[Day]:
        for number in range(TRIES):
            if number == len(self._lived):
                self._lived.append(lived(self._folders(), AT_S * (number + 1)))
            yield self._lived[number]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Days:
    """Give the days; :func:`of_a_day` hands a test one after the other."""
    return Days(lambda: tmp_path_factory.mktemp("faults"))


def of_a_day(test: Callable[..., None]) -> Callable[..., None]:
    """Judge a test only by a day with which the machine kept pace."""

    @functools.wraps(test)
    def tried(*, day: Days, **named: Any) -> None:
        insist((each.pace, functools.partial(test, day=each, **named)) for each in day)

    return tried


def of_any_day(test: Callable[..., None]) -> Callable[..., None]:
    """Judge a test by the first day that was lived to its end: it holds at any pace."""

    @functools.wraps(test)
    def tried(*, day: Days, **named: Any) -> None:
        insist((each.pace, each.reached_its_end) for each in day)
        test(day=next(each for each in day if each.failure is None), **named)

    return tried


def lived(folder: Path, at_s: float) -> Day:
    plan = specs(at_s).items()
    day = Day({name: Case(spec, folder / f"{spec.serial}.mcap") for name, spec in plan})
    try:
        with day.pace:
            live(day.cases, at_s)
    except Exception as failure:  # noqa: BLE001 - raised in every test that asks for the day
        day.failure = failure
    return day


def live(cases: dict[str, Case], at_s: float) -> None:
    world = AirWorld([case.spec for case in cases.values()])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lift_monitor.drivers.ble.session.BATTERY_PERIOD_S", 1.0)
        patch.setattr("lift_monitor.drivers.ble.session.MUTE_S", 3.0)
        began_s = time.monotonic()
        with Hub(world.carrier) as hub, ExitStack() as stack:
            hub.scan(True).result()
            stations = {}
            for name, case in cases.items():
                tap = opened(hub, case.spec.address)
                stations[name] = Station(LiveSource([tap]), CONFIG, Mode.LIVE, record_to=case.path)
            for station in stations.values():
                stack.enter_context(station)
            late_s = time.monotonic() - (began_s + at_s - BEFORE_S)
            assert late_s < 0.0, f"the sensors were connected {late_s:.1f} s too late"
            end_s = max(time.monotonic() + SECONDS, began_s + at_s + 7.0)
            while time.monotonic() < end_s:
                time.sleep(0.05)
                for name, station in stations.items():
                    look(station, cases[name])
            for name, station in stations.items():
                station.close()
                look(station, cases[name])
    for case in cases.values():
        case.sent = [payload for _, payload in world.sent(case.spec.address)]


def look(station: Station, case: Case) -> None:
    for update in station.drain():
        if isinstance(update, PipelineOutput):
            case.events.extend(update.events)
        elif isinstance(update, StationStatus):
            assert update.error is None
            if update.playing:
                case.told.append(update.sensors[0])


EVERY = [*plans(AT_S), *clocks(AT_S)]


@pytest.mark.parametrize("name", EVERY)
@of_any_day
def test_the_recording_stays_sound_and_replays_as_it_was_seen(day: Day, name: str) -> None:
    case = day[name]
    again: list[Event] = []
    with Station(Recording.open(case.path), CONFIG, Mode.REPLAY) as station:
        station.set_speed(math.inf)
        ended = False

        def over() -> bool:
            nonlocal ended
            for update in station.drain():
                if isinstance(update, PipelineOutput):
                    again.extend(update.events)
                elif isinstance(update, StationStatus):
                    ended = update.ended
            return ended

        until(over, "the replay ended")
    assert [repr(event) for event in again] == [repr(event) for event in case.events]
    time_s = case.samples().time_s
    assert len(time_s) > 0
    assert np.isfinite(time_s).all()


@pytest.mark.parametrize("name", [n for n in EVERY if n not in ("battery dies", "mute")])
@of_any_day
def test_all_that_left_the_sensor_is_recorded(day: Day, name: str) -> None:
    """Faults of the air cost what they cost, the program loses nothing on top."""
    case = day[name]
    recorded = [payload for channel, payload in case.packets() if channel != LINK]
    begin = case.sent.index(recorded[0])
    missing = len(case.sent[begin : begin + len(recorded)]) - len(recorded)
    in_the_air = 2 * sum(channel == LINK for channel, _ in case.packets())
    left = iter(case.sent[begin:])
    assert all(payload in left for payload in recorded)
    assert missing <= in_the_air


@pytest.mark.parametrize("name", ["well", "bursts", "split and merged", "drift", "wrap", "refused"])
@of_a_day
def test_what_harms_nothing_alarms_nobody(day: Day, name: str) -> None:
    settled = day[name].told[len(day[name].told) // 2 :]
    worried = [status.text for status in settled if status.text]
    # A crowded machine may hold a packet up for a moment.
    assert len(worried) < 0.1 * len(settled), worried


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gap", "bar sensor has been quiet for"),
        ("loss", "% of the bar sensor's samples are missing"),
        ("garbage", "packets could not be read"),
        ("link loss", "broke; it is being made again"),
        ("mute", "is connected but sends nothing"),
        ("battery dies", "broke; it is being made again"),
    ],
)
@of_a_day
def test_what_harms_is_told_in_words(day: Day, name: str, words: str) -> None:
    assert words in day[name].texts


@of_a_day
def test_a_gap_is_a_gap_and_nothing_is_made_up(day: Day) -> None:
    steps_s = np.diff(day["gap"].samples().time_s)
    assert 1.3 < steps_s.max() < 1.8
    assert np.sum(steps_s > 0.5) == 1


@of_a_day
def test_samples_sent_twice_count_once(day: Day) -> None:
    rates = [status.rate_hz for status in day["duplicates"].told if status.rate_hz is not None]
    assert rates[-1] == pytest.approx(100.0, rel=0.05)


@of_a_day
def test_a_lost_link_is_told_at_once_and_the_stream_goes_on(day: Day) -> None:
    case = day["link loss"]
    fates = [payload for channel, payload in case.packets() if channel == LINK]
    assert fates == [LINK_DOWN, LINK_UP]
    lost = [status for status in case.told if status.state == "lost"]
    assert lost
    # Told while the last packet was still young: nobody waited for silence to grow.
    assert min(status.age_s or 0.0 for status in lost) < 1.0
    assert case.told[-1].state != "lost"
    assert case.told[-1].link == "streaming"
    samples = case.samples()
    hole_s = float(np.diff(samples.time_s).max())
    assert 0.0 < hole_s < 6.0
    assert samples.time_s[-1] > SECONDS - 1.5


@of_a_day
def test_a_mute_sensor_is_connected_anew_and_stays_in_alarm(day: Day) -> None:
    case = day["mute"]
    assert case.told[-1].state == "lost"
    assert LINK_DOWN in [payload for channel, payload in case.packets() if channel == LINK]


@of_a_day
def test_a_dying_battery_is_seen_falling(day: Day) -> None:
    case = day["battery dies"]
    charge = [status.battery_pct for status in case.told if status.battery_pct is not None]
    assert charge[-1] < 20.0 < charge[0]
    assert case.told[-1].state == "lost"


@of_a_day
def test_a_clock_off_by_one_percent_is_measured(day: Day) -> None:
    drift = day["drift"].told[-1].drift_ppm
    assert drift is not None
    assert drift == pytest.approx(10_000, abs=3_000)


@of_a_day
def test_a_wrap_of_the_clock_is_not_seen(day: Day) -> None:
    samples = day["wrap"].samples()
    assert np.diff(samples.time_s).max() < 0.1
    assert not (samples.quality & Quality.CLOCK_JUMP).any()


def test_a_missing_characteristic_is_told_and_nothing_is_left_open() -> None:
    spec = example("open-imu", 1, faults=Faults(missing=(open_imu.DATA,)))
    with Hub(AirWorld([spec]).carrier) as hub:
        hub.scan(True).result()
        with pytest.raises(RadioError, match="lacks something that its family has") as told:
            hub.open(found(hub, spec.address), Wish()).result(30)
        assert told.value.trouble is Trouble.MISSING_CHARACTERISTIC


def test_a_sensor_that_always_refuses_is_told() -> None:
    spec = example("witmotion", 1, faults=Faults(refuse_connections=1000))
    assert witmotion.FAMILY.key == spec.family
    with Hub(AirWorld([spec]).carrier) as hub:
        hub.scan(True).result()
        with pytest.raises(RadioError) as told:
            hub.open(found(hub, spec.address), Wish()).result(60)
        assert str(told.value).endswith(".")
