"""What a survey is, pure: questions, the path that answers take through them, and when it is shown.

A definition is read from the plain dict that a YAML file or a row of survey_versions holds. It was checked before it
was stored (`schemas.py`, `checks.py`), so reading it here asks nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from widget_server.conditions import holds

Translated = Mapping[str, str]
"""language → text"""

SCALES: dict[str, tuple[int, int]] = {"smiley": (1, 5), "stars": (1, 5), "csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}
"""Question types that are answered by a whole number, with its least and most."""
TYPES = (*SCALES, "choice", "choices", "yes_no", "text", "contact")
LONGEST_TEXT = 10_000  # characters (code points) of an answer, unless the question says less


@dataclass(frozen=True)
class Option:
    key: str
    label: Translated


@dataclass(frozen=True)
class Variant:
    """Another wording of a question while a condition on the answers holds; the first that holds is shown."""

    condition: Mapping[str, Any]
    text: Translated


@dataclass(frozen=True)
class Question:
    key: str
    type: str
    text: Translated
    required: bool = False
    hint: Translated | None = None
    labels: Mapping[str, tuple[str, ...]] | None = None
    options: tuple[Option, ...] = ()
    show_if: Mapping[str, Any] | None = None
    in_place: bool = False
    variants: tuple[Variant, ...] = ()
    rows: int = 4
    max_length: int = LONGEST_TEXT

    @property
    def scale(self) -> tuple[int, int] | None:
        """Least and most of a scale question, else None."""
        return SCALES.get(self.type)

    @property
    def option_keys(self) -> tuple[str, ...]:
        return tuple(option.key for option in self.options)

    def wording(self, language: str, answers: Mapping[str, Any]) -> str:
        """The question as it was put, given the answers before it."""
        facts = answer_facts(answers)
        for variant in self.variants:
            if holds(variant.condition, facts):
                return spoken(variant.text, language)
        return spoken(self.text, language)


@dataclass(frozen=True)
class Consent:
    version: str
    text: Translated


@dataclass(frozen=True)
class Frequency:
    repeat: str = "once"  # once | times | until_answered | every | always
    cooldown_days: float = 7
    times: int | None = None  # for `times`: shown at most so often
    every_days: float | None = None  # for `every`: days since it was last shown or answered
    per_session: int | None = None


@dataclass(frozen=True)
class Definition:
    title: Translated
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    purpose: str = "listen"  # listen | recovery: the latter never opens a case
    minutes: float = 1
    triggers: tuple[Mapping[str, Any], ...] = ()
    targeting: Mapping[str, Any] | None = None
    frequency: Frequency = field(default_factory=Frequency)
    silenced_by: tuple[str, ...] = ()  # goals by name, or paths such as /thanks*
    percent: float | None = None  # of the visitors
    schedule: Mapping[str, Any] | None = None  # from, until, days, hours: of the site's zone
    consent: Consent | None = None
    button_label: Translated | None = None
    thanks_title: Translated = field(default_factory=dict)
    thanks_text: Translated | None = None

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def asked(self, answers: Mapping[str, Any]) -> list[Question]:
        """The path taken: a question whose `show_if` does not hold of the answers before it was not asked."""
        path: list[Question] = []
        given: dict[str, Any] = {}
        for question in self.questions:
            if question.show_if is None or holds(question.show_if, answer_facts(given)):
                path.append(question)
                given[question.key] = answers.get(question.key)
        return path

    def language_for(self, wanted: str, default: str) -> str:
        """The language to speak: the one asked for, else the site's, else the survey's first."""
        for candidate in (wanted, wanted.partition("-")[0], MERGED.get(wanted.partition("-")[0], ""), default):
            if candidate in self.languages:
                return candidate
        return self.languages[0]


MERGED = {"nb": "no", "nn": "no"}
"""Languages that are served by the texts of another one."""


def spoken(text: Translated, language: str) -> str:
    """The text in this language, or in whichever comes first."""
    return text.get(language) or next(iter(text.values()), "")


def answer_facts(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the facts that `show_if` and variants look at; an address is none, in the widget neither."""
    return {f"answers.{key}": value for key, value in answers.items() if not isinstance(value, Mapping)}


def definition_from(content: Mapping[str, Any]) -> Definition:
    """Read a checked definition.

    Raises:
        KeyError, TypeError: the content was never checked.
    """
    show = content.get("show") or {}
    thanks = content.get("thanks") or {}
    consent = content.get("consent")
    return Definition(
        title=content["title"],
        languages=tuple(content["languages"]),
        questions=tuple(_question(one) for one in content["questions"]),
        purpose=content.get("purpose", "listen"),
        minutes=content.get("minutes", 1),
        triggers=tuple(show.get("triggers") or ()),
        targeting=show.get("targeting"),
        frequency=Frequency(**(show.get("frequency") or {})),
        silenced_by=tuple(show.get("silenced_by") or ()),
        percent=show.get("percent"),
        schedule=show.get("schedule"),
        consent=Consent(consent["version"], consent["text"]) if consent else None,
        button_label=content.get("button"),
        thanks_title=thanks.get("title") or {},
        thanks_text=thanks.get("text"),
    )


def _question(one: Mapping[str, Any]) -> Question:
    labels = one.get("labels")
    return Question(
        key=one["key"],
        type=one["type"],
        text=one["text"],
        required=one.get("required", False),
        hint=one.get("hint"),
        labels={language: tuple(words) for language, words in labels.items()} if labels else None,
        options=tuple(Option(option["key"], option["label"]) for option in one.get("options") or ()),
        show_if=one.get("show_if"),
        in_place=one.get("in_place", False),
        variants=tuple(Variant(variant["if"], variant["text"]) for variant in one.get("variants") or ()),
        rows=one.get("rows", 4),
        max_length=one.get("max_length", LONGEST_TEXT),
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """The version of a definition: 16 hex digits of SHA-256 over its canonical JSON. `wave` is not content."""
    kept = {key: value for key, value in content.items() if key != "wave"}
    canonical = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
