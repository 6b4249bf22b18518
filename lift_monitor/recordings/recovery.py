"""Making a whole recording out of a cut or damaged one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.packing import pack
from lift_monitor.recordings.reading import Recording, RecoveryReport


def recover(damaged: Path, out: Path | None = None) -> RecoveryReport:
    """Write every whole message of a recording into a new, whole and indexed file.

    Parameters
    ----------
    damaged : Path
        Left untouched.
    out : Path, optional
        The file to make, ``NAME.recovered.mcap`` beside the damaged one if not given. An
        existing file is never overwritten.

    Returns
    -------
    RecoveryReport
        With ``lost_bytes`` 0 if the file was whole after all.

    Raises
    ------
    RecordingError
        If nothing can be recovered, ``out`` exists, or it cannot be written.
    """
    target = damaged.with_suffix(".recovered.mcap") if out is None else out
    recording = Recording.open(damaged)
    if target.exists():
        raise RecordingError(
            f"{target} exists already and a recording is never overwritten; choose another name."
        )
    try:
        pack(damaged, target)
    except OSError as error:
        raise RecordingError(
            f"{target} cannot be written ({error.strerror or error}); "
            "check the folder and the room on the disk."
        ) from None
    if recording.recovery is not None:
        return replace(recording.recovery, path=target)
    return RecoveryReport(target, recording.messages, recording.duration_s, 0)
