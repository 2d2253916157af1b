"""What all scales have in common: the answer is one of a few numbers, each of which may have a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from marshmallow import fields

from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.kind import Cell, Content, Counted, Kind
from widget_server.surveys.questions.question import Closed, Kept, Question
from widget_server.surveys.shapes import LANGUAGE, WORD, Strict


def labels() -> fields.Dict:
    """Words of the steps, in each language, from the least to the most."""
    return fields.Dict(
        keys=Strict(validate=LANGUAGE), values=fields.List(Strict(validate=WORD)), allow_none=True
    )


class Scale(Kind):
    takes: ClassVar = {"labels": labels}

    def __init__(
        self, name: str, least: int, most: int, *, high_is_bad: bool = False, said: str = ""
    ) -> None:
        """`said` goes before 'n of m' where a rating is told as a reason."""
        self.name, self._numbers, self._said = name, tuple(range(least, most + 1)), said
        self.ends = (most, least) if high_is_bad else (least, most)

    def label_counts(self) -> tuple[int, ...]:
        """How many words it may have: both ends, or one for each step."""
        return (2, len(self._numbers))

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        allowed = self.label_counts()
        for language, words in (content.get("labels") or {}).items():
            if len(words) not in allowed:
                wanted = " or ".join(str(count) for count in allowed)
                message = f"{len(words)} labels, where a {self.name} question has {wanted}"
                yield Finding(
                    (*place, "labels", language), message, f"give {wanted}: from the least to the most"
                )

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        if content.get("labels"):
            yield ("labels",), content["labels"]

    def told(self, question: Question, language: str) -> dict[str, Any]:
        return {"labels": list(spoken_labels(question, language)) or None}

    def numbers(self, question: Question) -> tuple[int, ...]:
        return self._numbers

    def fault(self, question: Question, value: Any) -> str | None:
        numbers = question.scale
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value in numbers:
            return None
        if numbers[-1] - numbers[0] + 1 == len(numbers):
            return f"A whole number from {numbers[0]} to {numbers[-1]} is needed."
        return f"One of {', '.join(map(str, numbers))} is needed."

    def kept(self, question: Question, value: Any) -> Kept:
        return Kept({question.key: int(value)}, (self.closed(question, value),))

    def closed(self, question: Question, value: Any) -> Closed:
        return Closed(question.key, self.name, number=float(value))

    def in_words(self, question: Question, value: Any, language: str) -> str:
        if not isinstance(value, int | float):
            return str(value)
        word = word_of(question, int(value), language)
        place = f"{_place(question, int(value))} of {_place(question, question.scale[-1])}"
        return f"{word}, {place}" if word else place

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        return value if isinstance(value, int | float) else super().cell(question, value, language)

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        by_number = {int(number): n for number, _, n in counted if number is not None}
        # what an earlier version could be answered with stands there, too
        steps = sorted({*question.scale, *by_number}, reverse=True)
        return [
            (f"{step} {word_of(question, step, language)}".rstrip(), by_number.get(step, 0)) for step in steps
        ]

    def reason(self, number: float, value: float) -> str:
        return f"{self._said} {number:g} of {self._numbers[-1]}"


def _place(question: Question, number: int) -> int:
    """As it is said: a number of a scale without gaps is itself."""
    numbers = question.scale
    gapless = numbers[-1] - numbers[0] + 1 == len(numbers) or number not in numbers
    return number if gapless else numbers.index(number) + 1


def spoken_labels(question: Question, language: str) -> tuple[str, ...]:
    labels: Mapping[str, tuple[str, ...]] = question.labels or {}
    return labels.get(language) or next(iter(labels.values()), ())


def word_of(question: Question, number: int, language: str) -> str:
    """The word under a step, or nothing."""
    words = spoken_labels(question, language)
    if len(words) != len(question.scale) or len(words) < 3 or number not in question.scale:
        return ""
    return words[question.scale.index(number)]
