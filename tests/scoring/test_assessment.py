"""The combination: what must hold of every response, whatever was said in it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.scoring.reading import assessed, readings
from widget_server.scoring.assessment import SIGNALS_CAP, THRESHOLD, assess, logistic
from widget_server.scoring.ratings import rating_of
from widget_server.scoring.signals import signals_of

COMMENTS = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        ["could not find", "no problems", "how do I", "รอนานมาก", "😡", "charged twice", "great"]
    ).flatmap(lambda cue: st.text(max_size=40).map(lambda rest: f"{rest} {cue} {rest}")),
)
MOODS = st.one_of(st.none(), st.integers(1, 5))
LANGUAGES = st.sampled_from(["en", "nl", "no", "th", "sv", "xx", ""])
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
)
SIGNALS = st.dictionaries(
    st.sampled_from(
        [
            "rage_clicks",
            "dead_clicks",
            "errors",
            "back_and_forth",
            "dwell_seconds",
            "exit",
            "left_without_goal",
        ]
    ),
    ODD,
)


@given(COMMENTS, LANGUAGES, MOODS, SIGNALS)
@examples(max_examples=250, deadline=None)
def test_the_contributions_sum_to_the_score(
    text: str, language: str, mood: int | None, signals: dict[str, Any]
) -> None:
    made = assessed(text, language, mood, **signals)
    stored = json.loads(json.dumps([term.contribution for term in made.terms]))
    assert made.needs_recovery == logistic(sum(stored))
    assert made.flagged == (made.needs_recovery >= THRESHOLD)
    assert made.reasons
    assert 1 <= made.severity.level <= 4


@given(COMMENTS, LANGUAGES, SIGNALS)
@examples(max_examples=100, deadline=None)
def test_a_better_rating_never_raises_the_score(text: str, language: str, signals: dict[str, Any]) -> None:
    scores = [assessed(text, language, mood, **signals).needs_recovery for mood in (1, 2, 3, 4, 5)]
    assert scores == sorted(scores, reverse=True)


@given(COMMENTS, LANGUAGES, st.sampled_from([1, 2]))
@examples(max_examples=100, deadline=None)
def test_a_low_rating_flags_whatever_is_said(text: str, language: str, mood: int) -> None:
    assert assessed(text, language, mood).flagged


@given(COMMENTS, LANGUAGES, MOODS, SIGNALS)
@examples(max_examples=50, deadline=None)
def test_the_same_response_is_always_scored_the_same(
    text: str, language: str, mood: int | None, signals: dict[str, Any]
) -> None:
    assert assessed(text, language, mood, **signals) == assessed(text, language, mood, **signals)


@given(SIGNALS)
def test_behaviour_alone_is_worth_no_more_than_its_cap(signals: dict[str, Any]) -> None:
    made = assessed("", "en", None, **signals)
    done = [term for term in made.terms if term.name not in ("bias", "no_rating", "no_text")]
    assert 0 <= math.fsum(term.contribution for term in done) <= SIGNALS_CAP + 1e-9


def test_a_low_smiley_flags_without_a_word() -> None:
    made = assessed("", mood=2)
    assert made.flagged
    assert made.reasons == ("low smiley",)


@pytest.mark.parametrize("mood", [3, 4, 5])
def test_another_smiley_without_a_word_does_not(mood: int) -> None:
    assert not assessed("", mood=mood).flagged


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I love it but I could not find the checkout button"),
        ("en", "My card was charged twice"),
        ("nl", "Betaling mislukt, verder prima"),
        ("no", "Fant ikke knappen for å betale"),
        ("th", "หาปุ่มจ่ายเงินไม่เจอ"),
    ],
)
def test_a_strong_cue_flags_despite_five_of_five(language: str, text: str) -> None:
    assert assessed(text, language, mood=5).flagged


def test_reasons_are_plain_words_strongest_first() -> None:
    made = assessed("I could not find the button", mood=1, left_without_goal="purchase", rage_clicks=6)
    told = [reason for reason in made.reasons if reason != "negative words"]
    assert told == ["low smiley", "'could not find'", "6 bursts of fast clicks", "left without paying"]


def test_what_was_not_flagged_says_why_not() -> None:
    assert assessed("great, no problems at all", mood=5).reasons[0] == "high smiley"


def test_an_unsupported_language_goes_by_rating_and_behaviour() -> None:
    text = "A helyválasztás ma nagyon nehéz volt nekem, sajnos"
    assert assessed(text, "hu", mood=2).flagged
    assert assessed(text, "hu", rage_clicks=6, errors=2).flagged
    assert not assessed(text, "hu", mood=4).flagged
    assert any("not scored" in term.reason for term in assessed(text, "hu").terms)


def test_looking_around_and_leaving_is_no_failure() -> None:
    assert not assessed("", exit=True, left_without_goal="purchase", dwell_seconds=90).flagged
    assert not assessed("Just looking around", exit=True, left_without_goal="purchase").flagged


def test_an_option_can_carry_friction() -> None:
    from widget_server.scoring.operations import read

    option = {"key": "payment", "label": {"en": "Payment failed"}, "friction": "strong"}
    survey = {
        "questions": [
            {"key": "why", "type": "choice", "options": [option, {"key": "look", "label": {"en": "Looking"}}]}
        ]
    }
    made = assess(read({"why": "payment"}, [], survey, "en", {}))
    assert made.flagged
    assert "'Payment failed'" in made.reasons
    assert made.severity.level == 2
    assert not assess(read({"why": "look"}, [], survey, "en", {})).flagged


@pytest.mark.parametrize(
    ("kind", "number", "value", "reason"),
    [
        ("smiley", 1, 0.0, "low smiley"),
        ("smiley", 2, 0.25, "low smiley"),
        ("stars", 2, 0.25, "two stars"),
        ("csat", 5, 1.0, "satisfaction 5 of 5"),
        ("ces", 6, 0.1667, "effort 6 of 7"),
        ("nps", 3, 0.3, "would recommend: 3 of 10"),
        ("smiley", 10**300, 1.0, "high smiley"),
    ],
)
def test_a_rating_is_brought_to_one_scale(kind: str, number: float, value: float, reason: str) -> None:
    rating = rating_of(kind, number)
    assert rating is not None
    assert (rating.value, rating.reason) == (value, reason)


@pytest.mark.parametrize("odd", [True, None, "5", float("nan"), [5]])
def test_what_is_no_number_is_no_rating(odd: object) -> None:
    assert rating_of("smiley", odd) is None


BLAMING = ("unkind", "rage", "angry", "rude", "aggressive", "emotional", "hostile", "upset", "abus")


@given(COMMENTS, LANGUAGES, MOODS, SIGNALS)
@examples(max_examples=100, deadline=None)
def test_what_we_say_of_them_never_blames(
    text: str, language: str, mood: int | None, signals: dict[str, Any]
) -> None:
    signals.pop("left_without_goal", None)  # a page's own word for its goal
    ours = [reason for reason in assessed(text, language, mood, **signals).reasons if "'" not in reason]
    assert not [reason for reason in ours if any(word in reason.casefold() for word in BLAMING)]


def test_a_polite_complaint_is_told_by_its_words_and_not_as_unkind() -> None:
    made = assessed("It was a bad, slow and disappointing experience, I am afraid.", mood=3)
    assert "negative words" in made.reasons


@pytest.mark.parametrize("odd", [None, "x", [1], {"rage_clicks": "9", "exit": 1, "errors": float("inf")}])
def test_odd_signals_are_none(odd: object) -> None:
    assert signals_of(odd) == signals_of({})


def test_a_mixed_up_visitor_is_read_too() -> None:
    assert readings("\ud800 could not find \x00", "en").friction.cues
