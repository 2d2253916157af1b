"""A site with the real surveys and rules, a page of it that sends, and a look at what came of it."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.accounts.operations import create_user, grant
from widget_server.config import settings
from widget_server.database import Model, db, writing
from widget_server.responses.models import Response, ResponseId
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import load_library
from widget_server.surveys.queries import live_surveys

ORIGIN = "https://www.tern-air.example"
COMPLAINT = "I could not find the payment button, the page is broken and I lost my booking. Terrible."
SEVERE = "I missed my mother's funeral because your payment page failed and nobody helped. This is a disaster."
M = TypeVar("M", bound=Model)


@dataclass
class Tern:
    app: Flask
    site_id: int
    versions: dict[str, str]

    def body(self, text: str | None = None, mood: int = 1, **more: Any) -> dict[str, Any]:
        survey = more.pop("survey", "feedback")
        answers = more.pop("answers", {"mood": mood}) | ({} if text is None else {"comment": text})
        email = more.pop("email", None)
        if email:
            answers["contact"] = {"email": email, "consent": True}
        return {
            "p": 1,
            "id": str(uuid.uuid4()),
            "secret": "0123456789abcdef0123456789abcdef",
            "survey": survey,
            "version": self.versions.get(survey, "0" * 16),
            "answers": answers,
            **more,
        }

    def send(self, text: str | None = None, mood: int = 1, **more: Any) -> str:
        """Through HTTP; returns the id that the client gave."""
        body = self.body(text, mood, **more)
        self.post(body)
        return str(body["id"])

    def post(self, body: dict[str, Any]) -> None:
        answer = self.app.test_client().post(
            "/v1/sites/tern/responses", data=json.dumps(body), content_type="text/plain", headers={"Origin": ORIGIN}
        )
        assert answer.status_code == 202, answer.get_data(as_text=True)

    def response(self, client_id: str) -> Response:
        db.session.rollback()
        named = select(Response).join(ResponseId, ResponseId.response_id == Response.id)
        return db.session.scalars(named.where(ResponseId.client_id == client_id)).one()

    def await_processed(self, client_id: str, seconds: float) -> None:
        """By a worker that runs beside."""
        until = time.monotonic() + seconds
        while self.response(client_id).processed_at is None and time.monotonic() < until:
            time.sleep(0.05)
        assert self.response(client_id).processed_at is not None

    def change(self, client_id: str, **values: Any) -> None:
        with writing():
            named = select(Response).join(ResponseId, ResponseId.response_id == Response.id)
            found = db.session.scalars(named.where(ResponseId.client_id == client_id)).one()
            for name, value in values.items():
                setattr(found, name, value)

    def all(self, model: type[M]) -> list[M]:
        db.session.rollback()
        return list(db.session.scalars(select(model)))

    def staff(self, name: str, role: str = "support") -> User:
        with writing():
            user = create_user(f"{name.lower()}@tern.example", "correct horse battery", name)
            grant(user, db.session.get_one(Site, self.site_id), role)
        return user


def tern_at(app: Flask) -> Tern:
    with writing():
        site = create_site("Tern Air", key="tern", origins=[ORIGIN], zone="Europe/Oslo", region="NO", reference_prefix="TA")
        load_library(site, settings().surveys_dir)
        site_id = site.id
    versions = {survey.key: survey.version for survey in live_surveys(site_id)}
    db.session.rollback()
    return Tern(app, site_id, versions)


@pytest.fixture
def tern(any_app: Flask) -> Tern:
    return tern_at(any_app)


@pytest.fixture
def tern_on_postgres(postgres_app: Flask) -> Tern:
    return tern_at(postgres_app)
