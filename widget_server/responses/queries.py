"""Reads of responses, for the worker, the desk and the receipt."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from widget_server.database import db
from widget_server.responses.models import Response, ResponseId, TextAnswer
from widget_server.responses.prepared import Ask


def texts_of(response_id: int) -> dict[str, str]:
    """What was written, by question key, redacted."""
    return texts_of_all([response_id]).get(response_id, {})


def texts_of_all(response_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The same of several responses, by their ids; who wrote nothing is not among them."""
    written = select(TextAnswer).where(TextAnswer.response_id.in_(set(response_ids)))
    found: dict[int, dict[str, str]] = {}
    for row in db.session.scalars(written.order_by(TextAnswer.question)):
        found.setdefault(row.response_id, {})[row.question] = row.text
    return found


def response_by_public_id(public_id: str, site_id: int | None = None) -> Response | None:
    """The response with our own public id; of this site alone when one is named."""
    if not public_id.isprintable() or len(public_id) > 36:  # PostgreSQL refuses NUL
        return None
    found = select(Response).where(Response.public_id == public_id)
    return db.session.scalar(found if site_id is None else found.where(Response.site_id == site_id))


def response_by_client_id(site_id: int, client_id: str) -> Response | None:
    """The response that the client named so when it sent it."""
    if not client_id.isprintable():
        return None
    return db.session.scalar(
        select(Response)
        .join(ResponseId, ResponseId.response_id == Response.id)
        .where(ResponseId.site_id == site_id, ResponseId.client_id == client_id.lower())
    )


def has_receipt(response_id: int) -> bool:
    """Whether the visitor was given a receipt: they sent a secret."""
    return _secret.first(db.session, response=response_id) is not None


_secret = Ask(select(ResponseId.secret_hash).where(ResponseId.response_id == bindparam("response")))
