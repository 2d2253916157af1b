"""Analysers: whoever can say of a text how it feels. One contract for ours and for those that users add.

`ensemble` is the usual one; `textblob`, `lexicon`, `cues` and `ngrams` are its parts, each usable alone. Users name a
class or function in the entry point group `widget_server.analysers` (docs/analysers.md). The setting WIDGET_ANALYSERS
chooses; where several speak, their chances are averaged as logarithms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Protocol

from widget_server.scoring.evidence import Span

GROUP = "widget_server.analysers"
OURS = ("textblob", "lexicon", "cues", "ngrams")
ENSEMBLE = "ensemble"
LEAST = 1e-4
"""No chance is quite 0 or 1: one analyser alone shall not overrule all others."""


@dataclass(frozen=True)
class Text:
    text: str
    language: str  # "nl"


@dataclass(frozen=True)
class Reading:
    """What an analyser says of one text. Chances are 0…1; negative and positive together are at most 1."""

    negative: float
    positive: float
    friction: float | None = None  # None: it can't tell
    evidence: tuple[Span, ...] = ()

    @property
    def neutral(self) -> float:
        return max(LEAST, 1 - self.negative - self.positive)


class Analyser(Protocol):
    name: str

    def read(self, texts: Sequence[Text]) -> list[Reading | None]:
        """One answer for each text, in their order; None where the language can't be read."""


class UnknownAnalyser(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no analyser {name!r}; there are {', '.join(sorted({ENSEMBLE, *OURS, *theirs()}))}")


@cache
def analyser(name: str) -> Analyser:
    """One of ours, or one that an installed package offers under this name.

    Raises:
        UnknownAnalyser: names those that there are.
    """
    if name in OURS:
        made: Analyser = import_module(f"{__name__}.{name}").make()
        return made
    if name not in theirs():
        raise UnknownAnalyser(name)
    return theirs()[name]()


@cache
def theirs() -> dict[str, Callable[[], Analyser]]:
    """Those of installed packages. Ours keep their names."""
    found = {point.name: point.load for point in entry_points(group=GROUP)}
    return {name: _made_by(load) for name, load in found.items() if name not in (ENSEMBLE, *OURS)}


def _made_by(load: Callable[[], Callable[[], Analyser]]) -> Callable[[], Analyser]:
    return lambda: load()()
