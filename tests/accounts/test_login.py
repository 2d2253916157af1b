"""Signing in, out, and what stops those who guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.accounts.conftest import PASSWORD, sign_in, token_of
from widget_server import database
from widget_server.accounts.guessing import neighbourhood
from widget_server.accounts.login import own_path
from widget_server.accounts.models import AuditEntry
from widget_server.accounts.queries import user_by_email
from widget_server.database import db

MAREN = "maren@ternair.example"


def session_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("widget_console")
    return cookie.value if cookie else ""


def test_the_right_password_leads_home_and_writes_it_down(
    app: Flask, client: FlaskClient, maren: None
) -> None:
    answer = sign_in(client, MAREN)
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert client.get("/console/").location == "/console/ternair/"
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "signed_in")) == 1


def test_an_address_is_known_whatever_its_case(client: FlaskClient, maren: None) -> None:
    assert sign_in(client, "  Maren@TernAir.example ").status_code == 302


def test_a_wrong_password_and_an_unknown_address_answer_alike(client: FlaskClient, maren: None) -> None:
    wrong = sign_in(client, MAREN, "not the password")
    unknown = sign_in(client, "nobody@ternair.example", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    same = [
        answer.text.replace(MAREN, "").replace("nobody@ternair.example", "").replace(token_of(answer.text), "")
        for answer in (wrong, unknown)
    ]
    assert same[0] == same[1]
    assert "That e-mail and password don’t match. You have 4 more tries." in wrong.text
    assert MAREN in wrong.text


def test_somebody_who_left_is_told_no_more_than_a_stranger(app: Flask, client: FlaskClient, maren: None) -> None:
    with app.app_context(), database.writing():
        user = user_by_email(MAREN)
        assert user
        user.active = False
    answer = sign_in(client, MAREN)
    assert answer.status_code == 422
    assert "That e-mail and password don’t match." in answer.text


def test_the_sixth_try_for_one_account_waits_and_others_go_on(client: FlaskClient, maren: None) -> None:
    for _ in range(5):
        assert sign_in(client, MAREN, "wrong").status_code == 422
    late = sign_in(client, MAREN)
    assert late.status_code == 429
    assert 890 <= int(late.headers["Retry-After"]) <= 900
    assert sign_in(client, "somebody@else.example", "wrong").status_code == 422
    page = client.get("/console/login")
    answer = client.post(
        "/console/login",
        data={"email": MAREN, "password": PASSWORD, "csrf_token": token_of(page.text)},
        environ_overrides={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert answer.status_code == 302, "the person herself, from elsewhere, is not locked out"


def test_right_passwords_are_not_counted(client: FlaskClient, maren: None) -> None:
    for _ in range(7):
        assert sign_in(client, MAREN).status_code == 302
        client.post("/console/logout", data={"csrf_token": token_of(client.get("/console/no/such/page").text)})


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/console/ternair/queue?view=mine", "/console/ternair/queue?view=mine"),
        ("https://evil.example/console/", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("/\\evil.example", "/console/"),
        ("/console/\\evil.example", "/console/\\evil.example".replace("\\evil.example", "")),
        ("/console/\r\nSet-Cookie: a=b", "/console/"),
        ("/r/receipt", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("", "/console/"),
    ],
)
def test_the_way_on_is_only_ever_our_own(asked: str, given: str) -> None:
    assert own_path(asked) == given


def test_next_is_followed_after_signing_in(app: Flask, maren: None) -> None:
    answer = sign_in(app.test_client(), MAREN, next="/console/ternair/queue")
    assert answer.location == "/console/ternair/queue"
    assert "evil.example" not in app.test_client().get("/console/login?next=//evil.example/console/").text


@pytest.mark.parametrize("foreign", ["//evil.example", "https://evil.example/console/", "/\\evil.example", "%00"])
def test_a_foreign_next_is_left_and_the_right_password_is_right(
    client: FlaskClient, maren: None, foreign: str
) -> None:
    for _ in range(4):
        sign_in(client, MAREN, "wrong")
    answer = sign_in(client, MAREN, next=foreign)
    assert (answer.status_code, answer.location) == (302, "/console/")


def test_the_session_and_its_form_token_are_new_after_signing_in(client: FlaskClient, maren: None) -> None:
    page = client.get("/console/login").text
    before, token = session_cookie(client), token_of(page)
    client.post("/console/login", data={"email": MAREN, "password": PASSWORD, "csrf_token": token})
    assert session_cookie(client) != before
    stale = client.post("/console/me/keys", data={"csrf_token": token})
    assert stale.status_code == 400


def test_signing_out_ends_it_and_needs_a_form(client: FlaskClient, maren: None) -> None:
    sign_in(client, MAREN)
    assert client.get("/console/logout").status_code == 404
    assert client.post("/console/logout").status_code == 400
    token = token_of(client.get("/console/no/such/page").text)
    assert client.post("/console/logout", data={"csrf_token": token}).location == "/console/login"
    assert client.get("/console/").status_code == 303


def test_a_new_password_ends_the_other_sessions(
    app: Flask, client: FlaskClient, maren: None, change_password: Callable[[str, str], None]
) -> None:
    sign_in(client, MAREN)
    assert client.get("/console/").status_code == 302
    change_password(MAREN, "another good password")
    assert client.get("/console/").status_code == 303
    assert sign_in(app.test_client(), MAREN).status_code == 422
    assert sign_in(app.test_client(), MAREN, "another good password").status_code == 302


def test_signing_in_by_json_is_refused(client: FlaskClient, maren: None) -> None:
    token = token_of(client.get("/console/login").text)
    answer = client.post(
        "/console/login", json={"email": MAREN, "password": PASSWORD}, headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 415


def test_whoever_has_an_ipv6_address_has_its_whole_network() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:2") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("192.0.2.1") != neighbourhood("192.0.2.2")
