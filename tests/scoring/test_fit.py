"""Weights fitted to labels: better where labels teach something, inside of what must hold, the same each time."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.scoring.reading import readings
from widget_server.scoring.assessment import assess, values_of
from widget_server.scoring.fit import Example, Fitted, fit
from widget_server.scoring.fit_bounds import broken_rules, fitted
from widget_server.scoring.fit_calibration import isotonic, platt, said_of
from widget_server.scoring.fit_figures import auc, brier, compared, ece, recall
from widget_server.scoring.weights import NAMES, SHIPPED, Weights, band, of_json, to_json


def examples(n: int, truth: dict[str, float], seed: int = 1) -> list[Example]:
    """Labels as drawn from a truth: weights that differ from the shipped ones."""
    rng = random.Random(seed)
    found = []
    for at in range(n):
        rating, friction = rng.choice([None, -1, -0.5, 0, 0.5, 1]), rng.choice([0, 0, 0.2, 0.5, 0.85])
        values = {"bias": 1.0, "friction": friction, "negative_text": -rng.random(), "signals": rng.random() * 2}
        values |= {"no_rating": 1.0} if rating is None else {"rating": float(rating)}
        values["rating_x_friction"] = max(rating or 0, 0) * friction
        total = sum(values.get(name, 0.0) * weight for name, weight in truth.items())
        found.append(Example(at, values, rng.random() < 1 / (1 + 2.718281828**-total), True))
    return found


TRUTH = {"bias": -2, "rating": -2.0, "friction": 5.0, "negative_text": -3.0, "signals": 0.1}


@pytest.fixture(scope="module")
def learned() -> Fitted:
    return fit(examples(240, TRUTH), SHIPPED, "own-1")


def test_labels_that_teach_something_make_it_surely_better(learned: Fitted) -> None:
    assert learned.better
    assert learned.figures["brier_change"][2] < 0
    assert learned.figures["n"] == 240
    assert learned.weights.id == "own-1"
    assert learned.weights.signals < 0.5
    for name in ("before", "after"):
        for value, low, high in learned.figures[name].values():
            assert low <= high
            assert 0 <= value <= 1


def test_labels_that_teach_nothing_do_not() -> None:
    rng = random.Random(4)
    noise = [Example(one.response_id, one.values, rng.random() < 0.5, True) for one in examples(200, TRUTH)]
    used = fit(noise, SHIPPED, "own-1").weights
    assert not fit(noise, used, "own-2").better


def test_the_same_labels_in_any_order_give_the_same_weights(learned: Fitted) -> None:
    shuffled = examples(240, TRUTH)
    random.Random(2).shuffle(shuffled)
    assert fit(shuffled, SHIPPED, "own-1") == learned


@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.parametrize("turned", [1, -1])
def test_labels_never_break_what_must_hold(needed: bool, turned: int) -> None:
    """Labels that say the opposite of everything: low ratings need nothing, high ones help."""
    signs = [1 if name == "bias" else turned for name in NAMES]
    rows = [[one.values.get(name, 0.0) for name in NAMES] for one in examples(200, TRUTH)]
    x = np.array(rows) * np.array(signs)
    y = np.array([float((row[1] > 0) == needed) for row in x])
    found = fitted(x, y, np.ones(len(y)), 1.0)
    rounded = Weights("own-1", *(round(float(number), 4) for number in found))
    assert broken_rules(rounded) == []
    assert assess(readings("", mood=2), rounded).flagged
    assert assess(readings("My card was charged twice", mood=5), rounded).flagged
    assert not assess(readings("", mood=3), rounded).flagged
    scores = [assess(readings("could not find it", mood=mood), rounded).needs_recovery for mood in (1, 2, 3, 4, 5)]
    assert scores == sorted(scores, reverse=True)


def test_the_shipped_weights_keep_every_rule() -> None:
    assert broken_rules(SHIPPED) == []


def test_values_times_weights_are_the_sum_of_the_terms(learned: Fitted) -> None:
    for weights in (SHIPPED, learned.weights):
        for text, mood in (("could not find the button", 4), ("", 2), ("great, no problems", None), ("bad", 3)):
            found = readings(text, mood=mood, rage_clicks=4, errors=9, form_errors=2, left_without_goal="order")
            values = values_of(found)
            total = sum(values.get(name, 0.0) * weight for name, weight in zip(NAMES, weights.numbers, strict=True))
            terms = sum(term.contribution for term in assess(found, weights).terms)
            assert terms == pytest.approx(total, abs=0.002)


def test_weights_are_read_as_they_were_stored(learned: Fitted) -> None:
    assert of_json(to_json(learned.weights)) == learned.weights
    assert of_json({"id": "own-9", "rating": -3.0, "unknown": 1.0}).rating == -3.0


def test_without_own_labels_there_are_words_and_no_likelihood(learned: Fitted) -> None:
    found = readings("could not find it", mood=2)
    assert assess(found).likelihood is None
    assert 0 < (assess(found, learned.weights).likelihood or 0) < 1
    assert [band(score) for score in (0.1, 0.3, 0.5, 0.95)] == ["unlikely", "possible", "likely", "almost sure"]


@pytest.mark.parametrize("way", [platt, isotonic])
def test_a_calibration_never_falls_and_comes_near_the_truth(way) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(3)
    sums = rng.normal(0, 3, 2000)
    y = (rng.random(2000) < 1 / (1 + np.exp(-(0.5 * sums - 1)))).astype(float)
    found = way(sums, y, np.ones(2000))
    assert list(found.chances) == sorted(found.chances)
    assert ece(y, said_of(found, sums)) < 0.05
    assert [found.chance(float(total)) for total in sums[:50]] == pytest.approx(list(said_of(found, sums[:50])))


def test_figures_are_those_of_the_book() -> None:
    y, chance = np.array([1.0, 0, 1, 0, 0]), np.array([0.9, 0.9, 0.6, 0.4, 0.1])
    assert auc(y, chance) == pytest.approx((0.5 + 1 + 1 + 0 + 1 + 1) / 6)
    assert recall(y, np.array([0.9, 0.1, 0.8, 0.2, 0.3])) == 1.0
    assert recall(y, np.array([0.5, 0.9, 0.8, 0.2, 0.3])) == 0.0
    assert brier(y, y) == ece(y, y) == 0.0
    assert compared(y, chance, chance)["brier_change"] == [0.0, 0.0, 0.0]
