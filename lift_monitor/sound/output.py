"""The loudspeaker: one voice, cut and replaced without a click, on the default output.

sounddevice (PortAudio) is optional and imported only here, when a player is opened.
"""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np

from lift_monitor.sound.earcons import RATE_HZ, samples_of
from lift_monitor.sound.player import CuePlayer, SilentPlayer, Sound
from lift_monitor.units import FloatArray

_FADE_S: Final = 0.008
"""Short enough for an alarm to come at once, long enough not to click."""
NOT_INSTALLED: Final = (
    "Sounds need the optional extra audio; install it in the folder of lift_monitor's source "
    'with pip install ".[audio]".'
)
NO_PORTAUDIO: Final = (
    "Sounds need the system library PortAudio, which is missing; on Debian and Ubuntu install "
    "it with sudo apt install libportaudio2."
)


class OneVoice:
    """Mixes nothing: what is played replaces what was, over a short fade.

    Safe between the thread that plays and the one that fills.

    Parameters
    ----------
    rate_hz : int
    """

    def __init__(self, rate_hz: int = RATE_HZ) -> None:
        self._fade = max(1, round(_FADE_S * rate_hz))
        self._lock = threading.Lock()
        self._buffer: FloatArray = np.zeros(0)
        self._at = 0

    @property
    def busy(self) -> bool:
        """Whether samples are left."""
        with self._lock:
            return self._at < self._buffer.size

    def play(self, samples: FloatArray) -> None:
        """Fade out what plays and go on with ``samples``, ``(n,)`` within ±1."""
        with self._lock:
            tail = self._buffer[self._at : self._at + self._fade]
            fading = tail * np.linspace(1.0, 0.0, self._fade)[: tail.size]
            self._buffer, self._at = np.concatenate([fading, samples]), 0

    def stop(self) -> None:
        """Fade out what plays."""
        self.play(np.zeros(0))

    def fill(self, count: int) -> FloatArray:
        """The next ``count`` samples, silence where there are none."""
        out = np.zeros(count)
        with self._lock:
            part = self._buffer[self._at : self._at + count]
            self._at += part.size
        out[: part.size] = part
        return out


class SounddevicePlayer:
    """Earcons on the default output device; words are played as earcons.

    Parameters
    ----------
    audio : module
        sounddevice.

    Raises
    ------
    OSError
        If there is no output that can be opened; one sentence.
    """

    def __init__(self, audio: Any) -> None:
        self._closed = False
        errors = (audio.PortAudioError, ValueError, OSError)
        try:
            rates = [RATE_HZ, int(audio.query_devices(kind="output")["default_samplerate"])]
        except errors as error:
            raise OSError(
                "No sound output was found; connect a loudspeaker and start the program again."
            ) from error
        for rate_hz in rates:
            try:
                self._open(audio, rate_hz)
            except errors as error:
                told = error
            else:
                return
        raise OSError(
            f"The sound output could not be opened ({' '.join(str(told).split())}); choose another "
            "one in the system's settings and start the program again."
        )

    def _open(self, audio: Any, rate_hz: int) -> None:
        self._rate_hz, self._voice = rate_hz, OneVoice(rate_hz)
        for_each_block = self._voice.fill

        def fill(out: Any, frames: int, *_: object) -> None:
            out[:, 0] = for_each_block(frames)

        self._stream = audio.OutputStream(
            samplerate=rate_hz, channels=1, dtype="float32", callback=fill
        )
        self._stream.start()

    def problem(self, *, words: bool) -> str:  # noqa: ARG002 - words become earcons
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        if self._closed or not self._stream.active:
            return "The sound output is gone; connect it and start the program again."
        return ""

    @property
    def note(self) -> str:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        return "Words are not spoken here; earcons are sounded instead."

    @property
    def can_speak(self) -> bool:
        """Never."""
        return False

    @property
    def busy(self) -> bool:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        # A stream that has died takes no more samples; the channel must not wait for it.
        return not self.problem(words=False) and self._voice.busy

    def play(self, sound: Sound) -> bool:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        if self.problem(words=False):
            return False
        self._voice.play(samples_of(sound.kind, self._rate_hz))
        return True

    def stop(self) -> None:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        self._voice.stop()

    def close(self) -> None:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        if not self._closed:
            self._closed = True
            self._stream.close()


def open_earcons() -> CuePlayer:
    """The loudspeaker, or a silent player that says why there is none."""
    try:
        import sounddevice
    except ImportError:
        return SilentPlayer(NOT_INSTALLED)
    except OSError:  # sounddevice is there, the library that it speaks to is not
        return SilentPlayer(NO_PORTAUDIO)
    try:
        return SounddevicePlayer(sounddevice)
    except OSError as error:
        return SilentPlayer(str(error))
