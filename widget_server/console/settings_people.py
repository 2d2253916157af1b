"""Settings, people: who has which role at this site. Somebody new gets an invitation, by mail or to be handed over."""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, request, url_for
from sqlalchemy import func, select

from widget_server.accounts.models import User
from widget_server.accounts.operations import audit, create_user, grant, keep_an_admin, revoke, set_budgets
from widget_server.accounts.queries import role_at, user_by_email
from widget_server.console.case_form import minor_units
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.settings import confirmation, settings_page
from widget_server.console.settings_person import colleague, hand_link, link_page
from widget_server.console.words import plural
from widget_server.database import db, writing
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.recovery.models import Case
from widget_server.sites.queries import forget


@command("/settings/people", "settings.work")
def add_person() -> Answered:
    """Give somebody a role here; make them a user when they are not one yet."""
    email, name = request.form.get("email", "").strip()[:255], request.form.get("name", "").strip()[:200]
    address, kind = None, ""
    try:
        with writing():
            user = user_by_email(email) or create_user(email, None, name or email.partition("@")[0])
            if role_at(user, here().site):
                raise Conflict(f"{user.email} is one of your people already.")
            grant(user, here().site, request.form.get("role", ""), request.form.get("team") or None)
            audit("person.added", user=actor(), site_id=here().site.id, subject=user.email[:200])
            invited, email = user.password is None, user.email
            if invited:
                address, kind = hand_link(user)
    except (Invalid, Conflict, NotFound) as wrong:
        return settings_page(wrong.status, person_wrong=wrong.detail, person=request.form)
    if address:
        return link_page(email, address, kind)
    flash(f"An invitation is on its way to {email}." if invited else f"{email} can work here now.")
    return _back()


@command("/settings/people/<row:user_id>", "settings.work")
def put_person(user_id: int) -> Answered:
    """Another role or team."""
    with writing():
        user, role = colleague(user_id), request.form.get("role", "")
        if role != "admin":
            keep_an_admin(here().site, user)
        grant(user, here().site, role, request.form.get("team") or None)
        audit("person.changed", user=actor(), site_id=here().site.id, subject=user.email[:200], role=role)
    flash("Saved.")
    return _back()


@command("/settings/budget", "settings.work")
def put_budget() -> Answered:
    """What each may give to customers in a month; nothing: no limit."""
    currency = request.form.get("budget_currency", "")
    try:
        limit = budget_of_form("budget", currency)
        with writing():
            before = here().site.gesture_budget
            set_budgets(here().site, limit, currency)
            told = {"amount": limit, "before": before, "currency": currency}
            audit("budget.changed", user=actor(), site_id=here().site.id, subject="everybody", **told)
            forget()
    except (Invalid, Conflict) as wrong:
        return settings_page(wrong.status, budget_wrong=wrong.detail, typed_budget=request.form)
    flash("Saved. It holds for what is given from now on." if limit is not None else "Saved. There is no limit.")
    return _back()


def budget_of_form(name: str, currency: str) -> int | None:
    """A field's amount in minor units; None where it is empty.

    Raises:
        Invalid: it can't be read, or there is no such currency.
    """
    given = request.form.get(name, "")
    amount = minor_units(given.strip() or "0", currency)
    return amount if given.strip() else None


@screen("/settings/people/<row:user_id>/remove", "settings.work")
def removing_person(user_id: int) -> Answered:
    """What taking somebody's role away does, before it is done."""
    user, site = colleague(user_id), here().site
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
        user = colleague(user_id)
        keep_an_admin(here().site, user)
        revoke(user, here().site)
        audit("person.removed", user=actor(), site_id=here().site.id, subject=user.email[:200])
    flash("They no longer have this site.")
    return _back()


def _open_cases(user: User) -> int:
    theirs = select(func.count()).select_from(Case).where(Case.site_id == here().site.id, Case.owner_id == user.id)
    return db.session.scalar(theirs.where(Case.state != "closed")) or 0


def _back() -> Answered:
    return make_response(redirect(url_for("console.settings", _anchor="people"), 303))
