"""Make the sample sessions in recordings/ anew: ``python tools/sample_recordings.py [FOLDER]``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from lift_monitor.drivers.simulated import ShippedSession, shipped_sessions
from lift_monitor.recordings.facts import Annotation, SessionFacts
from lift_monitor.recordings.recorder import save_recording

FOLDER = Path(__file__).resolve().parent.parent / "recordings"


def make(folder: Path) -> list[Path]:
    """Write every sample session into a folder, instead of what stood there by its name."""
    return [_make_one(sample, folder) for sample in shipped_sessions()]


def _make_one(sample: ShippedSession, folder: Path) -> Path:
    session = sample.simulate()
    facts = SessionFacts(
        started_at=datetime(2025, 1, 1, 9, 0, tzinfo=UTC),
        source="simulated",
        exercise=sample.plan.exercise,
        load_kg=sample.load_kg,
        body_mass_kg=sample.body_mass_kg,
        target_reps=sample.plan.reps,
        target_sets=sample.plan.sets,
        notes={"seed": str(sample.seed), "text": sample.text},
    )
    remarks = [Annotation(n.at_s, n.kind, n.text, n.data) for n in session.notes]
    path = folder / f"{sample.name}.mcap"
    path.unlink(missing_ok=True)
    save_recording(path, facts, session.source, remarks)
    return path


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(f"{made}: {made.stat().st_size} bytes")
