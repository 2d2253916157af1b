"""A site's list of help: links and short answers that visitors see while they write. Pure.

An entry speaks one language, and comes up for words that somebody typed or for an answer that they chose. It is matched
in the browser (`widget_js/src/help/matching.ts`): what somebody types goes nowhere for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from widget_server.addresses import HTTPS

MOST_ENTRIES = 100
MOST_WORDS, LONGEST_WORD = 20, 60
MOST_TOPICS = 20
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS = 120, 600, 500


@dataclass(frozen=True)
class Entry:
    """One link or short answer. `topics` are answers of a choice, as `question.option`."""

    id: str
    language: str
    title: str
    text: str = ""
    url: str = ""
    words: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """As the site keeps it: what is empty is left out."""
        said = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {name: value for name, value in said.items() if value}

    @property
    def told(self) -> dict[str, Any]:
        """As a widget gets it."""
        return {name: value for name, value in self.as_row().items() if name not in ("id", "language")}


def entries_from(rows: Iterable[Mapping[str, Any]] | None) -> list[Entry]:
    """What the site keeps."""
    lists = ("words", "topics")
    return [Entry(**{**row, **{name: tuple(row.get(name, ())) for name in lists}}) for row in rows or ()]


def words_of(typed: str) -> tuple[str, ...]:
    """One a line, or with commas between; each once, in the order written."""
    parts = (" ".join(part.split()) for part in re.split(r"[\n,،、，]", typed))
    return tuple(dict.fromkeys(part for part in parts if part))


def faults(entry: Entry) -> dict[str, str]:
    """Field → why it can't be kept, with what to write instead."""
    found: dict[str, str] = {}
    if not 1 <= len(entry.title) <= LONGEST_TITLE or not entry.title.isprintable():
        found["title"] = f"Write a title of 1 to {LONGEST_TITLE} letters, on one line."
    if len(entry.text) > LONGEST_TEXT or "\0" in entry.text:
        found["text"] = f"Write {LONGEST_TEXT} letters at most: a longer answer is better on a page of yours."
    if entry.url and (len(entry.url) > LONGEST_ADDRESS or not HTTPS.match(entry.url)):
        found["url"] = "Write the whole address, from https:// on."
    if not entry.text and not entry.url:
        found["text"] = "Write a short answer, or give an address to read it at."
    if len(entry.words) > MOST_WORDS or any(len(word) > LONGEST_WORD or not word.isprintable() for word in entry.words):
        found["words"] = f"Give {MOST_WORDS} words at most, each of {LONGEST_WORD} letters at most."
    if not entry.words and not entry.topics:
        found["words"] = "Give a word, or choose an answer below: without either nobody would see it."
    if len(entry.topics) > MOST_TOPICS:
        found["topics"] = f"Choose {MOST_TOPICS} answers at most."
    return found


def spoken_to(entries: Iterable[Entry], wanted: str, default: str) -> tuple[str, list[Entry]]:
    """The language and its entries: the one asked for, else the site's, else the first that there is."""
    by_language: dict[str, list[Entry]] = {}
    for entry in entries:
        by_language.setdefault(entry.language, []).append(entry)
    for candidate in (wanted, wanted.partition("-")[0], default, *by_language):
        if candidate in by_language:
            return candidate, by_language[candidate]
    return default, []


def put(rows: Iterable[Mapping[str, Any]] | None, entry: Entry) -> list[dict[str, Any]]:
    """The list with this entry in the place of the one with its id, else at its end."""
    entries = entries_from(rows)
    if any(one.id == entry.id for one in entries):
        return [(entry if one.id == entry.id else one).as_row() for one in entries]
    return [one.as_row() for one in (*entries, entry)]


def without(rows: Iterable[Mapping[str, Any]] | None, id: str) -> list[dict[str, Any]]:
    """The list without this entry."""
    return [one.as_row() for one in entries_from(rows) if one.id != id]
