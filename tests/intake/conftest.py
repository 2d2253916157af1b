"""A site with the real surveys, and a page of it that sends."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import load_library
from widget_server.surveys.queries import live_surveys

ORIGIN = "https://www.tern-air.example"


@dataclass
class Sender:
    """A visitor's page: knows the site and its surveys, sends as the widget does."""

    app: Flask
    site_id: int
    key: str
    versions: dict[str, str]

    def body(self, answers: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        survey = more.pop("survey", "feedback")
        whole = {
            "p": 1,
            "id": str(uuid.uuid4()),
            "secret": "0123456789abcdef0123456789abcdef",
            "survey": survey,
            "version": self.versions.get(survey, "0" * 16),
            "answers": {"mood": 2} if answers is None else answers,
            **more,
        }
        return {name: part for name, part in whole.items() if part is not ...}

    def post(self, body: Any, path: str = "responses", origin: str | None = ORIGIN, **more: Any) -> TestResponse:
        headers = {**({"Origin": origin} if origin else {}), **more.pop("headers", {})}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = more.pop("content_type", "text/plain;charset=UTF-8")
        client, url = self.app.test_client(), f"/v1/sites/{self.key}/{path}"
        return client.post(url, data=data, content_type=kind, headers=headers, **more)

    def send(self, answers: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.post(self.body(answers, **more))


def sender_at(app: Flask, key: str = "tern", **site: Any) -> Sender:
    with writing():
        made = create_site("Tern Air", key=key, origins=[ORIGIN], zone="Europe/Oslo", region="NO", **site)
        load_library(made, settings().surveys_dir)
        site_id = made.id
    versions = {survey.key: survey.version for survey in live_surveys(site_id)}
    db.session.rollback()
    return Sender(app, site_id, key, versions)


@pytest.fixture
def tern(app: Flask) -> Sender:
    return sender_at(app)


@pytest.fixture
def any_tern(any_app: Flask) -> Sender:
    """The same on SQLite, then again on PostgreSQL."""
    return sender_at(any_app)


@pytest.fixture
def rows() -> Callable[[Any], list[Any]]:
    """All rows of a statement, read afresh."""

    def read(statement: Any) -> list[Any]:
        db.session.rollback()
        return list(db.session.execute(statement).all())

    return read
