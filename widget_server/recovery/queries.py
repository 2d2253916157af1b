"""Reads of recovery: whose case is this, which failure is it, what stands in the queue, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from widget_server.accounts.models import Membership, User
from widget_server.database import db
from widget_server.people.models import PersonKey
from widget_server.recovery.budgets import Budget, budget, month_start
from widget_server.recovery.lifecycle import REPEAT_WITHIN
from widget_server.recovery.models import (
    Approval,
    Case,
    CaseEvent,
    CaseMessage,
    CasePerson,
    CaseResponse,
    Gesture,
    PromiseRow,
)
from widget_server.responses.models import Response
from widget_server.responses.prepared import Ask
from widget_server.sites.models import Site

OPEN = ("open", "waiting")


def a_failure() -> ColumnElement[bool]:
    """As far as anybody knows: staff did not call it none."""
    return or_(Case.closed_as.is_(None), Case.closed_as != "not_a_failure")


def case_of_response(response_id: int) -> Case | None:
    if _link.first(db.session, response=response_id) is None:
        return None
    return db.session.scalar(_case_of_response, {"response": response_id})


_link = Ask(select(CaseResponse.case_id).where(CaseResponse.response_id == bindparam("response")))
_case_of_response = (
    select(Case)
    .join(CaseResponse, CaseResponse.case_id == Case.id)
    .where(CaseResponse.response_id == bindparam("response"))
)


def case_by_number(site_id: int, number: int) -> Case | None:
    return db.session.scalar(select(Case).where(Case.site_id == site_id, Case.number == number))


def open_case_of(site_id: int, hmacs: Sequence[str]) -> Case | None:
    """The one open case of a person; the oldest, where two of their marks stand for two."""
    if not _any(_held, site_id, hmacs):
        return None
    return db.session.scalar(_open_case, {"site": site_id, "hmacs": list(hmacs)})


_open_case = (
    select(Case)
    .join(CasePerson, CasePerson.case_id == Case.id)
    .where(CasePerson.site_id == bindparam("site"), CasePerson.hmac.in_(bindparam("hmacs", expanding=True)))
    .where(Case.state.in_(OPEN))
    .order_by(Case.opened_at, Case.id)
    .limit(1)
)


def failures_of(site_id: int, hmacs: Sequence[str], before_ms: int) -> int | None:
    """Which failure within 90 days a response of this person would be: 1 first, 2 second. None: nobody known.

    What joins an open case is the failure that this case is; what staff called 'not a failure' does not count.
    """
    if not hmacs:
        return None
    if not _any(_linked, site_id, hmacs):
        return 1
    states = db.session.scalars(_states, _person(site_id, hmacs, before_ms)).all()
    return len(states) if any(state in OPEN for state in states) else len(states) + 1


def earlier_case_of(site_id: int, hmacs: Sequence[str], before_ms: int) -> Case | None:
    """The newest case that makes the next one a repeat."""
    if not _any(_linked, site_id, hmacs):
        return None
    return db.session.scalar(_newest, _person(site_id, hmacs, before_ms))


def _any(question: Ask, site_id: int, hmacs: Sequence[str]) -> bool:
    """Whether there is anything to look at: most who complain never did before, and a short question costs a tenth."""
    return any(question.first(db.session, site=site_id, hmac=hmac) is not None for hmac in hmacs)


_held = Ask(
    select(CasePerson.case_id).where(CasePerson.site_id == bindparam("site"), CasePerson.hmac == bindparam("hmac")).limit(1)
)
_linked = Ask(
    select(CaseResponse.case_id)
    .join(PersonKey, PersonKey.response_id == CaseResponse.response_id)
    .where(PersonKey.site_id == bindparam("site"), PersonKey.hmac == bindparam("hmac"))
    .limit(1)
)


def _person(site_id: int, hmacs: Sequence[str], before_ms: int) -> dict[str, object]:
    return {"site": site_id, "hmacs": list(hmacs), "since": before_ms - REPEAT_WITHIN}


_links = (
    select(CaseResponse.case_id)
    .join(PersonKey, PersonKey.response_id == CaseResponse.response_id)
    .where(PersonKey.site_id == bindparam("site"), PersonKey.hmac.in_(bindparam("hmacs", expanding=True)))
)
_counted = (
    Case.id.in_(_links),
    Case.opened_at > bindparam("since"),
    a_failure(),
)
_states = select(Case.state).where(*_counted)
_newest = select(Case).where(*_counted).order_by(Case.opened_at.desc(), Case.id.desc()).limit(1)


# One case -------------------------------------------------------------------------------------------------------------


def responses_of(case_id: int) -> list[Response]:
    """What the case is about: the response that opened it first, then those that joined."""
    return list(
        db.session.scalars(
            select(Response)
            .join(CaseResponse, CaseResponse.response_id == Response.id)
            .where(CaseResponse.case_id == case_id)
            .order_by(CaseResponse.linked_at, Response.id)
        )
    )


def hmacs_of(case_id: int) -> list[str]:
    """Every mark by which the case's person is recognised."""
    found = (
        select(PersonKey.hmac)
        .join(CaseResponse, CaseResponse.response_id == PersonKey.response_id)
        .where(CaseResponse.case_id == case_id)
        .distinct()
    )
    return list(db.session.scalars(found))


@dataclass(frozen=True)
class SaidRow:
    """A message with who wrote it."""

    message: CaseMessage
    author: str | None


def messages_of(case_id: int, *, newest_first: bool = True) -> list[SaidRow]:
    rows = db.session.execute(
        select(CaseMessage, User.name, User.email)
        .outerjoin(User, User.id == CaseMessage.author_id)
        .where(CaseMessage.case_id == case_id)
        .order_by(CaseMessage.at, CaseMessage.id)
    ).all()
    said = [SaidRow(message, name or email) for message, name, email in rows]
    return said[::-1] if newest_first else said


def promises_of(case_id: int) -> list[PromiseRow]:
    return list(
        db.session.scalars(select(PromiseRow).where(PromiseRow.case_id == case_id).order_by(PromiseRow.id))
    )


def open_promises_of(case_id: int) -> list[PromiseRow]:
    """What the customer still counts on, the earliest first."""
    found = select(PromiseRow).where(PromiseRow.case_id == case_id, PromiseRow.state == "open")
    return list(db.session.scalars(found.order_by(PromiseRow.due, PromiseRow.id)))


def gestures_of(case_id: int) -> list[Gesture]:
    return list(db.session.scalars(select(Gesture).where(Gesture.case_id == case_id).order_by(Gesture.id)))


@dataclass(frozen=True)
class AskedRow:
    """A gesture that somebody asked to give, with who asked and who decided."""

    approval: Approval
    asker: str
    decider: str


def approvals_of(case_id: int) -> list[AskedRow]:
    """The oldest first."""
    asker, decider = aliased(User), aliased(User)
    rows = db.session.execute(
        select(Approval, asker.name, asker.email, decider.name, decider.email)
        .outerjoin(asker, asker.id == Approval.user_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .where(Approval.case_id == case_id)
        .order_by(Approval.id)
    ).all()
    return [AskedRow(row, name or email or "Somebody", by or at or "Somebody") for row, name, email, by, at in rows]


def usable_approval(case_id: int, amount: int, currency: str) -> Approval | None:
    """The oldest that was approved in this case, not given yet, and covers so much in this currency."""
    found = select(Approval).where(
        Approval.case_id == case_id,
        Approval.state == "approved",
        Approval.gesture_id.is_(None),
        Approval.currency == currency,
        Approval.amount >= amount,
    )
    return db.session.scalar(found.order_by(Approval.id).limit(1))


def budget_of(user_id: int, site: Site, now: int) -> Budget | None:
    """What a person may give here this month without asking; None: there is no limit. Admins have none."""
    held = select(Membership.role, Membership.gesture_budget).where(
        Membership.user_id == user_id, Membership.site_id == site.id
    )
    role, own = db.session.execute(held).tuples().first() or (None, None)
    limit = site.gesture_budget if own is None else own
    if role == "admin" or limit is None or site.gesture_currency is None:
        return None
    given = (
        select(func.coalesce(func.sum(Gesture.amount), 0))
        .join(Case, Case.id == Gesture.case_id)
        .outerjoin(Approval, Approval.gesture_id == Gesture.id)
        .where(
            Gesture.user_id == user_id,
            Gesture.at >= month_start(now, site.zone),
            Gesture.currency == site.gesture_currency,
            Case.site_id == site.id,
            Approval.id.is_(None),
        )
    )
    return budget(limit, int(db.session.scalar(given) or 0), site.gesture_currency, now, site.zone)


def last_currency(site_id: int) -> str | None:
    """What the newest gesture at this site was given in."""
    given = select(Gesture.currency).join(Case, Case.id == Gesture.case_id).where(Case.site_id == site_id)
    return db.session.scalar(given.order_by(Gesture.id.desc()).limit(1))


def read_at(case_id: int) -> int | None:
    """When a person first laid hands on it: the first event that has an actor. Who erases need not have read it."""
    by_person = CaseEvent.actor_id.is_not(None) & (CaseEvent.kind != "erased")
    return db.session.scalar(select(func.min(CaseEvent.at)).where(CaseEvent.case_id == case_id, by_person))


def shares_thread(case: Case, response_id: int) -> bool:
    """Whether the holder of this response's receipt may read what was said in the case."""
    return response_id in sharing_thread(case, [response_id])


def sharing_thread(case: Case, response_ids: Iterable[int]) -> set[int]:
    """Those whose receipts may read what was said in the case.

    The one who opened it may. Whoever joined may if a signed reference or the browser's own id says that they are the
    same; an e-mail address is only claimed, and must not show one person's answers to another.
    """
    asked = set(response_ids)
    theirs, ours = aliased(PersonKey), aliased(PersonKey)
    same = (
        select(ours.response_id)
        .join(theirs, (theirs.site_id == ours.site_id) & (theirs.hmac == ours.hmac))
        .where(
            ours.response_id.in_(asked),
            theirs.response_id == case.first_response_id,
            ours.kind.in_(("reference", "visitor")),
            theirs.kind == ours.kind,
        )
    )
    return {*db.session.scalars(same), case.first_response_id} & asked


def case_state(response_id: int) -> tuple[bool, bool]:
    """(open, answered) for the widget: a case stands open; a reply is newer than the customer's last word."""
    case = case_of_response(response_id)
    if case is None or not shares_thread(case, response_id):
        return case is not None and case.state != "closed", False
    replied = (
        select(CaseMessage.id).where(CaseMessage.case_id == case.id, CaseMessage.kind == "reply").limit(1)
    )
    answered = case.unread_since is None and db.session.scalar(replied) is not None
    return case.state != "closed", answered


def stands_on_more_than_spam(case_id: int) -> bool:
    """Whether one of its messages, as they are now, is none."""
    other = select(Response.id).join(CaseResponse, CaseResponse.response_id == Response.id)
    return db.session.scalar(other.where(CaseResponse.case_id == case_id, Response.state != "spam").limit(1)) is not None


def message_by_token(case_id: int, token: str | None) -> CaseMessage | None:
    """What a form with this token sent already."""
    if not token:
        return None
    return db.session.scalar(select(CaseMessage).where(CaseMessage.token == form_token(case_id, token)))


def form_token(case_id: int, token: str | None) -> str | None:
    """A form's token as it is kept: unique within its case, whoever made it up."""
    return f"{case_id}:{token[:60]}" if token else None
