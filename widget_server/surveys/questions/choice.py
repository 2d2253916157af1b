"""One of several options."""

from __future__ import annotations

from typing import Any

from widget_server.surveys.questions.kind import Cell
from widget_server.surveys.questions.options import Options, label_of
from widget_server.surveys.questions.question import Question


class Choice(Options):
    def fault(self, question: Question, value: Any) -> str | None:
        known = isinstance(value, str) and value in question.option_keys
        return None if known else f"One of {', '.join(question.option_keys)} is needed."

    def in_words(self, question: Question, value: Any, language: str) -> str:
        return label_of(question, value, language)

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return None if value is None else label_of(question, value, language)


CHOICE = Choice("choice")
