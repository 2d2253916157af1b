"""What the demo's staff and customers do to a case, and when: a plan of small steps from the moment it opens. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from widget_server.clock import DAY, HOUR, MINUTE
from widget_server.demo.visits import ZONE

OPENS, CLOSES = 8, 20  # o'clock
FAIR = {
    "en": "The seat fee back, and somebody who tells me that it is done.",
    "nl": "Het bedrag terug en een bevestiging dat het geregeld is.",
    "no": "Pengene tilbake, og at noen sier fra når det er ordnet.",
    "th": "ขอเงินคืน และแจ้งให้ทราบเมื่อเรียบร้อย",
}
NOT_YET = {
    "en": "It happened again this morning, at the same place.",
    "nl": "Vanochtend gebeurde het weer, op dezelfde plek.",
    "no": "Det skjedde igjen i dag tidlig, på samme sted.",
    "th": "เช้านี้เกิดขึ้นอีกแล้ว ที่เดิม",
}
AGAIN = {
    "en": "Thank you for telling me that it did not hold. I am taking it up with the developers again, and stay with it.",
    "nl": "Dank u dat u het laat weten. Ik ga er opnieuw mee naar de ontwikkelaars en blijf erbij.",
    "no": "Takk for at du sier fra. Jeg tar det opp med utviklerne igjen og følger det helt til det er i orden.",
    "th": "ขอบคุณที่แจ้งให้ทราบ กำลังนำเรื่องนี้กลับไปหารือกับทีมพัฒนาอีกครั้ง",
}
TODAY = {
    "acknowledged": ("claim", "apologise"),
    "promised": ("claim", "promise"),
    "understood": ("claim", "apologise", "understand"),
    "wrote_again": ("claim", "apologise", "write_again", "ask_to_give"),
}
"""What is done by now about a case of today, by the voice's `hands`."""


@dataclass(frozen=True)
class Step:
    """`what` is a method of history.Desk; `at` in ms since the epoch."""

    at: int
    what: str


def plan(opened_at: int, theme: str, hands: str | None, fresh: bool, chance: random.Random) -> Iterator[Step]:
    """The whole way of a case. Steps that lie in the future are for the reader to leave out.

    Args:
        fresh: it came in today: only what `hands` names has been done.
    """
    if fresh:
        for place, what in enumerate(TODAY.get(hands or "", ())):
            yield Step(opened_at + (12 + 25 * place) * MINUTE, what)
        return
    at = on_duty(opened_at + chance.randint(15, 100) * MINUTE)
    if theme == "false_alarm":
        yield Step(at, "not_a_failure")
        return
    yield Step(at, "claim")
    if chance.random() < 0.15:
        at = on_duty(at + 10 * MINUTE)
        yield Step(at, "hand_over")
    at = on_duty(at + chance.randint(4, 30) * MINUTE)
    yield Step(at, "promise" if chance.random() < 0.3 else "apologise")
    if chance.random() < 0.3:
        yield Step(at + chance.randint(20, 200) * MINUTE, "say_what_is_fair")
    at = on_duty(at + chance.randint(25, 120) * MINUTE)
    yield Step(at, "understand")
    at = on_duty(at + chance.randint(1, 5) * HOUR)
    yield Step(at, "resolve")
    asked = at + 3 * DAY + MINUTE
    yield Step(asked, "ask")
    if chance.random() < 0.85:
        asked += chance.randint(1, 30) * HOUR
        if chance.random() < 0.12:
            yield Step(asked, "dissatisfied")
            yield Step(on_duty(asked + 35 * MINUTE), "answer_again")
            yield Step(asked := on_duty(asked + chance.randint(3, 8) * HOUR), "resolve")
            yield Step(asked := asked + 3 * DAY + MINUTE, "ask")
        yield Step(asked + 2 * HOUR, "satisfied")
        yield Step(on_duty(asked + chance.randint(4, 20) * HOUR), "document")


def on_duty(at: int) -> int:
    """The same moment, or the next morning's first half hour when nobody is there."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZONE)
    if OPENS <= local.hour < CLOSES:
        return at
    hours = (OPENS - local.hour) % 24
    return at + hours * HOUR - local.minute * MINUTE + (at // 1000 % 29) * MINUTE
