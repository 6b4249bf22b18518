from __future__ import annotations

import pytest

from lift_monitor.ui import tokens
from lift_monitor.ui.readings import Level
from lift_monitor.ui.text import SHAPE_OF_LEVEL
from lift_monitor.ui.tokens import Theme


@pytest.mark.parametrize("theme", tokens.THEMES.values(), ids=lambda t: t.name)
@pytest.mark.parametrize(("ink", "surface"), tokens.TEXT_PAIRS)
def test_words_can_be_read(theme: Theme, ink: str, surface: str) -> None:
    colours = tokens.colours(theme)
    assert tokens.contrast(colours[ink], colours[surface]) >= 4.5


@pytest.mark.parametrize("theme", tokens.THEMES.values(), ids=lambda t: t.name)
@pytest.mark.parametrize(("shape", "surface"), tokens.SHAPE_PAIRS)
def test_shapes_can_be_seen(theme: Theme, shape: str, surface: str) -> None:
    colours = tokens.colours(theme)
    assert tokens.contrast(colours[shape], colours[surface]) >= 3.0


def test_contrast_agrees_with_the_definition() -> None:
    assert tokens.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    # Measured values of the screen conventions.
    assert tokens.contrast("#E8EAED", "#101418") == pytest.approx(15.3, abs=0.05)
    assert tokens.contrast("#FFFFFF", "#B00020") == pytest.approx(7.3, abs=0.05)


def test_state_colours_of_the_dark_theme_are_okabe_and_itos() -> None:
    dark = tokens.DARK
    assert (dark.ok, dark.info, dark.attention, dark.stop) == (
        "#009E73",
        "#56B4E9",
        "#E69F00",
        "#D55E00",
    )


def test_every_state_has_a_shape_of_its_own() -> None:
    assert len(set(SHAPE_OF_LEVEL.values())) == len(Level)
