"""Polar Measurement Data: the bytes of its frames, requests and replies.

A frame is ``type u8`` (low six bits), ``u64`` nanoseconds of its last sample since
2000-01-01, ``frame type u8`` (bit 7: compressed), then samples.  Raw frames carry signed x,
y, z in mG.  A compressed frame begins with one whole sample; blocks of ``bits u8, count u8``
and so many differences follow, packed from the lowest bit up.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lift_monitor.drivers.formats.base import FormatError
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, BoolArray, FloatArray

Integers: TypeAlias = NDArray[np.int64]

ACC, GYR, SDK = 2, 5, 9
"""Measurement types; the last is a mode, switched on and off like a measurement."""
SETTINGS, START, STOP = 1, 2, 3
REPLY: Final = 0xF0
RATE, RESOLUTION, RANGE, MILLI_RANGE, CHANNELS, FACTOR = 0, 1, 2, 3, 4, 5

_HEAD = struct.Struct("<BQB")
_SETTING_BYTES: Final = {RATE: 2, RESOLUTION: 2, RANGE: 2, MILLI_RANGE: 4, CHANNELS: 1, FACTOR: 4}
_LONGEST_FRAME = 512
"""The most that a GATT value can hold (Bluetooth Core, vol. 3 F 3.2.9)."""
_MOST_SAMPLES = 1024
_BLOCK = 8
MILLI_G_MPS2: Final = STANDARD_GRAVITY_MPS2 * 1e-3


class Frame(NamedTuple):
    """Samples of one frame in SI units; ``saturated`` tells those at full scale."""

    kind: int
    last_ns: int
    values: FloatArray
    saturated: BoolArray


class Reply(NamedTuple):
    """Answer of the control point; ``settings`` as far as they can be read."""

    op: int
    kind: int
    error: int
    settings: dict[int, tuple[float, ...]]


def read_reply(data: bytes) -> Reply:
    """Read an answer of the control point.

    Raises
    ------
    FormatError
        If it is none.
    """
    if len(data) < 4 or data[0] != REPLY:
        raise FormatError(f"polar-pmd reply {data[:4].hex()!r} is none")
    settings: dict[int, tuple[float, ...]] = {}
    at = 5
    while at + 2 <= len(data):
        kind, count = data[at], data[at + 1]
        size = _SETTING_BYTES.get(kind)
        at += 2
        if size is None or at + size * count > len(data):
            break  # the H10 ends its start reply with half a setting
        parts = [data[at + size * k : at + size * (k + 1)] for k in range(count)]
        if kind == FACTOR:
            settings[kind] = tuple(float(struct.unpack("<f", part)[0]) for part in parts)
        else:
            settings[kind] = tuple(float(int.from_bytes(part, "little")) for part in parts)
        at += size * count
    return Reply(data[1], data[2], data[3], settings)


def setting_bytes(kind: int, values: tuple[float, ...]) -> bytes:
    """Write one setting."""
    if kind == FACTOR:
        body = b"".join(struct.pack("<f", value) for value in values)
    else:
        size = _SETTING_BYTES[kind]
        body = b"".join(round(value).to_bytes(size, "little") for value in values)
    return bytes([kind, len(values)]) + body


def read_frame(data: bytes, factors: Mapping[int, float]) -> Frame:
    """Read a data frame.

    Parameters
    ----------
    data : bytes
    factors : mapping
        Measurement type to the g or deg/s a count, from the reply to the start.

    Raises
    ------
    FormatError
        If it is none, or its scale is not known.
    """
    if not _HEAD.size < len(data) <= _LONGEST_FRAME:
        raise FormatError(f"polar-pmd frame of {len(data)} bytes cannot be")
    first, last_ns, layout = _HEAD.unpack_from(data)
    kind, body = first & 0x3F, data[_HEAD.size :]
    compressed, number = bool(layout & 0x80), layout & 0x7F
    if kind == ACC and not compressed and number <= 2:
        counts, bits, unit = _raw(body, number + 1), 8 * (number + 1), MILLI_G_MPS2
    elif kind == ACC and compressed and number == 1:
        counts, bits, unit = _differences(body, 16), 16, MILLI_G_MPS2
    elif kind == GYR and compressed and number == 1:
        return _floats(kind, last_ns, body)
    elif kind in (ACC, GYR) and compressed and number == 0:
        if kind not in factors:
            raise FormatError("polar-pmd frame came before the reply that tells its scale")
        unit = factors[kind] * (STANDARD_GRAVITY_MPS2 if kind == ACC else RADPS_PER_DPS)
        counts, bits = _differences(body, 16), 16
    else:
        raise FormatError(f"polar-pmd frame of type {kind} with layout 0x{layout:02x} is not known")
    full = (1 << (bits - 1)) - 1
    saturated = ((counts >= full) | (counts <= -full)).any(axis=1)
    return Frame(kind, last_ns, counts.astype(np.float64) * unit, saturated)


def _raw(body: bytes, size: int) -> Integers:
    if not body or len(body) % (3 * size):
        raise FormatError(f"polar-pmd frame with {len(body)} bytes of samples is torn")
    octets = np.frombuffer(body, np.uint8).reshape(-1, 3, size).astype(np.int64)
    values = (octets << (8 * np.arange(size))).sum(axis=2)
    return _signed(values, 8 * size)


def _floats(kind: int, last_ns: int, body: bytes) -> Frame:
    """Floats in deg/s; their differences are those of the bit patterns as whole numbers."""
    patterns = (_differences(body, 32) & 0xFFFFFFFF).astype(np.uint32)
    with np.errstate(invalid="ignore", over="ignore"):
        values = patterns.view(np.float32).astype(np.float64) * RADPS_PER_DPS
    return Frame(kind, last_ns, values, np.zeros(values.shape[0], np.bool_))


def _differences(body: bytes, width: int) -> Integers:
    """Return the samples of a compressed frame as (n, 3) whole numbers."""
    size = width // 8
    if len(body) < 3 * size:
        raise FormatError("polar-pmd compressed frame has no whole first sample")
    steps = [_raw(body[: 3 * size], size)]
    at, total = 3 * size, 1
    while at < len(body):
        if at + 2 > len(body):
            raise FormatError("polar-pmd compressed frame ends inside a block")
        bits, count = body[at], body[at + 1]
        end = at + 2 + (bits * count * 3 + 7) // 8
        total += count
        if bits > 32 or end > len(body) or total > _MOST_SAMPLES:
            raise FormatError("polar-pmd compressed frame has a block that does not fit it")
        if count:
            steps.append(_unpack(body[at + 2 : end], bits, count))
        at = end
    return np.cumsum(np.concatenate(steps), axis=0)


def _unpack(packed: bytes, bits: int, count: int) -> Integers:
    if bits == 0:
        return np.zeros((count, 3), np.int64)
    stream = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    digits = stream[: bits * count * 3].reshape(-1, 3, bits).astype(np.int64)
    return _signed((digits << np.arange(bits)).sum(axis=2), bits)


def _signed(values: Integers, bits: int) -> Integers:
    half = np.int64(1) << (bits - 1)
    return np.asarray((values ^ half) - half, dtype=np.int64)


def encode_raw(kind: int, last_ns: int, counts: Integers, size: int) -> bytes:
    """Pack (n, 3) whole numbers as ``size`` bytes each."""
    octets = (counts[:, :, None] >> (8 * np.arange(size))) & 0xFF
    return _HEAD.pack(kind, last_ns, size - 1) + octets.astype(np.uint8).tobytes()


def encode_compressed(kind: int, last_ns: int, number: int, counts: Integers, width: int) -> bytes:
    """Pack (n, 3) whole numbers of ``width`` bits as differences (frame type ``number``)."""
    head = _HEAD.pack(kind, last_ns, 0x80 | number)
    first = encode_raw(kind, last_ns, counts[:1], width // 8)[_HEAD.size :]
    steps = np.diff(counts, axis=0)
    if width == 32:  # differences of bit patterns wrap
        steps = _signed(steps & 0xFFFFFFFF, 32)
    blocks = []
    for begin in range(0, steps.shape[0], _BLOCK):
        run = steps[begin : begin + _BLOCK]
        bits = max(int(value ^ (value >> 63)).bit_length() + 1 for value in run.ravel())
        digits = (run[:, :, None] >> np.arange(bits)) & 1
        packed = np.packbits(digits.astype(np.uint8).ravel(), bitorder="little")
        blocks.append(bytes([bits, run.shape[0]]) + packed.tobytes())
    return head + first + b"".join(blocks)
