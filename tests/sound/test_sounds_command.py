from __future__ import annotations

import wave
from pathlib import Path

import pytest

from lift_monitor.cli import main


def test_sounds_writes_one_file_an_earcon_and_names_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sounds"
    assert main(["sounds", str(folder)]) == 0
    named = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(named) == sorted(folder.glob("*.wav"))
    with wave.open(str(folder / "stop.wav")) as file:
        assert file.getnframes() > file.getframerate()


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert main(["sounds", str(tmp_path / "taken")]) == 2
    told = capsys.readouterr().err
    assert "taken is a file; name a folder" in told
    assert main(["sounds", str(tmp_path / "no stick" / "sounds")]) == 2
    assert "no stick" in capsys.readouterr().err
    assert not (tmp_path / "no stick").exists()
