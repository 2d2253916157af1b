"""The webhooks screens: who is told what happens here, what became of each message, and the buttons for when it fails."""

from __future__ import annotations

import json
from typing import Any

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.clock import HOUR, now_ms
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.settings import confirmation
from widget_server.console.words import plural
from widget_server.database import public_id, writing
from widget_server.errors import Conflict, Invalid
from widget_server.webhooks import operations, queries
from widget_server.webhooks.events import EVENTS, TEST, body_of
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint
from widget_server.webhooks.outbox import enqueue

STATES = {"queued": "Waiting", "sending": "On its way", "sent": "Sent", "failed": "Failed"}
PAGE = 50
MOST_HOURS = 90 * 24


@screen("/webhooks", "settings.read")
def webhooks() -> Answered:
    """All of them, and a form for another one."""
    return _list()


@command("/webhooks", "settings.work")
def add_webhook() -> Answered:
    """A new one; its secret is shown once."""
    try:
        with writing():
            endpoint, secret = operations.create_endpoint(here().site.id, **_typed())
            _audit("webhook.added", endpoint)
            id = endpoint.public_id
    except (Invalid, Conflict) as wrong:
        return _list(wrong.status, wrong=wrong.detail, typed=_typed())
    return _secret("The webhook is set up", secret, id)


@screen("/webhooks/<endpoint_id>", "settings.read")
def webhook(endpoint_id: str) -> Answered:
    """One webhook: its messages, what it is told, its secret."""
    return _one(_endpoint(endpoint_id))


@command("/webhooks/<endpoint_id>", "settings.work")
def put_webhook(endpoint_id: str) -> Answered:
    """Another address, other events."""
    try:
        with writing():
            endpoint = _endpoint(endpoint_id)
            operations.change_endpoint(endpoint, **_typed())
            _audit("webhook.changed", endpoint)
    except Invalid as wrong:
        return _one(_endpoint(endpoint_id), wrong.status, wrong=wrong.detail, typed=_typed())
    return _back(endpoint_id, "Saved.")


@command("/webhooks/<endpoint_id>/secret", "settings.work")
def rotate_webhook(endpoint_id: str) -> Answered:
    """A new secret; the old one signs beside it for a day."""
    with writing():
        endpoint = _endpoint(endpoint_id)
        secret = operations.rotate_secret(endpoint)
        _audit("webhook.secret", endpoint)
    return _secret("A new secret signs now", secret, endpoint_id, "The old one signs beside it for another day.")


@command("/webhooks/<endpoint_id>/switch", "settings.work")
def switch_webhook(endpoint_id: str) -> Answered:
    """On, or off."""
    on = request.form.get("to") == "on"
    with writing():
        endpoint = _endpoint(endpoint_id)
        (operations.enable if on else operations.disable)(endpoint)
        _audit("webhook.on" if on else "webhook.off", endpoint)
    return _back(endpoint_id, "Switched on." if on else "Switched off. Nothing more is sent there.")


@command("/webhooks/<endpoint_id>/test", "settings.work")
def test_webhook(endpoint_id: str) -> Answered:
    """One message that says nothing, tried once by the worker: this process talks to nobody."""
    with writing():
        endpoint = _endpoint(endpoint_id)
        enqueue(endpoint.id, TEST, public_id(), {"site": here().site.key, "words": "If you can read this, it works."})
        _audit("webhook.test", endpoint)
    return _back(endpoint_id, "A test is on its way. Load the page again in a second to see what it met.")


@command("/webhooks/<endpoint_id>/replay", "settings.work")
def replay_webhook(endpoint_id: str) -> Answered:
    """All that failed of the last hours."""
    hours = request.form.get("hours", "24")
    if not (hours.isascii() and hours.isdecimal() and len(hours) < 6 and 1 <= int(hours) <= MOST_HOURS):
        raise Invalid(f"Give a number of hours from 1 to {MOST_HOURS}.")
    with writing():
        endpoint = _endpoint(endpoint_id)
        count = operations.replay_since(endpoint, now_ms() - int(hours) * HOUR)
        _audit("webhook.replay", endpoint, count=count)
    return _back(endpoint_id, f"{plural(count, 'message', 'messages')} queued again.")


@screen("/webhooks/<endpoint_id>/remove", "settings.work")
def removing_webhook(endpoint_id: str) -> Answered:
    """What removing does, before it is done."""
    endpoint = _endpoint(endpoint_id)
    return confirmation(
        f"Remove {endpoint.description or endpoint.url}?",
        "Nothing is sent there any more, and its messages, their tries and its secret are deleted.",
        "To stop it for a while, switch it off.",
        button="Remove",
        action=url_for("console.remove_webhook", endpoint_id=endpoint_id),
        back=url_for("console.webhook", endpoint_id=endpoint_id),
    )


@command("/webhooks/<endpoint_id>/remove", "settings.work")
def remove_webhook(endpoint_id: str) -> Answered:
    """Gone, with its messages."""
    with writing():
        endpoint = _endpoint(endpoint_id)
        _audit("webhook.removed", endpoint)
        operations.remove(endpoint)
    flash("Removed.")
    return make_response(redirect(url_for("console.webhooks"), 303))


@screen("/webhooks/<endpoint_id>/messages/<delivery_id>", "settings.read")
def webhook_message(endpoint_id: str, delivery_id: str) -> Answered:
    """One message with its tries."""
    endpoint = _endpoint(endpoint_id)
    delivery = queries.delivery_by_id(endpoint, delivery_id)
    page = render_template(
        "console/webhook_message.html",
        endpoint=endpoint,
        delivery=delivery,
        tries=queries.last_tries(delivery.id),
        body=_readable(delivery),
        states=STATES,
    )
    return make_response(page)


@command("/webhooks/<endpoint_id>/messages/<delivery_id>/again", "settings.work")
def replay_webhook_message(endpoint_id: str, delivery_id: str) -> Answered:
    """Once more, under the same id."""
    with writing():
        endpoint = _endpoint(endpoint_id)
        operations.replay(endpoint, queries.delivery_by_id(endpoint, delivery_id))
        _audit("webhook.replay", endpoint, message=delivery_id)
    flash("Queued again. It goes out within a second or so.")
    to = url_for("console.webhook_message", endpoint_id=endpoint_id, delivery_id=delivery_id)
    return make_response(redirect(to, 303))


NEW: dict[str, Any] = {"events": ("response.flagged", "case.opened", "case.closed")}


def _list(status: int = 200, **more: Any) -> Answered:
    found = queries.endpoints_of(here().site.id)
    page = render_template(
        "console/webhooks.html",
        endpoints=found,
        counts=queries.counts_of([one.id for one in found]),
        events=EVENTS,
        **{"typed": NEW, "wrong": None, **more},
    )
    return make_response(page, status)


def _one(endpoint: WebhookEndpoint, status: int = 200, **more: Any) -> Answered:
    state, before = request.args.get("state", ""), request.args.get("before", "")
    chosen = state if state in STATES else ""
    after = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    rows = queries.newest_deliveries(endpoint.id, chosen, after, PAGE + 1)
    page = render_template(
        "console/webhook.html",
        endpoint=endpoint,
        rows=rows[:PAGE],
        more=rows[PAGE - 1].id if len(rows) > PAGE else None,
        count=queries.counts_of([endpoint.id])[endpoint.id],
        chosen=chosen,
        states=STATES,
        secrets=queries.secrets_of(endpoint.id),
        events=EVENTS,
        **{"typed": endpoint, "wrong": None, **more},
    )
    return make_response(page, status)


def _endpoint(endpoint_id: str) -> WebhookEndpoint:
    return queries.endpoint_by_id(here().site.id, endpoint_id)


def _typed() -> dict[str, Any]:
    form = request.form
    return {
        "url": form.get("url", "").replace("\0", ""),
        "description": form.get("description", "").replace("\0", ""),
        "events": form.getlist("events"),
        "with_texts": form.get("with_texts") == "yes",
    }


def _readable(delivery: WebhookDelivery) -> str:
    message = json.loads(body_of(delivery.event, delivery.created_at, delivery.data))
    return json.dumps(message, ensure_ascii=False, indent=2)


def _secret(heading: str, secret: str, endpoint_id: str, sentence: str = "") -> Answered:
    page = render_template(
        "console/webhook_secret.html", heading=heading, secret=secret, endpoint_id=endpoint_id, sentence=sentence
    )
    return make_response(page)


def _audit(action: str, endpoint: WebhookEndpoint, **detail: Any) -> None:
    """The address stays out of the log: its path may be a secret of the receiver's."""
    audit(action, user=actor(), site_id=endpoint.site_id, subject=endpoint.public_id, **detail)


def _back(endpoint_id: str, said: str) -> Answered:
    flash(said)
    return make_response(redirect(url_for("console.webhook", endpoint_id=endpoint_id), 303))
