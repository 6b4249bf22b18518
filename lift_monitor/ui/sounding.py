"""The sound of a window: whose session sounds, and where its remarks go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lift_monitor.events import Exercise
from lift_monitor.sound.channel import SoundChannel
from lift_monitor.sound.player import CuePlayer, SilentPlayer
from lift_monitor.sound.words import SoundConfig
from lift_monitor.station import Mode, StationConfig
from lift_monitor.ui.session import Feed
from lift_monitor.ui.sound_control import SoundControl

_NO_SESSION: Final = SoundConfig(StationConfig(Exercise.FREE))
"""Before a session only the sound test sounds."""


def _unlogged(_kind: str, _text: str) -> None:
    """There is no recording to write into."""


class Sounding:
    """The channel and its control, handed from one session to the next.

    Parameters
    ----------
    player : CuePlayer, optional
        What sounds; stays its maker's. Without one all is silent and nothing is logged.
    """

    def __init__(self, player: CuePlayer | None) -> None:
        self._logged = player is not None
        self.channel = SoundChannel(_NO_SESSION, player or SilentPlayer(), _unlogged)
        self.control = SoundControl(self.channel)
        self.overhear: Callable[[str], None] | None = None
        """Is told every remark of a session as well, whether or not it is recorded."""

    def join(self, station: Feed) -> None:
        """A session is on the screen: it sounds, and a live one records what sounded."""
        logged = self._logged and station.mode is not Mode.REPLAY
        write = station.annotate if logged else _unlogged

        def log(kind: str, text: str) -> None:
            write(kind, text)
            if self.overhear is not None:
                self.overhear(text)

        self.channel.renew(SoundConfig(station.config), log)

    def leave(self) -> None:
        """There is no session any more."""
        self.channel.renew(_NO_SESSION, _unlogged)

    def tick(self, now_s: float) -> None:
        """The window's clock beats; monotonic time, s."""
        self.channel.tick(now_s)
        self.control.refresh()
