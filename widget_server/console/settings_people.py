"""Settings, people: who has which role at this site. A new person's first password is shown once, to hand over."""

from __future__ import annotations

import secrets

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import func, select

from widget_server.accounts.models import Membership, User
from widget_server.accounts.operations import audit, create_user, grant, revoke
from widget_server.accounts.queries import role_at, user_by_email
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.settings import confirmation, settings_page
from widget_server.console.words import plural
from widget_server.database import db, writing
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.recovery.models import Case


@command("/settings/people", "settings.work")
def add_person() -> Answered:
    """Give somebody a role here; make them a user when they are not one yet."""
    email, name = request.form.get("email", "").strip()[:255], request.form.get("name", "").strip()[:200]
    password = None
    try:
        with writing():
            user = user_by_email(email)
            if user is None:
                password = secrets.token_urlsafe(12)
                user = create_user(email, password, name or email.partition("@")[0])
            elif role_at(user, here().site):
                raise Conflict(f"{user.email} is one of your people already.")
            grant(user, here().site, request.form.get("role", ""), request.form.get("team") or None)
            audit("person.added", user=actor(), site_id=here().site.id, subject=user.email[:200])
            address = user.email
    except (Invalid, Conflict, NotFound) as wrong:
        return settings_page(wrong.status, person_wrong=wrong.detail, person=request.form)
    if password:
        return make_response(render_template("console/new_person.html", email=address, password=password))
    flash(f"{address} can work here now.")
    return _back()


@command("/settings/people/<row:user_id>", "settings.work")
def put_person(user_id: int) -> Answered:
    """Another role or team."""
    with writing():
        user, role = _colleague(user_id), request.form.get("role", "")
        if role != "admin":
            _keep_an_admin(user)
        grant(user, here().site, role, request.form.get("team") or None)
        audit("person.changed", user=actor(), site_id=here().site.id, subject=user.email[:200], role=role)
    flash("Saved.")
    return _back()


@screen("/settings/people/<row:user_id>/remove", "settings.work")
def removing_person(user_id: int) -> Answered:
    """What taking somebody's role away does, before it is done."""
    user, site = _colleague(user_id), here().site
    name, cases = user.name or user.email, _open_cases(user)
    return confirmation(
        f"Remove {name} from {site.name}?",
        f"{name} ({user.email}) can’t open {site.name} any more, from the next click on.",
        f"{plural(cases, 'open case')} of theirs {'keeps' if cases == 1 else 'keep'} their name until somebody takes over."
        if cases
        else "They have no open case here.",
        "What they wrote and did stays, and so do their account and their other sites.",
        button="Remove",
        action=url_for("console.remove_person", user_id=user.id),
        back=url_for("console.settings", _anchor="people"),
    )


@command("/settings/people/<row:user_id>/remove", "settings.work")
def remove_person(user_id: int) -> Answered:
    """This site no longer exists for them; what they did stays."""
    with writing():
        user = _colleague(user_id)
        _keep_an_admin(user)
        revoke(user, here().site)
        audit("person.removed", user=actor(), site_id=here().site.id, subject=user.email[:200])
    flash("They no longer have this site.")
    return _back()


def _colleague(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None or role_at(user, here().site) is None:
        raise NotFound("There is no such person here.")
    return user


def _open_cases(user: User) -> int:
    theirs = select(func.count()).select_from(Case).where(Case.site_id == here().site.id, Case.owner_id == user.id)
    return db.session.scalar(theirs.where(Case.state != "closed")) or 0


def _keep_an_admin(leaving: User) -> None:
    others = (
        select(func.count())
        .select_from(Membership)
        .where(
            Membership.site_id == here().site.id, Membership.role == "admin", Membership.user_id != leaving.id
        )
    )
    if not db.session.scalar(others):
        raise Conflict("A site keeps at least one admin: make somebody else admin first.")


def _back() -> Answered:
    return make_response(redirect(url_for("console.settings", _anchor="people"), 303))
