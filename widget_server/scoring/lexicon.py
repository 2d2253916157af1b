"""Sentiment lexicons, and finding their entries in a text: longest phrase first, with negation and strength.

A file `lexicons/<language>.txt` has groups "= +2", "= -3", "= not" (turns what follows), "= very", "= less"; entries
are parted by commas; one that ends in "*" stands for every word that begins so. `lexicons/borrowed/` holds lists with
licences of their own, named at the head of each; our own word for a word wins. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from widget_server.scoring.tokens import Tokens
from widget_server.scoring.words import SPACELESS, Unit, fold, keys_of

FILES = Path(__file__).with_name("lexicons")
STRONGEST = 3.0
LONGEST = 5
"""Words of a phrase."""
TURNS, STRENGTHENS, WEAKENS = -0.6, 1.4, 0.6
REACH = {False: 3, True: 6}
"""How many words (letters, where words have no spaces) before an entry a negation reaches."""
BUT = {
    "en": ("but", "however", "although", "yet"), "nl": ("maar", "echter", "toch"), "no": ("men", "derimot"),
    "th": ("แต่",), "de": ("aber", "jedoch", "doch"), "fr": ("mais", "pourtant", "cependant"), "sv": ("men",),
    "es": ("pero", "aunque"), "da": ("men",), "fi": ("mutta",), "it": ("ma", "però"), "pt": ("mas", "porém"),
}  # fmt: skip
"""What comes after these weighs more than what comes before."""


class Hit(NamedTuple):
    start: int  # in the text as it was written
    end: int
    weight: float  # −1…1, turned and strengthened by what stands before it
    clause: int


@dataclass(frozen=True)
class Lexicon:
    language: str
    whole: dict[tuple[str, ...], float | str] = field(default_factory=dict)
    begins: dict[str, float | str] = field(default_factory=dict)
    openers: dict[str, int] = field(default_factory=dict)
    """First words of phrases (first two letters, where words have no spaces) and the length of the longest."""
    seen: dict[str, float | str | None] = field(default_factory=dict)

    def hits(self, tokens: Tokens) -> list[Hit]:
        return self._in_letters(*tokens.folded) if tokens.spaceless else self._in_words(tokens.units)

    def one(self, word: str) -> float | str | None:
        """A single word's group: by itself, else by the longest beginning that is listed."""
        if word in self.seen:
            return self.seen[word]
        found = self.whole.get((word,))
        if found is None and len(word) > 3:
            found = next((self.begins[word[:n]] for n in range(len(word), 3, -1) if word[:n] in self.begins), None)
        if len(self.seen) < 50_000:
            self.seen[word] = found
        return found

    def turners(self, units: list[Unit]) -> list[bool]:
        """For each word whether a negation stands shortly before it in its clause."""
        turned, left, clause = [], 0, -1
        for unit in units:
            left = left - 1 if unit.clause == clause else 0
            clause = unit.clause
            turned.append(left > 0)
            if self.one(unit.key) == "not":
                left = REACH[False] + 1
        return turned

    def _in_words(self, units: list[Unit]) -> list[Hit]:
        hits: list[Hit] = []
        at, negated, strength, clause = 0, 0, 1.0, -1
        keys = [unit.key for unit in units]
        while at < len(units):
            if units[at].clause != clause:
                negated, strength, clause = 0, 1.0, units[at].clause
            group, length = self._longest(keys, units, at)
            if group == "not":
                negated = REACH[False] + 1
            elif group == "very":
                strength = STRENGTHENS
            elif group == "less":
                strength = WEAKENS
            elif group is not None:
                weight = float(group) * strength * (TURNS if negated > 0 else 1.0)
                hits.append(Hit(units[at].start, units[at + length - 1].end, weight, clause))
                strength = 1.0
            else:
                strength = 1.0
            negated -= 1
            at += length
        return hits

    def _longest(self, keys: list[str], units: list[Unit], at: int) -> tuple[float | str | None, int]:
        most = self.openers.get(keys[at], 1)
        for length in range(min(most, len(keys) - at), 1, -1):
            found = self.whole.get(tuple(keys[at : at + length]))
            if found is not None and units[at + length - 1].sentence == units[at].sentence:
                return found, length
        return self.one(keys[at]), 1

    def _in_letters(self, text: str, places: list[int] | None) -> list[Hit]:
        hits: list[Hit] = []
        at, clause, negated_until, strength = 0, 0, -1, 1.0
        while at < len(text) - 1:
            if text[at].isspace():
                clause += 1
                negated_until = -1
            most = self.openers.get(text[at : at + 2], 0)
            group, length = None, 1
            for size in range(min(most, len(text) - at), 1, -1):
                group = self.whole.get((text[at : at + size],))
                if group is not None:
                    length = size
                    break
            if group == "not":
                negated_until = at + length + REACH[True]
            elif isinstance(group, float):
                weight = group * (TURNS if at <= negated_until else 1.0)
                start, end = (at, at + length) if places is None else (places[at], places[at + length - 1] + 1)
                hits.append(Hit(start, end, weight, clause))
            elif group in ("very", "less") and hits and at - hits[-1].end <= 1:  # Thai strengthens behind the word
                strength = STRENGTHENS if group == "very" else WEAKENS
                hits[-1] = hits[-1]._replace(weight=hits[-1].weight * strength)
            at += length
        return hits


def languages() -> frozenset[str]:
    return frozenset(path.stem for path in FILES.glob("*.txt"))


@cache
def lexicon(language: str) -> Lexicon:
    """Our list of `language` over the borrowed one, each read once; empty where we have none.

    Raises:
        ValueError: names the file and the line that can't be read.
    """
    made = Lexicon(language)
    for path in (*sorted((FILES / "borrowed").glob(f"{language}-*.txt")), FILES / f"{language}.txt"):
        if path.exists():
            _read(path, made)
    for phrase in made.whole:
        first = phrase[0][:2] if language in SPACELESS else phrase[0]
        length = len(phrase[0]) if language in SPACELESS else len(phrase)
        made.openers[first] = max(length, made.openers.get(first, 1))
    return made


def _read(path: Path, made: Lexicon) -> None:
    group: float | str | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("="):
            group = _group(line[1:].strip(), f"{path.name}, line {number}")
            continue
        if group is None:
            raise ValueError(f"{path.name}, line {number}: entries need a group such as '= +2' before them")
        for entry in filter(None, map(str.strip, line.split(","))):
            _add(made, entry, group)


def _group(name: str, where: str) -> float | str:
    if name in ("not", "very", "less"):
        return name
    try:
        weight = float(name) / STRONGEST
    except ValueError:
        weight = 9.0
    if not -1 <= weight <= 1:
        raise ValueError(f"{where}: a group is 'not', 'very', 'less' or a number from -3 to +3, not {name!r}")
    return weight


def _add(made: Lexicon, entry: str, group: float | str) -> None:
    if made.language in SPACELESS:
        made.whole[(fold(entry.rstrip("*"))[0],)] = group
        return
    keys = keys_of(entry.rstrip("*"), made.language)
    if not keys or len(keys) > LONGEST:
        return
    if entry.endswith("*") and len(keys) == 1 and len(keys[0]) > 3:
        made.begins[keys[0]] = group
    made.whole[tuple(keys)] = group
