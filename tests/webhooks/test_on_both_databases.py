"""What leases and unique keys promise, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webhooks.conftest import Hook, allow_loopback, deliveries, only
from tests.webhooks.receiver import Receiver, status
from tests.worker.conftest import Tern, tern_at
from widget_server import clock
from widget_server.clock import DAY, now_ms
from widget_server.database import writing
from widget_server.webhooks import exchange, operations, outbox
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


def test_what_arrived_is_kept_for_a_month_and_a_dead_letter_for_three(hook: Hook, listener: Receiver) -> None:
    hook.tell("1")
    send_due()
    listener.reply = status(410)
    hook.tell("2")
    send_due()
    with writing():
        assert [operations.purge(now_ms() + days * DAY) for days in (29, 31, 91)] == [0, 1, 1]
