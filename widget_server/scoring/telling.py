"""Telling languages apart by their commonest words: quick, and right where it dares to answer. Pure.

`trained/words_of_languages.txt` holds for each language its commonest words with their share. A text whose words one
language knows clearly better than every other is in it; all else is left to `lettering`.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("trained") / "words_of_languages.txt"
UNKNOWN = math.log(0.3)
"""What a word that the list of a language lacks counts there; the unit is 1/100,000 of its words."""
KNOWN = 0.5
"""Share of a text's words that must be in the language's list."""
AHEAD = 4.0
"""By how much, in logarithms, it must be likelier than the next."""
READ = 40
COMMON, SMALL = 150, 4
"""Share, in 1/100,000, from which on a word of so few letters only holds a sentence together."""


class Told(NamedTuple):
    """How likely each language makes these words: sums of logarithms."""

    scores: dict[str, float]
    best: str
    known: int  # how many of the words the best language knows
    ahead: float  # of the best over the next, in logarithms
    words: int

    @property
    def sure(self) -> bool:
        return self.words > 1 and self.ahead >= AHEAD and self.known >= max(2, KNOWN * self.words)

    @property
    def chance(self) -> float:
        return round(1 / (1 + math.exp(-self.ahead)), 4)


def told_by_words(keys: list[str], prior: dict[str, float] | None = None) -> Told:
    """What these words say of the language.

    Args:
        prior: added to a language's logarithm, for what is known beside the words.
    """
    languages, table = _table()
    read = keys[:READ]
    found = [row for row in map(table.get, read) if row]
    columns = list(zip(*found, strict=True)) or [()] * len(languages)
    missing = UNKNOWN * (len(read) - len(found))
    scores = dict(zip(languages, [sum(column, missing) for column in columns], strict=True))
    for code, more in (prior or {}).items():
        if code in scores:
            scores[code] += more
    sums = list(scores.values())
    first, second = sorted(sums, reverse=True)[:2]
    at = sums.index(first)
    return Told(scores, languages[at], len(found) - columns[at].count(UNKNOWN), first - second, len(read))


@cache
def commonest(language: str) -> frozenset[str]:
    """Words that hold a sentence together: by themselves they say nothing."""
    languages, table = _table()
    if language not in languages:
        return frozenset()
    at, least = languages.index(language), math.log(COMMON)
    return frozenset(word for word, shares in table.items() if len(word) <= SMALL and shares[at] >= least)


@cache
def _table() -> tuple[tuple[str, ...], dict[str, tuple[float, ...]]]:
    rows: dict[str, dict[str, float]] = {}
    languages: list[str] = []
    for line in FILE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            language, *words = line.split(" ")
            languages.append(language)
            for word, share in (entry.rsplit(":", 1) for entry in words):
                rows.setdefault(word, {})[language] = math.log(float(share))
    table = {word: tuple(found.get(language, UNKNOWN) for language in languages) for word, found in rows.items()}
    return tuple(languages), table
