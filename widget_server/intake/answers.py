"""Answers against the version of the survey that asked them: typed values, or faults with JSON pointers. Pure.

What is valid, and what becomes of it, each question's type says: `surveys/questions/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from widget_server.errors import Fault, pointer_part
from widget_server.surveys.definition import Definition
from widget_server.surveys.must import broken_rule
from widget_server.surveys.questions.question import Closed, ContactGiven, Question


@dataclass(frozen=True)
class Given:
    """Answers as they are kept: what is counted, what was written, how to reach them, and all by their names."""

    closed: tuple[Closed, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    contact: ContactGiven | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    of_the_page: frozenset[str] = frozenset()
    """Names of values that may hold words of the page."""


def read_answers(
    definition: Definition, answers: Mapping[str, Any], finished: bool, opening: Mapping[str, Any] | None = None
) -> Given | list[Fault]:
    """Answers by the survey's questions, or all that is wrong with them.

    Required and an author's rules are asked for only when finished, and only on the path that the answers took. What
    stands beside the path is not counted: somebody went back and took another way. Words are kept wherever they stand.

    Args:
        opening: what the path is decided by beside the answers.
    """
    faults, values = [], {}
    for key, value in answers.items():
        question = definition.question(key)
        fault = "The survey has no such question." if question is None else _fault(question, value)
        if fault:
            pointer, _, detail = fault.rpartition("\t")
            faults.append(Fault(f"/answers/{pointer_part(key)}{pointer}", detail))
        elif value is not None and value != "" and value != [] and value != {}:
            values[key] = value
    if faults:
        return faults[:20]
    named = _named(definition, values)
    asked = definition.asked(named, opening)
    if finished and (faults := _missing(asked, named) + _broken_rules(asked, values)):
        return faults[:20]
    on_path = {question.key for question in asked}
    kept = (question for question in definition.questions if question.key in values)
    return _given([question for question in kept if question.key in on_path or _are_words(question)], values)


def _fault(question: Question, value: Any) -> str | None:
    return None if value is None else question.kind.fault(question, value)


def _named(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for question in definition.questions:
        if question.key in values:
            named.update(question.kind.named(question, values[question.key]))
    return named


def _missing(asked: list[Question], named: Mapping[str, Any]) -> list[Fault]:
    unanswered = (
        question
        for question in asked
        if question.required and any(named.get(name) is None for name in question.names)
    )
    return [Fault(f"/answers/{question.key}", "This question must be answered.") for question in unanswered]


def _are_words(question: Question) -> bool:
    return question.kind.is_written or question.type == "contact"


def _broken_rules(asked: list[Question], values: Mapping[str, Any]) -> list[Fault]:
    broken = ((question, broken_rule(question.must, values.get(question.key))) for question in asked)
    return [Fault(f"/answers/{question.key}", sentence) for question, sentence in broken if sentence]


def _given(questions: list[Question], values: Mapping[str, Any]) -> Given:
    closed: list[Closed] = []
    texts: dict[str, str] = {}
    contact = None
    kept: dict[str, Any] = {}
    of_the_page: list[str] = []
    for question in questions:
        answer = question.kind.kept(question, values[question.key])
        closed += answer.closed
        texts.update(answer.texts)
        kept.update(answer.values)
        contact = answer.contact or contact
        if question.kind.has_page_words:
            of_the_page += answer.values
    return Given(tuple(closed), texts, contact, kept, frozenset(of_the_page))
