"""What the customer's page says, decided from values: the headline, the steps, which question is asked. Pure.

The headline is the promise, and none is made up: a time stands there where a person promised one, or, while nobody
has taken it, as the desk's aim.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from widget_server.recovery.letters import LANGUAGES, known_language

_PLACE = re.compile(r"\{([a-z_]+)\}")


@cache
def messages() -> dict[str, dict[str, Any]]:
    """Every message file, by language."""
    folder = Path(__file__).parent / "messages"
    return {code: json.loads((folder / f"{code}.json").read_text(encoding="utf-8")) for code in LANGUAGES}


def offered(languages: Iterable[str], current: str) -> list[str]:
    """The languages to choose from: the site's, what is read now, and English; all eighteen would bury the message."""
    wanted = {*(known_language(language) for language in languages), current, "en"}
    return [language for language in LANGUAGES if language in wanted]


def say(template: str, **values: Any) -> Markup:
    """Our own sentence with values in their places. Values are escaped, and never looked into."""
    parts = _PLACE.split(template)
    filled = [
        escape(part) if place % 2 == 0 else escape(values.get(part, "{" + part + "}"))
        for place, part in enumerate(parts)
    ]
    return Markup("").join(filled)


@dataclass(frozen=True)
class Standing:
    """How it stands with a message, as far as its page looks at it."""

    state: str | None = None  # of the case; None: there is none
    closed_as: str | None = None
    who: str | None = None  # the first name of whoever has it
    promise_due: int | None = None
    aim: int | None = None  # when the desk means to have answered
    reopened: int = 0
    followed_up: bool = False
    by_mail: bool = False
    erased: bool = False
    answered_since_reopened: bool = False


def headline(standing: Standing, now: int) -> str:
    """The key of the headline's sentence."""
    if standing.erased:
        return "erased"
    if standing.state is None:
        return "received"
    if standing.state == "closed":
        return "read" if standing.closed_as == "not_a_failure" else "closed"
    if standing.state == "resolved":
        return "held" if standing.followed_up else "resolved"
    return _open_headline(standing, now)


def _open_headline(standing: Standing, now: int) -> str:
    if standing.who is None:
        if standing.reopened:
            return "again_nobody"
        return "aim" if standing.aim is not None and standing.aim > now else "received"
    if standing.promise_due is not None:
        return "promised" if standing.promise_due > now else "late"
    if standing.state == "waiting":
        return "waiting"
    if standing.reopened and not standing.answered_since_reopened:
        return "again"
    return "theirs_mail" if standing.by_mail else "theirs"


@dataclass(frozen=True)
class Mark:
    """One of the steps in the customer's words. `word` names the small line under it; `at` is its moment."""

    label: str
    status: str  # past | now | later
    word: str | None = None  # None: the moment itself
    at: int | None = None


@dataclass(frozen=True)
class Times:
    received_at: int
    read_at: int | None = None
    resolved_at: int | None = None
    ask_at: int | None = None
    followed_up_at: int | None = None


def steps(standing: Standing, times: Times, now: int) -> list[Mark]:
    """Received, read by a person, put right, asked whether it held. Two where nothing is to be put right."""
    read = times.read_at or times.resolved_at
    marks = [
        Mark("received", "past", at=times.received_at),
        Mark("read", "past", at=read) if read else Mark("to_read", "later"),
    ]
    if standing.state is None or standing.closed_as == "not_a_failure":
        return marks
    return [
        marks[0],
        marks[1] if read else Mark("to_read", "now"),
        _right(standing, times, bool(read), now),
        _ask(standing, times),
    ]


def _right(standing: Standing, times: Times, read: bool, now: int) -> Mark:
    if times.resolved_at is not None:
        return Mark("was_right", "past", at=times.resolved_at)
    promised = standing.promise_due if standing.promise_due and standing.promise_due > now else None
    return Mark("right", "now" if read else "later", "by" if promised else None, promised)


def _ask(standing: Standing, times: Times) -> Mark:
    if times.followed_up_at is not None:
        return Mark("asked", "past", at=times.followed_up_at)
    if times.resolved_at is None:
        return Mark("ask", "later", "days")
    if standing.state != "resolved":
        return Mark("ask", "later")
    return Mark("ask", "now", "on" if times.ask_at else None, times.ask_at)


def asks(standing: Standing, *, fair_said: bool, shared: bool) -> str | None:
    """The page's one question: what would be fair, or whether it is right now."""
    if not shared or standing.erased:
        return None
    if standing.state in ("open", "waiting") and not fair_said:
        return "fair"
    return "held" if standing.state == "resolved" and not standing.followed_up else None
