"""Reads of follow-ups."""

from __future__ import annotations

from sqlalchemy import select

from widget_server.database import db
from widget_server.followup.models import FollowUp


def standing(case_id: int) -> FollowUp | None:
    """The question that is planned or asked, not answered yet."""
    return db.session.scalar(
        select(FollowUp)
        .where(FollowUp.case_id == case_id, FollowUp.state.in_(("planned", "asked")))
        .order_by(FollowUp.n.desc())
        .limit(1)
    )


def any_due(now: int) -> bool:
    """A look without the writers' lock."""
    due = select(FollowUp.id).where(FollowUp.state == "planned", FollowUp.due_at <= now).limit(1)
    return db.session.scalar(due) is not None


def followups_of(case_id: int) -> list[FollowUp]:
    return list(db.session.scalars(select(FollowUp).where(FollowUp.case_id == case_id).order_by(FollowUp.n)))
