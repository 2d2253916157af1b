"""Fitting the combination to an installation's own labels: cross-validated, held to bounds, compared with what is used.

`fit` is the whole of it: rows come in, the new weights with their figures come out. Nothing is decided here about using
them (`desk/learning.py`). numpy only; the web process never imports it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from widget_server.scoring.assessment import logistic
from widget_server.scoring.fit_bounds import fitted
from widget_server.scoring.fit_calibration import calibrated, said_of
from widget_server.scoring.fit_figures import better, compared
from widget_server.scoring.labels import RATING_COUNTS
from widget_server.scoring.weights import NAMES, Calibration, Weights

Array = NDArray[np.float64]

RIDGES = (1.0, 4.0, 16.0, 64.0)
FOLDS = 5


@dataclass(frozen=True)
class Example:
    """One labelled response, as it is read now."""

    response_id: int
    values: Mapping[str, float]  # by weights.NAMES; what is missing is 0
    needed: bool
    by_people: bool  # else its label is its rating, which the values then hide


@dataclass(frozen=True)
class Fitted:
    weights: Weights
    figures: dict[str, Any]  # see fit_figures.compared, with "ridge" and "calibration"
    better: bool


def fit(examples: Sequence[Example], used: Weights, name: str) -> Fitted:
    """New weights called `name`, and how they compare with those in use on labels that they were not fitted to.

    The same examples in any order give the same weights.
    """
    ordered = sorted(examples, key=lambda one: one.response_id)
    x = np.array([[one.values.get(value, 0.0) for value in NAMES] for one in ordered])
    y = np.array([float(one.needed) for one in ordered])
    counts = np.array([1.0 if one.by_people else RATING_COUNTS for one in ordered])
    people = np.array([one.by_people for one in ordered])
    folds = _folds(y, people)

    after = np.zeros(len(y))
    for fold in range(FOLDS):
        held, rest = folds == fold, folds != fold
        theta, calibration, _ = _fit_once(x[rest], y[rest], counts[rest], people[rest])
        after[held] = said_of(calibration, x[held] @ theta)
    table = compared(y[people], _as_used(x, used)[people], after[people])
    theta, calibration, ridge = _fit_once(x, y, counts, people)
    figures = {**table, "ridge": ridge, "calibration": calibration.kind, "ratings": int((~people).sum())}
    return Fitted(_weights(theta, calibration, used, name), figures, better(table))


def _fit_once(x: Array, y: Array, counts: Array, people: NDArray[np.bool_]) -> tuple[Array, Calibration, float]:
    """Ridge by cross-validation; then, with the sums of those folds, the calibration: by labels of people alone."""
    folds = _folds(y, people)
    best, best_loss, best_sums = RIDGES[-1], np.inf, np.zeros(len(y))
    for ridge in RIDGES:
        sums = np.zeros(len(y))
        for fold in range(FOLDS):
            held, rest = folds == fold, folds != fold
            sums[held] = x[held] @ fitted(x[rest], y[rest], counts[rest], ridge)
        loss = float(counts @ (np.logaddexp(0.0, sums) - y * sums))
        if loss < best_loss:
            best, best_loss, best_sums = ridge, loss, sums
    calibration = calibrated(best_sums[people], y[people], counts[people], folds[people])
    return fitted(x, y, counts, best), calibration, best


def _folds(y: Array, people: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Each kind of label dealt out in turn, so that every fold has its share of all of them."""
    folds = np.zeros(len(y), dtype=np.int64)
    rng = np.random.default_rng(len(y))
    for kind in (0, 1):
        for mine in (True, False):
            found = np.flatnonzero((y == kind) & (people == mine))
            folds[rng.permutation(found)] = np.arange(len(found)) % FOLDS
    return folds


def _as_used(x: Array, used: Weights) -> Array:
    """What those in use say: their calibration where they have one, else the score as it is."""
    sums = x @ np.array(used.numbers)
    if used.calibration:
        return said_of(used.calibration, sums)
    return np.array([logistic(float(total)) for total in sums])


def _weights(theta: Array, calibration: Calibration, used: Weights, name: str) -> Weights:
    rounded = {value: round(float(number), 4) + 0.0 for value, number in zip(NAMES, theta, strict=True)}
    return replace(used, id=name, calibration=calibration, **rounded)
