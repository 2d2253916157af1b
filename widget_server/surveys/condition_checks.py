"""What conditions inside of a survey look at: answers that are there by then, compared with what can be answered. Pure.

`checks.py` and `logic_checks.py` know where conditions stand; this knows what is wrong with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from widget_server import conditions
from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.path import PLACE_FACTS
from widget_server.surveys.questions.registry import TYPES
from widget_server.surveys.questions.rows import Rows

Content = Mapping[str, Any]
Fault = tuple[str, str]
"""What is wrong, and what to write instead."""
FaultOf = Callable[[str, str, Any], Fault | None]
"""What is wrong with a fact, an operator and a value."""


def condition_findings(condition: Any, place: Where, fault: FaultOf) -> Iterator[Finding]:
    """What is wrong with the shape of a condition, and with what it compares."""
    for found in conditions.faults(condition):
        yield Finding((*place, *found.path), found.message, found.remedy)
    for one in conditions.comparisons(condition):
        if isinstance(one.get("fact"), str):
            wrong = fault(one["fact"], str(one.get("operator")), one.get("value"))
            if wrong is not None:
                yield Finding(place, *wrong)


def answers_known(questions: Sequence[Content], count: int) -> FaultOf:
    """Faults of conditions that may look at the answers to the first `count` questions."""
    asked_by = {name: one for one in questions[:count] for name in TYPES[one["type"]].facts(one)}

    def fault(fact: str, operator: str, value: Any) -> Fault | None:
        family, _, key = fact.partition(".")
        if fact in PLACE_FACTS or (family == "attribute" and key):
            return None
        if family != "answers":
            return _unknown_fact(fact)
        if key not in asked_by:
            return _row_fault(key, questions) or later_or_unknown(key, _names(questions))
        asked = asked_by[key]
        # words beside an option stand under a name of their own
        is_its_text = key != asked["key"] and not isinstance(TYPES[asked["type"]], Rows)
        return None if is_its_text else TYPES[asked["type"]].compared(asked, operator, value)

    return fault


def _names(questions: Sequence[Content]) -> list[str]:
    return [name for one in questions for name in (TYPES[one["type"]].facts(one) or (one["key"],))]


def _unknown_fact(fact: str) -> Fault:
    known = "answers.…, attribute.…, " + ", ".join(PLACE_FACTS)
    message = f"'{fact}' is not an answer, nor known of the moment"
    return message, conditions.did_you_mean(fact, PLACE_FACTS, f"use {known}")


def _row_fault(key: str, questions: Sequence[Content]) -> Fault | None:
    """Of a question that is answered row by row: the whole of it, or a row that it does not have."""
    whole, _, row = key.partition(".")
    asked = next((one for one in questions if one["key"] == whole), None)
    if asked is None or not isinstance(TYPES[asked["type"]], Rows):
        return None
    rows = [name.partition(".")[2] for name in TYPES[asked["type"]].facts(asked)]
    word = "option" if asked["type"] == "ranking" else "row"
    if not row:
        return f"'{whole}' is answered {word} by {word}", f"name one, as in answers.{whole}.{rows[0] if rows else '…'}"
    if row in rows:
        return None
    return f"'{whole}' has no {word} '{row}'", conditions.did_you_mean(row, rows)


def later_or_unknown(key: str, keys: Sequence[str]) -> Fault:
    """What is wrong with naming an answer that is not there yet.

    Args:
        keys: what can be named of all questions.
    """
    if key in keys:
        return f"'{key}' is asked later, or is this question", "look at a question that stands above"
    return f"there is no question '{key}'", conditions.did_you_mean(key, keys, "name a question that stands above")
