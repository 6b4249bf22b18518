"""Records packets in real time until it is killed; says on stdout what it acknowledged.

Run by ``test_recovery.py`` in a process of its own: ``live_recorder.py FILE``.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from lift_monitor.drivers.packet import Packet
from lift_monitor.recordings.container import Recorder, SessionFacts
from lift_monitor.samples import Role, SensorInfo

STEP_NS = 10_000_000


def main(path: Path) -> None:
    sensors = [SensorInfo("bar", Role.BAR, "open-imu"), SensorInfo("chest", Role.THORAX, "other")]
    facts = SessionFacts(started_at=datetime.now(UTC), source="live")
    started_ns = time.monotonic_ns()
    with Recorder(path, facts, sensors) as recorder:
        number = 0
        while True:
            now_ns = time.monotonic_ns() - started_ns
            sensor = sensors[number % 2].sensor_id
            recorder.write(Packet(sensor, "imu", now_ns, number.to_bytes(4) * 60))
            sys.stdout.write(f"{number} {now_ns}\n")
            sys.stdout.flush()
            number += 1
            time.sleep(STEP_NS * 1e-9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
