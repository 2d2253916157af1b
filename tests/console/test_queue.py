"""The queue: what is due first, why, and whose it is."""

from __future__ import annotations

from tests.console.conftest import SignedIn


def test_the_queue_shows_the_words_the_reasons_and_the_clock(signed_in: SignedIn) -> None:
    page = signed_in().get("/console/ternair/queue").text
    assert "A complaint at ternair" in page
    assert "A complaint at other" not in page
    assert "Low smiley · “round in circles” · left without paying" in page
    assert "First answer" in page


def test_a_case_opens(signed_in: SignedIn) -> None:
    answer = signed_in().get("/console/ternair/cases/1001")
    assert answer.status_code == 200, answer.text
    assert "A complaint at ternair" in answer.text
