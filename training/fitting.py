"""Logistic regression over sparse rows, in numpy alone: the same rows give the same weights, bit for bit.

Sums run in a fixed order (bincount, reduceat), never through a threaded library, so that a model can be made again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = Any


SMOOTHED = 0.1
"""Added to what is counted of a column under each label."""


@dataclass(frozen=True)
class Rows:
    """Compressed sparse rows."""

    starts: Array
    columns: Array
    values: Array
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, chosen: Array) -> Rows:
        """The rows with these numbers, in their order."""
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        at = np.repeat(self.starts[:-1][chosen] - starts[:-1], lengths) + np.arange(starts[-1])
        return Rows(starts, self.columns[at], self.values[at], self.width)

    def times(self, weights: Array) -> Array:
        sums = np.concatenate([[0.0], np.cumsum(self.values * weights[self.columns], dtype=np.float64)])
        return sums[self.starts[1:]] - sums[self.starts[:-1]]

    @cached_property
    def places(self) -> Array:
        """The row of each value."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def back(self, residuals: Array) -> Array:
        return np.bincount(self.columns, weights=self.values * residuals[self.places], minlength=self.width)


def logistic(margins: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * margins))


def fit_binary(
    rows: Rows, wanted: Array, weights: Array, *, decay: float, rounds: int = 60, by_rarity: bool = False
) -> tuple[Array, float]:
    """Weights and bias that best tell wanted (1) from not (0), each row counting `weights`."""
    total = weights.sum()
    trust = trusted(rows, wanted, weights) * (rarity(rows) if by_rarity else 1.0)

    def loss(x: Array) -> tuple[float, Array]:
        margins = rows.times(trust * x[:-1]) + x[-1]
        slack = np.logaddexp(0, margins) - wanted * margins
        residual = weights * (logistic(margins) - wanted) / total
        gradient = np.concatenate([trust * rows.back(residual) + decay * x[:-1], [residual.sum()]])
        return float((weights * slack).sum() / total + 0.5 * decay * (x[:-1] ** 2).sum()), gradient

    found = minimise(loss, np.zeros(rows.width + 1), rounds)
    return trust * found[:-1], float(found[-1])


def trusted(rows: Rows, wanted: Array, weights: Array) -> Array:
    """How freely each column may weigh: by the log of its odds under the two labels (after Wang and Manning, 2012)."""
    yes = rows.back(weights * wanted) + SMOOTHED
    no = rows.back(weights * (1 - wanted)) + SMOOTHED
    odds = np.abs(np.log(yes / yes.sum()) - np.log(no / no.sum()))
    return np.clip(odds, 0.1, 3.0)


def rarity(rows: Rows) -> Array:
    """How seldom each column is met, as the log of its share of the rows; 1 for the mean of all values."""
    seen = np.bincount(rows.columns, minlength=rows.width)
    rare = np.log(max(2, len(rows)) / (seen + 1.0)).clip(0.05)
    return rare / rare[rows.columns].mean()


def fit_softmax(
    features: Array, wanted: Array, weights: Array, *, decay: float, ruled_out: Array | None = None, rounds: int = 300
) -> tuple[Array, Array]:
    """Dense multinomial logistic regression over three labels: (features × labels) weights and biases.

    `ruled_out` marks rows whose source has no neutral label: they tell negative from positive only.
    """
    classes = 3
    width = features.shape[1]
    target = np.eye(classes)[wanted]
    total = weights.sum()

    def loss(x: Array) -> tuple[float, Array]:
        w, b = x[: width * classes].reshape(width, classes), x[width * classes :]
        margins = features @ w + b
        if ruled_out is not None:
            margins[ruled_out, 1] = -1e3
        top = margins.max(1, keepdims=True)
        chances = np.exp(margins - top)
        sums = chances.sum(1, keepdims=True)
        chances /= sums
        slack = (np.log(sums) + top)[:, 0] - np.where(target > 0, margins, 0.0).sum(1)
        residual = weights[:, None] * (chances - target) / total
        gradient = np.concatenate([(features.T @ residual + decay * w).ravel(), residual.sum(0)])
        return float((weights * slack).sum() / total + 0.5 * decay * (w**2).sum()), gradient

    found = minimise(loss, np.zeros(width * classes + classes), rounds)
    return found[: width * classes].reshape(width, classes), found[width * classes :]


def minimise(loss: Callable[[Array], tuple[float, Array]], start: Array, rounds: int, memory: int = 8) -> Array:
    """L-BFGS with a backtracking line search."""
    x, (value, gradient) = start, loss(start)
    steps: deque[tuple[Array, Array, float]] = deque(maxlen=memory)
    for number in range(rounds):
        direction = -_inverse_hessian(gradient, steps)
        slope = float(gradient @ direction)
        if slope > -1e-12:
            break
        size = 1.0 if number else min(1.0, 1.0 / (np.abs(gradient).max() + 1e-12))
        for _ in range(20):
            there = x + size * direction
            value_there, gradient_there = loss(there)
            if value_there <= value + 1e-4 * size * slope:
                break
            size *= 0.5
        else:
            break
        moved, turned = there - x, gradient_there - gradient
        if (curved := float(moved @ turned)) > 1e-14:
            steps.append((moved, turned, 1 / curved))
        done = value - value_there < 1e-7 * max(1.0, abs(value))
        x, value, gradient = there, value_there, gradient_there
        if done:
            break
    return x


def _inverse_hessian(gradient: Array, steps: deque[tuple[Array, Array, float]]) -> Array:
    q = gradient.copy()
    alphas = []
    for moved, turned, rho in reversed(steps):
        alpha = rho * float(moved @ q)
        alphas.append(alpha)
        q -= alpha * turned
    if steps:
        moved, turned, _ = steps[-1]
        q *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned, rho), alpha in zip(steps, reversed(alphas), strict=True):
        q += moved * (alpha - rho * float(turned @ q))
    return q
