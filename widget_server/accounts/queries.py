"""Reads of staff: who somebody is, at which sites, in which role."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from widget_server.accounts.models import Membership, SecondFactor, TwoFactorDuty, User
from widget_server.database import db
from widget_server.sites.models import Site


@dataclass(frozen=True)
class Place:
    """A site as one person has it."""

    site: Site
    role: str
    team_id: int | None


@dataclass(frozen=True)
class Colleague:
    user_id: int
    public_id: str
    name: str
    email: str
    role: str
    team_id: int | None
    active: bool
    invited: bool  # has not set a password yet
    second_factor: bool


def user_by_email(email: str) -> User | None:
    if not email.isprintable():  # PostgreSQL refuses NUL
        return None
    return db.session.scalar(select(User).where(User.email == address_of(email)))


def role_at(user: User, site: Site) -> str | None:
    """The person's role at this site; None when the site does not exist for them."""
    return db.session.scalar(
        select(Membership.role).where(Membership.user_id == user.id, Membership.site_id == site.id)
    )


def place_of(user_id: int, site_key: str) -> Place | None:
    """The site and the person's part in it, in one read. A foreign key and a missing one are both None."""
    row = db.session.execute(
        select(Site, Membership.role, Membership.team_id)
        .join(Membership, Membership.site_id == Site.id)
        .where(Site.key == site_key, Membership.user_id == user_id)
    ).first()
    return Place(*row) if row else None


def places_of(user_id: int) -> list[Place]:
    """All sites of a person, by name."""
    rows = db.session.execute(
        select(Site, Membership.role, Membership.team_id)
        .join(Membership, Membership.site_id == Site.id)
        .where(Membership.user_id == user_id)
        .order_by(Site.name, Site.id)
    )
    return [Place(*row) for row in rows]


def colleagues(site_id: int) -> list[Colleague]:
    """Everybody with a role at a site, by name."""
    rows = db.session.execute(
        select(
            User.id,
            User.public_id,
            User.name,
            User.email,
            Membership.role,
            Membership.team_id,
            User.active,
            User.password.is_(None),
            SecondFactor.confirmed_at.is_not(None),
        )
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .where(Membership.site_id == site_id)
        .order_by(User.name, User.id)
    )
    return [Colleague(*row) for row in rows]


def within_reach(admin_id: int, user_id: int) -> bool:
    """Whether an admin may hold a person's way in: they are admin at every site that this person has.

    Otherwise a link handed over would let the admin of one site into another.
    """
    theirs = select(Membership.site_id).where(Membership.user_id == user_id)
    ruled = select(Membership.site_id).where(Membership.user_id == admin_id, Membership.role == "admin")
    return db.session.scalar(theirs.where(Membership.site_id.not_in(ruled)).limit(1)) is None


def duties_of(site_id: int) -> set[str]:
    """The roles that need a second factor at a site."""
    return set(db.session.scalars(select(TwoFactorDuty.role).where(TwoFactorDuty.site_id == site_id)))


def address_of(email: str) -> str:
    """An e-mail address as we compare it."""
    return email.strip().casefold()
