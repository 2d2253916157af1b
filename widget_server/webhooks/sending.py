"""The worker's step for webhooks: claim in one transaction, talk to receivers in none, settle in the next.

Up to eight endpoints are talked to at once, each by a thread of its own that knows no database.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from widget_server.clock import now_ms
from widget_server.database import db, writing
from widget_server.webhooks import outbox, queries
from widget_server.webhooks.events import body_of
from widget_server.webhooks.exchange import Answer, post
from widget_server.webhooks.guard import Policy
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint
from widget_server.webhooks.operations import policy
from widget_server.webhooks.outbox import Claimed
from widget_server.webhooks.signing import signed_headers

AT_ONCE = 8
LOOK_SECONDS = 0.25
GRACE_SECONDS = 4.0
"""How long a worker that is told to stop waits for answers. What is missing then is sent again: at least once."""
AGENT = "widget-server-webhooks/1"

log = structlog.get_logger("webhooks")


@dataclass(frozen=True)
class Request:
    """One try, ready to go."""

    claimed: Claimed
    url: str
    headers: dict[str, str]
    body: bytes


Landed = tuple[Claimed, Answer]


def send_due(stop: Event | None = None) -> int:
    """Try what is due, until nothing is. Returns how many were tried. The edge of its own transactions."""
    rules, landing = policy(), SimpleQueue[Landed]()
    in_flight: set[int] = set()
    landed: list[Landed] = []
    tried, patience = 0, GRACE_SECONDS
    while True:
        stopping = stop is not None and stop.is_set()
        if landed or (not stopping and len(in_flight) < AT_ONCE and _any_due(in_flight)):
            with writing():
                _settle(landed)
                in_flight -= {claimed.endpoint_id for claimed, _ in landed}
                room = 0 if stopping else AT_ONCE - len(in_flight)
                requests = [_request(one) for one in outbox.claim(room, in_flight)]
            tried += len(landed)
            for claimed, request in requests:
                in_flight.add(claimed.endpoint_id)
                _launch(claimed, request, rules, landing)
        if not in_flight or patience <= 0:
            return tried
        began = time.monotonic()
        landed = _wait(landing)
        patience -= time.monotonic() - began if stopping else 0


def _any_due(busy: set[int]) -> bool:
    db.session.rollback()  # look at what is there now
    try:
        return outbox.any_due(busy)
    finally:
        db.session.rollback()


def _settle(landed: Sequence[Landed]) -> None:
    """Each in a savepoint: one that can't be settled undoes no other's, which its receiver would get again."""
    for claimed, answer in landed:
        settled = _settled(claimed, answer)
        if settled is None:  # a failed try all the same, so that it is counted and ends some day
            settled = _settled(claimed, Answer(error="Its answer could not be taken in", took=answer.took))
        log.info("webhook.tried", delivery=claimed.id, status=answer.status, took=answer.took, settled=settled)


def _settled(claimed: Claimed, answer: Answer) -> bool | None:
    """None when it failed. A database that is away fails for all of them: that is the step's to see."""
    try:
        with db.session.begin_nested():
            return outbox.settle(claimed, answer, random.random())  # noqa: S311 — spreads retries, guards nothing
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("webhook.not_settled", delivery=claimed.id)
        return None


def _request(claimed: Claimed) -> tuple[Claimed, Request | None]:
    """The try as bytes; None when no secret can be opened."""
    delivery = db.session.get_one(WebhookDelivery, claimed.id, populate_existing=True)
    endpoint = db.session.get_one(WebhookEndpoint, claimed.endpoint_id)
    secrets = queries.opened_secrets(endpoint.id)
    if not secrets:
        return claimed, None
    wants_texts = endpoint.with_texts and delivery.response_id is not None
    texts = queries.texts_of(delivery.response_id) if wants_texts and delivery.response_id else None
    body = body_of(delivery.event, delivery.created_at, delivery.data, texts)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **signed_headers(delivery.public_id, now_ms(), body, secrets),
    }
    return claimed, Request(claimed, endpoint.url, headers, body)


def _launch(claimed: Claimed, request: Request | None, rules: Policy, landing: SimpleQueue[Landed]) -> None:
    if request is None:
        landing.put((claimed, Answer(error="Its secret can no longer be opened: rotate it")))
        return

    def fly() -> None:
        try:
            answer = post(request.url, request.headers, request.body, rules)
        except Exception as error:  # noqa: BLE001 — whatever it was, the try is over and must be settled
            answer = Answer(error=f"The try failed: {type(error).__name__}")
        landing.put((claimed, answer))

    Thread(target=fly, name=f"webhook-{claimed.endpoint_id}", daemon=True).start()


def _wait(landing: SimpleQueue[Landed]) -> list[Landed]:
    """What has landed: waits a moment for the first, takes the others that are there."""
    found = []
    try:
        found.append(landing.get(timeout=LOOK_SECONDS))
        while True:
            found.append(landing.get_nowait())
    except Empty:
        return found
