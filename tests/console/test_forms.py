"""What every answer carries, and what every form must: headers, tokens, titles, and no change by GET."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.accounts.conftest import token_of
from tests.console.conftest import SignedIn
from tests.console.test_access import FORM, FORMS, build, make_ids, routes
from widget_server.console.frame import POLICY, PUBLIC

PAGES = ("queue", "queue?view=mine", "queue?view=closed", "cases/1001", "responses", "surveys", "deliveries")


def test_every_write_needs_the_token_of_its_session(app: Flask, signed_in: SignedIn) -> None:
    ids, client, tried = make_ids(app), signed_in("admin"), 0
    for rule in routes(app):
        if "POST" in (rule.methods or ()) and POLICY[rule.endpoint] != PUBLIC:
            form = {**FORM, **FORMS.get(rule.endpoint.removeprefix("console."), {})}
            for token in ({}, {"csrf_token": "made-up"}):
                answer = client.post(build(rule, ids, 0), data={**form, **token})
                assert answer.status_code == 400, rule
            tried += 1
    assert tried >= 20


def test_nothing_is_changed_by_a_get(app: Flask) -> None:
    both = [rule for rule in routes(app) if {"GET", "POST"} <= (rule.methods or set())]
    assert [rule.endpoint for rule in both] == ["security.login"]


@pytest.mark.parametrize(
    "path", ["login", "", "ternair/queue", "ternair/cases/1001", "ternair/cases/9999", "no/such/thing", "static/none.css"]
)
def test_every_answer_forbids_what_is_inline_and_foreign(app: Flask, signed_in: SignedIn, path: str) -> None:
    for client in (signed_in(), app.test_client()):
        answer = client.get(f"/console/{path}")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_failure_of_ours_is_a_page_with_a_reference(app: Flask, signed_in: SignedIn) -> None:
    client = signed_in()
    app.testing = False
    app.view_functions["console.queue"] = lambda: 1 / 0
    answer = client.get("/console/ternair/queue")
    assert answer.status_code == 500
    assert re.search(r"500, reference <code>\w{8}</code>", answer.text)
    assert "ZeroDivision" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_files_are_kept_for_good_under_the_hash_of_their_content(app: Flask) -> None:
    page = app.test_client().get("/console/login").text
    files = re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page)
    assert len(files) >= 5
    for file in files:
        answer = app.test_client().get(file)
        assert answer.status_code == 200, file
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_one_heading_a_title_and_one_filled_button(signed_in: SignedIn, path: str) -> None:
    page = signed_in("admin").get(f"/console/ternair/{path}").text
    assert page.count("<h1") == 1
    assert re.search(r"<title>[^<]+ · Tern Air</title>", page)
    visible = re.sub(r'<div class="panel"[^>]*hidden>.*?</form></div>', "", page, flags=re.S)
    assert len(re.findall(r'class="b main"', visible)) <= 1
    assert page.index("Skip to content") < page.index("<header")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline(signed_in: SignedIn, path: str) -> None:
    page = signed_in("admin").get(f"/console/ternair/{path}").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_single_keys_can_be_switched_off(signed_in: SignedIn) -> None:
    client = signed_in()
    token = token_of(client.get("/console/ternair/queue").text)
    client.post("/console/me/keys", data={"csrf_token": token, "single_keys": "off"})
    assert 'data-single-keys="off"' in client.get("/console/ternair/queue").text
