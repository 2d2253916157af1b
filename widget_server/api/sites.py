"""`/api/v1/site`: the one site that a token is of. There is no way to name another."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from widget_server.accounts.operations import audit
from widget_server.api.frame import acting, actor, area, reading, site
from widget_server.api.reading import words
from widget_server.api.schemas import SiteSchema
from widget_server.api.shapes import Json, site_shape
from widget_server.database import db
from widget_server.desk.words import tidy
from widget_server.sites.models import Site
from widget_server.sites.names import name_of
from widget_server.sites.operations import NO_NAME, known_zone, set_origins, set_status
from widget_server.sites.queries import forget, origins_of
from widget_server.surveys.shapes import Strict, StrictSchema, YesNo

sites = area("site", "The site that the token is of, and its settings.")

MOST_ORIGINS = 50


class SiteBody(StrictSchema):
    """What is left out stays as it is."""

    name = words(200)
    zone = words(100, about="IANA time zone, such as Europe/Oslo.")
    region = Strict(allow_none=True, validate=validate.Regexp(r"^[A-Z]{2}\Z", error="write two capitals, as in NO"))
    consent_mode = Strict(validate=validate.OneOf(("open", "ask")))
    phone = words(60, shortest=0, allow_none=True)
    phone_hours = words(120, shortest=0, allow_none=True)
    test_mode = YesNo(metadata={"description": "All that comes in is marked as a test."})
    status = Strict(
        validate=validate.OneOf(("open", "closed")), metadata={"description": "closed: nothing is taken in (410)."}
    )
    origins = fields.List(
        words(300),
        validate=validate.Length(max=MOST_ORIGINS),
        metadata={"description": "Exactly these origins may send, such as https://www.example.com."},
    )


@reading(sites, "/site", "sites:read", SiteSchema)
def get_site() -> Any:
    """Get the token's site"""
    return _whole()


@acting(sites, "/site", "sites:write", SiteSchema, body=SiteBody, method="PATCH")
def change_site(body: dict[str, Any]) -> Any:
    """Change settings of the token's site"""
    changed = sorted(body)
    _apply(site(), dict(body))
    forget()
    audit("site.changed", user=actor(), site_id=site().id, subject=", ".join(changed)[:200])
    return _whole()


def _apply(row: Site, wanted: dict[str, Any]) -> None:
    if "origins" in wanted:
        set_origins(row, wanted.pop("origins"))
    if "status" in wanted:
        set_status(row, wanted.pop("status"))
    if "zone" in wanted:
        row.zone = known_zone(wanted.pop("zone"))
    if "name" in wanted:
        row.name = name_of(wanted.pop("name"), NO_NAME)
    for name, value in wanted.items():
        setattr(row, name, tidy(value) or None if isinstance(value, str) else value)
    db.session.flush()


def _whole() -> Json:
    return site_shape(site(), origins_of(site().id))
