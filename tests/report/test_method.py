"""What the report says of how its numbers were made."""

from __future__ import annotations

from dataclasses import replace

from lift_monitor.report.data import Reason
from lift_monitor.report.method import method_section
from tests.report import scenes


def test_it_says_why_nobody_watched() -> None:
    full = scenes.full()
    why = (Reason("not recorded", 70), Reason("the thorax sensor was lost", 10))
    told = str(method_section(replace(full, basis=replace(full.basis, not_watched_because=why))))
    assert (
        "by nobody in 80. Why nobody did: not recorded (70); the thorax sensor was lost (10). Not"
        in told
    )
    assert "Why nobody did" not in str(method_section(full))
