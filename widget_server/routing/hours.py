"""When somebody is there to answer, and when a time that counts only then is over. Pure.

Spans are local wall time on a day of the week, several a day, each from minute to minute after midnight. A time is
counted along the UTC line, cut where the zone's offset changes: on the day the clocks go back an open hour that comes
twice counts twice, and one that is left out does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS
MOST_DAYS = 5 * 366
"""So far ahead is looked."""

Span = tuple[int, int]
"""Minutes after local midnight, the second one not within: (540, 1050) is 09:00 to 17:30."""


@dataclass(frozen=True)
class Hours:
    """`week` has spans by weekday (0: Monday), in order and apart from each other; `closed` are days without any."""

    week: Mapping[int, tuple[Span, ...]]
    closed: frozenset[date] = field(default_factory=frozenset)

    def spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed else self.week.get(day.weekday(), ())


SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def span_of(said: object) -> Span | None:
    """'09:00-17:30' as minutes after midnight; up to '24:00'. None for anything else."""
    found = SPAN.fullmatch(said.replace(" ", "")) if isinstance(said, str) else None
    if found is None:
        return None
    opens, closes = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
    return (opens, closes) if opens < closes <= 1440 else None


def due_after(hours: Hours, zone: str, start: int, minutes: int) -> int:
    """When `minutes` of open time have passed since `start` (both ms since the epoch, UTC).

    It ends with an open span, never at the next one's beginning. Where there is not that much open time ahead, it is
    counted day and night.
    """
    left = minutes * MINUTE_MS
    for begins, ends in _open(hours, ZoneInfo(zone), start):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return start + minutes * MINUTE_MS


def is_open(hours: Hours, zone: str, moment: int) -> bool:
    return next(_open(hours, ZoneInfo(zone), moment), (moment + 1, 0))[0] == moment


def _open(hours: Hours, zone: ZoneInfo, start: int) -> Iterator[Span]:
    """Open time from `start` on, as pairs of ms, in order."""
    for at in range(start, start + MOST_DAYS * DAY_MS, DAY_MS):
        for begins, ends, offset in _pieces(zone, at, at + DAY_MS):
            yield from _within(hours, begins, ends, offset)


def _within(hours: Hours, begins: int, ends: int, offset: int) -> Iterator[Span]:
    """Open time within a piece of the UTC line that has one offset."""
    for number in range((begins + offset) // DAY_MS, (ends - 1 + offset) // DAY_MS + 1):
        midnight = number * DAY_MS - offset
        for opens, closes in hours.spans(date.fromordinal(EPOCH + number)):
            first, last = max(begins, midnight + opens * MINUTE_MS), min(ends, midnight + closes * MINUTE_MS)
            if first < last:
                yield first, last


EPOCH = date(1970, 1, 1).toordinal()


def _pieces(zone: ZoneInfo, begins: int, ends: int) -> Iterator[tuple[int, int, int]]:
    """The time between, cut where the offset changes (once a day at most)."""
    before, after = _offset(zone, begins), _offset(zone, ends)
    if before == after:
        yield begins, ends, before
        return
    low, high = begins, ends
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    yield begins, high, before
    yield high, ends, after


@lru_cache(4096)
def _offset(zone: ZoneInfo, moment: int) -> int:
    """Of local time before UTC, in ms."""
    told = datetime.fromtimestamp(moment / 1000, UTC).astimezone(zone).utcoffset()
    return 0 if told is None else round(told.total_seconds() * 1000)
