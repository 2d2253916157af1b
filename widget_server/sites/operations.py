"""Writes of sites. They flush; the edge commits."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select

from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import Invalid
from widget_server.sealing import seal
from widget_server.sites import queries
from widget_server.sites.models import Site, SiteKey, SiteOrigin, Team
from widget_server.sites.names import name_of

KEY_SHAPE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
PORTS = {"http": 80, "https": 443}
NO_NAME = "Give the site a name."
OF_THE_MACHINE = frozenset({"localtime", "Factory", "posixrules"})
"""Files beside the zones on some systems: they say how this machine is set, or that it isn't."""


def create_site(
    name: str,
    *,
    key: str | None = None,
    origins: Iterable[str] = (),
    zone: str = "UTC",
    language: str = "en",
    languages: Iterable[str] = ("en",),
    region: str | None = None,
    consent_mode: str = "open",
    consent_version: str = "1",
    reference_prefix: str = "",
    theme: dict[str, Any] | None = None,
    phone: str | None = None,
    phone_hours: str | None = None,
    button_survey: str | None = "feedback",
    button_position: str = "bottom-right",
) -> Site:
    """A new site with its keys and the team 'support'.

    Raises:
        Invalid: the name, key, zone or an origin can't be used; the sentence says why.
    """
    key = key or f"s{secrets.token_hex(8)}"
    if not KEY_SHAPE.fullmatch(key):
        raise Invalid(f"The key {key!r} can't be used: 2 to 40 small letters, digits and hyphens, no hyphen first.")
    if queries.site_by_key(key) is not None:
        raise Invalid(f"There is a site with the key {key!r} already: choose another.")
    site = Site(
        key=key,
        name=name_of(name, NO_NAME),
        zone=known_zone(zone),
        language=language,
        languages=[language, *(other for other in languages if other != language)],
        region=region,
        consent_mode=consent_mode,
        consent_version=consent_version,
        reference_prefix=reference_prefix,
        theme=theme or {},
        phone=phone,
        phone_hours=phone_hours,
        button_survey=button_survey,
        button_position=button_position,
        created_at=now_ms(),
    )
    db.session.add(site)
    db.session.flush()
    for kind in ("identity", "blind"):
        add_key(site, kind)
    db.session.add(Team(site_id=site.id, key="support", name="Support"))
    set_origins(site, origins)
    return site


def add_key(site: Site, kind: str) -> str:
    """Make and seal a new secret of the site; returns it, since an identity secret is shown once."""
    secret = secrets.token_hex(32)
    cipher = seal(secret, settings().encryption_keys)
    db.session.add(SiteKey(site_id=site.id, kind=kind, cipher=cipher, created_at=now_ms()))
    _flushed()
    return secret


def end_older_keys(site: Site, kind: str) -> None:
    """What was signed with an older secret is a mere claim from now on. Blind keys are never ended: they recognise."""
    newest = select(func.max(SiteKey.id)).where(SiteKey.site_id == site.id, SiteKey.kind == kind).scalar_subquery()
    db.session.execute(delete(SiteKey).where(SiteKey.site_id == site.id, SiteKey.kind == kind, SiteKey.id != newest))
    _flushed()


def set_origins(site: Site, origins: Iterable[str]) -> None:
    """Exactly these origins may send from now on."""
    wanted = {exact_origin(origin) for origin in origins}
    present = set(queries.origins_of(site.id))
    for origin in sorted(wanted - present):
        db.session.add(SiteOrigin(site_id=site.id, origin=origin))
    for origin in present - wanted:
        db.session.delete(db.session.get_one(SiteOrigin, (site.id, origin)))
    _flushed()


def set_status(site: Site, status: str) -> None:
    """`open` takes in; `closed` answers 410."""
    if status not in ("open", "closed"):
        raise Invalid(f"A site is open or closed, not {status!r}.")
    site.status = status
    _flushed()


def ensure_team(site: Site, key: str, name: str) -> Team:
    """The team with this key, made if it is not there yet."""
    team = queries.team_by_key(site.id, key)
    if team is None:
        team = Team(site_id=site.id, key=key, name=name)
        db.session.add(team)
        db.session.flush()
    return team


def exact_origin(text: str) -> str:
    """An origin as browsers send it: scheme, host, and the port unless it is the scheme's own.

    Raises:
        Invalid: it is not an origin.
    """
    said = f"{text!r} is not an origin: write scheme and host, as in https://www.example.com, and no path."
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        port = parts.port
    except ValueError as error:
        raise Invalid(said) from error
    extra = parts.path or parts.query or parts.fragment or parts.username or "*" in parts.netloc
    if parts.scheme not in PORTS or not parts.hostname or extra:
        raise Invalid(said)
    try:
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    except UnicodeError as error:
        raise Invalid(said) from error
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + ("" if port in (None, PORTS[parts.scheme]) else f":{port}")


@cache
def known_zones() -> frozenset[str]:
    """The IANA time zones by the names that browsers know, too: a file of this machine alone is none."""
    return frozenset(available_timezones()) - OF_THE_MACHINE


def known_zone(zone: str) -> str:
    """An IANA time zone.

    Raises:
        Invalid: there is none of this name.
    """
    if zone not in known_zones():
        raise Invalid(f"There is no time zone {zone[:60]!r}: give an IANA name such as Europe/Oslo.")
    return zone


def _flushed() -> None:
    db.session.flush()
    queries.forget()
