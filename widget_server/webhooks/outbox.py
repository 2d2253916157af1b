"""The rows between an event and its receivers: put here by what caused them, claimed with a lease, settled by an answer.

queued → sending → sent, or queued again at a later time, or failed: a dead letter. Like the outbox of mail, but tried for
one endpoint at a time, so that a slow receiver holds up itself alone. Operations flush, edges commit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from widget_server.clock import MINUTE, now_ms
from widget_server.database import db, public_id
from widget_server.delivery.schedule import next_try
from widget_server.delivery.transports.outcome import Arrived, Refused
from widget_server.webhooks.events import TEST
from widget_server.webhooks.exchange import Answer
from widget_server.webhooks.judging import GONE, is_worn_out, judged
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookTry
from widget_server.webhooks.operations import disable

LEASE = 2 * MINUTE
"""How long a try may take before another worker may think that this one died. Longer than a whole exchange."""


@dataclass(frozen=True)
class Claimed:
    id: int
    endpoint_id: int
    lease: int  # ms since the epoch; whoever wrote it last owns the row


def enqueue(
    endpoint_id: int, event: str, key: str, data: Mapping[str, Any], response_id: int | None = None
) -> None:
    """One event for one endpoint. The same `key` again changes nothing."""
    now = now_ms()
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    db.session.execute(
        dialect.insert(WebhookDelivery)
        .values(
            public_id=public_id(), endpoint_id=endpoint_id, unique_key=f"{endpoint_id}:{event}:{key}", event=event,
            data=dict(data), response_id=response_id, state="queued", attempt=0, next_at=now, lease_until=0,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


def any_due(busy: Collection[int] = ()) -> bool:
    """Whether a claim would find something: a look without the writers' lock."""
    return db.session.scalar(select(WebhookDelivery.id).where(*_due(now_ms(), busy)).limit(1)) is not None


def claim(limit: int, busy: Collection[int] = ()) -> list[Claimed]:
    """Take the oldest due message of up to `limit` endpoints that are not `busy`."""
    now, taken = now_ms(), list[Claimed]()
    while len(taken) < limit:
        aside = {*busy, *(one.endpoint_id for one in taken)}
        row = db.session.execute(
            select(WebhookDelivery.id, WebhookDelivery.endpoint_id)
            .where(*_due(now, aside))
            .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            break
        db.session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.id == row.id)
            .values(state="sending", attempt=WebhookDelivery.attempt + 1, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        taken.append(Claimed(row.id, row.endpoint_id, now + LEASE))
    return taken


def settle(claimed: Claimed, answer: Answer, jitter: float) -> bool:
    """Write down how a try ended. False when the lease was lost meanwhile: then somebody else's word counts."""
    delivery = db.session.scalar(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.id == claimed.id,
            WebhookDelivery.state == "sending",
            WebhookDelivery.lease_until == claimed.lease,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if delivery is None:
        return False
    now = now_ms()
    db.session.add(
        WebhookTry(
            delivery_id=delivery.id, at=now, took=answer.took, status=answer.status, error=answer.error, answer=answer.text
        )
    )
    endpoint = db.session.get_one(WebhookEndpoint, delivery.endpoint_id, populate_existing=True)
    outcome = judged(answer, now)
    delivery.lease_until = 0
    if isinstance(outcome, Arrived):
        delivery.state, delivery.sent_at, delivery.error = "sent", now, None
        endpoint.failing_since = None
    else:
        again = None
        if delivery.event != TEST and endpoint.enabled and not isinstance(outcome, Refused):
            again = next_try(delivery.attempt, now, jitter, outcome.wait)
        delivery.error = outcome.reason
        delivery.state, delivery.next_at = ("failed", now) if again is None else ("queued", again)
        if delivery.event != TEST:
            _note_failure(endpoint, answer, now)
    db.session.flush()
    return True


def release_leases() -> None:
    """For a worker that knows it is alone: what its dead forerunner was sending is due at once."""
    db.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.state == "sending")
        .values(lease_until=0)
        .execution_options(synchronize_session=False)
    )


def _note_failure(endpoint: WebhookEndpoint, answer: Answer, now: int) -> None:
    if not endpoint.enabled:
        return
    endpoint.failing_since = endpoint.failing_since or now
    db.session.flush()
    if answer.status == GONE:
        disable(endpoint, "It answered 410: it wants nothing more.")
    elif is_worn_out(endpoint.failing_since, now):
        disable(endpoint, "Every try failed for five days.")


def _due(now: int, busy: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """A try that a dead worker left is due again when its lease is over. Nothing goes where a webhook is switched off,
    whoever was just putting a message there."""
    waiting = (WebhookDelivery.state == "queued") & (WebhookDelivery.next_at <= now)
    left = (WebhookDelivery.state == "sending") & (WebhookDelivery.lease_until <= now)
    free = (WebhookDelivery.endpoint_id.not_in(list(busy)),) if busy else ()
    switched_on = WebhookDelivery.endpoint_id.in_(select(WebhookEndpoint.id).where(WebhookEndpoint.enabled))
    return (or_(waiting, left), switched_on, *free)
