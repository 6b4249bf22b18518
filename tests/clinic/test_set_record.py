"""How a set in the store becomes a set of the programme: cases to be read in rows."""

from __future__ import annotations

import pytest

from lift_monitor.clinic.marks import Mark, marks_of
from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Ratings, StoredSession, StoredSet
from lift_monitor.events import Confidence
from lift_monitor.programme.record import SetKind
from lift_monitor.technique import Severity, TrunkFlag
from tests.clinic.records import BY, flag, landing, lift_set, new_set, repetition

RED, AMBER, PLAIN = Mark(red=True), Mark(amber=True), Mark()
# Repetitions run from 10 to 14 s, from 20 to 24 s, ...


@pytest.mark.parametrize(
    ("flags", "marks"),
    [
        ((), (PLAIN, PLAIN)),
        ((flag(11.0, 12.0),), (RED, PLAIN)),
        ((flag(9.0, 30.0),), (RED, RED)),
        ((flag(23.0, None),), (PLAIN, RED)),
        ((flag(14.0, 14.5),), (RED, PLAIN)),
        ((flag(11.0, 12.0, Severity.AMBER), flag(11.2, 11.8)), (RED, PLAIN)),
        ((flag(11.2, 11.8), flag(11.0, 12.0, Severity.AMBER)), (RED, PLAIN)),
        ((flag(21.0, 22.0, Severity.AMBER),), (PLAIN, AMBER)),
        ((flag(11.0, 12.0, under_load=False),), (PLAIN, PLAIN)),
        ((flag(11.0, 12.0, under_load=None),), (RED, PLAIN)),
        ((flag(15.0, 16.0),), (RED, PLAIN)),  # between two: the nearer one
        ((flag(18.0, 19.0),), (PLAIN, RED)),
        ((flag(2.0, 3.0),), (RED, PLAIN)),
        ((flag(40.0, None),), (PLAIN, RED)),
    ],
)
def test_a_flag_belongs_to_the_repetitions_that_it_overlaps_or_is_nearest_to(
    flags: tuple[TrunkFlag, ...], marks: tuple[Mark, ...]
) -> None:
    assert marks_of((repetition(1), repetition(2)), flags) == marks


def stored(clinic: Clinic, session: StoredSession, new: NewSet, ratings: Ratings) -> StoredSet:
    return clinic.sessions.rate(clinic.sessions.add_set(session.id, new, BY).id, ratings, BY)


BY_HAND = new_set(measured=None, watched=False, counted_by_hand=5)
UNWATCHED = new_set(watched=False)
FLAGGED = (flag(11.0, 12.0), flag(21.0, 22.0, Severity.AMBER))


@pytest.mark.parametrize(
    ("new", "seen_clean", "red", "amber"),
    [
        # sensors watched
        (new_set(), None, 0, 0),
        (new_set(flags=FLAGGED), None, 1, 1),
        (new_set(flags=FLAGGED), True, 1, 1),
        (new_set(), False, 1, 0),
        (new_set(flags=FLAGGED), False, 1, 1),
        # no sensor watched: nobody knows, unless the clinician says so
        (UNWATCHED, None, None, None),
        (UNWATCHED, True, 0, 0),
        (UNWATCHED, False, 2, 0),
        (new_set(watched=False, flags=FLAGGED), None, 1, 1),
        (new_set(watched=False, flags=FLAGGED[1:]), None, None, 1),
        # nothing was measured
        (BY_HAND, None, None, None),
        (BY_HAND, True, 0, 0),
        (BY_HAND, False, 2, 0),
        (new_set(measured=None, watched=False, counted_by_hand=1), False, 1, 0),
        (new_set(measured=None, counted_by_hand=1, flags=FLAGGED), None, 1, 0),
        (new_set(measured=None, counted_by_hand=3, flags=FLAGGED), None, 1, 1),
        (new_set(measured=None, flags=FLAGGED), None, 1, 1),
    ],
)
def test_technique_is_clean_only_where_somebody_watched(
    clinic: Clinic,
    session: StoredSession,
    new: NewSet,
    seen_clean: bool | None,
    red: int | None,
    amber: int | None,
) -> None:
    record = record_of(stored(clinic, session, new, Ratings(seen_clean=seen_clean)))
    assert (record.red_repetitions, record.amber_repetitions) == (red, amber)


@pytest.mark.parametrize(
    ("new", "repetitions"),
    [
        (new_set(), 5),
        (new_set(counted_by_hand=3), 5),
        (BY_HAND, 5),
        (new_set(measured=None, counted_by_hand=0), 0),
        (new_set(measured=None), None),
        (new_set(measured=None, landings=(landing(1, 3.0), landing(2, 3.1)), rung=1), 2),
    ],
)
def test_repetitions_are_those_that_somebody_counted(
    clinic: Clinic, session: StoredSession, new: NewSet, repetitions: int | None
) -> None:
    kept = clinic.sessions.add_set(session.id, new, BY)
    record = record_of(kept)
    assert record.repetitions == repetitions
    assert (record.confidence is Confidence.HIGH) == (repetitions is not None)
    one_more = record_of(clinic.sessions.add_repetition(kept.id, BY)).repetitions
    if new.measured is not None or new.counted_by_hand is not None:
        assert one_more == (repetitions or 0) + 1


def test_a_removed_repetition_takes_its_flags_and_its_speed_along(
    clinic: Clinic, session: StoredSession
) -> None:
    new = new_set(flags=FLAGGED, measured=lift_set(0.6, 0.5, 0.45))
    kept = clinic.sessions.add_set(session.id, new, BY)
    before = record_of(kept)
    assert (before.repetitions, before.red_repetitions) == (3, 1)
    assert before.best_velocity_mps == 0.6
    assert before.velocity_loss_pct == pytest.approx(25.0)
    after = record_of(clinic.sessions.remove_repetition(kept.repetitions[0].id, BY))
    assert (after.repetitions, after.red_repetitions, after.amber_repetitions) == (2, 0, 1)
    assert after.best_velocity_mps == 0.5
    assert after.velocity_loss_pct == pytest.approx(10.0)
    for left in kept.repetitions[1:]:
        empty = record_of(clinic.sessions.remove_repetition(left.id, BY))
    assert (empty.repetitions, empty.red_repetitions) == (0, 0)
    assert (empty.velocity_loss_pct, empty.best_velocity_mps) == (None, None)


def test_a_withdrawn_set_has_no_velocity(clinic: Clinic, session: StoredSession) -> None:
    withdrawn = lift_set(confidence=Confidence.NONE, reasons=("nearly no samples",))
    record = record_of(clinic.sessions.add_set(session.id, new_set(measured=withdrawn), BY))
    assert (record.velocity_loss_pct, record.best_velocity_mps) == (None, None)
    assert (record.confidence, record.reasons) == (Confidence.NONE, ("nearly no samples",))
    assert record.repetitions == 5


@pytest.mark.parametrize(
    ("session_says", "sensors_say", "told"),
    [
        (Confidence.HIGH, Confidence.HIGH, Confidence.HIGH),
        (Confidence.LOW, Confidence.HIGH, Confidence.LOW),
        (Confidence.HIGH, Confidence.LOW, Confidence.LOW),
        (Confidence.NONE, Confidence.LOW, Confidence.NONE),
    ],
)
def test_the_worst_confidence_counts(
    clinic: Clinic,
    session: StoredSession,
    session_says: Confidence,
    sensors_say: Confidence,
    told: Confidence,
) -> None:
    new = new_set(confidence=session_says, reasons=("a",), measured=lift_set(
        confidence=sensors_say, reasons=("b", "a")))  # fmt: skip
    record = record_of(clinic.sessions.add_set(session.id, new, BY))
    assert (record.confidence, record.reasons) == (told, ("a", "b"))


def test_landings_are_counted_against_the_ceiling_of_the_day(
    clinic: Clinic, session: StoredSession
) -> None:
    landings = (
        landing(1.0, 3.9),
        landing(2.0, 4.1, clipped=True),
        landing(3.0, 9.0, confidence=Confidence.NONE),
    )
    drop = new_set(
        exercise="jumping_chin_up", measured=None, load_kg=None, landings=landings, rung=3
    )
    kept = clinic.sessions.add_set(session.id, drop, BY)
    record = record_of(kept)
    assert (record.landings, record.hardest_landing_bw, record.rung) == (3, 4.1, 3)
    assert record.over_ceiling is None
    assert record.confidence is Confidence.LOW
    assert "cut off" in record.reasons[0]
    under = new_set(2, measured=None, landings=landings, ceiling_bw=4.0)
    assert record_of(clinic.sessions.add_set(session.id, under, BY)).over_ceiling == 1
    none_measured = record_of(clinic.sessions.add_set(session.id, BY_HAND, BY))
    assert (none_measured.landings, none_measured.over_ceiling) == (None, None)


def test_what_was_asked_at_rest_is_handed_on(clinic: Clinic, session: StoredSession) -> None:
    ratings = Ratings(rpe=16, pain=4, sudden_back_pain=True, to_failure=True)
    record = record_of(stored(clinic, session, new_set(2, kind=SetKind.TEST), ratings))
    assert (record.rpe, record.pain, record.sudden_back_pain, record.to_failure) == (
        16, 4, True, True,
    )  # fmt: skip
    assert (record.kind, record.number, record.target_repetitions) == (SetKind.TEST, 2, 5)
    silent = record_of(clinic.sessions.add_set(session.id, new_set(), BY))
    assert (silent.rpe, silent.pain, silent.sudden_back_pain) == (None, None, False)
