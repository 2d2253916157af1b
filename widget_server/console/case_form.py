"""What staff type into a case's forms, read into values. Pure but for nothing: text in, values or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from widget_server.errors import Fault, Invalid
from widget_server.recovery.amounts import decimals

CURRENCIES = ("EUR", "NOK", "SEK", "DKK", "GBP", "USD", "THB", "CHF", "PLN", "AUD", "CAD", "JPY")
PROMISE = re.compile(r"promise-([0-9]{1,18})")
AMOUNT = re.compile(r"[0-9]{1,7}([.,][0-9]{1,2})?")


def minor_units(amount: str, currency: str) -> int:
    """'45.00' or '45,00' EUR → 4500.

    Raises:
        Invalid: with a pointer to the field.
    """
    if currency not in CURRENCIES:
        raise wrong("gesture_currency", "Choose a currency from the list.")
    given = amount.strip().replace(" ", "")
    if not AMOUNT.fullmatch(given):
        raise wrong("gesture_amount", "Give the value as a number, such as 45 or 45.50.")
    value = Decimal(given.replace(",", "."))
    places = decimals(currency)
    if value != round(value, places):
        raise wrong("gesture_amount", f"{currency} has no smaller unit: give a whole number.")
    return int(value * 10**places)


def plain_amount(amount: int, currency: str) -> str:
    """4500 EUR → '45.00', as `minor_units` reads it."""
    places = decimals(currency)
    return f"{Decimal(amount).scaleb(-places):.{places}f}"


def turned_promises(form: Mapping[str, str], zone: ZoneInfo) -> tuple[list[int], dict[int, int]]:
    """What the composer says of each open promise: (ids that are kept, id → the new time in ms).

    Raises:
        Invalid: with a pointer to the field: no new date, or one beside a promise that is to stay as it is.
    """
    kept, moved = [], {}
    for name, said in form.items():
        found = PROMISE.fullmatch(name)
        if found is None:
            continue
        id, day = int(found[1]), form.get(f"{name}-day", "").strip()
        if said == "moved":
            moved[id] = moment_of(day, form.get(f"{name}-time", ""), zone, field=f"{name}-day")
        elif day:
            raise wrong(f"{name}-day", "There is a new date: choose “moved to”, or empty the date.")
        elif said == "kept":
            kept.append(id)
    return kept, moved


def moment_of(day: str, clock: str, zone: ZoneInfo, field: str = "promise_day") -> int:
    """A date and a time of day in a zone, as ms.

    Raises:
        Invalid: with a pointer to the field.
    """
    try:
        then = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock or "17:00"), zone)
        return int(then.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise wrong(field, "Give the day by which it will be done.") from None


def wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, [Fault(f"/{field}", sentence)])


def expected_version(form: Mapping[str, str]) -> int:
    """The version that the person looked at. A form without one is too old to be trusted: it can't match."""
    given = form.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1
