"""What the shipped surveys tell before somebody writes: words are kept as they come, sent or not."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.conftest import REPOSITORY

SAVED = {
    "en": "Saved as you write.",
    "nl": "Wordt tijdens het schrijven bewaard.",
    "no": "Lagres mens du skriver.",
    "th": "บันทึกขณะที่คุณเขียน",
}
SHOWN_IN_THE_PANEL = ("feedback", "checkout-exit", "long-dwell")


@pytest.mark.parametrize("survey", SHOWN_IN_THE_PANEL)
@pytest.mark.parametrize("language", SAVED)
def test_where_words_are_asked_for_it_says_that_they_are_saved(survey: str, language: str) -> None:
    text = (REPOSITORY / "surveys" / f"{survey}.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, yaml.BaseLoader)  # `no` is a language here
    asked = [question for question in content["questions"] if question["type"] == "text"]
    assert asked
    assert all(question["hint"][language].startswith(SAVED[language]) for question in asked)


@pytest.mark.parametrize("word", ["redelijk", "Een mens ", "Et menneske"])
def test_panel_page_and_surveys_use_one_family_of_words(word: str) -> None:
    places = [*(REPOSITORY / "surveys").glob("*.yaml"), *(REPOSITORY / "widget_js/src/messages").glob("*.ts")]
    places += (REPOSITORY / "widget_server/visitor/messages").glob("*.json")
    assert [place.name for place in places if word in place.read_text(encoding="utf-8")] == []


def test_dutch_has_one_word_for_sending() -> None:
    page = json.loads((REPOSITORY / "widget_server/visitor/messages/nl.json").read_text(encoding="utf-8"))
    assert (page["fair"]["send_nobody"], page["more"]["send"]) == ("Versturen", "Versturen")
    assert "send = 'Versturen'" in (REPOSITORY / "widget_js/src/messages/nl.ts").read_text(encoding="utf-8")
