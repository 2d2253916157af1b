"""One step of the outbox: claim in one transaction, talk to the world in none, settle in another.

An address is read at the last moment, is never stored with the message, and never logged.
"""

from __future__ import annotations

import random
from threading import Event

import structlog
from sqlalchemy import select

from widget_server.accounts.links import MAILED, words_with_link
from widget_server.accounts.models import User
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.delivery import outbox
from widget_server.delivery.models import Delivery
from widget_server.delivery.transports import smtp
from widget_server.delivery.transports.outcome import Message, Outcome, Refused
from widget_server.errors import NotFound
from widget_server.people.models import Contact
from widget_server.people.queries import reveal

BATCH = 20
"""Tries in one step. Each is claimed just before it is made, so that its lease is fresh."""

NOTHING_TO_SEND = "the address can no longer be read, or the link in it has ended"

log = structlog.get_logger("delivery")


def send_due(stop: Event | None = None) -> int:
    """Try what is due. Returns how many were tried. The edge of its own transactions: call it outside any."""
    db.session.rollback()  # look at what is there now
    due = outbox.any_due()
    db.session.rollback()
    if not due:
        return 0
    tried = 0
    for _ in range(BATCH):
        with writing():
            claimed = outbox.claim(1)
        for id, lease in claimed:
            _send_one(id, lease)
            tried += 1
        if not claimed or (stop is not None and stop.is_set()):
            break
    return tried


def _send_one(id: int, lease: int) -> None:
    mail = settings().smtp
    if mail is None:
        with writing():
            outbox.hold(id, lease)
        return
    message = _message(id)
    db.session.remove()  # nothing is held while the server takes its time
    outcome: Outcome = Refused(NOTHING_TO_SEND) if message is None else smtp.send(mail, message)
    with writing():
        settled = outbox.settle(id, lease, outcome, random.random())  # noqa: S311 — spreads retries, guards nothing
    log.info("delivery.tried", delivery=id, outcome=type(outcome).__name__.lower(), settled=settled)


def _message(id: int) -> Message | None:
    """The message with its recipient's address; None when there is no address any more."""
    delivery = db.session.get(Delivery, id)
    if delivery is None:
        return None
    recipient = _recipient(delivery)
    # A link that opens an account is put in here, so that it stands in no row and on no screen.
    body = words_with_link(delivery.body, delivery.unique_key) if delivery.purpose == MAILED else delivery.body
    if not recipient or body is None:
        return None
    return Message(
        key=delivery.public_id,
        recipient=recipient,
        subject=delivery.subject,
        body=body,
        language=delivery.language,
        at=delivery.created_at,
        automatic=delivery.purpose != "reply",
    )


def _recipient(delivery: Delivery) -> str | None:
    if delivery.user_id is not None:
        return db.session.scalar(select(User.email).where(User.id == delivery.user_id, User.active.is_(True)))
    contact = db.session.get(Contact, delivery.contact_id)
    if contact is None:
        return None
    try:
        return reveal(contact)
    except NotFound:  # sealed with a key that the installation has no more
        return None
