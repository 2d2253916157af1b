"""Two sites and their people, and a browser of each that is signed in through the form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import make_app
from widget_server import database
from widget_server.accounts.operations import create_user, grant, set_password
from widget_server.accounts.queries import user_by_email
from widget_server.clock import now_ms
from widget_server.config import Settings
from widget_server.database import db
from widget_server.sites.models import Site

PASSWORD = "a good long password"


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    page = client.get("/console/login").text
    form = {"email": email, "password": password, "csrf_token": token_of(page), **more}
    return client.post("/console/login", data=form)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Without a pushed context: each request gets its own, as in life, so nothing is remembered between two."""
    app = make_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def maren(app: Flask) -> None:
    with app.app_context(), database.writing():
        site = Site(key="ternair", name="Tern Air", zone="Europe/Oslo", created_at=now_ms())
        db.session.add(site)
        db.session.flush()
        grant(create_user("maren@ternair.example", PASSWORD, "Maren Solli"), site, "support")


@pytest.fixture
def change_password(app: Flask) -> Callable[[str, str], None]:
    def change(email: str, password: str) -> None:
        with app.app_context(), database.writing():
            user = user_by_email(email)
            assert user
            set_password(user, password)

    return change
