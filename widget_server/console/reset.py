"""Forgot the password: asking for a link by mail. Whether the address is known is not to be seen, in word or in time."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.guessing import ASKING, guesses
from widget_server.accounts.links import make_link
from widget_server.accounts.operations import audit
from widget_server.accounts.queries import user_by_email
from widget_server.config import settings
from widget_server.console.account_mail import first_site, mail_link
from widget_server.console.frame import blueprint, for_anybody
from widget_server.database import writing


@blueprint.get("/reset")
@for_anybody
def asking_reset() -> Response:
    """The form; without mail, whom to ask instead."""
    return make_response(render_template("console/reset.html", mails=settings().smtp is not None))


@blueprint.post("/reset")
@for_anybody
def ask_reset() -> Response:
    """The same answer for every address. Known or not, it counts, and takes the same turn at the writers' lock."""
    email = request.form.get("email", "")[:255]
    guesses().take(ASKING, email, request.remote_addr or "")
    if settings().smtp is None:
        return make_response(asking_reset())
    with writing():
        user = user_by_email(email)
        site = first_site(user) if user is not None and user.active else None
        if user is not None and site is not None:
            link = make_link(user.id, "reset" if user.password else "invitation")
            mail_link(link, site)
        audit("reset.asked", user=user if site else None, site_id=None)
    flash("If we know the address, a link is on its way. It works once, within the hour.")
    return make_response(redirect(url_for("security.login"), 303))
