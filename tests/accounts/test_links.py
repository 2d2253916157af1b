"""Invitations and resets: a link works once and not for long, stands in no row, and tells nobody who exists."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import Client

from tests.accounts.conftest import MAREN, sign_in, token_of
from tests.delivery.conftest import Mailbox, mailbox  # noqa: F401
from widget_server import clock, database
from widget_server.accounts.links import address_of_link, make_link
from widget_server.accounts.models import AccountLink, User
from widget_server.accounts.operations import create_user, grant
from widget_server.accounts.queries import user_by_email
from widget_server.clock import HOUR, now_ms
from widget_server.config import Smtp
from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.delivery.sending import send_due
from widget_server.logs import RequestLog
from widget_server.sites.models import Site

NEW = "quite another password"
Link = Callable[..., str]


@pytest.fixture
def link(app: Flask, maren: None) -> Link:
    """The path of a fresh link of Maren's."""

    def make(kind: str = "reset") -> str:
        with app.app_context(), database.writing():
            user = user_by_email(MAREN)
            assert user
            return address_of_link(make_link(user.id, kind)).removeprefix("http://widget.test")

    return make


def set_password(client: FlaskClient, path: str, new: str = NEW, again: str | None = None, **more: str):  # type: ignore[no-untyped-def]
    page = client.get(path)
    if page.status_code != 200:
        return page
    form = {"csrf_token": token_of(page.text), "new": new, "again": new if again is None else again, **more}
    return client.post(path, data=form)


def test_a_reset_sets_the_password_and_ends_every_session(app: Flask, client: FlaskClient, link: Link) -> None:
    sign_in(client, MAREN)
    answer = set_password(app.test_client(), link())
    assert (answer.status_code, answer.location) == (303, "/console/login")
    assert client.get("/console/").status_code == 303
    assert sign_in(app.test_client(), MAREN).status_code == 422
    assert sign_in(app.test_client(), MAREN, NEW).status_code == 302


def test_looking_at_a_link_does_not_use_it_up_and_using_it_does(app: Flask, client: FlaskClient, link: Link) -> None:
    path = link()
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert set_password(client, path).status_code == 303
    assert client.get(path).status_code == 410
    assert set_password(client, path, "a third password").status_code == 410


@pytest.mark.parametrize(("kind", "hours"), [("reset", 1), ("invitation", 72)])
def test_a_link_expires(client: FlaskClient, link: Link, kind: str, hours: int) -> None:
    path, start = link(kind), now_ms()
    with clock.travel(start + hours * HOUR - 60_000):
        assert client.get(path).status_code == 200
    with clock.travel(start + hours * HOUR + 60_000):
        assert client.get(path).status_code == 410


def test_only_the_newest_link_works(client: FlaskClient, link: Link) -> None:
    first, second = link(), link()
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


def test_links_that_ended_were_made_up_or_are_of_the_other_kind_answer_alike(client: FlaskClient, link: Link) -> None:
    path = link()
    others = (path[:-1] + ("A" if path[-1] != "A" else "B"), path.replace("reset", "invitation"), "/console/reset/x.y")
    pages = [client.get(other) for other in others]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1


@pytest.mark.parametrize(
    ("form", "sentence"),
    [({"new": "short"}, "8 to 200 characters"), ({"again": "something else"}, "The two don’t match")],
)
def test_what_does_not_fit_is_said_and_the_link_stays(
    client: FlaskClient, link: Link, form: dict[str, str], sentence: str
) -> None:
    path = link()
    answer = set_password(client, path, **form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get(path).status_code == 200


def test_a_link_needs_the_form(client: FlaskClient, link: Link) -> None:
    assert client.post(link(), data={"new": NEW, "again": NEW}).status_code == 400


def test_an_invited_person_names_themselves_and_comes_in(app: Flask, client: FlaskClient, maren: None) -> None:
    with app.app_context(), database.writing():
        site = db.session.scalars(select(Site)).one()
        user = create_user("new@ternair.example", None, "new")
        grant(user, site, "support")
        path = address_of_link(make_link(user.id, "invitation")).removeprefix("http://widget.test")
    assert sign_in(client, "new@ternair.example", "").status_code == 422
    assert set_password(client, path, name="Nina Berg").status_code == 303
    assert sign_in(client, "new@ternair.example", NEW).status_code == 302
    assert "Nina Berg" in client.get("/console/me/sessions").text


def test_the_link_stands_in_no_row(app: Flask, link: Link) -> None:
    token = link().rpartition("/")[2]
    with app.app_context():
        row = db.session.execute(text("SELECT * FROM account_links")).mappings().one()
        assert token not in str(dict(row))
        assert token.partition(".")[2] not in str(dict(row))


def ask(client: FlaskClient, email: str, host: str = "widget.test"):  # type: ignore[no-untyped-def]
    base, heads = f"http://{host}", {"X-Forwarded-Host": host}
    page = client.get("/console/reset", base_url=base, headers=heads)
    form = {"csrf_token": token_of(page.text), "email": email}
    return client.post("/console/reset", data=form, base_url=base, headers=heads)


@pytest.fixture
def smtp(mailbox: tuple[Mailbox, Smtp], app: Flask) -> Mailbox:  # noqa: F811
    from dataclasses import replace

    app.extensions["widget_settings"] = replace(app.extensions["widget_settings"], smtp=mailbox[1])
    return mailbox[0]


def test_asking_says_the_same_for_everybody_and_mails_only_whom_we_know(
    app: Flask, client: FlaskClient, maren: None, smtp: Mailbox
) -> None:
    told = []
    for email in (MAREN, "nobody@ternair.example"):
        answer = ask(client, email)
        page = client.get("/console/login", base_url="http://widget.test").text
        told.append((answer.status_code, answer.location, "a link is on its way" in page))
    assert told[0] == told[1]
    assert told[0] == (303, "/console/login", True)
    with app.app_context():
        mails = db.session.scalars(select(Delivery)).all()
        assert [db.session.get_one(User, mail.user_id).email for mail in mails] == [MAREN]


def test_the_mail_has_a_link_that_works_and_the_outbox_has_none(
    app: Flask, client: FlaskClient, maren: None, smtp: Mailbox
) -> None:
    assert ask(client, MAREN, host="evil.example").location == "/console/login"
    with app.app_context():
        assert "http" not in db.session.scalars(select(Delivery)).one().body
        send_due()
        db.session.remove()
    body = smtp.mails[0].get_content()
    assert "evil.example" not in str(smtp.mails[0])
    found = re.search(r"http://widget\.test(/console/reset/\S+)", body)
    assert found, body
    assert set_password(client, found[1]).status_code == 303


def test_a_mail_whose_link_ended_before_it_went_out_is_not_sent(
    app: Flask, client: FlaskClient, maren: None, smtp: Mailbox
) -> None:
    ask(client, MAREN)
    with app.app_context():
        with clock.travel(now_ms() + 2 * HOUR):
            send_due()
        assert db.session.scalars(select(Delivery)).one().state == "failed"
    assert smtp.mails == []


def test_asking_is_limited_alike_for_known_and_unknown_addresses(client: FlaskClient, maren: None, smtp: Mailbox) -> None:
    for email in (MAREN, "nobody@ternair.example"):
        assert [ask(client, email).status_code for _ in range(4)] == [303, 303, 303, 429]


def test_without_mail_the_page_says_whom_to_ask(app: Flask, client: FlaskClient, maren: None) -> None:
    assert "This server sends no mail." in client.get("/console/reset").text
    token = token_of(client.get("/console/login").text)
    client.post("/console/reset", data={"csrf_token": token, "email": MAREN})
    with app.app_context():
        assert db.session.scalars(select(AccountLink)).all() == []


@pytest.mark.parametrize("kind", ["reset", "invitation"])
def test_no_link_stands_in_the_log(app: Flask, link: Link, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, said = link(kind), io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    log = RequestLog(app.wsgi_app)
    Client(log).get(path)
    log._later._write()  # a moment later by itself
    line = next(line for line in said.getvalue().splitlines() if "http.answered" in line)
    assert json.loads(line)["path"] == f"/console/{kind}/…"
