"""A27: clocks are fair: times that run only while somebody is there, against a walk over every minute, in twenty zones.

The walk knows nothing of how the times are worked out: it asks for each minute of six years whether the local clock
shows an open one, and counts. Days on which clocks change, split shifts, nights, whole days and holidays are among them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from tests.proofs.frame import Found, command
from widget_server.routing.hours import DAY_NAMES, MINUTE_MS, Hours, due_after, span_of

ZONES = (
    "Australia/Lord_Howe", "Europe/Oslo", "Europe/Amsterdam", "Europe/London", "Europe/Lisbon", "America/New_York",
    "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Santiago", "Africa/Cairo", "Africa/Casablanca",
    "Asia/Bangkok", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Adelaide", "Pacific/Chatham", "Pacific/Apia",
    "UTC",
)  # fmt: skip
"""Half and quarter hours, clocks that move by thirty minutes, twice a year for a month, or never."""
WEEKS = {
    "office": dict.fromkeys(DAY_NAMES[:5], ("09:00-17:00",)),
    "split shifts": dict.fromkeys(DAY_NAMES[:6], ("08:30-12:15", "13:00-18:45")),
    "at night": dict.fromkeys(DAY_NAMES, ("00:00-03:30", "22:00-24:00")),
    "day and night but Sunday": dict.fromkeys(DAY_NAMES[:6], ("00:00-24:00",)),
    "an hour on Sunday": {"sun": ("01:30-02:30",)},
}
HOLIDAYS = ((1, 1), (5, 17), (12, 25), (12, 26))
CLOSED = frozenset(date(year, month, day) for year in range(2026, 2032) for month, day in HOLIDAYS)
BEGINS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) // 60
"""The first minute of the walk, since the epoch."""
QUARTERS = 6 * 366 * 96
MOST_MINUTES = 6_000


@dataclass(frozen=True)
class Walk:
    """`before[n]`: how many of the first n minutes were open."""

    before: np.ndarray

    def due(self, start: int, minutes: int) -> int:
        minute, part = divmod(start - BEGINS * MINUTE_MS, MINUTE_MS)
        is_open = self.before[minute + 1] > self.before[minute]
        wanted = int(self.before[minute]) * MINUTE_MS + (part if is_open else 0) + minutes * MINUTE_MS
        last = int(np.searchsorted(self.before, -(-wanted // MINUTE_MS))) - 1
        return (BEGINS + last) * MINUTE_MS + wanted - int(self.before[last]) * MINUTE_MS


def prove(deadlines: int, seed: int, zones: int = len(ZONES)) -> Found:
    chance = random.Random(seed)
    places = [(zone, name, hours, walk) for zone in ZONES[:zones] for name, hours, walk in _walks(zone)]
    each = -(-deadlines // len(places))
    wrong: list[str] = []
    for zone, name, hours, walk in places:
        for _ in range(each):
            start = (BEGINS + chance.randrange(2 * 365 * 1440)) * MINUTE_MS + chance.randrange(MINUTE_MS)
            minutes = chance.choice((1, 30, 120, 480, 1440, chance.randrange(1, MOST_MINUTES)))
            minutes = minutes if name != "an hour on Sunday" else minutes % 600 + 1
            worked_out, walked = due_after(hours, zone, start, minutes), walk.due(start, minutes)
            if worked_out != walked:
                wrong.append(f"{zone}, {name}: {minutes} minutes from {start}: {worked_out}, not {walked}")
    return {
        "ok": not wrong, "deadlines": each * len(places), "zones": zones, "weeks": len(WEEKS), "differ": len(wrong),
        "changes of clocks met": sum(_changes(zone) for zone in ZONES[:zones]), **({"first": wrong[0]} if wrong else {}),
    }  # fmt: skip


def hours_of(week: dict[str, tuple[str, ...]]) -> Hours:
    spans = {DAY_NAMES.index(day): tuple(span for said in spoken if (span := span_of(said))) for day, spoken in week.items()}
    return Hours(spans, CLOSED)


def _walks(zone: str) -> Iterator[tuple[str, Hours, Walk]]:
    minutes = BEGINS + np.arange(QUARTERS * 15)
    local = minutes + np.repeat(_offsets(zone), 15)
    day, clock = np.divmod(local, 1440)
    weekday = (day + 3) % 7  # the epoch began on a Thursday
    closed = np.isin(day, [one.toordinal() - date(1970, 1, 1).toordinal() for one in CLOSED])
    for name, week in WEEKS.items():
        is_open = np.zeros(len(minutes), bool)
        for number, spoken in enumerate(week.get(name, ()) for name in DAY_NAMES):
            for said in spoken:
                begins, ends = (int(part[:2]) * 60 + int(part[3:]) for part in said.split("-"))
                is_open |= (weekday == number) & (begins <= clock) & (clock < ends)
        before = np.concatenate([[0], np.cumsum(is_open & ~closed)])
        yield name, hours_of(week), Walk(before)


def _offsets(zone: str) -> np.ndarray:
    """Minutes of local time before UTC, for each quarter of an hour: no zone changes at another minute."""
    known = ZoneInfo(zone)
    offsets = []
    for quarter in range(QUARTERS):
        told = datetime.fromtimestamp((BEGINS + quarter * 15) * 60, UTC).astimezone(known).utcoffset()
        offsets.append(int(told.total_seconds()) // 60 if told is not None else 0)
    return np.array(offsets)


def _changes(zone: str) -> int:
    known = ZoneInfo(zone)
    days = [datetime.fromtimestamp((BEGINS + day * 1440) * 60, UTC).astimezone(known).utcoffset() for day in range(2 * 365)]
    return sum(one != other for one, other in pairwise(days))


if __name__ == "__main__":
    command(prove, __doc__, deadlines=100_000, seed=1, zones=len(ZONES))
