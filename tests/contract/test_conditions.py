"""The Python evaluator against the cases that the widget's evaluator is held to as well."""

from __future__ import annotations

import json
from fnmatch import translate
from pathlib import Path
from re import DOTALL, IGNORECASE, match
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growth import least_time
from widget_server.conditions import facts_named, faults, glob, holds

CASES = json.loads((Path(__file__).parent / "conditions.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_shared_case_holds_as_it_does_in_the_widget(case: dict[str, Any]) -> None:
    assert holds(case["condition"], case["facts"]) is case["holds"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["all", "any", "not", "fact", "operator", "value", "x"]), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(JSON, st.dictionaries(st.text(max_size=3), JSON, max_size=3))
def test_whatever_stands_where_a_condition_should_be_nothing_raises(condition: Any, facts: dict[str, Any]) -> None:
    assert holds(condition, facts) in (True, False)
    assert isinstance(list(faults(condition)), list)
    assert all(isinstance(fact, str) for fact in facts_named(condition))


def test_a_condition_nested_without_end_does_not_hold_and_does_not_raise() -> None:
    deep: dict[str, Any] = {"all": []}
    for _ in range(3_000):
        deep = {"all": [deep]}
    assert holds(deep, {}) is False
    assert "nested too deeply" in next(faults(deep)).message


@settings(deadline=None)
@given(st.text("ab*?", max_size=8), st.text("abc\n", max_size=10))
def test_a_glob_agrees_with_the_standard_library(pattern: str, text: str) -> None:
    assert glob(pattern, text) == bool(match(translate(pattern), text, IGNORECASE | DOTALL))


@pytest.mark.parametrize("pattern", ["*a*a*a*a*a*b", "*a?a?a?*b", "*" * 400 + "b", "?" * 400 + "*b"])
def test_work_on_a_hostile_pattern_grows_with_the_text_and_not_with_its_square(pattern: str) -> None:
    assert _least_time(pattern, 320_000) < 200 * _least_time(pattern, 10_000)


def _least_time(pattern: str, characters: int) -> float:
    text = "a" * characters
    assert not glob(pattern, text)
    return least_time(lambda: glob(pattern, text))


WRONG = {
    "an unknown operator": ({"fact": "a", "operator": "equals", "value": 1}, ("operator",), "there is no operator 'equals'"),
    "a misspelt key": ({"fact": "a", "operatr": "is", "value": 1}, ("operatr",), "'operatr' does not belong here"),
    "no value": ({"fact": "a", "operator": "is"}, (), "the condition has no 'value'"),
    "in without a list": ({"fact": "a", "operator": "in", "value": "x"}, ("value",), "'in' needs a list"),
    "a number in quotes": ({"fact": "a", "operator": "at_most", "value": "2"}, ("value",), "'at_most' needs a number"),
    "inside a group": ({"any": [{"not": 3}]}, ("any", 0, "not"), "a condition is missing here"),
}


@pytest.mark.parametrize(("condition", "path", "message"), WRONG.values(), ids=WRONG)
def test_a_fault_says_where_and_what(condition: Any, path: tuple[Any, ...], message: str) -> None:
    assert (path, message) in [(fault.path, fault.message) for fault in faults(condition)]
