"""From whom the identity provider vouches for to one of our people. Flush only.

By the provider's own name for them, `sub`, once that is known; the first time by the verified e-mail address. An
address whose `sub` is another one is refused: addresses are given to new people, names of the provider never are.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from widget_server.accounts.models import Identity, User
from widget_server.accounts.operations import create_user, grant
from widget_server.accounts.provider import Stranger
from widget_server.accounts.queries import user_by_email
from widget_server.clock import now_ms
from widget_server.config import Oidc
from widget_server.database import db
from widget_server.errors import Forbidden, Invalid
from widget_server.sites.names import LONGEST, name_of
from widget_server.sites.queries import site_by_key


@dataclass
class NotOneOfUs(Forbidden):
    detail: str = "Nobody here has your address: ask an admin of the site to add you."


def recognise(stranger: Stranger, oidc: Oidc) -> User:
    """The person behind what the provider said.

    Raises:
        NotOneOfUs: there is nobody with this address, they are switched off, or the address was somebody else's before.
    """
    known = db.session.scalar(
        select(User)
        .join(Identity, Identity.user_id == User.id)
        .where(Identity.issuer == stranger.issuer, Identity.subject == stranger.subject)
    )
    user = known or _by_address(stranger) or _newcomer(stranger, oidc)
    if user is None or not user.active:
        raise NotOneOfUs
    if known is None:
        db.session.add(
            Identity(user_id=user.id, issuer=stranger.issuer, subject=stranger.subject, created_at=now_ms())
        )
        db.session.flush()
    return user


def _by_address(stranger: Stranger) -> User | None:
    user = user_by_email(stranger.email)
    if user is None:
        return None
    other = select(Identity.id).where(Identity.user_id == user.id, Identity.issuer == stranger.issuer)
    if db.session.scalar(other) is not None:
        raise NotOneOfUs("Your address belonged to somebody else here: ask whoever runs this server.")
    return user


def _newcomer(stranger: Stranger, oidc: Oidc) -> User | None:
    """Only where the installation says that whoever the company knows may come in, and as what."""
    site = site_by_key(oidc.create_site) if oidc.create_role and oidc.create_site else None
    if site is None or oidc.create_role is None:
        return None
    try:
        called = name_of(" ".join(stranger.name.split())[:LONGEST], "")
    except Invalid:  # nobody is kept out by what the company calls them
        called = stranger.email.partition("@")[0]
    user = create_user(stranger.email, None, called)
    grant(user, site, oidc.create_role)
    return user
