"""Mails to staff: an urgent case opens, a gesture waits for an approval, and what was said to it. Who gets them, and what
they say.

Mail leaves the house, so it holds no words of the customer and no address: a reason that quotes is told as such, and of
a gesture only its value.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from widget_server.accounts.models import Membership, User
from widget_server.database import db
from widget_server.recovery.addressing import reference
from widget_server.recovery.amounts import for_staff
from widget_server.recovery.dates import local
from widget_server.recovery.models import Approval, Case
from widget_server.sites.models import Site

SEVERITIES = {1: "low", 2: "medium", 3: "high", 4: "severe"}
REACHES = {
    "email": "They can be answered by e-mail.",
    "receipt": "They can be answered on the page of their receipt.",
    "none": "They left no way to be answered.",
}

THEIR_WORDS = "what they said; it is in the case"


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def members(site_id: int, team_id: int | None) -> list[int]:
    """Who is told: the team's own, or where it has nobody, the site's support and admins. User ids."""
    active = _active(site_id)
    team = list(db.session.scalars(active.where(Membership.team_id == team_id))) if team_id is not None else []
    return team or list(db.session.scalars(active.where(Membership.role.in_(("support", "admin")))))


def _active(site_id: int) -> Select[tuple[int]]:
    return (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.site_id == site_id, User.active.is_(True))
        .order_by(Membership.user_id)
    )


def approvers(site_id: int) -> list[int]:
    """Who may say yes to a gesture: the site's admins. User ids."""
    return list(db.session.scalars(_active(site_id).where(Membership.role == "admin")))


def works_at(site_id: int, user_id: int) -> bool:
    """Whether somebody holds a role there still: a site does not exist for whoever lost theirs."""
    return db.session.get(Membership, (user_id, site_id)) is not None


def approval_asked(case: Case, site: Site, approval: Approval, asker: str, base_url: str) -> Letter:
    """To those who may decide."""
    number, worth = reference(site, case.number), for_staff(approval.amount, approval.currency)
    lines = [
        f"{asker} asks to give a customer of {site.name} more than their own budget: {worth}.",
        "What it is, and why, stands in the case.",
        "",
        _address(case, site, base_url),
        "",
    ]
    return Letter(f"{number}: a gesture waits for your word", "\n".join(lines))


def approval_decided(case: Case, site: Site, approval: Approval, decider: str, base_url: str) -> Letter:
    """To whoever asked."""
    yes = approval.state == "approved"
    told = "approved" if yes else "declined"
    lines = [
        f"{decider} {told} what you asked to give: {for_staff(approval.amount, approval.currency)}.",
        "It goes along with your next reply." if yes else "Why stands in the case.",
        "",
        _address(case, site, base_url),
        "",
    ]
    return Letter(f"{reference(site, case.number)}: your gesture was {told}", "\n".join(lines))


def urgent_case(case: Case, site: Site, base_url: str) -> Letter:
    """What the mail says; its link comes from our own address alone."""
    number = reference(site, case.number)
    reasons = [f"  - {reason}" for reason in unquoted_reasons(case.reasons)] or ["  - opened by hand"]
    again = [] if (case.failures or 1) < 2 else [f"This is failure number {case.failures} for this customer.", ""]
    lines = [
        f"A new case at {site.name} needs a person now: {number}",
        f"Priority {case.priority}, severity {SEVERITIES[case.severity]}.",
        "",
        "Why it was flagged:",
        *reasons,
        "",
        *again,
        f"First answer due: {_moment(case.acknowledge_due, site.zone)}",
        f"Solution due: {_moment(case.resolve_due, site.zone)}",
        REACHES[case.reach],
        "",
        _address(case, site, base_url),
        "",
    ]
    return Letter(f"[{case.priority}] {number}: a case needs you now", "\n".join(lines))


def unquoted_reasons(reasons: list[str]) -> list[str]:
    """Ratings and behaviour as they were told; of what was written, only that it counted."""
    ours = [reason for reason in reasons if "'" not in reason and any(letter.isalpha() for letter in reason)]
    return ours if len(ours) == len(reasons) else [*ours, THEIR_WORDS]


def _address(case: Case, site: Site, base_url: str) -> str:
    return f"{base_url}/console/{site.key}/cases/{case.number}"


def _moment(at: int, zone: str) -> str:
    return f"{local(at, zone):%A %d %B, %H:%M} ({zone})"
