"""Whatever is said of a text, its listed parts sum to it; and its spans stand where they were written."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

from widget_server.scoring.analysis import Analysis, analyze, analyze_all
from widget_server.scoring.combination import weights_of
from widget_server.scoring.features import NAMES

CORPUS = Path(__file__).parents[2] / "training" / "corpus"
EACH = 145
"""Texts of each of seven languages: more than a thousand in all."""
LANGUAGES = ("en", "nl", "no", "th", "de", "fr", "es")


@cache
def read(language: str) -> list[tuple[str, Analysis]]:
    lines = [line for path in sorted((CORPUS / language).glob("*.tsv")) for line in path.read_text("utf-8").splitlines()]
    texts = [line.split("\t")[-1] for line in lines if line.count("\t") == 3]
    chosen = texts[:: max(1, len(texts) // EACH)][:EACH]
    return list(zip(chosen, analyze_all((text, language) for text in chosen), strict=True))


def test_there_are_a_thousand() -> None:
    assert sum(len(read(language)) for language in LANGUAGES) >= 1_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_sum_to_the_score(language: str) -> None:
    for _, made in read(language):
        if not made.supported:  # digits alone, or a sign that leans neither way
            continue
        sums = [math.fsum(float(part[at]) for part in made.parts) for at in range(2, 6)]
        total = math.fsum(math.exp(score) for score in sums[:3])
        assert made.p_negative == pytest.approx(math.exp(sums[0]) / total, abs=1e-9)
        assert made.p_friction == pytest.approx(1 / (1 + math.exp(-sums[3])), abs=1e-9)
        assert made.label == ("negative", "neutral", "positive")[sums[:3].index(max(sums[:3]))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_and_span_has_a_place(language: str) -> None:
    for text, made in read(language):
        assert {part.name for part in made.parts} <= {"bias", "signs_alone", *NAMES}
        assert all(text[span.start : span.end] == span.text for span in made.evidence)
        assert list(made.evidence) == sorted(made.evidence, key=lambda span: (span.start, span.end))


def test_words_that_only_hold_a_sentence_together_are_not_marked() -> None:
    assert [span.text for span in analyze("this is terrible", "en").evidence] == ["terrible"]
    for language, small in (("en", "the"), ("en", "and"), ("nl", "naar"), ("de", "und"), ("fr", "les"), ("es", "que")):
        assert not any(span.text.casefold() == small for _, made in read(language) for span in made.evidence), small


@pytest.mark.parametrize("language", ["*", "th", "no"])
def test_praise_speaks_neither_for_nor_against_friction(language: str) -> None:
    rows = weights_of(language).rows
    assert not any(rows[name][3] for name in ("good_words", "words_balance", "last_words", "good_signs", "textblob_good"))
    praised = analyze("Great, another 3 hour delay", "en")
    assert (praised.p_friction or 0) > 0.7
