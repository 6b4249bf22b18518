"""The command line: the composition root, where the rooms are put together.

Commands import what they need when they run, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os

# Read when numpy is loaded. Its matrices are small here: threads for them cost more than they
# bring, 40 ms at the start of a session.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from lift_monitor.cli.app import app, main

__all__ = ["app", "main"]
