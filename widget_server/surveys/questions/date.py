"""A day, between two days if the survey says so; `today` is the day on which it is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from marshmallow import ValidationError

from widget_server.clock import now_ms
from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Content, Counted, Kind
from widget_server.surveys.questions.question import Question
from widget_server.surveys.shapes import Strict

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TODAY = "today"
ZONES = timedelta(days=1)
LATE = timedelta(days=4)
"""How much older than today an answer may be that was kept on the visitor's device until it could be sent."""


def read_day(text: object) -> date | None:
    """A day as it is written, 2027-01-31; None for anything else."""
    if not isinstance(text, str) or not text.isascii() or not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def a_day(value: str) -> None:
    if value != TODAY and read_day(value) is None:
        raise ValidationError('this is no day: write it as in "2027-01-31", or today')


class Date(Kind):
    name = "date"
    takes: ClassVar = {"earliest": lambda: Strict(validate=a_day), "latest": lambda: Strict(validate=a_day)}

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        first, last = read_day(content.get("earliest")), read_day(content.get("latest"))
        if first and last and last < first:
            yield Finding((*place, "latest"), "it ends before it starts", "give a later 'latest'")

    def told(self, question: Question, language: str) -> dict[str, Any]:
        return dict(question.own)

    def fault(self, question: Question, value: Any) -> str | None:
        day = read_day(value)
        if day is None:
            return "A day is needed, written as 2027-01-31."
        today = datetime.fromtimestamp(now_ms() / 1000, UTC).date()
        earliest, latest = question.own.get("earliest"), question.own.get("latest")
        if earliest and day < (today - LATE if earliest == TODAY else date.fromisoformat(earliest)):
            return f"The earliest day is {earliest}."
        if latest and day > (today + ZONES if latest == TODAY else date.fromisoformat(latest)):
            return f"The latest day is {latest}."
        return None

    def in_words(self, question: Question, value: Any, language: str) -> str:
        day = read_day(value)
        return f"{day.day} {day:%B %Y}" if day else str(value)

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        newest = sorted(((key, n) for _, key, n in counted if key), reverse=True)
        return [(self.in_words(question, key, language), n) for key, n in newest[:31]]


DATE = Date()
