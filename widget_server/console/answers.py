"""Answers as staff read them, pure: a question's words, and what was said to it, by the version that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from widget_server.surveys.definition import Definition, Question, spoken


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
    """What was answered, in the order of asking; questions without an answer are left out."""
    found = []
    for question in definition.questions:
        words = texts.get(question.key)
        value = answers.get(question.key)
        if words is None and value is None:
            continue
        text = words if words is not None else in_words(question, value, language)
        found.append(
            Said(question.key, question.type, question.wording(language, answers), text, words is not None)
        )
    return found


def in_words(question: Question, value: Any, language: str) -> str:
    """'Poor, 2 of 5', 'Payment', 'Yes'."""
    if question.scale and isinstance(value, int | float):
        return _of_scale(question, int(value), language)
    if question.type == "yes_no":
        return "Yes" if value else "No"
    if question.type == "choices" and isinstance(value, list):
        return ", ".join(option_label(question, key, language) for key in value)
    if question.type == "choice":
        return option_label(question, value, language)
    if question.type == "contact":
        return (
            "Left a way to write back"
            if isinstance(value, Mapping) and value.get("given")
            else "Nothing left"
        )
    return str(value)


def option_label(question: Question, key: Any, language: str) -> str:
    """The option's words; the key itself where the version has none of that name."""
    for option in question.options:
        if option.key == key:
            return spoken(option.label, language)
    return str(key)


def scale_word(question: Question, number: int, language: str) -> str:
    """The word under a step of a scale, or nothing."""
    least = question.scale[0] if question.scale else 0
    labels = (question.labels or {}).get(language) or next(iter((question.labels or {}).values()), ())
    return labels[number - least] if len(labels) > number - least >= 0 and len(labels) > 2 else ""


def _of_scale(question: Question, number: int, language: str) -> str:
    assert question.scale is not None
    word = scale_word(question, number, language)
    return f"{word}, {number} of {question.scale[1]}" if word else f"{number} of {question.scale[1]}"
