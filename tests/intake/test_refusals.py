# ruff: noqa: E501
"""What is refused, with which status, and that a page can always read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.intake.conftest import ORIGIN, Sender, sender_at
from widget_server.database import Base, db, writing, writing_connection
from widget_server.responses.models import Response
from widget_server.sites import queries
from widget_server.sites.models import Site, SiteKey

Rows = Callable[[Any], list[Any]]


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({"mood": 9}, "/answers/mood"),
        ({"mood": "2"}, "/answers/mood"),
        ({"mood": True}, "/answers/mood"),
        ({"mood": 2.5}, "/answers/mood"),
        ({"mood": 2, "a/b~c": 1}, "/answers/a~1b~0c"),
        ({"mood": 2, "topic": "weather"}, "/answers/topic"),
        ({"mood": 2, "topic": ["payment"]}, "/answers/topic"),
        ({"mood": 2, "comment": 5}, "/answers/comment"),
        ({"mood": 2, "comment": "x" * 10_001}, "/answers/comment"),
        ({"mood": 2, "contact": "a@b.co"}, "/answers/contact"),
        ({"mood": 2, "contact": {"email": "a@b", "consent": True}}, "/answers/contact/email"),
        ({"mood": 2, "contact": {"email": "a@b.co\nBcc: x@y.co", "consent": True}}, "/answers/contact/email"),
        ({"mood": 2, "contact": {"consent": "yes"}}, "/answers/contact/consent"),
        ({"mood": 2, "contact": {"phone": "1"}}, "/answers/contact/phone"),
        ({}, "/answers/mood"),
        ({"mood": None}, "/answers/mood"),
    ],
)
def test_answers_that_do_not_fit_are_pointed_at(tern: Sender, answers: dict[str, Any], pointer: str) -> None:
    refused = tern.send(answers)
    assert (refused.status_code, refused.json["pointer"]) == (422, pointer)
    assert refused.json["errors"][0]["detail"]


def test_required_is_asked_for_when_finished_only(tern: Sender) -> None:
    assert tern.send({}, finished=False).status_code == 202


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"p": 2}, "/p"),
        ({"p": "1"}, "/p"),
        ({"id": "7"}, "/id"),
        ({"id": ...}, "/id"),
        ({"secret": "short"}, "/secret"),
        ({"seq": 0}, "/seq"),
        ({"seq": 1.5}, "/seq"),
        ({"finished": 1}, "/finished"),
        ({"survey": "a b"}, "/survey"),
        ({"answers": []}, "/answers"),
        ({"answers": {str(n): 1 for n in range(101)}}, "/answers"),
        ({"context": {"facts": {"a": {}}}}, "/context/facts/a"),
        ({"context": {"facts": {str(n): 1 for n in range(21)}}}, "/context/facts"),
        ({"context": {"signals": {"exit": "yes"}}}, "/context/signals/exit"),
        ({"visitor": {"email": 5}}, "/visitor/email"),
        ({"lang": "x\ny"}, "/lang"),
    ],
)
def test_a_wrong_envelope_is_pointed_at(tern: Sender, change: dict[str, Any], pointer: str) -> None:
    refused = tern.send(**change) if "answers" not in change else tern.post(tern.body() | change)
    assert (refused.status_code, refused.json["pointer"]) == (400, pointer)


def test_unknown_keys_at_the_top_are_ignored(tern: Sender) -> None:
    assert tern.send(colour="blue", context={"weather": 1, "signals": {"sneezes": 4}}).status_code == 202


def test_what_browsers_measured_is_cut_not_refused(tern: Sender, rows: Rows) -> None:
    trail = [{"at": n, "kind": "page", "what": "x" * 300} for n in range(50)]
    answer = tern.send(context={"url": f"https://a.example/{'x' * 5000}", "title": "t" * 999, "trail": trail})
    assert answer.status_code == 202
    ((response,),) = rows(select(Response))
    assert (len(response.url), len(response.context["title"]), len(response.context["trail"])) == (2000, 300, 20)
    assert response.context["trail"][-1]["at"] == 49


def test_an_unknown_version_is_kept_aside_redacted(any_tern: Sender, rows: Rows) -> None:
    answers = {"old": {"deep": ["card 4111 1111 1111 1111"]}, "said": "write to kari@example.no please", "n": 4}
    assert any_tern.send(answers, version="feedbeefdead0000").status_code == 202
    ((response,),) = rows(select(Response))
    assert (response.state, response.version_id, response.due_at) == ("quarantined", None, None)
    assert response.answers == {"old": {"deep": ["card [card]"]}, "said": True, "n": 4}


def test_origins_are_exact(tern: Sender, rows: Rows) -> None:
    for other in ("https://www.tern-air.example.evil", "http://www.tern-air.example", ORIGIN + ":444", ORIGIN.upper(), "null", ""):
        refused = tern.post(tern.body(), origin=None, headers={"Origin": other})
        assert refused.status_code == 403, other
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert tern.send().status_code == 202
    assert tern.post(tern.body(), origin="http://widget.test").status_code == 202  # a page of our own
    assert tern.post(tern.body(), origin=None).status_code == 202
    assert [origin for (origin,) in rows(select(Response.origin).order_by(Response.id))] == [ORIGIN, "http://widget.test", None]


def test_a_null_origin_is_accepted_where_the_site_allows_it(tern: Sender) -> None:
    change_site(allow_null_origin=True)
    assert tern.post(tern.body(), origin="null").status_code == 202


def test_an_unknown_key_is_404_and_a_closed_site_410(tern: Sender) -> None:
    body = tern.body()
    tern.key = "nobody"
    assert tern.post(body).status_code == 404
    tern.key = "tern"
    change_site(status="closed")
    refused = tern.post(body)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (410, "*")


def test_a_site_in_test_mode_marks_what_comes(tern: Sender, rows: Rows) -> None:
    change_site(test_mode=True)
    assert tern.send().status_code == 202
    assert rows(select(Response.state, Response.due_at)) == [("test", None)]


def test_too_much_is_413_and_what_is_packed_415(tern: Sender) -> None:
    assert tern.post(tern.body(padding="x" * 33_000)).status_code == 413
    assert tern.post(b"x", headers={"Content-Encoding": "gzip"}).status_code == 415
    assert tern.post(b"x", headers={"Transfer-Encoding": "chunked"}).status_code == 415
    assert tern.post(tern.body(), content_type="application/x-www-form-urlencoded").status_code == 415
    assert tern.post(tern.body(), content_type="application/json").status_code == 202


def test_api_clients_may_ask_beforehand(tern: Sender) -> None:
    answer = tern.app.test_client().options(f"/v1/sites/{tern.key}/responses", headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Max-Age"] == "7200"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_unknown_addresses_and_methods_carry_cors_too(tern: Sender) -> None:
    client = tern.app.test_client()
    for answer in (client.post("/v1/nothing"), client.get(f"/v1/sites/{tern.key}/responses")):
        assert answer.status_code in (404, 405)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_limits_hold_for_each_network(app_with: Callable[..., Flask]) -> None:
    app = app_with(responses_per_minute=5, unverified_per_minute=2)
    with app.app_context():
        tern = sender_at(app)
        here = {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}}
        assert [tern.post(tern.body(), **here).status_code for _ in range(7)] == [202] * 5 + [429] * 2
        refused = tern.post(tern.body(), **here)
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
        unverified = [tern.post(tern.body(), origin=None, **here).status_code for _ in range(3)]
        assert unverified == [202, 202, 429]
        many = [{"environ_base": {"REMOTE_ADDR": f"2001:db8:1:2::{n:x}"}} for n in range(1, 9)]
        assert [tern.post(tern.body(), **one).status_code for one in many] == [202] * 5 + [429] * 3
        forged = [{"headers": {"X-Forwarded-For": f"198.51.100.{n}"}, **here} for n in range(3)]
        assert [tern.post(tern.body(), **one).status_code for one in forged] == [429] * 3
        db.session.remove()
        db.engine.dispose()


def change_site(**changes: Any) -> None:
    with writing():
        site = db.session.scalars(select(Site)).one()
        for name, value in changes.items():
            setattr(site, name, value)
    queries.forget()


def test_a_database_that_is_away_is_503_that_a_page_can_read(tern: Sender) -> None:
    db.session.remove()
    with writing_connection(db.engine) as connection:
        Base.metadata.drop_all(connection)
    queries.forget()
    for refused in (tern.send(), tern.send()):
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert refused.content_type == "application/problem+json"


def test_keys_that_open_nothing_keep_the_words_with_the_sender(tern: Sender, rows: Rows) -> None:
    with writing():
        db.session.execute(delete(SiteKey))
    queries.forget()
    assert tern.send(visitor={"id": "v-1"}).status_code == 503
    assert tern.send().status_code == 202
