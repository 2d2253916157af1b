"""A picture of the page. The answer only says that one comes: the picture follows as an attachment, after the response."""

from __future__ import annotations

import re
from typing import Any

from widget_server.surveys.questions.kind import Cell, Content, Counted, Kind
from widget_server.surveys.questions.question import Closed, Kept, Question

_TOKEN = re.compile(r"[0-9a-f-]{8,40}\Z")


class Screenshot(Kind):
    name = "screenshot"
    must_not_be_required = "a page may not let itself be drawn, and nobody is made to show theirs"

    def facts(self, content: Content) -> tuple[str, ...]:
        return ()

    def fault(self, question: Question, value: Any) -> str | None:
        if value is True or (isinstance(value, str) and _TOKEN.match(value)):
            return None
        return "true, or the token by which the client knows the picture that follows, is needed."

    def kept(self, question: Question, value: Any) -> Kept:
        return Kept({question.key: True}, (self.closed(question, value),))

    def closed(self, question: Question, value: Any) -> Closed:
        return Closed(question.key, self.name, number=1.0, key="yes")

    def in_words(self, question: Question, value: Any, language: str) -> str:
        return "Sent a picture"

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return "yes" if value else None

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        return [("Sent a picture", sum(n for _, _, n in counted))]


SCREENSHOT = Screenshot()
