"""Mails that carry a link to set a password: their words, and their way into the outbox.

The row holds no link: it is put in when the mail goes out (`accounts/links.py`).
"""

from __future__ import annotations

from sqlalchemy import select

from widget_server.accounts.links import MAILED, delivery_key
from widget_server.accounts.models import AccountLink, Membership, User
from widget_server.database import db
from widget_server.delivery.outbox import enqueue
from widget_server.sites.models import Site

WORDS = {
    "invitation": (
        "You are invited to {site}",
        "You are invited to work on the feedback of {site}. Choose your password at the address below. It works once, "
        "within three days.",
    ),
    "reset": (
        "A new password",
        "Somebody, you we hope, asked for a new password for the feedback desk of {site}. Choose it at the address "
        "below. It works once, within an hour. If it was not you, leave it: nothing changes.",
    ),
}


def mail_link(link: AccountLink, site: Site) -> None:
    """Into the outbox, in the transaction that made the link. Flush only."""
    subject, body = WORDS[link.kind]
    enqueue(
        unique_key=delivery_key(link),
        site_id=site.id,
        purpose=MAILED,
        subject=subject.format(site=site.name),
        body=body.format(site=site.name),
        user_id=link.user_id,
    )


def first_site(user: User) -> Site | None:
    """The site in whose name a person is written to; None for somebody without any."""
    theirs = select(Site).join(Membership, Membership.site_id == Site.id).where(Membership.user_id == user.id)
    return db.session.scalar(theirs.order_by(Site.id).limit(1))
