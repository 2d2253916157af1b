"""A person's whole way on SQLite and PostgreSQL: invited, two steps, signed out elsewhere; and what forms must carry."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.conftest import sign_in, token_of
from tests.conftest import make_app, make_settings
from widget_server import database
from widget_server.accounts.codes import code_at
from widget_server.accounts.links import address_of_link, make_link
from widget_server.accounts.models import User
from widget_server.accounts.operations import create_user, grant, keep_an_admin, revoke
from widget_server.clock import now_ms
from widget_server.console.frame import POLICY, PUBLIC
from widget_server.database import db, writing
from widget_server.errors import Conflict
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site

NINA, PASSWORD = "nina@ternair.example", "a password of her own"
HOME = "/console/ternair/queue"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Without a pushed context, as in life."""
    changes = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_emptied_url")}
    app = make_app(make_settings(tmp_path, **changes), with_tables=not changes)
    yield app
    with app.app_context():
        database.db.engine.dispose()


@pytest.fixture
def invitation(either: Flask) -> str:
    with either.app_context(), database.writing():
        site = Site(key="ternair", name="Tern Air", zone="UTC", created_at=now_ms())
        database.db.session.add(site)
        database.db.session.flush()
        user = create_user(NINA, None, "Nina")
        grant(user, site, "support")
        return address_of_link(make_link(user.id, "invitation")).removeprefix("http://widget.test")


def test_from_an_invitation_to_two_steps_on_either_database(either: Flask, invitation: str) -> None:
    here, there = either.test_client(), either.test_client()
    form = {"csrf_token": token_of(here.get(invitation).text), "new": PASSWORD, "again": PASSWORD}
    assert here.post(invitation, data=form).status_code == 303
    assert here.get(invitation).status_code == 410
    for client in (here, there):
        assert sign_in(client, NINA, PASSWORD).status_code == 302
    post(here, "/console/me/two-factor/start")
    key = re.search(r'class="key">([A-Z2-7 ]+)<', here.get("/console/me/two-factor").text)
    assert key
    secret, now = key[1].replace(" ", ""), now_ms()
    shown = post(here, "/console/me/two-factor/confirm", code=code_at(secret, now)).text
    assert (here.get(HOME).status_code, there.get(HOME).status_code) == (200, 303)
    assert sign_in(there, NINA, PASSWORD).location == "/console/two-factor"
    codes = re.findall(r"\b[2-9a-z]{5}-[2-9a-z]{5}\b", shown)
    for code, status in ((code_at(secret, now), 422), (codes[0], 303)):
        form = {"csrf_token": token_of(there.get("/console/two-factor").text), "code": code}
        assert there.post("/console/two-factor", data=form).status_code == status
    post(there, "/console/me/sessions/end-others")
    assert (here.get(HOME).status_code, there.get(HOME).status_code) == (303, 200)


def post(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(path, data={"csrf_token": token_of(client.get("/console/me/sessions").text), **form})


def test_forms_before_the_door_need_their_token_too(app: Flask, client: FlaskClient, maren: None) -> None:
    """A19: those behind it are walked by tests/console/test_forms.py."""
    rules = [rule for rule in app.url_map.iter_rules() if POLICY.get(rule.endpoint) == PUBLIC]
    before = [rule for rule in rules if "POST" in (rule.methods or ())]
    assert len(before) >= 6
    for rule in before:
        path = rule.rule.replace("<token>", "some.token")
        for token in ({}, {"csrf_token": "made-up"}):
            answer = client.post(path, data={"email": "a@b.example", "password": "x", "code": "1", **token})
            assert answer.status_code == 400, rule
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["reset", "reset/nothing", "invitation/nothing", "two-factor", "sign-on", "sign-on/return"])
def test_pages_before_the_door_carry_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/console/{path}")
    assert answer.status_code in (200, 303, 404, 410)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin", "a link in an address goes to nobody else"
    assert answer.headers["Cache-Control"] == "no-store"


def test_of_two_admins_who_remove_each_other_at_once_one_stays(any_app: Flask) -> None:
    with any_app.app_context(), writing():
        site = create_site("Tern Air", key="tern")
        pair = [create_user(f"{name}@tern.example", None, name) for name in ("ada", "bo")]
        for user in pair:
            grant(user, site, "admin")
        site_id, (first, second) = site.id, [user.id for user in pair]
    told: list[str] = []

    def remove(user_id: int) -> None:
        here, user = db.session.get_one(Site, site_id), db.session.get_one(User, user_id)
        keep_an_admin(here, user)
        revoke(user, here)

    def other() -> None:
        with any_app.app_context():
            try:
                with writing():
                    remove(first)
            except Conflict as refused:
                told.append(refused.detail)

    with any_app.app_context(), writing():
        remove(second)
        thread = Thread(target=other)
        thread.start()
        time.sleep(0.2)  # it waits by now, or comes later: the outcome is the same
    thread.join(20)
    assert told == ["A site keeps at least one admin: make somebody else admin first."]
