"""Which earlier cases are like this one: by what they are about, and by the words of the complaint. Pure.

Told is how much of this case's topics, and of its words, is found there: two shares from 0 to 1, added. A topic or a word
that few cases have counts for more than one that most have. The work is bounded: so many cases, so many letters of each.
Words are compared, never read as patterns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from math import log

MOST_CASES = 200
MOST_LETTERS = 400
"""Of each complaint."""
SHORTEST = 4
"""Words of fewer letters are mostly those that every sentence has."""
ENOUGH_WORDS, ENOUGH_ALONE = 3, 0.3
"""Without a topic in common: so many words at least, and such a share."""
_BETWEEN = re.compile(r"[\s.,;:!?…()\[\]\"“”„«»¿¡'’‘、。，！？\-–—/]+")
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that part no words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
PIECE = 3


@dataclass(frozen=True)
class Past:
    """An earlier case: what it was about, what was complained of, and when it was put right, ms."""

    case_id: int
    at: int
    topics: frozenset[str]
    words: str


@dataclass(frozen=True)
class Alike:
    """An earlier case that is like this one, with the topics in common, in this one's order. `points` from 0 to 2."""

    case_id: int
    topics: tuple[str, ...]
    points: float


def most_alike(topics: Collection[str], complaint: str, past: Iterable[Past]) -> list[Alike]:
    """Those like it, the most alike first, of two the newer. `past`: the newest first; beyond `MOST_CASES` none is read."""
    cases = list(islice(past, MOST_CASES))
    words, ours = words_of(complaint), frozenset(topics)
    if not cases or not (ours or words):
        return []
    shared = [(case, ours & case.topics, words & words_of(case.words)) for case in cases]
    topic_weights = _weights(ours, Counter(one for _, about, _ in shared for one in about), len(cases))
    word_weights = _weights(words, Counter(one for _, _, said in shared for one in said), len(cases))
    found = []
    for case, about, said in shared:
        by_words = _share(said, word_weights)
        if about or (len(said) >= ENOUGH_WORDS and by_words >= ENOUGH_ALONE):
            points = by_words + _share(about, topic_weights)
            found.append((Alike(case.case_id, tuple(one for one in topics if one in about), points), case.at))
    found.sort(key=lambda one: (one[0].points, one[1]), reverse=True)
    return [alike for alike, _ in found]


def words_of(text: str) -> frozenset[str]:
    """The words of a complaint as they are compared. Where a script parts none, every three letters in a row."""
    words: set[str] = set()
    for word in _BETWEEN.split(text[:MOST_LETTERS].casefold()):
        if _SPACELESS.search(word):
            words.update(word[at : at + PIECE] for at in range(max(len(word) - PIECE + 1, 1)))
        elif len(word) >= SHORTEST and not word.isdecimal():
            words.add(word)
    return frozenset(words)


def _weights(ours: frozenset[str], having: Counter[str], cases: int) -> dict[str, float]:
    """What each of ours is worth, by how few of the cases have it."""
    return {one: log(1 + cases / (1 + having[one])) for one in ours}


def _share(shared: frozenset[str], weights: dict[str, float]) -> float:
    """0: nothing of ours; 1: all."""
    return sum(weights[one] for one in shared) / sum(weights.values()) if shared else 0.0
