"""One's own second factor: set up with a QR code, confirmed by a code, taken away with the password. And the duty to."""

from __future__ import annotations

import segno
from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from markupsafe import Markup

from widget_server.accounts import second_factor
from widget_server.accounts.codes import address_for_app, readable
from widget_server.accounts.guessing import SECOND_STEP, counted
from widget_server.accounts.login import careful
from widget_server.accounts.operations import audit
from widget_server.accounts.queries import duties_of, places_of
from widget_server.accounts.sessions import end_sessions
from widget_server.console.frame import actor, blueprint, for_staff
from widget_server.database import writing
from widget_server.errors import Invalid

ISSUER = "Widget Server"
WRONG = "That is not your password."


@blueprint.get("/me/two-factor")
@for_staff
def two_factor() -> Response:
    """Whether it is on; the QR code while it is being set up."""
    return _page()


@blueprint.post("/me/two-factor/start")
@for_staff
def start_two_factor() -> Response:
    """A fresh secret, shown as a QR code and in letters."""
    with writing():
        second_factor.begin_setup(g.user_id)
    return _back()


@blueprint.post("/me/two-factor/confirm")
@for_staff
@counted(SECOND_STEP, lambda: current_user.email)
def confirm_two_factor() -> Response:
    """The app works: recovery codes are shown, this once. Other sessions, which gave no code, end."""
    try:
        with writing():
            codes = second_factor.confirm(g.user_id, request.form.get("code", "")[:64])
            end_sessions(g.user_id, keep=g.session_id)
            audit("two_factor.on", user=actor(), site_id=None)
    except Invalid as wrong:
        return _page(422, wrong=wrong.detail)
    return _codes(codes)


@blueprint.post("/me/two-factor/codes")
@for_staff
@careful
def fresh_codes() -> Response:
    """Ten new recovery codes; the old ones end."""
    if not _right_password() or not second_factor.confirmed(g.user_id):
        return _page(422, below=WRONG)
    with writing():
        codes = second_factor.fresh_recovery_codes(g.user_id)
        audit("two_factor.codes", user=actor(), site_id=None)
    return _codes(codes)


@blueprint.post("/me/two-factor/off")
@for_staff
@careful
def end_two_factor() -> Response:
    """Off again, with the password; not where a site makes it a duty."""
    if not _right_password():
        return _page(422, below=WRONG)
    if owed_at(g.user_id):
        g.no_guess = True
        return _page(422, below=f"{owed_at(g.user_id)[0]} makes it a duty for your role: it stays on.")
    with writing():
        second_factor.take_away(g.user_id)
        audit("two_factor.off", user=actor(), site_id=None)
    flash("Two-step sign-in is off.")
    return _back()


@blueprint.before_request
def _owed() -> Response | None:
    """Where a role must have a second factor, and has none, no page of the site opens before it is set up."""
    place = g.get("place")
    if place is None or place.role not in duties_of(place.site.id) or _has_one():
        return None
    flash(f"{place.site.name} asks for two-step sign-in in your role. Set it up, then go on.", "warning")
    answer = make_response(redirect(url_for("console.two_factor"), 303))
    if request.headers.get("HX-Request"):
        answer = make_response("", 403)
        answer.headers["HX-Redirect"] = url_for("console.two_factor")
    return answer


def _has_one() -> bool:
    """An app of their own now, or the company’s sign-in, which asks in its own way."""
    return g.session_method == "sign_on" or second_factor.confirmed(g.user_id)


def owed_at(user_id: int) -> list[str]:
    """The names of the sites where this person's role must have a second factor."""
    return [place.site.name for place in places_of(user_id) if place.role in duties_of(place.site.id)]


def _right_password() -> bool:
    given = request.form.get("password", "")
    return len(given) <= 200 and current_user.verify_and_update_password(given)


def _page(status: int = 200, **wrong: str) -> Response:
    secret = second_factor.secret_in_setup(g.user_id)
    page = render_template(
        "console/two_factor.html",
        on=second_factor.confirmed(g.user_id),
        key=readable(secret) if secret else None,
        picture=_picture(address_for_app(secret, current_user.email, ISSUER)) if secret else None,
        left=second_factor.recovery_codes_left(g.user_id),
        owed=owed_at(g.user_id),
        wrong=wrong.get("wrong"),
        below=wrong.get("below"),
    )
    return make_response(page, status)


def _picture(words: str) -> Markup:
    """The QR code as SVG with attributes only, dark on light in every colour scheme: scanners want it so."""
    code = segno.make(words, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 — paths of squares, made here


def _codes(codes: list[str]) -> Response:
    return make_response(render_template("console/recovery_codes.html", codes=[readable(code) for code in codes]))


def _back() -> Response:
    return make_response(redirect(url_for("console.two_factor"), 303))
