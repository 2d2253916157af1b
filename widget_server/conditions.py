"""Conditions: the one closed language for targeting, branching and routing. Pure.

    condition := {"all": [c…]} | {"any": [c…]} | {"not": c} | {"fact": "a.b", "operator": op, "value": v}

`widget_js/src/conditions.ts` is the twin; both are held to the cases of tests/contract/conditions.json. What is
malformed does not hold and nothing raises here: `faults` is for whoever reads a file and wants to say what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

OPERATORS = ("is", "is_not", "in", "at_least", "at_most", "matches", "contains", "known")
DEEPEST = 20
LONGEST_PATTERN = 500

Where = tuple[str | int, ...]
"""A place inside a condition: keys and list positions from its root."""


def holds(condition: object, facts: Mapping[str, Any]) -> bool:
    """Whether the condition is true of these facts (a flat map: fact name → text, number, bool or list).

    A missing fact (absent or None) makes every operator false, but `is_not` and `known: false` true.
    """
    return _holds(condition, facts, DEEPEST)


def _holds(condition: object, facts: Mapping[str, Any], depth: int) -> bool:
    if not isinstance(condition, Mapping) or depth < 0:
        return False
    if isinstance(condition.get("all"), list):
        return all(_holds(inner, facts, depth - 1) for inner in condition["all"])
    if isinstance(condition.get("any"), list):
        return any(_holds(inner, facts, depth - 1) for inner in condition["any"])
    if "not" in condition:
        return not _holds(condition["not"], facts, depth - 1)
    fact = condition.get("fact")
    known = facts.get(fact) if isinstance(fact, str) else None
    return _compare(known, condition.get("operator"), condition.get("value"))


def _compare(fact: Any, operator: object, value: Any) -> bool:
    if operator == "known":
        return isinstance(value, bool) and value == (fact is not None)
    if operator == "is_not":
        return not (_same(fact, value) or fact is value is None)  # as JavaScript sees null
    if fact is None:
        return False
    if operator == "is":
        return _same(fact, value)
    if operator == "in":
        return isinstance(value, list) and any(_same(fact, item) for item in value)
    if operator == "at_least":
        return _numbers(fact, value) and bool(fact >= value)
    if operator == "at_most":
        return _numbers(fact, value) and bool(fact <= value)
    if operator == "contains":
        return _contains(fact, value)
    return operator == "matches" and _texts(fact, value) and glob(value, fact)


def _contains(fact: Any, value: Any) -> bool:
    if isinstance(fact, list | tuple):
        return any(_same(item, value) for item in fact)
    return _texts(fact, value) and value.lower() in fact.lower()


def _same(a: Any, b: Any) -> bool:
    """Equal as JavaScript's === sees scalars: 1 is 1.0, but true is not 1, and lists equal nothing."""
    if isinstance(a, bool) or isinstance(b, bool):
        return isinstance(a, bool) and isinstance(b, bool) and a == b
    return (_numbers(a, b) or _texts(a, b)) and bool(a == b)


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _texts(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


def glob(pattern: str, text: str) -> bool:
    """Match the whole text, case-insensitive: `*` any run, `?` one character. Linear in the text.

    All positions in the pattern that could be reached are the bits of one number, so that no pattern makes it retry.
    """
    if len(pattern) > LONGEST_PATTERN:
        return False
    stars = any_one = length = 0
    places: dict[str, int] = {}
    for character in pattern.lower():
        if character == "*":
            stars |= 1 << length
            continue
        if character == "?":
            any_one |= 1 << length
        else:
            places[character] = places.get(character, 0) | 1 << length
        length += 1
    reached = 1
    for character in text.lower():
        reached = (reached & (places.get(character, 0) | any_one)) << 1 | reached & stars
        if not reached:
            return False
    return bool(reached >> length & 1)


@dataclass(frozen=True)
class ConditionFault:
    """Where in the condition (`path` from its root), what is wrong, and what to write instead."""

    path: Where
    message: str
    remedy: str


def faults(condition: object, path: Where = ()) -> Iterator[ConditionFault]:
    """All that is wrong with the shape of a condition that somebody wrote by hand."""
    if len(path) > 2 * DEEPEST:
        yield ConditionFault(path, "the condition is nested too deeply", "say it with fewer levels")
    elif not isinstance(condition, Mapping):
        yield ConditionFault(path, "a condition is missing here", "write 'fact', 'operator' and 'value', or all / any / not")
    elif "all" in condition or "any" in condition:
        yield from _group_faults(condition, "all" if "all" in condition else "any", path)
    elif "not" in condition:
        yield from _unknown_keys(condition, ("not",), path)
        yield from faults(condition["not"], (*path, "not"))
    else:
        yield from _comparison_faults(condition, path)


def _group_faults(condition: Mapping[Any, Any], word: str, path: Where) -> Iterator[ConditionFault]:
    yield from _unknown_keys(condition, (word,), path)
    inner = condition[word]
    if not isinstance(inner, list):
        remedy = "put each on a line that starts with '-'"
        yield ConditionFault((*path, word), f"'{word}' needs a list of conditions", remedy)
        return
    for place, one in enumerate(inner):
        yield from faults(one, (*path, word, place))


def _comparison_faults(condition: Mapping[Any, Any], path: Where) -> Iterator[ConditionFault]:
    yield from _unknown_keys(condition, ("fact", "operator", "value"), path)
    for key in ("fact", "operator", "value"):
        if condition.get(key) is None:
            yield ConditionFault(path, f"the condition has no '{key}'", f"add '{key}'")
    operator, value = condition.get("operator"), condition.get("value")
    if not isinstance(condition.get("fact", ""), str):
        yield ConditionFault((*path, "fact"), "the name of a fact is text", "write it as in 'url.path'")
    if operator is not None and operator not in OPERATORS:
        message = f"there is no operator '{operator}'"
        yield ConditionFault((*path, "operator"), message, did_you_mean(operator, OPERATORS))
    elif value is not None:
        yield from _value_faults(str(operator), value, (*path, "value"))


def _value_faults(operator: str, value: Any, path: Where) -> Iterator[ConditionFault]:
    if operator == "in" and not isinstance(value, list):
        yield ConditionFault(path, "'in' needs a list", "write it as [one, two]")
    elif operator in ("at_least", "at_most") and not _numbers(value):
        yield ConditionFault(path, f"'{operator}' needs a number", "write it without quotes")
    elif operator == "known" and not isinstance(value, bool):
        yield ConditionFault(path, "'known' needs true or false", "write true or false")
    elif operator == "matches" and not (isinstance(value, str) and len(value) <= LONGEST_PATTERN):
        message = f"'matches' needs a pattern of at most {LONGEST_PATTERN} characters"
        yield ConditionFault(path, message, "use * and ?, as in '*/pay*'")
    elif operator in ("is", "is_not", "contains") and not isinstance(value, str | int | float):
        yield ConditionFault(path, f"'{operator}' needs one text, number, true or false", "use 'in' for several")


def _unknown_keys(condition: Mapping[Any, Any], allowed: tuple[str, ...], path: Where) -> Iterator[ConditionFault]:
    for key in condition:
        if key not in allowed:
            near = get_close_matches(str(key), ("all", "any", "not", "fact", "operator", "value"), 1)
            remedy = f"did you mean '{near[0]}'?" if near and near[0] not in condition else f"remove '{key}'"
            yield ConditionFault((*path, str(key)), f"'{key}' does not belong here", remedy)


def did_you_mean(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """What to write instead of a word that nobody knows: the one that is nearly it, else `otherwise`, else any of them."""
    words = list(known)
    near = get_close_matches(str(word), words, 1)
    return f"did you mean '{near[0]}'?" if near else otherwise or "use one of " + ", ".join(words)


def comparisons(condition: object) -> Iterator[Mapping[Any, Any]]:
    """Each `{fact, operator, value}` in the condition, whole or not."""
    if not isinstance(condition, Mapping):
        return
    for word in ("all", "any"):
        for inner in condition[word] if isinstance(condition.get(word), list) else ():
            yield from comparisons(inner)
    yield from comparisons(condition.get("not"))
    if "fact" in condition or "operator" in condition:
        yield condition


def operators_named(condition: object) -> Iterator[str]:
    """Every operator in the condition."""
    return (one["operator"] for one in comparisons(condition) if isinstance(one.get("operator"), str))


def facts_named(condition: object) -> Iterator[str]:
    """Every fact that the condition looks at."""
    return (one["fact"] for one in comparisons(condition) if isinstance(one.get("fact"), str))
