"""Writes of webhooks: endpoints made and changed, secrets rotated, switched off and on. Operations flush, edges commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from widget_server.clock import DAY, HOUR, now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import Conflict, Invalid
from widget_server.sealing import seal
from widget_server.webhooks import guard
from widget_server.webhooks.events import EVENTS, TEST
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookSecret, WebhookTry
from widget_server.webhooks.signing import new_secret

MOST_ENDPOINTS = 20
OVERLAP = 24 * HOUR
"""How long an old secret signs beside the new one."""
KEPT = 30 * DAY
KEPT_FAILED = 90 * DAY


def create_endpoint(
    site_id: int, url: str, events: Sequence[str], *, description: str = "", with_texts: bool = False
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint, and its secret, which nobody can read again.

    Raises:
        Invalid: the address, an event or the description can't be taken.
        Conflict: there are too many.
    """
    there = db.session.scalar(
        select(func.count()).select_from(WebhookEndpoint).where(WebhookEndpoint.site_id == site_id)
    )
    if (there or 0) >= MOST_ENDPOINTS:
        raise Conflict(f"There are {MOST_ENDPOINTS} webhooks at this site: remove one first.")
    endpoint = WebhookEndpoint(site_id=site_id, url="", created_at=now_ms(), enabled=True)
    change_endpoint(endpoint, url=url, events=events, description=description, with_texts=with_texts)
    db.session.add(endpoint)
    db.session.flush()
    return endpoint, _add_secret(endpoint)


def change_endpoint(
    endpoint: WebhookEndpoint, *, url: str, events: Sequence[str], description: str, with_texts: bool
) -> None:
    """Raises Invalid for what can't be taken."""
    endpoint.url = checked_url(url)
    unknown = sorted(set(events) - EVENTS.keys())
    if unknown:
        raise Invalid(f"There is no event {unknown[0][:60]!r}.")
    if not events:
        raise Invalid("Choose at least one event.")
    if len(description) > 200 or not all(sign.isprintable() for sign in description):
        raise Invalid("A description is one line of 200 letters at most.")
    endpoint.events = [event for event in EVENTS if event in events]
    endpoint.description, endpoint.with_texts = description.strip(), with_texts
    db.session.flush()


def checked_url(url: str) -> str:
    """An address that a webhook may have, as far as it can be told without asking DNS: that is done at each try.

    Raises:
        Invalid: with the reason.
    """
    text = url.strip()
    try:
        target = guard.target_of(text)
        known = guard.literal(target.host)
        if known:
            guard.cleared([known], target.port, policy())
    except guard.Unusable as why:
        said = str(why)
        raise Invalid(said if said[0].isupper() else f"This address can’t be used: {said}.") from why
    return text


def policy() -> guard.Policy:
    """What the installation's settings add to the guard."""
    current = settings()
    return guard.Policy(current.webhook_allow, current.webhook_ports)


def rotate_secret(endpoint: WebhookEndpoint) -> str:
    """A new secret; those before it sign for another day. Returned once."""
    until = now_ms() + OVERLAP
    db.session.execute(
        update(WebhookSecret)
        .where(WebhookSecret.endpoint_id == endpoint.id, WebhookSecret.expires_at.is_(None))
        .values(expires_at=until)
    )
    db.session.execute(
        delete(WebhookSecret).where(WebhookSecret.endpoint_id == endpoint.id, WebhookSecret.expires_at <= now_ms())
    )
    return _add_secret(endpoint)


def enable(endpoint: WebhookEndpoint) -> None:
    endpoint.enabled, endpoint.disabled_at, endpoint.disabled_reason, endpoint.failing_since = True, None, None, None
    db.session.flush()


def disable(endpoint: WebhookEndpoint, reason: str | None = None) -> None:
    """Nothing more goes there. What waits becomes a dead letter, which can be sent again later.

    Args:
        reason: why, when we do it ourselves: it stands on the screen.
    """
    now = now_ms()
    endpoint.enabled, endpoint.disabled_at, endpoint.disabled_reason = False, now, reason
    left = (WebhookDelivery.state == "sending") & (WebhookDelivery.lease_until <= now)  # by a worker that died at it
    db.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint.id, (WebhookDelivery.state == "queued") | left)
        .values(state="failed", error="The webhook was switched off")
        .execution_options(synchronize_session=False)
    )
    db.session.flush()


def remove(endpoint: WebhookEndpoint) -> None:
    """With its secrets and messages."""
    db.session.delete(endpoint)
    db.session.flush()


def replay(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> None:
    """Send a dead letter, or one that arrived, once more, from the start of its schedule and under the same id.

    Raises:
        Conflict: it is on its way, or the endpoint is switched off.
    """
    _must_be_on(endpoint)
    if delivery.state not in ("failed", "sent"):
        raise Conflict("This message is on its way already.")
    delivery.state, delivery.attempt, delivery.error, delivery.sent_at = "queued", 0, None, None
    delivery.next_at, delivery.lease_until = now_ms(), 0
    db.session.flush()


def replay_since(endpoint: WebhookEndpoint, since: int) -> int:
    """Send every dead letter of what happened at `since` (ms) or later once more. How many.

    Raises:
        Conflict: the endpoint is switched off.
    """
    _must_be_on(endpoint)
    done = db.session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.state == "failed",
            WebhookDelivery.created_at >= since,
            WebhookDelivery.event != TEST,
        )
        .values(state="queued", attempt=0, error=None, next_at=now_ms(), lease_until=0)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def forget_answers(response_id: int) -> None:
    """A response was erased: a receiver may have quoted it back to us."""
    of_response = select(WebhookDelivery.id).where(WebhookDelivery.response_id == response_id)
    db.session.execute(
        update(WebhookTry)
        .where(WebhookTry.delivery_id.in_(of_response))
        .values(answer="")
        .execution_options(synchronize_session=False)
    )


def purge(now: int) -> int:
    """What arrived is kept for 30 days, dead letters for 90."""
    gone = db.session.execute(
        delete(WebhookDelivery)
        .where(
            ((WebhookDelivery.state == "sent") & (WebhookDelivery.created_at < now - KEPT))
            | ((WebhookDelivery.state == "failed") & (WebhookDelivery.created_at < now - KEPT_FAILED))
        )
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _add_secret(endpoint: WebhookEndpoint) -> str:
    secret = new_secret()
    cipher = seal(secret, settings().encryption_keys)
    db.session.add(WebhookSecret(endpoint_id=endpoint.id, cipher=cipher, created_at=now_ms()))
    db.session.flush()
    return secret


def _must_be_on(endpoint: WebhookEndpoint) -> None:
    if not endpoint.enabled:
        raise Conflict("This webhook is switched off: switch it on first.")
