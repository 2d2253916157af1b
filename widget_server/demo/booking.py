"""The demo airline's flights, seats and prices. Pure; whatever an address says, a booking comes out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CITIES = {"OSL": "Oslo", "BGO": "Bergen", "AMS": "Amsterdam", "RTM": "Rotterdam", "BKK": "Bangkok"}
FLIGHTS = (("TA 214", "09:40", "10:35", 14900), ("TA 218", "13:15", "14:10", 11900), ("TA 226", "19:05", "20:00", 9900))
ROWS = range(1, 27)
LETTERS = "ABCDEF"
TAKEN_EVERY = 4  # so many seats of the map are gone
BAG = 2500  # cents
WINDOW_SEAT = 1500
MOST_BAGS = 3
FAILS = 2
"""So many times the bank 'does not answer' before a payment works: the demo's friction."""


@dataclass(frozen=True)
class Booking:
    """What somebody has chosen so far."""

    origin: str
    destination: str
    day: date
    flight: int
    seat: str
    bags: int
    lang: str
    passenger: str  # guest | gold

    @property
    def number(self) -> str:
        return FLIGHTS[self.flight][0]

    @property
    def departs(self) -> str:
        return FLIGHTS[self.flight][1]

    @property
    def arrives(self) -> str:
        return FLIGHTS[self.flight][2]

    @property
    def fare(self) -> int:
        return FLIGHTS[self.flight][3]

    @property
    def seat_price(self) -> int:
        return WINDOW_SEAT if self.seat[-1:] in ("A", "F") else 0

    @property
    def total(self) -> int:
        """Cents of a euro."""
        return self.fare + self.seat_price + self.bags * BAG

    @property
    def reference(self) -> str:
        """A booking reference that people can say; the same for the same booking."""
        drawn = hashlib.sha256(f"{self.number}{self.day}{self.seat}{self.bags}".encode()).digest()
        return "TA-" + "".join("BCDFGHJKLMNPQRSTVWXZ23456789"[byte % 28] for byte in drawn[:5])

    def query(self) -> dict[str, str | int]:
        """The booking as an address carries it from page to page: no cookie is needed."""
        return {
            "from": self.origin,
            "to": self.destination,
            "day": self.day.isoformat(),
            "flight": self.flight,
            "seat": self.seat,
            "bags": self.bags,
            "lang": self.lang,
            "as": self.passenger,
        }


def booking_from(given: Mapping[str, str], today: date, languages: tuple[str, ...]) -> Booking:
    """Read a booking out of an address; what is missing or makes no sense becomes the usual trip."""
    origin = given.get("from", "") if given.get("from") in CITIES else "OSL"
    destination = given.get("to", "") if given.get("to") in CITIES else "BGO"
    seat = given.get("seat", "")
    return Booking(
        origin=origin,
        destination=destination if destination != origin else next(city for city in CITIES if city != origin),
        day=_day(given.get("day", ""), today),
        flight=_number(given.get("flight", ""), len(FLIGHTS) - 1, 0),
        seat=seat if seat in free_seats() else "12A",
        bags=_number(given.get("bags", ""), MOST_BAGS, 1),
        lang=given.get("lang", "") if given.get("lang") in languages else languages[0],
        passenger="gold" if given.get("as") == "gold" else "guest",
    )


def free_seats() -> frozenset[str]:
    return frozenset(seat for row in seat_rows() for seat, free in row if free)


def seat_rows() -> list[list[tuple[str, bool]]]:
    """Each row's seats with whether they are free; 12A always is."""
    every = [[f"{row}{letter}" for letter in LETTERS] for row in ROWS]
    return [[(seat, seat == "12A" or _free(seat)) for seat in row] for row in every]


def _free(seat: str) -> bool:
    return (int(seat[:-1]) * 5 + LETTERS.index(seat[-1]) * 3) % TAKEN_EVERY != 1


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    inside = today < day <= today + timedelta(days=330)
    return day if inside else today + timedelta(days=(5 - today.weekday()) % 7 or 7)  # the next Saturday


def _number(text: str, most: int, otherwise: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else otherwise
    return number if number <= most else otherwise
