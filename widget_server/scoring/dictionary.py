"""Cue files, and finding their phrases in a text: longest match in a tree of units, no patterns.

A cue file (`cues/<language>.yaml`) lists groups of phrases. `...` in a phrase lets a few words pass, within one
clause. Each start walks at most a phrase's length, so a text takes linear time whatever it says. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from widget_server.scoring.words import SPACELESS, Unit, keys_of, units_of

CUES = Path(__file__).with_name("cues")
READER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every value as text: 'no' is a word."""
KINDS = ("strong", "friction", "mild", "resolved", "severe", "stakes", "asking", "negator", "undone", "topic")
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


@dataclass(frozen=True)
class Match:
    group: Group
    first: int  # units
    last: int
    start: int  # code points
    end: int
    sentence: int
    passed: tuple[int, ...] = ()  # units that a gap let pass


@dataclass
class Node:
    next: dict[str, Node] = field(default_factory=dict)
    gap: Node | None = None
    groups: tuple[Group, ...] = ()


Passed = tuple[int, ...]
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
        gap, root, found = GAP[self.spaceless], self.root, []
        for at, unit in enumerate(units):
            if unit.key in root.next:
                found.extend(_longest(root, units, at, gap))
        return found


def _longest(root: Node, units: list[Unit], at: int, gap: int) -> list[Match]:
    best: dict[str, tuple[int, Group, Passed]] = {}
    walks: list[Walk] = [(root, at, ())]
    while walks:
        walk = walks.pop()
        node, place, passed = walk
        for group in node.groups:
            if group.kind not in best or best[group.kind][0] < place:
                best[group.kind] = (place, group, passed)
        walks.extend(_steps(walk, units, gap, units[at].sentence))
    return [
        Match(group, at, end - 1, units[at].start, units[end - 1].end, units[at].sentence, passed)
        for end, group, passed in best.values()
    ]


def _steps(walk: Walk, units: list[Unit], gap: int, sentence: int) -> list[Walk]:
    """Where a walk can go on: the next unit, or after a gap one of the next few in the same clause."""
    node, place, passed = walk
    steps: list[Walk] = []
    if place < len(units) and units[place].sentence == sentence and units[place].key in node.next:
        steps.append((node.next[units[place].key], place + 1, passed))
    if node.gap is not None and place:
        clause = units[place - 1].clause
        for ahead in range(place, min(place + gap + 1, len(units))):
            if units[ahead].clause != clause:
                break
            if units[ahead].key in node.gap.next:
                steps.append((node.gap.next[units[ahead].key], ahead + 1, (*passed, *range(place, ahead))))
    return steps


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
