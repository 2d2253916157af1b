"""'Delete my message and details': what goes with it, what stays, and who is still answered."""

from __future__ import annotations

import uuid
from itertools import chain
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.recovery.people import complaint, decided, flag, fresh, make_response
from tests.visitor.conftest import page_of
from tests.visitor.test_receipt_page import post
from widget_server import desk
from widget_server.accounts.models import Membership
from widget_server.clock import HOUR, now_ms
from widget_server.database import Base, db, writing
from widget_server.delivery.models import Delivery
from widget_server.errors import NotFound
from widget_server.pipeline import tell_team
from widget_server.recovery.models import Approval, Case, CaseMessage, Gesture, PromiseRow
from widget_server.recovery.operations import link_flagged
from widget_server.recovery.queries import shares_thread
from widget_server.responses.attaching import owner_of
from widget_server.responses.models import Response, ResponseId
from widget_server.scoring.operations import assess_response

CANARY = "Eleanor Rigby"


def answered(case: Case, actor: object) -> None:
    promise = desk.Promise(f"Call {CANARY}", now_ms() + HOUR)
    gift = desk.Gift(f"Flowers for {CANARY}", 4500, "EUR")
    about = {"description": f"A flight for {CANARY}", "reason": f"{CANARY} wept", "answer": f"{CANARY} again?"}
    asked = {"case_id": case.id, "amount": 40_000, "currency": "EUR", "asked_at": now_ms()}
    db.session.add(Approval(**asked, **about, state="declined", decided_at=now_ms(), token=uuid.uuid4().hex))
    desk.note(case, actor, body=f"{CANARY} says so.")  # type: ignore[arg-type]
    desk.change_severity(case, actor, expected_version=None, severity=4, reason=f"{CANARY} cried")  # type: ignore[arg-type]
    desk.reply(
        case, actor, expected_version=None, body=f"Dear {CANARY}", token=uuid.uuid4().hex, promise=promise, gesture=gift
    )  # type: ignore[arg-type]


def staff_words(case: Case) -> str:
    db.session.rollback()
    asked = select(Approval.description, Approval.reason, Approval.answer)
    said = [
        *db.session.scalars(select(CaseMessage.body).where(CaseMessage.case_id == case.id)),
        *db.session.scalars(select(PromiseRow.text).where(PromiseRow.case_id == case.id)),
        *db.session.scalars(select(Gesture.description).where(Gesture.case_id == case.id)),
        *chain(*db.session.execute(asked.where(Approval.case_id == case.id))),
        *db.session.scalars(select(Delivery.body)),
        fresh(case).severity_reason or "",
    ]
    return "\n".join(said)


@pytest.mark.parametrize("url", ["http://b:[::1", "//[", "http://[x]/?a=b#c", "https://a.example/seat?name=Eleanor#Rigby"])
def test_whatever_the_page_was_called_a_message_can_be_deleted(
    client: FlaskClient, desk_at: SimpleNamespace, url: str
) -> None:
    with writing():
        response = make_response(desk_at.site, url=url)
    assert post(client, page_of(response), "erase").status_code == 303  # type: ignore[attr-defined]
    assert fresh(response).url == url.partition("?")[0]


def test_what_staff_wrote_about_it_goes_too_and_its_value_stays(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        case = complaint(desk_at.site, email="eleanor@example.org")
        answered(case, desk_at.maren)
    assert staff_words(case).count(CANARY) == 11  # eight places in the desk, three in the mail
    post(client, page_of(db.session.get_one(Response, case.first_response_id)), "erase")
    assert CANARY not in staff_words(case)
    assert db.session.scalars(select(Gesture.amount)).all() == [4500]


def test_what_was_said_about_another_message_stays_and_its_sender_reads_the_next_answer(
    client: FlaskClient, desk_at: SimpleNamespace
) -> None:
    with writing():
        case = complaint(desk_at.site, hmacs={"visitor": "v1"}, email="eleanor@example.org")
        second = make_response(desk_at.site, hmacs={"visitor": "v1"})
        assert flag(second).case.id == case.id
        answered(case, desk_at.maren)
    post(client, page_of(db.session.get_one(Response, case.first_response_id)), "erase")
    assert f"{CANARY} says so." in staff_words(case)
    assert f"Dear {CANARY}" not in staff_words(case)  # neither in the case nor in a mail
    with writing():
        case = db.session.get_one(Case, case.id)
        assert (case.reach, shares_thread(case, second.id)) == ("receipt", True)
        desk.reply(case, desk_at.maren, expected_version=None, body="Here it is.", token="next")
    assert "Here it is." in client.get(page_of(second)).text


def test_answers_to_a_survey_that_we_do_not_know_may_be_anything_and_go(
    client: FlaskClient, desk_at: SimpleNamespace
) -> None:
    with writing():
        response = make_response(desk_at.site, state="quarantined", answers={"who": "Eleanor"}, version_id=None)
    post(client, page_of(response), "erase")
    assert fresh(response).answers == {}


def test_reasons_that_quote_the_message_quote_it_no_longer(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        db.session.add(Membership(user_id=desk_at.maren.id, site_id=desk_at.site.id, role="support"))
        words = "I could not with Eleanor Rigby find the button. Terrible!"
        response = make_response(desk_at.site, words=words, email="e@x.example")
        assessed = assess_response(response)
        linked = link_flagged(response, assessed, decided("P1"), failures=None, hmacs=[], reach="email")
        tell_team(linked.case)
    assert "urgent_case" in [mail.purpose for mail in db.session.scalars(select(Delivery))]
    assert CANARY in everything()
    post(client, page_of(response), "erase")
    assert CANARY not in everything()
    assert "[deleted]" in fresh(linked.case).reasons


def everything() -> str:
    """Every value of every table."""
    db.session.rollback()
    rows = [db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    return repr(rows)


def test_nothing_is_added_to_a_message_once_it_is_deleted(client: FlaskClient, desk_at: SimpleNamespace) -> None:
    with writing():
        response = make_response(desk_at.site)
        held = db.session.scalars(select(ResponseId)).one()
    post(client, page_of(response), "erase")
    for what in ("write", "fair", "no"):
        assert post(client, page_of(response), what, "One more thing", once=what).status_code == 409  # type: ignore[attr-defined]
    assert "One more thing" not in everything()
    with pytest.raises(NotFound, match="deleted"), db.engine.connect() as connection:
        owner_of(connection, held.site_id, held.client_id, "0" * 64)
