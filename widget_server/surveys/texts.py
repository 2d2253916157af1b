"""Texts in several languages, and which of them is spoken. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Translated = Mapping[str, str]
"""language → text"""

MERGED = {"nb": "no", "nn": "no"}
"""Languages that are served by the texts of another one."""


def spoken(text: Translated, language: str) -> str:
    """The text in this language, or in whichever comes first: of a `Definition`, the first of the survey's languages."""
    return text.get(language) or next(iter(text.values()), "")


def by_languages(value: Any, languages: Sequence[str]) -> Any:
    """The same content, each text in it in this order of languages: PostgreSQL's JSONB sorts names by their length."""
    if isinstance(value, Mapping):
        names = [*(one for one in languages if one in value), *(name for name in value if name not in languages)]
        return {name: by_languages(value[name], languages) for name in names}
    if isinstance(value, list):
        return [by_languages(item, languages) for item in value]
    return value
