"""Where one is signed in, and how to end it there."""

from __future__ import annotations

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from widget_server.accounts import sessions as rows
from widget_server.accounts.operations import audit
from widget_server.console.frame import actor, blueprint, for_staff
from widget_server.console.words import plural
from widget_server.database import writing


@blueprint.get("/me/sessions")
@for_staff
def sessions() -> Response:
    """Every browser that is signed in as this person."""
    return make_response(
        render_template("console/sessions.html", sessions=rows.sessions_of(g.user_id), this_one=g.session_id)
    )


@blueprint.post("/me/sessions/end")
@for_staff
def end_session() -> Response:
    """Sign one out, wherever it is. Somebody else's is none."""
    with writing():
        ended = rows.end_one(g.user_id, request.form.get("session", "")[:36])
        if ended:
            audit("session.ended", user=actor(), site_id=None)
    flash("Signed out there." if ended else "That one was signed out already.")
    return _back()


@blueprint.post("/me/sessions/end-others")
@for_staff
def end_other_sessions() -> Response:
    """This browser goes on, all others don't."""
    with writing():
        count = rows.end_sessions(g.user_id, keep=g.session_id)
        audit("session.others_ended", user=actor(), site_id=None, count=count)
    flash(f"Signed out in {plural(count, 'other browser')}." if count else "You are signed in nowhere else.")
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("console.sessions"), 303))
