"""Closed answers brought to one scale: 0 is the worst that can be said, 1 the best. Pure.

Which question types are ratings, and between which numbers, each type says: `surveys/questions/`, `ends`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from widget_server.surveys.questions.registry import TYPES

LOW = 0.3
"""What is no more than this calls for help: two of five, three of ten."""


@dataclass(frozen=True)
class Rating:
    value: float  # 0 worst … 1 best
    reason: str  # "low smiley", "two stars", "effort 6 of 7"


def rating_of(kind: str, answer: object) -> Rating | None:
    """One answer as it is kept; None for what is no rating."""
    ends = ends_of(kind)
    number = TYPES[kind].rated(answer) if ends else None
    if ends is None or number is None or not math.isfinite(number):
        return None
    worst, best = ends
    clipped = max(min(ends), min(max(ends), number))
    value = round((clipped - worst) / (best - worst), 4)
    return Rating(value, TYPES[kind].reason(clipped, value))


def ends_of(kind: str) -> tuple[float, float] | None:
    """The worst and the best number of a type, None for what is no rating."""
    return TYPES[kind].ends if kind in TYPES else None


def ends_of_low(kind: str) -> tuple[float, float] | None:
    """Between which numbers, both included, an answer of this type is low."""
    if (ends := ends_of(kind)) is None:
        return None
    worst, best = ends
    bound = worst + LOW * (best - worst)
    return (min(worst, bound), max(worst, bound))


def worst(ratings: Iterable[Rating | None]) -> Rating | None:
    """Where several were asked, the worst one says whether somebody must be helped."""
    return min((rating for rating in ratings if rating), key=lambda rating: rating.value, default=None)
