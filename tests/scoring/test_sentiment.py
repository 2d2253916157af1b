"""How a text feels, and when we can't say."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from training.sources import own
from widget_server.scoring.sentiment import sentiment_of, textblob_polarity


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Great service, I love it", "positive"),
        ("This is awful", "negative"),
        ("The plane has two doors", "neutral"),
    ],
)
def test_english_is_read(text: str, label: str) -> None:
    found = sentiment_of(text, "en")
    assert (found.supported, found.label) == (True, label)


@pytest.mark.parametrize("language", ["nl", "no", "th", "de", "xx", None])
def test_a_language_without_analyser_says_so_and_is_never_zero(language: str | None) -> None:
    found = sentiment_of("Dit is vreselijk", language)
    assert (found.supported, found.polarity, found.label) == (False, None, "unsupported")


def test_no_text_is_no_text() -> None:
    assert sentiment_of(" \n", "en").label == "no_text"


def test_emoji_speak_every_language() -> None:
    assert sentiment_of("😡😡😡", None).label == "negative"
    assert sentiment_of("👍", "th").label == "positive"
    found = sentiment_of("Dit is wat 😡", "nl")
    assert (found.polarity, found.label, found.emoji) == (None, "unsupported", -1.0)


def test_evidence_stands_where_it_was_written() -> None:
    text = "Great crew, awful food 😡"
    found = sentiment_of(text, "en")
    assert [(span.text, span.kind) for span in found.evidence] == [
        ("Great", "positive"),
        ("awful", "negative"),
        ("😡", "negative"),
    ]
    assert all(span.text == text[span.start : span.end] for span in found.evidence)


def test_negative_words_about_what_did_not_happen_do_not_count() -> None:
    text = "never a bad flight"
    assert (sentiment_of(text, "en", [(0, len(text))]).polarity or 0) >= 0


@given(st.text())
@examples(max_examples=150, deadline=None)
def test_any_unicode_is_read(text: str) -> None:
    found = sentiment_of(text, "en")
    assert found.polarity is None or -1 <= found.polarity <= 1


def test_a_polarity_is_what_textblobs_own_rules_say() -> None:
    from textblob.en import sentiment

    cut = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:-[^\W_]+)*|[!.,?;:]")
    odd = ["not really good", "It isn’t very nice!!", "never not a bad x-D day", "8-D hardly no good!", "XD", "!", ""]
    for text in [*odd, *(row.text for row in own("en"))]:
        words = [(word.replace("’", "'"), None) for word in cut.findall(text.lower())]
        said = [one[1] for one in sentiment.assessments(words, True)]
        assert textblob_polarity(text) == max(-1.0, min(1.0, sum(said) / len(said) if said else 0.0)), text


def test_ingest_does_not_load_the_models() -> None:
    """TextBlob and py3langid cost half a second each: importing scoring alone must not."""
    code = "import sys, widget_server.scoring.operations; print({'textblob', 'py3langid'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
