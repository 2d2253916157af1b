"""Sentiment lexicons, and finding their entries in a text: longest phrase first, with negation and strength.

A file `lexicons/<language>.txt` has groups "= +2", "= -3", "= not" (turns what follows), "= very", "= less"; entries
are parted by commas; one that ends in "*" stands for every word that begins so; "= 0" strikes what a borrowed list has.
`lexicons/borrowed/` holds lists with licences of their own, named at the head of each; our own word for a word wins. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import add
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


Group = float | str | None
"""A weight, or "not", "very", "less"; None for what isn't listed."""
KEPT = 50_000
"""Words of a language whose group is remembered."""


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
    """First words of phrases and the length of the longest."""
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Where words have no spaces: the first two letters of entries, and how long those are, the longest first."""

    def hits(self, tokens: Tokens) -> list[Hit]:
        return self._in_letters(*tokens.folded) if tokens.spaceless else self._in_words(tokens.units)

    @cached_property
    def one(self) -> Callable[[str], Group]:
        """A single word's group: by itself, else by the longest beginning that is listed. Kept, by word."""
        return _Groups(self).__getitem__

    def turners(self, units: list[Unit]) -> list[bool]:
        """For each word whether a negation stands shortly before it in its clause."""
        groups = [*map(self.one, [unit.key for unit in units])]
        if "not" not in groups:
            return [False] * len(units)
        turned, left, before = [], 0, -1
        for (_, _, _, clause, _), group in zip(units, groups, strict=True):
            left = left - 1 if clause == before else 0
            before = clause
            turned.append(left > 0)
            if group == "not":
                left = REACH[False] + 1
        return turned

    def _in_words(self, units: list[Unit]) -> list[Hit]:
        hits: list[Hit] = []
        keys = [unit.key for unit in units]
        groups = [*map(self.one, keys)]
        if groups.count(None) == len(groups) and self.openers.keys().isdisjoint(keys):
            return hits
        at, negated, strength, clause = 0, 0, 1.0, -1
        while at < len(units):
            if units[at].clause != clause:
                negated, strength, clause = 0, 1.0, units[at].clause
            group, length = self._longest(keys, units, at) if keys[at] in self.openers else (groups[at], 1)
            if group is None:
                strength = 1.0
            elif group == "not":
                negated = REACH[False] + 1
            elif group == "very":
                strength = STRENGTHENS
            elif group == "less":
                strength = WEAKENS
            else:
                weight = float(group) * strength * (TURNS if negated > 0 else 1.0)
                hits.append(Hit(units[at].start, units[at + length - 1].end, weight, clause))
                strength = 1.0
            negated -= 1
            at += length
        return hits

    def _longest(self, keys: list[str], units: list[Unit], at: int) -> tuple[Group, int]:
        for length in range(min(self.openers[keys[at]], len(keys) - at), 1, -1):
            found = self.whole.get(tuple(keys[at : at + length]))
            if found is not None and units[at + length - 1].sentence == units[at].sentence:
                return found, length
        return self.one(keys[at]), 1

    def _in_letters(self, text: str, places: list[int] | None) -> list[Hit]:
        hits: list[Hit] = []
        negated_until, clause, before = -1, 0, 0
        for at, over, group in self._entries(text):
            if spaces := text.count(" ", before, at + 1):
                clause, negated_until = clause + spaces, -1
            before = at + 1
            if group == "not":
                negated_until = over + REACH[True]
            elif isinstance(group, float):
                start, end = (at, over) if places is None else (places[at], places[over - 1] + 1)
                hits.append(Hit(start, end, group * (TURNS if at <= negated_until else 1.0), clause))
            elif hits and at - hits[-1].end <= 1:  # Thai strengthens behind the word
                strength = STRENGTHENS if group == "very" else WEAKENS
                hits[-1] = hits[-1]._replace(weight=hits[-1].weight * strength)
        return hits

    def _entries(self, text: str) -> Iterator[tuple[int, int, float | str]]:
        """Where entries begin and end in a text without spaces, the longest at each place, and their groups."""
        sizes, whole, over = self.sizes, self.whole, 0
        for at, opening in enumerate(map(add, text, text[1:])):
            if at < over or opening not in sizes:
                continue
            for size in sizes[opening]:
                group = whole.get((text[at : at + size],))
                if group is not None:
                    over = min(at + size, len(text))
                    yield at, over, group
                    break


class _Groups(dict[str, Group]):
    """The groups of single words that were met."""

    def __init__(self, of: Lexicon) -> None:
        super().__init__()
        self.whole, self.begins = of.whole, of.begins

    def __missing__(self, word: str) -> Group:
        found = self.whole.get((word,))
        if found is None and len(word) > 3:
            found = next((self.begins[word[:n]] for n in range(len(word), 3, -1) if word[:n] in self.begins), None)
        if len(self) < KEPT:
            self[word] = found
        return found


@cache
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
        made.openers[phrase[0]] = max(len(phrase), made.openers.get(phrase[0], 1))
        if language in SPACELESS:
            first, length = phrase[0][:2], len(phrase[0])
            made.sizes[first] = tuple(sorted({length, *made.sizes.get(first, ())}, reverse=True))
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
    if group == 0.0:
        made.whole.pop(tuple(keys), None)
        return
    if entry.endswith("*") and len(keys) == 1 and len(keys[0]) > 3:
        made.begins[keys[0]] = group
    made.whole[tuple(keys)] = group
