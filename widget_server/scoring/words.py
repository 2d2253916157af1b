"""A text cut into units that cues are looked up by: words, or single letters where words have no spaces (Thai).

Each unit knows where it stood in the text, and in which clause and sentence. Normalised: NFKC, case folded,
apostrophes dropped ("couldn't" = "couldnt"), three or more of the same letter shortened. Linear. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

SPACELESS = frozenset({"th"})
"""Languages whose words are not parted by spaces."""
SARA_AM = "\u0e33"
"""A Thai vowel that NFKC takes apart. We don't: it stands in most Thai texts, and would cost each its quick way."""

ELIDING = frozenset({"fr", "it"})
"""Languages that write small words and the next one together: "l'attente" are two, and both are looked up."""

STOPS = ".!?…。\n;"
"""What ends a sentence."""
_MARKS = rf"[{STOPS}]+|[,:()\"“”«»–—]|-(?= )"
_WORD = re.compile(rf"[^\W_]+(?:['’ʼ`´][^\W_]+)*|{_MARKS}")
_ELIDED = re.compile(rf"[^\W_]+|{_MARKS}")
_BETWEEN = re.compile(r"[\s.!?…,;:()\"“”]+|\Z")
_STOPS = frozenset(".!?…\n;")
_DRAWN_LETTERS = re.compile(r"\u200b|(.)[\s.!?…,;:()\"“”]*\1[\s.!?…,;:()\"“”]*\1")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´")
_LONG_DRAWN = re.compile(r"([^\W\d_])\1{2,}")


class Unit(NamedTuple):
    """A tuple, because ten thousand of them are made for a long Thai text."""

    key: str
    start: int  # in code points of the text as it was written
    end: int
    clause: int
    sentence: int


def units_of(text: str, language: str, known: Container[str] = ()) -> list[Unit]:
    """Cut `text`. A long-drawn word ("sooo") becomes whichever shorter form is `known`."""
    if language in SPACELESS:
        return _letters(*fold(text))
    units, drawn = _words(text, language in ELIDING)
    return [unit._replace(key=_shortened(unit.key, known)) for unit in units] if drawn else units


def keys_of(phrase: str, language: str) -> list[str]:
    """A cue's own units, by the same rules."""
    return [unit.key for unit in units_of(phrase, language)]


def fold(text: str) -> tuple[str, list[int] | None]:
    """Normalised text, and the place of each of its letters in the original; None where they are the same."""
    folded = text.casefold()
    if text.isascii():
        return folded, None
    if len(folded) == len(text) and unicodedata.is_normalized("NFKC", folded.replace(SARA_AM, "")):
        return folded, None
    letters: list[str] = []
    places: list[int] = []
    for start, end in _clusters(text):
        piece = _normal(text[start:end])
        letters.append(piece)
        places.extend(min(start + at, end - 1) for at in range(len(piece)))
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _normal(cluster: str) -> str:
    if cluster == SARA_AM:
        return cluster
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())


def _clusters(text: str) -> list[tuple[int, int]]:
    """A letter with the marks that combine with it, so that they may be composed."""
    starts = [at for at, letter in enumerate(text) if at == 0 or not unicodedata.combining(letter)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


@lru_cache(maxsize=4)
def _words(text: str, eliding: bool) -> tuple[list[Unit], bool]:
    """The words as they stand, and whether any of them is long-drawn. Kept for the next few calls: a text is cut for its
    language, for cues and for lexicons."""
    folded, places = fold(text)
    quoted = any(mark in folded for mark in "'’ʼ`´")
    units: list[Unit] = []
    made, add = tuple.__new__, units.append
    clause = sentence = 0
    for match in (_ELIDED if eliding else _WORD).finditer(folded):
        piece = match.group()
        if piece[0].isalnum():
            start, end = match.span()
            add(made(Unit, (piece.translate(_APOSTROPHES) if quoted else piece, start, end, clause, sentence)))
            continue
        clause += 1
        sentence += piece[0] in STOPS
    if places is not None:
        units = [unit._replace(start=places[unit.start], end=places[unit.end - 1] + 1) for unit in units]
    return units, _LONG_DRAWN.search(folded) is not None


def _letters(text: str, places: list[int] | None) -> list[Unit]:
    """Every letter its own unit; a space ends a clause, as Thai writes it, but is skipped by cues."""
    units: list[Unit] = []
    made = tuple.__new__
    starts: Sequence[int] = range(len(text)) if places is None else places
    at = sentence = 0
    for clause, match in enumerate(_BETWEEN.finditer(text)):
        begin, end = match.span()
        units += [
            made(Unit, (letter, start, start + 1, clause, sentence))
            for letter, start in zip(text[at:begin], starts[at:begin], strict=True)
        ]
        sentence += not _STOPS.isdisjoint(match.group())
        at = end
    return _undrawn(units) if _DRAWN_LETTERS.search(text) else units


def _undrawn(units: list[Unit]) -> list[Unit]:
    """Without what a letter has more than twice in a row, and without marks that nobody sees."""
    kept: list[Unit] = []
    last = before = ""
    for unit in units:
        if not unit.key == last == before and unit.key != "\u200b":
            kept.append(unit)
            last, before = unit.key, last
    return kept


def _shortened(word: str, known: Container[str]) -> str:
    if len(word) < 3 or not _LONG_DRAWN.search(word):
        return word
    double, single = _LONG_DRAWN.sub(r"\1\1", word), _LONG_DRAWN.sub(r"\1", word)
    return double if double in known else single
