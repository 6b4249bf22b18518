"""Goes on with a session until it is killed; says on stdout what was confirmed.

Run by ``test_killed.py`` in a process of its own: ``session_writer.py FILE``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Ratings
from tests.clinic.records import AT, BY, flag, landing, new_set


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(path: Path) -> None:
    with Clinic.open(path) as clinic:
        left_open = clinic.sessions.open_ones()
        if left_open:
            session = left_open[0]
        else:
            session = clinic.sessions.begin(clinic.people.find("Heron 14").id, AT, BY)
        number = len(clinic.sessions.sets(session.id))
        while True:
            number += 1
            new = new_set(
                number,
                load_kg=float(number),
                flags=(flag(11.0, 12.0),),
                landings=(landing(3.0, 3.5),),
            )
            kept = clinic.sessions.add_set(session.id, new, BY)
            say(f"set {kept.id} {number}")
            clinic.sessions.rate(kept.id, Ratings(rpe=6 + number % 15, pain=number % 11), BY)
            say(f"rated {kept.id} {6 + number % 15}")
            clinic.sessions.remove_repetition(kept.repetitions[number % 5].id, BY)
            say(f"removed {kept.id} {number % 5}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
