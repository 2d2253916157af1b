"""Signing in with the company's provider: a real one, started here, that is honest, and one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.accounts.conftest import MAREN, sign_in
from tests.accounts.identity_provider import CLIENT, SECRET, IdentityProvider, provider_running
from tests.conftest import make_app
from widget_server import database
from widget_server.accounts import provider as ours
from widget_server.accounts.models import Identity, User
from widget_server.accounts.queries import role_at, user_by_email
from widget_server.accounts.second_factor import set_duties
from widget_server.config import Oidc, Settings
from widget_server.database import db
from widget_server.sites.models import Site

QUEUE = "/console/ternair/queue"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with provider_running() as known:
        yield known


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    """An honest one, afresh."""
    running.__dict__.update(IdentityProvider(url=running.url).__dict__)
    return running


@pytest.fixture
def settings(settings: Settings, provider: IdentityProvider) -> Settings:
    return replace(settings, oidc=Oidc(provider.url, CLIENT, SECRET, "Tern Air", None, None))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = make_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def sign_on(client: FlaskClient, provider: IdentityProvider, query: str = ""):  # type: ignore[no-untyped-def]
    there = client.get(f"/console/sign-on{query}")
    assert there.status_code == 302, there.text
    return client.get(provider.agree(there.location))


def test_the_button_leads_there_and_back_to_where_one_wanted(
    client: FlaskClient, provider: IdentityProvider, maren: None
) -> None:
    assert "Sign in with Tern Air" in client.get("/console/login").text
    answer = sign_on(client, provider, f"?next={QUEUE}")
    assert (answer.status_code, answer.location) == (303, QUEUE)
    assert client.get(QUEUE).status_code == 200
    asked = provider.asked[0]
    assert asked["redirect_uri"] == "http://widget.test/console/sign-on/return"
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= asked.keys()


def test_the_subject_is_kept_and_recognised_under_another_address(
    app: Flask, client: FlaskClient, provider: IdentityProvider, maren: None
) -> None:
    sign_on(client, provider)
    with app.app_context():
        row = db.session.scalars(select(Identity)).one()
        assert (row.issuer, row.subject) == (provider.url, "subject-1")
    provider.claims = {"email": "maren.solli-berg@ternair.example"}
    assert sign_on(app.test_client(), provider).status_code == 303


def test_an_address_that_went_to_somebody_new_is_refused(app: Flask, provider: IdentityProvider, maren: None) -> None:
    sign_on(app.test_client(), provider)
    provider.claims = {"sub": "subject-2"}
    answer = sign_on(app.test_client(), provider)
    assert answer.status_code == 403
    assert "Your address belonged to somebody else here" in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": None}, {"iss": "https://evil.example"},
        {"iss": None}, {"exp": 1_000_000_000}, {"exp": None}, {"iat": 4_000_000_000}, {"sub": None},
        {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": None}, {"email": 7},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_hold_is_refused(
    client: FlaskClient, provider: IdentityProvider, maren: None, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert sign_on(client, provider).status_code == 403
    assert client.get(QUEUE).status_code == 303


def test_signatures_that_are_not_the_providers_are_refused(
    app: Flask, provider: IdentityProvider, maren: None
) -> None:
    provider.foreign_key = True
    assert sign_on(app.test_client(), provider).status_code == 403
    provider.foreign_key, provider.header = False, {"alg": "none"}
    assert sign_on(app.test_client(), provider).status_code == 403


def test_a_state_of_another_browser_or_used_twice_is_refused(app: Flask, provider: IdentityProvider, maren: None) -> None:
    client, victim = app.test_client(), app.test_client()
    back = provider.agree(client.get("/console/sign-on").location)
    victim.get("/console/sign-on")
    assert victim.get(back).status_code == 403
    assert client.get(back).status_code == 303
    assert app.test_client().get(back).status_code == 403
    assert app.test_client().get("/console/sign-on/return").status_code == 403
    assert app.test_client().get("/console/sign-on/return?error=access_denied").status_code == 403


def test_a_provider_under_another_name_is_refused(client: FlaskClient, provider: IdentityProvider) -> None:
    provider.metadata = {"issuer": "https://evil.example"}
    assert client.get("/console/sign-on").status_code == 403


def test_a_slow_provider_is_given_up(
    client: FlaskClient, provider: IdentityProvider, maren: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "SECONDS", 0.5)
    provider.hangs = True
    answer = sign_on(client, provider)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_nobody_is_made_a_user_unless_the_settings_say_so(
    app: Flask, settings: Settings, provider: IdentityProvider, maren: None
) -> None:
    provider.claims = {"email": "new@ternair.example", "sub": "new", "name": "Nina"}
    assert sign_on(app.test_client(), provider).status_code == 403
    assert settings.oidc
    widened = replace(settings, oidc=replace(settings.oidc, create_role="viewer", create_site="ternair"))
    app.extensions["widget_settings"] = widened
    assert sign_on(app.test_client(), provider).status_code == 303
    with app.app_context():
        user = user_by_email("new@ternair.example")
        assert user
        assert (role_at(user, db.session.scalars(select(Site)).one()), user.name) == ("viewer", "Nina")


def test_somebody_switched_off_stays_out(app: Flask, provider: IdentityProvider, maren: None) -> None:
    sign_on(app.test_client(), provider)
    with app.app_context(), database.writing():
        db.session.scalars(select(User)).one().active = False
    assert sign_on(app.test_client(), provider).status_code == 403


def test_the_company_asks_for_the_second_step_itself(
    app: Flask, client: FlaskClient, provider: IdentityProvider, maren: None
) -> None:
    with app.app_context(), database.writing():
        set_duties(db.session.scalars(select(Site.id)).one(), {"support"})
    sign_on(client, provider)
    assert client.get(QUEUE).status_code == 200
    other = app.test_client()
    sign_in(other, MAREN)
    assert other.get(QUEUE).location == "/console/me/two-factor"


def test_without_a_provider_there_is_no_button_and_no_door(app: Flask, client: FlaskClient, settings: Settings) -> None:
    app.extensions["widget_settings"] = replace(settings, oidc=None)
    assert "/console/sign-on" not in client.get("/console/login").text
    assert client.get("/console/sign-on").status_code == 404
    assert client.get("/console/sign-on/return?code=a&state=b").status_code == 404
