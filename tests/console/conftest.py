"""A console with two sites on it, and somebody signed in for each role, through the form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.accounts.conftest import sign_in
from tests.conftest import make_app
from tests.console.desk_data import PASSWORD, a_busy_desk, fill
from widget_server import database
from widget_server.config import Settings
from widget_server.database import db
from widget_server.sites.models import Site

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


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Of the console on a real server, with a busy desk at Tern Air."""
    with app.app_context(), database.writing():
        a_busy_desk(db.session.scalars(select(Site).where(Site.key == "ternair")).one())
    app.testing = False
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/console"
    server.shutdown()
    thread.join()
    server.server_close()
