"""How the person behind a response can be reached: by e-mail with consent, on their receipt page, or not at all."""

from __future__ import annotations

from sqlalchemy import or_, select

from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.people.models import Contact
from widget_server.responses.models import ResponseId


def reach_of(response_id: int) -> str:
    """email | receipt | none. A receipt exists where the client gave a secret."""
    contact = select(Contact.id).where(
        Contact.response_id == response_id,
        Contact.kind == "email",
        Contact.source != "text",
        Contact.consent_version.is_not(None),
        or_(Contact.delete_at.is_(None), Contact.delete_at > now_ms()),
    )
    if db.session.scalar(contact.limit(1)) is not None:
        return "email"
    receipt = select(ResponseId.response_id).where(
        ResponseId.response_id == response_id, ResponseId.secret_hash.is_not(None)
    )
    return "receipt" if db.session.scalar(receipt.limit(1)) is not None else "none"
