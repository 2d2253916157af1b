"""How often a score came true: Platt's line or an isotonic staircase, whichever cross-validates better. numpy only.

Platt, "Probabilistic outputs for support vector machines" (1999), with his targets that keep away from 0 and 1;
isotonic by pooling adjacent violators (Ayer et al. 1955), straight between the pools' middles.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from widget_server.scoring.weights import Calibration

Array = NDArray[np.float64]

LEAST_STEP = 10
"""A pool of the staircase stands on at least so many labels."""
POINTS = 25
"""Of Platt's curve, that is kept as straight pieces."""


def platt(sums: Array, y: Array, counts: Array) -> Calibration:
    """p = 1 / (1 + e^−(a·sum + c)), a ≥ 0."""
    yes, no = float(counts @ y), float(counts @ (1 - y))
    target = np.where(y > 0.5, (yes + 1) / (yes + 2), 1 / (no + 2))
    a, c = 1.0, 0.0
    for _ in range(60):
        p = 0.5 * (1 + np.tanh((a * sums + c) / 2))
        wrong, bend = counts * (p - target), counts * p * (1 - p)
        slope = np.array([wrong @ sums + 1e-3 * (a - 1), wrong.sum() + 1e-3 * c])
        mixed = bend @ sums
        hessian = np.array([[bend @ sums**2 + 1e-3, mixed], [mixed, bend.sum() + 1e-3]])
        step = np.clip(np.linalg.solve(hessian, -slope), -1.0, 1.0)
        a, c = max(0.01, a + float(step[0])), c + float(step[1])
        if np.max(np.abs(step)) < 1e-8:
            break
    at = np.linspace(float(sums.min()) - 2, float(sums.max()) + 2, POINTS)
    return Calibration("platt", _points(at), _points(0.5 * (1 + np.tanh((a * at + c) / 2))))


def isotonic(sums: Array, y: Array, counts: Array) -> Calibration:
    """Steps that never fall, smoothed by one imagined yes and no in each."""
    order = np.argsort(sums, kind="stable")
    pools: list[list[float]] = []  # of [sum of sums, of yes, of counts]
    for at in order:
        pools.append([float(sums[at] * counts[at]), float(y[at] * counts[at]), float(counts[at])])
        while len(pools) > 1 and (_share(pools[-2]) >= _share(pools[-1]) or pools[-2][2] < LEAST_STEP):
            last = pools.pop()
            pools[-1] = [mine + its for mine, its in zip(pools[-1], last, strict=True)]
    if len(pools) > 1 and pools[-1][2] < LEAST_STEP:
        last = pools.pop()
        pools[-1] = [mine + its for mine, its in zip(pools[-1], last, strict=True)]
    at = np.array([pool[0] / pool[2] for pool in pools])
    level = np.maximum.accumulate(np.array([(pool[1] + 1) / (pool[2] + 2) for pool in pools]))
    if len(at) == 1:
        at, level = np.array([at[0], at[0] + 1.0]), np.array([level[0], level[0]])
    return Calibration("isotonic", _points(at), _points(level))


def calibrated(sums: Array, y: Array, counts: Array, folds: NDArray[np.int64]) -> Calibration:
    """Whichever of the two has the smaller cross-validated Brier score; Platt's where they are alike."""
    ways: tuple[Callable[[Array, Array, Array], Calibration], ...] = (platt, isotonic)
    scores = []
    for way in ways:
        wrong = 0.0
        for fold in np.unique(folds):
            held, rest = folds == fold, folds != fold
            said = said_of(way(sums[rest], y[rest], counts[rest]), sums[held])
            wrong += float(counts[held] @ (said - y[held]) ** 2)
        scores.append(wrong)
    best = ways[1] if scores[1] < scores[0] * 0.995 else ways[0]
    return best(sums, y, counts)


def said_of(calibration: Calibration, sums: Array) -> Array:
    return np.interp(sums, calibration.sums, calibration.chances)


def _share(pool: list[float]) -> float:
    return pool[1] / pool[2]


def _points(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
