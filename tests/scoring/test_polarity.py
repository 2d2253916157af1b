"""TextBlob's words and rules, without TextBlob."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from training.sources import own
from widget_server.scoring.polarity import _textblob_words, textblob_polarity


@given(st.text())
@examples(max_examples=150, deadline=None)
def test_any_unicode_is_read(text: str) -> None:
    assert -1 <= textblob_polarity(text) <= 1


def test_the_words_are_textblobs() -> None:
    from textblob.en import sentiment

    sentiment.load()
    own_words = {word: (*tags[None][::2], "RB" in tags) for word, tags in dict.items(sentiment)}
    assert len(own_words) > 2_800
    assert _textblob_words() == own_words


def test_a_polarity_is_what_textblobs_own_rules_say() -> None:
    from textblob.en import sentiment

    cut = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:-[^\W_]+)*|[!.,?;:]")
    odd = ["not really good", "It isn’t very nice!!", "never not a bad x-D day", "8-D hardly no good!", "XD", "!", ""]
    for text in [*odd, *(row.text for row in own("en"))]:
        words = [(word.replace("’", "'"), None) for word in cut.findall(text.lower())]
        said = [one[1] for one in sentiment.assessments(words, True)]
        assert textblob_polarity(text) == max(-1.0, min(1.0, sum(said) / len(said) if said else 0.0)), text
