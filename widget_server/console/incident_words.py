"""Whom a message to all of an incident goes to, and what the console says of it, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from widget_server.console.words import language_name, plural, upfirst
from widget_server.visible import is_plain_line

NAMED = 8
"""Cases that a sentence names; the rest it counts."""
STAYED = {
    "out": "taken out of the incident meanwhile",
    "closed": "closed",
    "resolved": "resolved",
    "unreachable": "with no way to reach them",
    "too_long": "too long once the name is filled in",
}


class PartLike(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def answerable(self) -> bool: ...
    @property
    def language(self) -> str: ...
    @property
    def answered_at(self) -> int | None: ...
    @property
    def apologised(self) -> bool: ...


P = TypeVar("P", bound=PartLike)


def audience(parts: Iterable[P], *, fresh: bool = False, language: str = "") -> list[P]:
    """The open cases that can be reached; `fresh`: those that got no message of the incident yet; in one language."""
    return [
        part
        for part in parts
        if part.answerable and not (fresh and part.answered_at) and (not language or part.language == language)
    ]


def left_out(parts: Iterable[PartLike]) -> dict[str, list[int]]:
    """Those that no message goes to, by why: as `STAYED` has it."""
    found: dict[str, list[int]] = {}
    for part in parts:
        if not part.answerable:
            why = part.state if part.state in ("closed", "resolved") else "unreachable"
            found.setdefault(why, []).append(part.number)
    return found


def language_choices(parts: Iterable[PartLike]) -> list[tuple[str, str]]:
    """The languages that they write in, with how many: (code, 'Dutch (3)'), the commonest first."""
    count: dict[str, int] = {}
    for part in parts:
        count[part.language] = count.get(part.language, 0) + 1
    ordered = sorted(count, key=lambda code: (-count[code], code))
    return [(code, f"{language_name(code)} ({count[code]:,})") for code in ordered]


def second_apologies(to_all: Sequence[PartLike], to_fresh: Sequence[PartLike]) -> str:
    """What is said before an apology goes to cases that had one; nothing where none had."""
    again = sum(1 for part in to_all if part.apologised)
    if not again:
        return ""
    who = "Every one of them" if again == len(to_all) else f"{again:,} of the {len(to_all):,}"
    sentence = f"{who} had an apology already: for them it would be a second one, which can read as insincere."
    if 0 < len(to_fresh) < len(to_all):
        sentence += f" Of those that got no message yet, {sum(1 for part in to_fresh if part.apologised) or 'none'} had."
    return sentence


def named(numbers: Sequence[int]) -> str:
    """'case 1004', or 'cases 1004, 1007 and 12 more'."""
    if len(numbers) == 1:
        return f"case {numbers[0]}"
    listed, rest = [str(number) for number in numbers[:NAMED]], len(numbers) - NAMED
    last = f"{rest:,} more" if rest > 0 else listed.pop()
    return f"cases {', '.join(listed)} and {last}"


def stayed(by_outcome: Mapping[str, Sequence[int]]) -> str:
    """Which cases got nothing, and why; nothing where all did."""
    left = [f"{named(numbers)} ({STAYED[outcome]})" for outcome, numbers in by_outcome.items() if numbers]
    return f"Nothing went to {', '.join(left)}." if left else ""


def sent(now: int, before: int) -> str:
    """How many got it with this press, and with an earlier one of the same form."""
    if not now and before:
        return f"It had gone to {plural(before, 'customer')} already. Nothing was sent twice."
    return f"Sent to {plural(now, 'customer')}." + (f" {before:,} had it already." if before else "")


# What may be one failure ----------------------------------------------------------------------------------------------

ENOUGH, ENOUGH_BY_TOPIC = 5, 10
"""Cases that share a page, or a topic alone, before the queue asks whether they are one failure. Topics are broad."""
LONGEST_PAGE = 60


@dataclass(frozen=True)
class Recent:
    """A case of the last day that is open and in no incident."""

    number: int
    opened_at: int  # ms
    page: str  # the path; empty: not told
    topics: Sequence[str]


@dataclass(frozen=True)
class Suggestion:
    """Cases that may be one failure: what they share, in words, and since when they come, ms."""

    numbers: list[int]
    shared: str
    since: int

    @property
    def title(self) -> str:
        return upfirst(self.shared)


def suggestion(recent: Iterable[Recent]) -> Suggestion | None:
    """The largest group that shares a page, a topic, or both; of two as large, the one that says more."""
    groups: dict[tuple[str, str], list[Recent]] = {}
    for one in recent:
        page = one.page if len(one.page) <= LONGEST_PAGE and is_plain_line(one.page) else ""
        keys = {(page, topic) for topic in (*one.topics, "")} | {("", topic) for topic in one.topics}
        for key in keys - {("", "")}:
            groups.setdefault(key, []).append(one)
    large = [(key, group) for key, group in groups.items() if len(group) >= (ENOUGH if key[0] else ENOUGH_BY_TOPIC)]
    if not large:
        return None
    (page, topic), group = max(large, key=lambda found: (len(found[1]), bool(found[0][0] and found[0][1]), found[0]))
    words = topic.replace("_", " ")
    shared = f"{words} on {page}" if words and page else words or f"the page {page}"
    return Suggestion(sorted(one.number for one in group), shared, min(one.opened_at for one in group))
