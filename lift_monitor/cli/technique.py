"""What the trunk sensors tell: flags, landings, and whether anybody watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from lift_monitor.analysis import Analysis
    from lift_monitor.technique import Landing, TrunkFlag

_LOAD = {True: "yes", False: "no", None: "not known"}


def show_technique(screen: Console, analysis: Analysis) -> None:
    """Print flags and landings, and whether technique was watched at all."""
    if analysis.flags:
        screen.print("\nFlags of technique:")
        screen.print(flag_table(analysis.flags))
    for sentence in watched(analysis):
        screen.print(sentence, markup=False, soft_wrap=True)
    if analysis.landings:
        screen.print("\nLandings (forces are estimated):")
        screen.print(landing_table(analysis.landings))


def watched(analysis: Analysis) -> tuple[str, ...]:
    """Say whether technique was watched; an empty list of flags alone does not tell.

    Returns
    -------
    tuple of str
        Sentences; none where there are flags and technique was watched throughout.
    """
    if not analysis.trunk_steps:
        return ("Technique was not watched: there is no sensor on the thorax or the pelvis.",)
    if analysis.calibration is None:
        return ("Technique was not watched: the trunk sensors were not calibrated.",)
    if len(analysis.trunk_steps) == 1:
        return ("Lumbar flexion was not watched: there is one trunk sensor only.",)
    found = _dark(analysis)
    if found or analysis.flags:
        return found
    return ("No flag of technique; watched throughout.",)


def _dark(analysis: Analysis) -> tuple[str, ...]:
    """Say in which sets, or in a session without any, the angle of the spine was not known."""
    import numpy as np

    from lift_monitor.signal.spine_gaps import SpineGaps

    known_s = analysis.spine.time_s[np.isfinite(analysis.spine.lumbar_flexion_deg)]
    if not known_s.size:
        return ("Technique was not watched: the angle of the spine was never known.",)
    spans = [(f"Set {one.number}", one.start_s, one.end_s) for one in analysis.sets]
    if not spans:
        spans = [("The session", float(known_s[0]), float(analysis.spine.time_s[-1]))]
    gaps = SpineGaps()
    gaps.take(analysis.spine)
    found = [(name, gaps.longest_s(start_s, end_s)) for name, start_s, end_s in spans]
    return tuple(
        f"{name} was not watched throughout: the angle of the spine was not known for "
        f"{dark_s:.1f} s."
        for name, dark_s in found
        if dark_s
    )


def flag_table(flags: Sequence[TrunkFlag]) -> Table:
    """Rows of flags in the order of their beginning."""
    table = _table(("Flag", "Severity"), ("Start\ns", "End\ns", "Peak", "Limit"))
    table.add_column("Under load")
    table.add_column("Trust")
    for flag in sorted(flags, key=lambda one: one.start_s):
        unit = "\u00b0" if flag.unit == "deg" else "\u00b0/s"
        table.add_row(
            flag.kind.value.replace("_", " "),
            flag.severity.value,
            f"{flag.start_s:.1f}",
            "" if flag.end_s is None else f"{flag.end_s:.1f}",
            f"{flag.peak:.0f}{unit}",
            f"{flag.limit:.0f}{unit}",
            _LOAD[flag.under_load],
            flag.confidence.value,
        )
    return table


def landing_table(landings: Sequence[Landing]) -> Table:
    """Rows of landings; a clipped peak is told as "at least"."""
    table = _table(
        (),
        ("No.", "Contact\ns", "Flight\ns", "Peak\ng", "Force\nbody weights", "Other\nestimate"),
    )
    table.add_column("Trust")
    for number, landing in enumerate(landings, start=1):
        least = "\u2265 " if landing.clipped else ""
        other = landing.second_grf_bw
        table.add_row(
            str(number),
            f"{landing.contact_s:.2f}",
            f"{landing.flight_s:.2f}",
            f"{least}{landing.peak_acc_g:.1f}",
            f"{least}{landing.peak_grf_bw:.1f}",
            "" if other is None else f"{least}{other:.1f}",
            landing.confidence.value,
        )
    return table


def _table(words: Sequence[str], figures: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in words:
        table.add_column(title, no_wrap=True)
    for title in figures:
        table.add_column(title, justify="right", no_wrap=True)
    return table
