"""Cues: what is found, what cancels it, where it stands, and that it stays quick."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.scoring.reading import assessed, readings
from widget_server.scoring.dictionary import dictionary, languages
from widget_server.scoring.friction import TOPICS, friction_of
from widget_server.scoring.language import Language


def test_there_are_cues_for_the_widgets_languages() -> None:
    assert languages() >= {"en", "nl", "no", "th", "de", "fr", "es"}
    assert dictionary("en").size >= 120
    assert all(dictionary(language).size >= 60 for language in languages())


@pytest.mark.parametrize("language", ["en", "nl", "no", "th"])
def test_every_phrase_is_found_by_itself(language: str) -> None:
    import yaml

    from widget_server.scoring.dictionary import CUES, READER

    words = dictionary(language)
    entries = yaml.load((CUES / f"{language}.yaml").read_text("utf-8"), Loader=READER)
    for entry in entries["cues"]:
        for phrase in entry["phrases"]:
            text = phrase.replace("...", " x " if language != "th" else "x")
            kinds = {match.group.kind for match in words.matches(words.units(text))}
            assert entry["kind"] in kinds, phrase
    assert set(entries["topics"]) <= TOPICS


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Sorry, I couldn’t find it", "couldn’t find"),
        ("en", "the COULDN'T   FIND problem", "COULDN'T   FIND"),
        ("en", "😡😡 the card was declined 😡", "card was declined"),
        ("no", "Beklager: jeg får ikke betalt", "får ikke betalt"),
        ("no", "fa\u030ar ikke betalt", "fa\u030ar ikke betalt"),
        ("nl", "De app werkt bij mij niet", "werkt bij mij niet"),
        ("th", "สวัสดีค่ะ หา ปุ่ม ไม่เจอเลย", "หา ปุ่ม ไม่เจอ"),
        ("th", "ชำระเงินไม่ผ่าน", "ชำระเงินไม่ผ่าน"),
    ],
)
def test_evidence_stands_where_it_was_written(language: str, text: str, found: str) -> None:
    cues = readings(text, language).friction.cues
    assert found in [text[cue.start : cue.end] for cue in cues]
    assert all(cue.text == text[cue.start : cue.end] for cue in cues)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no problems"),
        ("en", "we never had a single delay with you"),
        ("en", "without any error"),
        ("en", "What happens if my flight is cancelled?"),
        ("nl", "geen enkel probleem gehad"),
        ("no", "ingen store problemer"),
        ("th", "ไม่มีปัญหา"),
    ],
)
def test_negated_friction_is_good_news(language: str, text: str) -> None:
    friction = readings(text, language).friction
    assert friction.cues == ()
    assert friction.resolved


def test_good_news_about_one_thing_does_not_cancel_another() -> None:
    friction = readings("No problems with the seat, but my card was declined", "en").friction
    assert [cue.text for cue in friction.cues] == ["card was declined"]


def test_nothing_works_is_not_cancelled_by_works() -> None:
    assert readings("nothing works perfectly here", "en").friction.cues


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My problem was not solved"),
        ("en", "the issue hasn't been resolved"),
        ("nl", "Mijn probleem is niet opgelost"),
        ("no", "Problemet er fortsatt ikke løst"),
        ("th", "แก้ปัญหาให้ไม่ได้เลย"),
    ],
)
def test_what_was_not_solved_is_not_solved(language: str, text: str) -> None:
    assert assessed(text, language).flagged


def test_a_gap_does_not_cross_a_clause() -> None:
    assert not readings("Your card is lovely, they declined dessert", "en").friction.score > 0.5


def test_saying_it_often_counts_once() -> None:
    assert readings("slow " * 50, "en").friction.score == readings("slow", "en").friction.score


def test_an_uncertain_language_is_looked_up_in_the_forms_too() -> None:
    friction = friction_of("payment failed", Language("pl", 0.4, "text"), "nl")
    assert friction.languages == ("nl", "en")
    assert friction.cues


def test_topics_and_signs_are_told() -> None:
    friction = readings("I can't log in and nobody answers the phone", "en").friction
    assert {"login", "staff"} <= set(friction.topics)
    assert "no_contact" in friction.signs


def test_what_was_promised_is_preventable() -> None:
    assert readings("It was not as described", "en").friction.preventable


@pytest.mark.parametrize(
    ("text", "mood", "level"),
    [
        ("We missed my sister's wedding because of you", None, 4),
        ("My ticket never arrived and the wedding is tomorrow", None, 4),
        ("Lovely flight to a wedding", 5, 1),
        ("My card was charged twice", None, 3),
        ("I could not find the button", None, 2),
        ("A bit slow", 2, 1),
    ],
)
def test_severity_follows_from_what_was_lost(text: str, mood: int | None, level: int) -> None:
    severity = assessed(text, "en", mood).severity
    assert severity.level == level
    assert severity.reasons


HOSTILE = [
    ("en", "could not could not " * 500),
    ("en", "card card card declined " * 420),
    ("en", "a" * 10_000),
    ("en", "if " * 3_333),
    ("th", "ไม่ได้" * 1_666),
    ("th", "ถ้าหากรอ" * 1_250),
    ("en", "if if if delayed " * 588),
    ("no", "kan ikke få " * 800),
    ("nl", "niet kon kan " * 760),
]


@pytest.mark.parametrize(("language", "text"), HOSTILE)
def test_ten_thousand_characters_stay_quick(language: str, text: str) -> None:
    known = Language(language, 0.99, "form")
    friction_of("warm", known, language)
    best = min(_seconds(text, known) for _ in range(3))
    assert best < 0.1, "20 ms on a quiet machine; the test allows for a busy one"


def _seconds(text: str, language: Language) -> float:
    before = time.process_time()
    friction_of(text, language, language.code)
    return time.process_time() - before


@given(st.text(), st.sampled_from(["en", "nl", "no", "th"]))
@examples(max_examples=200, deadline=None)
def test_any_unicode_is_read(text: str, language: str) -> None:
    friction = friction_of(text, Language(language, 0.5, "form"), language)
    assert 0 <= friction.score < 1
    assert all(0 <= cue.start < cue.end <= len(text) for cue in (*friction.cues, *friction.resolved))
