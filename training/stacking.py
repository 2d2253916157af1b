"""The combination: how much each value of a text counts, fitted on margins that come from other sources.

Every source weighs alike, and so does every label in it, so that no source's mix of labels becomes a habit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from training.crossing import Material, macro_f1
from training.fitting import fit_softmax
from widget_server.scoring.features import MARGIN_CAP

Array = Any
DECAY = 5e-4
STEPS = tuple(step / 10 for step in range(-4, 13, 2))
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
    features[:, :3] = np.clip(margins, -MARGIN_CAP, MARGIN_CAP)
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
    at = np.flatnonzero(chosen & (rows.friction >= 0))
    weights = evened(rows.groups[at], rows.friction[at])
    yes_or_no = np.ones(len(at), bool)
    two, bias_two = fit_softmax(rows.features[at], rows.friction[at] * 2, weights, decay=decay, ruled_out=yes_or_no)
    return Weights(sentiment, bias, two[:, 2] - two[:, 0], float(bias_two[2] - bias_two[0]))


def at_home(weights: Weights, rows: Stacked, group: str) -> Weights:
    """The same with biases by which labels come out best, in macro-F1, for a source in whose mix the model will work."""
    here = rows.groups == group
    margins = rows.features[here] @ weights.sentiment + weights.sentiment_bias
    wanted = rows.sentiment[here]
    tried = [(neutral, positive) for neutral in STEPS for positive in STEPS]
    moved = [np.array([0.0, neutral, positive]) for neutral, positive in tried]
    best = max(moved, key=lambda shift: macro_f1(wanted, (margins + shift).argmax(1)))
    return replace(weights, sentiment_bias=weights.sentiment_bias + best)


def _counting(group: str, counts: dict[str, float] | None) -> float:
    return next((count for name, count in (counts or {}).items() if name in group), 1.0)
