"""Something extra for a customer, within what one may give; beyond it, one asks, and somebody with authority decides.

What was approved goes along with one later reply, worth as much or less, in words that the customer reads; it does not
draw on the budget of whoever asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select, update

from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.delivery import outbox
from widget_server.desk.words import need_token, required, tidy, within
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.recovery import lifecycle
from widget_server.recovery.history import lock, record, state_of, unchanged_since
from widget_server.recovery.models import Approval, Case, Gesture
from widget_server.recovery.queries import budget_of, form_token, usable_approval
from widget_server.sites.models import Site
from widget_server.team_mail import Letter, approval_asked, approval_decided, approvers, works_at

MOST = 1_000_000_000
LONGEST = 200


@dataclass(frozen=True)
class Gift:
    """Something extra: `amount` in minor units of an ISO 4217 `currency`."""

    description: str
    amount: int
    currency: str


class BeyondBudget(Invalid):
    """More than this person may give without asking."""


def give(case: Case, actor: User, gift: Gift, token: str, now: int) -> Gesture:
    """Put a gesture down, with the reply that tells of it. Under the case's lock.

    Raises:
        Invalid: no words, no currency, no such value.
        BeyondBudget: it needs an approval, and there is none in this case that it fits.
    """
    gift = _checked(gift)
    approval = usable_approval(case.id, gift.amount, gift.currency) if gift.amount else None
    if approval is None:
        objection = _objection(case, actor, gift, now)
        if objection:
            raise BeyondBudget(objection)
    gesture = Gesture(
        case_id=case.id,
        user_id=actor.id,
        description=gift.description,
        amount=gift.amount,
        currency=gift.currency,
        token=f"{case.id}:{token}",
        at=now,
    )
    db.session.add(gesture)
    db.session.flush()
    if approval is not None:
        approval.gesture_id = gesture.id
        db.session.flush()
    return gesture


def ask_to_give(
    case: Case, actor: User, gift: Gift, *, expected_version: int | None, token: str, reason: str = ""
) -> Approval:
    """Ask for a gesture beyond one's budget. What was asked for in this case before, and is undecided, is withdrawn.

    Args:
        token: from the form: the same one again asks nothing and returns what was asked.
        reason: for who decides.

    Raises:
        Conflict: the case changed meanwhile, is closed, or nobody can be reached.
        Invalid: as `give`; or it can be given without asking.
    """
    need_token(token)
    lock(case)
    asked = db.session.scalar(select(Approval).where(Approval.token == form_token(case.id, token)))
    if asked is not None:
        return asked
    unchanged_since(case, expected_version)
    now = now_ms()
    refused = lifecycle.refusal(state_of(case), "reply", now)
    if refused:
        raise Conflict(refused)
    gift = _checked(gift)
    if usable_approval(case.id, gift.amount, gift.currency) or _objection(case, actor, gift, now) is None:
        raise Invalid("You may give this without asking: send it with your reply.")
    undecided = update(Approval).where(Approval.case_id == case.id, Approval.state == "asked")
    db.session.execute(undecided.values(state="withdrawn", decided_at=now))
    approval = Approval(
        case_id=case.id,
        user_id=actor.id,
        description=gift.description,
        amount=gift.amount,
        currency=gift.currency,
        reason=within(tidy(reason), LONGEST),
        token=form_token(case.id, token),
        state="asked",
        asked_at=now,
    )
    db.session.add(approval)
    record(case, "gesture_asked", actor.id, amount=gift.amount, currency=gift.currency)
    site = db.session.get_one(Site, case.site_id)
    letter = approval_asked(case, site, approval, actor.name or actor.email, settings().base_url)
    _tell(approval, site, letter, [id for id in approvers(site.id) if id != actor.id])
    return approval


def decide(case: Case, actor: User, approval_id: str, *, approve: bool, answer: str = "") -> Approval:
    """Yes or no to what somebody asked to give. A yes is in place of an earlier one that is not given yet.

    `answer`: why not; whoever asked reads it.

    Raises:
        NotFound: there is no such request in this case.
        Conflict: it is decided or withdrawn, the case is closed, or it is one's own request.
        Invalid: a no without a reason.
    """
    lock(case)
    found = select(Approval).where(Approval.case_id == case.id, Approval.public_id == approval_id)
    approval = db.session.scalar(found.execution_options(populate_existing=True))
    if approval is None:
        raise NotFound("There is no such request in this case.")
    if approval.state != "asked":
        raise Conflict(DECIDED[approval.state])
    if case.state == "closed":
        raise Conflict("This case is closed: there is nothing to give any more.")
    if approval.user_id == actor.id:
        raise Conflict("You asked for it yourself: somebody else decides.")
    why = "" if approve else required(answer, "Say why not: whoever asked reads it.", longest=LONGEST)
    if approve:  # in place of what was approved before and is not given: one gift is meant, not two
        ungiven = update(Approval).where(
            Approval.case_id == case.id, Approval.state == "approved", Approval.gesture_id.is_(None)
        )
        db.session.execute(ungiven.values(state="withdrawn"))
    approval.state, approval.answer = ("approved", "") if approve else ("declined", why)
    approval.decided_by_id, approval.decided_at = actor.id, now_ms()
    record(case, f"gesture_{approval.state}", actor.id, amount=approval.amount, currency=approval.currency)
    site = db.session.get_one(Site, case.site_id)
    letter = approval_decided(case, site, approval, actor.name or actor.email, settings().base_url)
    asker = approval.user_id
    _tell(approval, site, letter, [asker] if asker and works_at(site.id, asker) else [])
    return approval


DECIDED = {
    "approved": "It is approved already.",
    "declined": "It is declined already.",
    "withdrawn": "It was asked for anew, with other values: decide on that.",
}


def _tell(approval: Approval, site: Site, letter: Letter, user_ids: list[int]) -> None:
    key = f"approval:{approval.public_id}:{approval.state}"
    outbox.enqueue_to_staff(
        user_ids, unique_key=key, site_id=site.id, purpose="approval", subject=letter.subject, body=letter.body
    )


def _objection(case: Case, actor: User, gift: Gift, now: int) -> str | None:
    """Why this person must ask. Holds them until the transaction ends: of two gifts at once, the second counts the first."""
    if not gift.amount:
        return None
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update(key_share=True))
    budget = budget_of(actor.id, db.session.get_one(Site, case.site_id), now)
    return budget.objection(gift.amount, gift.currency) if budget else None


def _checked(gift: Gift) -> Gift:
    currency = gift.currency.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Invalid("Give the currency as three letters, such as EUR.")
    if not 0 <= gift.amount <= MOST:
        raise Invalid("The value of a gesture is a whole number of cents, 0 or more.")
    return Gift(required(gift.description, "Say what the gesture is.", longest=LONGEST), gift.amount, currency)
