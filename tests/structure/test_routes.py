"""A9: what anybody may ask is a list. Every other route wants a session or a token, whatever the method."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.conftest import make_app, make_settings

ANYBODY = {
    "front_door",
    "api_docs.docs",  # what the API can do is public, and the same for everybody
    "api_docs.openapi",
    "api_docs.static",
    "console.static",
    "console.invitation",  # before the door: a link, a forgotten password, the second step, the company's sign-in
    "console.accept_invitation",
    "console.new_password",
    "console.put_new_password",
    "console.asking_reset",
    "console.ask_reset",
    "console.asking_code",
    "console.give_code",
    "console.sign_on",
    "console.sign_on_return",
    "security.login",
    "security.logout",
    "health.healthz",
    "health.readyz",
    "intake.post_response",
    "intake.post_events",
    "intake.post_attachment",
    "intake.post_receipt_state",
    "intake.post_explain",  # a signed link opens it, and it tells nothing but until when
    "hosted.survey",
    "visitor.show",
    "visitor.act",
    "visitor.confirm_deletion",
    "visitor.static",
    "visitor.theme",
}


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return make_app(make_settings(tmp_path_factory.mktemp("routes"))).test_client()


def guarded(client: FlaskClient) -> list[Rule]:
    return [rule for rule in client.application.url_map.iter_rules() if rule.endpoint not in ANYBODY]


def address(rule: Rule) -> str:
    """The route's address with something in each place: a number where one must be."""
    numbers = re.sub(r"<(?:case:|row:|int:)[^>]+>", "1", rule.rule)
    return re.sub(r"<[^>]+>", "some", numbers)


def test_every_public_route_of_the_list_exists(anybody: FlaskClient) -> None:
    known = {rule.endpoint for rule in anybody.application.url_map.iter_rules()}
    assert known >= ANYBODY


def test_the_front_door_leads_to_the_console(anybody: FlaskClient) -> None:
    answer = anybody.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/")


def test_every_other_route_refuses_a_stranger(anybody: FlaskClient) -> None:
    let_in = []
    for rule in guarded(anybody):
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            answer = anybody.open(address(rule), method=method)
            to_login = answer.status_code in (302, 303) and "/console/login" in answer.headers["Location"]
            if not to_login and answer.status_code not in (400, 401, 403):
                let_in.append(f"{method} {address(rule)} ({rule.endpoint}): {answer.status_code}")
    assert let_in == []


def test_reading_never_writes(anybody: FlaskClient) -> None:
    """No route answers both GET and POST by one function, but the login form."""
    both = {rule.endpoint for rule in anybody.application.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())}
    assert both == {"security.login"}
