"""Moments, amounts, letters and advice as people read them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from widget_server.clock import DAY, HOUR
from widget_server.recovery import letters as module
from widget_server.recovery.advice import apology_warning, authority_warning
from widget_server.recovery.dates import before, said
from widget_server.recovery.letters import Around, fill, known_language, letters, reply_letter

NOW = 1_795_248_000_000  # Saturday 2026-11-21, 09:00 in Oslo


@pytest.mark.parametrize(
    ("language", "at", "words"),
    [
        ("en", NOW, "today 09:00"),
        ("en", NOW + DAY, "tomorrow 09:00"),
        ("en", NOW - DAY, "yesterday 09:00"),
        ("en", NOW + 3 * DAY, "Tuesday 09:00"),
        ("en", NOW + 20 * DAY, "11 December 09:00"),
        ("en", NOW + 100 * DAY, "1 March 2027 09:00"),
        ("nl", NOW + 3 * DAY, "dinsdag 09:00"),
        ("no", NOW + 20 * DAY, "11. desember 09:00"),
        ("th", NOW, "วันนี้ 09:00 น."),
        ("de", NOW + 20 * DAY, "11. Dezember, 09:00 Uhr"),
        ("fr", NOW - DAY, "hier 09:00"),
        ("pl", NOW + 3 * DAY, "we wtorek 09:00"),
        ("fi", NOW + 20 * DAY, "11. joulukuuta klo 09:00"),
        ("he", NOW + 20 * DAY, "11 בדצמבר 09:00"),
        ("ja", NOW + 20 * DAY, "12月11日09:00"),
    ],
)
def test_a_moment_near_now_is_said_in_words(language: str, at: int, words: str) -> None:
    assert said(letters(language), at, NOW, "Europe/Oslo") == words


def test_a_deadline_is_said_in_the_sites_zone() -> None:
    assert before(letters("en"), NOW + 3 * HOUR, NOW, "Europe/Oslo") == "before 12:00 today"
    assert before(letters("en"), NOW + 3 * HOUR, NOW, "Asia/Bangkok") == "before 18:00 today"


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert said(letters("en"), NOW, NOW, "Mars/Base") == "today 08:00"


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("nb-NO", "no"), ("nn", "no"), ("NL", "nl"), ("th_TH", "th"), ("de-AT", "de"), ("iw", "he"),
        ("xx", "en"), ("", "en"), (None, "en"),
    ],
)
def test_the_nearest_language_of_ours(code: str | None, ours: str) -> None:
    assert known_language(code) == ours


def places(part: object, at: str = "") -> dict[str, set[str]]:
    """Each text of a message file, with the names that stand in it."""
    if isinstance(part, list):
        return {f"{at}/{number}": set() for number, _ in enumerate(part)}
    if not isinstance(part, dict):
        return {at: set(module._PLACE.findall(str(part)))}
    return {key: names for name, more in part.items() for key, names in places(more, f"{at}/{name}").items()}


@pytest.mark.parametrize("language", module.LANGUAGES)
def test_every_language_has_every_sentence_and_every_place_in_it(language: str) -> None:
    assert places(letters(language)) == places(letters("en"))


def test_there_is_a_file_for_each_language_and_it_says_who_has_read_it() -> None:
    files = sorted((Path(module.__file__).parent / "letters").glob("*.json"))
    assert {path.stem for path in files} == set(module.LANGUAGES)
    assert {json.loads(path.read_text(encoding="utf-8"))["_reviewed"] for path in files} == {False}


@pytest.mark.parametrize("language", module.LANGUAGES[1:])
def test_no_letter_is_still_in_english(language: str) -> None:
    def texts(part: dict[str, str]) -> set[str]:
        return {text for text in part.values() if text != "{name}\n{site}"}

    for kind in ("reply", "follow_up", "receipt"):
        assert not texts(letters(language)[kind]) & texts(letters("en")[kind])


def test_a_value_is_never_read_as_a_template() -> None:
    assert fill("{name} of {site}", name="{site}", site="{name}") == "{site} of {name}"


def test_a_reply_is_signed_by_a_person_and_names_what_comes_along() -> None:
    around = Around("nl", "Tern Air", "TA 1042", "http://x.test/r/abc", "Maren Solli", "Europe/Oslo")
    letter = reply_letter(
        around, "Het spijt mij.", gesture="Voucher (€45.00)", promises=[("terugbetaling", NOW + HOUR)], now=NOW
    )
    assert letter.subject == "Uw bericht aan Tern Air, TA 1042"
    assert letter.body.split("\n\n") == [
        "Het spijt mij.",
        "Hierbij ontvangt u: Voucher (€45.00)",
        "Beloofd: terugbetaling, vandaag vóór 10:00",
        "Maren Solli\nTern Air",
        "Alles wat er gezegd is, en ruimte om te antwoorden:\nhttp://x.test/r/abc",
    ]


def test_a_second_apology_is_known_and_warned_about() -> None:
    said_before = [
        SimpleNamespace(apology=True, at=NOW + 26 * 60_000),
        SimpleNamespace(apology=False, at=NOW + HOUR),
    ]
    assert apology_warning([], NOW, "Europe/Oslo") is None
    assert (
        apology_warning(said_before, NOW + 2 * HOUR, "Europe/Oslo")
        == "An apology went out at 09:26. A second one can read as insincere."
    )
    assert "went out yesterday 09:26." in (apology_warning(said_before, NOW + DAY, "Europe/Oslo") or "")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"failures": None, "severity": 2, "preventable": None}, None),
        ({"failures": 1, "severity": 3, "preventable": False}, None),
        ({"failures": 2, "severity": 2, "preventable": None}, "It is the second failure."),
        (
            {"failures": 3, "severity": 4, "preventable": True},
            "It is failure number 3, it is severe, and it looked preventable.",
        ),
    ],
)
def test_when_a_gesture_alone_will_not_do(facts: dict[str, object], words: str | None) -> None:
    warning = authority_warning(**facts)  # type: ignore[arg-type]
    assert warning == (None if words is None else f"A voucher alone won't mend this one. {words}")
