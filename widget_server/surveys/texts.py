"""Texts in several languages, and which of them is spoken. Pure."""

from __future__ import annotations

from collections.abc import Mapping

Translated = Mapping[str, str]
"""language → text"""

MERGED = {"nb": "no", "nn": "no"}
"""Languages that are served by the texts of another one."""


def spoken(text: Translated, language: str) -> str:
    """The text in this language, or in whichever comes first."""
    return text.get(language) or next(iter(text.values()), "")
