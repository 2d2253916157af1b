"""How good scores are on labels, with intervals: AUC, recall at 10 % false positives, ECE and Brier. numpy only.

Intervals hold 95 % of a bootstrap over the labels, drawn with a fixed seed, so that the same labels give the same table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Picks = NDArray[np.int64]

DRAWS = 400
ALLOWED = 0.10
BINS = 10
NAMES = {"auc": "AUC", "recall": "recall at 10 % false alarms", "ece": "ECE", "brier": "Brier"}


def auc(y: Array, chance: Array) -> float:
    """How likely a yes is ranked above a no; ties count half."""
    values, place = np.unique(chance, return_inverse=True)
    yes = np.bincount(place, weights=y, minlength=len(values))
    no = np.bincount(place, weights=1 - y, minlength=len(values))
    below = np.concatenate([[0.0], np.cumsum(no)[:-1]])
    return float(np.sum(yes * (below + no / 2)) / (yes.sum() * no.sum()))


def recall(y: Array, chance: Array) -> float:
    """Share of those in need that are found where at most `ALLOWED` of the others are taken for it."""
    values, place = np.unique(-chance, return_inverse=True)
    hits = np.cumsum(np.bincount(place, weights=y, minlength=len(values))) / y.sum()
    alarms = np.cumsum(np.bincount(place, weights=1 - y, minlength=len(values))) / (1 - y).sum()
    inside = hits[alarms <= ALLOWED + 1e-9]
    return float(inside.max()) if len(inside) else 0.0


def ece(y: Array, chance: Array) -> float:
    """How far, on average, chances are from what happened, in ten equal bins."""
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    happened = np.bincount(place, weights=y, minlength=BINS)
    hoped = np.bincount(place, weights=chance, minlength=BINS)
    return float(np.sum(np.abs(happened - hoped)) / len(y))


def brier(y: Array, chance: Array) -> float:
    return float(np.mean((y - chance) ** 2))


MEASURES: dict[str, Callable[[Array, Array], float]] = {"auc": auc, "recall": recall, "ece": ece, "brier": brier}


def compared(y: Array, before: Array, after: Array) -> dict[str, Any]:
    """The table of before and after on the same labels, as it is stored and shown.

    Each value is [it, low, high]; `brier_change` is after less before, drawn in pairs.
    """
    draws = _draws(y)
    table: dict[str, Any] = {"n": len(y), "yes": int(y.sum())}
    for name, chance in (("before", before), ("after", after)):
        table[name] = {kind: _with_interval(measure, y, chance, draws) for kind, measure in MEASURES.items()}
    change = [float(np.mean((y[d] - after[d]) ** 2 - (y[d] - before[d]) ** 2)) for d in draws]
    whole = brier(y, after) - brier(y, before)
    table["brier_change"] = _rounded(whole, *np.percentile(change, [2.5, 97.5]))
    return table


def better(table: dict[str, Any]) -> bool:
    """Whether it is worth changing for: surely nearer to what happened, and ranking no worse."""
    return bool(table["brier_change"][2] < 0 and table["after"]["auc"][0] >= table["before"]["auc"][0] - 0.005)


def _draws(y: Array) -> list[Picks]:
    """Picks of both kinds alike, so that none is ever missing."""
    rng = np.random.default_rng(20_261_122)
    yes, no = np.flatnonzero(y > 0.5), np.flatnonzero(y <= 0.5)
    return [np.concatenate([rng.choice(yes, len(yes)), rng.choice(no, len(no))]) for _ in range(DRAWS)]


def _with_interval(
    measure: Callable[[Array, Array], float], y: Array, chance: Array, draws: list[Picks]
) -> list[float]:
    drawn = [measure(y[d], chance[d]) for d in draws]
    return _rounded(measure(y, chance), *np.percentile(drawn, [2.5, 97.5]))


def _rounded(*numbers: float) -> list[float]:
    return [round(float(number), 4) for number in numbers]
