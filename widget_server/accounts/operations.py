"""Writes of staff: people, their passwords, their roles, and the audit of what they looked at. Flush only."""

from __future__ import annotations

import secrets
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import select

from widget_server.accounts.links import end_links
from widget_server.accounts.models import ROLES, AuditEntry, Membership, User
from widget_server.accounts.queries import address_of
from widget_server.accounts.sessions import end_sessions
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.sites.models import Site, Team
from widget_server.sites.names import name_of

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200


def create_user(email: str, password: str | None, name: str) -> User:
    """A new member of staff, without any site yet; without a password until they set one by an invitation.

    Raises:
        Invalid: the address has no form, the password is too short or too long, or the name is none.
        Conflict: the address is taken.
    """
    address = address_of(email)
    local, at, domain = address.partition("@")
    if not (local and at and domain) or any(c.isspace() for c in address) or not address.isprintable() or len(address) > 255:
        raise Invalid(f"{email!r} is not an e-mail address.")
    if db.session.scalar(select(User.id).where(User.email == address)):
        raise Conflict(f"There is a user with the address {address} already.")
    digest = None if password is None else hashed(password)
    called = name_of(name, "Give them a name that can be seen.") if name.strip() else ""
    user = User(email=address, name=called, password=digest, fs_uniquifier=_fresh())
    db.session.add(user)
    db.session.flush()
    return user


def set_password(user: User, password: str) -> None:
    """A new password. All sessions of this person end, and so do links to set one."""
    keep_hash(user, hashed(password))


def keep_hash(user: User, digest: str) -> None:
    """The same with what `hashed` made of it, before the writers' lock was held."""
    user.password = digest
    user.fs_uniquifier = _fresh()
    end_sessions(user.id)
    end_links(user.id)
    db.session.flush()


def grant(user: User, site: Site, role: str, team: str | None = None) -> Membership:
    """Give a person a role at a site, or change the one they have. `team` is a team's key.

    Another role ends their sessions. A first role ends links that somebody of another site may hold for them.

    Raises:
        Invalid: no such role.
        NotFound: no such team at this site.
    """
    if role not in ROLES:
        raise Invalid(f"{role!r} is no role: give {', '.join(ROLES)}.")
    team_id = _team_id(site, team) if team else None
    membership = db.session.get(Membership, (user.id, site.id))
    if membership is None:
        membership = Membership(user_id=user.id, site_id=site.id, role=role, team_id=team_id)
        db.session.add(membership)
        end_links(user.id)
    elif membership.role != role:
        end_sessions(user.id)
    membership.role, membership.team_id = role, team_id
    db.session.flush()
    return membership


def set_budgets(site: Site, limit: int | None, currency: str) -> None:
    """What each may give to customers in a month, in minor units; None: as much as they like. Admins have no limit.

    Raises:
        Conflict: somebody has a budget of their own, in another currency.
    """
    own = select(User.email).join(Membership, Membership.user_id == User.id).where(
        Membership.site_id == site.id, Membership.gesture_budget.is_not(None)
    )
    whose = db.session.scalar(own.order_by(User.email).limit(1)) if currency != site.gesture_currency else None
    if whose is not None:
        raise Conflict(f"{whose} has a budget of their own in {site.gesture_currency}: empty it, and any other, first.")
    site.gesture_budget, site.gesture_currency = limit, currency
    db.session.flush()


def set_own_budget(user: User, site: Site, limit: int | None) -> None:
    """One person's, in place of the site's; None: as everybody there.

    Raises:
        NotFound: they have no role at this site.
        Conflict: the site's budgets have no currency yet.
    """
    membership = db.session.get(Membership, (user.id, site.id))
    if membership is None:
        raise NotFound("There is no such person here.")
    if site.gesture_currency is None:
        raise Conflict("Choose the currency of this site’s budgets first, in Settings, people.")
    membership.gesture_budget = limit
    db.session.flush()


def revoke(user: User, site: Site) -> None:
    """Take a person's role at a site away: from then on the site does not exist for them."""
    membership = db.session.get(Membership, (user.id, site.id))
    if membership is not None:
        db.session.delete(membership)
        end_sessions(user.id)
        db.session.flush()


def keep_an_admin(site: Site, leaving: User) -> None:
    """Hold the site's admins until the transaction ends: of two who remove each other at once, one waits and is told.

    Raises:
        Conflict: nobody else is admin there.
    """
    admins = select(Membership.user_id).where(Membership.site_id == site.id, Membership.role == "admin")
    there = set(db.session.scalars(admins.order_by(Membership.user_id).with_for_update()))
    if not there - {leaving.id}:
        raise Conflict("A site keeps at least one admin: make somebody else admin first.")


def audit(action: str, *, user: User | None, site_id: int | None, subject: str = "", **detail: Any) -> None:
    """Write down who looked at what is private, or changed what."""
    user_id = user.id if user else None
    entry = AuditEntry(
        site_id=site_id, user_id=user_id, action=action, subject=subject, detail=detail, at=now_ms()
    )
    db.session.add(entry)
    db.session.flush()


def _team_id(site: Site, key: str) -> int:
    found = db.session.scalar(select(Team.id).where(Team.site_id == site.id, Team.key == key))
    if found is None:
        raise NotFound(f"There is no team {key!r} at {site.name}.")
    return found


def hashed(password: str) -> str:
    """A password as it is kept; takes 50 ms and more.

    Raises:
        Invalid: too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    return str(hash_password(password))


def _fresh() -> str:
    return secrets.token_hex(32)
