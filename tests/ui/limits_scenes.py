"""Scenes of a person's limits: the form, and the Sensors page with limits that were changed."""

from __future__ import annotations

from lift_monitor.technique import FlagKind
from lift_monitor.ui.begin_form import BeginForm
from lift_monitor.ui.limit_row import LimitRow, LimitStepper
from lift_monitor.ui.window import MonitorWindow

SCENES = ("default", "changed", "disorder", "refused", "in_use", "in_use_off")


def row_of(form: BeginForm, name: str) -> LimitRow:
    """The row of a kind of flag by its value, or ``landing``."""
    return form.limits.landing if name == "landing" else form.limits.flags[FlagKind(name)]


def stepper(form: BeginForm, name: str, end: int) -> LimitStepper:
    """One limit of a row: 0 the lower, 1 the higher."""
    return row_of(form, name).fields[end].stepper


def enter(form: BeginForm, name: str, end: int, text: str) -> None:
    """Type a limit and press Enter."""
    field = stepper(form, name, end).field
    field.setText(text)
    field.editingFinished.emit()


def show(window: MonitorWindow, scene: str) -> None:
    """Bring a window on a desk to a scene."""
    assert window.sensors is not None
    form = window.sensors.form
    form.limits_button.click()
    if scene == "disorder":
        enter(form, "lumbar_flexion", 0, "25")
    elif scene == "refused":
        enter(form, "twist", 1, "ten")
    elif scene != "default":
        enter(form, "lumbar_flexion", 0, "8")
        enter(form, "lumbar_flexion", 1, "15")
        enter(form, "landing", 1, "3.5")
    if scene in ("changed", "in_use_off"):
        row_of(form, "twist").fields[0].off.click()
    if scene.startswith("in_use"):
        form.limits.use.click()
