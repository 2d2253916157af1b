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
    "th": "บันทึกขณะเขียน",
    "de": "Wird beim Schreiben gespeichert.",
    "fr": "Enregistré pendant que vous écrivez.",
    "es": "Se guarda mientras escribe.",
    "it": "Si salva mentre scrive.",
    "pt": "Guarda-se enquanto escreve.",
    "sv": "Sparas medan du skriver.",
    "da": "Gemmes, mens du skriver.",
    "fi": "Tallentuu kirjoittaessasi.",
    "pl": "Zapisuje się podczas pisania.",
    "tr": "Yazdıkça kaydedilir.",
    "ar": "يُحفظ أثناء الكتابة.",
    "he": "נשמר תוך כדי כתיבה.",
    "ja": "自動保存。",
    "zh": "边写边保存。",
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


@pytest.mark.parametrize(("language", "word"), [("nl", "redelijk"), ("nl", "Een mens "), ("no", "Et menneske")])
def test_panel_page_and_surveys_use_one_family_of_words(language: str, word: str) -> None:
    places = [
        REPOSITORY / f"widget_js/src/messages/{language}.ts",
        REPOSITORY / f"widget_server/visitor/messages/{language}.json",
    ]
    said = [line for place in places for line in place.read_text(encoding="utf-8").splitlines()]
    for survey in (REPOSITORY / "surveys").glob("*.yaml"):
        lines = survey.read_text(encoding="utf-8").splitlines()
        said += [line for line in lines if line.strip().startswith(f"{language}:")]
    assert len(said) > 100
    assert [line for line in said if word in line] == []


def test_dutch_has_one_word_for_sending() -> None:
    page = json.loads((REPOSITORY / "widget_server/visitor/messages/nl.json").read_text(encoding="utf-8"))
    assert (page["fair"]["send_nobody"], page["more"]["send"]) == ("Versturen", "Versturen")
    assert "send = 'Versturen'" in (REPOSITORY / "widget_js/src/messages/nl.ts").read_text(encoding="utf-8")
