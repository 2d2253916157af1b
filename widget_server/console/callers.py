"""Whom a search is about, when somebody calls: the number on their receipt, or the address that they gave.

The widget shows the first eight digits of its response's id. An address is compared by its keyed fingerprint, whole or
not at all; who looked somebody up is written down, and which responses that showed, never the address.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, exists, select

from widget_server.accounts.operations import audit
from widget_server.console.frame import actor
from widget_server.database import db, writing
from widget_server.people.models import PersonKey
from widget_server.responses.models import Response, ResponseId
from widget_server.responses.receipts import receipt_number

RECEIPT = re.compile(r"([0-9a-f]{4})[\s-]?([0-9a-f]{4})", re.IGNORECASE | re.ASCII)
MOST_NAMED = 20


def receipt_prefix(words: str) -> str | None:
    """The start of the client's id behind '5A7F 4497', however it was typed; None for other words."""
    found = RECEIPT.fullmatch(words.strip())
    return f"{found[1]}{found[2]}".lower() if found else None


def receipt_of(response_id: int) -> str | None:
    """The number on this response's receipt; None where no receipt was given."""
    found = select(ResponseId.client_id).where(
        ResponseId.response_id == response_id, ResponseId.secret_hash.is_not(None)
    )
    client_id = db.session.scalar(found.limit(1))
    return receipt_number(client_id) if client_id else None


def has_receipt_number(site_id: int, prefix: str) -> ColumnElement[bool]:
    """Of a response: that its receipt starts so. The range lets the key's index answer."""
    return exists().where(
        ResponseId.response_id == Response.id,
        ResponseId.site_id == site_id,
        ResponseId.client_id.between(prefix, prefix + "g"),
        ResponseId.client_id.startswith(prefix),
    )


def is_of_person(site_id: int, hmac: str) -> ColumnElement[bool]:
    """Of a response: that it is from whoever has this fingerprint."""
    return exists().where(
        PersonKey.response_id == Response.id, PersonKey.site_id == site_id, PersonKey.hmac == hmac
    )


def note_lookup(site_id: int, hmac: str) -> None:
    """Write down who looked somebody up, and what that showed."""
    with writing():
        found = select(Response.public_id).where(Response.site_id == site_id, is_of_person(site_id, hmac))
        ids = list(db.session.scalars(found.order_by(Response.id.desc()).limit(MOST_NAMED)))
        audit("person.looked_up", user=actor(), site_id=site_id, subject="by e-mail address", responses=ids)
