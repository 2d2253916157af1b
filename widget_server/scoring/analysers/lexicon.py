"""The lexicons alone: the balance of good and bad words, with negation and strength."""

from __future__ import annotations

import math
from collections.abc import Sequence

from widget_server.scoring.analysers import Analyser, Reading, Text
from widget_server.scoring.analysers.textblob import by_polarity
from widget_server.scoring.evidence import Span
from widget_server.scoring.lexicon import Hit, languages, lexicon
from widget_server.scoring.tokens import tokens_of


class LexiconAnalyser:
    name = "lexicon"

    def read(self, texts: Sequence[Text]) -> list[Reading | None]:
        return [_read(text) if text.language in languages() else None for text in texts]


def _read(text: Text) -> Reading:
    tokens = tokens_of(text.text, text.language)
    hits = lexicon(text.language).hits(tokens)
    balance = math.fsum([*(hit.weight for hit in hits), *(sign.weight for sign in tokens.signs)])
    said = by_polarity(math.tanh(balance))
    return Reading(said.negative, said.positive, None, tuple(_span(tokens.text, hit) for hit in hits))


def _span(text: str, hit: Hit) -> Span:
    kind = "negative" if hit.weight < 0 else "positive"
    return Span(hit.start, hit.end, text[hit.start : hit.end], kind, round(hit.weight, 4))


def make() -> Analyser:
    return LexiconAnalyser()
