"""A small table: a few rows on one scale. No rating: whether much is good, only its author knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import fields, validate

from widget_server.surveys.findings import Finding, Where, twice
from widget_server.surveys.questions.kind import Content
from widget_server.surveys.questions.question import Option, Question
from widget_server.surveys.questions.rows import Row, Rows
from widget_server.surveys.questions.scale import labels, spoken_labels
from widget_server.surveys.shapes import KEY, Strict, StrictSchema, translated
from widget_server.surveys.texts import spoken

MOST_ROWS, FEWEST_STEPS, MOST_STEPS = 6, 2, 7


class ItemSchema(StrictSchema):
    key = Strict(required=True, validate=KEY)
    label = translated(validate.Length(min=1, max=120, error="write 1 to {max} characters"), required=True)


class Matrix(Rows):
    name = "matrix"
    row = Row("matrix")
    takes: ClassVar = {"labels": labels, "items": lambda: fields.List(fields.Nested(ItemSchema))}

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        items, words = content.get("items"), content.get("labels")
        if not 1 <= len(items or ()) <= MOST_ROWS:
            message = f"a question of type matrix needs 1 to {MOST_ROWS} rows"
            yield Finding((*place, "items" if items else "type"), message, "list them under 'items'")
        if not words:
            yield Finding((*place, "type"), "each step of a matrix has its word", "add 'labels' in each language")
        steps = {len(one) for one in (words or {}).values()}
        if words and not (len(steps) == 1 and FEWEST_STEPS <= min(steps) <= MOST_STEPS):
            message = f"a matrix has {FEWEST_STEPS} to {MOST_STEPS} labels, the same number in each language"
            yield Finding((*place, "labels"), message, "give one for each step, from the least to the most")
        yield from twice(items or (), (*place, "items"), "item")
        yield from self.names_fit(content, "items", place)

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        if content.get("labels"):
            yield ("labels",), content["labels"]
        for number, item in enumerate(content.get("items") or ()):
            yield ("items", number, "label"), item["label"]

    def rows_of(self, content: Content) -> Sequence[Content]:
        return content.get("items") or ()

    def most_of(self, content: Content) -> int:
        return len(next(iter((content.get("labels") or {}).values()), ()))

    def told(self, question: Question, language: str) -> dict[str, Any]:
        items = [{"key": row.key, "label": spoken(row.label, language)} for row in self.rows(question)]
        return {"labels": list(spoken_labels(question, language)), "items": items}

    def rows(self, question: Question) -> tuple[Option, ...]:
        return tuple(Option(item["key"], item["label"]) for item in question.own["items"])

    def most(self, question: Question) -> int:
        return len(next(iter((question.labels or {}).values())))


MATRIX = Matrix()
