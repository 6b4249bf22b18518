"""From a set in the store to a set as the programme sees it.

How each value comes about:

- ``repetitions``: measured ones that the clinician did not take out, and those that were added;
  where nothing was measured, the count by hand; where neither is, the landings; else ``None``.
- ``red_repetitions`` and ``amber_repetitions``: counting repetitions with a mark
  (:mod:`lift_monitor.clinic.marks`). A repetition that was taken out takes its flags along: it
  was none. Of a set without measured repetitions, each flag under load is one repetition, but
  not more than there were.
- Nobody watched, neither calibrated sensors nor the clinician (``seen_clean``): ``None``, which
  is not *clean*. A flag that was raised all the same counts.
- The clinician saw that it was not clean: one red repetition at least, whatever sensors say; two
  where no sensor watched, because nobody can tell how many there were. The clinician saw that it
  was clean: counts where no sensor watched; a sensor's flag stands.
- ``velocity_loss_pct`` and ``best_velocity_mps``: of the repetitions that count; withdrawn with
  the confidence of the measured set.
- ``over_ceiling``: landings above the ceiling of the day; ``None`` where there was none.
- ``confidence``: the worst of what the session and the sensors said; low as well where a
  landing's peak was cut off (it is *at least* what is told), or no number is known at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lift_monitor.clinic.marks import counting
from lift_monitor.clinic.words import Ratings, StoredSet
from lift_monitor.events import Confidence
from lift_monitor.programme.record import SetKind, SetRecord
from lift_monitor.technique import Severity

_RANKS = (Confidence.HIGH, Confidence.LOW, Confidence.NONE)


@dataclass(frozen=True, slots=True)
class RepetitionFacts:
    """What of one repetition goes into a record."""

    counts: bool
    red: bool
    amber: bool
    mean_velocity_mps: float | None
    """``None`` if it was added by hand, or its values were withdrawn."""


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What of one set goes into a record; from the whole set or from columns alike."""

    exercise: str
    kind: SetKind
    number: int
    load_kg: float | None
    target_repetitions: int
    watched: bool
    rung: int | None
    ceiling_bw: float | None
    counted_by_hand: int | None
    confidence: Confidence
    reasons: tuple[str, ...]
    measured: bool
    measured_confidence: Confidence
    measured_reasons: tuple[str, ...]
    repetitions: Sequence[RepetitionFacts]
    red_flags: int
    """Under load, or where the load is not known."""
    amber_flags: int
    landing_peaks_bw: Sequence[float]
    """Without withdrawn ones."""
    landings: int
    clipped: bool
    """A landing's peak was cut off."""
    ratings: Ratings


def record_of(stored: StoredSet) -> SetRecord:
    """A stored set as the programme sees it."""
    new, measured = stored.new, stored.new.measured
    flags = counting(new.flags)
    return record(
        SetFacts(
            exercise=new.exercise,
            kind=new.kind,
            number=new.number,
            load_kg=new.load_kg,
            target_repetitions=new.target_repetitions,
            watched=new.watched,
            rung=new.rung,
            ceiling_bw=new.ceiling_bw,
            counted_by_hand=new.counted_by_hand,
            confidence=new.confidence,
            reasons=new.reasons,
            measured=measured is not None,
            measured_confidence=measured.confidence if measured else Confidence.HIGH,
            measured_reasons=measured.reasons if measured else (),
            repetitions=[
                RepetitionFacts(
                    r.counts,
                    r.red,
                    r.amber,
                    r.measured.mean_velocity_mps
                    if r.measured and r.measured.confidence is not Confidence.NONE
                    else None,
                )
                for r in stored.repetitions
            ],
            red_flags=sum(flag.severity is Severity.RED for flag in flags),
            amber_flags=sum(flag.severity is Severity.AMBER for flag in flags),
            landing_peaks_bw=[
                land.peak_grf_bw for land in new.landings if land.confidence is not Confidence.NONE
            ],
            landings=len(new.landings),
            clipped=any(land.clipped for land in new.landings),
            ratings=stored.ratings,
        )
    )


def record(facts: SetFacts) -> SetRecord:
    """What the programme sees of the facts of one set."""
    counted = _counted(facts)
    red, amber = _technique(facts, counted)
    loss_pct, best_mps = _velocity(facts)
    confidence, reasons = _trust(facts, counted)
    peaks = facts.landing_peaks_bw
    over = None
    if facts.ceiling_bw is not None and facts.landings:
        over = sum(peak > facts.ceiling_bw for peak in peaks)
    return SetRecord(
        exercise=facts.exercise,
        number=facts.number,
        kind=facts.kind,
        load_kg=facts.load_kg,
        target_repetitions=facts.target_repetitions,
        repetitions=counted,
        red_repetitions=red,
        amber_repetitions=amber,
        velocity_loss_pct=loss_pct,
        best_velocity_mps=best_mps,
        rpe=facts.ratings.rpe,
        pain=facts.ratings.pain,
        sudden_back_pain=facts.ratings.sudden_back_pain,
        to_failure=facts.ratings.to_failure,
        rung=facts.rung,
        landings=facts.landings or None,
        hardest_landing_bw=max(peaks, default=None),
        over_ceiling=over,
        confidence=confidence,
        reasons=reasons,
    )


def _counted(facts: SetFacts) -> int | None:
    here = sum(1 for r in facts.repetitions if r.counts)
    if facts.measured:
        return here
    if facts.counted_by_hand is not None:
        return facts.counted_by_hand + here
    if facts.repetitions:
        return here
    return facts.landings or None


def _technique(facts: SetFacts, counted: int | None) -> tuple[int | None, int | None]:
    if facts.measured:
        red = sum(1 for r in facts.repetitions if r.counts and r.red)
        amber = sum(1 for r in facts.repetitions if r.counts and r.amber)
    else:
        most = counted if counted else facts.red_flags + facts.amber_flags
        red = min(facts.red_flags, most)
        amber = min(facts.amber_flags, most - red)
    seen = facts.ratings.seen_clean
    if seen is False:
        red = max(red, 1 if facts.watched else min(2, counted or 2))
    if facts.watched or seen is not None:
        return red, amber
    return red or None, amber or None


def _velocity(facts: SetFacts) -> tuple[float | None, float | None]:
    if facts.measured_confidence is Confidence.NONE:
        return None, None
    speeds = [
        r.mean_velocity_mps
        for r in facts.repetitions
        if r.counts and r.mean_velocity_mps is not None
    ]
    if not speeds or max(speeds) <= 0.0:
        return None, None
    best = max(speeds)
    return 100.0 * (1.0 - speeds[-1] / best), best


def _trust(facts: SetFacts, counted: int | None) -> tuple[Confidence, tuple[str, ...]]:
    worst = max(facts.confidence, facts.measured_confidence, key=_RANKS.index)
    reasons = list(dict.fromkeys((*facts.reasons, *facts.measured_reasons)))
    if facts.clipped:
        worst = max(worst, Confidence.LOW, key=_RANKS.index)
        reasons.append("a landing's peak was cut off: it is at least what is told")
    if counted is None:
        worst = max(worst, Confidence.LOW, key=_RANKS.index)
        reasons.append("nobody counted the repetitions")
    return worst, tuple(reasons)
