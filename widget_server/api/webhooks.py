"""`/api/v1/webhooks`: where events are sent, and what became of the messages."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from widget_server.accounts.operations import audit
from widget_server.api.frame import acting, actor, area, reading, site
from widget_server.api.reading import words
from widget_server.api.schemas import Shape, maybe_text, maybe_time, one_of, time
from widget_server.api.shapes import Json
from widget_server.database import public_id
from widget_server.surveys.shapes import Strict, StrictSchema, YesNo
from widget_server.webhooks import operations, queries
from widget_server.webhooks.events import EVENTS, TEST
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint
from widget_server.webhooks.outbox import enqueue

webhooks = area("webhooks", "Where events are sent, signed by Standard Webhooks.")

LATEST = 100


class WebhookSchema(Shape):
    """An endpoint. Its secret is told once, when it is made."""

    id = fields.String()
    url = fields.String()
    description = fields.String()
    events = fields.List(fields.String())
    with_texts = fields.Boolean()
    enabled = fields.Boolean()
    disabled_at = maybe_time()
    disabled_reason = maybe_text()
    failing_since = maybe_time()
    created_at = time()


class WebhookListSchema(Shape):
    items = fields.List(fields.Nested(WebhookSchema))


class WebhookWithSecretSchema(WebhookSchema):
    secret = fields.String(metadata={"description": "whsec_…: it can't be read again."})


class WebhookMessageSchema(Shape):
    """One event for one endpoint. Its id is the `webhook-id` of every try."""

    id = fields.String()
    event = fields.String()
    state = one_of("queued", "sending", "sent", "failed")
    attempt = fields.Integer()
    error = maybe_text()
    created_at = time()
    next_at = time()
    sent_at = maybe_time()


class WebhookMessageListSchema(Shape):
    items = fields.List(fields.Nested(WebhookMessageSchema))


class WebhookReplaySchema(Shape):
    count = fields.Integer()


class WebhookBody(StrictSchema):
    url = words(2000, required=True)
    events = fields.List(
        Strict(validate=validate.OneOf(tuple(EVENTS))), required=True, validate=validate.Length(1, len(EVENTS))
    )
    description = words(200, shortest=0)
    with_texts = YesNo(metadata={"description": "Send what visitors wrote along, as it is stored."})


class SinceBody(StrictSchema):
    since = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, 2**53), metadata={"description": "ms since 1970"}
    )


@reading(webhooks, "/webhooks", "webhooks:read", WebhookListSchema)
def list_webhooks() -> Any:
    """List the site's endpoints"""
    return {"items": [_shape(one) for one in queries.endpoints_of(site().id)]}


@reading(webhooks, "/webhooks/<id>", "webhooks:read", WebhookSchema)
def get_webhook(id: str) -> Any:
    """Get an endpoint"""
    return _shape(_found(id))


@acting(webhooks, "/webhooks", "webhooks:write", WebhookWithSecretSchema, body=WebhookBody, status=201)
def add_webhook(body: dict[str, Any]) -> Any:
    """Make an endpoint; the answer has its secret"""
    made, secret = operations.create_endpoint(site().id, **_values(body))
    _audit("webhook.added", made)
    return {**_shape(made), "secret": secret}


@acting(webhooks, "/webhooks/<id>", "webhooks:write", WebhookSchema, body=WebhookBody, method="PUT")
def change_webhook(body: dict[str, Any], id: str) -> Any:
    """Change an endpoint's address and events"""
    found = _found(id)
    operations.change_endpoint(found, **_values(body))
    _audit("webhook.changed", found)
    return _shape(found)


@acting(webhooks, "/webhooks/<id>/enable", "webhooks:write", WebhookSchema)
def enable_webhook(id: str) -> Any:
    """Switch an endpoint on"""
    found = _found(id)
    operations.enable(found)
    _audit("webhook.on", found)
    return _shape(found)


@acting(webhooks, "/webhooks/<id>/disable", "webhooks:write", WebhookSchema)
def disable_webhook(id: str) -> Any:
    """Switch an endpoint off; what waits for it becomes a dead letter"""
    found = _found(id)
    operations.disable(found)
    _audit("webhook.off", found)
    return _shape(found)


@acting(webhooks, "/webhooks/<id>/secret", "webhooks:write", WebhookWithSecretSchema)
def rotate_webhook_secret(id: str) -> Any:
    """Make a new secret; the old one signs beside it for a day"""
    found = _found(id)
    secret = operations.rotate_secret(found)
    _audit("webhook.secret", found)
    return {**_shape(found), "secret": secret}


@acting(webhooks, "/webhooks/<id>/test", "webhooks:write", WebhookSchema)
def test_webhook(id: str) -> Any:
    """Send a test message, once"""
    found = _found(id)
    enqueue(found.id, TEST, public_id(), {"site": site().key, "words": "If you can read this, it works."})
    _audit("webhook.test", found)
    return _shape(found)


@reading(webhooks, "/webhooks/<id>/messages", "webhooks:read", WebhookMessageListSchema)
def list_webhook_messages(id: str) -> Any:
    """List an endpoint's last hundred messages, newest first"""
    return {"items": [_message(one) for one in queries.newest_deliveries(_found(id).id, limit=LATEST)]}


@acting(webhooks, "/webhooks/<id>/replay", "webhooks:write", WebhookReplaySchema, body=SinceBody)
def replay_webhook(body: dict[str, Any], id: str) -> Any:
    """Send every dead letter of what happened since a time once more"""
    found = _found(id)
    count = operations.replay_since(found, body["since"])
    _audit("webhook.replay", found, count=count)
    return {"count": count}


def _found(id: str) -> WebhookEndpoint:
    return queries.endpoint_by_id(site().id, id)


def _values(body: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", "with_texts": False, **body}


def _audit(action: str, endpoint: WebhookEndpoint, **detail: Any) -> None:
    audit(action, user=actor(), site_id=endpoint.site_id, subject=endpoint.public_id, **detail)


SAME = (
    "url", "description", "events", "with_texts", "enabled", "disabled_at", "disabled_reason", "failing_since", "created_at",
)  # fmt: skip
SAME_OF_MESSAGE = ("event", "state", "attempt", "error", "created_at", "next_at", "sent_at")


def _shape(row: WebhookEndpoint) -> Json:
    return {"id": row.public_id, **{name: getattr(row, name) for name in SAME}}


def _message(row: WebhookDelivery) -> Json:
    return {"id": row.public_id, **{name: getattr(row, name) for name in SAME_OF_MESSAGE}}
