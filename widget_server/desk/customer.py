"""What customers do on their own page: say what is fair, answer the follow-up, write again, delete what is theirs.

Their words come in redacted. Each takes the response whose receipt they hold; a token makes a double press one.
"""

from __future__ import annotations

from widget_server.announcements import announce_case, announce_followup
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.delivery import outbox
from widget_server.delivery.models import Delivery
from widget_server.desk.quotes import ASKED_FOR
from widget_server.desk.recovered import keep_as_response, rate
from widget_server.desk.responses import open_by_hand
from widget_server.desk.words import required, tidy, within
from widget_server.errors import Conflict, NotFound
from widget_server.followup import operations as followup
from widget_server.people.queries import email_contact
from widget_server.recovery import lifecycle
from widget_server.recovery.addressing import receipt_link
from widget_server.recovery.history import apply, lock, record, refresh_due, state_of
from widget_server.recovery.letters import receipt_letter
from widget_server.recovery.models import Case, CaseMessage
from widget_server.recovery.operations import hold_person
from widget_server.recovery.queries import form_token, hmacs_of, message_by_token
from widget_server.responses.models import Response
from widget_server.routing.queries import in_hours
from widget_server.sites.models import Site

NO_WORDS = "Write something first."


def say_what_is_fair(
    case: Case, text: str, *, response: Response | None = None, token: str | None = None
) -> None:
    """Their answer to "what would be a fair solution?". The last one counts; each stays in the thread."""
    words = required(text, NO_WORDS)
    lock(case)
    if message_by_token(case.id, token) is not None:
        return
    case.fair_solution = words
    _hear(case, words, "fair_said", response, token)


def write_again(case: Case, text: str, *, response: Response | None = None, token: str | None = None) -> None:
    """More words. They bring the case back to us, and open it where it was closed."""
    words = required(text, NO_WORDS)
    lock(case)
    if message_by_token(case.id, token) is not None:
        return
    _hear(case, words, "customer_wrote", response, token)


def ask_a_person(response: Response, text: str, *, token: str | None = None) -> Case:
    """There was no case, and they want somebody: always a way to a person."""
    words = required(text, NO_WORDS)
    case = open_by_hand(response, None, reason=ASKED_FOR)
    write_again(case, words, response=response, token=token)
    return case


def answer_followup(
    case: Case,
    satisfied: bool,
    comment: str = "",
    *,
    response: Response | None = None,
    token: str | None = None,
) -> None:
    """Yes: it held. No: the case opens again with their words.

    Raises:
        Conflict: nothing was resolved yet, or the other answer was given before.
    """
    lock(case)
    if message_by_token(case.id, token) is not None:
        return
    now, state = now_ms(), state_of(case)
    if state.followed_up_at is not None and satisfied:
        return
    if not satisfied and state.state == "open" and state.reopened:
        return  # the same press again
    refused = lifecycle.refusal(state, "answer", now)
    if refused:
        raise Conflict(refused)
    words = within(tidy(comment))
    answer = followup.answer(case, satisfied=satisfied, comment=words)
    if answer is not None:
        keep_as_response(case, answer, satisfied, words)
    apply(case, lifecycle.answered(state, now, satisfied=satisfied))
    record(case, "answered", None, satisfied=satisfied)
    announce_followup(case, answer, satisfied)
    if not satisfied:
        _opened_again(case)
    if words:
        _keep(case, words, response, token, now)
        if not satisfied:
            apply(case, lifecycle.heard(state_of(case), now))


def rate_recovery(case: Case, value: int) -> None:
    """How satisfied they are after it was put right, asked once they said whether it held. Asked once.

    Raises:
        Invalid: there is no such rating.
    """
    lock(case)
    if rate(case, value):
        record(case, "rated", None, rating=value)


def mail_receipt(response: Response) -> Delivery:
    """'E-mail it to me': the link, once, to the address that they gave.

    Raises:
        NotFound: there is no address with consent.
    """
    contact = email_contact(response.id)
    if contact is None:
        raise NotFound("We have no address of yours that we may write to.")
    site = db.session.get_one(Site, response.site_id)
    letter = receipt_letter(response.language, site.name, receipt_link(response))
    return outbox.enqueue(
        unique_key=f"receipt:{response.public_id}:{contact.id}",
        site_id=response.site_id,
        purpose="receipt",
        subject=letter.subject,
        body=letter.body,
        language=response.language,
        contact_id=contact.id,
    )


def _hear(case: Case, words: str, kind: str, response: Response | None, token: str | None) -> None:
    now = now_ms()
    before = state_of(case)
    message = _keep(case, words, response, token, now)
    apply(case, lifecycle.heard(before, now))
    record(case, kind, None, message=message.public_id)
    if before.state == "closed":
        _opened_again(case)


def _opened_again(case: Case) -> None:
    """It is this person's open case once more, and not due while nobody is there."""
    case.resolve_due = in_hours(case.site_id, case.priority, case.resolve_due)
    refresh_due(case)
    hold_person(case, hmacs_of(case.id))
    record(case, "reopened", None)
    announce_case("case.reopened", case)


def _keep(case: Case, words: str, response: Response | None, token: str | None, now: int) -> CaseMessage:
    message = CaseMessage(
        case_id=case.id,
        kind="customer",
        body=words,
        token=form_token(case.id, token),
        step=lifecycle.next_step(state_of(case)) or "",
        response_id=response.id if response else case.first_response_id,
        apology=False,
        at=now,
    )
    db.session.add(message)
    db.session.flush()
    return message
