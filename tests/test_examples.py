"""The examples that hypothesis tries: the same in every run of the suite, at any pace."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

DRAW = """
import importlib, json, sys
import tests.conftest
from hypothesis import given, strategies as st
for name in sys.argv[1:]:
    importlib.import_module(name)
drawn = []
@given(st.integers(0, 10_000), st.floats(0.0, 500.0), st.text())
def draw(whole, part, text):
    drawn.append((whole, part, text))
draw()
print(json.dumps(drawn))
"""


def drawn(repository: Path, *imported: str) -> Any:
    """Give the examples that a process draws that imported these modules before."""
    done = subprocess.run(
        [sys.executable, "-c", DRAW, *imported],
        cwd=repository,
        check=True,
        capture_output=True,
        timeout=250,
    )
    return json.loads(done.stdout)


def test_no_example_hangs_on_what_was_imported_before_it(repository: Path) -> None:
    """A worker imports what its tests before needed; which these are, chance decides."""
    assert drawn(repository) == drawn(repository, "lift_monitor.station", "lift_monitor.limits")


def test_no_example_fails_because_the_machine_is_slow() -> None:
    ours = settings()
    assert ours.derandomize
    assert ours.deadline is None
    assert HealthCheck.too_slow in ours.suppress_health_check
