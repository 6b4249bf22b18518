"""The recording: one MCAP file a session (``docs/recording-format.md``).

Everything that the rest of the program needs of it, in one place.
"""

from __future__ import annotations

from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.facts import FORMAT_VERSION, Annotation, SessionFacts
from lift_monitor.recordings.reading import Recording, RecoveryReport
from lift_monitor.recordings.recorder import Recorder, save_recording
from lift_monitor.recordings.recovery import recover

__all__ = [
    "FORMAT_VERSION",
    "Annotation",
    "Recorder",
    "Recording",
    "RecordingError",
    "RecoveryReport",
    "SessionFacts",
    "recover",
    "save_recording",
]
