"""What the management API answers, to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.worker.conftest import COMPLAINT, SEVERE, Tern
from widget_server import clock, worker
from widget_server.accounts.models import ApiToken
from widget_server.accounts.tokens import create_api_token
from widget_server.clock import DAY, now_ms
from widget_server.database import db, writing
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site


@pytest.fixture
def token(tern: Tern) -> str:
    with writing():
        return create_api_token(db.session.get_one(Site, tern.site_id), "shop")[1]


def get(tern: Tern, path: str, token: str | None) -> TestResponse:
    db.session.rollback()  # the test shares its session with the request
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return tern.app.test_client().get(f"/api/v1{path}", headers=headers)


def body(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def test_a_response_is_read_by_the_id_its_client_gave_and_by_ours(tern: Tern, token: str) -> None:
    sent = tern.send(COMPLAINT, context={"url": "https://www.tern-air.example/pay", "signals": {"rage_clicks": 3}})
    before = body(get(tern, f"/responses/{sent}", token))
    assert before["id"] == sent
    assert (before["processed_at"], before["assessment"]) == (None, None)
    assert before["answers"]["mood"] == 1
    assert before["texts"] == {"comment": COMPLAINT}
    assert before["context"]["signals"] == {"rage_clicks": 3}
    worker.run_once(tern.app)
    after = body(get(tern, f"/responses/{before['public_id']}", token))
    assert after["processed_at"] >= after["received_at"]
    assessment = after["assessment"]
    wanted = {"model", "language", "supported", "polarity", "label", "friction", "needs_recovery", "threshold", "flagged"}
    assert wanted | {"severity", "topics", "terms", "reasons"} <= set(assessment)
    assert assessment["flagged"] is True
    assert body(get(tern, f"/responses/{sent.upper()}", token)) == after


def test_no_visitor_can_stand_in_front_of_another_response(tern: Tern, token: str) -> None:
    first = tern.send(SEVERE)
    worker.run_once(tern.app)
    ours = body(get(tern, f"/responses/{first}", token))["public_id"]
    case = body(get(tern, f"/cases?response_id={ours}", token))
    for id in (ours, ours.upper()):
        tern.send("Nothing at all", mood=5, id=id)
    assert body(get(tern, f"/responses/{ours}", token))["id"] == first
    assert body(get(tern, f"/responses/{ours.upper()}", token))["id"] == first
    assert body(get(tern, f"/cases?response_id={ours}", token)) == case
    assert {one["public_id"] for one in body(get(tern, "/responses", token))["items"]} >= {ours}


def test_the_case_of_a_response_is_listed_with_its_sum(tern: Tern, token: str) -> None:
    sent = tern.send(SEVERE)
    assert body(get(tern, f"/cases?response_id={sent}", token)) == {"items": [], "next": None}
    worker.run_once(tern.app)
    [case] = body(get(tern, f"/cases?response_id={sent}", token))["items"]
    assert case["reference"] == "TA 1001"
    assert (case["state"], case["priority"], case["reach"], case["repeat"]) == ("open", "P1", "receipt", False)
    assert sum(part["points"] for part in case["parts"]) == case["points"]
    assert case["responses"] == [sent]
    assert case["due"] == case["acknowledge_due"]
    assert set(case["steps"].values()) == {None}
    assert body(get(tern, f"/cases/{case['id']}", token)) == case


def test_nothing_that_reaches_a_person_is_in_an_answer(tern: Tern, token: str) -> None:
    sent = tern.send(
        f"{COMPLAINT} Write to mara@customer.example or call +47 22 12 34 56",
        email="form@customer.example",
        visitor={"name": "Mara Customer", "email": "page@customer.example", "consent": {"version": "1"}},
    )
    worker.run_once(tern.app)
    said = get(tern, f"/responses/{sent}", token).get_data(as_text=True)
    said += get(tern, f"/cases?response_id={sent}", token).get_data(as_text=True)
    assert "@customer.example" not in said
    assert "22 12 34 56" not in said
    assert "Mara" not in said


@pytest.mark.parametrize("given", [None, "", "nonsense", "wst_" + "x" * 43, "ü", "a b"])
def test_without_a_token_that_we_made_nothing_is_said(tern: Tern, given: str | None) -> None:
    sent = tern.send(COMPLAINT)
    for path in (f"/responses/{sent}", f"/cases?response_id={sent}", "/cases/x", "/responses/missing"):
        answer = get(tern, path, given)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


def test_a_token_in_the_address_is_no_token(tern: Tern, token: str) -> None:
    assert get(tern, f"/responses/x?token={token}&access_token={token}", None).status_code == 401


def test_a_token_ends_when_it_expires(tern: Tern) -> None:
    with writing():
        _, plain = create_api_token(db.session.get_one(Site, tern.site_id), "short", expires_at=now_ms() + DAY)
    assert get(tern, "/responses/x", plain).status_code == 404
    with clock.travel(now_ms() + DAY + 1):
        assert get(tern, "/responses/x", plain).status_code == 401


def test_a_token_without_the_scope_is_forbidden(tern: Tern) -> None:
    with writing():
        _, plain = create_api_token(db.session.get_one(Site, tern.site_id), "none", [])
    assert get(tern, "/responses/x", plain).status_code == 403


def test_only_the_hash_of_a_token_is_kept(tern: Tern, token: str) -> None:
    [row] = tern.all(ApiToken)
    assert len(row.hash) == 64
    assert token not in str(vars(row))


@pytest.mark.parametrize("path", ["/responses/{}", "/cases?response_id={}", "/cases/{}"])
def test_foreign_and_missing_ids_answer_alike(tern: Tern, token: str, path: str) -> None:
    sent = tern.send(SEVERE)
    worker.run_once(tern.app)
    response = tern.response(sent)
    with writing():
        _, other = create_api_token(create_site("Other", key="other"), "other")
    case_id = body(get(tern, f"/cases?response_id={sent}", token))["items"][0]["id"]
    missing = get(tern, path.format("0199aaaa-0000-7000-8000-000000000000"), other)
    assert missing.status_code == 404
    for id in (sent, response.public_id, case_id, "%00", "x" * 500, "é", "' OR 1=1 --"):
        foreign = get(tern, path.format(id), other)
        assert (foreign.status_code, foreign.get_data()) == (404, missing.get_data()), id


def test_answers_are_kept_in_no_cache(tern: Tern, token: str) -> None:
    assert get(tern, f"/responses/{tern.send(COMPLAINT)}", token).headers["Cache-Control"] == "no-store"
