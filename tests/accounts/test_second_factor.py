"""Two-step sign-in: set up, asked for, not to be replayed or guessed, and taken away by those who may."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests.accounts.conftest import MAREN, PASSWORD, person, sign_in, token_of
from widget_server import clock, database
from widget_server.accounts.codes import code_at, is_of_app, new_recovery_codes, new_secret, step_of, tidy
from widget_server.accounts.models import AuditEntry
from widget_server.accounts.operations import grant
from widget_server.accounts.queries import user_by_email
from widget_server.accounts.second_factor import begin_setup, confirm, secret_in_setup, set_duties
from widget_server.clock import MINUTE, now_ms
from widget_server.database import db
from widget_server.sites.models import Site

HOME = "/console/ternair/queue"
PAGE = "/console/me/two-factor"
NOON = 1_790_000_000_000


@dataclass
class Phone:
    secret: str
    codes: list[str] = field(default_factory=list)

    def code(self, at: int) -> str:
        return code_at(self.secret, at)


@pytest.fixture
def phone(app: Flask, maren: None) -> Phone:
    """Maren has set two-step sign-in up, with the code of the minute before noon."""
    with app.app_context(), clock.travel(NOON - MINUTE), database.writing():
        user = user_by_email(MAREN)
        assert user
        begin_setup(user.id)
        secret = secret_in_setup(user.id)
        assert secret
        return Phone(secret, confirm(user.id, code_at(secret, NOON - MINUTE)))


def give(client: FlaskClient, code: str):  # type: ignore[no-untyped-def]
    page = client.get("/console/two-factor")
    if page.status_code != 200:
        return page
    return client.post("/console/two-factor", data={"csrf_token": token_of(page.text), "code": code})


def test_after_the_password_a_code_is_asked_and_nothing_else_opens(client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        answer = sign_in(client, MAREN, next=HOME)
        assert (answer.status_code, answer.location) == (303, "/console/two-factor")
        for path in ("/console/", HOME, "/console/me/sessions", PAGE, "/console/me/password"):
            assert client.get(path).location.startswith("/console/login"), path
        answer = give(client, phone.code(NOON))
        assert (answer.status_code, answer.location) == (303, HOME)
        assert client.get(HOME).status_code == 200
        assert "in two steps" in client.get("/console/me/sessions").text


def test_a_code_works_once_and_none_before_it_works_after(app: Flask, client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        sign_in(client, MAREN)
        assert give(client, phone.code(NOON)).status_code == 303
        other = app.test_client()
        sign_in(other, MAREN)
        assert give(other, phone.code(NOON)).status_code == 422
        assert give(other, phone.code(NOON - 30_000)).status_code == 422
        assert give(other, phone.code(NOON + 30_000)).status_code == 303


def test_a_recovery_code_works_once(app: Flask, client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        sign_in(client, MAREN)
        written = f" {phone.codes[0][:5].upper()}-{phone.codes[0][5:]} "
        assert give(client, written).status_code == 303
        assert "You have 9 more." in client.get(PAGE).text
        other = app.test_client()
        sign_in(other, MAREN)
        assert give(other, phone.codes[0]).status_code == 422
        assert give(other, phone.codes[1]).status_code == 303


def test_the_sixth_guess_waits_whatever_it_is(client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        sign_in(client, MAREN)
        pages = [give(client, "000000") for _ in range(5)]
        assert [page.status_code for page in pages] == [422] * 5
        assert "You have no more tries." in pages[-1].text or "You have 0 more tries." in pages[-1].text
        assert give(client, phone.code(NOON)).status_code == 429


def test_the_password_counts_for_ten_minutes_only(client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        sign_in(client, MAREN)
    with clock.travel(NOON + 11 * MINUTE):
        assert give(client, phone.code(NOON + 11 * MINUTE)).location == "/console/login"
        assert client.get(HOME).status_code == 303


def test_a_half_session_ends_with_a_new_password(app: Flask, client: FlaskClient, phone: Phone) -> None:
    from widget_server.accounts.operations import set_password

    with clock.travel(NOON):
        sign_in(client, MAREN)
        with app.app_context(), database.writing():
            user = user_by_email(MAREN)
            assert user
            set_password(user, "another good password")
        assert give(client, phone.code(NOON)).location == "/console/login"


def test_secrets_are_sealed_and_codes_hashed(app: Flask, phone: Phone) -> None:
    with app.app_context():
        rows = str(db.session.execute(text("SELECT * FROM second_factors")).all())
        rows += str(db.session.execute(text("SELECT * FROM recovery_codes")).all())
    assert phone.secret not in rows
    assert not any(code in rows for code in phone.codes)
    assert len(set(phone.codes)) == 10


def post(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(path, data={"csrf_token": token_of(client.get("/console/me/sessions").text), **form})


def test_setting_up_shows_a_qr_code_and_is_on_when_a_code_confirms_it(app: Flask, client: FlaskClient, maren: None) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, MAREN)
    sign_in(client, MAREN)
    assert post(client, f"{PAGE}/start").status_code == 303
    page = client.get(PAGE).text
    assert '<svg' in page
    assert "style=" not in page
    key = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert key
    secret = key[1].replace(" ", "")
    assert post(client, f"{PAGE}/confirm", code="000000").status_code == 422
    assert sign_in(app.test_client(), MAREN).location == "/console/", "not asked before it is confirmed"
    shown = post(client, f"{PAGE}/confirm", code=code_at(secret, now_ms())).text
    assert len(re.findall(r"\b[2-9a-z]{5}-[2-9a-z]{5}\b", shown)) == 10
    assert key[1] not in client.get(PAGE).text, "the key is not shown again"
    assert client.get(HOME).status_code == 200
    assert elsewhere.get(HOME).status_code == 303


def test_turning_it_off_or_making_new_codes_takes_the_password(app: Flask, client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        sign_in(client, MAREN)
        give(client, phone.code(NOON))
        assert post(client, f"{PAGE}/off", password="wrong").status_code == 422
        assert post(client, f"{PAGE}/codes", password="wrong").status_code == 422
        fresh = re.findall(r"\b[2-9a-z]{5}-[2-9a-z]{5}\b", post(client, f"{PAGE}/codes", password=PASSWORD).text)
        other = app.test_client()
        sign_in(other, MAREN)
        assert give(other, phone.codes[3]).status_code == 422
        assert give(other, fresh[3]).status_code == 303
        assert post(client, f"{PAGE}/off", password=PASSWORD).status_code == 303
        assert sign_in(app.test_client(), MAREN).location == "/console/"


def owe(app: Flask, *roles: str) -> None:
    with app.app_context(), database.writing():
        set_duties(db.session.scalars(select(Site.id)).one(), set(roles))


def test_a_duty_leads_to_the_set_up_before_anything_opens(app: Flask, client: FlaskClient, maren: None) -> None:
    sign_in(client, MAREN)
    owe(app, "admin")
    assert client.get(HOME).status_code == 200, "another role's duty"
    owe(app, "admin", "support")
    assert client.get(HOME).location == PAGE
    assert post(client, "/console/ternair/cases/1/note", note="x").location == PAGE
    page = html.unescape(client.get(PAGE).text)
    assert "Tern Air asks for it in your role" in page


def test_a_duty_keeps_it_on(app: Flask, client: FlaskClient, phone: Phone) -> None:
    owe(app, "support")
    with clock.travel(NOON):
        sign_in(client, MAREN)
        give(client, phone.code(NOON))
        assert client.get(HOME).status_code == 200
        assert "makes it a duty" in post(client, f"{PAGE}/off", password=PASSWORD).text
        assert sign_in(app.test_client(), MAREN).location == "/console/two-factor"


def test_a_duty_that_comes_later_holds_for_whoever_turned_theirs_off(app: Flask, client: FlaskClient, phone: Phone) -> None:
    with clock.travel(NOON):
        sign_in(client, MAREN)
        give(client, phone.code(NOON))
        post(client, f"{PAGE}/off", password=PASSWORD)
        assert client.get(HOME).status_code == 200
        owe(app, "support")
        assert client.get(HOME).location == PAGE


def test_an_admin_takes_it_away_from_their_own_people_only(app: Flask, phone: Phone) -> None:
    with app.app_context(), database.writing():
        site, user = db.session.scalars(select(Site)).one(), user_by_email(MAREN)
        assert user
        user_id = user.id
        grant(person("boss@ternair.example", "Boss"), site, "admin")
        other = Site(key="other", name="Other", zone="UTC", created_at=now_ms())
        db.session.add(other)
        db.session.flush()
        grant(user, other, "viewer")
    boss = app.test_client()
    sign_in(boss, "boss@ternair.example")
    path = f"/console/ternair/settings/people/{user_id}"
    for act in ("two-factor-off", "link"):
        answer = post(boss, f"{path}/{act}")
        assert answer.status_code == 409, "or the admin of one site could be somebody at another"
        assert "/console/reset/" not in answer.text
    assert "not yours, too" in boss.get(path).text.replace("\n", " ")
    with app.app_context(), database.writing():
        boss_user = user_by_email("boss@ternair.example")
        assert boss_user
        grant(boss_user, db.session.scalars(select(Site).where(Site.key == "other")).one(), "admin")
    assert post(boss, f"{path}/two-factor-off").status_code == 303
    assert "/console/reset/" in post(boss, f"{path}/link").text
    assert sign_in(app.test_client(), MAREN).location == "/console/"
    with app.app_context():
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "two_factor.taken")).one().subject == MAREN


def test_a_step_is_found_near_now_and_nowhere_else() -> None:
    secret = new_secret()
    for steps, near in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = step_of(secret, code_at(secret, NOON + steps * 30_000), NOON)
        assert found == (NOON // 30_000 + steps if near else None)


def test_codes_of_the_standard() -> None:
    """RFC 6238, appendix B, shortened to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert code_at(secret, seconds * 1000) == code


def test_recovery_codes_are_not_mistaken_for_codes_of_the_app() -> None:
    assert not any(is_of_app(tidy(code)) for code in new_recovery_codes())
    assert is_of_app(tidy("123 456"))
    assert not is_of_app("١٢٣٤٥٦")
