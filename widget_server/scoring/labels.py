"""What a response was in truth, as its labels say, and how many it takes until an installation has weights of its own.

A person's correction counts before what became of a case, and that before a rating. A rating is the weakest: it may
teach what words and behaviour mean, with itself hidden, since else it would only repeat itself. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from widget_server.scoring.friction import TOPICS

NEEDED = 200
OF_EACH = 20
"""How many labels it takes, and at least how many of them that say yes, and that say no."""
RATING_COUNTS = 0.25
"""A rating counts for a quarter of a label, and there are never more of them than labels by people."""

VALUES: dict[str, tuple[str, ...]] = {
    "needs_recovery": ("yes", "no"),
    "friction": ("yes", "no"),
    "sentiment": ("negative", "neutral", "positive"),
    "topic": (*sorted(TOPICS), "none"),
}
"""What can be said, by aspect."""

SOURCES = ("correction", "not_a_failure", "opened_by_hand", "outcome", "rating")
"""Whose word counts, first to last."""
BY_PEOPLE = frozenset(SOURCES) - {"rating"}


@dataclass(frozen=True)
class Agreed:
    """The label that counts of one response."""

    response_id: int
    value: str
    source: str
    at: int

    @property
    def by_people(self) -> bool:
        return self.source in BY_PEOPLE


@dataclass(frozen=True)
class Count:
    """How far an installation has come."""

    yes: int  # by people
    no: int
    ratings: int  # that count

    @property
    def total(self) -> int:
        return self.yes + self.no + int(self.ratings * RATING_COUNTS)

    @property
    def enough(self) -> bool:
        return not self.lacking

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is still missing, in words."""
        missing = []
        if self.total < NEEDED:
            missing.append(f"{self.total} of {NEEDED} labels")
        if self.yes < OF_EACH:
            missing.append(f"{self.yes} of {OF_EACH} that needed help")
        if self.no < OF_EACH:
            missing.append(f"{self.no} of {OF_EACH} that needed none")
        return tuple(missing)


def agreed(labels: Iterable[tuple[int, str, str, int]]) -> list[Agreed]:
    """The one that counts for each response, of (response, source, value, at), newest responses last."""
    best: dict[int, Agreed] = {}
    for response_id, source, value, at in labels:
        known = best.get(response_id)
        if known is None or SOURCES.index(source) < SOURCES.index(known.source):
            best[response_id] = Agreed(response_id, value, source, at)
    return sorted(best.values(), key=lambda one: (one.at, one.response_id))


def to_learn_from(labels: list[Agreed]) -> list[Agreed]:
    """Those by people, and of the ratings the newest, at most as many."""
    people = [one for one in labels if one.by_people]
    ratings = [one for one in labels if not one.by_people]
    return people + (ratings[-len(people) :] if people else [])


def counted(labels: list[Agreed]) -> Count:
    used = to_learn_from(labels)
    people = [one for one in used if one.by_people]
    yes = sum(one.value == "yes" for one in people)
    return Count(yes, len(people) - yes, len(used) - len(people))


def refusal(aspect: str, value: str) -> str | None:
    """Why this can't be said, in one sentence."""
    if aspect not in VALUES:
        return f"What was read wrongly is one of {', '.join(name.replace('_', ' ') for name in VALUES)}."
    if value not in VALUES[aspect]:
        return f"This is one of {', '.join(VALUES[aspect])}."
    return None


def of_cases(facts: Mapping[str, bool]) -> tuple[str, str] | None:
    """(source, value) that a case stands for, once staff have spoken: dismissed, opened by hand, or worked to its end."""
    if facts["dismissed"]:
        return "not_a_failure", "no"
    if facts["by_hand"]:
        return "opened_by_hand", "yes"
    return ("outcome", "yes") if facts["helped"] else None
