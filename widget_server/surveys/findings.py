"""What is wrong with a survey, or could be better: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    where: Where
    message: str
    remedy: str
    is_error: bool = True


def twice(items: Iterable[Mapping[str, Any]], place: Where, noun: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item["key"] in seen:
            message = f"the {noun} key '{item['key']}' stands twice"
            yield Finding((*place, number, "key"), message, "give one of them another key")
        seen.add(item["key"])
