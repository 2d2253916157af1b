"""Which spans of a text made it feel good or bad, and by how much: the same sums as the combination's, by place. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import mul

from widget_server.scoring.combination import weights_of
from widget_server.scoring.features import LEARNED, Weighed
from widget_server.scoring.lexicon import lexicon
from widget_server.scoring.ngrams import places_of
from widget_server.scoring.telling import commonest
from widget_server.scoring.tokens import Tokens

LEAST = 0.15
BESIDE = 0.2
"""A word that weighs less than this beside the strongest one says nothing to a reader: 'this' in 'this is terrible'."""
MOST = 8


@dataclass(frozen=True)
class Span:
    """Where something stands in a text, in code points, and what it says there."""

    start: int
    end: int
    text: str
    kind: str  # negative | positive
    weight: float  # added to the score of its kind over the other's


def spans_of(tokens: Tokens, weighed: Weighed, language: str) -> tuple[Span, ...]:
    """The strongest spans, in the order of the text."""
    added: dict[tuple[int, int], float] = defaultdict(float)
    rows = weights_of(language).rows
    leaning = [(rows[name][2] - rows[name][0]) / weighed.norm for name in LEARNED]
    words: dict[tuple[int, int], str] = {}
    for kind, places in places_of(tokens, weighed.turned).items() if weighed.added else ():
        for place, key, parts in zip(places, weighed.pieces[kind], weighed.added[kind], strict=True):
            words[place] = key
            added[place] += sum(map(mul, parts, leaning))
    small = commonest(language)
    for place, key in words.items():
        word = key.rpartition(" ")[2]
        if word in small and not isinstance(lexicon(language).one(word), float):
            del added[place]  # "this" in "this is terrible": n-grams lean on it, and a reader would wonder
    for hit in weighed.hits:
        name = "good_words" if hit.weight > 0 else "bad_words"
        row, balance = rows[name], rows["words_balance"]
        added[(hit.start, hit.end)] += abs(hit.weight) * (row[2] - row[0]) + hit.weight * (balance[2] - balance[0])
    for sign in tokens.signs:
        if sign.weight:
            added[(sign.start, sign.end)] += 2 * sign.weight
    strongest = sorted(added.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:MOST]
    least = max(LEAST, BESIDE * abs(strongest[0][1])) if strongest else LEAST
    return tuple(
        Span(start, end, tokens.text[start:end], "negative" if weight < 0 else "positive", round(weight, 4))
        for (start, end), weight in sorted(strongest)
        if abs(weight) >= least
    )
