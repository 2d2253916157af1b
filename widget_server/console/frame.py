"""The frame that every screen of the console stands in: the blueprint, who may enter, and at which site.

A screen says its rule and its action in one line, so neither can be forgotten:

    @screen("/queue", "queue.read")          GET  /console/<site_key>/queue
    @command("/cases/<case:number>/note", "case.work")   POST

Inside, `here()` is the person's place (site, role, team). A foreign site, a missing one, and whatever a view raises as
`NotFound` look alike from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, request, url_for
from flask_security import current_user
from werkzeug.routing import IntegerConverter

from widget_server.accounts.models import User
from widget_server.accounts.permissions import may
from widget_server.accounts.queries import Place, place_of
from widget_server.database import db
from widget_server.errors import Forbidden, NotFound

blueprint = Blueprint(
    "console",
    __name__,
    url_prefix="/console",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)

PUBLIC, SIGNED_IN = "public", "signed_in"
POLICY: dict[str, str] = {
    "console.static": PUBLIC,
    "security.login": PUBLIC,
    "security.logout": PUBLIC,
}
"""Endpoint → the action it needs. What is not in here is refused; a test holds every route of the console to it."""

View = Callable[..., Any]


class RowNumber(IntegerConverter):
    """A number that both databases can compare with a column; a larger one is no such page."""

    def __init__(self, url_map: Any) -> None:
        super().__init__(url_map, max=2_147_483_647)


@blueprint.record_once
def _converters(state: Any) -> None:
    state.app.url_map.converters["case"] = RowNumber
    state.app.url_map.converters["row"] = RowNumber


def screen(rule: str, action: str) -> Callable[[View], View]:
    """A page of a site: GET /console/<site_key><rule>, for whoever may do `action` there."""
    return _route(rule, action, "GET")


def command(rule: str, action: str) -> Callable[[View], View]:
    """Something that changes a site: POST /console/<site_key><rule>. Writes in `with database.writing():`."""
    return _route(rule, action, "POST")


def _route(rule: str, action: str, method: str) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        endpoint = view.__name__
        POLICY[f"console.{endpoint}"] = action
        blueprint.add_url_rule(f"/<site_key>{rule}", endpoint, view, methods=[method], strict_slashes=False)
        return view

    return wrap


def for_staff(view: View) -> View:
    """A page that belongs to no site: for anybody who is signed in. Goes under `@blueprint.get(...)`."""
    POLICY[f"console.{view.__name__}"] = SIGNED_IN
    return view


def for_anybody(view: View) -> View:
    """A page before the door: whoever comes is a stranger, and is told nothing. Goes under `@blueprint.get(...)`."""
    POLICY[f"console.{view.__name__}"] = PUBLIC
    return view


def here() -> Place:
    """The site of this request and the person's part in it."""
    place: Place = g.place
    return place


def allowed(action: str) -> bool:
    """Whether the person may do this at this site. Templates hide what they may not."""
    place: Place | None = g.get("place")
    return place is not None and may(place.role, action)


def actor() -> User:
    """The person, as a row of the running transaction: ask inside `writing()` when it is to write."""
    found = db.session.get(User, g.user_id)
    assert found is not None
    return found


@blueprint.url_value_preprocessor
def _keep_site_key(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.site_key = (values or {}).pop("site_key", None)


@blueprint.url_defaults
def _add_site_key(endpoint: str, values: dict[str, Any]) -> None:
    key = g.get("site_key")
    if key and "site_key" not in values and _wants_site(endpoint):
        values["site_key"] = key


def _wants_site(endpoint: str) -> bool:
    return POLICY.get(endpoint) not in (PUBLIC, SIGNED_IN)


@blueprint.before_request
def _enter() -> Response | None:
    action = POLICY.get(request.endpoint or "")
    if action == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_login()
    g.user_id = current_user.id
    if action == SIGNED_IN:
        return None
    place = place_of(g.user_id, g.site_key) if action and g.site_key else None
    if place is None:
        raise NotFound("There is no such page here.")
    g.place = place
    if not may(place.role, action or ""):
        raise Forbidden(f"Your role here, {place.role}, does not include this.")
    return None


def _to_login() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    address = url_for("security.login", next=wanted or None)
    if request.headers.get("HX-Request"):
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = url_for("security.login")
        return answer
    return make_response(redirect(address, 303))
