"""Whom an answer goes to, and what every letter names: the site, the reference, the customer's page."""

from __future__ import annotations

from widget_server.config import settings
from widget_server.database import db
from widget_server.people.models import Contact
from widget_server.people.queries import email_contact
from widget_server.recovery.letters import Around
from widget_server.recovery.models import Case
from widget_server.recovery.queries import responses_of
from widget_server.responses.models import Response
from widget_server.responses.receipts import receipt_token
from widget_server.sites.models import Site


def mail_contact(case: Case) -> Contact | None:
    """The address that the customer gave with consent: of the response that opened the case, else of one that joined."""
    linked = responses_of(case.id)
    found = (
        email_contact(response.id)
        for response in sorted(linked, key=lambda one: one.id != case.first_response_id)
    )
    return next((contact for contact in found if contact is not None), None)


def reference(site: Site, number: int) -> str:
    """What people say for a case: "TA 1042"."""
    return f"{site.reference_prefix} {number}".strip()


def receipt_link(response: Response) -> str:
    """The customer's page. From our own setting alone, never from a request's Host."""
    current = settings()
    return f"{current.base_url}/r/{receipt_token(current.secret_key, response.public_id)}"


def around(case: Case, contact: Contact | None, name: str) -> Around:
    """The frame of a letter about this case, signed by `name`; its link is the page of whom it goes to."""
    site = db.session.get_one(Site, case.site_id)
    response = db.session.get_one(Response, contact.response_id if contact else case.first_response_id)
    return Around(
        language=case.language,
        site=site.name,
        reference=reference(site, case.number),
        link=receipt_link(response),
        name=name or site.name,
        zone=site.zone,
    )
