"""Which earlier cases come first: those about the same, then those in the same words; and how much work that is."""

from __future__ import annotations

import pytest

from tests.growth import least_time
from widget_server.replies.likeness import MOST_CASES, MOST_LETTERS, Past, most_alike, words_of

TWICE = "I paid twice for the same seat and the chat sent me round in circles"


def past(case_id: int, words: str = "", *topics: str, at: int = 0) -> Past:
    return Past(case_id, at or case_id, frozenset(topics), words)


def ids(topics: list[str], complaint: str, *cases: Past) -> list[int]:
    return [one.case_id for one in most_alike(topics, complaint, cases)]


def test_a_topic_in_common_is_enough_and_is_told_in_our_order() -> None:
    found = most_alike(["booking", "payment"], "", [past(1, "", "payment", "booking"), past(2, "", "login")])
    assert [(one.case_id, one.topics) for one in found] == [(1, ("booking", "payment"))]


def test_words_alone_are_enough_when_they_are_many() -> None:
    alike, other = past(1, "Paid twice for one seat, and your chat is no help"), past(2, "The menu is hard to read")
    assert ids([], TWICE, other, alike) == [1]
    assert ids([], TWICE, past(1, "the same old menu")) == []


def test_of_two_about_the_same_the_one_in_the_same_words_comes_first_then_the_newer() -> None:
    menu, seat = past(3, "The menu is slow", "payment"), past(1, "Paid twice for my seat", "payment")
    assert ids(["payment"], TWICE, menu, past(2, "The menu is slow", "payment"), seat) == [1, 3, 2]


def test_a_topic_that_few_have_says_more_than_one_that_most_have() -> None:
    usual = [past(n, "", "payment", at=100 + n) for n in range(10, 30)]
    assert ids(["payment", "accessibility"], "", *usual, past(1, "", "accessibility"))[0] == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("ชำระเงินไปสองครั้งแล้ว แต่ยังไม่ได้รับตั๋ว", "ชำระเงินสองครั้ง ยังไม่ได้รับตั๋ว"),
        ("二回支払いましたが、チケットが届きません。", "チケットが届きません。二回支払いました"),
        ("دفعت مرتين ولم أحصل على التذكرة", "دفعت مرتين ولم أحصل على شيء"),
        ("STRASSE gesperrt, Karte abgelehnt", "Straße gesperrt! Karte (abgelehnt)"),
    ],
)
def test_other_scripts_are_compared_too(ours: str, theirs: str) -> None:
    assert ids([], ours, past(2, "x"), past(1, theirs)) == [1]


@pytest.mark.parametrize("text", ["", "   ", "a b c", "12345 2026", "…?!", ".*", "(((", "[a-z]+"])
def test_what_says_nothing_is_like_nothing(text: str) -> None:
    assert ids([], text, past(1, text), past(2, TWICE)) == []


def test_nothing_is_like_an_empty_past() -> None:
    assert most_alike(["payment"], TWICE, []) == []


def test_the_work_has_an_end() -> None:
    endless = (past(n, "ab " * 50_000, "payment") for n in range(10**9))
    assert len(most_alike(["payment"], TWICE, endless)) == MOST_CASES
    assert words_of("x" * MOST_LETTERS + " word that is beyond") == words_of("x" * MOST_LETTERS)
    worst = " ".join(f"w{n:04d}" for n in range(MOST_LETTERS))
    cases = [past(n, worst[n:], "payment") for n in range(MOST_CASES)]
    assert least_time(lambda: most_alike(["payment"], worst, cases), times=3) < 0.5
