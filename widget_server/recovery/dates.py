"""Moments as people say them: "today 12:00", "Tuesday 09:00", "before 12:00 today". Pure; the words come in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def local(at: int, zone: str) -> datetime:
    """A moment in a zone; UTC where the zone is not known."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    try:
        return moment.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return moment


def nearness(at: int, now: int, zone: str) -> str:
    """How far off a day is: today, tomorrow, yesterday, weekday (within six days), date or year."""
    then, today = local(at, zone).date(), local(now, zone).date()
    days = (then - today) // timedelta(days=1)
    if days in (-1, 0, 1):
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    if 1 < days < 7:
        return "weekday"
    return "date" if then.year == today.year else "year"


def said(words: Mapping[str, Any], at: int, now: int, zone: str) -> str:
    """ "today 12:00" by a message file's `day` texts."""
    return _said(words, "day", at, now, zone)


def before(words: Mapping[str, Any], at: int, now: int, zone: str) -> str:
    """ "before 12:00 today" by a message file's `before` texts."""
    return _said(words, "before", at, now, zone)


def clock_time(at: int, zone: str) -> str:
    return f"{local(at, zone):%H:%M}"


def _said(words: Mapping[str, Any], kind: str, at: int, now: int, zone: str) -> str:
    then = local(at, zone)
    values = {
        "time": f"{then:%H:%M}",
        "weekday": words["weekdays"][then.weekday()],
        "day": str(then.day),
        "month": words["months"][then.month - 1],
        "year": str(then.year),
    }
    text = words[kind][nearness(at, now, zone)]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return str(text)
