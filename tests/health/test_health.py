"""Alive and ready, and what is said when it is not."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections import namedtuple
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from widget_server import clock, health, jobs
from widget_server.clock import SECOND, now_ms
from widget_server.database import db, writing

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "REMEMBERED_SECONDS", 0)


@pytest.fixture
def beating(any_app: Flask) -> Flask:
    with writing():
        jobs.beat()
    return any_app


def ask(app: Flask, path: str = "/readyz") -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get(path)
    return answer.status_code, json.loads(answer.get_data())["checks"]


def test_a_process_that_answers_is_alive(any_app: Flask) -> None:
    assert ask(any_app, "/healthz") == (200, {"process": "ok"})


def test_all_is_ready_when_a_worker_beats(beating: Flask) -> None:
    assert ask(beating) == (200, {"database": "ok", "worker": "ok", "disk": "ok"})


def test_looking_leaves_no_trace(beating: Flask) -> None:
    ask(beating)
    assert ask(beating)[0] == 200


def test_without_a_worker_it_is_not_ready(any_app: Flask) -> None:
    status, checks = ask(any_app)
    assert (status, checks["worker"]) == (503, "no worker has been seen")


def test_a_worker_that_is_silent_for_15_seconds_is_told(beating: Flask) -> None:
    with clock.travel(now_ms() + 20 * SECOND):
        status, checks = ask(beating)
    assert status == 503
    assert "seconds ago" in checks["worker"]


@pytest.mark.parametrize(("age", "ready"), [(0, True), (15 * SECOND, True), (15 * SECOND + 1, False)])
def test_fifteen_seconds_are_young_enough(age: int, ready: bool) -> None:
    assert (health.worker_state(1_000_000, 1_000_000 + age) == "ok") is ready


def test_a_full_disk_is_told(beating: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10, 10, 0))
    status, checks = ask(beating)
    assert status == 503
    assert "free" in checks["disk"]


@pytest.fixture
def stuck_writer(app: Flask) -> Iterator[None]:
    with open(f"{db.engine.url.database}.writers", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_a_writer_that_never_ends_is_told_in_good_time(
    app: Flask, stuck_writer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.2)
    status, checks = ask(app)
    assert (status, checks["database"]) == (503, "writers wait too long")


def test_refusals_hold_no_secret(any_app: Flask) -> None:
    answer = any_app.test_client().get("/readyz")
    said = answer.get_data(as_text=True)
    assert answer.headers["Retry-After"] == "5"
    assert str(any_app.extensions["widget_settings"].instance) not in said
    assert any_app.extensions["widget_settings"].secret_key not in said
