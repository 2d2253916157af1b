"""Answers against the version of the survey that asked them: typed values, or faults with JSON pointers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from widget_server.errors import Fault
from widget_server.intake.identity import normal_address
from widget_server.intake.schemas import pointer_part
from widget_server.surveys.definition import Definition, Question

MOST_NAME = 200


@dataclass(frozen=True)
class ContactGiven:
    """What somebody filled in to be reached; usable only with their consent."""

    email: str | None
    name: str | None
    consent: bool


@dataclass(frozen=True)
class Closed:
    """An answer to be counted: a number or a key."""

    question: str
    kind: str
    number: float | None = None
    key: str | None = None


@dataclass(frozen=True)
class Given:
    """Answers as they are kept: what is counted, what was written, how to reach them, and all by question key."""

    closed: tuple[Closed, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    contact: ContactGiven | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def read_answers(definition: Definition, answers: Mapping[str, Any], finished: bool) -> Given | list[Fault]:
    """Answers by the survey's questions, or all that is wrong with them.

    Required is asked for only when finished, and only on the path that the answers took.
    """
    faults, values = [], {}
    for key, value in answers.items():
        question = definition.question(key)
        fault = "The survey has no such question." if question is None else _fault(question, value)
        if fault:
            pointer, _, detail = fault.rpartition("\t")
            faults.append(Fault(f"/answers/{pointer_part(key)}{pointer}", detail))
        elif value is not None and value != "" and value != []:
            values[key] = value
    if not faults and finished:
        asked = definition.asked(values)
        missing = [question.key for question in asked if question.required and question.key not in values]
        faults = [Fault(f"/answers/{key}", "This question must be answered.") for key in missing]
    if faults:
        return faults[:20]
    questions = [question for question in definition.questions if question.key in values]
    return _given(questions, values)


def _fault(question: Question, value: Any) -> str | None:
    """What is wrong with this value, in a sentence; a tab parts a deeper pointer from it."""
    if value is None:
        return None
    if question.scale:
        least, most = question.scale
        whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)
        return None if whole and least <= value <= most else f"A whole number from {least} to {most} is needed."
    return _CHECKS[question.type](question, value)


def _choice(question: Question, value: Any) -> str | None:
    known = isinstance(value, str) and value in question.option_keys
    return None if known else f"One of {', '.join(question.option_keys)} is needed."


def _choices(question: Question, value: Any) -> str | None:
    keys = question.option_keys
    known = isinstance(value, list) and all(isinstance(one, str) and one in keys for one in value)
    return None if known and len(set(value)) == len(value) else f"A list of some of {', '.join(keys)}, each once, is needed."


def _yes_no(_question: Question, value: Any) -> str | None:
    return None if isinstance(value, bool) else "true or false is needed."


def _text(question: Question, value: Any) -> str | None:
    if not isinstance(value, str):
        return "A text is needed."
    over = len(value) - question.max_length
    return None if over <= 0 else f"{over} characters too many: at most {question.max_length}."


def _contact(_question: Question, value: Any) -> str | None:
    if not isinstance(value, dict):
        return "An object with consent, and email or name, is needed."
    if not isinstance(value.get("consent", False), bool):
        return "/consent\ttrue or false is needed."
    for name in value:
        if name not in ("email", "name", "consent"):
            return f"/{pointer_part(name)}\tA contact has email, name and consent."
    name, email = value.get("name"), value.get("email")
    if name is not None and (not isinstance(name, str) or len(name) > MOST_NAME):
        return f"/name\tA text of at most {MOST_NAME} characters is needed."
    if email not in (None, "") and (not isinstance(email, str) or normal_address(email) is None):
        return "/email\tThis is not an e-mail address."
    return None


_CHECKS = {"choice": _choice, "choices": _choices, "yes_no": _yes_no, "text": _text, "contact": _contact}


def _given(questions: list[Question], values: Mapping[str, Any]) -> Given:
    closed: list[Closed] = []
    texts: dict[str, str] = {}
    contact = None
    kept: dict[str, Any] = {}
    for question in questions:
        value = values[question.key]
        if question.type == "text":
            texts[question.key], kept[question.key] = value, True
        elif question.type == "contact":
            contact = contact_given(value)
            kept[question.key] = {"given": bool(contact.email and contact.consent)}
        else:
            kept[question.key] = int(value) if question.scale else value
            closed.append(_closed(question, kept[question.key]))
    return Given(tuple(closed), texts, contact, kept)


def contact_given(value: Mapping[str, Any]) -> ContactGiven:
    """A contact question's answer, spaces trimmed, empty as none."""
    email, name = value.get("email"), value.get("name")
    return ContactGiven(
        email=(email.strip() or None) if isinstance(email, str) else None,
        name=(" ".join(name.split())[:MOST_NAME] or None) if isinstance(name, str) else None,
        consent=value.get("consent") is True,
    )


def _closed(question: Question, value: Any) -> Closed:
    if question.scale:
        return Closed(question.key, question.type, number=float(value))
    if question.type == "yes_no":
        return Closed(question.key, question.type, number=float(value), key="yes" if value else "no")
    return Closed(question.key, question.type, key=value if isinstance(value, str) else ",".join(sorted(value)))
