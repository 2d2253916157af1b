"""The link that makes the widget say why: signed for one site, over after a while, and good for nothing else."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from widget_server import database
from widget_server.clock import DAY, now_ms
from widget_server.config import settings
from widget_server.sites.explaining import MOST_DAYS, explain_link, explain_token, explains_until
from widget_server.sites.operations import create_site

NOW = 1_800_000_000_000


def test_it_holds_for_its_site_and_for_a_while() -> None:
    token, until = explain_token("s" * 32, "tern", NOW, days=2)
    assert until == NOW + 2 * DAY == explains_until("s" * 32, "tern", token, NOW)
    assert explains_until("s" * 32, "tern", token, until) is None
    assert explains_until("s" * 32, "other", token, NOW) is None
    assert explains_until("t" * 32, "tern", token, NOW) is None


def test_it_lasts_no_longer_than_a_month_whatever_is_asked() -> None:
    assert explain_token("s" * 32, "tern", NOW, days=900)[1] == NOW + MOST_DAYS * DAY


@pytest.mark.parametrize("token", [None, 5, "", "x", "1-tern.AAAA", "ก-tern.x", "9" * 400, {"a": 1}])
def test_anything_else_holds_for_nothing(token: object) -> None:
    assert explains_until("s" * 32, "tern", token, NOW) is None


def test_it_joins_the_parameters_that_an_address_has() -> None:
    assert (
        explain_link("https://tern.example/pay?step=2#card", "T")
        == "https://tern.example/pay?step=2&fw-explain=T#card"
    )


def test_the_server_says_until_when_or_refuses_in_a_sentence(app: Flask, client: FlaskClient) -> None:
    with database.writing():
        create_site("Tern Air", key="tern")
    token, until = explain_token(settings().secret_key, "tern", now_ms())
    good = client.post("/v1/sites/tern/explain", data=json.dumps({"token": token}), content_type="text/plain")
    assert (good.status_code, good.get_json()) == (200, {"until": until})
    assert good.headers["Access-Control-Allow-Origin"] == "*"
    for wrong in ({"token": token[:-1] + "_"}, {}, {"token": [token]}):
        refused = client.post("/v1/sites/tern/explain", data=json.dumps(wrong), content_type="text/plain")
        assert refused.status_code == 403
        assert "console" in refused.get_json()["detail"]
    assert client.post("/v1/sites/nobody/explain", data="{}", content_type="text/plain").status_code == 404
