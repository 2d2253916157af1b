"""One question of a survey, and what its answer becomes. What differs by type stands in the type's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from widget_server.conditions import holds
from widget_server.surveys.texts import Translated, spoken

if TYPE_CHECKING:
    from widget_server.surveys.path import Lead
    from widget_server.surveys.questions.kind import Kind


@dataclass(frozen=True)
class Option:
    key: str
    label: Translated


@dataclass(frozen=True)
class Variant:
    """Another wording of a question while a condition on the answers holds; the first that holds is shown."""

    condition: Mapping[str, Any]
    text: Translated
    hint: Translated | None = None


@dataclass(frozen=True)
class Question:
    key: str
    type: str
    text: Translated
    kind: Kind
    required: bool = False
    hint: Translated | None = None
    labels: Mapping[str, tuple[str, ...]] | None = None
    options: tuple[Option, ...] = ()
    show_if: Mapping[str, Any] | None = None
    in_place: bool = False
    variants: tuple[Variant, ...] = ()
    leads_to: tuple[Lead, ...] = ()
    must: Mapping[str, Any] | None = None  # rules for the answer: `must.py`
    own: Mapping[str, Any] = field(default_factory=dict)  # what else its type takes, as the file has it

    @cached_property
    def parts(self) -> tuple[Question, ...]:
        """What is counted, read and exported for itself: the question, or each row of one that has several."""
        return self.kind.parts(self)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Under what its answer is kept, and conditions look at it: its key, or `key.part` for each part."""
        return tuple(part.key for part in self.parts)

    @cached_property
    def option_keys(self) -> tuple[str, ...]:
        return tuple(option.key for option in self.options)

    @cached_property
    def scale(self) -> tuple[int, ...]:
        """The numbers that it can be answered with, from the least; none for what is no scale."""
        return self.kind.numbers(self)

    def wording(self, language: str, answers: Mapping[str, Any]) -> str:
        """The question as it was put, given the answers before it."""
        facts = answer_facts(answers)
        for variant in self.variants:
            if holds(variant.condition, facts):
                return spoken(variant.text, language)
        return spoken(self.text, language)

    def wordings(self, language: str) -> list[str]:
        """All the ways in which it may have been put, the usual one first."""
        texts = (self.text, *(variant.text for variant in self.variants))
        return list(dict.fromkeys(spoken(text, language) for text in texts))


def answer_facts(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the facts that `show_if` and variants look at; an address is none, in the widget neither."""
    return {f"answers.{key}": value for key, value in answers.items() if not isinstance(value, Mapping)}


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
class Kept:
    """What becomes of one answer: its values by the names that they stand under, what is counted, what was written."""

    values: Mapping[str, Any]
    closed: tuple[Closed, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    contact: ContactGiven | None = None
