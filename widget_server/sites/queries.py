"""Reads of sites: the public face that ingest and the edge ask for on every request, and the secrets.

Both are kept in process for two seconds, for each database: a closed site or a new origin takes no longer to show.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.sealing import unseal
from widget_server.sites.help import Entry, entries_from
from widget_server.sites.models import Site, SiteKey, SiteOrigin, SiteSighting, Team

KEPT_SECONDS = 2.0
MOST_KEPT = 2_000  # keys that nobody has are remembered too, and anybody can make those up


@dataclass(frozen=True)
class PublicSite:
    """What is decided by on the public surface; no secret in it."""

    id: int
    key: str
    name: str
    status: str  # open | closed
    origins: frozenset[str]
    zone: str
    region: str | None
    language: str
    languages: tuple[str, ...]
    consent_mode: str  # open | ask
    consent_version: str
    test_mode: bool
    allow_null_origin: bool
    reference_prefix: str
    phone: str | None
    phone_hours: str | None
    button_survey: str | None
    button_position: str
    button_opener: str | None
    theme: dict[str, Any]
    help: tuple[Entry, ...] = ()


_kept: WeakKeyDictionary[Engine, dict[Any, tuple[float, Any]]] = WeakKeyDictionary()


def public_site(key: str) -> PublicSite | None:
    """The site with this public key, at most two seconds old. Needs an application context."""
    found: PublicSite | None = remembered(("site", key), lambda: read_public_site(key))
    return found


def read_public_site(key: str) -> PublicSite | None:
    """The same, fresh."""
    site = site_by_key(key)
    if site is None:
        return None
    origins = db.session.scalars(select(SiteOrigin.origin).where(SiteOrigin.site_id == site.id))
    return PublicSite(
        id=site.id,
        key=site.key,
        name=site.name,
        status=site.status,
        origins=frozenset(origins),
        zone=site.zone,
        region=site.region,
        language=site.language,
        languages=tuple(site.languages),
        consent_mode=site.consent_mode,
        consent_version=site.consent_version,
        test_mode=site.test_mode,
        allow_null_origin=site.allow_null_origin,
        reference_prefix=site.reference_prefix,
        phone=site.phone,
        phone_hours=site.phone_hours,
        button_survey=site.button_survey,
        button_position=site.button_position,
        button_opener=site.button_opener,
        theme=dict(site.theme),
        help=tuple(entries_from(site.help)),
    )


def site_by_key(key: str) -> Site | None:
    """The row itself, for those who write."""
    if not key.isprintable() or len(key) > 40:  # PostgreSQL refuses NUL
        return None
    return db.session.scalar(select(Site).where(Site.key == key))


def identity_secrets(site_id: int) -> list[str]:
    """Secrets that signed claims may be signed with, newest first; several while they rotate."""
    found: list[str] = remembered(("identity", site_id), lambda: _secrets(site_id, "identity"))
    return found


def blind_key(site_id: int) -> str:
    """The key of the site's blind index of persons.

    Raises:
        LookupError: the site has none, or the installation's encryption keys do not open it.
    """
    found: list[str] = remembered(("blind", site_id), lambda: _secrets(site_id, "blind"))
    if not found:
        raise LookupError(f"site {site_id} has no blind key that our encryption keys can open")
    return found[0]


def _secrets(site_id: int, kind: str) -> list[str]:
    rows = db.session.execute(
        select(SiteKey.cipher, SiteKey.expires_at)
        .where(SiteKey.site_id == site_id, SiteKey.kind == kind)
        .order_by(SiteKey.id.desc())
    ).all()
    now, keys = now_ms(), settings().encryption_keys
    opened = (unseal(cipher, keys) for cipher, expires_at in rows if expires_at is None or expires_at > now)
    return [secret for secret in opened if secret is not None]


def origins_of(site_id: int) -> list[str]:
    """The site's listed origins, in order."""
    listed = select(SiteOrigin.origin).where(SiteOrigin.site_id == site_id).order_by(SiteOrigin.origin)
    return list(db.session.scalars(listed))


def sightings(site_id: int) -> list[SiteSighting]:
    """Hosts on which the tag was seen, latest first."""
    return list(
        db.session.scalars(select(SiteSighting).where(SiteSighting.site_id == site_id).order_by(SiteSighting.seen_at.desc()))
    )


def teams_of(site_id: int) -> list[Team]:
    return list(db.session.scalars(select(Team).where(Team.site_id == site_id).order_by(Team.id)))


def team_by_key(site_id: int, key: str) -> Team | None:
    return db.session.scalar(select(Team).where(Team.site_id == site_id, Team.key == key))


def forget() -> None:
    """Read afresh at the next question: whoever changes a site calls this."""
    _kept.pop(db.engine, None)


def remembered(name: Any, read: Callable[[], Any]) -> Any:
    """What `read` said at most two seconds ago."""
    kept = _kept.setdefault(db.engine, {})
    until, value = kept.get(name, (0.0, None))
    if time.monotonic() < until:
        return value
    value = read()
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[name] = (time.monotonic() + KEPT_SECONDS, value)
    return value
