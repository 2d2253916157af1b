"""Drawn faces, each with its word: the lowest effort there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Content
from widget_server.surveys.questions.question import Question
from widget_server.surveys.questions.scale import Scale

LOW, HIGH = 0.3, 0.7
FOUR = (1, 2, 4, 5)


class Smiley(Scale):
    """Five, or four without the middle one: a number means the same face in either, so that they can be compared."""

    def label_counts(self) -> tuple[int, ...]:
        return (4, 5)

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        if not content.get("labels"):
            yield Finding((*place, "type"), "each smiley has its word", "add five 'labels' in each language, or four")
        if len({len(words) for words in (content.get("labels") or {}).values()}) > 1:
            yield Finding((*place, "labels"), "there are more faces in one language than in another", "give as many in each")
        yield from super().findings(content, place)

    def told(self, question: Question, language: str) -> dict[str, Any]:
        return {**super().told(question, language), "more": question.scale == FOUR or None}

    def numbers(self, question: Question) -> tuple[int, ...]:
        words = next(iter((question.labels or {}).values()), ())
        return FOUR if len(words) == len(FOUR) else self._numbers

    def reason(self, number: float, value: float) -> str:
        return "low smiley" if value <= LOW else "high smiley" if value >= HIGH else "middling smiley"


SMILEY = Smiley("smiley", 1, 5)
