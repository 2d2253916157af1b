"""Cutting a text without spaces between words into words: at each place the longest that the list knows. Pure.

`trained/words_of_thai.npz` holds those of PyThaiNLP's word list (CC0) that what we learned from uses
(`training/cutting.py`). What stands between them (names, slang, typing errors) is one piece each. numpy is loaded with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILES = {"th": Path(__file__).with_name("trained") / "words_of_thai.npz"}


class Cut(NamedTuple):
    word: str
    start: int  # in the folded text
    end: int


@dataclass(frozen=True)
class Words:
    known: frozenset[str]
    sizes: dict[str, tuple[int, ...]]
    """The first three letters of words, or both of those of two, and how long those are, the longest first."""

    def cut(self, text: str) -> list[Cut]:
        """The words of a text and what stands between them; spaces are left out."""
        found: list[Cut] = []
        known, sizes, made = self.known, self.sizes, tuple.__new__
        at, begun, end = 0, -1, len(text)
        while at < end:
            over = 0
            for size in sizes.get(text[at : at + 3]) or sizes.get(text[at : at + 2], ()):
                if text[at : at + size] in known:
                    over = min(at + size, end)
                    break
            if begun >= 0 and (over or not _is_letter(text[at])):
                found.append(made(Cut, (text[begun:at], begun, at)))
                begun = -1
            if over:
                found.append(made(Cut, (text[at:over], at, over)))
                at = over
                continue
            if begun < 0 and not text[at].isspace():
                begun = at
            at += 1
        return [*found, Cut(text[begun:], begun, end)] if begun >= 0 else found


def _is_letter(character: str) -> bool:
    return "a" <= character <= "z" or "\u0e00" <= character <= "\u0e7f"


def words_of(known: frozenset[str]) -> Words:
    sizes: dict[str, set[int]] = {}
    for word in known:
        sizes.setdefault(word[:3], set()).add(len(word))
    for opening, found in sizes.items():
        if opening[:2] in known:
            found.add(2)
    return Words(known, {opening: tuple(sorted(found, reverse=True)) for opening, found in sizes.items()})


@cache
def words(language: str) -> Words:
    """Those of `language`; none where its words are parted by spaces."""
    import numpy

    path = FILES.get(language)
    if path is None:
        return words_of(frozenset())
    with numpy.load(path) as stored:
        return words_of(frozenset(stored["words"].tobytes().decode().split("\n")))
