"""The voice's side, with small programs of Python in the place of the system's."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lift_monitor.sound.opening import SpeakingPlayer
from lift_monitor.sound.player import SilentPlayer, Sound
from lift_monitor.sound.speech import SpeechCommand, Voice, find_command, missing_voice
from lift_monitor.sound.words import CueKind
from tests.patience import until

SPEAKS = "import sys; open({out!r}, 'a').write(sys.stdin.read() + '|')"
READS_ARGUMENT = "import sys; open({out!r}, 'a').write(sys.argv[1] + '|')"
SPEAKS_LONG = SPEAKS + "; import time; time.sleep(600)"
FAILS = "import sys; sys.stdin.read(); sys.exit(3)"


def python(source: str, out: Path, *, reads_input: bool = True) -> SpeechCommand:
    return SpeechCommand((sys.executable, "-c", source.format(out=str(out))), reads_input)


@pytest.fixture
def voices() -> Iterator[list[Voice]]:
    made: list[Voice] = []
    yield made
    for voice in made:
        voice.close()
    assert not [t for t in threading.enumerate() if t.name == "lift-voice"]


@pytest.mark.parametrize("reads_input", [True, False])
def test_words_reach_the_program(voices: list[Voice], tmp_path: Path, reads_input: bool) -> None:
    out = tmp_path / "said.txt"
    source = SPEAKS if reads_input else READS_ARGUMENT
    voices.append(voice := Voice(python(source, out, reads_input=reads_input)))
    for words in ("Lower the bar.", "5, done; rm -rf $HOME"):
        voice.say(words)
        assert voice.busy
        until(lambda: not voice.busy, "the voice is silent")
    assert out.read_text() == "Lower the bar.|5, done; rm -rf $HOME|"
    assert voice.problem == ""


def test_a_newer_word_cuts_off_the_one_before(voices: list[Voice], tmp_path: Path) -> None:
    out = tmp_path / "said.txt"
    voices.append(voice := Voice(python(SPEAKS_LONG, out)))
    voice.say("one")
    until(lambda: out.exists() and "one" in out.read_text(), "one is said")
    voice.say("two")
    until(lambda: "two" in out.read_text(), "two is said")
    assert voice.busy
    voice.stop()
    until(lambda: not voice.busy, "the voice is silent")
    assert voice.problem == "", "what was cut off has not failed"


def test_a_voice_that_fails_says_so(voices: list[Voice], tmp_path: Path) -> None:
    voices.append(voice := Voice(python(FAILS, tmp_path / "none")))
    voice.say("one")
    until(lambda: bool(voice.problem), "the failure is told")
    assert "ended with 3" in voice.problem
    until(lambda: not voice.busy, "the voice is silent")


def test_a_program_that_is_not_there_is_a_failure_not_a_crash(voices: list[Voice]) -> None:
    voices.append(voice := Voice(SpeechCommand(("no-such-program-of-speech",))))
    voice.say("one")
    until(lambda: bool(voice.problem), "the failure is told")
    until(lambda: not voice.busy, "the voice is silent")
    player = SpeakingPlayer(SilentPlayer("No loudspeaker."), voice)
    assert not player.can_speak
    assert not player.play(Sound(CueKind.COUNT, "2"))
    assert player.problem(words=True) == "No loudspeaker."


def test_a_voice_that_works_is_used_for_words_and_only_for_them(
    voices: list[Voice], tmp_path: Path
) -> None:
    out = tmp_path / "said.txt"
    voices.append(voice := Voice(python(SPEAKS, out)))
    player = SpeakingPlayer(SilentPlayer("No loudspeaker."), voice)
    assert player.problem(words=True) == ""
    assert player.note == "No loudspeaker."
    assert not player.play(Sound(CueKind.STOP))
    assert player.play(Sound(CueKind.COUNT, "4"))
    until(lambda: not player.busy, "the voice is silent")
    assert out.read_text() == "4|"


def test_closing_ends_the_programs_and_nothing_is_said_after_it(tmp_path: Path) -> None:
    out = tmp_path / "said.txt"
    voice = Voice(python(SPEAKS_LONG, out))
    voice.say("one")
    until(lambda: out.exists() and "one" in out.read_text(), "one is said")
    voice.close()
    voice.close()
    voice.say("two")
    assert not voice.busy
    assert not [t for t in threading.enumerate() if t.name == "lift-voice"]
    assert out.read_text() == "one|"


@pytest.mark.parametrize(
    ("platform", "there", "argv"),
    [
        ("win32", {"powershell"}, "powershell"),
        ("darwin", {"say"}, "say"),
        ("linux", {"espeak-ng", "spd-say"}, "espeak-ng"),
        ("linux", {"spd-say"}, "spd-say"),
    ],
)
def test_each_system_has_its_voice(platform: str, there: set[str], argv: str) -> None:
    command = find_command(platform, lambda name: f"at/{name}" if name in there else None)
    assert command is not None
    assert command.argv[0] == f"at/{argv}"
    assert command.reads_input == (argv != "spd-say")
    assert bool(command.cancel) == (argv == "spd-say")


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_a_system_without_a_voice_says_so_in_one_sentence(platform: str) -> None:
    assert find_command(platform, lambda _name: None) is None
    sentence = missing_voice(platform)
    assert sentence.endswith("earcons are sounded instead.")
    assert sentence.count(".") == 1
