"""Why no one-repetition maximum can be told."""

from __future__ import annotations


class NoMaximum(ValueError):  # noqa: N818 - it says what it is
    """No one-repetition maximum can be told; the text says why, in one sentence."""
