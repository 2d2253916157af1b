"""What every template of the console may ask for: times and words as filters, addresses, the bar's contents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, get_flashed_messages, request, url_for
from flask_security import current_user
from sqlalchemy import func, select

from widget_server.accounts.permissions import may
from widget_server.accounts.queries import Place, places_of
from widget_server.clock import now_ms
from widget_server.console import languages, times, words
from widget_server.console.assets import asset
from widget_server.console.frame import POLICY, allowed
from widget_server.database import db
from widget_server.recovery.models import Case

PLACES = (
    ("queue", "Queue", "i-queue", "queue.read"),
    ("responses", "Responses", "i-speech", "responses.read"),
    ("surveys", "Surveys", "i-ask", "surveys.read"),
    ("recovery", "Recovery", "i-chart", "recovery.read"),
    ("deliveries", "Deliveries", "i-mail", "deliveries.read"),
    ("settings", "Settings", "i-more", "settings.read"),
)
"""Endpoint, word, icon, action. A place without a screen yet, or not for this role, is not shown."""


def equip(blueprint: Blueprint) -> None:
    """Hang filters, globals and the bar's contents on the templates."""
    filters: dict[str, Callable[..., Any]] = {
        "moment": _moment,
        "full_moment": lambda ms: times.full_moment(ms, zone()),
        "due": lambda ms: times.due_in_words(ms, now_ms(), zone()),
        "clock": lambda ms: f"{times.local(ms, zone()):%H:%M}",
        "span": times.span,
        "took": times.took,
        "severity_word": words.severity_word,
        "language_name": words.language_name,
        "initials": words.initials,
        "first_name": words.first_name,
        "sentiment_word": words.sentiment_word,
        "signed": words.signed,
        "ordinal": words.ordinal,
        "upfirst": words.upfirst,
        "unless_deleted": words.unless_deleted,
        "iso": lambda ms: times.local(ms, zone()).isoformat(timespec="minutes"),
    }
    globals_: dict[str, Callable[..., Any]] = {
        "asset": asset,
        "allowed": allowed,
        "money": words.money,
        "plural": words.plural,
        "lang_attributes": languages.attributes,
        "now_ms": now_ms,
    }
    for name, function in filters.items():
        blueprint.add_app_template_filter(function, name)
    for name, function in globals_.items():
        blueprint.add_app_template_global(function, name)
    blueprint.context_processor(frame_context)


def zone() -> ZoneInfo:
    """The site's time zone; UTC where there is no site."""
    place: Place | None = g.get("place")
    return times.zone_of(place.site.zone if place else "UTC")


def _moment(ms: int) -> str:
    return times.moment(ms, now_ms(), zone())


def frame_context() -> dict[str, Any]:
    """Of the bar: the site, the person's other sites, the places that their role has, who they are."""
    place: Place | None = g.get("place")
    return {
        "site": place.site if place else None,
        "role": place.role if place else None,
        "me": current_user if current_user.is_authenticated else None,
        "sites": partial(places_of, current_user.id) if current_user.is_authenticated else list,
        "places": _places(place) if place else [],
        "current_place": _current_place(),
        "messages": get_flashed_messages(with_categories=True),
        "search_address": _search_address(place),
        "open_count": partial(open_cases, place.site.id) if place else None,
    }


def _places(place: Place) -> list[dict[str, str]]:
    return [
        {"name": name, "word": word, "icon": icon, "address": url_for(f"console.{name}")}
        for name, word, icon, action in PLACES
        if may(place.role, action) and f"console.{name}" in current_app.view_functions
    ]


def _current_place() -> str:
    """Which place of the bar this request is in: the first word of its action, a case being part of the queue."""
    area = POLICY.get(request.endpoint or "", "").partition(".")[0]
    return "queue" if area in ("case", "person", "contact") else area


def _search_address(place: Place | None) -> str | None:
    if place is None or "console.responses" not in current_app.view_functions:
        return None
    return url_for("console.responses") if may(place.role, "responses.read") else None


def open_cases(site_id: int) -> int:
    return db.session.scalar(
        select(func.count()).select_from(Case).where(Case.site_id == site_id, Case.state == "open")
    ) or 0
