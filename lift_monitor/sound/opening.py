"""The sound of this computer: loudspeaker and voice behind one player."""

from __future__ import annotations

import shutil
import sys

from lift_monitor.sound.output import open_earcons
from lift_monitor.sound.player import CuePlayer, Sound
from lift_monitor.sound.speech import Voice, find_command, missing_voice


class SpeakingPlayer:
    """Words by the voice, everything else and words without a voice by the loudspeaker.

    Parameters
    ----------
    earcons : CuePlayer
    voice : Voice, optional
        ``None`` if the computer has none.
    """

    def __init__(self, earcons: CuePlayer, voice: Voice | None) -> None:
        self._earcons, self._voice = earcons, voice

    def problem(self, *, words: bool) -> str:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        return "" if words and self.can_speak else self._earcons.problem(words=words)

    @property
    def note(self) -> str:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        if self._voice is None:
            return missing_voice()
        return self._voice.problem or self._earcons.problem(words=False)

    @property
    def can_speak(self) -> bool:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        return self._voice is not None and not self._voice.problem

    @property
    def busy(self) -> bool:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        return self._earcons.busy or (self._voice is not None and self._voice.busy)

    def play(self, sound: Sound) -> bool:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        self.stop()
        if sound.words and self._voice is not None and self.can_speak:
            self._voice.say(sound.words)
            return True
        return self._earcons.play(Sound(sound.kind))

    def stop(self) -> None:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        self._earcons.stop()
        if self._voice is not None:
            self._voice.stop()

    def close(self) -> None:
        """See :class:`~lift_monitor.sound.player.CuePlayer`."""
        self._earcons.close()
        if self._voice is not None:
            self._voice.close()


def open_player() -> CuePlayer:
    """Open what this computer has; never fails, but may have to say why it is silent."""
    command = find_command(sys.platform, shutil.which)
    return SpeakingPlayer(open_earcons(), Voice(command) if command else None)
