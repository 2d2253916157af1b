"""The mail to staff when an urgent case opens: who gets it, and what it says.

Mail leaves the house, so it holds no words of the customer and no address: a reason that quotes is told as such.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from widget_server.accounts.models import Membership, User
from widget_server.database import db
from widget_server.recovery.dates import local
from widget_server.recovery.models import Case
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
    active = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.site_id == site_id, User.active.is_(True))
        .order_by(Membership.user_id)
    )
    team = list(db.session.scalars(active.where(Membership.team_id == team_id))) if team_id is not None else []
    return team or list(db.session.scalars(active.where(Membership.role.in_(("support", "admin")))))


def urgent_case(case: Case, site: Site, base_url: str) -> Letter:
    """What the mail says; its link comes from our own address alone."""
    reference = f"{site.reference_prefix} {case.number}".strip()
    reasons = [f"  - {reason}" for reason in unquoted_reasons(case.reasons)] or ["  - opened by hand"]
    again = [] if (case.failures or 1) < 2 else [f"This is failure number {case.failures} for this customer.", ""]
    lines = [
        f"A new case at {site.name} needs a person now: {reference}",
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
        f"{base_url}/console/{site.key}/cases/{case.number}",
        "",
    ]
    return Letter(f"[{case.priority}] {reference}: a case needs you now", "\n".join(lines))


def unquoted_reasons(reasons: list[str]) -> list[str]:
    """Ratings and behaviour as they were told; of what was written, only that it counted."""
    ours = [reason for reason in reasons if "'" not in reason and any(letter.isalpha() for letter in reason)]
    return ours if len(ours) == len(reasons) else [*ours, THEIR_WORDS]


def _moment(at: int, zone: str) -> str:
    return f"{local(at, zone):%A %d %B, %H:%M} ({zone})"
