"""Webhooks by the API: set up, tested, rotated, sent again; each route for its scope and its site alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.api.rules import MISSING, ask, refused, said, token_for
from tests.worker.conftest import Tern, tern_at
from widget_server.accounts.tokens import SCOPES
from widget_server.api.frame import POLICY
from widget_server.database import writing
from widget_server.sites.operations import create_site

BODY = {"url": "https://hooks.example.com/x", "events": ["case.opened"]}


@pytest.fixture
def tern(app: Flask) -> Tern:
    return tern_at(app)


def routes(app: Flask) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_webhooks.")
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT"})
    ]


def body_of(rule: Rule) -> dict[str, Any] | None:
    name = rule.endpoint.partition(".")[2]
    return {"replay_webhook": {"since": 0}}.get(name) or (BODY if name in ("add_webhook", "change_webhook") else None)


def path_of(rule: Rule, id: str) -> str:
    return rule.rule.removeprefix("/api/v1").replace("<id>", id)


def test_an_endpoint_is_made_and_its_secret_told_once(tern: Tern) -> None:
    token = token_for(tern.site_id)
    made = said(ask(tern, "POST", "/webhooks", token, BODY), 201)
    assert made["secret"].startswith("whsec_")
    assert "secret" not in said(ask(tern, "GET", f"/webhooks/{made['id']}", token))
    assert said(ask(tern, "POST", f"/webhooks/{made['id']}/secret", token))["secret"] != made["secret"]
    said(ask(tern, "POST", f"/webhooks/{made['id']}/test", token))
    (message,) = said(ask(tern, "GET", f"/webhooks/{made['id']}/messages", token))["items"]
    assert (message["event"], message["state"]) == ("webhook.test", "queued")


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "ftp://example.com/"])
def test_an_address_that_leads_inward_is_refused(tern: Tern, url: str) -> None:
    refused(ask(tern, "POST", "/webhooks", token_for(tern.site_id), {**BODY, "url": url}), 422)


def test_each_route_is_for_its_scope_and_its_site_alone(tern: Tern) -> None:
    made = said(ask(tern, "POST", "/webhooks", token_for(tern.site_id), BODY), 201)
    with writing():
        other = create_site("Other", key="other").id
    foreign, own = token_for(other), {scope: token_for(tern.site_id, [scope]) for scope in SCOPES}
    assert len(routes(tern.app)) >= 10
    for method, rule in routes(tern.app):
        refused(ask(tern, method, path_of(rule, made["id"]), None, body_of(rule)), 401)
        for scope in set(SCOPES) - {POLICY[rule.endpoint].scope}:
            assert ask(tern, method, path_of(rule, made["id"]), own[scope], body_of(rule)).status_code == 403
        if "<id>" in rule.rule:
            theirs, nobodys = (ask(tern, method, path_of(rule, id), foreign, body_of(rule)) for id in (made["id"], MISSING))
            assert (theirs.status_code, theirs.get_data()) == (404, nobodys.get_data())
