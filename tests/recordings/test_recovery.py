"""Whatever happens to the file, every message that is whole in it comes back."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.records import Message
from mcap.stream_reader import StreamReader
from mcap.writer import CompressionType, Writer

from lift_monitor.drivers.packet import Packet
from lift_monitor.recordings.container import (
    Annotation,
    Recorder,
    Recording,
    RecordingError,
    SessionFacts,
    recover,
)
from lift_monitor.recordings.facts import sensor_from_metadata
from lift_monitor.samples import Role, SensorInfo

FACTS = SessionFacts(started_at=datetime(2026, 3, 2, tzinfo=UTC), source="live", alias="L1")
SENSORS = (SensorInfo("bar", Role.BAR, "open-imu"), SensorInfo("chest", Role.THORAX, "other"))
_random = random.Random(7)
PACKETS = tuple(
    Packet(
        ("bar", "chest")[number % 2],
        ("acc", "gyr", "imu")[number % 3],
        number * 20_000_000,
        _random.randbytes(_random.randrange(1, 120)),
    )
    for number in range(60)
)
KILLS = 20


@cache
def live_file() -> tuple[bytes, tuple[int, ...]]:
    """A file as it lies on the disk during a session, and its length after each packet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mcap"
        lengths = []
        with Recorder(path, FACTS, SENSORS) as recorder:
            for packet in PACKETS:
                recorder.write(packet)
                lengths.append(path.stat().st_size)
            return path.read_bytes(), tuple(lengths)


@cache
def closed_file(*, many_chunks: bool = False) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mcap"
        with Recorder(path, FACTS, SENSORS) as recorder:
            recorder.annotate(Annotation(0.5, "load", "60 kg"))
            for turn in range(60 if many_chunks else 1):
                for packet in PACKETS:
                    at_ns = packet.host_time_ns + turn * 1_200_000_000
                    recorder.write(Packet(packet.sensor_id, packet.channel, at_ns, packet.payload))
        return path.read_bytes()


def ends_of_messages(data: bytes) -> list[int]:
    """Where each packet's bytes end, by searching its payload: no parser involved."""
    ends, at = [], 0
    for packet in PACKETS:
        at = data.index(packet.payload, at) + len(packet.payload)
        ends.append(at)
    return ends


def opened(path: Path, data: bytes) -> Recording | None:
    path.write_bytes(data)
    try:
        return Recording.open(path)
    except RecordingError:
        return None


@settings(max_examples=150, deadline=None)
@given(share=st.floats(0, 1), closed=st.booleans())
def test_a_file_cut_at_any_byte_gives_every_whole_message_before_the_cut(
    share: float, closed: bool
) -> None:
    data = closed_file() if closed else live_file()[0]
    ends = ends_of_messages(data) if closed else live_file()[1]
    cut = round(share * len(data))
    whole = PACKETS[: sum(end <= cut for end in ends)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.mcap"
        recording = opened(path, data[:cut])
        if recording is None:
            assert whole == ()
            return
        assert tuple(recording.packets()) == whole
        assert recording.session == FACTS
        assert path.read_bytes() == data[:cut]
        out = Path(folder) / "mended.mcap"
        report = recover(path, out)
        mended = Recording.open(out)
        assert tuple(mended.packets()) == whole
        assert mended.recovery is None
        assert mended.annotations == recording.annotations
        assert report.path == out
        assert report.messages == len(whole) + len(mended.annotations)
        assert {entry.name for entry in Path(folder).iterdir()} == {"cut.mcap", "mended.mcap"}


def test_every_single_cut_of_a_live_file(tmp_path: Path) -> None:
    data, ends = live_file()
    for cut in range(len(data) + 1):
        recording = opened(tmp_path / "cut.mcap", data[:cut])
        whole = sum(end <= cut for end in ends)
        assert (0 if recording is None else recording.messages) == whole, cut
        assert recording is None or recording.recovery is not None


def test_a_cut_over_many_chunks_loses_the_cut_message_only(tmp_path: Path) -> None:
    data = closed_file(many_chunks=True)
    total = Recording.open(_written(tmp_path / "whole.mcap", data)).messages
    messages = [0]
    for cut in range(0, len(data), 4099):
        recording = opened(tmp_path / "cut.mcap", data[:cut])
        messages.append(0 if recording is None else recording.messages)
    steps = [after - before for before, after in pairwise(messages)]
    assert min(steps) >= 0
    assert max(steps) < 100
    assert messages[-1] > 0.9 * total


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 10**9), value=st.integers(1, 255), closed=st.booleans())
def test_a_changed_byte_never_crashes_and_never_passes_as_whole(
    at: int, value: int, closed: bool
) -> None:
    data = bytearray(closed_file() if closed else live_file()[0])
    data[at % len(data)] ^= value
    with tempfile.TemporaryDirectory() as folder:
        recording = opened(Path(folder) / "a.mcap", bytes(data))
        if recording is None:
            return
        packets = list(recording.packets())
        assert len(packets) == len(PACKETS) or recording.recovery is not None
        known = {(packet.host_time_ns, packet.payload) for packet in PACKETS}
        assert {(packet.host_time_ns, packet.payload) for packet in packets} <= known


@settings(max_examples=150, deadline=None)
@given(tail=st.binary(max_size=300), cut=st.integers(0, 10**9))
def test_rubbish_after_a_cut_never_crashes(tail: bytes, cut: int) -> None:
    data = live_file()[0]
    kept = data[: cut % len(data)]
    whole = sum(end <= len(kept) for end in live_file()[1])
    for end in (tail, bytes(4096)):
        with tempfile.TemporaryDirectory() as folder:
            recording = opened(Path(folder) / "a.mcap", kept + end)
            if recording is not None:
                packets = list(recording.packets())
                assert packets[:whole] == list(PACKETS[:whole])
                assert all(packet in PACKETS for packet in packets), "a packet was made up"


def test_a_file_that_another_tool_compressed_is_read_as_far_as_it_reaches(tmp_path: Path) -> None:
    packed = io.BytesIO()
    writer = Writer(packed, chunk_size=2048, compression=CompressionType.ZSTD)
    writer.start(profile="lift-monitor")
    source = StreamReader(io.BytesIO(closed_file(many_chunks=True)))
    for record in source.records:
        if isinstance(record, Message):
            writer.add_message(record.channel_id, record.log_time, record.data, record.log_time)
        elif type(record).__name__ == "Metadata":
            writer.add_metadata(record.name, record.metadata)  # type: ignore[attr-defined]
        elif type(record).__name__ == "Schema":
            writer.register_schema("a", "jsonschema", b"{}")
        elif type(record).__name__ == "Channel" and record.id not in seen(writer):  # type: ignore[attr-defined]
            writer.register_channel(record.topic, "", 0, record.metadata)  # type: ignore[attr-defined]
    writer.finish()  # type: ignore[no-untyped-call]
    data = packed.getvalue()
    whole = Recording.open(_written(tmp_path / "whole.mcap", data))
    assert whole.recovery is None
    assert len(list(whole.packets())) == 60 * len(PACKETS)
    cut = Recording.open(_written(tmp_path / "cut.mcap", data[: len(data) // 2]))
    assert cut.recovery is not None
    got = list(cut.packets())
    assert len(got) > 0.4 * 60 * len(PACKETS)
    assert got == list(whole.packets())[: len(got)]


def seen(writer: Writer) -> set[int]:
    return set(writer._Writer__channels)  # type: ignore[attr-defined]


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_recover_never_overwrites_and_never_touches_the_damaged_file(tmp_path: Path) -> None:
    damaged = _written(tmp_path / "session.mcap", live_file()[0][:-5])
    report = recover(damaged)
    assert report.path == tmp_path / "session.recovered.mcap"
    assert report.lost_bytes > 0
    assert "recovered 59 messages" in str(report)
    with pytest.raises(RecordingError, match="exists already"):
        recover(damaged)
    assert damaged.read_bytes() == live_file()[0][:-5]


def test_a_whole_file_is_recovered_with_nothing_lost(tmp_path: Path) -> None:
    whole = _written(tmp_path / "session.mcap", closed_file())
    report = recover(whole, tmp_path / "copy.mcap")
    assert (report.lost_bytes, report.messages) == (0, len(PACKETS) + 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x89MCA", "cut after 4 bytes"),
        (b"\x89MCAP0\r\n", "no session facts"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500), "JPEG"),
        (b"t_s,acc_x_mps2\n", "plain text"),
    ],
)
def test_what_is_no_recording_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    path = _written(tmp_path / "session.mcap", data)
    for use in (Recording.open, recover):
        with pytest.raises(RecordingError, match=said) as error:
            use(path)
        assert str(path) in str(error.value)
    assert list(tmp_path.iterdir()) == [path]


def test_a_recording_of_another_program_or_a_newer_version_is_named(tmp_path: Path) -> None:
    for facts, said in (
        (None, "another program wrote it"),
        ({"format_version": "2"}, "newer version"),
        ({"format_version": "1", "source": "live"}, "cannot be read"),
    ):
        path = tmp_path / "other.mcap"
        with path.open("wb") as stream:
            writer = Writer(stream)
            writer.start(profile="ros2" if facts is None else "lift-monitor")
            if facts is not None:
                writer.add_metadata("lift_monitor.session", facts)
            channel = writer.register_channel("/a", "json", 0)
            writer.add_message(channel, 1, b"{}", 1)
            writer.finish()  # type: ignore[no-untyped-call]
        with pytest.raises(RecordingError, match=said):
            Recording.open(path)


@pytest.mark.parametrize("fact", ["nominal_rate_hz", "acc_range_mps2", "gyr_range_radps"])
def test_a_rate_or_range_that_can_be_none_is_not_used(fact: str) -> None:
    facts = {"sensor_id": "bar", "role": "bar", "format": "open-imu"}
    for value in ("0", "-100"):
        sensor = sensor_from_metadata({**facts, fact: value}, "session.mcap")
        assert getattr(sensor, fact) is None
    for value in ("nan", "inf", "fast"):
        with pytest.raises(RecordingError, match="sensor facts that cannot be read"):
            sensor_from_metadata({**facts, fact: value}, "session.mcap")


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="folder"):
        Recording.open(tmp_path)
    with pytest.raises(RecordingError, match="does not exist"):
        Recording.open(tmp_path / "gone.mcap")


def test_a_remark_that_was_damaged_is_kept_as_it_is(tmp_path: Path) -> None:
    with Recorder(tmp_path / "a.mcap", FACTS, SENSORS) as recorder:
        recorder.annotate(Annotation(1.5, "note", "squat"))
        data = (tmp_path / "a.mcap").read_bytes().replace(b'"kind": "note"', b'"kind": #note"')
    recording = Recording.open(_written(tmp_path / "b.mcap", data))
    assert recording.annotations[0].kind == "unreadable"
    assert "squat" in recording.annotations[0].text


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL does not exist on Windows")
def test_kill_9_loses_at_most_the_last_second(tmp_path: Path) -> None:
    program = Path(__file__).with_name("live_recorder.py")
    wait = random.Random(3)
    for batch in range(0, KILLS, 5):
        paths = [tmp_path / f"{batch + number}.mcap" for number in range(5)]
        children = [
            subprocess.Popen(
                [sys.executable, str(program), str(path)], stdout=subprocess.PIPE, text=True
            )
            for path in paths
        ]
        firsts = []
        for child in children:  # the clock of each starts with its first packet
            assert child.stdout is not None
            firsts.append(child.stdout.readline())
        time.sleep(wait.uniform(0.6, 1.2))
        for child, path, first in zip(children, paths, firsts, strict=True):
            child.kill()
            # Where it came no further in that time the first is also the last.
            said = [first, *child.communicate()[0].splitlines()]
            number, at_ns = (int(word) for word in said[-1].split())
            recording = Recording.open(path)
            packets = list(recording.packets())
            assert recording.recovery is not None
            assert at_ns - packets[-1].host_time_ns <= 1_000_000_000
            assert len(packets) > number, "a packet that was acknowledged is not in the file"
            assert [packet.payload[:4] for packet in packets] == [
                count.to_bytes(4) for count in range(len(packets))
            ]
            assert recover(path).messages == len(packets)
