"""When the demo's visitors come and what they send: drawn from a fixed seed, so the same two weeks each time. Pure."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from widget_server.clock import DAY, HOUR, MINUTE
from widget_server.demo.voices import Voice, voices

DAYS = 14
ZONE = ZoneInfo("Europe/Oslo")
WEEKDAYS = (1.3, 1.1, 1.0, 1.0, 1.2, 0.7, 0.9)  # Monday first
HOURS = (1, 0, 0, 0, 0, 1, 3, 6, 9, 16, 9, 7, 9, 7, 6, 6, 7, 8, 8, 9, 11, 9, 5, 2)
"""Local hours: a peak between nine and ten, when one person is on duty, and another in the evening."""
HANDLED_BY_NOW = 30 * HOUR
"""What came in before then has been answered; what came in today is in voices.yaml, by the minute."""
QUIET = 118
"""So many marks without a word, beside the voices."""
EXITS, DWELLS = 22, 26
PASSED_BY = {"checkout-exit": 4, "long-dwell": 2}
"""For each answer, so many to whom the survey was shown and who closed it."""
FILLING_IN = 20_000  # ms
NAMES = {
    "en": ("Eleanor Whitcombe", "Ravi Menon", "Siobhan Kelly", "Tom Arkwright", "Grace Okafor"),
    "nl": ("Femke Postma", "Bram Kuiper", "Sanne Visser"),
    "no": ("Kari Nygaard", "Ola Berge", "Ingvild Moe"),
    "th": ("Somchai P.", "Malee S.", "Niran T."),
}
SCREENS = ("phone 390x844", "phone 412x915", "desktop 1440x900", "desktop 1920x1080", "tablet 820x1180")
REASONS = ("payment", "payment", "method", "price", "finding", "looking", "looking", "other")
CLEAR = ("yes", "yes", "no", "not_looked")


@dataclass(frozen=True)
class Visit:
    """One submission to come: `at` in ms since the epoch, the rest as the wire has it."""

    at: int
    survey: str
    lang: str
    answers: Mapping[str, Any]
    page: str
    device: str
    viewport: str
    signals: Mapping[str, Any]
    id: str
    secret: str
    gold: bool = False
    voice: Voice | None = field(default=None, compare=False)


def visits(now: int, chance: random.Random) -> list[Visit]:
    """All of them, in order of time."""
    drawn = [_spoken(voice, now, chance) for voice in voices()]
    drawn += [_marked(now, chance) for _ in range(QUIET)]
    drawn += [_leaving(now, chance) for _ in range(EXITS)]
    drawn += [_dwelling(now, chance) for _ in range(DWELLS)]
    return sorted(drawn, key=lambda visit: visit.at)


def _spoken(voice: Voice, now: int, chance: random.Random) -> Visit:
    at = _moment(now, chance, complaint=voice.mood <= 2)
    if voice.ago is not None:
        at = now - voice.ago * MINUTE
    elif voice.day is not None:
        at = now - voice.day * DAY
    answers: dict[str, Any] = {"mood": voice.mood, "comment": voice.text}
    if voice.about in ("payment", "twice"):
        answers["topic"] = "payment"
    elif voice.about == "seat":
        answers["topic"] = "finding"
    if voice.person or (voice.about and voice.about != "false_alarm" and chance.random() < 0.65):
        answers["contact"] = _contact(voice.person or chance.choice(NAMES[voice.lang]), chance, voice.person is None)
    return _visit(at, "feedback", voice.lang, answers, voice.page, _friction(voice, chance), chance, voice.gold, voice)


def _marked(now: int, chance: random.Random) -> Visit:
    mood = chance.choices((2, 3, 4, 5), (2, 14, 34, 30))[0]
    page = chance.choice(("search", "seat", "bags", "pay", "done"))
    at = _moment(now, chance, complaint=mood <= 2)
    return _visit(at, "feedback", _language(chance), {"mood": mood}, page, {"trigger": "button"}, chance)


def _leaving(now: int, chance: random.Random) -> Visit:
    reason = chance.choice(REASONS)
    signals = {"trigger": "exit_intent", "exit": True, "left_without_goal": "purchase"}
    at = _moment(now, chance, complaint=True)
    return _visit(at, "checkout-exit", _language(chance), {"reason": reason}, "pay", signals, chance)


def _dwelling(now: int, chance: random.Random) -> Visit:
    signals = {"trigger": "dwell", "dwell_seconds": chance.randint(31, 190)}
    at = _moment(now, chance, complaint=False)
    return _visit(at, "long-dwell", _language(chance), {"clear": chance.choice(CLEAR)}, "bags", signals, chance)


def _visit(
    at: int,
    survey: str,
    lang: str,
    answers: Mapping[str, Any],
    page: str,
    signals: Mapping[str, Any],
    chance: random.Random,
    gold: bool = False,
    voice: Voice | None = None,
) -> Visit:
    device, viewport = chance.choice(SCREENS).split()
    made = uuid.UUID(int=chance.getrandbits(128), version=4)
    secret = f"{chance.getrandbits(128):032x}"
    return Visit(at, survey, lang, answers, page, device, viewport, signals, str(made), secret, gold, voice)


def _friction(voice: Voice, chance: random.Random) -> dict[str, Any]:
    """What the page would have noticed of this."""
    signals: dict[str, Any] = {"trigger": "button", "dwell_seconds": chance.randint(8, 90)}
    if voice.about == "seat":
        signals |= {"rage_clicks": chance.randint(1, 6), "dwell_seconds": chance.randint(60, 260)}
    elif voice.about in ("payment", "twice"):
        signals |= {"errors": chance.randint(1, 2)}
    elif voice.about in ("help", "bags"):
        signals |= {"back_and_forth": chance.randint(2, 5)}
    return signals


def _contact(name: str, chance: random.Random, numbered: bool) -> dict[str, Any]:
    local = name.lower().replace(" ", ".").rstrip(".")
    number = str(chance.randint(10, 99)) if numbered else ""
    return {"name": name, "email": f"{local}{number}@example.com", "consent": True}


def _language(chance: random.Random) -> str:
    return chance.choices(("en", "nl", "no", "th"), (45, 20, 25, 10))[0]


def _moment(now: int, chance: random.Random, *, complaint: bool) -> int:
    """A time within the two weeks, by the weekday's and the hour's weight; complaints lean to the morning peak."""
    heaviest = max(WEEKDAYS) * max(HOURS) * 1.5
    while True:
        at = now - chance.randrange(HANDLED_BY_NOW if complaint else 30 * MINUTE, DAYS * DAY)
        local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZONE)
        weight = WEEKDAYS[local.weekday()] * HOURS[local.hour]
        if complaint and local.hour == 9:
            weight *= 1.5
        if chance.random() * heaviest < weight:
            return at
