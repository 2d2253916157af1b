"""What leases and unique keys promise, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webhooks.conftest import Hook, allow_loopback, deliveries, only
from tests.webhooks.receiver import Receiver, receiver, status
from tests.worker.conftest import Tern, tern_at
from widget_server import clock
from widget_server.clock import DAY, now_ms
from widget_server.database import writing
from widget_server.delivery.transports.outcome import Outcome
from widget_server.webhooks import exchange, operations, outbox, sending
from widget_server.webhooks.sending import send_due


@pytest.fixture
def tern(any_app: Flask) -> Tern:
    allow_loopback(any_app)
    return tern_at(any_app)


def test_the_same_event_is_one_message(hook: Hook, listener: Receiver) -> None:
    hook.tell("1")
    hook.tell("1")
    hook.tell("1", "case.closed")
    assert send_due() == 2
    assert [row.state for row in deliveries()] == ["sent", "sent"]


def test_what_a_dead_worker_was_sending_is_sent_when_its_lease_is_over(hook: Hook, listener: Receiver) -> None:
    hook.tell()
    with writing():
        assert len(outbox.claim(5)) == 1
    assert send_due() == 0
    with clock.travel(now_ms() + outbox.LEASE + 1):
        assert send_due() == 1
    assert (only().state, only().attempt) == ("sent", 2)


def test_a_late_answer_does_not_speak_over_another_workers(hook: Hook, listener: Receiver) -> None:
    hook.tell()
    with writing():
        (mine,) = outbox.claim(1)
    with clock.travel(now_ms() + outbox.LEASE + 1):
        send_due()
    with writing():
        assert not outbox.settle(mine, exchange.Answer(500), 0.5)
    assert only().state == "sent"


def test_one_message_that_can_not_be_settled_undoes_no_others(
    hook: Hook, listener: Receiver, tern: Tern, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = outbox.judged

    def refusing(answer: exchange.Answer, now: int) -> Outcome:
        if answer.status == 503:
            raise ArithmeticError("a fault of ours")
        return judged(answer, now)

    monkeypatch.setattr(outbox, "judged", refusing)
    monkeypatch.setattr(sending, "_wait", lambda landing: [landing.get(timeout=9) for _ in range(2)])  # both in one batch
    with receiver() as odd:
        odd.reply = status(503)
        with writing():
            endpoint, _ = operations.create_endpoint(tern.site_id, odd.url, ["case.opened"])
            outbox.enqueue(endpoint.id, "case.opened", "odd", {})
        hook.tell()
        assert send_due() == 2
        assert len(odd.got) == 1
    assert len(listener.got) == 1
    assert {row.state: (row.attempt, row.error) for row in deliveries()} == {
        "sent": (1, None),
        "queued": (1, "Its answer could not be taken in"),
    }


def test_what_arrived_is_kept_for_a_month_and_a_dead_letter_for_three(hook: Hook, listener: Receiver) -> None:
    hook.tell("1")
    send_due()
    listener.reply = status(410)
    hook.tell("2")
    send_due()
    with writing():
        assert [operations.purge(now_ms() + days * DAY) for days in (29, 31, 91)] == [0, 1, 1]
