"""The machine's own voice: a program of the operating system, which reads a line and ends.

One process an utterance, run in a thread of its own, so that nothing ever waits for it.  A
process that reads its words from its input is started ahead of time: some take a second to
be ready to speak.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_LONGEST_S: Final = 10.0
"""A voice that takes longer than this hangs, and is ended."""
NO_VOICE: Final = "This computer has no voice that the program knows; earcons are sounded instead."
NO_VOICE_LINUX: Final = (
    "No speech program was found; install espeak-ng or speech-dispatcher, until then earcons "
    "are sounded instead."
)
_POWERSHELL: Final = (
    "Add-Type -AssemblyName System.Speech; "
    "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; $voice.Rate = 2; "
    "$voice.Speak([Console]::In.ReadToEnd())"
)


@dataclass(frozen=True, slots=True)
class SpeechCommand:
    """How a program of the system is made to speak.

    Attributes
    ----------
    argv : tuple of str
    reads_input : bool
        It speaks what comes on its input; otherwise the words become its last argument.
    cancel : tuple of str
        Run to silence it, where ending the process is not enough.
    """

    argv: tuple[str, ...]
    reads_input: bool = True
    cancel: tuple[str, ...] = ()


def find_command(platform: str, which: Callable[[str], str | None]) -> SpeechCommand | None:
    """The voice of a platform (``sys.platform``); ``None`` if there is none on the path."""
    if platform == "win32":
        shell = which("powershell")
        options = ("-NoLogo", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL)
        return SpeechCommand((shell, *options)) if shell else None
    if platform == "darwin":
        say = which("say")
        return SpeechCommand((say, "-f", "-")) if say else None
    # espeak-ng first: it is silent as soon as it is ended, speech-dispatcher speaks on.
    espeak = which("espeak-ng")
    if espeak:
        return SpeechCommand((espeak, "-s", "170", "--stdin"))
    client = which("spd-say")
    if client:
        return SpeechCommand((client, "--wait", "--"), False, (client, "--cancel"))
    return None


class Voice:
    """Speaks one utterance at a time; a newer one cuts off the one before.

    Parameters
    ----------
    command : SpeechCommand
    """

    def __init__(self, command: SpeechCommand) -> None:
        self._command = command
        self._changed = threading.Condition()
        self._words: str | None = None
        self._speaking: subprocess.Popen[bytes] | None = None
        self._spare: subprocess.Popen[bytes] | None = None
        self._busy = self._closing = False
        self._cut = 0
        """Counts what was cut off, so that its end is not taken for a failure."""
        self._problem = ""
        self._thread: threading.Thread | None = None

    @property
    def problem(self) -> str:
        """Why it cannot speak any more, in one sentence; empty if it can."""
        return self._problem

    @property
    def busy(self) -> bool:
        """Whether something is being spoken, or is about to be."""
        return self._busy

    def prepare(self) -> None:
        """Start ahead of the first words; the first :meth:`say` does it otherwise."""
        with self._changed:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="lift-voice", daemon=True)
                self._thread.start()

    def say(self, words: str) -> None:
        """Speak, in the place of what is being spoken."""
        self.prepare()
        with self._changed:
            if self._closing:
                return
            self._hush()
            self._words, self._busy = words, True
            self._changed.notify()

    def stop(self) -> None:
        """Be silent."""
        with self._changed:
            self._words = None
            self._hush()

    def close(self) -> None:
        """Be silent for ever; may be called more than once."""
        with self._changed:
            self._closing, self._words = True, None
            self._hush()
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(2.0)

    def _hush(self) -> None:
        self._busy = False
        if self._speaking is not None:
            self._cut += 1
            with contextlib.suppress(OSError):
                self._speaking.kill()

    # -- in the thread ------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                if self._command.reads_input and self._spare is None and not self._problem:
                    self._spare = self._spawn(self._command.argv)
                with self._changed:
                    self._changed.wait_for(lambda: self._closing or self._words is not None)
                    if self._closing:
                        return
                    words, self._words = self._words, None
                if words is not None:
                    self._speak(words)
        finally:
            if self._spare is not None:
                self._end(self._spare)

    def _speak(self, words: str) -> None:
        process, self._spare = self._spare, None
        if process is None:
            last = () if self._command.reads_input else (words,)
            process = self._spawn((*self._command.argv, *last))
        if process is None:
            with self._changed:
                self._busy = self._words is not None
            return
        with self._changed:
            cut, self._speaking = self._cut, process
            if self._words is not None or not self._busy or self._closing:
                self._cut += 1
                process.kill()
        status: int | None = None
        try:
            process.communicate(words.encode() if self._command.reads_input else None, _LONGEST_S)
            status = process.returncode
        except (subprocess.TimeoutExpired, OSError):
            self._end(process)
        if self._command.cancel and self._cut != cut:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(
                    self._command.cancel, check=False, capture_output=True, timeout=_LONGEST_S
                )
        with self._changed:
            self._speaking = None
            if self._cut == cut:
                self._busy = self._words is not None
                if status != 0:
                    self._failed("took too long" if status is None else f"ended with {status}")

    def _spawn(self, argv: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
        try:
            return subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._failed(error.strerror or "could not be started")
            return None

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(OSError):
            process.kill()
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            process.communicate(timeout=_LONGEST_S)

    def _failed(self, how: str) -> None:
        self._problem = (
            f"The computer's voice failed ({self._command.argv[0]} {how}); earcons are sounded "
            "instead."
        )


def missing_voice(platform: str = sys.platform) -> str:
    """One sentence for a computer without a voice."""
    return NO_VOICE_LINUX if platform.startswith("linux") else NO_VOICE
