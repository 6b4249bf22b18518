"""Sensor formats: one pure codec a family, bytes to samples."""

from __future__ import annotations

from collections.abc import Callable

from lift_monitor.drivers.formats import float_rows, open_imu
from lift_monitor.drivers.formats.base import Decoder, FormatError

_DECODERS: dict[str, Callable[[], Decoder]] = {
    open_imu.NAME: open_imu.OpenImuDecoder,
    float_rows.NAME: float_rows.FloatRowsDecoder,
}


def make_decoder(format_name: str) -> Decoder:
    """Make the decoder of a format.

    Raises
    ------
    FormatError
        If this version does not know the format.
    """
    try:
        return _DECODERS[format_name]()
    except KeyError:
        known = ", ".join(sorted(_DECODERS))
        raise FormatError(
            f"sensor format {format_name!r} is not known to this version (known: {known})"
        ) from None


__all__ = ["Decoder", "FormatError", "make_decoder"]
