"""The widget's colours: whatever a site chooses, what must be seen is seen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_server.sites.theme import MARK, TEXT, Colours, colours, compute, contrast, mix, read_colour

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@settings(deadline=None)
@given(COLOUR, COLOUR, COLOUR)
def test_contrasts_hold_for_any_three_colours(accent: str, ground: str, ink: str) -> None:
    assert_seen(colours(accent, ground, ink))


@settings(deadline=None)
@given(COLOUR)
def test_contrasts_hold_for_an_accent_alone_in_light_and_dark(accent: str) -> None:
    theme = compute({"accent": accent})
    assert theme.light.accent == accent, "the button keeps the site's own accent"
    assert_seen(theme.light)
    assert_seen(theme.dark)


def assert_seen(found: Colours) -> None:
    assert contrast(found.on_accent, found.accent) >= TEXT
    assert contrast(found.mark, found.ground) >= MARK
    for under in (found.ground, found.wash):
        assert contrast(found.ink, under) >= TEXT
        assert contrast(found.ink_2, under) >= TEXT
        assert contrast(found.edge, under) >= MARK


# The reference figures of WCAG's formula, as its tools give them.
PAIRS = {
    "black on white": ("#000000", "#ffffff", 21.0),
    "the least grey for text": ("#767676", "#ffffff", 4.54),
    "petrol": ("#0b5d63", "#ffffff", 7.6),
    "itself": ("#336699", "#336699", 1.0),
}


@pytest.mark.parametrize(("one", "other", "ratio"), PAIRS.values(), ids=PAIRS)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.05)


def test_colours_mix_channel_by_channel() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#ff0000", "#0000ff", 1) == "#ff0000"


def test_a_pale_accent_is_kept_for_the_button_darkened_for_marks_and_told() -> None:
    theme = compute({"accent": "#ffe08a"})
    assert theme.light.accent == "#ffe08a"
    assert theme.light.mark != "#ffe08a"
    assert any("lines need 3" in line for line in theme.advice)


def test_a_dark_scheme_of_the_sites_own_is_taken() -> None:
    theme = compute({"accent": "#14284b", "dark": {"accent": "#a9c7ff", "ground": "#171d2a", "ink": "#eef1f7"}})
    assert (theme.dark.accent, theme.dark.ground, theme.dark.ink) == ("#a9c7ff", "#171d2a", "#eef1f7")


COLOURS = {
    "short": ("#FA0", "#ffaa00"),
    "without its sign": ("0b5d63", "#0b5d63"),
    "a name": ("red", None),
    "style rules": ("#fff;background:url(//x)", None),
    "digits of another script": ("#٠٠٠", None),
    "a number": (255, None),
}


@pytest.mark.parametrize(("said", "read"), COLOURS.values(), ids=COLOURS)
def test_only_hexadecimal_colours_are_read(said: Any, read: str | None) -> None:
    assert read_colour(said) == read


VALUES = st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.lists(st.text(), max_size=2)
SAID = st.dictionaries(st.sampled_from(["accent", "ground", "ink", "radius", "font", "scheme", "dark"]), VALUES)


@settings(deadline=None)
@given(SAID)
def test_whatever_stands_in_the_row_the_theme_is_colours_and_nothing_else(said: dict[str, Any]) -> None:
    told = compute(said).as_json()
    for scheme in ("light", "dark"):
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in told[scheme].values())
    assert 0 <= told["radius"] <= 24
    assert told.get("font") in (None, "inherit")
    assert told["scheme"] in ("auto", "light", "dark")
