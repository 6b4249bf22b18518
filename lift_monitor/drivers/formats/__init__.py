"""Sensor formats: one pure codec a family, bytes to samples."""

from __future__ import annotations

from collections.abc import Callable

from lift_monitor.drivers.formats import (
    float_rows,
    metamotion,
    movella_dot,
    movesense,
    open_imu,
    polar_pmd,
    thingy52,
    witmotion,
)
from lift_monitor.drivers.formats.base import Decoder, FormatError, TimeBase
from lift_monitor.samples import SensorInfo

_DECODERS: dict[str, Callable[[SensorInfo], Decoder]] = {
    open_imu.NAME: lambda _: open_imu.OpenImuDecoder(),
    metamotion.NAME: metamotion.MetaMotionDecoder,
    movella_dot.NAME: movella_dot.MovellaDotDecoder,
    movesense.NAME: movesense.MovesenseDecoder,
    polar_pmd.NAME: polar_pmd.PolarDecoder,
    witmotion.NAME: lambda _: witmotion.WitMotionDecoder(),
    thingy52.NAME: lambda _: thingy52.Thingy52Decoder(),
    float_rows.NAME: lambda _: float_rows.FloatRowsDecoder(),
}


def make_decoder(info: SensorInfo) -> Decoder:
    """Make the decoder of a sensor's format.

    Raises
    ------
    FormatError
        If this version does not know the format.
    """
    try:
        make = _DECODERS[info.format]
    except KeyError:
        known = ", ".join(sorted(_DECODERS))
        raise FormatError(
            f"sensor format {info.format!r} is not known to this version (known: {known})"
        ) from None
    return make(info)


__all__ = ["Decoder", "FormatError", "TimeBase", "make_decoder"]
