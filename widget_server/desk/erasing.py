"""'Delete my message and details': words and names go for good, facts stay.

What staff wrote may quote the customer: answers, notes, the words of a promise or a gesture. Answers go with the
message that they answer. The rest goes once no message is left in the case that was not deleted; until then it may be
about another one. Values, dates and who acted stay, and so do cause and remedy: they say what we did wrong, to nobody.
"""

from __future__ import annotations

import re

from sqlalchemy import delete, select, update

from widget_server.accounts import tokens
from widget_server.accounts.models import User
from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.desk.quotes import ASKED_FOR, DELETED, erase_quotes, erase_quotes_of_case, reasons_of
from widget_server.followup import operations as followup
from widget_server.followup.models import FollowUp
from widget_server.followup.queries import followups_of
from widget_server.people.erasures import note_erasure
from widget_server.people.models import Contact, PersonKey
from widget_server.recovery import queries
from widget_server.recovery.history import apply, lock, record, refresh_due, state_of
from widget_server.recovery.lifecycle import unreachable
from widget_server.recovery.models import Approval, Case, CaseMessage, Gesture, PromiseRow
from widget_server.recovery.operations import REACH_ORDER, hold_person, release_person
from widget_server.recovery.reach import reach_of
from widget_server.responses.models import Attachment, Response, TextAnswer
from widget_server.surveys.questions.element import without_words
from widget_server.webhooks.operations import forget_answers

FACTS = ("signals", "device", "viewport", "locale", "tz", "late")
"""What stays of the context: nothing in it says who they are."""


def erase(response: Response, *, expired: bool = False, actor: User | None = None) -> None:
    """Erase what one message says and whom it is from. Asking twice changes nothing.

    `actor`: who did it, where it was not the customer.
    `expired`: nobody asked, its time was over; a restored backup forgets it by its age again, so nothing is kept of it.

    In the case, the words of this message's sender go too, and the answers to them; what another person
    wrote in the same case does not.
    """
    db.session.refresh(response, with_for_update=True)
    if "erased" in response.context:
        return
    case = queries.case_of_response(response.id)
    if case is not None:
        lock(case)
        _erase_thread(case, response)  # while the keys still say whose thread it is
    quoting = _erase_response(response)
    if case is not None:
        erase_quotes_of_case(case, quoting)
        _settle(case)
        record(case, "expired" if expired else "erased", actor.id if actor else None)
    if not expired:  # who lets many go at once does this once for all
        tokens.forget_answers(response.site_id)
        note_erasure(response)


def _erase_response(response: Response) -> set[str]:
    """Returns the reasons that quoted it."""
    contacts = [row.id for row in db.session.query(Contact.id).filter_by(response_id=response.id)]
    db.session.execute(delete(Delivery).where(Delivery.contact_id.in_(contacts)))
    for model in (Contact, PersonKey, TextAnswer, Attachment):
        db.session.execute(delete(model).where(model.response_id == response.id))
    kept = {name: value for name, value in response.context.items() if name in FACTS}
    response.context = {**kept, "erased": now_ms()}
    response.url = re.split(r"[?#]", response.url, maxsplit=1)[0]
    if response.version_id is None:  # answers to a survey that we don't know: names and words may be among them
        response.answers = {}
    else:
        response.answers = without_words(response.answers)
    response.finished, response.due_at, response.display_id = True, None, None
    response.processed_at = now_ms()  # so that who follows responses comes to know
    forget_answers(response.id)
    return erase_quotes(response.id)


def _erase_thread(case: Case, response: Response) -> None:
    own = (CaseMessage.kind == "customer") & (CaseMessage.response_id == response.id)
    shared = queries.shares_thread(case, response.id)
    gone = own | (CaseMessage.kind == "reply") if shared else own
    in_case = CaseMessage.case_id == case.id
    if shared:
        sent = db.session.scalars(select(CaseMessage.public_id).where(in_case, CaseMessage.kind == "reply"))
        mails = [f"reply:{public_id}" for public_id in sent]  # also to another address of theirs
        db.session.execute(delete(Delivery).where(Delivery.unique_key.in_(mails)))
    db.session.execute(update(CaseMessage).where(in_case, gone).values(body=""))
    if shared:
        case.fair_solution = None
        for answered in followups_of(case.id):
            if answered.response_id is not None:
                _erase_response(db.session.get_one(Response, answered.response_id))
        db.session.execute(update(FollowUp).where(FollowUp.case_id == case.id).values(comment=None))


def _settle(case: Case) -> None:
    """Who can still be reached, and by what the case's person is known, without this message."""
    left = [one for one in queries.responses_of(case.id) if "erased" not in one.context]
    if not left:
        erase_staff_words(case)
    elif case.first_response_id not in [one.id for one in left]:
        case.first_response_id = left[0].id  # whose page the next answers stand on; the earlier ones are gone
    case.reach = max((reach_of(one.id) for one in left), key=REACH_ORDER.index, default="none")
    release_person(case)
    if case.state in queries.OPEN:
        hold_person(case, queries.hmacs_of(case.id))
    if case.reach == "none":
        apply(case, unreachable(state_of(case)))
        followup.drop(case)
    refresh_due(case)


def erase_staff_words(case: Case) -> None:
    """What staff wrote in a case of which no message is left, and why somebody opened it by hand."""
    known = {ASKED_FOR} | {reason for one in queries.responses_of(case.id) for reason in reasons_of(one.id)}
    case.reasons = list(dict.fromkeys(reason if reason in known else DELETED for reason in case.reasons))
    db.session.execute(update(CaseMessage).where(CaseMessage.case_id == case.id).values(body=""))
    db.session.execute(update(PromiseRow).where(PromiseRow.case_id == case.id).values(text=DELETED))
    db.session.execute(update(Gesture).where(Gesture.case_id == case.id).values(description=DELETED))
    of_case = update(Approval).where(Approval.case_id == case.id)
    waits = Approval.state.in_(("asked", "approved")) & Approval.gesture_id.is_(None)
    db.session.execute(of_case.where(waits).values(state="withdrawn"))  # nobody knows any more what it was
    db.session.execute(of_case.values(description=DELETED, reason="", answer=""))
    case.severity_reason = None if case.severity_reason is None else ""
    case.fair_solution = None
    db.session.flush()
