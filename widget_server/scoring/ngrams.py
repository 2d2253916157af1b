"""Hashed n-grams: what words, pairs of words and pieces of words say, learned by `training/`, stored as int8.

A text's margin for a head ("negative", "positive", "friction") is the sum of its pieces' weights over the root of how
many there are, so that it is the sum of what each piece adds. numpy is loaded with the first model. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
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
PIECES = {"word": 1.0, "pair": 0.8, "turned": 0.8, "sign": 1.0, "letters": 1.5, "whole": 1.0}
"""How much each kind of feature counts; those of a word's letters share theirs."""
SHORTEST, LONGEST, LONGEST_RUN = 2, 5, 5
"""Letters of a piece of a word; where words have no spaces, all runs of 1 to LONGEST_RUN letters, each counted once."""
CACHED = 30_000


class Piece(NamedTuple):
    kind: str  # one of PIECES
    key: str
    start: int  # in the text as it was written
    end: int


Margins = tuple[float, ...]


def pieces_of(tokens: Tokens, turned: list[bool]) -> list[Piece]:
    """Words with their letters, pairs, words after a negation, and signs; a text without spaces is one piece."""
    found = [Piece("sign", sign.name, sign.start, sign.end) for sign in tokens.signs]
    if tokens.spaceless:
        text, _ = tokens.folded
        return [Piece("whole", text, 0, len(tokens.text)), *found]
    before, sentence = "^", -1
    for unit, after_not in zip(tokens.units, turned, strict=True):
        if unit.sentence != sentence:
            before, sentence = "^", unit.sentence
        key = _number(unit.key)
        found.append(Piece("word", key, unit.start, unit.end))
        found.append(Piece("pair", f"{before} {key}", unit.start, unit.end))
        if after_not:
            found.append(Piece("turned", key, unit.start, unit.end))
        before = key
    return found


def norm_of(tokens: Tokens) -> float:
    """What a text's sum is divided by: the root of its length in words."""
    count = len(tokens.text) / 5 if tokens.spaceless else len(tokens.units) + 0.5 * len(tokens.signs)
    return math.sqrt(count + 2.0)


def rows_of(language: str) -> int:
    """How many rows the table of a language has: a power of two."""
    return 1 << BITS.get(language, USUAL)


def buckets_of(piece: Piece, rows: int) -> list[tuple[int, float]]:
    """Which rows of a table a piece reads, and how strongly."""
    if piece.kind == "whole":
        return [(int(bucket), PIECES["whole"]) for bucket in _windows(piece.key, rows)]
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
        singles = [piece for piece in pieces if piece.kind not in ("word", "whole")]
        places = [_bucket(f"{piece.kind[0]}{piece.key}", len(self.table)) for piece in singles]
        rows = iter(self.table[places].tolist() if places else ())
        return [
            self._word(piece.key) if piece.kind == "word"
            else self._whole(piece.key) if piece.kind == "whole"
            else self._scaled(PIECES[piece.kind], next(rows))
            for piece in pieces
        ]  # fmt: skip

    def _scaled(self, weight: float, row: list[int]) -> Margins:
        return tuple([weight * scale * value for scale, value in zip(self.scales, row, strict=True)])

    def _whole(self, text: str) -> Margins:
        return self._scaled(PIECES["whole"], self.table[_windows(text, len(self.table))].sum(0, dtype="int64").tolist())

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


def _windows(text: str, rows: int) -> Any:
    """Rows of all runs of letters of a text without spaces between words; one pass of numpy for each length."""
    import numpy

    codes = numpy.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4").astype("uint64")
    running = codes * numpy.uint64(0x9E3779B1)
    runs = [running]
    for size in range(2, LONGEST_RUN + 1):
        if len(codes) < size:
            break
        running = (running[:-1] ^ (running[:-1] >> numpy.uint64(29))) * numpy.uint64(0x9E3779B97F4A7C15) + codes[size - 1 :]
        runs.append(running)
    mixed = numpy.concatenate(runs) * numpy.uint64(0xD6E8FEB86659FD93)
    return numpy.unique((mixed >> numpy.uint64(65 - rows.bit_length())).astype("int64"))
