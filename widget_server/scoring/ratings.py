"""Closed answers brought to one scale: 0 is the worst that can be said, 1 the best. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

SCALES = {"smiley": (1, 5), "stars": (1, 5), "csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}
"""Question type → its worst and best number; `ces` is turned round, because it counts effort."""
HIGH_IS_BAD = frozenset({"ces"})
LOW, HIGH = 0.3, 0.7
STARS = ("no stars", "one star", "two stars", "three stars", "four stars", "five stars")


@dataclass(frozen=True)
class Rating:
    value: float  # 0 worst … 1 best
    reason: str  # "low smiley", "two stars", "effort 6 of 7"


def rating_of(kind: str, number: object) -> Rating | None:
    """One answer; None for what is no rating."""
    if kind not in SCALES or isinstance(number, bool) or not isinstance(number, int | float):
        return None
    least, most = SCALES[kind]
    if not math.isfinite(number):
        return None
    clipped = max(least, min(most, number))
    share = (clipped - least) / (most - least)
    value = round(1 - share if kind in HIGH_IS_BAD else share, 4)
    return Rating(value, _reason(kind, clipped, most, value))


def worst(ratings: Iterable[Rating | None]) -> Rating | None:
    """Where several were asked, the worst one says whether somebody must be helped."""
    return min((rating for rating in ratings if rating), key=lambda rating: rating.value, default=None)


def _reason(kind: str, number: float, most: int, value: float) -> str:
    if kind == "smiley":
        return "low smiley" if value <= LOW else "high smiley" if value >= HIGH else "middling smiley"
    if kind == "stars":
        return STARS[round(number)]
    said = {"csat": "satisfaction", "ces": "effort", "nps": "would recommend:"}[kind]
    return f"{said} {number:g} of {most}"
