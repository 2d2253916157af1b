"""Yes or no."""

from __future__ import annotations

from typing import Any

from widget_server.surveys.questions.kind import Cell, Counted, Kind
from widget_server.surveys.questions.question import Closed, Question


class YesNo(Kind):
    name = "yes_no"

    def fault(self, question: Question, value: Any) -> str | None:
        return None if isinstance(value, bool) else "true or false is needed."

    def closed(self, question: Question, value: Any) -> Closed:
        return Closed(question.key, self.name, number=float(value), key="yes" if value else "no")

    def in_words(self, question: Question, value: Any, language: str) -> str:
        return "Yes" if value else "No"

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return None if value is None else "yes" if value else "no"

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        by_answer = {bool(number): n for number, _, n in counted if number is not None}
        return [("Yes", by_answer.get(True, 0)), ("No", by_answer.get(False, 0))]


YES_NO = YesNo()
