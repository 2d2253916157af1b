"""Settings, one person: a link to set their password, their second factor, their sessions, what they may give; and who
must have a second factor.

Where mail is set up, a link goes to the person and to nobody else. Without, the admin hands it over; then only for
somebody whose sites are all the admin's own, since whoever holds the link can be that person.
"""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.links import address_of_link, make_link
from widget_server.accounts.models import ROLES, Membership, User
from widget_server.accounts.operations import audit, set_own_budget
from widget_server.accounts.permissions import may
from widget_server.accounts.queries import role_at, within_reach
from widget_server.accounts.second_factor import confirmed, set_duties, take_away
from widget_server.accounts.sessions import end_sessions, sessions_of
from widget_server.config import settings
from widget_server.console.account_mail import mail_link
from widget_server.console.case_form import minor_units, plain_amount
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.words import plural
from widget_server.database import db, writing
from widget_server.errors import Conflict, Invalid, NotFound

BEYOND = (
    "They work at a site that is not yours: Whoever could sign in as them would see it too. "
    "Whoever runs this server can do it, with 'widget-server user'."
)


@screen("/settings/people/<row:user_id>", "settings.work")
def person(user_id: int) -> Answered:
    """Their way in, what they may give, and what an admin can do about it."""
    return _page(user_id)


def _page(user_id: int, status: int = 200, **wrongs: str) -> Answered:
    user, site = colleague(user_id), here().site
    membership = db.session.get_one(Membership, (user.id, site.id))
    own = membership.gesture_budget
    page = render_template(
        "console/person.html",
        person=user,
        their_role=membership.role,
        gives=may(membership.role, "case.work"),
        own_budget=plain_amount(own, site.gesture_currency or "") if own is not None else "",
        second=confirmed(user.id),
        sessions=len(sessions_of(user.id)),
        mails=settings().smtp is not None,
        reachable=within_reach(actor().id, user.id),
        **wrongs,
    )
    return make_response(page, status)


@command("/settings/people/<row:user_id>/link", "settings.work")
def send_link(user_id: int) -> Answered:
    """A new link to set a password: by mail, or shown to be handed over. Earlier ones end."""
    with writing():
        user = colleague(user_id)
        address, kind = hand_link(user)
        email = user.email
    if address:
        return link_page(email, address, kind)
    flash(f"A link is on its way to {email}.")
    return _back(user_id)


@command("/settings/people/<row:user_id>/two-factor-off", "settings.work")
def take_second_factor(user_id: int) -> Answered:
    """For somebody who lost their phone and their recovery codes."""
    with writing():
        user = colleague(user_id)
        _within_reach(user)
        gone = take_away(user.id)
        end_sessions(user.id)
        audit("two_factor.taken", user=actor(), site_id=here().site.id, subject=user.email[:200])
    flash("They sign in without a second step now, and can set it up again." if gone else "They had no second step.")
    return _back(user_id)


@command("/settings/people/<row:user_id>/sign-out", "settings.work")
def sign_out_person(user_id: int) -> Answered:
    """End their sessions everywhere."""
    with writing():
        user = colleague(user_id)
        count = end_sessions(user.id)
        audit("person.signed_out", user=actor(), site_id=here().site.id, subject=user.email[:200])
    flash(f"Signed out in {plural(count, 'browser')}.")
    return _back(user_id)


@command("/settings/two-factor", "settings.work")
def put_duties() -> Answered:
    """The roles that need a second factor at this site."""
    with writing():
        roles = set(request.form.getlist("duty")) & set(ROLES)
        set_duties(here().site.id, roles)
        audit("two_factor.duties", user=actor(), site_id=here().site.id, roles=sorted(roles))
    flash("Saved. It holds from everybody’s next click.")
    return make_response(redirect(url_for("console.settings", _anchor="people"), 303))


@command("/settings/people/<row:user_id>/budget", "settings.work")
def put_own_budget(user_id: int) -> Answered:
    """What they may give to customers in a month, in place of what everybody here may."""
    site, given = here().site, request.form.get("budget", "").strip()
    try:
        limit = minor_units(given, site.gesture_currency or "") if given else None
        with writing():
            user = colleague(user_id)
            set_own_budget(user, here().site, limit)
            audit("budget.changed", user=actor(), site_id=site.id, subject=user.email[:200], amount=limit)
    except (Invalid, Conflict) as wrong:
        return _page(user_id, wrong.status, budget_wrong=wrong.detail, typed_budget=given[:20])
    flash("Saved.")
    return _back(user_id)


def colleague(user_id: int) -> User:
    """Somebody with a role at this site.

    Raises:
        NotFound: nobody here has this number.
    """
    user = db.session.get(User, user_id)
    if user is None or role_at(user, here().site) is None:
        raise NotFound("There is no such person here.")
    return user


def hand_link(user: User) -> tuple[str | None, str]:
    """Make a link and send it; without mail, return it to be shown, and its kind. Inside `writing()`."""
    kind = "reset" if user.password else "invitation"
    if settings().smtp is None:
        _within_reach(user)
    link = make_link(user.id, kind)
    audit(f"link.{kind}", user=actor(), site_id=here().site.id, subject=user.email[:200])
    if settings().smtp is not None:
        mail_link(link, here().site)
        return None, kind
    return address_of_link(link), kind


def link_page(email: str, address: str, kind: str) -> Answered:
    """The one time that a link is shown."""
    return make_response(render_template("console/hand_over.html", email=email, address=address, kind=kind))


def _within_reach(user: User) -> None:
    if not within_reach(actor().id, user.id):
        raise Conflict(BEYOND)


def _back(user_id: int) -> Answered:
    return make_response(redirect(url_for("console.person", user_id=user_id), 303))
