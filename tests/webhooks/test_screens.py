"""Admins set a webhook up, see its secret once, test it, and send again what failed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.screens.conftest import Browser, app, staff  # noqa: F401 — fixtures
from tests.webhooks.conftest import allow_loopback
from tests.webhooks.receiver import Receiver, status
from widget_server import worker
from widget_server.accounts.models import AuditEntry
from widget_server.database import db

Staff = Callable[[str], Browser]
FORM = {"events": ["case.opened", "case.closed"], "description": "Till"}


@pytest.fixture
def admin(app: Flask, staff: Staff) -> Browser:  # noqa: F811
    allow_loopback(app)
    return staff("admin")


def add(admin: Browser, listener: Receiver) -> tuple[str, str]:
    """Returns the webhook's path and its secret."""
    page = admin.send("/webhooks", url=listener.url, **FORM)
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", page)
    path = re.search(r"/console/ternair(/webhooks/[0-9a-f-]{36})", page)
    assert secret
    assert path
    return path[1], secret[0]


def test_a_secret_is_shown_once(admin: Browser, listener: Receiver) -> None:
    path, secret = add(admin, listener)
    assert secret not in admin.open(path)
    assert secret not in admin.open("/webhooks")


def test_a_test_shows_what_the_receiver_said_as_text(app: Flask, admin: Browser, listener: Receiver) -> None:  # noqa: F811
    path, _ = add(admin, listener)
    listener.reply = status(500, body="<script>alert(1)</script>")
    admin.send(f"{path}/test")
    worker.run_once(app)
    page = admin.open(path)
    assert "It answered 500" in page
    message = re.search(r"/console/ternair(/webhooks/[0-9a-f-]+/messages/[0-9a-f-]+)", page)
    assert message
    shown = admin.open(message[1])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown


def test_what_failed_is_sent_again_by_a_button(app: Flask, admin: Browser, listener: Receiver) -> None:  # noqa: F811
    path, _ = add(admin, listener)
    listener.reply = status(500)
    admin.send(f"{path}/test")
    worker.run_once(app)
    message = re.search(r"/console/ternair(/webhooks/[0-9a-f-]+/messages/[0-9a-f-]+)", admin.open(path))
    assert message
    listener.reply = status(200)
    admin.send(f"{message[1]}/again")
    worker.run_once(app)
    assert "Sent" in admin.open(message[1])


def test_a_webhook_that_we_switched_off_says_why(app: Flask, admin: Browser, listener: Receiver) -> None:  # noqa: F811
    path, _ = add(admin, listener)
    listener.reply = status(410)
    admin.send(f"{path}/test")
    worker.run_once(app)
    assert "was switched off" not in admin.open("/webhooks")  # a test alone proves nothing
    page = admin.send(f"{path}/switch", to="off")
    assert "Switch on" in page


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://10.0.0.1/", "inner address"),
        ("ftp://example.com/", "must begin with https://"),
        ("https://a:b@example.com/", "user name"),
        ("https://example.com/ x", "spaces"),
        ("http://169.254.169.254/latest", "inner address"),
    ],
)
def test_an_address_that_leads_inward_is_refused_in_the_form(admin: Browser, url: str, said: str) -> None:
    assert said in admin.send("/webhooks", expect=422, url=url, **FORM)


def test_events_must_be_chosen_and_known(admin: Browser) -> None:
    assert "at least one event" in admin.send("/webhooks", expect=422, url="https://example.com/")
    assert "There is no event" in admin.send("/webhooks", expect=422, url="https://example.com/", events=["case.eaten"])


def test_a_new_secret_signs_beside_the_old_one(admin: Browser, listener: Receiver) -> None:
    path, first = add(admin, listener)
    page = admin.send(f"{path}/secret")
    assert "whsec_" in page
    assert first not in page
    assert "Two secrets sign" in admin.open(path)


def test_removing_is_asked_once_more(admin: Browser, listener: Receiver) -> None:
    path, _ = add(admin, listener)
    assert "Remove Till?" in admin.open(f"{path}/remove")
    assert "None yet." in admin.send(f"{path}/remove")


def test_the_audit_names_no_address(app: Flask, admin: Browser, listener: Receiver) -> None:  # noqa: F811
    add(admin, listener)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "webhook.added")).all()
        assert len(entries) == 1
        assert "127.0.0.1" not in f"{entries[0].subject}{entries[0].detail}"


@pytest.mark.parametrize("role", ["support", "product", "viewer"])
def test_nobody_but_an_admin_sees_webhooks(app: Flask, staff: Staff, role: str) -> None:  # noqa: F811
    staff(role).open("/webhooks", status=403)
