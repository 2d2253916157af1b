"""A console with two sites on it, and somebody signed in for each role, through the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.conftest import sign_in
from tests.conftest import make_app
from tests.console.desk_data import PASSWORD, fill
from widget_server.config import Settings
from widget_server.database import db

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Without a pushed context: each request gets its own, as in life, so nothing is remembered between two."""
    app = make_app(settings)
    fill(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def signed_in(app: Flask) -> SignedIn:
    """`signed_in("support")` at Tern Air, `signed_in("admin", "other")` at the other."""

    def as_somebody(role: str = "support", site: str = "ternair") -> FlaskClient:
        client = app.test_client()
        assert sign_in(client, f"{role}@{site}.example", PASSWORD).status_code == 302
        return client

    return as_somebody
