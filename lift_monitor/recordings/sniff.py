"""What a file really is, whatever it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lift_monitor.recordings.errors import InputFileError

_KNOWN: Final = (
    (b"\x89MCAP0", "an MCAP recording"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xff\xfe", "text saved as UTF-16"),
    (b"\xfe\xff", "text saved as UTF-16"),
)
HEAD_BYTES: Final = 8


def describe(head: bytes) -> str:
    """Say in a few words what a file beginning with ``head`` seems to be."""
    for magic, name in _KNOWN:
        if head.startswith(magic):
            return name
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head.removeprefix(b"\xef\xbb\xbf")):
        return "plain text"
    return "of an unknown kind"


def read_head(path: Path, error: type[InputFileError] = InputFileError) -> bytes:
    """Read the first bytes of a file.

    Raises
    ------
    InputFileError
        Or the class given: if there is no such file, it cannot be read, or it is empty.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as cause:
        raise unreadable(path, cause, error) from None
    if not head:
        raise error(f"{path} is empty (0 bytes); save or copy it again.")
    return head


def unreadable(
    path: Path, cause: OSError, error: type[InputFileError] = InputFileError
) -> InputFileError:
    """The one sentence for a file that the system does not give."""
    if path.is_dir():
        return error(f"{path} is a folder; give one file.")
    if isinstance(cause, FileNotFoundError):
        return error(f"{path} does not exist; check the name and the folder.")
    return error(f"{path} cannot be read ({cause.strerror or cause}); check its permissions.")
