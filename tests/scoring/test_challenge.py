"""The friction challenge: forty-two lines in each of seven languages, half friction, half what only sounds like it.

They were written before the cues and the corpus register that they measure were touched, and nothing is tuned on them
line by line (.12 before them, .71 after, .79 with more of both, .82 with cues for kinds of trouble that no language had
any for, .89 with models that learned beside those cues, and from lines that say such trouble plainly). By the same hands
all the same: they guard, and prove little.

Each line: kind, sentiment, friction, topics, text. Kinds: plain (without an unkind word) and praise (in praise, or
mocking) are friction; negated, resolved (put right in the end) and asked (in a question, or only supposed) are none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from widget_server.scoring.analysis import analyze_all
from widget_server.scoring.evaluating import Ranking, ranking

CASES = Path(__file__).with_name("challenge")
LANGUAGES = ("en", "nl", "no", "th", "de", "fr", "es")
FLOOR_AUC, FLOOR_RECALL = 0.94, 0.83
"""Of all languages together; the recall at one in ten false alarms. A little below what was measured when they were set."""


@cache
def told(language: str) -> list[tuple[str, bool, float]]:
    """Kind, whether it is friction, and the chance that we give it."""
    rows = [line.split("\t") for line in (CASES / f"{language}.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    made = analyze_all((row[4], language) for row in rows)
    return [(row[0], row[2] == "f", one.p_friction or 0.0) for row, one in zip(rows, made, strict=True)]


def ranked(languages: tuple[str, ...]) -> Ranking:
    found = ranking([(friction, chance) for language in languages for _, friction, chance in told(language)])
    assert found is not None
    return found


def test_friction_is_told_from_what_only_sounds_like_it() -> None:
    for language in LANGUAGES:
        one = ranked((language,))
        print(language, f"AUC {one.auc:.2f} recall {one.recall:.2f}")
    everything = ranked(LANGUAGES)
    print("all", f"AUC {everything.auc:.3f} recall {everything.recall:.3f}")
    assert everything.auc >= FLOOR_AUC
    assert everything.recall >= FLOOR_RECALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_it_is_friction_and_none_of_it_stands_in_the_corpus(language: str) -> None:
    files = sorted((Path(__file__).parents[2] / "training" / "corpus" / language).glob("*.tsv"))
    written = {line.split("\t")[-1].casefold() for file in files for line in file.read_text("utf-8").splitlines()}
    lines = [line for line in (CASES / f"{language}.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    assert len(lines) >= 40
    assert 0.45 <= sum(friction for _, friction, _ in told(language)) / len(lines) <= 0.55
    assert not {line.split("\t")[-1].casefold() for line in lines} & written
