"""The widget's colours: from a site's few values, all that the widget needs, so that its contrasts always hold. Pure.

A site says accent, ground and ink (for dark too, if it likes), radius, font and scheme. The accent is kept for what
is filled; as a mark (a line, a ring) it is moved towards the ink until it can be seen. Contrast is WCAG 2's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

TEXT, MARK = 4.5, 3.0  # least contrast of words, and of marks and edges
STEPS = 50
FONTS, SCHEMES = ("system", "inherit"), ("auto", "light", "dark")
USUAL_FONT = "system"
LIGHT = {"accent": "#0b5d63", "ground": "#ffffff", "ink": "#152022"}
DARK = {"accent": "#74c9c7", "ground": "#1b2526", "ink": "#e9efee"}
LARGEST_RADIUS = 24

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Colours:
    """One scheme, as #rrggbb."""

    accent: str  # the filled button
    on_accent: str  # words on it
    mark: str  # the accent where it is a line or a word: 3 : 1 on the ground
    ground: str
    ink: str
    ink_2: str  # quieter words: 4.5 : 1 on ground and wash
    edge: str  # of controls: 3 : 1 on ground and wash
    wash: str  # the accent's breath over the ground: hover


@dataclass(frozen=True)
class Theme:
    radius: int
    font: str
    scheme: str
    light: Colours
    dark: Colours
    advice: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the widget's config carries it."""
        said = {key: value for key, value in asdict(self).items() if key != "advice"}
        if self.font == USUAL_FONT:  # each page pays for what is said
            del said["font"]
        return said


def compute(said: Mapping[str, Any]) -> Theme:
    """The whole theme. What is missing or can't be read is replaced by our own; `advice` says what was changed and why."""
    advice: list[str] = []
    light = {name: _said(said, name, LIGHT[name], advice) for name in LIGHT}
    dark_said = said.get("dark") if isinstance(said.get("dark"), Mapping) else {}
    dark = {name: _said(dark_said or {}, name, DARK[name], advice) for name in DARK}
    if "accent" in said and "accent" not in (dark_said or {}):
        ground = dark["ground"]
        dark["accent"] = _towards(light["accent"], _better(ground), lambda colour: contrast(colour, ground) >= TEXT)
    return Theme(
        radius=_radius(said.get("radius")),
        font=said["font"] if said.get("font") in FONTS else "system",
        scheme=said["scheme"] if said.get("scheme") in SCHEMES else "auto",
        light=colours(**light),
        dark=colours(**dark),
        advice=(*advice, *_advice("light", **light), *_advice("dark", **dark)),
    )


def contrasts(theme: Theme) -> list[tuple[str, str, float, float]]:
    """What is read by people: (scheme, pair, contrast, the least it needs), for each scheme that is ever shown."""
    told = []
    for scheme, colours in (("light", theme.light), ("dark", theme.dark)):
        if theme.scheme in ("auto", scheme):
            told += [
                (scheme, "Words on the ground", contrast(colours.ink, colours.ground), TEXT),
                (scheme, "Quieter words on the ground", contrast(colours.ink_2, colours.ground), TEXT),
                (scheme, "Words on the button", contrast(colours.on_accent, colours.accent), TEXT),
                (scheme, "The button on the ground", contrast(colours.accent, colours.ground), MARK),
                (scheme, "Edges on the ground", contrast(colours.edge, colours.ground), MARK),
            ]
    return told


def mended(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same theme with the accents and inks that contrast enough, no further moved than they must be."""
    whole = compute(said)
    dark = dict(said["dark"]) if isinstance(said.get("dark"), Mapping) else {}
    better: dict[str, Any] = {**said, "dark": dark}
    for holder, colours in ((better, whole.light), (dark, whole.dark)):
        if contrast(colours.accent, colours.ground) < MARK:
            holder["accent"] = colours.mark
        if "ink" in holder:
            holder["ink"] = colours.ink
    return better


def colours(accent: str, ground: str, ink: str) -> Colours:
    """Derive one scheme from three colours."""
    ink = _towards(ink, _better(ground), lambda colour: contrast(colour, ground) >= TEXT)
    wash = _towards(mix(accent, ground, 0.09), ground, lambda colour: contrast(ink, colour) >= TEXT)

    def reads(least: float) -> Callable[[str], bool]:
        return lambda colour: contrast(colour, ground) >= least and contrast(colour, wash) >= least

    return Colours(
        accent=accent,
        on_accent=_better(accent),
        mark=_towards(accent, ink, lambda colour: contrast(colour, ground) >= MARK),
        ground=ground,
        ink=ink,
        ink_2=_towards(mix(ink, ground, 0.74), ink, reads(TEXT)),
        edge=_towards(mix(ink, ground, 0.5), ink, reads(MARK)),
        wash=wash,
    )


def contrast(a: str, b: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` of the colour, the rest of the other, channel by channel in sRGB."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (share * one + (1 - share) * two)):02x}" for one, two in pairs)


def read_colour(text: Any) -> str | None:
    """#rrggbb of #rgb or #rrggbb, else None: nothing else gets into a style sheet."""
    if not isinstance(text, str):
        return None
    digits = text.strip().lower().removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits, re.ASCII):
        digits = "".join(2 * digit for digit in digits)
    return f"#{digits}" if re.fullmatch(r"[0-9a-f]{6}", digits, re.ASCII) else None


def _towards(colour: str, other: str, holds: Callable[[str], bool]) -> str:
    """The colour, moved no further towards the other than it must be."""
    for step in range(STEPS):
        candidate = mix(colour, other, 1 - step / STEPS)
        if holds(candidate):
            return candidate
    return other


def _better(ground: str) -> str:
    """Black or white, whichever contrasts more; that is never under 4.58."""
    return max(("#ffffff", "#000000"), key=lambda colour: contrast(colour, ground))


def _channels(colour: str) -> Rgb:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _said(said: Mapping[str, Any], name: str, ours: str, advice: list[str]) -> str:
    if said.get(name) is None:
        return ours
    colour = read_colour(said[name])
    if colour is None:
        advice.append(f"The {name} {str(said[name])[:40]!r} is not a colour that we read: write it as #0b5d63.")
    return colour or ours


def _radius(said: Any) -> int:
    number = isinstance(said, int | float) and not isinstance(said, bool) and said == said
    return round(min(max(said, 0), LARGEST_RADIUS)) if number else 6


def _advice(scheme: str, accent: str, ground: str, ink: str) -> list[str]:
    advice = []
    if contrast(accent, ground) < MARK:
        told = f"In {scheme}, accent against ground is {contrast(accent, ground):.1f} and lines need 3"
        advice.append(f"{told}: it is kept for the button and moved towards the ink for marks.")
    if contrast(ink, ground) < TEXT:
        told = f"In {scheme}, ink against ground is {contrast(ink, ground):.1f} and words need 4.5"
        advice.append(f"{told}: it is made stronger.")
    return advice
