"""Reads voices.yaml: what the demo's visitors said, and what its staff answer to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent / "voices.yaml"


@dataclass(frozen=True)
class Theme:
    """A kind of failure: why it happens, what mends it, and the words for it by language."""

    cause: str
    remedy: str
    sorry: dict[str, str]
    fixed: dict[str, str]
    gesture: dict[str, Any] | None = None  # description, amount in cents


@dataclass(frozen=True)
class Voice:
    lang: str
    mood: int
    page: str
    text: str
    about: str | None = None
    person: str | None = None  # a name that comes by more than once
    gold: bool = False  # signed in: the site's server vouches for the tier
    day: int | None = None  # days ago
    ago: int | None = None  # minutes ago
    hands: str | None = None  # what staff did so far, for what came in today


@cache
def voices() -> tuple[Voice, ...]:
    return tuple(Voice(**voice) for voice in _read()["voices"])


@cache
def themes() -> dict[str, Theme]:
    return {name: Theme(**theme) for name, theme in _read()["themes"].items()}


def _read() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content
