"""What was measured, what was estimated and how, and what nobody watched."""

from __future__ import annotations

from collections.abc import Sequence

from lift_monitor.programme.record import MaximumSource
from lift_monitor.report import text as say
from lift_monitor.report.blocks import Block, points, section, text
from lift_monitor.report.data import Reason, ReportData
from lift_monitor.report.progress import OSTEOGENIC

_MOST_REASONS = 6


def method_section(data: ReportData) -> Block:
    """How the numbers came about, and where they end."""
    items = [*_counted(data), *_technique(data), *_maxima(data), *_landings(data), *_pain(data)]
    basis = data.basis
    rules = say.listed(basis.rules_versions) or "none was used"
    return section(
        "How these numbers were made",
        points(items) if items else None,
        text(
            "The software proposes, the clinician decides; a load never changes by itself. All "
            "values from sensors are estimates. They are no diagnosis. "
            f"lift_monitor {basis.software_version}; rules of progression: {say.plain(rules)}.",
            muted=True,
        ),
    )


def _counted(data: ReportData) -> list[str]:
    basis = data.basis
    removed = basis.removed_sets
    out = f"The clinician took out {say.count(removed, 'set')}: " + (
        "it stays in the records and counts nowhere here."
        if removed == 1
        else "they stay in the records and count nowhere here."
    )
    if not basis.sets:
        return ["No set is recorded in this period." if not removed else out]
    ways = [
        f"{say.thousands(number)} {words}"
        for number, words in (
            (basis.measured, "measured by sensors"),
            (basis.by_hand, "counted by the clinician"),
            (basis.uncounted, "counted by nobody"),
        )
        if number
    ]
    counted = f"{say.count(basis.sets, 'set')}: {say.listed(ways)}."
    parts = [counted, out] if removed else [counted]
    if basis.edited_repetitions:
        parts.append(
            f"The clinician took out or added {say.count(basis.edited_repetitions, 'repetition')}; "
            "the measured values are kept."
        )
    if basis.low_confidence:
        words = f"In {say.count(basis.low_confidence, 'set')} the confidence was not high"
        told = _reasons(basis.reasons)
        parts.append(f"{words}: {told}." if told else f"{words}.")
    else:
        parts.append("In no set was the confidence less than high.")
    return [" ".join(parts)]


def _reasons(reasons: Sequence[Reason]) -> str:
    """Reasons with their numbers of sets, the most frequent first."""
    told = [
        f"{say.shortened(r.text.rstrip('.'), 120)} ({say.thousands(r.sets)})"
        for r in reasons[:_MOST_REASONS]
    ]
    return "; ".join([*told, "and others"] if len(reasons) > _MOST_REASONS else told)


def _technique(data: ReportData) -> list[str]:
    basis = data.basis
    if not basis.lifted:
        return []
    why = _reasons(basis.not_watched_because)
    words = (
        f"Technique was watched by sensors in {say.thousands(basis.watched_by_sensors)} of "
        f"{say.count(basis.lifted, 'set of lifts', 'sets of lifts')}, by the clinician’s eye in "
        f"{say.thousands(basis.watched_by_eye)}, by nobody in {say.thousands(basis.not_watched)}. "
        f"{f'Why nobody did: {why}. ' if why else ''}"
        "Not watched is not the same as clean. Angles of the trunk are estimated from sensors on "
        "pelvis and thorax after a calibration."
    )
    return [words]


def _maxima(data: ReportData) -> list[str]:
    found = {m.source for c in data.lifts for m in c.maxima}
    items = []
    if MaximumSource.REPETITIONS in found:
        items.append(
            "A one-repetition maximum by repetitions is estimated from a set at a known load by "
            "the formulae of Epley and of Brzycki; the smaller is taken. Where more repetitions "
            "would have been possible it is a lower bound: at least (an arrow in the chart)."
        )
    if MaximumSource.VELOCITY in found:
        items.append(
            "A one-repetition maximum by velocity is extrapolated from the velocity at several "
            "loads. It is advisory, shown with its interval, and no load is prescribed from it."
        )
    return items


def _landings(data: ReportData) -> list[str]:
    if not data.impacts:
        return []
    methods = say.listed(say.plain(m) for m in data.basis.force_methods) or "a method not recorded"
    words = (
        "Landing forces (in body weights, BW) are estimated from the acceleration of the trunk "
        f"by: {methods}. No force plate was used. {OSTEOGENIC}"
    )
    low = sum(p.low_confidence for p in data.impacts)
    if low:
        words += f" {say.count(low, 'landing')} had a low confidence."
    withdrawn = sum(p.withdrawn for p in data.impacts) + data.landings_without_force
    if withdrawn:
        words += f" The force of {say.count(withdrawn, 'landing')} was withdrawn."
    if any(p.at_least for p in data.impacts):
        words += (
            " Some peaks went beyond the sensor’s range: those forces are at least what is told."
        )
    return [words]


def _pain(data: ReportData) -> list[str]:
    basis = data.basis
    if not basis.sets:
        return []
    if not basis.pain_asked:
        return ["Pain was asked for after no set."]
    highest = "" if basis.highest_pain is None else f" The highest was {basis.highest_pain} of 10."
    words = (
        f"Pain was asked for after {say.thousands(basis.pain_asked)} of "
        f"{say.count(basis.sets, 'set')}; it was 4 of 10 or more after "
        f"{say.thousands(basis.painful)}.{highest}"
    )
    return [words]
