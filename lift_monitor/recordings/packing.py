"""The packed form of a recording: chunked and indexed, made from any file that can be walked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mcap.writer import CompressionType, Writer

from lift_monitor import __version__
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.recordings.records import ANNOTATIONS, PROFILE, RawMessage, RecordWalk

LIBRARY: Final = f"lift_monitor {__version__}"
ANNOTATION_SCHEMA: Final = (
    "lift_monitor.Annotation",
    "jsonschema",
    (
        b'{"type": "object", "properties": {"at_s": {"type": "number"}, '
        b'"kind": {"type": "string"}, "text": {"type": "string"}, "data": {"type": "object"}}}'
    ),
)
_CHUNK_BYTES = 1 << 17
"""About a minute of one sensor: what a seek reads in vain."""


def pack(source: Path, target: Path) -> None:
    """Copy every whole message of a file, cut or not, into an indexed one, atomically.

    The chunks are not compressed: sensor noise packs no better than 1.2 to 1.5 times, and
    in a compressed chunk a cut would take whole messages with it.
    """
    facts = RecordWalk(source)
    expected = sum(1 for _ in facts)
    with atomic_path(target) as part:
        with part.open("xb") as stream:
            writer = Writer(
                stream,
                chunk_size=_CHUNK_BYTES,
                compression=CompressionType.NONE,
                enable_data_crcs=True,
            )
            writer.start(profile=PROFILE, library=LIBRARY)
            for metadata in facts.metadata:
                writer.add_metadata(metadata.name, metadata.metadata)
            _copy_messages(RecordWalk(source), writer)
            writer.finish()  # type: ignore[no-untyped-call]
        if sum(1 for _ in RecordWalk(part)) != expected:
            raise OSError("the packed copy does not hold every message")


def _copy_messages(walk: RecordWalk, writer: Writer) -> None:
    channels: dict[int, int] = {}
    for message in walk:
        if message.channel_id not in channels:
            channels[message.channel_id] = _copy_channel(walk, message, writer)
        writer.add_message(
            channels[message.channel_id],
            message.log_time_ns,
            message.data,
            message.log_time_ns,
            message.sequence,
        )


def _copy_channel(walk: RecordWalk, message: RawMessage, writer: Writer) -> int:
    channel = walk.channels[message.channel_id]
    schema = 0
    if channel.metadata.get("kind") == ANNOTATIONS:
        schema = writer.register_schema(*ANNOTATION_SCHEMA)
    return writer.register_channel(
        channel.topic, channel.message_encoding, schema, channel.metadata
    )
