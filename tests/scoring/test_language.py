"""Which language a text is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from widget_server.scoring.language import base_language, language_of


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("I could not find the checkout button", "nl", "en"),
        ("Ik kon de knop om te betalen niet vinden", "en", "nl"),
        ("Jeg fant ikke knappen for å betale", "no", "no"),
        ("หาปุ่มไม่เจอ", "en", "th"),
        ("ซื้อ iPhone 15 Pro Max ไม่ได้ค่ะ จ่ายเงินไม่ผ่าน", "en", "th"),
        ("Die Zahlung ist leider fehlgeschlagen", "en", "de"),
        ("оплата не прошла, что делать", "en", "ru"),
        ("Η πληρωμή απέτυχε", "en", "el"),
        ("支払いができません", "en", "ja"),
    ],
)
def test_a_clear_text_speaks_for_itself(text: str, form: str, expected: str) -> None:
    assert language_of(text, form).code == expected


@pytest.mark.parametrize("text", ["ok", "super", "😡😡", "", "12 345", "top!"])
def test_a_short_text_takes_the_forms_language(text: str) -> None:
    found = language_of(text, "nl")
    assert (found.code, found.source) == ("nl", "form")
    assert found.confidence < 0.8


def test_two_hints_that_agree_are_surer() -> None:
    assert language_of("ok", "no", ["nb-NO"]).confidence > language_of("ok", "no", ["en-GB"]).confidence


def test_latin_letters_in_a_thai_form_are_not_thai() -> None:
    assert language_of("bad", "th", ["th-TH"]).code == "en"


def test_a_hint_tips_close_relatives() -> None:
    text = "det er ikke godt"
    assert language_of(text, "no").code == "no"
    assert language_of(text, "da").code == "da"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("nb-NO", "no"), ("en_GB", "en"), ("TH", "th"), ("", None), (None, None), ("x" * 50, None), (5, None)],
)
def test_a_tag_is_brought_to_its_language(tag: object, expected: str | None) -> None:
    assert base_language(tag) == expected


@given(st.text(), st.text(max_size=5), st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=2))
@examples(max_examples=200, deadline=None)
def test_any_unicode_has_a_language_or_none(text: str, form: str, locales: list[str | None]) -> None:
    assert 0 <= language_of(text, form, locales).confidence <= 1


def test_of_two_scripts_with_as_many_letters_the_first_one_counts() -> None:
    assert language_of("ΓΔΕΖΗΘ abcdef", None).code == "el"
    assert language_of("abcdef ΓΔΕΖΗΘ", None).code != "el"
