"""What the clinician says of a set that was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lift_monitor.clinic.words import (
    StoredAdverseEvent,
    StoredSet,
)
from lift_monitor.programme.record import EventGrade
from lift_monitor.visit.ground import Ground
from lift_monitor.visit.rest import Rest, rest


class Editing(Ground):
    """Ratings, edits, adverse events, rest."""

    def rate(self, set_id: int, **ratings: object) -> StoredSet:
        """Say one thing or more of a set, e.g. ``rate(7, rpe=14)``; the others stay.

        Parameters
        ----------
        set_id : int
        **ratings
            Fields of :class:`~lift_monitor.clinic.words.Ratings`.
        """
        wanted = replace(self._set(set_id).ratings, **ratings)  # type: ignore[arg-type]
        return self._changed(self._clinic.sessions.rate(set_id, wanted, self.by))

    def count(self, set_id: int, repetitions: int) -> StoredSet:
        """Say how many repetitions count: the last ones are taken out, or some are added."""
        found = self._set(set_id)
        counted = found.counted or 0
        reason = "counted by hand"
        for _ in range(repetitions - counted):
            found = self._clinic.sessions.add_repetition(set_id, self.by, reason)
        counting = [r for r in found.repetitions if r.counts]
        for rep in reversed(counting[len(counting) - max(0, counted - repetitions) :]):
            self._clinic.sessions.remove_repetition(rep.id, self.by, reason)
        return self._changed(found)

    def take_out(self, repetition_id: int, reason: str = "") -> None:
        """A repetition shall not count; its values stay."""
        self._clinic.sessions.remove_repetition(repetition_id, self.by, reason)
        self._look_again()

    def put_back(self, repetition_id: int) -> None:
        """A repetition that was taken out counts again."""
        self._clinic.sessions.restore_repetition(repetition_id, self.by)
        self._look_again()

    def add_repetition(self, set_id: int, reason: str = "") -> None:
        """One more repetition counts than was measured; of impacts, one more landing."""
        found = self._set(set_id)
        if found.counted is None and found.new.landings:
            # What is counted by hand stands in the place of what was measured.
            self.count(set_id, len(found.new.landings) + 1)
            return
        self._clinic.sessions.add_repetition(set_id, self.by, reason)
        self._look_again()

    def undo(self, set_id: int) -> None:
        """Take back the last edit of a set."""
        self._clinic.sessions.undo(set_id, self.by)
        self._look_again()

    def correct_load(self, set_id: int, load_kg: float) -> None:
        """Another mass was on the bar than the record says."""
        self._clinic.sessions.set_load_of(set_id, load_kg, self.by)
        self._look_again()

    def remove_set(self, set_id: int, reason: str) -> None:
        """A set shall not count, e.g. because nobody lifted; it is kept."""
        self._clinic.sessions.remove_set(set_id, self.by, reason)
        self._look_again()

    def adverse(self, grade: EventGrade, text: str, exercise: str = "") -> StoredAdverseEvent:
        """Note an adverse event."""
        stored = self._clinic.sessions.adverse_event(
            self.person.id, self.session.id, grade, text, exercise, self.day, self.by
        )
        self._stale = True
        return stored

    def adverse_events(self) -> tuple[StoredAdverseEvent, ...]:
        """Adverse events of this session."""
        found = self._clinic.sessions.adverse_events(self.person.id)
        return tuple(event for event in found if event.session_id == self.session.id)

    def rest(self, now: datetime | None = None) -> Rest | None:
        """The rest since the last set of this session; ``None`` before the first."""
        if not self._sets:
            return None
        last = max(self._sets, key=lambda s: s.new.at)
        planned = self.prescription(last.new.exercise).rest_s
        return rest(last.new.at, now or self._clock(), planned)
