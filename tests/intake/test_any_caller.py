"""What holds at every address for whoever calls: odd bodies, wrong methods, made-up hosts."""

from __future__ import annotations

import json
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.intake.conftest import Sender


def call(app: Flask, method: str, path: str, **more: Any) -> TestResponse:
    """In a context of its own, as a server calls: the fixture's own would hide what a request loads."""
    return Context().run(lambda: app.test_client().open(path, method=method, **more))


def test_the_first_request_of_a_process_may_say_that_its_json_is_json(tern: Sender) -> None:
    body = json.dumps(tern.body()).encode()
    path = f"/v1/sites/{tern.key}/responses"
    answer = call(tern.app, "POST", path, data=body, content_type="application/json")
    assert (answer.status_code, answer.json["seq"]) == (202, 1)


@pytest.mark.parametrize("path", ["/v1/nothing", "/r/x", "/r/x/delete", "/console/login", "/api/v1/cases", "/healthz"])
@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 50_000, b'{"auth_token": [1]}', b'"\\ud800"'],
    ids=["lists", "objects", "token", "half"],
)
def test_nobody_looks_for_a_login_in_a_body(app: Flask, path: str, body: bytes) -> None:
    for method in ("GET", "POST"):
        assert call(app, method, path, data=body, content_type="application/json").status_code < 500


@pytest.mark.parametrize("path", ["/console", "/v1/sites/..//responses", "/r/..//delete", "/r//delete", "/console//"])
def test_no_redirect_goes_where_the_caller_says_that_we_are(app: Flask, path: str) -> None:
    for method in ("GET", "POST"):
        answer = call(app, method, path, headers={"Host": "evil.example"})
        assert "evil.example" not in f"{answer.headers} {answer.text}"


def test_a_wrong_method_hears_which_are_right_and_may_read_it(tern: Sender) -> None:
    for path, right in (("responses", {"OPTIONS", "POST"}), ("config", {"GET", "HEAD", "OPTIONS"})):
        refused = call(tern.app, "DELETE", f"/v1/sites/{tern.key}/{path}")
        assert (refused.status_code, set(refused.headers["Allow"].split(", "))) == (405, right)
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
