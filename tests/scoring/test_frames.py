"""How trouble is told: put right in the end, still there, never there, only supposed."""

from __future__ import annotations

import pytest

from tests.scoring.reading import readings


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The heating was broken, but it was repaired within an hour."),
        ("nl", "Mijn pakket was kapot, de volgende dag kreeg ik een nieuwe."),
        ("no", "Skjermen var ødelagt, men de byttet den med en gang."),
        ("th", "เข้าระบบไม่ได้ แต่ทีมงานแก้ไขให้ทันที"),
        ("de", "Die Lieferung war kaputt, der Ersatz kam am nächsten Tag."),
        ("fr", "Le colis était cassé, ils ont remboursé tout de suite."),
        ("es", "El paquete llegó roto, pero me enviaron otro enseguida."),
    ],
)
def test_what_was_put_right_after_the_trouble_takes_it_back(language: str, text: str) -> None:
    friction = readings(text, language).friction
    assert friction.put_right


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They fixed it within an hour, and today it is broken again."),
        ("en", "It was broken and has not been fixed."),
        ("nl", "Gerepareerd, en nu is het weer kapot."),
        ("de", "Es wurde nicht repariert."),
        ("fr", "Ce n'est pas réparé."),
    ],
)
def test_another_trouble_after_it_and_what_was_not_put_right_stand(language: str, text: str) -> None:
    assert not readings(text, language).friction.put_right


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Never a parcel lost."),
        ("fr", "Jamais un paquet égaré."),
        ("es", "Jamás un recibo equivocado."),
        ("th", "ไม่เคยโดนเก็บเงินเกินเลย"),
    ],
)
def test_never_turns_any_cue(language: str, text: str) -> None:
    friction = readings(text, language).friction
    assert friction.cues == ()
    assert friction.resolved


def test_never_again_is_no_never() -> None:
    assert readings("Never again such a crash", "en").friction.cues


def test_what_is_only_supposed_is_marked_so() -> None:
    assert readings("In case the boiler breaks I have your number", "en").friction.frames.supposed >= 0
