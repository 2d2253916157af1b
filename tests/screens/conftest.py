"""A site with its surveys and people, answers sent through the real intake and read by the real worker."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import make_app
from widget_server import worker
from widget_server.accounts.operations import create_user, grant
from widget_server.config import Settings
from widget_server.database import db, writing
from widget_server.sites.operations import create_site
from widget_server.sites.queries import site_by_key
from widget_server.surveys.operations import load_library
from widget_server.surveys.queries import all_surveys

PASSWORD = "a good long password"
ORIGIN = "https://www.ternair.example"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = make_app(settings)
    with app.app_context(), writing():
        site = create_site(
            "Tern Air",
            key="ternair",
            origins=[ORIGIN],
            languages=["en", "th"],
            reference_prefix="TA",
            region="NO",
        )
        load_library(site, settings.surveys_dir)
        create_site("Elsewhere", key="elsewhere")
        for role in ("admin", "product", "support", "viewer"):
            grant(create_user(f"{role}@ternair.example", PASSWORD, role.title()), site, role)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def send(app: Flask) -> Callable[..., str]:
    """Send one finished answer as a page would, let the worker read it; returns the client's id."""

    def post(answers: dict[str, Any], survey: str = "feedback", lang: str = "en", **more: Any) -> str:
        with app.app_context():
            site = site_by_key("ternair")
            assert site
            version = {one.key: one.version for one in all_surveys(site.id)}[survey]
        body = {
            "p": 1,
            "id": str(uuid.uuid4()),
            "secret": uuid.uuid4().hex,
            "survey": survey,
            "version": version,
            "lang": lang,
            "answers": answers,
            "context": {"url": f"{ORIGIN}/pay"},
            **more,
        }
        headers = {"Origin": ORIGIN, "Content-Type": "text/plain;charset=UTF-8"}
        answer = app.test_client().post("/v1/sites/ternair/responses", data=json.dumps(body), headers=headers)
        assert answer.status_code == 202, answer.text
        worker.run_once(app)
        return str(body["id"])

    return post


class Browser:
    """A member of staff, signed in through the form, who clicks and fills in."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._token = ""

    def open(self, path: str, status: int = 200) -> str:
        answer = self._client.get(f"/console/ternair{path}", follow_redirects=True)
        assert answer.status_code == status, answer.text[:400]
        return answer.text

    def send(self, path: str, expect: int = 200, **form: Any) -> str:
        answer = self._client.post(
            f"/console/ternair{path}", data={"csrf_token": self._token, **form}, follow_redirects=True
        )
        assert answer.status_code == expect, answer.text[:400]
        return answer.text

    def sign_in(self, email: str) -> Browser:
        page = self._client.get("/console/login").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        form = {"email": email, "password": PASSWORD, "csrf_token": found[1]}
        assert self._client.post("/console/login", data=form).status_code in (302, 303)
        inside = re.search(
            r'name="csrf_token" value="([^"]+)"', self._client.get("/console/ternair/surveys").text
        )
        assert inside
        self._token = inside[1]
        return self


@pytest.fixture
def staff(app: Flask) -> Callable[[str], Browser]:
    """`staff("support")` is signed in."""
    return lambda role: Browser(app.test_client()).sign_in(f"{role}@ternair.example")
