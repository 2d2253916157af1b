"""The path that answers take through a survey, and its version."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import REPOSITORY
from widget_server.surveys.definition import Definition, content_hash, definition_from
from widget_server.surveys.library import read_entry
from widget_server.surveys.texts import spoken


def shipped(key: str) -> Definition:
    return definition_from(read_entry(REPOSITORY / "surveys" / f"{key}.yaml").content)


PATHS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "nothing answered": ("feedback", {}, ["mood", "contact"]),
    "a low mood": ("feedback", {"mood": 1}, ["mood", "comment", "topic", "contact"]),
    "a high mood": ("feedback", {"mood": 5}, ["mood", "comment", "contact"]),
    "an empty answer is no answer": ("feedback", {"mood": None}, ["mood", "contact"]),
    "only looking": ("checkout-exit", {"reason": "looking"}, ["reason"]),
    "payment failed": ("checkout-exit", {"reason": "payment"}, ["reason", "comment", "contact"]),
    "the allowance was clear": ("long-dwell", {"clear": "yes"}, ["clear"]),
    "the allowance was not clear": ("long-dwell", {"clear": "no"}, ["clear", "comment"]),
    "after recovery": ("recovered", {"satisfied": False}, ["satisfied", "rating", "comment"]),
}


@pytest.mark.parametrize(("key", "answers", "asked"), PATHS.values(), ids=PATHS)
def test_answers_take_their_path(key: str, answers: dict[str, Any], asked: list[str]) -> None:
    assert [question.key for question in shipped(key).asked(answers)] == asked


def test_an_answer_to_a_question_that_was_not_asked_opens_nothing() -> None:
    chain = {
        "title": {"en": "t"},
        "languages": ["en"],
        "questions": [
            {"key": "a", "type": "yes_no", "text": {"en": "a"}},
            question("b", "a", True),
            question("c", "b", True),
        ],
    }
    asked = definition_from(chain).asked({"a": False, "b": True, "c": True})
    assert [one.key for one in asked] == ["a"]


def question(key: str, after: str, value: object) -> dict[str, Any]:
    condition = {"fact": f"answers.{after}", "operator": "is", "value": value}
    return {"key": key, "type": "yes_no", "text": {"en": key}, "show_if": condition}


WORDINGS = {
    "low": ({"mood": 2}, "en", "That is not good. What got in your way?"),
    "middle": ({"mood": 3}, "en", "What would have made it better?"),
    "high": ({"mood": 5}, "no", "Godt å høre. Hva fungerte bra?"),
    "a language that is not there": ({"mood": 3}, "ko", "What would have made it better?"),
}


@pytest.mark.parametrize(("answers", "language", "text"), WORDINGS.values(), ids=WORDINGS)
def test_a_question_is_worded_by_the_answer_above_it(answers: dict[str, Any], language: str, text: str) -> None:
    comment = shipped("feedback").question("comment")
    assert comment is not None
    assert comment.wording(language, answers) == text


LANGUAGES = {
    "as asked": ("nl", "nl"),
    "a region falls to its language": ("nl-BE", "nl"),
    "Bokmål is Norwegian": ("nb", "no"),
    "Nynorsk with a region": ("nn-NO", "no"),
    "unknown: the site's": ("ko", "th"),
}


@pytest.mark.parametrize(("wanted", "spoken"), LANGUAGES.values(), ids=LANGUAGES)
def test_the_language_falls_back_to_the_sites(wanted: str, spoken: str) -> None:
    assert shipped("feedback").language_for(wanted, "th") == spoken


def test_the_version_depends_on_content_alone() -> None:
    content = read_entry(REPOSITORY / "surveys" / "feedback.yaml").content
    turned = dict(reversed(content.items()))
    assert content_hash(turned) == content_hash(content) == content_hash(content | {"wave": 7})
    assert content_hash(content | {"minutes": 2}) != content_hash(content)
    assert len(content_hash(content)) == 16


def test_a_text_that_is_missing_falls_back_by_the_surveys_languages_whatever_order_the_database_keeps() -> None:
    content = read_entry(REPOSITORY / "surveys" / "feedback.yaml").content
    jsonb = content | {"languages": ["nl", "en"], "title": {"en": "Your word", "nl": "Uw woord"}}
    assert spoken(definition_from(jsonb).title, "th") == "Uw woord"
