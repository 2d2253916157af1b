"""The learned n-grams alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

from widget_server.scoring.analysers import LEAST, Analyser, Reading, Text
from widget_server.scoring.friction import friction_of
from widget_server.scoring.language import CERTAIN, Language
from widget_server.scoring.lexicon import lexicon
from widget_server.scoring.ngrams import Model, languages, model, norm_of, pieces_of
from widget_server.scoring.tokens import tokens_of


class NgramAnalyser:
    name = "ngrams"

    def read(self, texts: Sequence[Text]) -> list[Reading | None]:
        return [_read(text, model(text.language)) if text.language in languages() else None for text in texts]


def _read(text: Text, learned: Model | None) -> Reading | None:
    if learned is None:
        return None
    tokens = tokens_of(text.text, text.language)
    told = friction_of(text.text, Language(text.language, CERTAIN, "given"), text.language)
    added = learned.adds(pieces_of(tokens, lexicon(text.language).turners(tokens.units), told.span))
    norm = norm_of(tokens)
    negative, positive, friction = (
        _chance(math.fsum(parts[head] for parts in chain.from_iterable(added.values())) / norm + learned.biases[head])
        for head in range(3)
    )
    over = max(1.0, negative + positive + LEAST)
    return Reading(negative / over, positive / over, friction)


def _chance(margin: float) -> float:
    return 0.5 * (1 + math.tanh(margin / 2))


def make() -> Analyser:
    return NgramAnalyser()
