"""Why no one-repetition maximum can be told."""

from __future__ import annotations

from typing import Final

HEAVIEST_KG: Final = 300.0
"""A maximum above it is taken for a slip of the pen; design default."""


class NoMaximum(ValueError):  # noqa: N818 - it says what it is
    """No one-repetition maximum can be told; the text says why, in one sentence."""
