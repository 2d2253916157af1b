"""Whom a message to all of an incident goes to, and what the console says of it, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from widget_server.console.words import language_name, plural

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
