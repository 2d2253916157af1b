"""The way in: from /console/ to the person's site, or a choice of sites; and their own switches."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, g, make_response, redirect, render_template, request, url_for

from widget_server.accounts.login import own_path
from widget_server.accounts.permissions import first_place
from widget_server.accounts.queries import places_of
from widget_server.console.frame import actor, blueprint, for_staff, here, screen
from widget_server.database import writing


@blueprint.get("/", strict_slashes=False)
@for_staff
def home() -> Response:
    """Straight to the one site; a list when there are several, or none."""
    places = places_of(g.user_id)
    if len(places) == 1:
        return make_response(redirect(url_for("console.site_door", site_key=places[0].site.key)))
    return make_response(render_template("console/choose.html", choices=places))


@screen("/", "site.enter")
def site_door() -> Response:
    """To the first screen that the role has."""
    return make_response(redirect(url_for(f"console.{first_place(here().role)}")))


@blueprint.post("/me/keys")
@for_staff
def switch_keys() -> Response:
    """Single-key shortcuts on or off, for this person (WCAG 2.1.4)."""
    with writing():
        actor().single_keys = request.form.get("single_keys") == "on"
    return make_response(redirect(own_path(urlsplit(request.referrer or "").path), 303))
