"""Thai is cut into words by a list; what the list lacks is kept whole; every letter stays in its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from widget_server.scoring.cutting import words, words_of
from widget_server.scoring.words import fold

LIST = words_of(frozenset({"ดี", "ดีมาก", "มาก", "บริการ"}))


def test_the_longest_word_wins() -> None:
    assert [cut.word for cut in LIST.cut("บริการดีมาก")] == ["บริการ", "ดีมาก"]


def test_what_stands_between_words_is_one_piece_and_spaces_are_none() -> None:
    assert [cut.word for cut in LIST.cut("sushiดี ฟฟฟ ดีมาก!")] == ["sushi", "ดี", "ฟฟฟ", "ดีมาก", "!"]


def test_a_word_that_the_text_ends_in_the_midst_of_is_not_read_beyond() -> None:
    assert [(cut.start, cut.end) for cut in LIST.cut("ดีม")] == [(0, 2), (2, 3)]


def test_the_shipped_list_knows_the_words_of_feedback() -> None:
    assert [cut.word for cut in words("th").cut("พนักงานบริการดี")] == ["พนักงาน", "บริการ", "ดี"]
    assert words("nl").cut("") == []


@given(st.text())
@examples(max_examples=200, deadline=None)
def test_any_text_is_cut_into_itself(text: str) -> None:
    folded, _ = fold(text)
    cuts = words("th").cut(folded)
    assert all(folded[cut.start : cut.end] == cut.word for cut in cuts)
    assert "".join(cut.word for cut in cuts) == "".join(letter for letter in folded if not letter.isspace())
