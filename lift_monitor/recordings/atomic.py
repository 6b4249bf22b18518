"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Lend a temporary path beside ``target`` and move it there when all went well.

    Parameters
    ----------
    target : Path
        The file to make; one that exists is replaced in a single step.

    Yields
    ------
    Path
        Where to write. On any error it is removed again and ``target`` stays as it was.
    """
    # The same folder, so that the move stays inside one file system.
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        _to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Ask the system to put the bytes on the disk before the name points at them."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
