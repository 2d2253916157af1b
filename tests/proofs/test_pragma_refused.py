"""A connection that SQLite does not give what we ask of it is no connection: a 503 to come again after, never a 500."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from widget_server import database
from widget_server.database import db


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/sites/tern/config"), ("POST", "/v1/sites/tern/events")])
def test_a_pragma_that_is_not_taken_is_a_503(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    db.session.remove()
    db.engine.dispose()
    monkeypatch.setitem(database.PRAGMAS, "synchronous", 9)  # SQLite knows no such value
    answer = client.open(path, method=method, data="{}")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
