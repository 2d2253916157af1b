"""Between the password and the desk: the code of the second factor. Nothing else opens until it is given."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.guessing import SECOND_STEP, counted
from widget_server.accounts.login import begin, half_signed_in
from widget_server.accounts.operations import audit
from widget_server.accounts.second_factor import recovery_codes_left, take_code
from widget_server.console.frame import blueprint, for_anybody
from widget_server.console.words import plural
from widget_server.database import writing


def _account() -> str:
    half = half_signed_in()
    return half[0].email if half else ""


@blueprint.get("/two-factor")
@for_anybody
def asking_code() -> Response:
    """The form, for whoever gave the right password a moment ago."""
    if half_signed_in() is None:
        return _to_the_door()
    return make_response(render_template("console/second_step.html"))


@blueprint.post("/two-factor")
@for_anybody
@counted(SECOND_STEP, _account)
def give_code() -> Response:
    """In, when it is the code of this moment, or a recovery code that was not used yet."""
    half = half_signed_in()
    if half is None:
        return _to_the_door()
    user_id, wanted = half[0].id, half[1]
    with writing():
        kind = take_code(user_id, request.form.get("code", "")[:64])
        left = recovery_codes_left(user_id)
        audit(f"two_factor.{kind or 'wrong'}", user=half[0], site_id=None)
    if kind is None:
        return make_response(render_template("console/second_step.html", wrong=True), 422)
    begin(user_id, "two_factor")
    if kind == "recovery":
        few = "warning" if left < 3 else "message"
        flash(f"That recovery code is used up. You have {plural(left, 'more', 'more')}.", few)
    return make_response(redirect(wanted, 303))


def _to_the_door() -> Response:
    return make_response(redirect(url_for("security.login"), 303))
