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

from widget_server.scoring.cutting import words
from widget_server.scoring.tokens import Tokens

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
PAIRS = frozenset(("pair", "cut pair"))
RUNS = ("whole", "rest")
"""Pieces that are runs of letters, looked up all at once."""
PLACED = frozenset(("before", "after", "questioned", "rest"))
"""Pieces that speak of friction alone: to how a text feels they only add noise."""
SHORTEST, LONGEST, LONGEST_RUN = 2, 5, 5
"""Letters of a piece of a word; where words have no spaces, all runs of 1 to LONGEST_RUN letters, each counted once."""
CACHED = 20_000
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
    a text without spaces is one piece, what comes after the trouble another, and the words that it is cut into."""
    found = [Piece("sign", sign.name, sign.start, sign.end) for sign in tokens.signs]
    if tokens.spaceless:
        text, places = tokens.folded
        found += [Piece("whole", text, 0, len(tokens.text)), *_cut(text, places, tokens.language)]
        if trouble is not None:
            over = trouble[1] if places is None else bisect_left(places, trouble[1])
            found.append(Piece("rest", text[over:], trouble[1], len(tokens.text)))
        return found
    begins, ends = trouble or (0, len(tokens.text))
    asked = _asked(tokens)
    before, sentence = "^", -1
    for (key, start, end, _, inside), after_not in zip(tokens.units, turned, strict=True):
        if inside != sentence:
            before, sentence = "^", inside
        key = "0" * min(len(key), 4) if key.isdigit() else key
        found.append(Piece("word", key, start, end))
        found.append(Piece("pair", f"{before} {key}", start, end))
        if after_not:
            found.append(Piece("turned", key, start, end))
        if start >= ends:
            found.append(Piece("after", key, start, end))
        elif end <= begins:
            found.append(Piece("before", key, start, end))
        if sentence in asked:
            found.append(Piece("questioned", key, start, end))
        before = key
    return found


def _cut(text: str, places: list[int] | None, language: str) -> list[Piece]:
    """The words of a text without spaces and pairs of them, each once."""
    found: dict[str, Piece] = {}
    before = "^"
    for word, start, end in words(language).cut(text):
        begins, ends = (start, end) if places is None else (places[start], places[end - 1] + 1)
        for kind, key in (("cut", word), ("cut pair", f"{before} {word}")):
            found.setdefault(key, Piece(kind, key, begins, ends))
        before = word
    return list(found.values())


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
    """Of words that were met; and of words by their place, each with the first letter of its kind before it."""
    placed: dict[str, Margins] = field(default_factory=dict)

    def adds(self, pieces: list[Piece]) -> list[Margins]:
        """What each piece adds to each head's sum."""
        known, word = self.known, self._word
        return [
            (known.get(piece.key) or word(piece.key)) if piece.kind == "word"
            else self._single(piece.kind, f"{piece.kind[0]}{piece.key}") if piece.kind in PAIRS
            else self._letters(piece) if piece.kind in RUNS
            else self._placed(piece.kind, piece.key)
            for piece in pieces
        ]  # fmt: skip

    def _placed(self, kind: str, word: str) -> Margins:
        key = f"{kind[0]}{word}"
        found = self.placed.get(key)
        if found is None:
            found = self._single(kind, key)
            if len(self.placed) < CACHED:
                self.placed[key] = found
        return found

    def _single(self, kind: str, key: str) -> Margins:
        """Of one row. Looked up without numpy: a call of it costs more than these few products."""
        steps, mask, heads = self.steps
        at = (crc32(key.encode("utf-8", "replace")) & mask) * heads
        return tuple(map(mul, self.weights[kind], steps[at : at + heads]))

    @cached_property
    def steps(self) -> tuple[memoryview, int, int]:
        """The table as one line of bytes, what cuts a hash to a row, and how long a row is."""
        rows, heads = self.table.shape
        return memoryview(self.table.ravel()), rows - 1, heads

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
