"""The one clock. Business time is an int: milliseconds since 1970 in UTC.

Tests and the demo's history move it with `travel`; nothing else asks the machine for the time of day.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_read: Callable[[], int] = lambda: time.time_ns() // 1_000_000  # noqa: E731


def now_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return _read()


@contextmanager
def travel(to: int | Callable[[], int]) -> Iterator[None]:
    """Let the whole process read another time: a fixed one, or a function of none. Not for production code."""
    global _read
    before = _read
    _read = to if callable(to) else (lambda: to)
    try:
        yield
    finally:
        _read = before
