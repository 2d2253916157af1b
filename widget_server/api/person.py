"""Whose responses these are: by e-mail address, signed reference or receipt, always at one site."""

from __future__ import annotations

from sqlalchemy import select

from widget_server.config import settings
from widget_server.database import db
from widget_server.desk.callers import fingerprint
from widget_server.people.models import PersonKey
from widget_server.people.operations import fingerprints
from widget_server.responses.models import Response
from widget_server.responses.queries import response_by_public_id
from widget_server.responses.receipts import read_receipt
from widget_server.sites.queries import blind_key


def responses_of_person(site_id: int, kind: str, value: str) -> list[Response]:
    """Oldest first; none where nobody is known so."""
    if kind == "receipt":
        public_id = read_receipt(settings().secret_key, value.strip().rpartition("/")[2])
        held = response_by_public_id(public_id, site_id) if public_id else None
        return [held] if held is not None else []
    mark = fingerprint(site_id, value) if kind == "email" else _reference(site_id, value)
    if not mark:
        return []
    theirs = select(PersonKey.response_id).where(
        PersonKey.site_id == site_id, PersonKey.kind == kind, PersonKey.hmac == mark
    )
    return list(db.session.scalars(select(Response).where(Response.id.in_(theirs)).order_by(Response.id)))


def _reference(site_id: int, value: str) -> str:
    try:
        return fingerprints(blind_key(site_id), [("reference", value)])[0].hmac
    except LookupError:  # the site's key can't be opened: nobody is recognised
        return ""
