"""Cue files, and finding their phrases in a text: longest match in a tree of units, no patterns.

A cue file (`cues/<language>.yaml`) lists groups of phrases. `...` in a phrase lets a few words pass, within one
clause. Each start walks at most a phrase's length, so a text takes linear time whatever it says. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from widget_server.scoring.words import SPACELESS, Unit, keys_of, units_of

CUES = Path(__file__).with_name("cues")
READER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every value as text: 'no' is a word."""
KINDS = (
    *("strong", "friction", "mild", "resolved", "severe", "stakes", "asking", "negator", "undone", "topic"),
    *("righted", "swift", "still", "supposed", "never", "as_never", "never_so"),
)
GAP = {False: 4, True: 14}
"""How many units `...` may pass: words, or letters where a language has no spaces."""
REACH = {False: 3, True: 10}
"""How far before a cue a negator may stand, in the same units."""


@dataclass(frozen=True)
class Group:
    """What all phrases of one entry of a cue file have in common."""

    kind: str
    topics: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()  # of bad service, domain.md U5
    severity: int | None = None  # where the phrase alone says how bad it is
    preventable: bool = False
    negatable: bool = False  # "no … delay" turns it into good news


class Match(NamedTuple):
    group: Group
    first: int  # units
    last: int
    start: int  # code points
    end: int
    sentence: int
    passed: tuple[range, ...] = ()  # units that gaps let pass


@dataclass(slots=True)
class Node:
    next: dict[str, Node] = field(default_factory=dict)
    gap: Node | None = None
    groups: tuple[Group, ...] = ()


Passed = tuple[range, ...]
Walk = tuple[Node, int, Passed]


@dataclass(frozen=True)
class Dictionary:
    language: str
    root: Node
    vocabulary: frozenset[str]
    size: int

    @property
    def spaceless(self) -> bool:
        return self.language in SPACELESS

    def units(self, text: str) -> list[Unit]:
        return units_of(text, self.language, self.vocabulary)

    def matches(self, units: list[Unit]) -> list[Match]:
        """For each unit and kind the longest phrase that starts there."""
        line = Line(units, GAP[self.spaceless])
        found: list[Match] = []
        for at in line.starts(self.root):
            found += line.longest(self.root, at)
        return found


class Line:
    """The units of a text laid out for walking: keys, and where each one's clause and sentence end."""

    def __init__(self, units: list[Unit], gap: int) -> None:
        self.units, self.gap = units, gap
        self.keys = [unit.key for unit in units]
        self.clause_ends: list[int] = []
        self.sentence_ends: list[int] = []

    def starts(self, root: Node) -> list[int]:
        """Where the first two units could begin a phrase: most don't, and a walk costs more than this look."""
        keys = [*self.keys, ""]
        return [
            at
            for at, node in enumerate(map(root.next.get, self.keys))
            if node is not None and (keys[at + 1] in node.next or node.groups or node.gap)
        ]

    def longest(self, root: Node, at: int) -> list[Match]:
        """Of each kind the longest phrase that starts at this unit."""
        if not self.sentence_ends:
            self.sentence_ends = _ends([unit.sentence for unit in self.units])
        best: dict[str, tuple[int, Group, Passed]] = {}
        keys, end = self.keys, self.sentence_ends[at]
        walks: list[Walk] = [(root, at, ())]
        while walks:
            node, place, passed = walks.pop()
            while True:  # straight on as far as the words go; gaps are kept for later
                for group in node.groups:
                    if group.kind not in best or best[group.kind][0] < place:
                        best[group.kind] = (place, group, passed)
                if node.gap is not None:
                    walks.extend(self._leaps(node.gap, place, passed))
                following = node.next.get(keys[place]) if place < end else None
                if following is None:
                    break
                node, place = following, place + 1
        return [self._match(at, end, group, passed) for end, group, passed in best.values()]

    def _leaps(self, node: Node, place: int, passed: Passed) -> list[Walk]:
        """Where a gap can end: at one of the next few units of the same clause."""
        if not self.clause_ends:
            self.clause_ends = _ends([unit.clause for unit in self.units])
        last = min(place + self.gap + 1, self.clause_ends[place - 1])
        starts, keys = node.next, self.keys
        return [
            (starts[keys[ahead]], ahead + 1, (*passed, range(place, ahead)))
            for ahead in range(place, last)
            if keys[ahead] in starts
        ]

    def _match(self, first: int, end: int, group: Group, passed: Passed) -> Match:
        _, start, _, _, sentence = self.units[first]
        return tuple.__new__(Match, (group, first, end - 1, start, self.units[end - 1].end, sentence, passed))


def _ends(numbers: list[int]) -> list[int]:
    """For each place, where the run of its number ends."""
    ends = [len(numbers)] * len(numbers)
    if numbers and numbers[0] == numbers[-1]:
        return ends
    for place in range(len(numbers) - 2, -1, -1):
        ends[place] = ends[place + 1] if numbers[place] == numbers[place + 1] else place + 1
    return ends


@cache
def languages() -> frozenset[str]:
    """Those we have a cue file for."""
    return frozenset(path.stem for path in CUES.glob("*.yaml"))


@cache
def dictionary(language: str) -> Dictionary:
    """The cue file of `language`, read once.

    Raises:
        ValueError: names the file and the entry that can't be read.
    """
    path = CUES / f"{language}.yaml"
    entries = yaml.load(path.read_text("utf-8"), Loader=READER)  # noqa: S506  (makes nothing but text)
    root, size = Node(), 0
    vocabulary: set[str] = set()
    for number, entry in enumerate(entries["cues"], 1):
        group = _group(entry, f"{path.name}, entry {number}")
        for phrase in entry["phrases"]:
            vocabulary.update(_plant(root, phrase, group, language))
            size += 1
    for topic, phrases in entries.get("topics", {}).items():
        for phrase in phrases:
            vocabulary.update(_plant(root, phrase, Group("topic", (topic,)), language))
    return Dictionary(language, root, frozenset(vocabulary), size)


def _group(entry: dict[str, Any], where: str) -> Group:
    if entry.get("kind") not in KINDS:
        raise ValueError(f"{where}: kind is {entry.get('kind')!r}; give one of {', '.join(KINDS)}")
    known = {"kind", "topics", "signs", "severity", "preventable", "negatable", "phrases"}
    if unknown := set(entry) - known:
        raise ValueError(f"{where}: {', '.join(sorted(unknown))} is not known; known are {', '.join(sorted(known))}")
    return Group(
        kind=entry["kind"],
        topics=tuple(entry.get("topics", ())),
        signs=tuple(entry.get("signs", ())),
        severity=int(entry["severity"]) if "severity" in entry else None,
        preventable=entry.get("preventable") == "true",
        negatable=entry.get("negatable") == "true",
    )


def _plant(root: Node, phrase: str, group: Group, language: str) -> Iterable[str]:
    """Put a phrase into the tree; returns its units."""
    node, keys = root, []
    for number, part in enumerate(phrase.split("...")):
        if number:
            node.gap = node.gap or Node()
            node = node.gap
        for key in keys_of(part, language):
            node = node.next.setdefault(key, Node())
            keys.append(key)
    if not keys or node is root:
        raise ValueError(f"{language}: the phrase {phrase!r} has no words")
    node.groups = (*(other for other in node.groups if other.kind != group.kind), group)
    return keys
