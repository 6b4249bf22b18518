"""The loudspeaker's side; the machine that runs the tests need not have one."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lift_monitor.sound.earcons import samples_of
from lift_monitor.sound.opening import SpeakingPlayer
from lift_monitor.sound.output import (
    NO_PORTAUDIO,
    NOT_INSTALLED,
    OneVoice,
    SounddevicePlayer,
    open_earcons,
)
from lift_monitor.sound.player import SilentPlayer, Sound
from lift_monitor.sound.words import CueKind


class Loudspeaker:
    """What sounddevice looks like from outside; blocks are asked for by the test."""

    class PortAudioError(Exception):
        """As sounddevice names it."""

    def __init__(self, *, device: bool = True, rates: tuple[int, ...] = (48_000, 44_100)) -> None:
        self.device, self.rates = device, rates
        self.active = False
        self.rate_hz = 0.0
        self._fill: Callable[..., None] | None = None

    def query_devices(self, kind: str) -> dict[str, float]:
        assert kind == "output"
        if not self.device:
            raise ValueError("No output device matching -1")
        return {"default_samplerate": 44_100.0}

    def OutputStream(self, **options: Any) -> Loudspeaker:  # noqa: N802 - sounddevice's name
        if options["samplerate"] not in self.rates:
            raise self.PortAudioError("Invalid sample rate")
        self.rate_hz, self._fill = options["samplerate"], options["callback"]
        return self

    def start(self) -> None:
        self.active = True

    def close(self) -> None:
        self.active = False

    def block(self, frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        assert self._fill is not None
        out = np.full((frames, 1), 9.0, np.float32)
        self._fill(out, frames, None, None)
        return out[:, 0]


def test_an_earcon_comes_out_whole_and_then_silence() -> None:
    speaker = Loudspeaker()
    player = SounddevicePlayer(speaker)
    assert player.play(Sound(CueKind.COUNT))
    wanted = samples_of(CueKind.COUNT)
    heard = np.concatenate([speaker.block(512) for _ in range(10)])
    assert np.allclose(heard[: wanted.size], wanted, atol=1e-6)
    assert not heard[wanted.size :].any()
    assert not player.busy


def test_it_is_busy_until_the_last_sample_is_fetched() -> None:
    speaker = Loudspeaker()
    player = SounddevicePlayer(speaker)
    player.play(Sound(CueKind.COUNT))
    speaker.block(samples_of(CueKind.COUNT).size - 1)
    assert player.busy
    speaker.block(1)
    assert not player.busy


def test_a_device_of_another_rate_gets_the_same_tone() -> None:
    speaker = Loudspeaker(rates=(44_100,))
    player = SounddevicePlayer(speaker)
    player.play(Sound(CueKind.CHECK, "words are not spoken here"))
    assert speaker.rate_hz == 44_100
    heard = speaker.block(44_100)
    assert np.allclose(
        heard[: samples_of(CueKind.CHECK, 44_100).size],
        samples_of(CueKind.CHECK, 44_100),
        atol=1e-6,
    )


@pytest.mark.parametrize("replaced", [True, False])
def test_cutting_a_sound_does_not_click(replaced: bool) -> None:
    voice = OneVoice()
    voice.play(samples_of(CueKind.FAULT))
    before = voice.fill(4801)  # in the middle of a tone
    assert abs(before[-1]) > 0.05
    if replaced:
        voice.play(samples_of(CueKind.STOP))
    else:
        voice.stop()
    heard = np.concatenate([before, voice.fill(48_000)])
    own = max(
        float(np.abs(np.diff(samples_of(kind))).max()) for kind in (CueKind.FAULT, CueKind.STOP)
    )
    assert np.abs(np.diff(heard[: 4801 + 480])).max() <= own
    assert np.abs(np.diff(heard[4700:5000])).max() < 0.1, "a step would be as high as the tone"
    if not replaced:
        assert not heard[4801 + 400 :].any()


def test_an_output_that_dies_says_so_and_holds_nobody_up() -> None:
    speaker = Loudspeaker()
    player = SounddevicePlayer(speaker)
    player.play(Sound(CueKind.STOP))
    speaker.active = False
    assert player.problem(words=False).startswith("The sound output is gone")
    assert not player.busy
    assert not player.play(Sound(CueKind.STOP))


def test_closing_gives_the_output_back_and_may_be_done_twice() -> None:
    speaker = Loudspeaker()
    player = SounddevicePlayer(speaker)
    player.close()
    player.close()
    assert not speaker.active
    assert not player.play(Sound(CueKind.STOP))


def test_what_is_missing_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    assert open_earcons().problem(words=False) == NOT_INSTALLED
    for speaker, told in (
        (Loudspeaker(device=False), "No sound output was found"),
        (Loudspeaker(rates=()), "The sound output could not be opened (Invalid sample rate)"),
    ):
        monkeypatch.setitem(sys.modules, "sounddevice", speaker)
        problem = open_earcons().problem(words=False)
        assert problem.startswith(told)
        assert problem.count(". ") == 0
        assert problem.endswith(".")


def test_a_missing_portaudio_is_told_with_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    # As the real module does on Linux without the library: the import itself fails.
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")\n')
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert open_earcons().problem(words=False) == NO_PORTAUDIO
    assert "libportaudio2" in NO_PORTAUDIO


def test_a_working_output_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = Loudspeaker()
    monkeypatch.setitem(sys.modules, "sounddevice", speaker)
    player = open_earcons()
    assert player.problem(words=False) == ""
    assert speaker.active


def test_without_a_voice_words_become_earcons() -> None:
    speaker = Loudspeaker()
    player = SpeakingPlayer(SounddevicePlayer(speaker), None)
    assert not player.can_speak
    assert player.note
    assert player.play(Sound(CueKind.COUNT, "3"))
    assert np.allclose(speaker.block(500), samples_of(CueKind.COUNT)[:500], atol=1e-6)


def test_a_silent_player_never_claims_to_be_heard() -> None:
    player = SilentPlayer("Nothing here.")
    assert not player.play(Sound(CueKind.STOP))
    assert player.problem(words=True) == player.problem(words=False) == "Nothing here."


def test_the_module_that_is_not_there_is_not_needed_to_import_ours() -> None:
    module = sys.modules["lift_monitor.sound.output"]
    assert isinstance(module, types.ModuleType)
    assert "sounddevice" not in vars(module)
