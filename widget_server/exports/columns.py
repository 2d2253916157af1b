"""The columns of a table, pure: from the questions that were asked and a record to the cells of a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget_server.surveys.questions.kind import Cell
from widget_server.surveys.questions.question import Question
from widget_server.surveys.recall import unsaid

Record = Mapping[str, Any]

RESPONSE = (
    "id", "received_at", "survey", "version", "language", "state", "finished", "page", "release", "device", "sentiment",
    "polarity", "detected_language", "friction", "needs_recovery", "flagged", "severity", "topics", "reasons", "case",
)  # fmt: skip
CASE = (
    "number", "reference", "id", "state", "closed_as", "priority", "severity", "points", "team", "owner", "reach",
    "language", "opened_at", "due", "acknowledged_at", "understood_at", "resolved_at", "followed_up_at", "documented_at",
    "closed_at", "reopened", "repeat_of", "failures", "satisfied", "preventable", "reasons", "cause", "remedy",
    "fair_solution", "responses",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question of a survey, or one part of it, in all the wordings that its newest version has for it."""

    survey: str
    question: Question
    label: str

    @property
    def header(self) -> str:
        return f"{self.survey}.{self.question.key}: {self.label}" if self.label else f"{self.survey}.{self.question.key}"


def asked(versions: Iterable[tuple[str, Sequence[Question]]], language: str) -> list[Asked]:
    """All questions of the versions given, by their parts, oldest first; the newest wording counts; by survey."""
    found: dict[tuple[str, str], Asked] = {}
    for survey, questions in versions:
        for part in (part for question in questions for part in question.parts):
            found[survey, part.key] = Asked(survey, part, " / ".join(unsaid(text) for text in part.wordings(language)))
    return sorted(found.values(), key=lambda one: one.survey)


def response_header(questions: Sequence[Asked]) -> list[str]:
    return [*RESPONSE, *(one.header for one in questions)]


def response_line(record: Record, questions: Sequence[Asked], language: str) -> list[Cell]:
    """The cells of a response: facts first, then an answer for each question, empty where it was not asked."""
    return [*(plain(record[name]) for name in RESPONSE), *(_answer(record, one, language) for one in questions)]


def case_line(record: Record) -> list[Cell]:
    return [plain(record[name]) for name in CASE]


def plain(value: Any) -> Cell:
    """A fact as a cell: yes and no, lists by semicolons."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    return str(value)


def _answer(record: Record, one: Asked, language: str) -> Cell:
    if record["survey"] != one.survey:
        return None
    key = one.question.key
    if key in record["texts"]:
        return str(record["texts"][key])
    return one.question.kind.cell(one.question, record["answers"].get(key), language)
