"""What was said and done in a case as one thread, newest first. Pure: rows and values come in, entries go out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import unquote

from widget_server.console.words import money, unless_deleted
from widget_server.visible import is_plain_line, is_seen

Kind = Literal["customer", "reply", "note", "log"]

IN_MESSAGES = {
    "replied", "noted", "understood", "customer_wrote", "fair_said", "promise_kept", "promise_moved",
    "gesture_asked", "gesture_approved", "gesture_declined",
}  # fmt: skip
"""Events that a message, a promise or a gesture with its words stands for already."""


class ToldLike(Protocol):
    @property
    def response(self) -> Any: ...
    @property
    def words(self) -> str: ...
    @property
    def language(self) -> str | None: ...


@dataclass(frozen=True)
class Entry:
    kind: Kind
    at: int
    who: str
    label: str
    words: str = ""
    language: str | None = None
    id: str = ""


LABELS = {
    "understand": "what happened",
    "document": "cause and remedy",
}


def thread(
    told: Iterable[ToldLike],
    said: Iterable[Any],
    changes: Iterable[Any],
    gestures: Iterable[Any],
    approvals: Iterable[Any],
    promises: Iterable[Any],
    *,
    customer: str,
    language: str,
    when: Callable[[int], str],
) -> list[Entry]:
    """All entries, newest first; at one moment, what was caused stands above its cause.

    Args:
        customer: what they are called.
        language: the one that they write in on their page.
        when: a time, ms, in words.
    """
    entries = [_response(one, customer) for one in told]
    entries += [_message(row, customer, language) for row in said]
    entries += [_event(change) for change in changes if change.kind not in IN_MESSAGES]
    entries += [_gesture(gift) for gift in gestures]
    entries += [line for row in approvals for line in _approval(row)]
    entries += [line for promise in promises for line in _promise(promise, when)]
    order = {"customer": 0, "log": 1, "note": 2, "reply": 3}
    return sorted(entries, key=lambda entry: (entry.at, order[entry.kind]), reverse=True)


def _response(one: ToldLike, customer: str) -> Entry:
    response = one.response
    return Entry(
        "customer",
        response.received_at,
        customer,
        where_said(response.url, response.context),
        one.words or "Left no words.",
        one.language if one.words else None,
        id=f"said-{response.public_id}",
    )


def where_said(url: str, context: dict[str, Any]) -> str:
    """'on /book/pay, while leaving'."""
    place = page_of(url)
    trigger = (context.get("signals") or {}).get("trigger") if isinstance(context.get("signals"), dict) else None
    how = {
        "button": "by the button",
        "exit_intent": "while leaving",
        "dwell": "after a long stay",
        "event": "after something happened",
        "link": "by a link",
        "receipt": "on their receipt page",
    }.get(trigger or "", "")
    late = "came after the survey was paused" if context.get("late") is True else ""
    return ", ".join(part for part in (f"on {place}" if place else "", how, late) if part)


def page_of(url: str) -> str:
    """The path of an address; what staff call the page. Letters beyond ASCII are read, as the browser's bar shows them."""
    rest = url.split("://", 1)[-1]
    _host, slash, path = rest.partition("/")
    return _LETTERS.sub(_read, (slash + path).split("?")[0].split("#")[0]) if slash else ""


_LETTERS = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")


def _read(written: re.Match[str]) -> str:
    """'%E0%B9%84' as the letter that it stands for; as it is where it stands for none that can be seen in a line."""
    letters = unquote(written[0], errors="replace")
    return letters if is_seen(letters) and is_plain_line(letters) and "\ufffd" not in letters else written[0]


def _message(row: Any, customer: str, language: str) -> Entry:
    message = row.message
    id = f"m-{message.public_id}"
    if not message.body:  # the customer erased the words; that something was said stays
        who = customer if message.kind == "customer" else row.author or "Somebody"
        return Entry("log", message.at, "", f"{who} wrote here; the customer had the words deleted.", id=id)
    if message.kind == "customer":
        return Entry("customer", message.at, customer, "on their page", message.body, language, id=id)
    who = row.author or "Somebody"
    if message.kind == "note":
        return Entry("note", message.at, who, LABELS.get(message.step, "internal note"), message.body, id=id)
    return Entry("reply", message.at, who, "reply, with apology" if message.apology else "reply", message.body, id=id)


def _gesture(gift: Any) -> Entry:
    worth = f", {money(gift.amount, gift.currency)}" if gift.amount else ""  # not everything that is given has a price
    return Entry("log", gift.at, "", f"Gesture: {unless_deleted(gift.description)}{worth}.")


def _approval(row: Any) -> list[Entry]:
    """That somebody asked to give something, and what was said to it."""
    asked = row.approval
    what = f"{unless_deleted(asked.description)}, {money(asked.amount, asked.currency)}"
    why = f" Why: {asked.reason}" if asked.reason else ""
    lines = [Entry("log", asked.asked_at, "", f"{row.asker} asked for approval: {what}.{why}")]
    if asked.state == "approved" or (asked.state == "withdrawn" and asked.decided_by_id):
        lines.append(Entry("log", asked.decided_at, "", f"{row.decider} approved it: {what}."))
    elif asked.state == "declined":
        lines.append(Entry("log", asked.decided_at, "", f"{row.decider} declined it: {asked.answer or what}"))
    return lines


def _promise(promise: Any, when: Callable[[int], str]) -> list[Entry]:
    """When it was given, or given another time, and when it was kept. The row that it moved from says no more."""
    text, due = unless_deleted(promise.text), when(promise.due)
    if promise.moved_from is None:
        lines = [Entry("log", promise.made_at, "", f"Promised: {text}, by {due}.")]
    else:
        lines = [Entry("log", promise.made_at, "", f"Moved: {text}, from {when(promise.moved_from)} to {due}.")]
    if promise.state == "kept":
        lines.append(Entry("log", promise.ended_at, "", f"Kept: {text}."))
    return lines


def _event(change: Any) -> Entry:
    return Entry("log", change.at, "", f"{change.who} {change.what}.")
