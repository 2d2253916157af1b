"""What happens to a message between the transaction that caused it and the mailbox."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.delivery.conftest import Mailbox, settings_for
from tests.postgres import free_port
from widget_server import clock
from widget_server.accounts.models import User
from widget_server.accounts.operations import create_user
from widget_server.clock import DAY, HOUR, MINUTE, now_ms
from widget_server.config import Smtp
from widget_server.database import db, writing
from widget_server.delivery import outbox
from widget_server.delivery.models import Delivery
from widget_server.delivery.sending import send_due
from widget_server.delivery.transports.outcome import Arrived, Refused, Unreached
from widget_server.errors import Conflict
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site

Box = tuple[Mailbox, Smtp]


@pytest.fixture
def staff(any_app: Flask) -> User:
    with writing():
        create_site("Tern Air", key="tern")
        user = create_user("ida@tern.example", "correct horse battery", "Ida")
    return user


def use_smtp(app: Flask, smtp: Smtp | None) -> None:
    app.extensions["widget_settings"] = replace(app.extensions["widget_settings"], smtp=smtp)


def queue(user: User, key: str = "urgent:1:1") -> Delivery:
    site = db.session.scalars(select(Site)).one()
    return outbox.enqueue(
        unique_key=key, site_id=site.id, purpose="urgent_case", subject="A case\nneeds you", body="Look.\n", user_id=user.id
    )


def only() -> Delivery:
    db.session.rollback()
    return db.session.scalars(select(Delivery)).one()


def test_a_queued_message_is_sent_once(any_app: Flask, staff: User, mailbox: Box) -> None:
    box, smtp = mailbox
    use_smtp(any_app, smtp)
    with writing():
        queue(staff)
    assert send_due() == 1
    assert send_due() == 0
    assert box.recipients == ["ida@tern.example"]
    assert only().state == "sent"
    assert only().sent_at is not None


def test_the_same_key_asks_for_one_message(any_app: Flask, staff: User) -> None:
    with writing():
        assert queue(staff).id == queue(staff).id
    with writing():
        queue(staff)
    assert only().subject == "A case needs you"


def test_a_message_to_nobody_is_a_mistake(any_app: Flask, staff: User) -> None:
    with pytest.raises(IntegrityError), writing():
        outbox.enqueue(unique_key="x", site_id=1, purpose="reply", subject="s", body="b")


def test_a_message_that_its_transaction_takes_back_is_never_sent(any_app: Flask, staff: User, mailbox: Box) -> None:
    use_smtp(any_app, mailbox[1])

    def fail() -> None:
        with writing():
            queue(staff)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert send_due() == 0


def test_without_a_mail_server_a_message_is_held_until_somebody_replays_it(
    any_app: Flask, staff: User, mailbox: Box
) -> None:
    with writing():
        queue(staff)
    assert send_due() == 1
    assert (only().state, only().attempt) == ("held", 0)
    use_smtp(any_app, mailbox[1])
    assert send_due() == 0
    with writing():
        outbox.replay(db.session.scalars(select(Delivery)).one())
    assert send_due() == 1
    assert only().state == "sent"


def test_a_busy_server_is_tried_again_by_the_schedule_and_then_reached(any_app: Flask, staff: User, mailbox: Box) -> None:
    box, smtp = mailbox
    use_smtp(any_app, smtp)
    box.answer = "451 later"
    with writing():
        queue(staff)
    start = now_ms()
    with clock.travel(start):
        assert send_due() == 1
        assert send_due() == 0
        assert only().state == "queued"
        assert 4_000 < only().next_at - start < 6_000
    box.answer = None
    with clock.travel(start + 6_000):
        assert send_due() == 1
    assert (only().state, only().attempt, only().error) == ("sent", 2, None)


def test_a_refusal_is_a_dead_letter_with_its_reason_and_can_be_replayed(any_app: Flask, staff: User, mailbox: Box) -> None:
    box, smtp = mailbox
    use_smtp(any_app, smtp)
    box.to_recipient = "550 no such mailbox"
    with writing():
        queue(staff)
    send_due()
    assert only().state == "failed"
    assert "550" in (only().error or "")
    box.to_recipient = None
    with writing():
        outbox.replay(db.session.scalars(select(Delivery)).one())
    send_due()
    assert only().state == "sent"


def test_what_was_sent_cannot_be_replayed(any_app: Flask, staff: User, mailbox: Box) -> None:
    use_smtp(any_app, mailbox[1])
    with writing():
        queue(staff)
    send_due()
    with pytest.raises(Conflict), writing():
        outbox.replay(db.session.scalars(select(Delivery)).one())


def test_after_ten_tries_in_75_hours_it_is_a_dead_letter(any_app: Flask, staff: User) -> None:
    use_smtp(any_app, settings_for(free_port()))
    with writing():
        queue(staff)
    start = now_ms()
    tries, now = 0, start
    while only().state == "queued":
        now = max(now, only().next_at)
        with clock.travel(now):
            tries += send_due()
    assert tries == 10
    assert only().state == "failed"
    assert 68 * HOUR < now - start < 84 * HOUR


def test_two_workers_never_hold_one_message_at_once(any_app: Flask, staff: User) -> None:
    with writing():
        queue(staff)
    with writing():
        first = outbox.claim(5)
    with writing():
        assert outbox.claim(5) == []
    assert len(first) == 1


def test_what_a_dead_worker_left_is_taken_again_and_its_late_word_does_not_count(any_app: Flask, staff: User) -> None:
    with writing():
        queue(staff)
    start = now_ms()
    with clock.travel(start), writing():
        [(id, dead)] = outbox.claim(5)
    with clock.travel(start + outbox.LEASE + 1), writing():
        [(again, lease)] = outbox.claim(5)
    assert again == id
    with writing():
        assert outbox.settle(id, lease, Arrived(), 0.5)
    with writing():
        assert not outbox.settle(id, dead, Unreached("late"), 0.5)
    assert (only().state, only().attempt) == ("sent", 2)


def test_somebody_who_left_gets_no_mail(any_app: Flask, staff: User, mailbox: Box) -> None:
    use_smtp(any_app, mailbox[1])
    with writing():
        queue(staff)
        db.session.get_one(User, staff.id).active = False
    send_due()
    assert only().state == "failed"
    assert mailbox[0].mails == []


def test_settling_writes_what_the_transport_said(any_app: Flask, staff: User) -> None:
    with writing():
        queue(staff)
        [(id, lease)] = outbox.claim(1)
        outbox.settle(id, lease, Refused("no"), 0.5)
    assert (only().state, only().error) == ("failed", "no")


def test_the_lease_outlasts_a_conversation() -> None:
    from widget_server.delivery.transports import smtp

    assert outbox.LEASE > 2 * smtp.WHOLE_SECONDS * 1000
    assert outbox.LEASE < 5 * MINUTE < DAY
