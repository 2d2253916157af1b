"""Any of several options."""

from __future__ import annotations

from typing import Any

from widget_server.surveys.questions.kind import Cell
from widget_server.surveys.questions.options import Options, label_of
from widget_server.surveys.questions.question import Closed, Question


class Choices(Options):
    chosen = "contains"

    def fault(self, question: Question, value: Any) -> str | None:
        keys = question.option_keys
        known = isinstance(value, list) and all(isinstance(one, str) and one in keys for one in value)
        if known and len(set(value)) == len(value):
            return None
        return f"A list of some of {', '.join(keys)}, each once, is needed."

    def closed(self, question: Question, value: Any) -> Closed:
        return Closed(question.key, self.name, key=",".join(sorted(value)))

    def in_words(self, question: Question, value: Any, language: str) -> str:
        return ", ".join(label_of(question, key, language) for key in _list(value))

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return "; ".join(label_of(question, key, language) for key in _list(value)) or None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


CHOICES = Choices("choices")
