"""What happens at a site is told once, in the transaction that caused it, with facts and never with who somebody is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.webhooks.conftest import Hook, deliveries
from tests.webhooks.receiver import Receiver
from tests.worker.conftest import SEVERE, Tern
from widget_server import desk, worker
from widget_server.accounts.models import User
from widget_server.clock import DAY, now_ms, travel
from widget_server.database import db, writing
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.webhooks.sending import send_due

WORDS = "I missed my mother's funeral"


def told(listener: Receiver) -> list[dict[str, Any]]:
    send_due()
    return [json.loads(got.body) for got in listener.got]


def events() -> list[str]:
    return [row.event for row in deliveries()]


def complain(tern: Tern) -> None:
    tern.send(SEVERE, email="mara@customer.example")
    worker.run_once(tern.app)


def on_case(tern: Tern, command: Any, **values: Any) -> None:
    with writing():
        case = db.session.scalars(select(Case)).one()
        actor = db.session.scalars(select(User)).first()
        command(case, actor, **values)


def test_a_complaint_is_received_flagged_and_opens_a_case(tern: Tern, hook: Hook, listener: Receiver) -> None:
    complain(tern)
    assert events() == ["response.received", "response.flagged", "case.opened"]
    received, flagged, opened = sorted(told(listener), key=lambda one: events().index(one["type"]))
    assert received["data"]["response"]["ratings"] == {"mood": 1}
    assert flagged["data"]["response"]["flagged"] is True
    case = opened["data"]["case"]
    assert (case["number"], case["reference"], case["state"]) == (1001, "TA 1001", "open")
    assert opened["data"]["links"]["console"] == "http://widget.test/console/tern/cases/1001"


def test_no_message_says_a_word_of_theirs_or_who_they_are(tern: Tern, hook: Hook, listener: Receiver) -> None:
    complain(tern)
    send_due()
    for got in listener.got:
        assert WORDS.encode() not in got.body
        assert b"customer.example" not in got.body


def test_who_asks_for_texts_gets_them_until_they_are_erased(tern: Tern, hook: Hook, listener: Receiver) -> None:
    hook.change(lambda endpoint: setattr(endpoint, "with_texts", True))
    complain(tern)
    assert told(listener)[0]["data"]["texts"] == {"comment": SEVERE}
    with writing():
        desk.erase(db.session.scalars(select(Response)).one())
    hook.change(lambda endpoint: _again(endpoint.id))
    send_due()
    assert json.loads(listener.got[-1].body)["data"]["texts"] == {}


def _again(endpoint_id: int) -> None:
    from sqlalchemy import update

    from widget_server.webhooks.models import WebhookDelivery

    db.session.execute(update(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id).values(state="queued"))


def test_what_staff_do_is_told_as_it_is_done(tern: Tern, hook: Hook) -> None:
    tern.staff("Ida")
    complain(tern)
    on_case(tern, desk.claim, expected_version=None)
    on_case(tern, desk.reply, expected_version=None, body="We are sorry.", token="a" * 20, apology=True)
    on_case(tern, desk.resolve, expected_version=None, cause="A closed gate", remedy="A new flight")
    on_case(tern, lambda case, _actor: desk.answer_followup(case, False, "It is not"))
    on_case(tern, desk.resolve, expected_version=None)
    with travel(now_ms() + 4 * DAY):
        on_case(tern, lambda case, _actor: desk.answer_followup(case, True))
        on_case(tern, desk.document_and_close, expected_version=None)
    assert events()[3:] == [
        "case.claimed", "case.replied", "case.resolved", "followup.answered", "case.reopened", "case.resolved",
        "followup.answered", "case.closed",
    ]  # fmt: skip


def test_a_reply_to_a_case_that_nobody_had_claims_it(tern: Tern, hook: Hook) -> None:
    tern.staff("Ida")
    complain(tern)
    on_case(tern, desk.reply, expected_version=None, body="We are sorry.", token="a" * 20)
    assert events()[3:] == ["case.claimed", "case.replied"]


def test_not_a_failure_closes_and_says_so(tern: Tern, hook: Hook, listener: Receiver) -> None:
    tern.staff("Ida")
    complain(tern)
    on_case(tern, desk.not_a_failure, expected_version=None, reason="A joke")
    assert told(listener)[-1]["data"]["case"]["closed_as"] == "not_a_failure"


def test_an_endpoint_hears_only_what_it_asked_for_and_only_while_it_is_on(tern: Tern, hook: Hook) -> None:
    hook.change(lambda endpoint: setattr(endpoint, "events", ["case.opened"]))
    complain(tern)
    assert events() == ["case.opened"]
    hook.change(lambda endpoint: setattr(endpoint, "enabled", False))
    complain(tern)
    assert events() == ["case.opened"]


def test_a_response_that_is_looked_at_again_is_told_once(tern: Tern, hook: Hook) -> None:
    sent = tern.send(SEVERE)
    worker.run_once(tern.app)
    tern.change(sent, due_at=now_ms())
    worker.run_once(tern.app)
    assert events() == ["response.received", "response.flagged", "case.opened"]


def test_what_is_rolled_back_is_not_told(tern: Tern, hook: Hook) -> None:
    tern.staff("Ida")
    complain(tern)

    def fail(case: Case, actor: User) -> None:
        desk.claim(case, actor, expected_version=None)
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        on_case(tern, fail)
    assert "case.claimed" not in events()
