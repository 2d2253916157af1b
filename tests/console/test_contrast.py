"""The pairs of colours that are used together keep their contrast: text 4.5, marks and edges 3 (WCAG 2.2)."""

from __future__ import annotations

import re

import pytest

from widget_server.console.assets import FOLDER

STATES = ("severe", "high", "medium", "low", "done", "wait")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "ground-chosen", "ground-quiet")),
    ("accent", "ground"), ("on-accent", "accent"),
    *((word, ground) for word in STATES for ground in ("ground", f"{word}-soft")),
    ("medium", "ground-chosen"),
]  # fmt: skip
MARKS = [
    ("rule-strong", "ground"), ("rule-strong", "ground-quiet"), ("focus", "ground"), ("mark-fill", "ground"),
    *((mood, "ground") for mood in ("very-negative", "negative", "neutral", "positive", "very-positive")),
]  # fmt: skip


def palettes() -> dict[str, dict[str, str]]:
    css = (FOLDER / "tokens.css").read_text()
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css.split("@media")[0]))
    dark = dict(
        re.findall(
            r"--([\w-]+): (#[0-9a-f]{6});",
            css.split("prefers-color-scheme: dark")[1].split('data-theme="dark"')[0],
        )
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_can_be_read(scheme: str) -> None:
    colours = palettes()[scheme]
    weak = [
        (pair, round(contrast(colours[pair[0]], colours[pair[1]]), 2), floor)
        for pairs, floor in ((TEXT, 4.5), (MARKS, 3.0))
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < floor
    ]
    assert not weak


def test_raw_colours_stand_in_the_tokens_alone() -> None:
    for file in FOLDER.glob("*.css"):
        if file.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", file.read_text()), file.name
