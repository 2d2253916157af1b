"""What a survey is, pure: questions, the path that answers take through them, and when it is shown.

A definition is read from the plain dict that a YAML file or a row of survey_versions holds. It was checked before it
was stored (`schemas.py`, `checks.py`), so reading it here asks nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from widget_server.surveys.path import ThanksVariant, leads_from, path_of, variants_from
from widget_server.surveys.questions.question import Option, Question, Variant
from widget_server.surveys.questions.registry import TYPES
from widget_server.surveys.texts import MERGED, Translated, by_languages


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
    display: str = "panel"  # panel | modal | inline
    opened_by: str | None = None  # a selector of the page's elements that open it when pressed
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
    thanks_variants: tuple[ThanksVariant, ...] = ()
    hosted_only: bool = False  # asked on its own page alone: no page of the site ever hears of it
    anonymous: bool = False  # nothing is kept of whoever answers, nor of where

    def question(self, key: str) -> Question | None:
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    def asked(self, answers: Mapping[str, Any], opening: Mapping[str, Any] | None = None) -> list[Question]:
        """The questions that were put, given the answers and what was known when the survey was opened."""
        return path_of(self, answers, opening).asked

    def language_for(self, wanted: str, default: str) -> str:
        """The language to speak: the one asked for, else the site's, else the survey's first."""
        for candidate in (wanted, wanted.partition("-")[0], MERGED.get(wanted.partition("-")[0], ""), default):
            if candidate in self.languages:
                return candidate
        return self.languages[0]


def definition_from(content: Mapping[str, Any]) -> Definition:
    """Read a checked definition.

    Raises:
        KeyError, TypeError: the content was never checked.
    """
    content = by_languages(content, content["languages"])
    show = content.get("show") or {}
    thanks = content.get("thanks") or {}
    consent = content.get("consent")
    return Definition(
        title=content["title"],
        languages=tuple(content["languages"]),
        questions=tuple(_questions(content)),
        display=content.get("display", "panel"),
        opened_by=content.get("opened_by"),
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
        thanks_variants=variants_from(thanks),
        hosted_only=show.get("hosted_only", False),
        anonymous=content.get("anonymous", False),
    )


def _questions(content: Mapping[str, Any]) -> Iterator[Question]:
    """Those of the file, each with the ones that it brings with it."""
    for one in content["questions"]:
        yield question_from(one)
        for brought in TYPES[one["type"]].further(one):
            yield question_from(brought)


def question_from(one: Mapping[str, Any]) -> Question:
    """Read a checked question."""
    labels = one.get("labels")
    kind = TYPES[one["type"]]
    return Question(
        key=one["key"],
        type=one["type"],
        text=one["text"],
        kind=kind,
        required=one.get("required", False),
        hint=one.get("hint"),
        labels={language: tuple(words) for language, words in labels.items()} if labels else None,
        options=tuple(Option(option["key"], option["label"]) for option in one.get("options") or ()),
        show_if=one.get("show_if"),
        in_place=one.get("in_place", False),
        leads_to=leads_from(one.get("leads_to")),
        must=one.get("must"),
        variants=tuple(Variant(other["if"], other["text"], other.get("hint")) for other in one.get("variants") or ()),
        own={name: one[name] for name in kind.takes if one.get(name) is not None},
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """The version of a definition: 16 hex digits of SHA-256 over its canonical JSON. `wave` is not content."""
    kept = {key: value for key, value in content.items() if key != "wave"}
    canonical = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
