"""A8 at the API: every route × every scope × own, foreign and missing ids, made from the routes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.accounts.conftest import sign_in
from tests.api.rules import MISSING, ask, case_of, complaint, refused, said, token_for
from tests.conftest import make_app, make_settings
from tests.worker.conftest import ORIGIN, Tern, tern_at
from widget_server.accounts.tokens import SCOPES, Bearer
from widget_server.api import queries
from widget_server.api.frame import POLICY
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.errors import NotFound
from widget_server.recovery.models import Case
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import load_library

PERSON = {"email": "mara@customer.example"}
BODIES: dict[str, Any] = {
    "note_case": {"body": "Seen."},
    "understand_case": {"body": "The gate closed early."},
    "reply_to_case": {"body": "We are sorry.", "apology": True},
    "resolve_case": {"cause": "A closed gate", "remedy": "A new flight"},
    "close_case": {"cause": "A closed gate", "remedy": "A new flight"},
    "change_severity": {"severity": 2, "reason": "Seen it"},
    "not_a_failure": {"reason": "A test"},
    "change_site": {"phone": "12"},
    "find_person": PERSON,
    "export_person": PERSON,
    "erase_person": PERSON,
}
ELSEWHERE = {"api_webhooks"}
"""Areas whose tests hold their own routes to this."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(make_settings(tmp_path_factory.mktemp("policy"), api_per_minute=1_000_000))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def tern(app: Flask) -> Tern:
    return tern_at(app)


@pytest.fixture(scope="module")
def own(tern: Tern) -> dict[str, str]:
    return {"all": token_for(tern.site_id), **{scope: token_for(tern.site_id, [scope]) for scope in SCOPES}}


@pytest.fixture(scope="module")
def ids(tern: Tern, own: dict[str, str]) -> dict[str, str]:
    """What stands in the places of an address."""
    response = complaint(tern, email=PERSON["email"])
    case = case_of(tern, own["all"], response)
    survey = said(ask(tern, "GET", "/surveys/feedback", own["all"]))
    public_id = tern.response(response).public_id
    both = {"responses": response, "public_id": public_id}
    return {**both, "cases": case["id"], "surveys": "feedback", "version": survey["version"]}


@pytest.fixture(scope="module")
def foreign(tern: Tern) -> str:
    """A token of another site, which has surveys of its own."""
    with writing():
        site = create_site("Other", key="other", origins=[ORIGIN])
        load_library(site, settings().surveys_dir)
        site_id = site.id
    return token_for(site_id)


def routes(app: Flask) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and rule.endpoint.partition(".")[0] not in ELSEWHERE
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]


def path_of(rule: Rule, ids: dict[str, str]) -> str:
    kind = rule.rule.split("/")[3]
    filled = rule.rule.removeprefix("/api/v1").replace("<version>", ids["version"])
    return re.sub(r"<(id|key)>", lambda _: ids[kind], filled)


def body_of(rule: Rule) -> Any:
    return BODIES.get(rule.endpoint.partition(".")[2])


def request_of(tern: Tern, method: str, rule: Rule, ids: dict[str, str], token: str | None) -> Any:
    body = body_of(rule)
    if rule.endpoint == "api_surveys.publish_survey":
        found = ask(tern, "GET", "/surveys/feedback", token_for(tern.site_id))
        body = {"definition": said(found)["definition"]}
    return ask(tern, method, path_of(rule, ids), token, body, {"If-Match": "*"})


def test_every_route_has_a_rule_with_a_scope_that_there_is(app: Flask) -> None:
    assert {rule.endpoint for _, rule in routes(app)} <= POLICY.keys()
    assert {rule.scope for rule in POLICY.values()} <= set(SCOPES)


def test_reading_asks_for_a_reading_scope_and_writing_for_another(app: Flask) -> None:
    looks = {"api_people.find_person", "api_people.export_person"}  # a POST, since who it is must stay out of addresses
    for method, rule in routes(app):
        policy = POLICY[rule.endpoint]
        assert policy.writes == (method != "GET")
        assert policy.scope.endswith(":read") == (method == "GET" or rule.endpoint in looks), rule.endpoint


def test_without_a_token_nothing_is_said(tern: Tern, ids: dict[str, str]) -> None:
    for method, rule in routes(tern.app):
        for token in (None, "wst_" + "x" * 43):
            refused(ask(tern, method, path_of(rule, ids), token, body_of(rule)), 401)


def test_every_other_scope_is_forbidden(tern: Tern, ids: dict[str, str], own: dict[str, str]) -> None:
    for method, rule in routes(tern.app):
        for scope in set(SCOPES) - {POLICY[rule.endpoint].scope}:
            answer = ask(tern, method, path_of(rule, ids), own[scope], body_of(rule), {"If-Match": "*"})
            assert answer.status_code == 403, (rule.endpoint, scope)


def test_foreign_ids_and_missing_ones_answer_alike(
    tern: Tern, ids: dict[str, str], foreign: str, own: dict[str, str]
) -> None:
    """A survey's key is chosen by each site: there the foreign one is of a survey that only our site has."""
    made = said(ask(tern, "GET", "/surveys/feedback", own["all"]))
    body = {"definition": {**made["definition"], "title": dict.fromkeys(made["definition"]["languages"], "Ours")}}
    said(ask(tern, "PUT", "/surveys/only-ours", own["all"], body))
    both = ({**ids, "surveys": "only-ours"}, {**ids, "surveys": "only-ours", "responses": ids["public_id"]})
    nobody = {**ids, "cases": MISSING, "responses": MISSING, "surveys": "missing"}
    named = [(method, rule) for method, rule in routes(tern.app) if "<" in rule.rule]
    assert len(named) > 10
    for method, rule in named:
        if rule.endpoint == "api_surveys.publish_survey":
            continue  # makes a survey at the caller's own site, whatever others have
        first, second, nowhere = (
            ask(tern, method, path_of(rule, which), foreign, body_of(rule), {"If-Match": "*"}) for which in (*both, nobody)
        )
        for there in (first, second):
            assert (there.status_code, there.get_data()) == (404, nowhere.get_data()), rule.endpoint


def any_case(_site: Site, public_id: str) -> Case:
    """What a lookup is that forgot whose case it is."""
    found = db.session.scalar(select(Case).where(Case.public_id == public_id))
    if found is None:
        raise NotFound(queries.NO_CASE)
    return found


def test_the_proofs_notice_a_door_that_was_left_open(
    tern: Tern, ids: dict[str, str], foreign: str, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Bearer, "need", lambda self, scope: None)
        with pytest.raises(AssertionError):
            test_every_other_scope_is_forbidden(tern, ids, own)
    with monkeypatch.context() as broken:
        broken.setattr(queries, "find_case", any_case)
        with pytest.raises(AssertionError):
            test_foreign_ids_and_missing_ones_answer_alike(tern, ids, foreign, own)


def test_lists_hold_nothing_of_another_site(tern: Tern, ids: dict[str, str], foreign: str) -> None:
    assert said(ask(tern, "GET", "/responses", foreign))["items"] == []
    assert said(ask(tern, "GET", "/cases", foreign))["items"] == []
    assert said(ask(tern, "GET", "/site", foreign))["key"] == "other"
    assert said(ask(tern, "POST", "/people/find", foreign, PERSON)) == {"responses": [], "cases": []}
    assert said(ask(tern, "POST", "/people/erase", foreign, PERSON)) == {"erased": 0, "mentions": 0}


def test_the_right_scope_opens_each_route(tern: Tern, ids: dict[str, str], own: dict[str, str]) -> None:
    """Last in the file: it changes what it touches."""
    for method, rule in sorted(routes(tern.app), key=lambda one: (one[0] != "GET", "erase" in one[1].endpoint)):
        answer = request_of(tern, method, rule, ids, own[POLICY[rule.endpoint].scope])
        assert answer.status_code in (200, 409), (rule.endpoint, answer.get_data(as_text=True))  # 409: it is closed by now


def test_cookies_open_nothing_and_no_origin_is_let_in(tern: Tern) -> None:
    staff, client = tern.staff("Ada", "admin"), tern.app.test_client()
    assert sign_in(client, staff.email, "correct horse battery").status_code == 302
    assert client.get("/console/tern/queue").status_code == 200
    answer = client.get("/api/v1/cases", headers={"Origin": ORIGIN})
    assert answer.status_code == 401
    assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
