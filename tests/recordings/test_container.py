"""A recording gives back exactly what was put in."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import (
    FORMAT_VERSION,
    Annotation,
    Recorder,
    Recording,
    RecordingError,
    SessionFacts,
    save_recording,
)
from lift_monitor.samples import Role, SensorInfo

ZONE = timezone(timedelta(hours=1))
STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)
FACTS = SessionFacts(started_at=STARTED, source="live")
BAR = SensorInfo("bar", Role.BAR, "open-imu")
TEXT = st.text(max_size=12)
SENSOR_IDS = st.lists(TEXT, min_size=1, max_size=4, unique=True)
NUMBER = st.none() | st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.none() | st.floats(min_value=1e-3, allow_nan=False, allow_infinity=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.mcap"


def packet(at_ms: int, payload: bytes = b"12345678", channel: str = "imu") -> Packet:
    return Packet("bar", channel, at_ms * 1_000_000, payload)


@st.composite
def sessions(draw: st.DrawFn) -> tuple[SessionFacts, list[SensorInfo], list[Packet]]:
    ids = draw(SENSOR_IDS)
    sensors = [
        SensorInfo(
            sensor_id,
            draw(st.sampled_from(Role)),
            draw(TEXT),
            name=draw(TEXT),
            serial=draw(TEXT),
            nominal_rate_hz=draw(POSITIVE),
            acc_range_mps2=draw(POSITIVE),
            gyr_range_radps=draw(POSITIVE),
        )
        for sensor_id in ids
    ]
    packets = draw(
        st.lists(
            st.builds(
                Packet,
                st.sampled_from(ids),
                TEXT,
                st.integers(0, 5) | st.integers(0, 2**63 - 1),
                st.binary(max_size=400),
            ),
            max_size=30,
        )
    )
    facts = SessionFacts(
        started_at=draw(
            st.datetimes(
                min_value=datetime(1, 1, 3),
                max_value=datetime(9999, 12, 29),
                timezones=st.sampled_from([UTC, ZONE]),
            )
        ),
        source=draw(st.sampled_from(["live", "simulated", "imported"])),
        exercise=draw(st.none() | st.sampled_from(Exercise)),
        load_kg=draw(NUMBER),
        target_reps=draw(st.none() | st.integers(0, 50)),
        target_sets=draw(st.none() | st.integers(0, 50)),
        alias=draw(TEXT),
        notes=draw(st.dictionaries(TEXT, TEXT, max_size=3)),
    )
    return facts, sensors, packets


ANNOTATIONS = st.lists(
    st.builds(
        Annotation,
        st.floats(0, 1e6),
        TEXT,
        st.text(st.characters(), max_size=12),
        st.dictionaries(TEXT, TEXT, max_size=2),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(session=sessions(), annotations=ANNOTATIONS)
def test_what_was_recorded_comes_back_unchanged(
    session: tuple[SessionFacts, list[SensorInfo], list[Packet]], annotations: list[Annotation]
) -> None:
    facts, sensors, packets = session
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.mcap"
        with Recorder(path, facts, sensors) as recorder:
            for one in packets:
                recorder.write(one)
            for remark in annotations:
                recorder.annotate(remark)
            unfinished = Recording.open(path)
            live = list(unfinished.packets())
        recording = Recording.open(path)
        assert [entry.name for entry in Path(folder).iterdir()] == ["session.mcap"]
        expected = sorted(packets, key=lambda one: one.host_time_ns)
        assert live == expected
        assert unfinished.session == recording.session == facts
        assert list(recording.packets()) == expected
        assert recording.sensors == tuple(sensors)
        assert recording.annotations == tuple(
            sorted(annotations, key=lambda one: round(one.at_s * 1e9))
        )
        assert recording.recovery is None
        assert recording.format_version == FORMAT_VERSION


def test_every_packet_is_on_the_disk_before_write_returns(path: Path) -> None:
    with Recorder(path, FACTS, [BAR]) as recorder:
        for number in range(1, 40):
            recorder.write(packet(number))
            assert len(list(Recording.open(path).packets())) == number


def test_a_recording_has_an_index_that_other_mcap_programs_read(path: Path) -> None:
    with Recorder(path, FACTS, [BAR]) as recorder:
        for number in range(5000):
            recorder.write(packet(number * 10, bytes(100)))
    with path.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None
        assert len(summary.chunk_indexes) > 1
        messages = [entry for entry in reader.iter_messages() if entry[2].log_time >= 20 * 10**9]
        assert [message.log_time for _, _, message in messages][:2] == [
            20_000_000_000,
            20_010_000_000,
        ]


def test_a_seek_gives_exactly_the_later_packets(path: Path) -> None:
    packets = [packet(number * 10, bytes(100)) for number in range(5000)]
    save_recording(path, FACTS, MemorySource([BAR], packets))
    assert list(Recording.open(path).packets(start_s=31.005)) == packets[3101:]


def test_packets_out_of_order_over_many_chunks_come_back_in_order(path: Path) -> None:
    late = [packet((number * 7919) % 6000, number.to_bytes(200)) for number in range(6000)]
    with Recorder(path, FACTS, [BAR]) as recorder:
        for one in late:
            recorder.write(one)
    expected = sorted(late, key=lambda one: one.host_time_ns)
    assert list(Recording.open(path).packets()) == expected


def test_a_file_is_never_overwritten(path: Path) -> None:
    path.write_text("precious")
    for make in (
        lambda: Recorder(path, FACTS, [BAR]),
        lambda: save_recording(path, FACTS, MemorySource([BAR], [])),
    ):
        with pytest.raises(RecordingError, match="exists already"):
            make()
    assert path.read_text() == "precious"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "a.mcap"
    for make in (
        lambda: Recorder(path, FACTS, [BAR]),
        lambda: save_recording(path, FACTS, MemorySource([BAR], [])),
    ):
        with pytest.raises(RecordingError, match="cannot be written") as error:
            make()
        assert str(error.value).startswith(f"{path} ")


def test_a_source_that_fails_leaves_nothing_behind(path: Path) -> None:
    class Failing(MemorySource):
        def packets(self) -> Iterator[Packet]:
            yield packet(1)
            raise RuntimeError("the sensor is gone")

    with pytest.raises(RuntimeError, match="gone"):
        save_recording(path, FACTS, Failing([BAR], []))
    assert list(path.parent.iterdir()) == []


def test_a_sensor_may_join_a_running_session(path: Path) -> None:
    chest = SensorInfo("chest", Role.THORAX, "open-imu")
    with Recorder(path, FACTS, [BAR]) as recorder:
        recorder.write(packet(1))
        with pytest.raises(ValueError, match="not announced"):
            recorder.write(Packet("chest", "imu", 2, b""))
        recorder.add_sensor(chest)
        recorder.write(Packet("chest", "imu", 2_000_000, b"x"))
        with pytest.raises(ValueError, match="share"):
            recorder.add_sensor(chest)
    recording = Recording.open(path)
    assert recording.sensors == (BAR, chest)
    assert [one.sensor_id for one in recording.packets()] == ["bar", "chest"]


@pytest.mark.parametrize("at_ns", [-1, 2**63])
def test_a_time_outside_any_session_is_refused_and_does_no_harm(path: Path, at_ns: int) -> None:
    with Recorder(path, FACTS, [BAR]) as recorder:
        recorder.write(packet(1))
        with pytest.raises(ValueError, match="host time"):
            recorder.write(Packet("bar", "imu", at_ns, b""))
        with pytest.raises(ValueError, match="annotation"):
            recorder.annotate(Annotation(math.nan, "note"))
        recorder.write(packet(2))
    assert [one.host_time_ns for one in Recording.open(path).packets()] == [1_000_000, 2_000_000]


def test_text_that_cannot_be_stored_is_refused_before_there_is_a_file(path: Path) -> None:
    broken = SensorInfo("bar\ud800", Role.BAR, "open-imu")
    with pytest.raises(UnicodeEncodeError):
        Recorder(path, FACTS, [broken])
    with pytest.raises(ValueError, match="share"):
        Recorder(path, FACTS, [BAR, BAR])
    assert not path.exists()


class FullDisk:
    """Stands for the operating system: it takes ten bytes more, and then no others."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, data: bytes) -> int:
        self.stream.write(data[:10])
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_once_and_what_was_written_stays(path: Path) -> None:
    recorder = Recorder(path, FACTS, [BAR])
    recorder.write(packet(1))
    assert recorder._stream is not None
    recorder._writer._Writer__stream = FullDisk(recorder._stream)  # type: ignore[attr-defined]
    with pytest.raises(RecordingError, match="No space left"):
        recorder.write(packet(2))
    with pytest.raises(RecordingError, match="earlier"):
        recorder.write(packet(3))
    recorder.close()
    recording = Recording.open(path)
    assert list(recording.packets()) == [packet(1)]
    assert recording.recovery is not None


def test_session_facts_need_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SessionFacts(started_at=datetime(2026, 1, 1), source="live")
