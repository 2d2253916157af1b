"""A session is a row: listed, ended, idle after half a day, and a copied cookie dies with it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests.accounts.conftest import MAREN, person, sign_in, token_of
from widget_server import clock, database
from widget_server.accounts.browsers import family_of
from widget_server.accounts.models import StaffSession
from widget_server.accounts.operations import grant
from widget_server.accounts.queries import user_by_email
from widget_server.accounts.sessions import purge_sessions
from widget_server.clock import HOUR, MINUTE, now_ms
from widget_server.database import db
from widget_server.sites.models import Site

HOME, PAGE = "/console/ternair/queue", "/console/me/sessions"
COOKIE = "widget_console"


def copy_of(app: Flask, client: FlaskClient) -> FlaskClient:
    thief, cookie = app.test_client(), client.get_cookie(COOKIE)
    assert cookie
    thief.set_cookie(COOKIE, cookie.value)
    return thief


def post(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(path, data={"csrf_token": token_of(client.get(PAGE).text), **form})


def sid(client: FlaskClient) -> str:
    with client.session_transaction() as kept:
        return str(kept["sid"])


def test_a_copied_cookie_dies_with_signing_out(app: Flask, client: FlaskClient, maren: None) -> None:
    sign_in(client, MAREN)
    thief = copy_of(app, client)
    assert thief.get(HOME).status_code == 200
    post(client, "/console/logout")
    assert thief.get(HOME).status_code == 303
    assert client.get(HOME).status_code == 303


def test_each_sign_in_has_an_id_of_its_own_and_only_its_hash_is_kept(app: Flask, client: FlaskClient, maren: None) -> None:
    ids = []
    for _ in range(2):
        sign_in(client, MAREN)
        ids.append(sid(client))
        post(client, "/console/logout")
    sign_in(client, MAREN)
    assert len({*ids, sid(client)}) == 3
    with app.app_context():
        assert sid(client) not in str(db.session.execute(text("SELECT * FROM staff_sessions")).all())


def test_the_others_are_listed_and_ended(app: Flask, client: FlaskClient, maren: None) -> None:
    phone, tablet = app.test_client(), app.test_client()
    for one, agent in ((client, "Firefox/140 (X11; Linux)"), (phone, "iPhone Safari"), (tablet, "iPad Safari")):
        one.environ_base["HTTP_USER_AGENT"] = agent
        assert sign_in(one, MAREN).status_code == 302
    page = client.get(PAGE).text
    assert re.findall(r"<b>([^<]+)</b>(?= <span|<br)", page) == ["Safari on iPad", "Safari on iPhone", "Firefox on Linux"]
    first = re.search(r'name="session" value="([^"]+)"', page)
    assert first
    post(client, f"{PAGE}/end", session=first[1])
    assert (tablet.get(HOME).status_code, phone.get(HOME).status_code) == (303, 200)
    post(client, f"{PAGE}/end-others")
    assert (phone.get(HOME).status_code, client.get(HOME).status_code) == (303, 200)


def test_nobody_ends_the_session_of_somebody_else(app: Flask, client: FlaskClient, maren: None) -> None:
    with app.app_context(), database.writing():
        person("joost@ternair.example", "Joost")
    joost = app.test_client()
    sign_in(joost, "joost@ternair.example")
    sign_in(client, MAREN)
    with app.app_context():
        theirs = db.session.scalars(select(StaffSession.public_id).order_by(StaffSession.id.desc())).first()
    post(joost, f"{PAGE}/end", session=str(theirs))
    assert client.get(HOME).status_code == 200


def test_twelve_hours_without_a_click_end_it(client: FlaskClient, app: Flask, maren: None) -> None:
    start = now_ms()
    sign_in(client, MAREN)
    for hours in (11, 22, 33):
        with clock.travel(start + hours * HOUR):
            assert client.get(HOME).status_code == 200, "used in between, it goes on"
    with clock.travel(start + 33 * HOUR + 12 * HOUR + MINUTE):
        assert client.get(HOME).status_code == 303
        with app.app_context(), database.writing():
            assert purge_sessions(now_ms()) == 1


def test_last_use_is_kept_to_five_minutes(app: Flask, client: FlaskClient, maren: None) -> None:
    start = now_ms()
    with clock.travel(start):
        sign_in(client, MAREN)
    for later, kept in ((4 * MINUTE, 0), (6 * MINUTE, 6 * MINUTE), (9 * MINUTE, 6 * MINUTE)):
        with clock.travel(start + later):
            client.get(HOME)
        with app.app_context():
            assert db.session.scalars(select(StaffSession.last_seen_at)).one() == start + kept


@pytest.mark.parametrize(("role", "stays"), [("viewer", False), ("support", True)])
def test_another_role_ends_sessions_and_the_same_one_does_not(
    app: Flask, client: FlaskClient, maren: None, role: str, stays: bool
) -> None:
    sign_in(client, MAREN)
    with app.app_context(), database.writing():
        user = user_by_email(MAREN)
        assert user
        grant(user, db.session.scalars(select(Site)).one(), role)
    assert (client.get(HOME).status_code == 200) is stays


def test_somebody_switched_off_is_out_at_once(app: Flask, client: FlaskClient, maren: None) -> None:
    sign_in(client, MAREN)
    with app.app_context(), database.writing():
        user = user_by_email(MAREN)
        assert user
        user.active = False
    assert client.get(HOME).status_code == 303


def test_a_cookie_that_names_no_session_is_nobody(app: Flask, client: FlaskClient, maren: None) -> None:
    sign_in(client, MAREN)
    with client.session_transaction() as kept:
        kept["sid"] = "made-up"
    assert client.get(HOME).status_code == 303


def test_a_session_id_from_before_signing_in_is_not_taken_over(app: Flask, client: FlaskClient, maren: None) -> None:
    with client.session_transaction() as kept:
        kept["sid"], kept["planted"] = "known-to-the-attacker", True
    sign_in(client, MAREN)
    with client.session_transaction() as kept:
        assert kept["sid"] != "known-to-the-attacker"
        assert "planted" not in kept


def test_a_file_that_anybody_may_cache_carries_no_cookie(client: FlaskClient, maren: None) -> None:
    sign_in(client, MAREN)
    page = client.get(PAGE)
    file = re.search(r'href="(/console/static/[^"]+)"', page.text)
    assert file
    assert "Set-Cookie" not in client.get(file[1]).headers
    with clock.travel(now_ms() + 6 * MINUTE):
        assert "Set-Cookie" in client.get(PAGE).headers, "but it is renewed as long as it is used"


def test_no_address_is_kept_with_a_session(app: Flask, client: FlaskClient, maren: None) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    sign_in(client, MAREN)
    with app.app_context():
        for table in ("staff_sessions", "audit", "users"):
            assert "203.0.113.77" not in str(db.session.execute(text(f"SELECT * FROM {table}")).all())


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_closed_to_scripts_and_other_sites(tmp_path, https: bool) -> None:  # type: ignore[no-untyped-def]
    from tests.conftest import make_app, make_settings

    app = make_app(make_settings(tmp_path, base_url="https://widget.test" if https else "http://widget.test"))
    said = app.test_client().get("/console/login", base_url="https://widget.test").headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert ("Secure" in said) is https
    assert "Domain" not in said


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_browser_is_known_by_its_family(agent: str, family: str) -> None:
    assert family_of(agent) == family


def test_a_session_ends_after_a_week_however_busy(app: Flask, client: FlaskClient, maren: None) -> None:
    began = now_ms()
    sign_in(client, MAREN)
    for hours in range(11, 7 * 24, 11):
        with clock.travel(began + hours * HOUR):
            assert client.get(HOME).status_code == 200, hours
    with clock.travel(began + 7 * 24 * HOUR + MINUTE):
        assert client.get(HOME).status_code == 303
        with app.app_context(), database.writing():
            assert purge_sessions(now_ms()) == 1
