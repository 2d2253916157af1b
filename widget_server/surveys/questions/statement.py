"""Something to read, with a link if the survey has one; nothing to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from widget_server.addresses import HTTPS
from widget_server.surveys.findings import Where
from widget_server.surveys.questions.kind import Content, Kind
from widget_server.surveys.questions.question import Question
from widget_server.surveys.shapes import WORD, Strict, StrictSchema, translated
from widget_server.surveys.texts import spoken


class LinkSchema(StrictSchema):
    url = Strict(
        required=True,
        validate=[
            validate.Length(max=500, error="write at most {max} characters"),
            validate.Regexp(HTTPS, error="this is no address to link to: write it whole, from https:// on"),
        ],
    )
    label = translated(WORD, required=True)


class Statement(Kind):
    name = "statement"
    asks = False
    must_not_be_required = "there is nothing to answer"
    takes: ClassVar = {"link": lambda: fields.Nested(LinkSchema)}

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        if content.get("link"):
            yield ("link", "label"), content["link"]["label"]

    def facts(self, content: Content) -> tuple[str, ...]:
        return ()

    def told(self, question: Question, language: str) -> dict[str, Any]:
        link = question.own.get("link")
        return {"link": {"url": link["url"], "label": spoken(link["label"], language)}} if link else {}

    def fault(self, question: Question, value: Any) -> str | None:
        return "There is nothing to answer here."

    def parts(self, question: Question) -> tuple[Question, ...]:
        return ()


STATEMENT = Statement()
