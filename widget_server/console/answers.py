"""Answers as staff read them, pure: a question's words, and what was said to it, by the version that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from widget_server.surveys.definition import Definition
from widget_server.surveys.questions.question import answer_facts
from widget_server.surveys.recall import recalled


@dataclass(frozen=True)
class Said:
    """One question and its answer. `voice` is true where the answer is the customer's own words."""

    key: str
    type: str
    question: str
    answer: str
    voice: bool = False


def said(
    definition: Definition, answers: Mapping[str, Any], texts: Mapping[str, str], language: str
) -> list[Said]:
    """What was answered, in the order of asking; questions without an answer are left out, earlier answers in them said."""
    found = []
    questions = {question.key: question for question in definition.questions}
    facts = answer_facts({**answers, **texts})
    for question in (part for one in definition.questions for part in one.parts):
        words = texts.get(question.key)
        value = answers.get(question.key)
        if words is None and value is None:
            continue
        text = words if words is not None else question.kind.in_words(question, value, language)
        wording = recalled(question.wording(language, answers), questions, facts, language)
        found.append(Said(question.key, question.type, wording, text, words is not None))
    return found
