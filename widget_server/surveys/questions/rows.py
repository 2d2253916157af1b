"""What is answered row by row: an object on the wire, and one number for each row under `key.row` everywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Content, Kind
from widget_server.surveys.questions.question import Kept, Option, Question
from widget_server.surveys.questions.scale import Scale
from widget_server.surveys.texts import spoken

LONGEST_NAME = 60
COMPARED = {"is", "is_not", "in", "at_least", "at_most", "known"}
"""Operators that can say something of a number."""


class Row(Scale):
    """One row of it, as it is kept, counted and read."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 1, 1)
        self.ends = None

    def numbers(self, question: Question) -> tuple[int, ...]:
        return tuple(range(1, int(question.own["most"]) + 1))

    def parts(self, question: Question) -> tuple[Question, ...]:
        return (question,)


class Rows(Kind):
    row: Row

    def most(self, question: Question) -> int:
        """The highest number of a row; the lowest is 1."""
        raise NotImplementedError

    def rows(self, question: Question) -> tuple[Option, ...]:
        return question.options

    def parts(self, question: Question) -> tuple[Question, ...]:
        own = {"most": self.most(question)}
        return tuple(
            Question(
                key=f"{question.key}.{row.key}",
                type=question.type,
                text={language: f"{text} {spoken(row.label, language)}" for language, text in question.text.items()},
                kind=self.row,
                labels=question.labels,
                own=own,
            )
            for row in self.rows(question)
        )

    def facts(self, content: Content) -> tuple[str, ...]:
        """Row by row: `answers.<question>.<row>` is the number of one."""
        return tuple(f"{content['key']}.{row['key']}" for row in self.rows_of(content))

    def compared(self, content: Content, operator: str, value: Any) -> tuple[str, str] | None:
        most = self.most_of(content)
        known = ", ".join(sorted(COMPARED))
        if operator not in COMPARED:
            return f"'{operator}' reads texts and lists, and this is a number from 1 to {most}", f"use one of {known}"
        for one in value if isinstance(value, list) else [value]:
            if operator != "known" and not (type(one) in (int, float) and 1 <= one <= most):
                return f"{one!r} is none of the numbers here: they go from 1 to {most}", "write one of these"
        return None

    def rows_of(self, content: Content) -> Sequence[Content]:
        """The rows as the file has them, each with its key."""
        return content.get("options") or ()

    def most_of(self, content: Content) -> int:
        """The highest number of a row, by the file."""
        return len(self.rows_of(content))

    def names_fit(self, content: Content, rows: str, place: Where) -> Iterator[Finding]:
        for number, row in enumerate(content.get(rows) or ()):
            if len(content["key"]) + 1 + len(row["key"]) > LONGEST_NAME:
                message = f"'{content['key']}.{row['key']}' is longer than {LONGEST_NAME} characters"
                yield Finding((*place, rows, number, "key"), message, "give one of the two a shorter key")

    def fault(self, question: Question, value: Any) -> str | None:
        if not isinstance(value, dict):
            return "An object is needed: a number for each row."
        parts = {part.key: part for part in question.parts}
        for name, number in value.items():
            part = parts.get(f"{question.key}.{name}")
            if part is None:
                return f"/{str(name)[:60].replace('~', '~0').replace('/', '~1')}\tThere is no such row."
            if fault := part.kind.fault(part, number):
                return f"/{name}\t{fault}"
        return None

    def kept(self, question: Question, value: Any) -> Kept:
        values = {name: int(number) for name, number in self.named(question, value).items()}
        closed = (self.row.closed(part, values[part.key]) for part in question.parts if part.key in values)
        return Kept(values, tuple(closed))

    def named(self, question: Question, value: Any) -> Mapping[str, Any]:
        return {f"{question.key}.{name}": number for name, number in value.items()}
