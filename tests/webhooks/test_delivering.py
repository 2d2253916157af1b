"""A12: what becomes of a message: delivered, tried again by the schedule, given up, switched off, sent again."""

from __future__ import annotations

import time
from threading import Event, Timer

import pytest
from sqlalchemy import select

from tests.webhooks.conftest import Hook, deliveries, only, tries
from tests.webhooks.receiver import Receiver, drip, flood, receiver, silence, status
from tests.worker.conftest import Tern
from widget_server import clock
from widget_server.clock import DAY, HOUR, MINUTE, SECOND, now_ms
from widget_server.database import db, writing
from widget_server.delivery.schedule import WAITS
from widget_server.errors import Conflict
from widget_server.webhooks import exchange, operations, outbox, sending
from widget_server.webhooks.models import WebhookDelivery
from widget_server.webhooks.operations import create_endpoint
from widget_server.webhooks.sending import send_due


def test_a_message_is_delivered_once(hook: Hook, listener: Receiver) -> None:
    hook.tell(case={"number": 1001})
    hook.tell(case={"number": 1001})
    assert send_due() == 1
    assert send_due() == 0
    assert only().state == "sent"
    assert [(one.status, one.error) for one in tries()] == [(200, None)]
    assert listener.got[0].line == "POST /hook HTTP/1.1"


def test_the_id_stays_and_the_time_is_fresh_on_each_try(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(500)
    now = now_ms()
    with clock.travel(lambda: now):
        hook.tell()
        send_due()
        now += 6 * SECOND
        listener.reply = status(204)
        send_due()
    first, second = (got.headers for got in listener.got)
    assert first["webhook-id"] == second["webhook-id"] == only().public_id
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 6
    assert first["webhook-signature"] != second["webhook-signature"]


def test_ten_tries_in_75_hours_and_35_minutes_and_then_a_dead_letter(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(500, body="no")
    began = now = now_ms()
    at: list[int] = []
    with clock.travel(lambda: now):
        hook.tell()
        while only().state != "failed":
            now = max(now, only().next_at)
            at.append(now - began)
            assert send_due() == 1
            with writing():  # without the spread
                only_due(now)
    assert len(at) == len(listener.got) == 10
    assert at[-1] == sum(WAITS) == 75 * HOUR + 35 * MINUTE + 5 * SECOND
    assert only().error == "It answered 500"
    assert hook.endpoint.enabled


def only_due(now: int) -> None:
    """Take the spread of a tenth away, so that the sum is exact."""
    row = only_row()
    if row.state == "queued":
        row.next_at = now + WAITS[row.attempt - 1]


@pytest.mark.parametrize("code", [301, 302, 307, 400, 401, 404, 408, 429, 500, 503])
def test_whatever_is_not_2xx_is_tried_again_and_no_redirect_followed(hook: Hook, listener: Receiver, code: int) -> None:
    listener.reply = status(code, f"Location: {listener.url}/elsewhere")
    hook.tell()
    send_due()
    assert (only().state, only().attempt) == ("queued", 1)
    assert [one.status for one in tries()] == [code]
    assert len(listener.got) == 1


@pytest.mark.parametrize(
    ("code", "said", "waits"), [(429, "3600", HOUR), (503, "7200", 2 * HOUR), (429, "99999999", DAY), (500, "3600", 0)]
)
def test_a_receiver_may_ask_for_a_longer_wait_within_a_day(
    hook: Hook, listener: Receiver, code: int, said: str, waits: int
) -> None:
    listener.reply = status(code, f"Retry-After: {said}")
    hook.tell()
    send_due()
    wait = only().next_at - tries()[0].at
    assert abs(wait - (waits or 5 * SECOND)) <= SECOND


@pytest.mark.parametrize(
    "said", ["Mon, 01 Jan 99999999999 00:00:00 GMT", "Mon, 01 Jan 2026 00:00:00 +99999999999999999999", "9" * 9999, ", ,"]
)
def test_a_wait_that_nobody_can_read_is_a_try_like_any_other(hook: Hook, listener: Receiver, said: str) -> None:
    listener.reply = status(503, f"Retry-After: {said}")
    hook.tell()
    send_due()
    assert (only().state, only().attempt, only().error) == ("queued", 1, "It answered 503")


def test_410_switches_the_webhook_off_and_nothing_more_goes_there(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(410)
    hook.tell("1")
    hook.tell("2")
    send_due()
    assert [row.state for row in deliveries()] == ["failed", "failed"]
    assert not hook.endpoint.enabled
    assert "410" in str(hook.endpoint.disabled_reason)
    assert len(listener.got) == 1


def test_a_webhook_that_fails_for_five_days_is_switched_off(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(500)
    began = now = now_ms()
    with clock.travel(lambda: now):
        for day in range(6):
            hook.tell(str(day))
            now = began + day * DAY
            send_due()
    assert "five days" in str(hook.endpoint.disabled_reason)
    assert all(row.state == "failed" for row in deliveries())


def test_one_success_ends_the_failing(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(500)
    hook.tell("1")
    send_due()
    assert hook.endpoint.failing_since is not None
    listener.reply = status(200)
    hook.tell("2")
    send_due()
    assert hook.endpoint.failing_since is None


SLOW = {"silence": silence, "status": drip(b"HT", 0.02), "header": drip(b"HTTP/1.1 200 OK\r\nX-A: ", 0.02)}


@pytest.mark.parametrize("rude", SLOW.values(), ids=SLOW)
def test_a_receiver_that_takes_its_time_is_left(
    hook: Hook, listener: Receiver, monkeypatch: pytest.MonkeyPatch, rude: object
) -> None:
    monkeypatch.setattr(exchange, "WHOLE_SECONDS", 0.4)
    listener.reply = rude  # type: ignore[assignment]
    hook.tell()
    began = time.monotonic()
    send_due()
    assert time.monotonic() - began < 5
    assert [(one.status, one.error) for one in tries()] == [(None, "No answer in time")]


@pytest.mark.parametrize("rude", [flood, drip(b"HTTP/1.1 200 OK\r\n\r\n", 0.02)], ids=["endless", "dripping"])
def test_a_body_without_end_is_left_and_the_status_counts(
    hook: Hook, listener: Receiver, monkeypatch: pytest.MonkeyPatch, rude: object
) -> None:
    monkeypatch.setattr(exchange, "WHOLE_SECONDS", 0.6)
    listener.reply = rude  # type: ignore[assignment]
    hook.tell()
    send_due()
    assert only().state == "sent"
    assert len(tries()[0].answer) <= 500


def test_the_answer_is_kept_as_500_characters_without_what_can_hurt(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(500, body="\0<b>\x1b[31mสวัสดี</b>" + "x" * 9000)
    hook.tell()
    send_due()
    answer = tries()[0].answer
    assert len(answer) == 500
    assert answer.startswith("\N{REPLACEMENT CHARACTER}<b>\N{REPLACEMENT CHARACTER}[31mสวัสดี")


def test_garbage_is_no_answer(hook: Hook, listener: Receiver) -> None:
    listener.reply = lambda _got, to: to.sendall(b"\x16\x03\x01 hello\r\n\r\n")
    hook.tell()
    send_due()
    assert only().state == "queued"
    assert "Not an answer in HTTP" in str(tries()[0].error)


def test_a_dead_letter_goes_out_again_under_its_id(hook: Hook, listener: Receiver) -> None:
    listener.reply = status(410)
    hook.tell("1")
    send_due()
    with pytest.raises(Conflict, match="switched off"):
        hook.change(lambda endpoint: operations.replay(endpoint, only_row()))
    hook.change(operations.enable)
    listener.reply = status(200)
    hook.change(lambda endpoint: operations.replay(endpoint, only_row()))
    send_due()
    assert only().state == "sent"
    assert listener.got[0].headers["webhook-id"] == listener.got[1].headers["webhook-id"]


def only_row() -> WebhookDelivery:
    return db.session.scalars(select(WebhookDelivery)).one()


def test_all_dead_letters_since_a_time_go_out_again(hook: Hook, listener: Receiver) -> None:
    now = now_ms()
    for hours in (5, 3, 1):
        with clock.travel(now - hours * HOUR):
            hook.tell(f"{hours}")
    hook.change(operations.disable)
    hook.change(operations.enable)
    assert hook.change(lambda endpoint: operations.replay_since(endpoint, now - 4 * HOUR)) == 2
    assert send_due() == 2
    assert sorted(row.state for row in deliveries()) == ["failed", "sent", "sent"]


def test_a_slow_receiver_holds_up_itself_alone(
    hook: Hook, listener: Receiver, tern: Tern, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "GRACE_SECONDS", 0.1)
    with receiver() as slow:
        slow.reply = silence
        with writing():
            other, _ = create_endpoint(tern.site_id, slow.url, ["case.opened"])
            outbox.enqueue(other.id, "case.opened", "slow", {})
        for key in range(5):
            hook.tell(str(key))
        stop = Event()
        later = Timer(1.0, stop.set)
        later.start()
        send_due(stop)
        later.join()
    assert sum(row.state == "sent" for row in deliveries()) == 5


def test_what_is_put_there_while_it_is_switched_off_does_not_go_out(hook: Hook, listener: Receiver) -> None:
    hook.change(operations.disable)
    hook.tell("put by a transaction that began before")
    assert send_due() == 0
    assert not listener.got


def test_what_a_dead_worker_was_sending_is_a_dead_letter_once_it_is_switched_off(hook: Hook, listener: Receiver) -> None:
    hook.tell()
    with writing():
        outbox.claim(1)
    with clock.travel(now_ms() + outbox.LEASE + 1):
        hook.change(operations.disable)
        assert send_due() == 0
    assert only().state == "failed"
