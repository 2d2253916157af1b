"""A way to be reached, only if they like: usable only with their consent, never counted, never a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from widget_server.addresses import normal_address
from widget_server.errors import pointer_part
from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Cell, Content, Kind
from widget_server.surveys.questions.question import ContactGiven, Kept, Question
from widget_server.surveys.shapes import Strict

MOST_NAME = 200
ASKED = ("email", "name")
"""What may be asked for; the address alone, unless the survey says more."""


class Contact(Kind):
    name = "contact"
    is_counted = False
    must_not_be_required = "nobody is made to leave an address"
    takes: ClassVar = {
        "ask": lambda: fields.List(
            Strict(validate=validate.OneOf(ASKED, error="'{input}' is neither email nor name")),
            validate=validate.Length(min=1, error="name one at least"),
        )
    }

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        asked = content.get("ask") or ()
        if asked and len(set(asked)) != len(asked):
            yield Finding((*place, "ask"), "one of them stands twice", "keep one of them")

    def facts(self, content: Content) -> tuple[str, ...]:
        return ()

    def told(self, question: Question, language: str) -> dict[str, Any]:
        asked = question.own.get("ask") or ["email"]
        return {} if asked == ["email"] else {"ask": asked, "more": True}

    def fault(self, question: Question, value: Any) -> str | None:
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

    def kept(self, question: Question, value: Any) -> Kept:
        contact = contact_given(value)
        return Kept({question.key: {"given": bool(contact.email and contact.consent)}}, contact=contact)

    def in_words(self, question: Question, value: Any, language: str) -> str:
        return "Left a way to write back" if _given(value) else "Nothing left"

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return None if not isinstance(value, Mapping) else "yes" if _given(value) else "no"


def _given(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value.get("given"))


def contact_given(value: Mapping[str, Any]) -> ContactGiven:
    """A contact question's answer, spaces trimmed, empty as none."""
    email, name = value.get("email"), value.get("name")
    return ContactGiven(
        email=(email.strip() or None) if isinstance(email, str) else None,
        name=(" ".join(name.split())[:MOST_NAME] or None) if isinstance(name, str) else None,
        consent=value.get("consent") is True,
    )


CONTACT = Contact()
