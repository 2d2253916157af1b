"""The demo: a small airline's booking flow with deliberate friction and our tag on it, only with WIDGET_DEMO.

Its pages are a strict host: the Content-Security-Policy names this server for scripts and connections and allows
nothing inline. What is chosen travels in the address, so the demo needs no cookie and keeps nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from widget_server.clock import HOUR, now_ms
from widget_server.demo import booking
from widget_server.demo.booking import Booking, booking_from
from widget_server.sites.queries import identity_secrets, site_by_key

HERE = Path(__file__).resolve().parent
SITE_KEY = "tern-air"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'"
)
NORWEGIAN = {"nb": "no", "nn": "no"}
GOLD = {"reference": "TERN-CLUB-7731", "name": "Eleanor Whitcombe"}

blueprint = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates", static_folder="static")


@blueprint.get("/")
def search() -> Response:
    return _page("search", _booking(), flights=booking.FLIGHTS)


@blueprint.get("/seat")
def seat() -> Response:
    return _page("seat", _booking(), rows=booking.seat_rows())


@blueprint.get("/bags")
def bags() -> Response:
    return _page("bags", _booking(), most=booking.MOST_BAGS)


@blueprint.route("/pay", methods=["GET", "POST"])
def pay() -> Response:
    """The bank fails the first tries. Nothing of the card is read, let alone kept."""
    trip = _booking()
    tries = request.form.get("tries", "0")
    failed = int(tries) if tries.isascii() and tries.isdecimal() and len(tries) < 3 else 0
    if request.method == "GET":
        return _page("pay", trip, tries=0, failed=False)
    if failed < booking.FAILS:
        return _page("pay", trip, tries=failed + 1, failed=True)
    return make_response(redirect(url_for("demo.done", **trip.query()), 303))  # type: ignore[arg-type]


@blueprint.get("/done")
def done() -> Response:
    return _page("done", _booking())


@blueprint.after_request
def strict(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)  # the gallery draws pictures
    answer.vary.add("Accept-Language")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return answer


def _booking() -> Booking:
    given = {"lang": _browsers_language(), **request.args.to_dict()}
    return booking_from(given, _today(), tuple(_words()))


def _browsers_language() -> str:
    """Where the address names no language: the one of ours that the browser likes best."""
    spoken = request.accept_languages.best_match([*_words(), *NORWEGIAN]) or ""
    return NORWEGIAN.get(spoken, spoken)


def _page(step: str, trip: Booking, **more: Any) -> Response:
    words = _words()[trip.lang]
    html = render_template(
        f"demo/{step}.html",
        step=step,
        trip=trip,
        say=words,
        languages={lang: known["language"] for lang, known in _words().items()},
        day=_spoken_day(trip.day, words),
        euro=_euro,
        cities=booking.CITIES,
        site_key=SITE_KEY,
        told=_told(trip) if trip.passenger == "gold" and step != "search" else None,
        **more,
    )
    return make_response(html)


def _told(trip: Booking) -> dict[str, Any]:
    """What the airline's own server says of a passenger who signed in, signed as a site's server would."""
    site = site_by_key(SITE_KEY)
    if site is None:
        return {}
    secret = identity_secrets(site.id)[0]
    facts = {"tier": "gold", "order": trip.reference, "value": 418000}
    return {"visitor": GOLD | {"sig": sign(secret, "visitor", GOLD)}, "facts": facts, "sig": sign(secret, "facts", facts)}


def sign(secret: str, purpose: str, claims: dict[str, Any]) -> str:
    """`exp.hex`: HMAC-SHA256 over purpose, expiry (two hours on) and claims as canonical JSON; see docs/protocol.md."""
    expires = (now_ms() + 2 * HOUR) // 1000
    canonical = json.dumps(claims, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = f"{purpose}.{expires}.{canonical}"
    return f"{expires}." + hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


@cache
def _words() -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return words


def _today() -> date:
    return datetime.fromtimestamp(now_ms() / 1000, UTC).date()


def _spoken_day(day: date, words: dict[str, Any]) -> str:
    return f"{words['days'][day.weekday()]} {day.day} {words['months'][day.month - 1]}"


def _euro(cents: int) -> str:
    return f"€{cents // 100}.{cents % 100:02d}"


