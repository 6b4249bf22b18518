"""The command line: the composition root, where the rooms are put together.

Commands import what they need when they run, so that ``--help`` answers at once.
"""

from __future__ import annotations

from lift_monitor.cli.app import app, main

__all__ = ["app", "main"]
