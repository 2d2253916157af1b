"""What opens a case: trouble that still stands does, trouble that was put right doesn't."""

from __future__ import annotations

import pytest

from tests.scoring.reading import assessed, readings


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It was broken, but fixed at once"),
        ("en", "the first link was dead, the second worked fine"),
        ("en", "The website crashed. Support sorted it out straight away."),
        ("nl", "Het was kapot, maar meteen gerepareerd"),
        ("nl", "De eerste link deed het niet, de tweede werkte prima"),
        ("no", "Den var ødelagt, men ble fikset med en gang"),
        ("no", "Den første lenken var død, den andre fungerte fint"),
        ("th", "มันพัง แต่ซ่อมให้ทันที"),
        ("th", "ลิงก์แรกเสีย แต่ลิงก์ที่สองใช้ได้ดี"),
        ("de", "Es war kaputt, wurde aber sofort repariert"),
        ("de", "Der erste Link war tot, der zweite funktionierte einwandfrei"),
        ("fr", "C'était cassé, mais réparé tout de suite"),
        ("fr", "Le premier lien était mort, le deuxième marchait très bien"),
        ("es", "Estaba roto, pero lo arreglaron enseguida"),
        ("es", "El primer enlace no funcionaba, el segundo funcionó bien"),
    ],
)
def test_what_was_put_right_opens_no_case(language: str, text: str) -> None:
    assert not assessed(text, language).flagged
    assert not assessed(text, language, mood=4).flagged


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It was broken, and nobody fixed it."),
        ("en", "They fixed it at once, and today it is broken again."),
        ("en", "My card was declined. The heating was broken, but it was repaired within an hour."),
        ("nl", "Het was kapot en niemand heeft het gemaakt."),
        ("nl", "Het was kapot, gerepareerd en nu weer kapot."),
        ("no", "Den var ødelagt, og ingen fikset den."),
        ("th", "ระบบล่ม แล้วไม่มีใครแก้ไขให้"),
        ("de", "Es war kaputt, und niemand hat es repariert."),
        ("fr", "C'était cassé et personne ne l'a réparé."),
        ("es", "Estaba roto y nadie lo arregló."),
    ],
)
def test_what_nobody_put_right_or_broke_again_opens_one(language: str, text: str) -> None:
    assert assessed(text, language).flagged


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The site was never so slow"),
        ("en", "The site has never been this slow"),
        ("nl", "De site was nog nooit zo traag"),
        ("no", "Siden har aldri vært så treg"),
        ("th", "เว็บไม่เคยช้าขนาดนี้"),
        ("de", "Die Seite war noch nie so langsam"),
        ("fr", "Le site n'a jamais été aussi lent"),
        ("es", "La página nunca fue tan lenta"),
    ],
)
def test_never_so_slow_is_slow(language: str, text: str) -> None:
    assert readings(text, language).friction.standing
    assert assessed(text, language).flagged


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The site was never slow"),
        ("en", "Never a problem so far"),
        ("en", "I never had that problem"),
        ("nl", "De site was nooit traag"),
        ("no", "Siden var aldri treg"),
        ("th", "เว็บไม่เคยช้า"),
        ("de", "Die Seite war nie langsam"),
        ("fr", "Le site n'a jamais été lent"),
        ("es", "La página nunca fue lenta"),
    ],
)
def test_never_slow_is_not(language: str, text: str) -> None:
    assert not readings(text, language).friction.standing


def test_a_question_when_it_will_be_put_right_puts_nothing_right() -> None:
    assert assessed("The lift is broken. When will it be fixed?", "en").flagged


def test_harm_is_not_put_right() -> None:
    friction = readings("I was injured on the stairs, they apologised and sorted it out at once", "en").friction
    assert [cue.kind for cue in friction.standing] == ["severe"]


def test_what_was_put_right_is_shown_as_good_news() -> None:
    made = assessed("It was broken, but fixed at once", "en")
    assert made.friction == 0
    assert made.severity.level == 1
    assert any(term.name == "resolved" and term.contribution < 0 for term in made.terms)
