"""Each thing that a body may not be is refused with its own reason, and in no time."""

from __future__ import annotations

import pytest

from tests.growth import least_time
from widget_server.errors import BadShape, Refusal, TooLarge
from widget_server.intake.safe_json import MOST_DEPTH, read_object

REASONS: list[tuple[bytes, str]] = [
    (b"", "empty"),
    (b" \n", "empty"),
    (b"[]", "one JSON object"),
    (b"7", "one JSON object"),
    (b'"a"', "one JSON object"),
    (b"{", "not JSON"),
    (b'{"a":1}{', "not JSON"),
    (b'{"a":NaN}', "NaN"),
    (b'{"a":-Infinity}', "Infinity"),
    (b'{"a":1e999}', "too large"),
    (b'{"a":9007199254740993}', "2^53"),
    (b'{"a":-9223372036854775809}', "2^53"),
    (b'{"a":1' + b"0" * 9000 + b"}", "2^53"),
    (b'{"a":1,"a":2}', "same key"),
    (b'{"a":{"b":1,"\\u0062":2}}', "same key"),
    (b'{"a":"\\u0000"}', "NUL"),
    (b'{"\\u0000":1}', "NUL"),
    (b'{"a":\x00}', "NUL"),
    (b'{"a":["\\ud800"]}', "surrogate"),
    (b'{"\\udfff":1}', "surrogate"),
    (b'{"a":"\xff"}', "not UTF-8"),
    (b'{"a":"\xed\xa0\x80"}', "not UTF-8"),
    (b"\xef\xbb\xbf{}", "byte order mark"),
    ('{"a":1}'.encode("utf-16"), "byte order mark"),
    ('{"a":1}'.encode("utf-16-le"), "UTF-16"),
    (b"[" * 3000 + b"]" * 3000, "nested"),
    (b'{"a":' * 3000 + b"1" + b"}" * 3000, "nested"),
]


@pytest.mark.parametrize(("body", "reason"), REASONS, ids=range(len(REASONS)))
def test_a_refusal_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(BadShape) as refused:
        read_object(body, 32_768)
    assert reason in refused.value.detail


def test_one_byte_too_many_is_too_large() -> None:
    assert read_object(b'{"a":1}', 7) == {"a": 1}
    with pytest.raises(TooLarge):
        read_object(b'{"a":1}', 6)


def test_what_is_well_formed_comes_through() -> None:
    body = '{"a": "\\ud83d\\ude00 \\\\u0000 ไทย {[", "b": 9007199254740992, "c": -0.5, "d": [null, true]}'
    assert read_object(body.encode(), 32_768) == {"a": "😀 \\u0000 ไทย {[", "b": 2**53, "c": -0.5, "d": [None, True]}
    deep = b'{"a":' * MOST_DEPTH + b'"]]]]"' + b"}" * MOST_DEPTH
    assert read_object(deep, 32_768)


@pytest.mark.parametrize("piece", [b'"', b'\\"', b"[", b"{", b'{"a":', b"\\", b"[]", b'["', b"\\u0000", b"9", b",", b"[1,"])
def test_work_on_hostile_bytes_grows_with_their_number_and_not_with_its_square(piece: bytes) -> None:
    assert _least_time(piece, 32_700) < 160 * _least_time(piece, 1_200)


def _least_time(piece: bytes, length: int) -> float:
    bodies = [lead + (piece * length)[:length] for lead in (b"", b"{", b'{"a":', b'{"a":"')]

    def refused() -> None:
        for body in bodies:
            with pytest.raises(Refusal):
                read_object(body, 32_768)

    return least_time(refused)
