"""What a reading stands on, marked in the customer's own words: spans become pieces of text, each with one kind. Pure.

Spans are of code points in one written answer, and may lie over each other: what tells of trouble shows before what
merely leans. A span whose text isn't there (a newer snapshot, an erased text) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

KINDS = {
    "trouble": "Tells of trouble",
    "settled": "Told as not having happened",
    "stakes": "Much at stake",
    "negative": "Leans negative",
    "positive": "Leans positive",
}
"""Word for the legend and for who listens, by kind; the first one shows where several lie over each other."""

SHOWN_AS = {
    "severe": "trouble",
    "strong": "trouble",
    "friction": "trouble",
    "mild": "trouble",
    "resolved": "settled",
}
"""Kinds of evidence that look alike."""

ORDER = tuple(KINDS)


@dataclass(frozen=True)
class Piece:
    """A stretch of the text, and what it tells; None where it tells nothing."""

    text: str
    kind: str | None = None

    @property
    def word(self) -> str:
        return KINDS[self.kind].lower() if self.kind else ""


def pieces(text: str, evidence: Iterable[Mapping[str, Any]], question: str) -> list[Piece]:
    """The whole text in order, cut where what it tells changes."""
    painted: list[str | None] = [None] * len(text)
    for start, end, kind in _spans(text, evidence, question):
        painted[start:end] = [kind] * (end - start)
    cuts = [at for at in range(len(text)) if at == 0 or painted[at] != painted[at - 1]]
    return [Piece(text[start:end], painted[start]) for start, end in pairwise([*cuts, len(text)])]


def kinds_in(marked: Iterable[list[Piece]]) -> list[tuple[str, str]]:
    """(kind, word) of those that occur, for the legend."""
    found = {piece.kind for one in marked for piece in one}
    return [(kind, word) for kind, word in KINDS.items() if kind in found]


def _spans(text: str, evidence: Iterable[Mapping[str, Any]], question: str) -> list[tuple[int, int, str]]:
    """Those that fit, the weakest kind first, so that stronger ones are painted over it."""
    found = []
    for one in evidence:
        start, end, kind = one.get("start"), one.get("end"), SHOWN_AS.get(str(one.get("kind")), str(one.get("kind")))
        if one.get("question") != question or kind not in KINDS:
            continue
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end and text[start:end] == one.get("text"):
            found.append((start, end, kind))
    return sorted(found, key=lambda span: -ORDER.index(span[2]))
