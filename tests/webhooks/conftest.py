"""A site with one webhook, whose receiver listens on loopback, which only the setting allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webhooks.receiver import Receiver, receiver
from tests.worker.conftest import Tern, tern_at
from widget_server.database import db, writing
from widget_server.webhooks.events import EVENTS
from widget_server.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookTry
from widget_server.webhooks.operations import create_endpoint
from widget_server.webhooks.outbox import enqueue


@pytest.fixture
def listener() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def allow_loopback(app: Flask) -> None:
    changed = replace(app.extensions["widget_settings"], webhook_allow=(ip_network("127.0.0.0/8"),))
    app.extensions["widget_settings"] = changed


@pytest.fixture
def tern(app: Flask) -> Tern:
    allow_loopback(app)
    return tern_at(app)


@pytest.fixture
def hook(tern: Tern, listener: Receiver) -> Hook:
    with writing():
        endpoint, secret = create_endpoint(tern.site_id, listener.url, list(EVENTS))
        return Hook(endpoint.id, secret)


class Hook:
    """The webhook of the tests: its row's id and its first secret."""

    def __init__(self, id: int, secret: str) -> None:
        self.id, self.secret = id, secret

    def tell(self, key: str = "1", event: str = "case.opened", **data: Any) -> None:
        with writing():
            enqueue(self.id, event, key, data)

    def change(self, act: Callable[[WebhookEndpoint], Any]) -> Any:
        with writing():
            return act(db.session.get_one(WebhookEndpoint, self.id))

    @property
    def endpoint(self) -> WebhookEndpoint:
        db.session.rollback()
        return db.session.get_one(WebhookEndpoint, self.id)


def deliveries() -> list[WebhookDelivery]:
    db.session.rollback()
    return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def only() -> WebhookDelivery:
    (found,) = deliveries()
    return found


def tries() -> list[WebhookTry]:
    db.session.rollback()
    return list(db.session.scalars(select(WebhookTry).order_by(WebhookTry.id)))
