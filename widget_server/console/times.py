"""Times in words, pure: 'today 12:00' near now, a date far off. Everything in the site's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Due:
    """A due time as a row shows it: `look` is over, soon, later or rest."""

    look: str
    words: str
    group: str


GROUPS = {
    "over": "Overdue",
    "hour": "Due within the hour",
    "today": "Later today",
    "later": "Later",
    "rest": "Nothing owed",
}


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone, or UTC for a name that this machine doesn't know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def end_of_day(now: int, zone: ZoneInfo) -> int:
    """The midnight that ends today in this zone, in ms."""
    day = local(now, zone).date() + timedelta(days=1)
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def due_in_words(due: int | None, now: int, zone: ZoneInfo) -> Due:
    """How a due time stands to now: '12 min over', '18 min', '14:30', 'tomorrow 09:00', 'Tue 09:00', '4 Dec'."""
    if due is None:
        return Due("rest", "nothing owed", "rest")
    if due < now:
        return Due("over", f"{span(now - due)} over", "over")
    if due < now + HOUR:
        return Due("soon", span(due - now), "hour")
    if due < end_of_day(now, zone):
        return Due("later", f"{local(due, zone):%H:%M}", "today")
    return Due("later", _short_day(due, now, zone), "later")


def _short_day(due: int, now: int, zone: ZoneInfo) -> str:
    """For a narrow column: 'tomorrow 09:00', 'Tue 09:00', '4 Dec'."""
    words = moment(due, now, zone)
    day, _, clock = words.partition(" ")
    return f"{day[:3]} {clock}" if day in DAYS else words


def span(ms: int) -> str:
    """A length of time, in the two units that matter: '12 min', '2 h 24 min', '3 days'."""
    minutes = max(ms, 0) // MINUTE
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"
    days = hours // 24
    return "1 day" if days == 1 else f"{days} days"


def took(ms: int) -> str:
    """A length of time as a figure, rounded, and in hours up to three days: '2 h 24 min', '47 h', '4 days'."""
    hours = round(max(ms, 0) / (60 * MINUTE))
    if hours < 10:
        return span(ms)
    return f"{hours} h" if hours < 72 else f"{round(hours / 24)} days"


def long_span(ms: int) -> str:
    """The same for a sentence: '18 minutes', '3 hours', '2 days'."""
    minutes = max(ms, 0) // MINUTE
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" + ("" if count == 1 else "s")
    return "less than a minute"


def moment(ms: int, now: int, zone: ZoneInfo) -> str:
    """A point in time: '09:12' today, 'yesterday 09:12', 'tomorrow 09:00', 'Tuesday 14:30', '4 Sept', '4 Sept 2025'."""
    then, today = local(ms, zone), local(now, zone)
    days = (then.date() - today.date()).days
    clock = f"{then:%H:%M}"
    if days == 0:
        return clock
    if days in (-1, 1):
        return f"{'yesterday' if days < 0 else 'tomorrow'} {clock}"
    if -7 < days < 7:
        return f"{DAYS[then.weekday()]} {clock}"
    date = f"{then.day} {MONTHS[then.month - 1]}"
    return date if then.year == today.year else f"{date} {then.year}"


def full_moment(ms: int, zone: ZoneInfo) -> str:
    """For a title: '21 Nov 2026, 09:12'."""
    then = local(ms, zone)
    return f"{then.day} {MONTHS[then.month - 1]} {then.year}, {then:%H:%M}"
