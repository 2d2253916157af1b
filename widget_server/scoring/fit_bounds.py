"""Weights fitted to labels, near the shipped ones and inside of what must hold whatever the labels say. numpy only.

    minimise  Σ wᵢ·log(1 + e^(−yᵢ·xᵢ·θ)) + λ/2 · Σ ((θ − shipped) / scale)²   subject to  A·θ ≥ b

by Newton's method with a logarithmic barrier: convex, one answer, and every step stays inside the bounds. The bounds are
those of the data model ("Flagged"): a worse rating never lowers the score, 2 of 5 flags, a strong cue flags despite 5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from widget_server.scoring.friction import WEIGHTS as CUES
from widget_server.scoring.weights import NAMES, SHIPPED, Weights

Array = NDArray[np.float64]

LOW = -0.5
"""2 of 5 on the scale of −1…1."""
STRONG = CUES["strong"]
LEAST = 0.01
"""So that a rule holds after weights were rounded, too."""

RULES: tuple[tuple[str, dict[str, float], float], ...] = (
    ("a worse rating raises the score", {"rating": -1}, 0.5),
    ("also beside trouble", {"rating": -1, "rating_x_friction": -1}, LEAST),
    ("trouble raises it", {"friction": 1}, 0.5),
    ("also beside a good rating", {"rating_x_friction": 1}, 0),
    ("words that lean negative raise it", {"negative_text": -1}, 0),
    ("praise does not", {"positive_text": -1}, 0),
    ("nor does what was told as not having happened", {"resolved": -1}, 0),
    ("behaviour raises it", {"signals": 1}, 0),
    ("up to its cap", {"signals": -1}, -1.0),
    ("a missing rating makes the rest count for more", {"no_rating": 1}, 0),
    ("missing words, too", {"no_text": 1}, 0),
    ("and an unread language", {"unsupported": 1}, 0),
    ("nothing known flags nobody", {"bias": -1, "no_rating": -1, "no_text": -1}, 0.2),
    ("a middling rating alone doesn't", {"bias": -1, "no_text": -1}, 0.2),
    ("2 of 5 flags whatever is said", {"bias": 1, "rating": LOW, "positive_text": 1, "resolved": 1}, LEAST),
    (
        "a strong cue flags despite 5 of 5",
        {
            "bias": 1,
            "rating": 1,
            "friction": STRONG,
            "rating_x_friction": STRONG,
            "positive_text": 1 - STRONG,
            "resolved": 1 - STRONG,
        },
        LEAST,
    ),
)
"""What must hold: the sum of these multiples of the weights is at least the number."""

_A = np.array([[rule.get(name, 0.0) for name in NAMES] for _, rule, _ in RULES])
_B = np.array([least for _, _, least in RULES], dtype=float)
_SHIPPED = np.array(SHIPPED.numbers)
_SCALE = np.maximum(np.abs(_SHIPPED), 0.5)
_START = _SHIPPED - 0.02 * np.array([name == "signals" for name in NAMES])  # the shipped ones lie on one bound

BARRIERS = (1.0, 0.1, 0.01, 1e-3, 1e-5, 1e-7)
STEPS = 40
LEAST_GAIN = 1e-12
"""Of a step; less is lost in the rounding of the cost, and looking for it took most of a fit."""


def broken_rules(weights: Weights) -> list[str]:
    """Rules that these weights don’t keep, rounding aside; none for any that was fitted here."""
    short = _A @ np.array(weights.numbers) - _B
    return [name for (name, _, _), by in zip(RULES, short, strict=True) if by < -1e-3]


def fitted(x: Array, y: Array, counts: Array, ridge: float) -> Array:
    """Weights in the order of `NAMES`.

    Args:
        x: values, one row a label, one column a name.
        y: 1 where help was needed, else 0.
        counts: what each label counts for.
        ridge: how firmly they are held to the shipped ones (λ).
    """
    theta = _START.copy()
    for barrier in BARRIERS:
        for _ in range(STEPS):
            step, gain = _newton(theta, x, y, counts, ridge, barrier)
            moved = _inside(theta, step, x, y, counts, ridge, barrier) if gain > LEAST_GAIN else None
            if moved is None:
                break
            theta = moved
            if np.max(np.abs(step)) < 1e-7:
                break
    return theta


def chances(x: Array, theta: Array) -> Array:
    return _logistic(x @ theta)


def _newton(theta: Array, x: Array, y: Array, counts: Array, ridge: float, barrier: float) -> tuple[Array, float]:
    """The step, and how much less the cost will be after it."""
    p = _logistic(x @ theta)
    slack = _A @ theta - _B
    slope = x.T @ (counts * (p - y)) + ridge * (theta - _SHIPPED) / _SCALE**2 - barrier * (_A.T @ (1 / slack))
    bend = (x * (counts * p * (1 - p))[:, None]).T @ x + np.diag(ridge / _SCALE**2)
    bend += barrier * (_A * (1 / slack**2)[:, None]).T @ _A
    step = np.linalg.solve(bend, -slope)
    return step, float(-slope @ step) / 2


def _inside(
    theta: Array, step: Array, x: Array, y: Array, counts: Array, ridge: float, barrier: float
) -> Array | None:
    """As far along the step as stays inside and is better; None where nothing is."""
    before = _cost(theta, x, y, counts, ridge, barrier)
    length = 1.0
    while length > 1e-9:
        there = theta + length * step
        if np.all(_A @ there > _B) and _cost(there, x, y, counts, ridge, barrier) < before - LEAST_GAIN:
            return np.asarray(there)
        length /= 2
    return None


def _cost(theta: Array, x: Array, y: Array, counts: Array, ridge: float, barrier: float) -> float:
    z = x @ theta
    loss = counts @ (np.logaddexp(0.0, z) - y * z)
    held = ridge / 2 * np.sum(((theta - _SHIPPED) / _SCALE) ** 2)
    return float(loss + held - barrier * np.sum(np.log(_A @ theta - _B)))


def _logistic(z: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(z / 2)))
