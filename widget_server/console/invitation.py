"""Behind a link: a person sets their password, the first one (invitation) or a new one (reset). GET shows, POST acts.

A link that was used, has expired, was replaced or made up answers alike, with a page that says where to get another.
"""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.links import read_link, use_link
from widget_server.accounts.models import AccountLink, User
from widget_server.accounts.operations import audit, hashed, keep_hash
from widget_server.console.frame import blueprint, for_anybody
from widget_server.database import db, writing
from widget_server.errors import Invalid
from widget_server.sites.names import name_of


@blueprint.get("/invitation/<token>")
@for_anybody
def invitation(token: str) -> Response:
    """Choose the first password."""
    return _form("invitation", token)


@blueprint.post("/invitation/<token>")
@for_anybody
def accept_invitation(token: str) -> Response:
    return _set_password("invitation", token)


@blueprint.get("/reset/<token>")
@for_anybody
def new_password(token: str) -> Response:
    """Choose a new password."""
    return _form("reset", token)


@blueprint.post("/reset/<token>")
@for_anybody
def put_new_password(token: str) -> Response:
    return _set_password("reset", token)


def _form(kind: str, token: str, status: int = 200, **wrong: str) -> Response:
    link = read_link(kind, token)
    if link is None:
        return _ended()
    person = _person(link)
    page = render_template(
        "console/set_password.html", kind=kind, token=token, person=person, wrong=wrong, name=request.form.get("name")
    )
    return make_response(page, status)


def _set_password(kind: str, token: str) -> Response:
    """Hashing takes a while, so it comes before the lock; the link is used up in the transaction that keeps the hash."""
    if read_link(kind, token) is None:
        return _ended()
    typed = request.form.get("name", "").strip()
    name = name_of(typed, "Give a name that can be seen.") if typed else ""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _form(kind, token, 422, again="The two don’t match. Type the new one twice.")
    try:
        digest = hashed(new)
    except Invalid as wrong:
        return _form(kind, token, 422, new=wrong.detail)
    with writing():
        link = read_link(kind, token)
        if link is None or not use_link(link):
            return _ended()
        person = _person(link)
        if kind == "invitation":
            person.name = name or person.name
        keep_hash(person, digest)
        audit(f"password.{kind}", user=person, site_id=None)
    flash("Your password is set. Sign in with it.")
    return make_response(redirect(url_for("security.login"), 303))


def _person(link: AccountLink) -> User:
    return db.session.get_one(User, link.user_id)


def _ended() -> Response:
    return make_response(render_template("console/link_ended.html"), 410)
