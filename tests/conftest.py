"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

# The suite tries the same examples every time, so that a run fails because something changed;
# `make search` tries new ones, so that what nobody thought of is found as well. How long one
# takes hangs on what else the machine does, and fails nothing.
_AT_ANY_PACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("suite", _AT_ANY_PACE, derandomize=True)
settings.register_profile("search", _AT_ANY_PACE, print_blob=True)
settings.load_profile("suite")

_of_imported_modules = providers._get_local_constants


def _constants() -> Constants:
    """Give the numbers and words of this program that hypothesis mixes into its examples.

    They are those of the modules that happen to be imported: what a worker did before decides
    that, and every edited line.  So the suite does without them.
    """
    return providers._local_constants if settings().derandomize else _of_imported_modules()


providers._get_local_constants = _constants

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
