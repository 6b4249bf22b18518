"""Tables of what the trunk sensors tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from lift_monitor.technique import Landing, TrunkFlag

_LOAD = {True: "yes", False: "no", None: "not known"}


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
