# ruff: noqa: E501
"""Bodies that no widget of ours would send, made from a seed: the same number is the same body for good."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

TEXT = "text/plain;charset=UTF-8"

WEIRD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, -0.0, 2**53, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 1e308, "", " ", "0", "a" * 20_000,
    "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "😀" * 3000, [], {}, [[]], [None], {"": ""}, {"a": {"b": {"c": {}}}},
    "NaN", "'; DROP TABLE responses; --", "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "%00", "%s%n", list(range(500)),
    {str(n): n for n in range(300)}, "٣", "１", "é" * 5000, [["x"] * 50] * 20, float("inf"), float("nan"), -1e-320,
)  # fmt: skip

RAW: tuple[bytes, ...] = (
    b"", b" ", b"\0", b"null", b"true", b"1", b'"text"', b"[]", b"[[]]", b"{}", b"{", b"}", b'{"', b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,}',
    b"{'p':1}", b"NaN", b'{"p":NaN}', b'{"p":Infinity}', b'{"p":-Infinity}', b'{"p":1e999}', b'{"p":1,"p":1}', b'{"p":01}', b'{"p":+1}',
    b'{"p":9223372036854775808}', b'{"p":1' + b"0" * 5000 + b"}", b'{"p":0.' + b"1" * 20_000 + b"}", b'{"p":"\\u0000"}', b'{"p":"\\ud800"}',
    b'{"\\u0000":1}', b'{"\\udc00":1}', b'{"p":"\\ud83d\\ude00"}', b'{"p":"\x00"}', b'{"p":"\x1f"}', b'{"p":"\xff"}', b'{"p":"\xed\xa0\x80"}',
    b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00", b"\xfe\xff\x00{\x00}", b"\xc3\x28", b"[" * 3000 + b"]" * 3000, b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b'{"answers":' + b"[" * 3000 + b"]" * 3000 + b"}", b"[" * 30_000, b'{"a":"' + b"[" * 5000 + b'"}', b'{"a":"' + b'\\"' * 10_000 + b'"',
    b'{"a":"' + b"\\" * 9999, b"--x\r\n", b"a=b&c=d", b"<xml/>", b"\x1f\x8b\x08\x00", b"{}" * 10, b"//c\n{}", b"{}\x00", b"\x0b{}", b'{"p":1}]',
)  # fmt: skip


@dataclass(frozen=True)
class Bad:
    """A request: its body and how it is sent."""

    body: bytes
    content_type: str = TEXT
    headers: dict[str, str] = field(default_factory=dict)


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    if isinstance(value, dict):
        for name, part in value.items():
            yield from paths(part, (*at, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from paths(part, (*at, place))


def with_change(value: Any, at: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """A copy in which `change(container, key)` was done at a path."""
    copy = json.loads(json.dumps(value))
    inner = copy
    for step in at[:-1]:
        inner = inner[step]
    change(inner, at[-1])
    return copy


def set_to(new: Any) -> Callable[[Any, Any], None]:
    def change(container: Any, key: Any) -> None:
        container[key] = new

    return change


def remove(container: Any, key: Any) -> None:
    del container[key]


def rename(draw: random.Random) -> Callable[[Any, Any], None]:
    def change(container: Any, key: Any) -> None:
        part = container.pop(key)
        if isinstance(container, dict):
            container[draw.choice(["", "x" * 5000, "\0", "\ud800", "__proto__", "ไทย", "a/b~c", "1"])] = part

    return change


def multipart(parts: int, draw: random.Random) -> Bad:
    body = b"".join(b'--b\r\nContent-Disposition: form-data; name="%d"\r\n\r\nx\r\n' % n for n in range(parts)) + b"--b--\r\n"
    kind = draw.choice(["multipart/form-data; boundary=b", "multipart/form-data", "multipart/mixed; boundary=b"])
    return Bad(body, kind)


def _wrong_value(valid: dict[str, Any], draw: random.Random) -> Bad:
    at = draw.choice(list(paths(valid)))
    return Bad(encoded(with_change(valid, at, set_to(draw.choice(WEIRD)))))


def _several_wrong(valid: dict[str, Any], draw: random.Random) -> Bad:
    value = valid
    for _ in range(draw.randint(2, 6)):
        value = with_change(value, draw.choice(list(paths(value))), set_to(draw.choice(WEIRD)))
        if not list(paths(value)):
            break
    return Bad(encoded(value))


def _missing(valid: dict[str, Any], draw: random.Random) -> Bad:
    return Bad(encoded(with_change(valid, draw.choice(list(paths(valid))), remove)))


def _renamed(valid: dict[str, Any], draw: random.Random) -> Bad:
    return Bad(encoded(with_change(valid, draw.choice(list(paths(valid))), rename(draw))))


def _bytes_turned(valid: dict[str, Any], draw: random.Random) -> Bad:
    body = bytearray(encoded(valid))
    for _ in range(draw.randint(1, 8)):
        body[draw.randrange(len(body))] = draw.randrange(256)
    return Bad(bytes(body))


def _cut_or_spliced(valid: dict[str, Any], draw: random.Random) -> Bad:
    body = encoded(valid)
    at, until = sorted((draw.randrange(len(body)), draw.randrange(len(body))))
    return Bad(draw.choice([body[:at], body[:at] + body[until:], body + body, body[:until] + body[at:]]))


def _raw(_valid: dict[str, Any], draw: random.Random) -> Bad:
    return Bad(draw.choice(RAW))


def _raw_inside(valid: dict[str, Any], draw: random.Random) -> Bad:
    """A raw piece where a value stood."""
    at = draw.choice(list(paths(valid)))
    marked = encoded(with_change(valid, at, set_to("@@@")))
    return Bad(marked.replace(b'"@@@"', draw.choice(RAW) or b"null"))


def _encoding(valid: dict[str, Any], draw: random.Random) -> Bad:
    text = json.dumps(valid, ensure_ascii=False)
    code = draw.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "utf-7"])
    said = draw.choice([TEXT, f"text/plain;charset={code}", f"application/json; charset={code}", "application/json"])
    return Bad((text + "é").encode(code, "replace"), said)


@cache
def bomb() -> bytes:
    """Ten gigabytes, once it is unpacked twice, in thirty kilobytes: a thousand times the same ten megabytes."""
    return gzip.compress(gzip.compress(bytes(10_000_000), mtime=0) * 1000, mtime=0)


def _compressed(valid: dict[str, Any], draw: random.Random) -> Bad:
    body = draw.choice([lambda: gzip.compress(encoded(valid), mtime=0), bomb])()
    return Bad(body, headers={"Content-Encoding": draw.choice(["gzip", "deflate", "br", "gzip, gzip", "x" * 50])})


def _media_type(valid: dict[str, Any], draw: random.Random) -> Bad:
    kinds = ["", "text/html", "application/x-www-form-urlencoded", "application/octet-stream", "text/plain;charset=utf-16", ";;;", "x" * 500,
             "application/json;charset=\"", "text/plain; =", "multipart/form-data; boundary="]  # fmt: skip
    return Bad(encoded(valid), draw.choice(kinds))


def _too_large(valid: dict[str, Any], draw: random.Random) -> Bad:
    size = draw.choice([32_768, 32_769, 100_000, 2_000_000])
    return Bad(encoded({**valid, "padding": "x" * size}))


def _many_parts(_valid: dict[str, Any], draw: random.Random) -> Bad:
    return multipart(draw.choice([0, 1, 1000, 10_000]), draw)


def _headers(valid: dict[str, Any], draw: random.Random) -> Bad:
    name = draw.choice(["Origin", "Transfer-Encoding", "X-Forwarded-For", "DNT", "Accept", "Content-Length", "Cookie", "Sec-GPC"])
    value = draw.choice(["", "null", "x" * 3000, "https://www.tern-air.example.evil", "chunked", "1", "-1", "😀".encode().decode("latin-1")])
    return Bad(encoded(valid), headers={name: value})


KINDS: tuple[Callable[[dict[str, Any], random.Random], Bad], ...] = (
    _wrong_value, _wrong_value, _several_wrong, _several_wrong, _missing, _renamed, _bytes_turned, _cut_or_spliced, _raw, _raw_inside,
    _raw_inside, _encoding, _compressed, _media_type, _too_large, _many_parts, _headers,
)  # fmt: skip


def malformed(count: int, valid: dict[str, Any], seed: int = 2026) -> Iterator[Bad]:
    """`count` requests, the kinds in turn. Some turn out harmless: what counts is that none breaks anything."""
    draw = random.Random(seed)
    for number in range(count):
        yield KINDS[number % len(KINDS)](valid, draw)
