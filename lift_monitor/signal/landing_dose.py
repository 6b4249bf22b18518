"""The dose of a session's landings: how many, how hard, within the band or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

OSTEOGENIC_BW = 3.0
"""Landings above three body weights are linked with bone. doi:10.1016/j.clinbiomech.2019.12.025,
in women before the menopause; not shown for older ones."""


@dataclass(frozen=True, slots=True)
class ImpactBand:
    """The clinician's target for a landing, in body weights; a force above it is too hard."""

    low_bw: float = OSTEOGENIC_BW
    high_bw: float = 4.0
    """Design default, clinician may change."""

    def __post_init__(self) -> None:
        if not 0.0 < self.low_bw < self.high_bw:
            raise ValueError(
                f"The target band of landings is {self.low_bw:g} to {self.high_bw:g} body weights: "
                "give a lower limit above 0 and below the upper one."
            )


@dataclass(frozen=True, slots=True)
class SessionDose:
    """What the landings of a session add up to."""

    count: int
    below: int
    within: int
    above: int
    mean_bw: float | None
    hardest_bw: float | None
    osteogenic_index: float
    at_least: bool
    """A peak was saturated: the true dose is larger."""


def osteogenic_index(peaks_bw: Sequence[float]) -> float:
    """Osteogenic index of one session: mean peak force in body weights times ln(N + 1).

    Turner & Robling 2003, Exerc Sport Sci Rev 31:45-50, doi:10.1097/00003677-200301000-00009.
    There all N loadings are of one force; the mean stands for it here. Zero without landings.
    """
    if not peaks_bw:
        return 0.0
    return sum(peaks_bw) / len(peaks_bw) * math.log(len(peaks_bw) + 1)


def session_dose(
    peaks_bw: Sequence[float], band: ImpactBand | None = None, *, clipped: bool = False
) -> SessionDose:
    """Add up the peak forces (body weights) of a session's landings.

    Parameters
    ----------
    peaks_bw : sequence of float
        One a landing.
    band : ImpactBand, optional
        The default band where none is given. Its limits belong to it.
    clipped : bool
        Whether any of the peaks is only a lower bound.
    """
    band = band or ImpactBand()
    below = sum(peak < band.low_bw for peak in peaks_bw)
    above = sum(peak > band.high_bw for peak in peaks_bw)
    return SessionDose(
        count=len(peaks_bw),
        below=below,
        within=len(peaks_bw) - below - above,
        above=above,
        mean_bw=sum(peaks_bw) / len(peaks_bw) if peaks_bw else None,
        hardest_bw=max(peaks_bw, default=None),
        osteogenic_index=osteogenic_index(peaks_bw),
        at_least=clipped,
    )
