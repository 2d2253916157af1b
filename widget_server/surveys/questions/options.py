"""What types with options have in common: a list of them, each with a key for good and a label in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from widget_server.surveys.findings import Finding, Where, twice
from widget_server.surveys.questions.kind import Content, Counted, Kind
from widget_server.surveys.questions.question import Question
from widget_server.surveys.shapes import KEY, Strict, StrictSchema, translated
from widget_server.surveys.texts import spoken

FEWEST, MOST = 2, 12
FRICTIONS = ("mild", "friction", "strong")  # what choosing an option tells of trouble; scoring reads it


class OptionSchema(StrictSchema):
    key = Strict(required=True, validate=KEY)
    label = translated(validate.Length(min=1, max=120, error="write 1 to {max} characters"), required=True)
    friction = Strict(
        validate=validate.OneOf(FRICTIONS, error="'{input}' is not one of mild, friction, strong")
    )


def options() -> fields.List[Any]:
    return fields.List(fields.Nested(OptionSchema))


class Options(Kind):
    takes: ClassVar = {"options": options}

    def __init__(self, name: str) -> None:
        self.name = name

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        given = content.get("options")
        if not FEWEST <= len(given or ()) <= MOST:
            message = f"a question of type {self.name} needs {FEWEST} to {MOST} options"
            yield Finding((*place, "options" if given else "type"), message, "list them under 'options'")
        yield from twice(given or (), (*place, "options"), "option")

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        for number, option in enumerate(content.get("options") or ()):
            yield ("options", number, "label"), option["label"]

    def told(self, question: Question, language: str) -> dict[str, Any]:
        return {
            "options": [{"key": one.key, "label": spoken(one.label, language)} for one in question.options]
        }

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        by_key = dict.fromkeys(question.option_keys, 0)
        for _, keys, n in counted:
            for key in (keys or "").split(","):
                if key:
                    by_key[key] = by_key.get(key, 0) + n
        return sorted(
            ((label_of(question, key, language), n) for key, n in by_key.items()), key=lambda pair: -pair[1]
        )


def label_of(question: Question, key: Any, language: str) -> str:
    """The option's words; the key itself where the version has none of that name."""
    return next(
        (spoken(option.label, language) for option in question.options if option.key == key), str(key)
    )
