"""A session in a process of its own, which the test kills: says each set that is stored.

Usage: ``python -m tests.visit.killed CLINIC``; the clinic holds one person.
"""

from __future__ import annotations

import sys
import time

from lift_monitor.clinic.store import Clinic
from lift_monitor.station_words import Mode
from lift_monitor.visit.visit import Visit
from tests.visit.happenings import BEGAN, BY, Clock, calibrated, flag, lift


def main(path: str) -> None:
    """Lift until killed."""
    with Clinic.open(path) as clinic:
        (person,) = clinic.people.all()
        visit = Visit.begin(clinic, person, BY, clock=Clock())
        visit.listen(Mode.LIVE, BEGAN)
        visit.apply([calibrated()])
        for number in range(1, 1000):
            events = [*lift(number, 100.0 * number), flag(100.0 * number + 6.0)]
            for done in visit.apply(events):
                visit.rate(done.id, rpe=13, pain=1)
                sys.stdout.write(f"{done.id}\n")
                sys.stdout.flush()
        time.sleep(60.0)


if __name__ == "__main__":
    main(sys.argv[1])
