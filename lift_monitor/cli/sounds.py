"""``lift-monitor sounds``: the earcons as files, to be heard or measured elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lift_monitor.cli.common import UserError, require_folder


def sounds(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder for the WAV files; made if missing.")
    ],
) -> None:
    """Write every earcon as a WAV file."""
    from lift_monitor.sound.wav import write_wavs

    require_folder(folder)
    if folder.is_file():
        raise UserError(f"{folder} is a file; name a folder for the sounds.")
    try:
        written = list(write_wavs(folder))
    except OSError as error:
        where = error.filename or folder
        raise UserError(
            f"{where} cannot be written ({error.strerror}); choose another folder."
        ) from error
    for path in written:
        typer.echo(path)
