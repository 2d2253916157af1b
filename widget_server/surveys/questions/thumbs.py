"""Thumb up or down: what helps or doesn't, with no words at all."""

from __future__ import annotations

from typing import Any

from widget_server.surveys.questions.kind import Cell, Counted, Kind
from widget_server.surveys.questions.question import Closed, Question


class Thumbs(Kind):
    name = "thumbs"
    ends = (-0.5, 1.25)  # a thumb says less than the ends of five steps: down is as low as two of five, up as four

    def fault(self, question: Question, value: Any) -> str | None:
        return None if isinstance(value, bool) else "true (up) or false (down) is needed."

    def closed(self, question: Question, value: Any) -> Closed:
        return Closed(question.key, self.name, number=float(value), key="up" if value else "down")

    def in_words(self, question: Question, value: Any, language: str) -> str:
        return "Thumb up" if value else "Thumb down"

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return None if value is None else "up" if value else "down"

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        by_answer = {bool(number): n for number, _, n in counted if number is not None}
        return [("Thumb up", by_answer.get(True, 0)), ("Thumb down", by_answer.get(False, 0))]

    def rated(self, value: object) -> float | None:
        return float(value) if isinstance(value, bool) else None

    def reason(self, number: float, value: float) -> str:
        return "thumb up" if number > 0.5 else "thumb down"


THUMBS = Thumbs()
