"""What the channel needs of whatever makes the sound, and the player that makes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from lift_monitor.sound.words import CueKind


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing to play: words if there are any, else the earcon of the kind."""

    kind: CueKind
    words: str = ""


class CuePlayer(Protocol):
    """Plays one sound at a time; nothing here waits or raises."""

    def problem(self, *, words: bool) -> str:
        """Why nothing can be heard of this sort, in one sentence; empty if it can."""
        ...

    @property
    def note(self) -> str:
        """What is played otherwise than asked for, in one sentence; empty if nothing is."""
        ...

    @property
    def can_speak(self) -> bool:
        """Whether words are spoken; otherwise the earcon stands for them."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a sound is being played."""
        ...

    def play(self, sound: Sound) -> bool:
        """Begin a sound in the place of the one being played; say whether it will be heard."""
        ...

    def stop(self) -> None:
        """End the sound being played."""
        ...

    def close(self) -> None:
        """Give the machine back what it lent; may be called more than once."""
        ...


NO_OUTPUT: Final = "No sound output is in use; watch the screen for alarms."


class SilentPlayer:
    """Plays nothing, and says so.

    Parameters
    ----------
    why : str
        One sentence for the user.
    """

    def __init__(self, why: str = NO_OUTPUT) -> None:
        self._why = why

    def problem(self, *, words: bool) -> str:  # noqa: ARG002 - neither sort can be heard
        """See :class:`CuePlayer`."""
        return self._why

    @property
    def note(self) -> str:
        """See :class:`CuePlayer`."""
        return ""

    @property
    def can_speak(self) -> bool:
        """Never."""
        return False

    @property
    def busy(self) -> bool:
        """Never."""
        return False

    def play(self, sound: Sound) -> bool:  # noqa: ARG002
        """Nothing is heard."""
        return False

    def stop(self) -> None:
        """Nothing to end."""

    def close(self) -> None:
        """Nothing to give back."""
