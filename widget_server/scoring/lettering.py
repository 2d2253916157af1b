"""Telling languages in Latin letters apart by runs of letters, where their commonest words leave doubt. Pure.

`trained/letters_of_languages.npz` holds how much each run leans towards each language (`training/lettering.py`). numpy
is loaded with it, at the first text that needs it.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("trained") / "letters_of_languages.npz"

@dataclass(frozen=True)
class Letters:
    codes: tuple[str, ...]
    places: dict[bytes, int]
    endings: dict[bytes, tuple[int, ...]]
    """The last two bytes of runs, and how long those are, the longest first."""
    table: Any  # int8, runs × languages
    scale: float


def likelihoods(text: str) -> dict[str, float]:
    """The logarithm of how likely each language makes these letters, from the same zero; empty where nothing is known."""
    import numpy

    known = letters()
    runs = Counter(_runs(unicodedata.normalize("NFC", text.lower() if text.isupper() else text), known))
    if not runs:
        return {}
    counts = numpy.array([math.log1p(times) for times in runs.values()])
    sums = (known.table[list(runs)] * counts[:, None]).sum(0) * known.scale
    return dict(zip(known.codes, sums.tolist(), strict=True))


def _runs(text: str, known: Letters) -> list[int]:
    """For each place the longest known run that ends there."""
    raw = text.encode("utf-8", "replace")
    places, endings = known.places, known.endings
    found = []
    for end in range(2, len(raw) + 1):
        for size in endings.get(raw[end - 2 : end], ()):
            if size <= end and (place := places.get(raw[end - size : end])) is not None:
                found.append(place)
                break
    return found


@cache
def letters() -> Letters:
    import numpy

    with numpy.load(FILE) as stored:
        keys = stored["keys"].tobytes().split(b"\n")
        places = {key: at for at, key in enumerate(keys)}
        sizes: dict[bytes, set[int]] = {}
        for key in keys:
            sizes.setdefault(key[-2:], set()).add(len(key))
        endings = {ending: tuple(sorted(found, reverse=True)) for ending, found in sizes.items()}
        return Letters(tuple(stored["codes"].tolist()), places, endings, stored["table"], float(stored["scale"]))
