"""The contract that every analyser keeps, ours and those of users, and how several make one answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from widget_server.scoring import analysers
from widget_server.scoring.analysers import ENSEMBLE, OURS, Reading, Text, UnknownAnalyser, analyser
from widget_server.scoring.analysis import analyze, analyze_all
from widget_server.scoring.combination import chances

TEXTS = [
    Text("I could not find the checkout button 😡", "en"),
    Text("Wat een geweldige winkel, heel blij mee!", "nl"),
    Text("หาปุ่มจ่ายเงินไม่เจอ", "th"),
    Text("", "en"),
    Text("🙂", "fr"),
    Text("\ud800 x \x00 " + "so " * 3000, "en"),
    Text("nie wiem", "pl"),
]


class Shouting:
    """What a user might add: batch-capable, of one language."""

    name = "shouting"

    def read(self, texts: Sequence[Text]) -> list[Reading | None]:
        loud = [0.9 if text.text.isupper() else None for text in texts]
        return [Reading(0.9, 0.05, said) if text.language == "en" else None for text, said in zip(texts, loud, strict=True)]


@pytest.fixture
def shouting(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(analysers, "theirs", lambda: {"shouting": Shouting})
    analysers.analyser.cache_clear()
    return "shouting"


@pytest.mark.parametrize("name", [*OURS, "shouting"])
def test_every_analyser_keeps_the_contract(name: str, shouting: str) -> None:
    answers = analyser(name).read(TEXTS)
    assert len(answers) == len(TEXTS)
    assert answers[-1] is None, "a language that can't be read is no answer, and never a 0"
    for text, answer in zip(TEXTS, answers, strict=True):
        if answer is not None:
            assert answer.negative >= 0
            assert answer.positive >= 0
            assert answer.negative + answer.positive <= 1 + 1e-9
            assert answer.friction is None or 0 <= answer.friction <= 1
            assert all(text.text[span.start : span.end] == span.text for span in answer.evidence)
    assert analyser(name).read([]) == []
    assert analyser(name).read(TEXTS[:1]) == answers[:1], "one alone is read as in a batch"


def test_an_unknown_analyser_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownAnalyser, match="'magic'; there are cues, ensemble, lexicon"):
        analyze("x", "en", analysers=("magic",))


def test_a_users_analyser_joins_the_ensemble_and_its_part_is_shown(shouting: str) -> None:
    text = "THE SEATS ARE FINE"
    alone, joined = analyze(text, "en"), analyze(text, "en", analysers=(ENSEMBLE, shouting))
    assert (joined.p_negative or 0) > (alone.p_negative or 0)
    assert "shouting" in [part.name for part in joined.parts]
    assert chances(joined.parts)[0] == pytest.approx(joined.p_negative)
    assert joined.model.endswith("+shouting")


def test_analysers_that_cannot_read_a_language_leave_it_unsupported(shouting: str) -> None:
    found = analyze("Wat een geweldige winkel", "nl", analysers=(shouting,))
    assert (found.supported, found.label, found.p_negative) == (False, "unsupported", None)


def test_an_analyser_may_bring_a_language_that_we_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    class Polish(Shouting):
        def read(self, texts: Sequence[Text]) -> list[Reading | None]:
            return [Reading(0.7, 0.1) if text.language == "pl" else None for text in texts]

    monkeypatch.setattr(analysers, "theirs", lambda: {"polish": Polish})
    analysers.analyser.cache_clear()
    found = analyze("Nie mogę znaleźć przycisku, to okropne", "pl", analysers=(ENSEMBLE, "polish"))
    assert (found.supported, found.label) == (True, "negative")


def test_a_batch_is_read_as_one_by_one() -> None:
    rows = [(text.text, text.language) for text in TEXTS]
    assert analyze_all(rows) == [analyze(*row) for row in rows]


def test_a_batch_without_explanations_gives_the_same_figures() -> None:
    rows = [(text.text, text.language) for text in TEXTS]
    explained, plain = analyze_all(rows), analyze_all(rows, explained=False)
    assert [replace(one, evidence=(), parts=()) for one in explained] == [
        replace(one, evidence=(), parts=()) for one in plain
    ]
    assert not plain[0].parts
    others = {"analysers": ["ensemble", "cues"]}
    assert [one.p_negative for one in analyze_all(rows, **others)] == [
        one.p_negative for one in analyze_all(rows, explained=False, **others)
    ]


def test_chances_are_chances() -> None:
    for text in TEXTS:
        found = analyze(text.text, text.language)
        if found.supported:
            assert found.p_negative is not None
            assert math.isfinite(found.p_negative)
            assert 0 <= found.p_negative <= 1
            assert -1 <= (found.polarity or 0) <= 1
