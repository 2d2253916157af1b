"""Due times that count only while somebody is there: by the clock on the wall, in the site's own zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from widget_server.routing.hours import Hours, due_after, is_open, span_of

OSLO = "Europe/Oslo"
OFFICE = Hours(dict.fromkeys(range(5), ((540, 750), (810, 1020))), frozenset({date(2026, 12, 25)}))
"""09:00–12:30 and 13:30–17:00, Monday to Friday."""


def at(said: str, zone: str = OSLO) -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-30 09:00", 30, "2026-11-30 09:30"),
        ("2026-11-30 06:00", 30, "2026-11-30 09:30"),  # nobody is there yet
        ("2026-11-30 12:20", 30, "2026-11-30 13:50"),  # over noon
        ("2026-11-30 12:00", 30, "2026-11-30 12:30"),  # ends with the span, not when the next one begins
        ("2026-11-27 16:50", 30, "2026-11-30 09:20"),  # over the weekend
        ("2026-12-24 16:00", 120, "2026-12-28 10:00"),  # Christmas Day is a Friday, and closed
        ("2026-11-30 09:00", 7 * 60, "2026-11-30 17:00"),
        ("2026-11-30 09:00", 7 * 60 + 1, "2026-12-01 09:01"),
    ],
)
def test_only_open_time_counts(start: str, minutes: int, due: str) -> None:
    assert due_after(OFFICE, OSLO, at(start), minutes) == at(due)


def test_an_hour_that_comes_twice_counts_twice_and_one_left_out_does_not_count() -> None:
    nights = Hours(dict.fromkeys(range(7), ((60, 240),)))  # 01:00–04:00
    assert due_after(nights, OSLO, at("2026-10-25 01:00"), 240) == at("2026-10-25 04:00")
    assert due_after(nights, OSLO, at("2026-03-29 01:00"), 121) == at("2026-03-30 01:01")


def test_where_there_is_never_so_much_time_it_counts_day_and_night() -> None:
    closed = Hours({0: ((540, 541),)})
    assert due_after(closed, OSLO, at("2026-11-30 12:00"), 1_000) == at("2026-11-30 12:00") + 60_000_000


def test_open_is_told_to_the_minute() -> None:
    said = ("08:59", "09:00", "12:29", "12:30", "16:59", "17:00")
    told = [is_open(OFFICE, OSLO, at(f"2026-11-30 {clock}")) for clock in said]
    assert told == [False, True, True, False, True, False]


@pytest.mark.parametrize("said", ["9-17", "09:00", "17:00-09:00", "09:00-24:01", "25:00-26:00", "09:00-09:00", 9, None])
def test_what_is_no_span_is_none(said: object) -> None:
    assert span_of(said) is None


def test_a_span_may_end_at_midnight() -> None:
    assert span_of("22:00 - 24:00") == (1320, 1440)
