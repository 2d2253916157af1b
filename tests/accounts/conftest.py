"""Two sites and their people, and a browser of each that is signed in through the form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import make_app
from widget_server import database
from widget_server.accounts.models import User
from widget_server.accounts.operations import create_user, grant, hashed, set_password
from widget_server.accounts.queries import user_by_email
from widget_server.clock import now_ms
from widget_server.config import Settings
from widget_server.database import db
from widget_server.sites.models import Site

PASSWORD = "a good long password"
MAREN = "maren@ternair.example"


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
        grant(person("maren@ternair.example", "Maren Solli"), site, "support")


def person(email: str, name: str) -> User:
    """As `create_user`, but the one password is hashed once for the whole run: argon2 is slow on purpose."""
    user = create_user(email, None, name)
    user.password = _hashed()
    db.session.flush()
    return user


@cache
def _hashed() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def change_password(app: Flask) -> Callable[[str, str], None]:
    def change(email: str, password: str) -> None:
        with app.app_context(), database.writing():
            user = user_by_email(email)
            assert user
            set_password(user, password)

    return change
