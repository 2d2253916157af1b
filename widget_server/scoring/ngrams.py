"""Hashed n-grams: what words, pairs of words and pieces of words say, learned by `training/`, stored as int8.

A text's margin for a head ("negative", "positive", "friction") is the sum of its pieces' weights over the root of how
many there are, so that it is the sum of what each piece adds. numpy is loaded with the first model. Pure.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import mul
from pathlib import Path
from typing import Any
from zlib import crc32

from widget_server.scoring.cutting import words
from widget_server.scoring.tokens import Tokens
from widget_server.scoring.words import Unit

FILES = Path(__file__).with_name("trained")
HEADS = ("negative", "positive", "friction", "neutral")
"""A model may lack the last: it is learned where most of what will be met is neutral."""
BITS = {"th": 19}
"""Of a table's rows, where there are more than usual: letters of a text without spaces make more runs than words do."""
USUAL = 17
PIECES = {
    "word": 1.0, "pair": 0.8, "turned": 0.8, "sign": 1.0, "letters": 1.5, "whole": 1.0,
    "before": 0.8, "after": 0.8, "questioned": 0.8, "rest": 0.8, "cut": 1.5, "cut pair": 1.0,
}  # fmt: skip
"""How much each kind of feature counts; those of a word's letters share theirs. A word counts once more by where it
stands: "new" after a trouble says something else than before it, and "fails" in a question something else than in none."""
RUNS = ("whole", "rest")
"""Pieces that are runs of letters, looked up all at once."""
PLACED = frozenset(("before", "after", "questioned", "rest"))
"""Pieces that speak of friction alone: to how a text feels they only add noise."""
SHORTEST, LONGEST, LONGEST_RUN = 2, 5, 5
"""Letters of a piece of a word; where words have no spaces, all runs of 1 to LONGEST_RUN letters, each counted once."""
CACHED = 20_000
BEYOND = 0x110000
"""Above every letter: added to those that are to be told from the same ones elsewhere."""


Pieces = dict[str, list[str]]
"""The pieces of a text by their kind, one of PIECES."""
Margins = tuple[float, ...]
Trouble = tuple[int, int] | None
"""Where the first cue of a text begins and its last one ends."""


def pieces_of(tokens: Tokens, turned: list[bool], trouble: Trouble = None) -> Pieces:
    """Words with their letters, pairs, words after a negation, by their side of the trouble and in questions, and signs;
    a text without spaces is one piece, what comes after the trouble another, and the words that it is cut into."""
    found = {"sign": [sign.name for sign in tokens.signs]}
    if tokens.spaceless:
        text, places = tokens.folded
        cut = [word for word, _, _ in words(tokens.language).cut(text)]
        pairs = [f"{before} {word}" for before, word in zip(["^", *cut], cut, strict=False)]
        found |= {"whole": [text], "cut": [*dict.fromkeys(cut)], "cut pair": [*dict.fromkeys(pairs)]}
        if trouble is not None:
            over = trouble[1] if places is None else bisect_left(places, trouble[1])
            found["rest"] = [text[over:]]
        return found
    units = tokens.units
    found["word"] = keys = ["0" * min(len(unit.key), 4) if unit.key.isdigit() else unit.key for unit in units]
    found["pair"] = _pairs(keys, units)
    found["turned"] = [key for key, after_not in zip(keys, turned, strict=True) if after_not] if True in turned else []
    if trouble is not None:
        begins, ends = trouble
        found["before"] = [key for key, unit in zip(keys, units, strict=True) if unit.end <= begins]
        found["after"] = [key for key, unit in zip(keys, units, strict=True) if unit.start >= ends]
    if asked := _asked(tokens):
        found["questioned"] = [key for key, unit in zip(keys, units, strict=True) if unit.sentence in asked]
    return found


def _pairs(keys: list[str], units: list[Unit]) -> list[str]:
    """Each word with the one before it in its sentence."""
    befores = ["^", *keys]
    if units and units[0].sentence != units[-1].sentence:
        for at in range(1, len(units)):
            if units[at].sentence != units[at - 1].sentence:
                befores[at] = "^"
    return [f"{before} {key}" for before, key in zip(befores, keys, strict=False)]


def places_of(tokens: Tokens, turned: list[bool]) -> dict[str, list[tuple[int, int]]]:
    """Where in the text as it was written the pieces stand that speak of feeling, in the order of `pieces_of`."""
    found = {"sign": [(sign.start, sign.end) for sign in tokens.signs]}
    if not tokens.spaceless:
        standing = [(unit.start, unit.end) for unit in tokens.units]
        turning = [place for place, after_not in zip(standing, turned, strict=True) if after_not]
        return {**found, "word": standing, "pair": standing, "turned": turning}
    text, places = tokens.folded
    words_first: dict[str, tuple[int, int]] = {}
    pairs_first: dict[str, tuple[int, int]] = {}
    before = "^"
    for word, start, end in words(tokens.language).cut(text):
        place = (start, end) if places is None else (places[start], places[end - 1] + 1)
        words_first.setdefault(word, place)
        pairs_first.setdefault(f"{before} {word}", place)
        before = word
    return {**found, "cut": [*words_first.values()], "cut pair": [*pairs_first.values()]}


def _asked(tokens: Tokens) -> frozenset[int]:
    """The sentences that end in a question mark."""
    marks = [sign.start for sign in tokens.signs if "?" in sign.name]
    if not marks:
        return frozenset()
    starts = [unit.start for unit in tokens.units]
    return frozenset(tokens.units[at - 1].sentence for mark in marks if (at := bisect_left(starts, mark)))


def norm_of(tokens: Tokens) -> float:
    """What a text's sum is divided by: the root of its length in words."""
    count = len(tokens.text) / 5 if tokens.spaceless else len(tokens.units) + 0.5 * len(tokens.signs)
    return math.sqrt(count + 2.0)


def rows_of(language: str) -> int:
    """How many rows the table of a language has: a power of two."""
    return 1 << BITS.get(language, USUAL)


def buckets_of(kind: str, key: str, rows: int) -> list[tuple[int, float]]:
    """Which rows of a table a piece reads, and how strongly."""
    if kind in RUNS:
        return [(bucket, PIECES[kind]) for bucket in _windows(kind, key, rows).tolist()]
    if kind != "word":
        return [(_bucket(f"{kind[0]}{key}", rows), PIECES[kind])]
    inner = _letters(key, rows)
    share = PIECES["letters"] / math.sqrt(len(inner) or 1)
    return [(_bucket(f"w{key}", rows), PIECES["word"]), *((bucket, share) for bucket in inner)]


@dataclass(frozen=True)
class Model:
    language: str
    table: Any  # int8, rows × heads
    scales: Margins
    biases: Margins
    known: dict[str, Margins] = field(default_factory=dict)
    """Of words that were met."""
    worth: dict[str, dict[int, Margins]] = field(default_factory=lambda: {kind: {} for kind in PIECES})
    """Of rows that were met, by the kind of piece that reads them and what is in them: many are alike."""

    def adds(self, pieces: Pieces) -> dict[str, list[Margins]]:
        """What each piece adds to each head's sum."""
        known, word = self.known, self._word
        return {
            kind: [known.get(key) or word(key) for key in keys] if kind == "word"
            else [self._run(kind, key) for key in keys] if kind in RUNS
            else self._rows(kind, keys)
            for kind, keys in pieces.items()
        }  # fmt: skip

    def _rows(self, kind: str, keys: list[str]) -> list[Margins]:
        """Of one row each. Looked up without numpy: a call of it costs more than these few."""
        rows, mask, letter, worth = self.packed, self.mask, kind[0], self.worth[kind]
        return [
            worth.get(row := rows[crc32(f"{letter}{key}".encode("utf-8", "replace")) & mask]) or self._worth(kind, row)
            for key in keys
        ]

    def _worth(self, kind: str, row: int) -> Margins:
        steps = row.to_bytes(4, "little")
        found = tuple(map(mul, self.weights[kind], memoryview(steps).cast("b")))
        if len(self.worth[kind]) < CACHED:
            self.worth[kind][row] = found
        return found

    @cached_property
    def mask(self) -> int:
        """What cuts a hash to a row."""
        return len(self.table) - 1

    @cached_property
    def packed(self) -> memoryview:
        """The table with each row as one number of four bytes."""
        import numpy

        rows, heads = self.table.shape
        whole = numpy.zeros((rows, 4), numpy.int8)
        whole[:, :heads] = self.table
        return memoryview(whole.tobytes()).cast("I")

    @cached_property
    def weights(self) -> dict[str, Margins]:
        """What a step of a row is worth to each head, by the kind of piece."""
        return {
            kind: tuple(
                weight * scale if kind not in PLACED or head == "friction" else 0.0
                for head, scale in zip(HEADS, self.scales, strict=False)
            )
            for kind, weight in PIECES.items()
        }

    def _run(self, kind: str, text: str) -> Margins:
        found = self.table.take(_windows(kind, text, len(self.table)), 0)
        return tuple(map(mul, self.weights[kind], found.sum(0, dtype="int64").tolist()))

    def _word(self, key: str) -> Margins:
        inner = _letters(key, len(self.table))
        share = PIECES["letters"] / math.sqrt(len(inner) or 1)
        rows = self.table[[_bucket(f"w{key}", len(self.table)), *inner]]
        word, sums = rows[0].tolist(), rows[1:].sum(0, dtype="int64").tolist()
        found = tuple(
            scale * (PIECES["word"] * whole + share * part)
            for scale, whole, part in zip(self.scales, word, sums, strict=True)
        )
        if len(self.known) < CACHED:
            self.known[key] = found
        return found


@cache
def model(language: str) -> Model | None:
    """The shipped model of `language`, read once; None where there is none."""
    import numpy

    path = FILES / f"{language}.npz"
    if not path.exists():
        return None
    with numpy.load(path) as stored:
        scales, biases = stored["scales"].tolist(), stored["biases"].tolist()
        return Model(language, stored["table"], tuple(scales), tuple(biases))


def languages() -> frozenset[str]:
    return frozenset(path.stem for path in FILES.glob("*.npz"))


def _bucket(key: str, rows: int) -> int:
    return crc32(key.encode("utf-8", "replace")) & (rows - 1)


def _letters(word: str, rows: int) -> list[int]:
    """The pieces of a word, its ends marked. A very long one is no word: only its beginning is looked at."""
    marked = f"<{word[:24]}>"
    places = [(at, at + size) for size in range(SHORTEST, LONGEST + 1) for at in range(len(marked) - size + 1)]
    if marked.isascii():
        raw = marked.encode()
        return [crc32(raw[start:end]) & (rows - 1) for start, end in places]
    return [crc32(marked[start:end].encode("utf-8", "replace")) & (rows - 1) for start, end in places]


def _windows(kind: str, text: str, rows: int) -> Any:
    """Rows of all runs of letters of a text without spaces between words, each once; one pass of numpy for each length.
    What comes after a trouble has rows of its own."""
    import numpy

    codes = numpy.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4").astype("uint64")
    if kind != "whole":
        codes += numpy.uint64(BEYOND)
    running = codes * numpy.uint64(0x9E3779B1)
    runs = [running]
    for size in range(2, min(LONGEST_RUN, len(codes)) + 1):
        running = (running[:-1] ^ (running[:-1] >> numpy.uint64(29))) * numpy.uint64(0x9E3779B97F4A7C15) + codes[size - 1 :]
        runs.append(running)
    mixed = numpy.concatenate(runs) * numpy.uint64(0xD6E8FEB86659FD93)
    mixed >>= numpy.uint64(65 - rows.bit_length())
    mixed.sort()
    fresh = numpy.empty(len(mixed), bool)
    fresh[:1] = True
    numpy.not_equal(mixed[1:], mixed[:-1], out=fresh[1:])
    return mixed[fresh].view("int64")
