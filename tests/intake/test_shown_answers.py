"""Answers that show something: a part of the page that was pointed at, and a picture that follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.intake.conftest import Sender
from widget_server import database, desk
from widget_server.api.shapes import response_shape
from widget_server.database import db
from widget_server.exports.columns import Asked, _answer
from widget_server.responses.models import Answer, Response
from widget_server.sites.models import Site
from widget_server.surveys.definition import definition_from
from widget_server.surveys.operations import publish
from widget_server.surveys.questions.element import ELEMENT, Pointed, pointed_at

Rows = Callable[[Any], list[Any]]

POINTED = {
    "selector": '#pay > button[aria-label="Pay for maren@tern.example"]',
    "tag": "button",
    "kind": "button",
    "name": "Pay with 4111 1111 1111 1111",
    "rect": [640.4, 420, 120, 44],
    "viewport": [1280, 800],
}
SURVEY = {
    "title": {"en": "Show"},
    "languages": ["en"],
    "questions": [
        {"key": "where", "type": "element", "text": {"en": "Where was it?"}, "required": True},
        {"key": "shot", "type": "screenshot", "text": {"en": "A picture?"}},
    ],
}


@pytest.fixture
def showing(tern: Sender) -> Sender:
    with database.writing():
        version = publish(db.session.get_one(Site, tern.site_id), "show", SURVEY)
        tern.versions["show"] = version.hash
    return tern


def kept_response(rows: Rows) -> Response:
    ((response,),) = rows(select(Response))
    assert isinstance(response, Response)
    return response


def test_what_was_pointed_at_is_kept_without_what_its_page_words_gave_away(showing: Sender, rows: Rows) -> None:
    sent = showing.send({"where": POINTED, "shot": "3d0d45e5-bdf4-49c3-bddd-8bd7b7498a25"}, survey="show", finished=True)
    assert sent.status_code == 202, sent.json
    kept = kept_response(rows)
    assert kept.answers["where"] == {
        **POINTED,
        "selector": '#pay > button[aria-label="Pay for [e-mail]"]',
        "name": "Pay with [card]",
        "rect": [640, 420, 120, 44],
    }
    assert kept.answers["shot"] is True
    assert rows(select(Answer.question, Answer.key)) == [("shot", "yes")]


def test_it_reads_in_the_console_in_the_api_and_in_an_export(showing: Sender, rows: Rows) -> None:
    showing.send({"where": POINTED, "shot": True}, survey="show", finished=True)
    kept = kept_response(rows)
    where = definition_from(SURVEY).questions[0]
    assert ELEMENT.in_words(where, kept.answers["where"], "en") == "Button “Pay with [card]”, middle"
    record = {"survey": "show", "texts": {}, "answers": kept.answers}
    assert _answer(record, Asked("show", where, "Where was it?"), "en") == (
        'Button “Pay with [card]” | #pay > button[aria-label="Pay for [e-mail]"] | 640,420,120,44'
    )
    assert response_shape(kept, None, {}, None)["answers"] == kept.answers


def test_erased_only_the_place_is_left(showing: Sender, rows: Rows) -> None:
    showing.send({"where": {**POINTED, "name": "Canary street", "selector": "#canary"}}, survey="show", finished=True)
    with database.writing():
        desk.erase(db.session.get_one(Response, kept_response(rows).id))
    kept = kept_response(rows)
    assert "anary" not in json.dumps(kept.answers)
    assert pointed_at(kept.answers["where"]) == Pointed("button", "", "", (640, 420, 120, 44), (1280, 800))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"selector": ""}, "/selector"),
        ({"selector": "x" * 401}, "/selector"),
        ({"selector": 5}, "/selector"),
        ({"tag": "BUTTON"}, "/tag"),
        ({"tag": "<b>"}, "/tag"),
        ({"tag": None}, "/tag"),
        ({"kind": "value"}, "/kind"),
        ({"kind": ["button"]}, "/kind"),
        ({"name": " "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"value": "typed"}, "/value"),
        ({"rect": [1, 2, 3]}, "/rect"),
        ({"rect": [1, 2, -3, 4]}, "/rect"),
        ({"rect": [1, 2, 3, True]}, "/rect"),
        ({"rect": [1, 2, 3, 1e300]}, "/rect"),
        ({"rect": {"x": 1}}, "/rect"),
        ({"viewport": [0, 800]}, "/viewport"),
        ({"viewport": None}, "/viewport"),
    ],
)
def test_what_does_not_fit_is_pointed_at(showing: Sender, change: dict[str, Any], pointer: str) -> None:
    refused = showing.send({"where": {**POINTED, **change}}, survey="show")
    assert (refused.status_code, refused.json["pointer"]) == (422, f"/answers/where{pointer}")


@pytest.mark.parametrize("value", ["a button", 1, [POINTED], False])
def test_anything_but_such_an_object_is_refused(showing: Sender, value: Any) -> None:
    assert showing.send({"where": value}, survey="show").status_code == 422
    assert showing.send({"shot": value}, survey="show").status_code == 422


def test_required_it_must_be_there_at_the_end_only(showing: Sender) -> None:
    assert showing.send({}, survey="show", finished=False).status_code == 202
    assert showing.send({}, survey="show", finished=True).json["pointer"] == "/answers/where"


@pytest.mark.parametrize(
    ("rect", "place"),
    [
        ([0, 0, 10, 10], "upper left"),
        ([600, 380, 80, 40], "middle"),
        ([1200, 780, 40, 20], "lower right"),
        ([600, 0, 80, 20], "upper"),
        ([0, 380, 20, 20], "left"),
        ([0, 2000, 20, 20], "below the window"),
        ([0, -500, 20, 20], "above the window"),
    ],
)
def test_a_place_has_words(rect: list[int], place: str) -> None:
    pointed = pointed_at({**POINTED, "rect": rect})
    assert pointed is not None
    assert pointed.place == place
