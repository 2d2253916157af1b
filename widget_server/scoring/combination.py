"""The combination of what lexicons, cues, signs, TextBlob and learned n-grams say, as sums whose every part is shown.

Each value of `features.NAMES` times its weight adds to four scores: negative, neutral, positive and friction. The
chances follow from the sums alone. The weights are data (`trained/combination.json`), fitted by `training/`. Pure.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from widget_server.scoring.features import NAMES
from widget_server.scoring.tokens import Sign

FILE = Path(__file__).with_name("trained") / "combination.json"
SCORES = ("negative", "neutral", "positive", "friction")
SHARED = "*"
SIGNS = 3.0
"""How far emoji that stand alone are believed."""


Four = tuple[float, float, float, float]
"""In the order of SCORES."""


class Part(NamedTuple):
    """What one value adds to each of the four scores."""

    name: str
    value: float
    negative: float
    neutral: float
    positive: float
    friction: float


class Combined(NamedTuple):
    parts: tuple[Part, ...]
    negative: float  # chances, 0…1; the first three sum to 1
    neutral: float
    positive: float
    friction: float

    @property
    def label(self) -> str:
        highest = max(self.negative, self.neutral, self.positive)
        return "negative" if self.negative == highest else "neutral" if self.neutral == highest else "positive"


@dataclass(frozen=True)
class Weights:
    rows: dict[str, Four]  # by the value's name
    bias: Four


def combine(values: dict[str, float], language: str, *, shown: bool = True) -> Combined:
    """Weigh the values of one text. Without `shown` the parts are left out: the same chances, from the same sums."""
    weights = weights_of(language)
    counting = [(name, value) for name, value in values.items() if value]
    added = [_times(weights.rows[name], value) for name, value in counting]
    parts = [Part("bias", 1.0, *weights.bias)] if shown else []
    if shown:
        made = tuple.__new__
        parts += [made(Part, (*named, *four)) for named, four in zip(counting, added, strict=True)]
    return Combined(tuple(parts), *_chances(zip(weights.bias, *added, strict=True)))


def _times(row: Four, value: float) -> Four:
    negative, neutral, positive, friction = row
    return negative * value, neutral * value, positive * value, friction * value


def wordless(signs: Iterable[Sign]) -> Combined:
    """Of emoji alone, which need no language: their mean speaks."""
    weights = [sign.weight for sign in signs if sign.weight]
    mean = math.fsum(weights) / len(weights) if weights else 0.0
    parts = (Part("signs_alone", round(mean, 4), -SIGNS * mean, 0.0, SIGNS * mean, -SIGNS * mean - 1.0),)
    return Combined(parts, *chances(parts))


def chances(parts: list[Part] | tuple[Part, ...]) -> Four:
    """From the sums of the parts: negative, neutral, positive (together 1), and friction."""
    _, _, *columns = zip(*parts, strict=True)
    return _chances(columns)


def _chances(columns: Iterable[Iterable[float]]) -> Four:
    negative, neutral, positive, friction = map(math.fsum, columns)
    top = max(negative, neutral, positive)
    powers = [math.exp(score - top) for score in (negative, neutral, positive)]
    total = sum(powers)
    return powers[0] / total, powers[1] / total, powers[2] / total, 0.5 * (1 + math.tanh(friction / 2))


@cache
def weights_of(language: str) -> Weights:
    """Those fitted for the language, else those for all."""
    kinds = _stored()["weights"]
    table = kinds.get(language) or kinds[SHARED]
    rows = {name: _four(table.get(name, [0.0] * 4)) for name in NAMES}
    return Weights(rows, _four(table["bias"]))


@cache
def model_id() -> str:
    """Names what was learned, so that a score says which model made it."""
    return str(_stored()["model"])


def _four(numbers: list[float]) -> Four:
    negative, neutral, positive, friction = map(float, numbers)
    return negative, neutral, positive, friction


@cache
def _stored() -> dict[str, dict[str, dict[str, list[float]]]]:
    found: dict[str, dict[str, dict[str, list[float]]]] = json.loads(FILE.read_text("utf-8"))
    return found
