"""The earcons as WAV files, for whoever wants to hear or measure them elsewhere."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np

from lift_monitor.sound.earcons import RATE_HZ, samples_of
from lift_monitor.sound.words import CueKind
from lift_monitor.units import FloatArray


def wav_bytes(samples: FloatArray, rate_hz: int = RATE_HZ) -> bytes:
    """Pack samples within ±1 as a WAV file of one channel, 16 bits.

    Raises
    ------
    ValueError
        If a sample is beyond ±1: it would wrap round and crack.
    """
    if samples.size and float(np.max(np.abs(samples))) > 1.0:
        raise ValueError("a sound goes beyond full scale; lower its level")
    whole = np.round(samples * 32767.0).astype("<i2")
    with io.BytesIO() as buffer:
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(whole.tobytes())
        return buffer.getvalue()


def write_wavs(folder: Path) -> list[Path]:
    """Write one file a kind of cue, ``KIND.wav``; existing ones are replaced.

    Raises
    ------
    OSError
        If the folder or a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in CueKind:
        path = folder / f"{kind.value}.wav"
        path.write_bytes(wav_bytes(samples_of(kind)))
        written.append(path)
    return written
