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
from typing import Any, NamedTuple
from zlib import crc32

from widget_server.scoring.tokens import Tokens

FILES = Path(__file__).with_name("trained")
HEADS = ("negative", "positive", "friction", "neutral")
"""A model may lack the last: it is learned where most of what will be met is neutral."""
BITS = {"th": 19}
"""Of a table's rows, where there are more than usual: letters of a text without spaces make more runs than words do."""
USUAL = 17
PIECES = {
    "word": 1.0, "pair": 0.8, "turned": 0.8, "sign": 1.0, "letters": 1.5, "whole": 1.0,
    "before": 0.8, "after": 0.8, "questioned": 0.8, "rest": 0.8,
}  # fmt: skip
"""How much each kind of feature counts; those of a word's letters share theirs. A word counts once more by where it
stands: "new" after a trouble says something else than before it, and "fails" in a question something else than in none."""
RUNS = ("whole", "rest")
"""Pieces that are runs of letters, looked up all at once."""
NOT_SINGLE = frozenset(("word", *RUNS))
PLACED = frozenset(("before", "after", "questioned", "rest"))
"""Pieces that speak of friction alone: to how a text feels they only add noise."""
SHORTEST, LONGEST, LONGEST_RUN = 2, 5, 5
"""Letters of a piece of a word; where words have no spaces, all runs of 1 to LONGEST_RUN letters, each counted once."""
CACHED = 30_000
BEYOND = 0x110000
"""Above every letter: added to those that are to be told from the same ones elsewhere."""


class Piece(NamedTuple):
    kind: str  # one of PIECES
    key: str
    start: int  # in the text as it was written
    end: int


Margins = tuple[float, ...]
Trouble = tuple[int, int] | None
"""Where the first cue of a text begins and its last one ends."""


def pieces_of(tokens: Tokens, turned: list[bool], trouble: Trouble = None) -> list[Piece]:
    """Words with their letters, pairs, words after a negation, by their side of the trouble and in questions, and signs;
    a text without spaces is one piece, and what comes after the trouble another."""
    found = [Piece("sign", sign.name, sign.start, sign.end) for sign in tokens.signs]
    if tokens.spaceless:
        text, places = tokens.folded
        whole = Piece("whole", text, 0, len(tokens.text))
        if trouble is None:
            return [whole, *found]
        over = trouble[1] if places is None else bisect_left(places, trouble[1])
        return [whole, Piece("rest", text[over:], trouble[1], len(tokens.text)), *found]
    begins, ends = trouble or (0, len(tokens.text))
    asked = _asked(tokens)
    before, sentence = "^", -1
    for unit, after_not in zip(tokens.units, turned, strict=True):
        if unit.sentence != sentence:
            before, sentence = "^", unit.sentence
        key = _number(unit.key)
        found.append(Piece("word", key, unit.start, unit.end))
        found.append(Piece("pair", f"{before} {key}", unit.start, unit.end))
        if after_not:
            found.append(Piece("turned", key, unit.start, unit.end))
        if unit.start >= ends:
            found.append(Piece("after", key, unit.start, unit.end))
        elif unit.end <= begins:
            found.append(Piece("before", key, unit.start, unit.end))
        if sentence in asked:
            found.append(Piece("questioned", key, unit.start, unit.end))
        before = key
    return found


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


def buckets_of(piece: Piece, rows: int) -> list[tuple[int, float]]:
    """Which rows of a table a piece reads, and how strongly."""
    if piece.kind in RUNS:
        return [(int(bucket), PIECES[piece.kind]) for bucket in _windows(piece, rows)]
    if piece.kind != "word":
        return [(_bucket(f"{piece.kind[0]}{piece.key}", rows), PIECES[piece.kind])]
    inner = _letters(piece.key, rows)
    share = PIECES["letters"] / math.sqrt(len(inner) or 1)
    return [(_bucket(f"w{piece.key}", rows), PIECES["word"]), *((bucket, share) for bucket in inner)]


@dataclass(frozen=True)
class Model:
    language: str
    table: Any  # int8, rows × heads
    scales: Margins
    biases: Margins
    known: dict[str, Margins] = field(default_factory=dict)

    def adds(self, pieces: list[Piece]) -> list[Margins]:
        """What each piece adds to each head's sum. All that is looked up singly is so in one step."""
        singles = [piece for piece in pieces if piece.kind not in NOT_SINGLE]
        rows = iter(self._singles(singles) if singles else ())
        return [
            self._word(piece.key) if piece.kind == "word"
            else self._letters(piece) if piece.kind in RUNS
            else tuple(next(rows))
            for piece in pieces
        ]  # fmt: skip

    def _singles(self, pieces: list[Piece]) -> list[list[float]]:
        import numpy

        places = [_bucket(f"{piece.kind[0]}{piece.key}", len(self.table)) for piece in pieces]
        weights = numpy.array([self.weights[piece.kind] for piece in pieces])
        scaled: list[list[float]] = (self.table[places] * weights).tolist()
        return scaled

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

    def _letters(self, piece: Piece) -> Margins:
        found = self.table[_windows(piece, len(self.table))]
        steps = found.sum(0, dtype="int64").tolist()
        return tuple(map(mul, self.weights[piece.kind], steps))

    def _word(self, key: str) -> Margins:
        found = self.known.get(key)
        if found is None:
            inner = _letters(key, len(self.table))
            share = PIECES["letters"] / math.sqrt(len(inner) or 1)
            word, *letters = self.table[[_bucket(f"w{key}", len(self.table)), *inner]].tolist()
            sums = map(sum, zip(*letters, strict=True)) if letters else [0] * len(word)
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


def _number(word: str) -> str:
    return "0" * min(len(word), 4) if word.isdigit() else word


def _bucket(key: str, rows: int) -> int:
    return crc32(key.encode("utf-8", "replace")) & (rows - 1)


def _letters(word: str, rows: int) -> list[int]:
    """The pieces of a word, its ends marked. A very long one is no word: only its beginning is looked at."""
    marked = f"<{word[:24]}>"
    raw = [
        marked[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(len(marked) - size + 1)
    ]
    return [crc32(piece.encode("utf-8", "replace")) & (rows - 1) for piece in raw]


def _windows(piece: Piece, rows: int) -> Any:
    """Rows of all runs of letters of a text without spaces between words; one pass of numpy for each length. What comes
    after a trouble has rows of its own."""
    import numpy

    codes = numpy.frombuffer(piece.key.encode("utf-32-le", "replace"), dtype="<u4").astype("uint64")
    if piece.kind != "whole":
        codes += numpy.uint64(BEYOND)
    running = codes * numpy.uint64(0x9E3779B1)
    runs = [running]
    for size in range(2, LONGEST_RUN + 1):
        if len(codes) < size:
            break
        running = (running[:-1] ^ (running[:-1] >> numpy.uint64(29))) * numpy.uint64(0x9E3779B97F4A7C15) + codes[size - 1 :]
        runs.append(running)
    mixed = numpy.concatenate(runs) * numpy.uint64(0xD6E8FEB86659FD93)
    return numpy.unique((mixed >> numpy.uint64(65 - rows.bit_length())).astype("int64"))
