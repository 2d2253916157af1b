"""The site's accent as the page's own style sheet: colours that we computed, so that contrasts hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from widget_server.sites.theme import TEXT, colours, compute, contrast

LIGHT = ("#ffffff", "#152022")  # the page's own ground and ink: tokens.css
DARK = ("#111819", "#e9efee")


def style_sheet(said: Mapping[str, Any]) -> str:
    """Custom properties for light and dark."""
    theme = compute(said)
    light, dark = _block(theme.light.accent, *LIGHT), _block(theme.dark.accent, *DARK)
    return (
        f":root {{ {light} }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f':root[data-theme="dark"] {{ {dark} }}\n'
    )


def _block(accent: str, ground: str, ink: str) -> str:
    derived = colours(accent, ground, ink)
    link = derived.mark if contrast(derived.mark, ground) >= TEXT else ink
    return f"--accent: {accent}; --on-accent: {derived.on_accent}; --link: {link};"
