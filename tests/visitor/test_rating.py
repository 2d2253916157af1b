"""How satisfied they are after it was put right: asked once, after they said whether it held, in the survey's own words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.recovery.people import complaint, fresh
from tests.visitor.conftest import page_of
from tests.visitor.test_receipt_page import post, reply
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.recovery.history import changes
from widget_server.recovery.models import Case
from widget_server.responses.models import Answer, Response
from widget_server.sites.models import Site
from widget_server.surveys.operations import load_library

QUESTION = "How satisfied are you with Tern Air after this?"


@pytest.fixture
def asking(eleanor: SimpleNamespace) -> SimpleNamespace:
    """A site with the shipped surveys, and a case that was put right."""
    with writing():
        case = db.session.get_one(Case, eleanor.case.id)
        load_library(db.session.get_one(Site, case.site_id), settings().surveys_dir)
    reply(eleanor, then="resolve")
    return eleanor


def rates(client: FlaskClient, path: str, number: str):  # type: ignore[no-untyped-def]
    return client.post(path, data={"do": "rate", "rating": number})


def rated() -> list[float | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Answer.number).where(Answer.question == "rating")))


def test_it_is_asked_after_they_said_whether_it_held_and_kept_once(client: FlaskClient, asking: SimpleNamespace) -> None:
    assert QUESTION not in client.get(asking.path).text
    post(client, asking.path, "yes")
    page = client.get(asking.path).text
    assert QUESTION in page
    assert [f'name="rating" value="{n}"' in page for n in range(7)] == [False, True, True, True, True, True, False]
    assert "Very dissatisfied" in page
    answer = rates(client, asking.path, "4")
    assert answer.status_code == 303
    rates(client, asking.path, "1")
    assert rated() == [4]
    page = client.get(answer.headers["Location"]).text
    assert "Thank you." in page
    assert QUESTION not in page
    said = [(one.who, one.what) for one in changes(fresh(asking.case))]
    assert said[-1] == ("The customer", "said how satisfied they are after it: 4")
    row = db.session.scalars(select(Response).where(Response.survey_key == "recovered")).one()
    assert row.answers["rating"] == 4


def test_who_says_that_it_is_not_right_is_asked_too(client: FlaskClient, asking: SimpleNamespace) -> None:
    post(client, asking.path, "no", "Still no ticket")
    assert QUESTION in client.get(asking.path).text
    rates(client, asking.path, "1")
    assert rated() == [1]


@pytest.mark.parametrize("given", ["0", "6", "", "x", "-1", "4.5", "٤", "99999"])
def test_what_is_no_rating_is_refused_and_asked_again(client: FlaskClient, asking: SimpleNamespace, given: str) -> None:
    post(client, asking.path, "yes")
    assert rates(client, asking.path, given).status_code == 422
    assert rated() == []
    assert QUESTION in client.get(asking.path).text


def test_before_it_is_asked_and_where_nothing_can_be_rated_nothing_is_kept(
    client: FlaskClient, asking: SimpleNamespace
) -> None:
    rates(client, asking.path, "5")
    assert rated() == []
    with writing():
        stranger = complaint(db.session.get_one(Site, asking.case.site_id), email="joe@example.org")
        other = db.session.get_one(Response, stranger.first_response_id)
    rates(client, page_of(other), "5")
    assert rated() == []


def test_in_their_language_and_where_the_survey_does_not_speak_it_as_what_it_is(
    client: FlaskClient, asking: SimpleNamespace
) -> None:
    post(client, asking.path, "yes")
    assert "หลังจากเรื่องนี้ พอใจกับ Tern Air เพียงใด" in client.get(f"{asking.path}?lang=th").text
    page = client.get(f"{asking.path}?lang=ar").text
    assert "بعد هذا، ما مدى رضاك عن Tern Air؟" in page


def test_whoever_had_all_deleted_is_asked_nothing(client: FlaskClient, asking: SimpleNamespace) -> None:
    post(client, asking.path, "yes")
    post(client, asking.path, "erase")
    page = client.get(asking.path).text
    assert QUESTION not in page
    rates(client, asking.path, "5")
    assert rated() == []
