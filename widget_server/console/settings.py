"""The settings screen: the site, the tag to copy and where it was last seen, origins; people are in settings_people.py."""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.models import ROLES
from widget_server.accounts.operations import audit
from widget_server.accounts.queries import colleagues, duties_of
from widget_server.clock import DAY, now_ms
from widget_server.config import settings as widget_settings
from widget_server.console.case_form import CURRENCIES, plain_amount
from widget_server.console.frame import actor, command, here, screen
from widget_server.database import writing
from widget_server.errors import Invalid
from widget_server.replies.queries import count_saved
from widget_server.sites import theme
from widget_server.sites.explaining import PARAMETER, explain_token
from widget_server.sites.models import Site
from widget_server.sites.names import name_of
from widget_server.sites.operations import (
    NO_NAME,
    exact_origin,
    known_zone,
    known_zones,
    set_origins,
    set_status,
)
from widget_server.sites.queries import forget, origins_of, sightings, teams_of

CONSENT = {
    "open": "Open: functional storage only, no question first",
    "ask": "Ask: nothing is stored and nothing opens by itself before the page calls consent()",
}
MOST_ORIGINS = 50


@screen("/settings", "settings.read")
def settings() -> Answered:
    """Everything of this site on one page."""
    return settings_page()


@command("/settings/site", "settings.work")
def put_site() -> Answered:
    """Name, language and manners."""
    try:
        with writing():
            _apply(here().site)
            forget()
            audit("site.changed", user=actor(), site_id=here().site.id)
    except Invalid as wrong:
        return settings_page(422, site_wrong=wrong.detail)
    flash("Saved. Pages take it over within a minute.")
    return _back("site")


@command("/settings/status", "settings.work")
def put_site_status() -> Answered:
    """Closed: nothing more is taken in (410); all that is there stays."""
    wanted = request.form.get("status", "")
    if wanted == "closed" and request.form.get("name", "").strip() != here().site.name:
        return settings_page(422, close_wrong=f"Type the site’s name, {here().site.name}, to close it. Nothing was closed.")
    with writing():
        set_status(here().site, wanted)
        audit(f"site.{wanted}", user=actor(), site_id=here().site.id)
    flash("The site takes in feedback again." if wanted == "open" else "Closed. Nothing more is taken in.")
    return _back("closing")


@command("/settings/origins", "settings.work")
def add_origin() -> Answered:
    """Let one more origin send."""
    text = request.form.get("origin", "")[:300]
    try:
        origin = exact_origin(text)
        present = origins_of(here().site.id)
        if len(present) >= MOST_ORIGINS:
            raise Invalid(f"There are {MOST_ORIGINS} origins already: take one away first.")
        with writing():
            set_origins(here().site, [*present, origin])
            audit("origin.added", user=actor(), site_id=here().site.id, subject=origin[:200])
    except Invalid as wrong:
        return settings_page(422, origin_wrong=wrong.detail, origin_text=text)
    flash(f"{origin} may send now.")
    return _back("origins")


@screen("/settings/origins/remove", "settings.work")
def removing_origin() -> Answered:
    """What taking an origin away does, before it is done."""
    origin = request.args.get("origin", "")[:300]
    if origin not in origins_of(here().site.id):
        return _back("origins")
    return confirmation(
        f"Take away {origin}?",
        f"Pages at {origin} can’t send any more from then on: what somebody writes there is refused (403).",
        "What came from there stays. You can add it again at any time.",
        button="Take it away",
        action=url_for("console.remove_origin"),
        back=url_for("console.settings", _anchor="origins"),
        origin=origin,
    )


@command("/settings/origins/remove", "settings.work")
def remove_origin() -> Answered:
    """From now on answers from there are refused (403)."""
    gone = request.form.get("origin", "")
    with writing():
        present = origins_of(here().site.id)
        if gone in present:
            set_origins(here().site, [origin for origin in present if origin != gone])
            audit("origin.removed", user=actor(), site_id=here().site.id, subject=gone[:200])
    flash("Taken away. Answers from there are refused now.")
    return _back("origins")


def _apply(site: Site) -> None:
    form = request.form
    name = name_of(form.get("name", ""), NO_NAME)
    consent = form.get("consent_mode", "")
    if consent not in CONSENT:
        raise Invalid("Consent is open or ask.")
    region = form.get("region", "").strip().upper()
    if region and not (len(region) == 2 and region.isascii() and region.isalpha()):
        raise Invalid("The country is two letters, such as NO.")
    site.name, site.consent_mode, site.region = name, consent, region or None
    site.zone = known_zone(form.get("zone", ""))
    site.phone = form.get("phone", "").strip()[:60] or None
    site.phone_hours = form.get("phone_hours", "").strip()[:120] or None


def settings_page(status: int = 200, **wrongs: object) -> Answered:
    site, seen = here().site, sightings(here().site.id)
    explain, explains_until = explain_token(widget_settings().secret_key, site.key, now_ms())
    page = render_template(
        "console/settings.html",
        tag=f'<script async src="{widget_settings().base_url}/widget.js" data-site="{site.key}"></script>',
        explain=f"?{PARAMETER}={explain}",
        explains_until=explains_until,
        seen=seen[:5],
        fresh=bool(seen) and seen[0].seen_at > now_ms() - DAY,
        origins=origins_of(site.id),
        zones=sorted(zone for zone in known_zones() if "/" in zone or zone == "UTC"),
        consents=CONSENT,
        saved_replies=count_saved(site.id),
        theme_advice=theme.compute(site.theme).advice,
        people=colleagues(site.id),
        duties=duties_of(site.id),
        teams=teams_of(site.id),
        roles=ROLES,
        currencies=CURRENCIES,
        budget="" if site.gesture_budget is None else plain_amount(site.gesture_budget, site.gesture_currency or ""),
        **wrongs,
    )
    return make_response(page, status)


def confirmation(heading: str, *sentences: str, button: str, action: str, back: str, **fields: str) -> Answered:
    """A page that says what will happen, with one button that does it."""
    page = render_template(
        "console/confirm.html",
        heading=heading, sentences=sentences, button=button, action=action, back=back, fields=fields,
    )  # fmt: skip
    return make_response(page)


def _back(part: str) -> Answered:
    return make_response(redirect(url_for("console.settings", _anchor=part), 303))
