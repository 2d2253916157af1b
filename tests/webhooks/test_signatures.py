"""A13: what we sign, the official verifier of Standard Webhooks takes, and nothing else."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.webhooks.conftest import Hook
from tests.webhooks.receiver import Receiver
from widget_server import clock
from widget_server.clock import HOUR, MINUTE, now_ms
from widget_server.webhooks.events import body_of
from widget_server.webhooks.operations import rotate_secret
from widget_server.webhooks.sending import send_due
from widget_server.webhooks.signing import new_secret, signed_headers


def a_message(number: int) -> bytes:
    return body_of("case.opened", now_ms(), {"number": number, "words": secrets.token_hex(number % 50) + " ยอดเยี่ยม ✓"})


def test_a_thousand_messages_verify() -> None:
    for number in range(1000):
        secret, body = new_secret(), a_message(number)
        headers = signed_headers(f"id-{number}", now_ms(), body, [secret])
        assert Webhook(secret).verify(body, headers)["data"]["number"] == number


def refused(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return True
    return False


@pytest.mark.parametrize("minutes", [-60, -6, 6, 60])
def test_a_stale_message_is_refused(minutes: int) -> None:
    secret, body = new_secret(), a_message(1)
    assert refused(secret, body, signed_headers("id", now_ms() + minutes * MINUTE, body, [secret]))


def test_an_altered_message_is_refused() -> None:
    secret, body = new_secret(), a_message(1)
    headers = signed_headers("id", now_ms(), body, [secret])
    assert not refused(secret, body, headers)
    assert refused(secret, body + b" ", headers)
    assert refused(secret, body, headers | {"webhook-id": "other"})
    assert refused(secret, body, headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)})
    assert refused(new_secret(), body, headers)


def test_what_is_sent_verifies_as_it_arrives(hook: Hook, listener: Receiver) -> None:
    hook.tell(case={"number": 1001})
    send_due()
    got = listener.got[0]
    message = Webhook(hook.secret).verify(got.body, got.headers)
    assert (message["type"], message["data"]) == ("case.opened", {"case": {"number": 1001}})
    assert datetime.fromisoformat(message["timestamp"]).tzinfo == UTC


def test_while_a_secret_rotates_old_and_new_verify_for_a_day(hook: Hook, listener: Receiver) -> None:
    new = hook.change(rotate_secret)
    hook.tell("1")
    send_due()
    first = listener.got[0]
    assert len(first.headers["webhook-signature"].split(" ")) == 2
    assert not refused(hook.secret, first.body, first.headers)
    assert not refused(new, first.body, first.headers)
    with clock.travel(now_ms() + 25 * HOUR):
        hook.tell("2")
        send_due()
    assert len(listener.got[1].headers["webhook-signature"].split(" ")) == 1


def test_a_secret_is_sealed_in_the_database(hook: Hook) -> None:
    from sqlalchemy import select

    from widget_server.database import db
    from widget_server.webhooks.models import WebhookSecret

    db.session.rollback()
    row = db.session.scalars(select(WebhookSecret)).one()
    assert hook.secret.startswith("whsec_")
    assert hook.secret.removeprefix("whsec_")[:10] not in row.cipher
