"""Shares know their size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server.console.figures import net_score, share
from widget_server.console.survey_words import condition_in_words


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (612, 2104, 0.2719, 0.3107), (30, 30, 0.8865, 1.0)],
)
def test_the_interval_is_wilsons(part, whole, low, high):
    found = share(part, whole)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_share_lies_in_its_interval(part, more):
    found = share(part, part + more)
    assert 0 <= found.low <= found.value + 1e-12 or found.whole == 0
    assert found.value - 1e-12 <= found.high <= 1


def test_below_thirty_there_is_a_count_and_no_share():
    assert share(9, 29).words == "9 of 29"
    assert share(9, 30).words == "30%"


def test_a_condition_reads_as_a_sentence():
    condition = {
        "all": [
            {"fact": "url.path", "operator": "matches", "value": "*/pay*"},
            {"not": {"fact": "device", "operator": "is", "value": "phone"}},
        ]
    }
    assert condition_in_words(condition) == "(the page matches “*/pay*” and not the device is “phone”)"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({10: 20, 9: 10}, "+100 ± 0"),
        ({0: 15, 6: 15}, "−100 ± 0"),
        ({10: 10, 8: 10, 3: 10}, "+0 ± 29"),
        ({3: 29}, None),
        ({}, None),
    ],
)
def test_a_net_score_has_its_own_variance_and_none_below_thirty(answers, words):
    found = net_score(answers)
    assert (found.words if found else None) == words
