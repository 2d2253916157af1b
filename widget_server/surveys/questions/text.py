"""Their own words, in one line or many. Kept apart from facts, so that they can be erased."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import validate

from widget_server.surveys.questions.kind import Cell, Kind
from widget_server.surveys.questions.question import Kept, Question
from widget_server.surveys.shapes import Whole

LONGEST = 10_000  # characters (code points) of an answer, unless the question says less
USUAL_ROWS = 4


class Text(Kind):
    name = "text"
    is_written = True
    takes: ClassVar = {
        "rows": lambda: Whole(validate=validate.Range(1, 12, error="give a number from {min} to {max}")),
        "max_length": lambda: Whole(
            validate=validate.Range(1, LONGEST, error="give a number from {min} to {max}")
        ),
    }

    def told(self, question: Question, language: str) -> dict[str, Any]:
        rows, most = question.own.get("rows", USUAL_ROWS), _most(question)
        return {
            "rows": rows if rows != USUAL_ROWS else None,
            "max_length": most if most != LONGEST else None,
            "more": rows == 1 or None,
        }

    def fault(self, question: Question, value: Any) -> str | None:
        if not isinstance(value, str):
            return "A text is needed."
        most = _most(question)
        over = len(value) - most
        return None if over <= 0 else f"{over} characters too many: at most {most}."

    def kept(self, question: Question, value: Any) -> Kept:
        return Kept({question.key: True}, texts={question.key: value})

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return None  # words that were erased


def _most(question: Question) -> int:
    most: int = question.own.get("max_length", LONGEST)
    return most


TEXT = Text()
