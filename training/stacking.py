"""The combination: how much each value of a text counts, fitted on margins that come from other sources.

Every source weighs alike, and so does every label in it, so that no source's mix of labels becomes a habit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from training.crossing import Material, macro_f1
from training.fitting import fit_softmax
from widget_server.scoring.features import MARGIN_CAP, NAMES
from widget_server.scoring.frames import TOLD

Array = Any
DECAY = 5e-4
STEPS = tuple(step / 10 for step in range(-10, 11))
VISITORS = {"th": 0.2, "no": 0.4}
"""What all other sources together count for beside the one at home: less, where what the home tells is sure of itself."""
RARE_AT_HOME = ("resolved",)
"""Values that a source at home shows too seldom to learn from: they weigh what all languages say."""
TELLING_FRICTION = (
    "learned_friction", "cues", "strong_cue", "mild_cue", "resolved", "plain_question", "question_mark",
    "exclamation", "dots", "length", *TOLD, "put_right", "cues_put_right", "cues_asked", "cues_supposed",
    "cues_learned",
)  # fmt: skip
"""Values that friction is told by. Good and bad words are none of them: praise must not hide what stood in the way ("Great,
another 3 hour delay"), and where corpora praise there was mostly none; nor do unkind words speak against it."""
TURNING = {"own-turns": 10.0, "own-told": 10.0}
"""Registers that tell trouble as over, absent, supposed or beside praise count more for friction: the others hardly do."""
LEFT_OUT_AS_ONE = ("th",)
"""Languages of so many rows that all our registers are left out together: their margins of friction come from models that
saw next to none, and would have the others' trusted less. Theirs is fitted on all languages, the others' without them."""
TWO_LABELS = ("uci-", "xed-")
"""Sources that have no neutral rows, or none to be trusted."""


@dataclass(frozen=True)
class Weights:
    sentiment: Array  # features × 3
    sentiment_bias: Array
    friction: Array
    friction_bias: float

    def said(self, features: Array) -> tuple[Array, Array]:
        """Chances of the three labels, and of friction."""
        margins = features @ self.sentiment + self.sentiment_bias
        chances = np.exp(margins - margins.max(1, keepdims=True))
        return chances / chances.sum(1, keepdims=True), 1 / (1 + np.exp(-(features @ self.friction + self.friction_bias)))


@dataclass
class Stacked:
    """Rows of any number of languages with their learned margins in place."""

    features: Array
    groups: Array  # "language source"
    sentiment: Array
    friction: Array


def stacked(materials: list[Material], margins: list[Array]) -> Stacked:
    return Stacked(
        np.concatenate([_filled(made, margin) for made, margin in zip(materials, margins, strict=True)]),
        np.concatenate([[f"{made.language} {source}" for source in made.sources] for made in materials]),
        np.concatenate([made.sentiment for made in materials]),
        np.concatenate([made.friction for made in materials]),
    )


def _filled(made: Material, margins: Array) -> Array:
    features = made.dense.copy()
    features[:, : margins.shape[1]] = np.clip(margins, -MARGIN_CAP, MARGIN_CAP)
    cues, learned, both = (NAMES.index(name) for name in ("cues", "learned_friction", "cues_learned"))
    features[:, both] = features[:, cues] * features[:, learned]
    return features


def evened(groups: Array, labels: Array) -> Array:
    """Weights by which sources, and labels within them, count alike; large sources a little more."""
    weights = np.zeros(len(groups))
    for group in set(groups):
        here = groups == group
        kinds = set(labels[here].tolist())
        for kind in kinds:
            at = here & (labels == kind)
            weights[at] = min(1.0, here.sum() / 200) / (len(kinds) * at.sum())
    return weights


def two_labelled(groups: Array) -> Array:
    return np.array([group.split()[1].startswith(TWO_LABELS) for group in groups])


def fit(rows: Stacked, chosen: Array, decay: float = DECAY, counts: dict[str, float] | None = None) -> Weights:
    at = np.flatnonzero(chosen & (rows.sentiment >= 0))
    ruled_out = two_labelled(rows.groups[at])
    keep = ~(ruled_out & (rows.sentiment[at] == 1))
    at, ruled_out = at[keep], ruled_out[keep]
    weights = evened(rows.groups[at], rows.sentiment[at])
    weights *= np.array([_counting(group, counts) for group in rows.groups[at]])
    sentiment, bias = fit_softmax(rows.features[at], rows.sentiment[at], weights, decay=decay, ruled_out=ruled_out)
    return Weights(sentiment, bias, *fit_friction(rows, chosen & ~left_out_as_one(rows.groups), decay, counts))


def left_out_as_one(groups: Array) -> Array:
    return np.array([group.split()[0] in LEFT_OUT_AS_ONE for group in groups])


def fit_friction(
    rows: Stacked, chosen: Array, decay: float = DECAY, counts: dict[str, float] | None = None
) -> tuple[Array, float]:
    at = np.flatnonzero(chosen & (rows.friction >= 0))
    weights = evened(rows.groups[at], rows.friction[at])
    weights *= np.array([_counting(group, counts) * _counting(group, TURNING) for group in rows.groups[at]])
    yes_or_no = np.ones(len(at), bool)
    features = rows.features[at] * np.isin(NAMES, TELLING_FRICTION)
    two, bias_two = fit_softmax(features, rows.friction[at] * 2, weights, decay=decay, ruled_out=yes_or_no)
    return two[:, 2] - two[:, 0], float(bias_two[2] - bias_two[0])


def at_home(weights: Weights, rows: Stacked, language: str, group: str) -> Weights:
    """The same with a sentiment of the language's own, for a source in whose mix of labels the model will work.

    The source's rows count as they come, other sources a little; then biases by which its labels come out best, in
    macro-F1. Friction stays that of all languages, but for those of LEFT_OUT_AS_ONE.
    """
    at = np.flatnonzero([name.split()[0] == language for name in rows.groups] & (rows.sentiment >= 0))
    home = rows.groups[at] == group
    counts = evened(rows.groups[at], rows.sentiment[at]) * ~home
    counts = home + counts * (VISITORS[language] * home.sum() / max(counts.sum(), 1e-9))
    ruled_out = two_labelled(rows.groups[at])
    counts[ruled_out & (rows.sentiment[at] == 1)] = 0.0
    features, wanted = rows.features[at], rows.sentiment[at]
    sentiment, bias = fit_softmax(features, wanted, counts, decay=DECAY, ruled_out=ruled_out)
    for name in RARE_AT_HOME:
        sentiment[NAMES.index(name)] = weights.sentiment[NAMES.index(name)]
    margins = (features @ sentiment + bias)[home]
    moved = [np.array([0.0, neutral, positive]) for neutral in STEPS for positive in STEPS]
    best = max(moved, key=lambda shift: macro_f1(wanted[home], (margins + shift).argmax(1)))
    if language in LEFT_OUT_AS_ONE:
        friction, friction_bias = fit_friction(rows, np.ones(len(rows.groups), bool))
        weights = replace(weights, friction=friction, friction_bias=friction_bias)
    return replace(weights, sentiment=sentiment, sentiment_bias=bias + best)


def _counting(group: str, counts: dict[str, float] | None) -> float:
    return next((count for name, count in (counts or {}).items() if name in group), 1.0)
