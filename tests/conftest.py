"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The suite tries the same examples every time, so that a run fails because something changed;
# `make search` tries new ones, so that what nobody thought of is found as well.
settings.register_profile("suite", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile("suite")

# Set before anything imports Qt, so that the suite never opens a window on a desktop.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the reference recordings beside the checkout; the test is skipped without it.

    The recordings are other people's and are not in this repository, so a clone alone runs
    every test but these.
    """
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the reference recordings are not beside the checkout ({folder})")
    return folder
