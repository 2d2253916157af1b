"""Bytes from anybody → a plain object, or a refusal with its reason. Pure, and linear in the length of the body.

Python's own reader recurses (3,000 levels end it), takes NaN, lets the last of two equal keys win, and hands on what
a database refuses later: NUL, lone surrogates, integers that no column holds. All of that is said no to here, once.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from widget_server.errors import BadShape, TooLarge

MOST_DEPTH = 20
LARGEST_INTEGER = 2**53  # beyond it JavaScript can't tell neighbours apart
LONGEST_NUMBER = 40

# One match for a string, closed or not, so that no character is looked at twice.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\[\s\S]?)*+"?|[\[{]|[\]}]')
_BOMS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def read_object(body: bytes, most_bytes: int) -> dict[str, Any]:
    """The JSON object in `body`.

    Raises:
        TooLarge: there are more than `most_bytes`.
        BadShape: it is not one well-formed JSON object in UTF-8 that can be stored as it is; the detail says why.
    """
    if len(body) > most_bytes:
        raise TooLarge(f"The body has {len(body)} bytes; the most is {most_bytes}.")
    text = _decoded(body)
    if not text.strip():
        raise BadShape("The body is empty: send one JSON object.")
    _refuse_depth(text)
    try:
        value = _decoder.decode(text.strip(" \t\r\n"))
    except ValueError as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise BadShape(f"The body is not JSON: {said}{where}.") from error
    if not isinstance(value, dict):
        raise BadShape("The body must be one JSON object, as in {…}.")
    if "\\u" in text:
        _refuse_unstorable(value)
    return value


def _decoded(body: bytes) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            raise BadShape(f"The body starts with a {name} byte order mark: send plain UTF-8.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadShape(f"The body is not UTF-8: byte {error.start} does not belong.") from error
    if "\0" in text:
        raise BadShape("The body holds NUL characters (or is UTF-16 or UTF-32): send plain UTF-8.")
    return text


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match[0]
        if mark in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise BadShape(f"The body is nested deeper than {MOST_DEPTH} levels.")
        elif mark in "]}":
            depth -= 1


def _whole(digits: str) -> int:
    if len(digits) <= LONGEST_NUMBER and -LARGEST_INTEGER <= (value := int(digits)) <= LARGEST_INTEGER:
        return value
    raise ValueError("a whole number is beyond ±2^53")


def _fraction(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same key stands twice in one object")
    return found


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
)


def _refuse_unstorable(value: Any) -> None:
    """NUL and lone surrogates come in by \\u escapes alone: the bytes were valid UTF-8 without NUL."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str) and not one.isascii():
            try:
                one.encode()
            except UnicodeEncodeError as error:
                raise BadShape("A text holds half of a surrogate pair: escape whole characters.") from error
        if isinstance(one, str) and "\0" in one:
            raise BadShape("A text holds the NUL character \\u0000, which can't be stored.")
