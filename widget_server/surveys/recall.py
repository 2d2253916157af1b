"""An earlier answer in a later text: `{answers.reason|something else}` says the label of what was chosen, as text.

The words after the bar stand where nothing was answered. Pure; twin: `widget_js/src/logic/recall.ts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widget_server.surveys.questions.question import Question

LONGEST = 80  # characters of a text that is said again
UNSAID = "…"
"""Stands where somebody wrote, and only that they wrote is known."""
RECALL = re.compile(r"\{answers\.([a-z][a-z0-9_-]{0,59})(?:\|([^{}|]{0,120}))?\}")
ANY_HOLE = re.compile(r"\{\s*answers?\b[^}]{0,200}\}?")
SPACE = re.compile("[ \t\r\n]+")
RECALLED = ("choice", "choices", "text", "smiley", "stars", "csat", "ces", "nps")
"""Question types whose answers can be said again in words."""


@dataclass(frozen=True)
class Hole:
    """One place in a text: `key` is None where it is not written as it must be."""

    written: str
    key: str | None
    fallback: str | None


def holes(text: str) -> Iterator[Hole]:
    """Every place in a text where an answer is to stand, well written or not."""
    for found in ANY_HOLE.finditer(text):
        whole = RECALL.fullmatch(found[0])
        yield Hole(found[0], whole[1] if whole else None, whole[2] if whole else None)


def recalled(text: str, questions: Mapping[str, Question], facts: Mapping[str, Any], language: str) -> str:
    """The text with answers in it. Once only: what is put in is never looked at again.

    Args:
        facts: `answers.<key>` → answer, of those that were asked on the path.
    """

    def said(found: re.Match[str]) -> str:
        question = questions.get(found[1])
        value = facts.get(f"answers.{found[1]}")
        return (in_words(question, value, language) if question else "") or found[2] or ""

    return RECALL.sub(said, text) if "{answers." in text else text


def unsaid(text: str) -> str:
    """The text where nobody's answers stand for all: `…` in each place."""
    return RECALL.sub(UNSAID, text)


def in_words(question: Question, value: Any, language: str) -> str:
    """The answer as the visitor saw it: labels of what was chosen, the word under a number, a text cut short."""
    if question.type not in RECALLED or value is None:
        return ""
    if question.scale:
        return _of_scale(question, value, language)
    if question.type == "text":
        return UNSAID if value is True else _short(str(value))
    chosen = value if isinstance(value, list) else [value]
    labels = {option.key: option.label for option in question.options}
    said = [
        labels[key].get(language) or next(iter(labels[key].values()), "") for key in chosen if key in labels
    ]
    return ", ".join(said)


def _of_scale(question: Question, value: Any, language: str) -> str:
    least, most = question.scale[0], question.scale[-1]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        return ""
    number = int(value)
    words = (question.labels or {}).get(language) or next(iter((question.labels or {}).values()), ())
    return words[number - least] if len(words) == most - least + 1 and len(words) > 2 else str(number)


def _short(text: str) -> str:
    flat = SPACE.sub(" ", text).strip(" ")
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip(" ") + UNSAID
