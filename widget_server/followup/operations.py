"""The question three days after a resolution: planned with it, asked once when due, answered on the customer's page."""

from __future__ import annotations

from sqlalchemy import func, select, update

from widget_server.accounts.models import User
from widget_server.clock import DAY, now_ms
from widget_server.database import db
from widget_server.delivery import outbox
from widget_server.followup import queries
from widget_server.followup.models import FollowUp
from widget_server.recovery import history
from widget_server.recovery.addressing import around, mail_contact
from widget_server.recovery.letters import follow_up_letter
from widget_server.recovery.lifecycle import FOLLOW_UP_AFTER
from widget_server.recovery.models import Case
from widget_server.recovery.queries import hmacs_of, open_case_of

AT_ONCE = 50


def plan(case: Case) -> FollowUp | None:
    """With a resolution: ask at `case.ask_at`. None where nobody can be asked."""
    if case.ask_at is None:
        return None
    standing = queries.standing(case.id)
    if standing is not None:
        return standing
    asked_before = db.session.scalar(select(func.max(FollowUp.n)).where(FollowUp.case_id == case.id)) or 0
    followup = FollowUp(case_id=case.id, n=asked_before + 1, due_at=case.ask_at, state="planned")
    db.session.add(followup)
    db.session.flush()
    return followup


def ask_due(now: int, limit: int = AT_ONCE) -> int:
    """Ask what is due: by mail where there is an address, and on the receipt page in any case. How many were asked."""
    planned = select(FollowUp.id, FollowUp.case_id).where(FollowUp.state == "planned", FollowUp.due_at <= now)
    due = db.session.execute(planned.order_by(FollowUp.due_at, FollowUp.id).limit(limit)).all()
    return sum(_ask(followup_id, case_id) for followup_id, case_id in due)


def answer(case: Case, *, satisfied: bool, comment: str | None) -> FollowUp | None:
    """Keep the customer's answer, also when it came before the question went out."""
    followup = queries.standing(case.id)
    if followup is None:
        return None
    followup.state, followup.answered_at = "answered", now_ms()
    followup.satisfied, followup.comment = satisfied, comment or None
    db.session.flush()
    return followup


def drop(case: Case) -> None:
    """The case opened again or was closed: the question makes no sense now."""
    db.session.execute(
        update(FollowUp)
        .where(FollowUp.case_id == case.id, FollowUp.state.in_(("planned", "asked")))
        .values(state="dropped")
    )


def _ask(followup_id: int, case_id: int) -> bool:
    """One question, under the case's lock, as an answer takes it too. False: there was nothing to ask any more."""
    case = db.session.get_one(Case, case_id)
    history.lock(case)
    followup = db.session.get_one(FollowUp, followup_id, with_for_update=True, populate_existing=True)
    if followup.state != "planned":
        return False
    if case.state != "resolved" or case.followed_up_at is not None:
        followup.state = "dropped"
        db.session.flush()
        return False
    now = now_ms()
    if open_case_of(case.site_id, hmacs_of(case.id)) is not None:
        _put_off(case, followup, now)
        return False
    followup.state, followup.asked_at, case.asked_at = "asked", now, now
    by = _mail(case, followup)
    history.record(case, "asked", None, by=by)
    history.refresh_due(case)
    return True


def _put_off(case: Case, followup: FollowUp, now: int) -> None:
    """Nobody is asked whether it held while they wait for an answer about something newer; look again tomorrow."""
    first = case.resolved_at is not None and case.ask_at == case.resolved_at + FOLLOW_UP_AFTER
    followup.due_at = case.ask_at = now + DAY
    if first:
        history.record(case, "put_off", None)
    history.refresh_due(case)


def _mail(case: Case, followup: FollowUp) -> str:
    """By mail where there is an address; on the customer's page it stands in any case."""
    contact = mail_contact(case) if case.reach == "email" else None
    if contact is None:
        return "receipt"
    owner = db.session.get(User, case.owner_id) if case.owner_id else None
    letter = follow_up_letter(around(case, contact, owner.name if owner else ""))
    outbox.enqueue(
        unique_key=f"follow_up:{case.public_id}:{followup.n}",
        site_id=case.site_id,
        purpose="follow_up",
        subject=letter.subject,
        body=letter.body,
        language=case.language,
        contact_id=contact.id,
    )
    return "email"
