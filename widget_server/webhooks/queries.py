"""Reads of webhooks: who listens, an endpoint by its id, its secrets opened, its messages and their tries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import bindparam, func, or_, select

from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import NotFound
from widget_server.responses.models import TextAnswer
from widget_server.sealing import unseal
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookSecret, WebhookTry


def listening(site_id: int, event: str) -> list[int]:
    """Endpoints that want to hear of this, by their rows' ids."""
    known = _known.get()
    found = None if known is None else known.get(site_id)
    if found is None:
        found = [(id, events) for id, events in db.session.execute(_enabled, {"site": site_id})]
        if known is not None:
            known[site_id] = found
    return [id for id, events in found if event in events]


Listeners = list[tuple[int, list[str]]]
_known: ContextVar[dict[int, Listeners] | None] = ContextVar("listeners", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it, and within one transaction, each site's endpoints are asked for once."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


_enabled = select(WebhookEndpoint.id, WebhookEndpoint.events).where(
    WebhookEndpoint.site_id == bindparam("site"), WebhookEndpoint.enabled.is_(True)
)


def endpoints_of(site_id: int) -> list[WebhookEndpoint]:
    return list(
        db.session.scalars(
            select(WebhookEndpoint).where(WebhookEndpoint.site_id == site_id).order_by(WebhookEndpoint.id)
        )
    )


def endpoint_by_id(site_id: int, public_id: str) -> WebhookEndpoint:
    """Raises NotFound, for another site's too."""
    found = None
    if _is_id(public_id):
        found = db.session.scalar(
            select(WebhookEndpoint).where(WebhookEndpoint.site_id == site_id, WebhookEndpoint.public_id == public_id)
        )
    if found is None:
        raise NotFound("There is no such webhook at this site.")
    return found


def delivery_by_id(endpoint: WebhookEndpoint, public_id: str) -> WebhookDelivery:
    """Raises NotFound, for another endpoint's too."""
    found = None
    if _is_id(public_id):
        found = db.session.scalar(
            select(WebhookDelivery).where(
                WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.public_id == public_id
            )
        )
    if found is None:
        raise NotFound("There is no such message.")
    return found


def secrets_of(endpoint_id: int) -> list[WebhookSecret]:
    """Those that sign now, the newest first."""
    now = now_ms()
    return list(
        db.session.scalars(
            select(WebhookSecret)
            .where(
                WebhookSecret.endpoint_id == endpoint_id,
                or_(WebhookSecret.expires_at.is_(None), WebhookSecret.expires_at > now),
            )
            .order_by(WebhookSecret.id.desc())
        )
    )


def opened_secrets(endpoint_id: int) -> list[str]:
    """The same in plain; those that no key of the installation opens are left out."""
    keys = settings().encryption_keys
    found = (unseal(row.cipher, keys) for row in secrets_of(endpoint_id))
    return [plain for plain in found if plain is not None]


def newest_deliveries(
    endpoint_id: int, state: str = "", before: int | None = None, limit: int = 50
) -> list[WebhookDelivery]:
    """Newest first; `before` is the row's id that the last page ended with."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state:
        wanted = wanted.where(WebhookDelivery.state == state)
    if before is not None:
        wanted = wanted.where(WebhookDelivery.id < before)
    return list(db.session.scalars(wanted.order_by(WebhookDelivery.id.desc()).limit(limit)))


def counts_of(endpoint_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """endpoint id → state → how many."""
    counted = db.session.execute(
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(WebhookDelivery.endpoint_id.in_(endpoint_ids))
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    found: dict[int, dict[str, int]] = {id: {} for id in endpoint_ids}
    for id, state, count in counted:
        found[id][state] = count
    return found


def last_tries(delivery_id: int, limit: int = 30) -> list[WebhookTry]:
    wanted = select(WebhookTry).where(WebhookTry.delivery_id == delivery_id)
    return list(db.session.scalars(wanted.order_by(WebhookTry.id.desc()).limit(limit)))


def texts_of(response_id: int) -> dict[str, str]:
    """What a visitor wrote, by question, as it stands now: what was erased meanwhile is not sent."""
    wanted = select(TextAnswer.question, TextAnswer.text).where(TextAnswer.response_id == response_id)
    return dict(db.session.execute(wanted.order_by(TextAnswer.question)).tuples().all())


def _is_id(text: str) -> bool:
    return len(text) <= 36 and text.isascii() and text.isprintable()
