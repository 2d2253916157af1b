"""Writing to the customer: words, the apology, what comes with them, what is promised; sent, or sent and resolved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.announcements import announce_case
from widget_server.clock import DAY, now_ms
from widget_server.database import db
from widget_server.delivery import outbox
from widget_server.desk.cases import finish_resolving, sent_before
from widget_server.desk.gestures import Gift, give
from widget_server.desk.words import need_token, required
from widget_server.errors import Conflict, Invalid
from widget_server.recovery import lifecycle
from widget_server.recovery.addressing import around, mail_contact
from widget_server.recovery.amounts import gesture_words
from widget_server.recovery.history import apply, record, state_of, unchanged_since
from widget_server.recovery.letters import known_language, reply_letter
from widget_server.recovery.models import Case, CaseMessage, Gesture, PromiseRow
from widget_server.recovery.queries import form_token, open_promises_of

FARTHEST = 366 * DAY
Then = Literal["send", "wait", "resolve"]


@dataclass(frozen=True)
class Promise:
    """What the customer may count on, by when."""

    text: str
    due: int


def reply(
    case: Case,
    actor: User,
    *,
    expected_version: int | None,
    body: str,
    token: str,
    apology: bool = False,
    promise: Promise | None = None,
    kept: Collection[int] = (),
    moved: Mapping[int, int] | None = None,
    gesture: Gift | None = None,
    then: Then = "send",
    cause: str = "",
    remedy: str = "",
) -> CaseMessage:
    """Send an answer. The first one acknowledges; whoever answers an unclaimed case takes it.

    Args:
        token: from the form: the same one again sends nothing and returns what was sent.
        promise: a new one, beside those that are open.
        kept: open promises that this answer keeps, by their rows' ids; all others stay as they are.
        moved: open promises that get another time: the row's id → the new time, ms.
        then: send; wait: it is the customer's turn; resolve: it is put right with this message.

    Raises:
        Conflict: the case changed meanwhile, is closed, or nobody can be reached.
        Invalid: no words, or a promise or gesture that can't be kept as given.
        BeyondBudget: the gesture needs an approval.
    """
    need_token(token)
    sent = sent_before(case, token)
    if sent is not None:
        return sent
    unchanged_since(case, expected_version)
    now, state = now_ms(), state_of(case)
    refused = lifecycle.refusal(state, "reply", now) or (
        lifecycle.refusal(state, "resolve", now) if then == "resolve" else None
    )
    if refused:
        raise Conflict(refused)
    message = CaseMessage(
        case_id=case.id,
        kind="reply",
        author_id=actor.id,
        body=required(body, "Write the answer first."),
        apology=apology,
        step=lifecycle.next_step(state) or "",
        token=form_token(case.id, token),
        at=now,
    )
    db.session.add(message)
    made = _turn_promises(case, actor, kept, moved or {}, now)
    if promise is not None:
        made.insert(0, _promise(case, actor, promise, now))
    given = give(case, actor, gesture, token, now) if gesture else None
    if case.owner_id is None:
        case.owner_id = actor.id
        record(case, "claimed", actor.id)
        announce_case("case.claimed", case)
    after = lifecycle.replied(state, now, wait=then == "wait")
    apply(case, after)
    db.session.flush()
    second = apology and _apologised_before(case.id, message.id)
    facts = {"apology": apology, "second_apology": second, "promise_due": made[0].due if made else None}
    record(case, "replied", actor.id, message=message.public_id, **facts)
    announce_case("case.replied", case)
    if then == "resolve":
        finish_resolving(case, actor, state_of(case), cause, remedy)
    _mail(case, actor, message, made, given)
    return message


def _mail(
    case: Case, actor: User, message: CaseMessage, promises: list[PromiseRow], gesture: Gesture | None
) -> None:
    """By mail where there is an address with consent; on the receipt page in any case."""
    contact = mail_contact(case) if case.reach == "email" else None
    if contact is None:
        return
    words = (gesture.description, gesture.amount, gesture.currency) if gesture else None
    letter = reply_letter(
        around(case, contact, actor.name),
        message.body,
        gesture=gesture_words(*words, known_language(case.language)) if words else None,
        promises=[(row.text, row.due) for row in promises],
        now=message.at,
    )
    outbox.enqueue(
        unique_key=f"reply:{message.public_id}",
        site_id=case.site_id,
        purpose="reply",
        subject=letter.subject,
        body=letter.body,
        language=case.language,
        contact_id=contact.id,
    )


def _turn_promises(
    case: Case, actor: User, kept: Collection[int], moved: Mapping[int, int], now: int
) -> list[PromiseRow]:
    """What staff said of each open promise, and nothing else. Returns the rows with the new times."""
    rows = {row.id: row for row in open_promises_of(case.id)}
    if not rows.keys() >= {*kept, *moved} or set(kept) & moved.keys():
        raise Invalid("A promise in the form is not open any more: load the page again.")
    for id in kept:
        rows[id].state, rows[id].ended_at = "kept", now
        record(case, "promise_kept", actor.id)
    return [_moved(case, actor, rows[id], due, now) for id, due in moved.items()]


def _moved(case: Case, actor: User, old: PromiseRow, due: int, now: int) -> PromiseRow:
    """The same promise with another time, the old one in view."""
    old.state, old.ended_at = "moved", now
    row = _promise(case, actor, Promise(old.text, due), now, moved_from=old.due)
    record(case, "promise_moved", actor.id, before=old.due, due=due)
    return row


def _promise(
    case: Case, actor: User, promise: Promise, now: int, moved_from: int | None = None
) -> PromiseRow:
    if not now < promise.due <= now + FARTHEST:
        raise Invalid("A promise needs a time that is still to come, and within a year.")
    text = required(promise.text, "Say what is promised.", longest=200)
    row = PromiseRow(
        case_id=case.id, user_id=actor.id, text=text, due=promise.due, moved_from=moved_from, made_at=now
    )
    row.state = "open"
    db.session.add(row)
    db.session.flush()
    return row


def _apologised_before(case_id: int, message_id: int) -> bool:
    earlier = select(CaseMessage.id).where(
        CaseMessage.case_id == case_id, CaseMessage.apology.is_(True), CaseMessage.id < message_id
    )
    return db.session.scalar(earlier.limit(1)) is not None
