"""A body whose length is not told, or that is packed, is refused wherever one counts: never taken for no body at all."""

from __future__ import annotations

import http.client
import json
import socket

import pytest
from flask import Flask

from tests.api.live_site import LiveSite
from tests.api.rules import ask, case_of, complaint, refused, said, token_for
from tests.worker.conftest import Tern

CHUNKED = {"Transfer-Encoding": "chunked"}
NO_BODY_READ = ("GET", "HEAD", "OPTIONS")
BEFORE_FLASK = "intake.post_response"


@pytest.mark.parametrize("how", [CHUNKED, {"Content-Encoding": "gzip"}], ids=["chunked", "packed"])
def test_a_case_is_not_claimed_by_a_body_that_was_not_read(tern: Tern, how: dict[str, str]) -> None:
    token = token_for(tern.site_id)
    case = case_of(tern, token, complaint(tern))
    path, body = f"/cases/{case['id']}/claim", {"owner": "not-a-real-person"}
    assert "Send the body" in refused(ask(tern, "POST", path, token, body, {"If-Match": "*", **how}), 415)["detail"]
    assert said(ask(tern, "GET", f"/cases/{case['id']}", token))["owner"] is None


def test_nor_on_the_real_server(live_site: LiveSite) -> None:
    case = live_site.case_of(live_site.complain())
    head = (
        f"POST /api/v1/cases/{case['id']}/claim HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {live_site.token}\r\n"
        "If-Match: *\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    body = '{"owner":"not-a-real-person"}'
    with socket.create_connection(("127.0.0.1", live_site.live.port), timeout=20) as line:
        line.sendall(f"{head}{len(body):x}\r\n{body}\r\n0\r\n\r\n".encode())  # at once: it may be refused before its end
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert answer.status == 415
        assert json.loads(answer.read())["detail"] == "Send the body with a Content-Length, not chunked."
    assert live_site.call("GET", f"/api/v1/cases/{case['id']}").body["owner"] is None


def test_every_route_that_takes_a_body_refuses_one_of_untold_length(app: Flask) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - set(NO_BODY_READ):
            if rule.endpoint != BEFORE_FLASK:
                path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method)
                answer = app.test_client().open(path, method=method, headers=CHUNKED, data=b"a=1")
                assert answer.status_code == 415, rule
                assert "not chunked" in answer.text, rule
                tried += 1
    assert tried > 60
