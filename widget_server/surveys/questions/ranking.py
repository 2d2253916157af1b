"""Options put in order, the first one first: each is kept with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Content, Counted
from widget_server.surveys.questions.options import CHOSEN_AMONG, options_found, options_told, random_order
from widget_server.surveys.questions.options import options as options_field
from widget_server.surveys.questions.question import Question
from widget_server.surveys.questions.rows import Row, Rows

MOST = 8
"""More can't be held against each other."""


class Place(Row):
    def in_words(self, question: Question, value: Any, language: str) -> str:
        return f"Place {value} of {question.own['most']}" if isinstance(value, int) else str(value)

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        return [(f"Place {label}", n) for label, n in reversed(super().bars(question, counted, language))]


class Ranking(Rows):
    name = "ranking"
    row = Place("ranking")
    takes: ClassVar = {"options": options_field, "random": random_order}

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        yield from options_found(self.name, content, place, MOST)
        for number, option in enumerate(content.get("options") or ()):
            for field in CHOSEN_AMONG:
                if field in option:
                    message = f"'{field}' belongs to options that are chosen, not put in order"
                    yield Finding((*place, "options", number, field), message, f"remove '{field}'")
        yield from self.names_fit(content, "options", place)

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        for number, option in enumerate(content.get("options") or ()):
            yield ("options", number, "label"), option["label"]

    def told(self, question: Question, language: str) -> dict[str, Any]:
        return options_told(question, language)

    def most(self, question: Question) -> int:
        return len(question.options)

    def fault(self, question: Question, value: Any) -> str | None:
        fault = super().fault(question, value)
        if fault is None and value and sorted(value.values()) != list(range(1, len(question.options) + 1)):
            return f"A place from 1 to {len(question.options)} is needed for each option, each place once."
        return fault


RANKING = Ranking()
