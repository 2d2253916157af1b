"""What each thing that is known of a response counts for. Shipped by hand; an installation may fit its own (`fit.py`).

A value times its weight is a term, the terms' sum is the score. `calibration` says how often a score came true among an
installation's own labels: without it there are words for a score, and never a percentage. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

NAMES = (
    "bias",
    "rating",
    "friction",
    "rating_x_friction",
    "negative_text",
    "positive_text",
    "resolved",
    "no_rating",
    "no_text",
    "unsupported",
    "signals",
)
"""The values that are weighed, in the order in which they are fitted."""


@dataclass(frozen=True)
class Calibration:
    """From the terms' sum to how often it came true: straight lines between points, level beyond them."""

    kind: str  # platt | isotonic
    sums: tuple[float, ...]  # rising
    chances: tuple[float, ...]  # never falling

    def chance(self, total: float) -> float:
        if total <= self.sums[0]:
            return self.chances[0]
        if total >= self.sums[-1]:
            return self.chances[-1]
        at = bisect_right(self.sums, total)
        low, high = self.sums[at - 1], self.sums[at]
        share = (total - low) / (high - low)
        return self.chances[at - 1] + share * (self.chances[at] - self.chances[at - 1])


@dataclass(frozen=True)
class Weights:
    id: str
    bias: float  # most feedback needs nobody's help
    rating: float  # times −1 (worst) … 1 (best)
    friction: float  # times the friction score 0…1
    rating_x_friction: float  # times both, where the rating is good: it must not drown what a cue found
    negative_text: float  # times how far the chance that it is negative lies above `assessment.UNSURE`, below 0
    positive_text: float  # times a polarity above 0: praise is weak evidence, it may be sarcasm
    resolved: float  # something was told as not having happened
    no_rating: float  # what is missing makes the rest count for more
    no_text: float
    unsupported: float
    signals: float  # times what behaviour adds, which is capped
    calibration: Calibration | None = None

    @property
    def numbers(self) -> tuple[float, ...]:
        return tuple(getattr(self, name) for name in NAMES)


SHIPPED = Weights(
    id="weights-3",
    bias=-1.0,
    rating=-4.0,
    friction=3.0,
    rating_x_friction=3.5,
    negative_text=-2.8,
    positive_text=-0.4,
    resolved=-0.3,
    no_rating=0.1,
    no_text=0.1,
    unsupported=0.3,
    signals=1.0,
)

BANDS = ((0.9, "almost sure"), (0.5, "likely"), (0.2, "possible"), (0.0, "unlikely"))
"""From which score on which word: the second begins where a response is flagged."""


def band(score: float) -> str:
    """A score in words, as long as no own labels say how often it comes true."""
    return next(word for least, word in BANDS if score >= least)


def to_json(weights: Weights) -> dict[str, Any]:
    """For a column; `of_json` reads it again."""
    return asdict(weights)


def of_json(stored: Mapping[str, Any]) -> Weights:
    """Names that this release doesn't know are passed over, those that it knows and the row lacks are the shipped ones."""
    known = {name: float(stored[name]) for name in NAMES if name in stored}
    points = stored.get("calibration")
    calibration = (
        Calibration(str(points["kind"]), tuple(map(float, points["sums"])), tuple(map(float, points["chances"])))
        if points
        else None
    )
    return replace(SHIPPED, **known, id=str(stored["id"]), calibration=calibration)
