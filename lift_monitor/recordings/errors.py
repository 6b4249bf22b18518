"""The two errors that a user of files can meet; each is one whole sentence."""

from __future__ import annotations


class InputFileError(ValueError):
    """A file that cannot be used: the message says what is wrong, where, and the mend."""


class RecordingError(InputFileError):
    """A recording that cannot be read or written."""
