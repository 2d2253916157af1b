"""One's own password: the current one, the new one twice. Other sessions end, this one goes on."""

from __future__ import annotations

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_security import current_user

from widget_server.accounts.login import begin, careful
from widget_server.accounts.operations import audit, hashed, keep_hash
from widget_server.console.frame import actor, blueprint, for_staff
from widget_server.database import writing
from widget_server.errors import Invalid


@blueprint.get("/me/password")
@for_staff
def changing_password() -> Response:
    return _page()


@blueprint.post("/me/password")
@for_staff
@careful
def change_password() -> Response:
    """Wrong ones are counted as at the door. Verifying and hashing take a while, so both come before the lock."""
    given, new = request.form.get("current", ""), request.form.get("new", "")
    if len(given) > 200 or not current_user.verify_and_update_password(given):
        return _page(422, current="That is not your current password.")
    g.no_guess = True
    if new != request.form.get("again", ""):
        return _page(422, again="The two don’t match. Type the new one twice.")
    if new == given:
        return _page(422, new="That is the one you have. Choose another.")
    try:
        digest = hashed(new)
    except Invalid as wrong:
        return _page(422, new=wrong.detail)
    with writing():
        me = actor()
        keep_hash(me, digest)
        audit("password.changed", user=me, site_id=None)
    begin(g.user_id, g.session_method, action=None)
    flash("Your password is changed. Wherever else you were signed in, you are signed out.")
    return make_response(redirect(url_for("console.changing_password"), 303))


def _page(status: int = 200, **wrong: str) -> Response:
    return make_response(render_template("console/password.html", wrong=wrong), status)
