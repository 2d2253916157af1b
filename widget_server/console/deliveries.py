"""The deliveries screen: what went out, what is waiting, what failed, and what would have been sent."""

from __future__ import annotations

from collections import Counter

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import func, select

from widget_server.accounts.models import User
from widget_server.accounts.operations import audit
from widget_server.config import settings
from widget_server.console.frame import actor, command, here, screen
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.delivery.outbox import replay
from widget_server.errors import NotFound

STATES = {
    "held": "Would have been sent",
    "queued": "Waiting",
    "sending": "On its way",
    "sent": "Sent",
    "failed": "Failed for good",
}
PURPOSES = {
    "reply": "Reply to a customer",
    "urgent_case": "New urgent case, to the team",
    "approval": "A gesture beyond a budget, to one of us",
    "follow_up": "Follow-up question",
    "receipt": "Link to the receipt",
    "account_link": "Link to set a password, to one of us",
}
PAGE = 50


@screen("/deliveries", "deliveries.read")
def deliveries() -> Answered:
    """Newest first, by state."""
    site = here().site
    wanted = request.args.get("state", "")
    of_site = (
        select(Delivery, User.name)
        .outerjoin(User, User.id == Delivery.user_id)
        .where(Delivery.site_id == site.id)
    )
    if wanted in STATES:
        of_site = of_site.where(Delivery.state == wanted)
    before = request.args.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 16:
        of_site = of_site.where(Delivery.id < int(before))
    rows = db.session.execute(of_site.order_by(Delivery.id.desc()).limit(PAGE + 1)).all()
    counted = db.session.execute(
        select(Delivery.state, func.count()).where(Delivery.site_id == site.id).group_by(Delivery.state)
    )
    page = render_template(
        "console/deliveries.html",
        rows=rows[:PAGE],
        more=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        counts=Counter(dict(counted.tuples().all())),
        chosen=wanted if wanted in STATES else "",
        states=STATES,
        purposes=PURPOSES,
        has_smtp=settings().smtp is not None,
    )
    return make_response(page)


@screen("/deliveries/<public_id>", "deliveries.read")
def delivery(public_id: str) -> Answered:
    """One message as it stands, without the address it goes to."""
    return make_response(
        render_template(
            "console/delivery.html", delivery=_delivery(public_id), states=STATES, purposes=PURPOSES
        )
    )


@command("/deliveries/<public_id>/again", "deliveries.work")
def send_again(public_id: str) -> Answered:
    """Queue a failed or held message once more."""
    with writing():
        found = _delivery(public_id)
        replay(found)
        audit("delivery.replay", user=actor(), site_id=found.site_id, subject=found.public_id)
    flash("Queued again. It goes out within a second or so.")
    return make_response(redirect(url_for("console.delivery", public_id=public_id), 303))


def _delivery(public_id: str) -> Delivery:
    found = None
    if len(public_id) <= 36 and "\0" not in public_id:
        found = db.session.scalar(
            select(Delivery).where(Delivery.site_id == here().site.id, Delivery.public_id == public_id)
        )
    if found is None:
        raise NotFound("There is no such message.")
    return found
