"""Which set of an exercise is next, and what is on the bar for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lift_monitor.programme.plan import Rack
from lift_monitor.programme.plates import load_bar
from lift_monitor.programme.prescription import BarLoad, PrescribedSet, Prescription
from lift_monitor.programme.record import SetKind


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set that was done: of which kind, and its number within it."""

    kind: SetKind
    number: int


def next_set(
    prescription: Prescription,
    done: Sequence[SetDone],
    *,
    skipped: Sequence[SetDone] = (),
    loads_kg: Mapping[SetKind, float] | None = None,
    rack: Rack | None = None,
) -> PrescribedSet | None:
    """The next set of an exercise; after the last one a further one of the same kind.

    Parameters
    ----------
    prescription : Prescription
    done : sequence of SetDone
        In any order.
    skipped : sequence of SetDone
        Sets that the clinician leaves out.
    loads_kg : mapping, optional
        Loads that the clinician put in the place of what is prescribed, by kind of set.
    rack : Rack, optional
        To tell the plates of such a load.

    Returns
    -------
    PrescribedSet or None
        ``None`` if nothing is prescribed.
    """
    if not prescription.sets:
        return None
    over = {(s.kind, s.number) for s in (*done, *skipped)}
    found = next((s for s in prescription.sets if (s.kind, s.number) not in over), None)
    if found is None:
        last = prescription.sets[-1]
        numbers = [number for kind, number in over if kind is last.kind]
        found = replace(last, number=max(numbers, default=0) + 1)
    changed = (loads_kg or {}).get(found.kind)
    return found if changed is None else with_load(found, changed, rack)


def with_load(planned: PrescribedSet, load_kg: float, rack: Rack | None) -> PrescribedSet:
    """A set with another mass on the bar; its share of the maximum changes with it."""
    share = None
    if planned.intensity_pct is not None and planned.load_kg:
        share = planned.intensity_pct * load_kg / planned.load_kg
    return replace(planned, load_kg=load_kg, intensity_pct=share, bar=plates_of(load_kg, rack))


def plates_of(load_kg: float, rack: Rack | None) -> BarLoad | None:
    """The plates of exactly this load; ``None`` where it cannot be loaded so."""
    bar = load_bar(load_kg, rack) if rack is not None else None
    return bar if bar is not None and abs(bar.total_kg - load_kg) < 1e-6 else None


def remaining(prescription: Prescription, done: Sequence[SetDone]) -> int:
    """Sets beside the warm-up that are prescribed and not done yet."""
    over = {(s.kind, s.number) for s in done}
    return sum(
        1
        for s in prescription.sets
        if s.kind is not SetKind.WARM_UP and (s.kind, s.number) not in over
    )
