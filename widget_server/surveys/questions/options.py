"""What types with options have in common: a list of them, each with a key for good and a label in each language.

An option with a `text` opens a field for words of their own: a text question of its own right below, under the key
`<question>_<option>`, shown while the option is chosen. So it is redacted, kept, erased, read and exported as any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from widget_server.conditions import did_you_mean
from widget_server.surveys.findings import Finding, Where, twice
from widget_server.surveys.questions.kind import Content, Counted, Kind
from widget_server.surveys.questions.question import Question
from widget_server.surveys.shapes import KEY, Strict, StrictSchema, YesNo, translated
from widget_server.surveys.texts import spoken

FEWEST, MOST = 2, 12
LONGEST_KEY = 60
LONGEST_OTHER = 300
FRICTIONS = ("mild", "friction", "strong")  # what choosing an option tells of trouble; scoring reads it
CHOSEN_AMONG = ("friction", "text")
"""What an option says of itself where it is chosen or not."""


class OptionSchema(StrictSchema):
    key = Strict(required=True, validate=KEY)
    label = translated(validate.Length(min=1, max=120, error="write 1 to {max} characters"), required=True)
    friction = Strict(validate=validate.OneOf(FRICTIONS, error="'{input}' is not one of mild, friction, strong"))
    text = translated()


def options() -> fields.List[Any]:
    return fields.List(fields.Nested(OptionSchema))


def random_order() -> YesNo:
    return YesNo()


def options_found(name: str, content: Content, place: Where, most: int = MOST) -> Iterator[Finding]:
    given = content.get("options")
    if not FEWEST <= len(given or ()) <= most:
        message = f"a question of type {name} needs {FEWEST} to {most} options"
        yield Finding((*place, "options" if given else "type"), message, "list them under 'options'")
    yield from twice(given or (), (*place, "options"), "option")


def options_told(question: Question, language: str) -> dict[str, Any]:
    """The options; `last` are those that stay at the end whatever the order."""
    random = question.own.get("random") or None
    last = [one["key"] for one in question.own.get("options") or () if one.get("text")]
    return {
        "options": [{"key": one.key, "label": spoken(one.label, language)} for one in question.options],
        "random": random,
        "last": (last or None) if random else None,
        "more": random,
    }


class Options(Kind):
    takes: ClassVar = {"options": options, "random": random_order}
    chosen = "is"
    """By which operator a condition tells that an option was chosen."""

    def __init__(self, name: str) -> None:
        self.name = name

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        yield from options_found(self.name, content, place)
        for number, option in enumerate(content.get("options") or ()):
            if option.get("text") and len(_name(content, option)) > LONGEST_KEY:
                message = f"'{_name(content, option)}', the key of its text, is longer than {LONGEST_KEY} characters"
                yield Finding((*place, "options", number, "key"), message, "give one of the two a shorter key")

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        for number, option in enumerate(content.get("options") or ()):
            for field in ("label", "text"):
                if option.get(field):
                    yield ("options", number, field), option[field]

    def facts(self, content: Content) -> tuple[str, ...]:
        return (content["key"], *(one["key"] for one in self.further(content)))

    def compared(self, content: Content, operator: str, value: Any) -> tuple[str, str] | None:
        keys = [option["key"] for option in content.get("options") or ()]
        if operator not in ("is", "is_not", "in", "contains"):
            return None
        for one in value if isinstance(value, list) else [value]:
            if one not in keys:
                return f"'{content['key']}' has no option '{one}'", did_you_mean(one, keys)
        return None

    def further(self, content: Content) -> tuple[Content, ...]:
        return tuple(
            {
                "key": _name(content, option),
                "type": "text",
                "text": option["text"],
                "in_place": True,
                "rows": 1,
                "max_length": LONGEST_OTHER,
                "show_if": {"fact": f"answers.{content['key']}", "operator": self.chosen, "value": option["key"]},
            }
            for option in content.get("options") or ()
            if option.get("text")
        )

    def told(self, question: Question, language: str) -> dict[str, Any]:
        return options_told(question, language)

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        by_key = dict.fromkeys(question.option_keys, 0)
        for _, keys, n in counted:
            for key in (keys or "").split(","):
                if key:
                    by_key[key] = by_key.get(key, 0) + n
        return sorted(((label_of(question, key, language), n) for key, n in by_key.items()), key=lambda pair: -pair[1])


def _name(content: Content, option: Content) -> str:
    return f"{content['key']}_{option['key']}"


def label_of(question: Question, key: Any, language: str) -> str:
    """The option's words; the key itself where the version has none of that name."""
    return next((spoken(option.label, language) for option in question.options if option.key == key), str(key))
