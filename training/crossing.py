"""How a recipe does on sources that it hasn't seen: each source is left out in turn. Everything is chosen by this.

python -m training.crossing --data DIR [--lang en --lang de …]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from training.fitting import Rows, fit_binary
from training.rows import dense, sparse
from training.sources import LABELS, Example, examples
from widget_server.scoring.ngrams import HEADS
from widget_server.scoring.words import SPACELESS

Array = Any
SOURCE_WEIGHT = {"xed": 0.15}
"""How much a row of a source counts, by the source's beginning: film subtitles are noisy and far from feedback."""
AT_HOME = ("wisesight", "norec-train")
"""Sources whose like the models will meet: they are left out by folds, not as a whole."""
SETTLED = frozenset({"th", "no"})
"""Languages with such a source. Theirs are many rows of one kind: what is neutral is learned too, and less of the rest by
heart, with the same few steps for what is shipped and for what is left out, so that margins are of one size."""
FOLDS = 3
LARGE = 20_000
"""Rows from which on all registers of our corpus are left out together, to save hours."""
ROUNDS, LEFT_OUT_ROUNDS, SETTLED_ROUNDS = 30, 15, 12
"""Steps of a fit: the last ones change little, and leaving out takes a fit for each source."""
DECAY = {"sentiment": 1e-4, "friction": 3e-4}
SETTLED_DECAY = {"sentiment": 3e-4, "friction": 3e-4}


@dataclass
class Material:
    """All rows of a language, taken apart once."""

    language: str
    rows: list[Example]
    sparse: Rows
    placed: Rows  # with the pieces by place, that friction is told by
    dense: Array
    sources: Array
    sentiment: Array  # −1 where not known
    friction: Array
    weights: Array

    @property
    def parts(self) -> Array:
        """What is left out together: a source, or a fold of a source that the model will be at home in."""
        folds = np.array([crc32(row.text.encode("utf-8", "replace")) % FOLDS for row in self.rows])
        large = len(self.rows) > LARGE
        names = [name.split("-")[0] if large else name for name in self.sources]
        return np.array([f"{s} {f}" if s in AT_HOME else s for s, f in zip(names, folds, strict=True)])

    def pieces(self, head: int) -> Rows:
        return self.placed if HEADS[head] == "friction" else self.sparse

    def known(self, head: int) -> Array:
        return (self.friction if head == 2 else self.sentiment) >= 0

    def wanted(self, head: int) -> Array:
        if HEADS[head] == "friction":
            return (self.friction == 1).astype(float)
        return (self.sentiment == LABELS.index(HEADS[head])).astype(float)


def material(language: str, data: Path | None, *, tested: bool = False) -> Material:
    rows = [row for row in examples(language, data) if row.held_out == tested or tested is None]
    return gathered(language, rows)


def gathered(language: str, rows: list[Example]) -> Material:
    return Material(
        language,
        rows,
        sparse(rows),
        sparse(rows, placed=True),
        dense(rows),
        np.array([row.source for row in rows]),
        np.array([-1 if row.sentiment is None else row.sentiment for row in rows]),
        np.array([-1 if row.friction is None else int(row.friction) for row in rows]),
        np.array([next((w for name, w in SOURCE_WEIGHT.items() if row.source.startswith(name)), 1.0) for row in rows]),
    )


def fit_heads(
    made: Material, chosen: Array, decay: dict[str, float] = DECAY, rounds: int = ROUNDS
) -> list[tuple[Array, float]]:
    """Weights and bias of each head, learned from the chosen rows."""
    heads = []
    settled = made.language in SETTLED
    decay, rounds = (SETTLED_DECAY, SETTLED_ROUNDS) if settled else (decay, rounds)
    for head in range(4 if settled else 3):
        at = np.flatnonzero(chosen & made.known(head))
        if len(at) < 50 or made.wanted(head)[at].min() == made.wanted(head)[at].max():
            heads.append((np.zeros(made.sparse.width), 0.0))
            continue
        kind = "friction" if head == 2 else "sentiment"
        rows, wanted = made.pieces(head).of(at), made.wanted(head)[at]
        by_rarity = made.language in SPACELESS
        weights = made.weights[at]
        heads.append(fit_binary(rows, wanted, weights, decay=decay[kind], rounds=rounds, by_rarity=by_rarity))
    return heads


def left_out_margins(made: Material, decay: dict[str, float] = DECAY) -> Array:
    """For every row the margins of models that never saw its source; of sources at home, that never saw its fold."""
    margins = np.zeros((len(made.rows), len(HEADS)))
    for part in sorted(set(made.parts)):
        here = made.parts == part
        at = np.flatnonzero(here)
        for head, (weights, bias) in enumerate(fit_heads(made, ~here, decay, LEFT_OUT_ROUNDS)):
            margins[at, head] = made.pieces(head).of(at).times(weights) + bias
    return margins


def auc(wanted: Array, scores: Array) -> float:
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    _, where, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.bincount(where, weights=ranks) / counts)[where]
    yes = wanted.astype(bool)
    positives, negatives = yes.sum(), (~yes).sum()
    if not positives or not negatives:
        return float("nan")
    return float((ranks[yes].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def recall_at(wanted: Array, scores: Array, share: float = 0.10) -> float:
    """Share of the wanted found at a threshold that at most `share` of the others pass."""
    yes = wanted.astype(bool)
    best = 0.0
    for threshold in np.unique(scores)[::-1]:
        if (scores[~yes] >= threshold).mean() > share + 1e-9:
            break
        best = float((scores[yes] >= threshold).mean())
    return best


def macro_f1(wanted: Array, said: Array) -> float:
    scores = []
    for label in sorted(set(wanted.tolist())):
        hit = ((wanted == label) & (said == label)).sum()
        both = (wanted == label).sum() + (said == label).sum()
        scores.append(2 * hit / both if both else 0.0)
    return float(np.mean(scores))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--lang", action="append", required=True)
    asked = parser.parse_args()
    for language in asked.lang:
        made = material(language, asked.data)
        print(language, len(made.rows), file=sys.stderr)
        show(made, left_out_margins(made))


def show(made: Material, margins: Array) -> None:
    for source in sorted(set(made.sources)):
        here = made.sources == source
        line = f"{made.language} {source:18} {here.sum():6}"
        for head, name in enumerate(("negative", "positive", "friction")):
            at = here & made.known(head)
            if at.any() and 0 < made.wanted(head)[at].mean() < 1:
                line += f"  {name} {auc(made.wanted(head)[at], margins[at, head]):.3f}"
        print(line)


if __name__ == "__main__":
    main()
