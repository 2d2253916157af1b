"""Somebody else writes for long: a click is told so after a while, and what was waiting takes nobody's turn."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask

from tests.accounts.conftest import token_of
from tests.console.conftest import SignedIn
from widget_server import database
from widget_server.config import Settings
from widget_server.database import db, writing

QUEUE = "/console/ternair/queue"


@contextmanager
def writers_lock(settings: Settings) -> Iterator[None]:
    path = settings.database_url.removeprefix("sqlite:///") + ".writers"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def test_a_write_that_waits_too_long_is_told_so_and_goes_through_later(
    app: Flask, settings: Settings, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("admin")
    form = {"csrf_token": token_of(client.get("/console/me/sessions").text)}
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
    with writers_lock(settings):
        told = client.post("/console/me/sessions/end-others", data=form)
        assert told.status_code == 503
        assert "Something else is being written for long just now" in told.text
        assert client.get(QUEUE).status_code == 200
    assert client.post("/console/me/sessions/end-others", data=form).status_code in (302, 303)


def test_a_write_whose_turn_comes_in_time_is_made(app: Flask, settings: Settings) -> None:
    def wait() -> None:
        with app.test_request_context(), writing():
            db.session.connection()
            done.append(time.monotonic())

    done: list[float] = []
    with writers_lock(settings):
        waiting = Thread(target=wait)
        waiting.start()
        time.sleep(0.2)
        let_go = time.monotonic()
    waiting.join(10)
    assert done
    assert done[0] >= let_go
