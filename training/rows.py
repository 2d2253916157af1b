"""Examples as numbers: sparse rows of hashed pieces, and the dense values that the combination weighs beside them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from training.fitting import Rows
from training.sources import Example
from widget_server.scoring.features import NAMES, weigh
from widget_server.scoring.friction import Friction, friction_of
from widget_server.scoring.language import Language
from widget_server.scoring.lexicon import lexicon
from widget_server.scoring.ngrams import PLACED, Pieces, buckets_of, norm_of, pieces_of, rows_of
from widget_server.scoring.polarity import textblob_polarity
from widget_server.scoring.tokens import tokens_of

Array = Any


def sparse(examples: list[Example], *, placed: bool = False) -> Rows:
    """One row of hashed pieces for each example; all are of one language. With those by place, for friction alone."""
    width = rows_of(examples[0].language)
    lengths: list[int] = []
    columns: list[Array] = []
    values: list[Array] = []
    for example in examples:
        found = [
            _buckets(kind, key, width)
            for kind, keys in _pieces(example).items()
            if placed or kind not in PLACED
            for key in keys
        ]
        lengths.append(sum(len(at) for at, _ in found))
        columns += [at for at, _ in found]
        values.append(np.concatenate([weights for _, weights in found] or [np.zeros(0)]) / _norm(example))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return Rows(starts, np.concatenate(columns), np.concatenate(values).astype(np.float32), width)


def dense(examples: list[Example]) -> Array:
    """The values named in `features.NAMES`, the learned ones still 0."""
    return np.array([_dense(example) for example in examples])


def _dense(example: Example) -> list[float]:
    tokens = tokens_of(example.text, example.language)
    friction = _friction(example)
    polarity = textblob_polarity(example.text) if example.language == "en" else None
    values = weigh(tokens, friction, None, polarity).values
    return [values.get(name, 0.0) for name in NAMES]


def _pieces(example: Example) -> Pieces:
    tokens = tokens_of(example.text, example.language)
    return pieces_of(tokens, lexicon(example.language).turners(tokens.units), _friction(example).span)


def _friction(example: Example) -> Friction:
    return friction_of(example.text, Language(example.language, 0.99, "form"), example.language)


def _norm(example: Example) -> float:
    return norm_of(tokens_of(example.text, example.language))


@cache
def _buckets(kind: str, key: str, width: int) -> tuple[Array, Array]:
    found = buckets_of(kind, key, width)
    return np.array([at for at, _ in found], dtype=np.int32), np.array([weight for _, weight in found])
