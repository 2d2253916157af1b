"""The demo's two weeks, lived once: believable, through every part, and fresh enough to have something to do."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import make_app, make_settings
from widget_server.accounts.models import User
from widget_server.clock import DAY, HOUR, now_ms, travel
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.demo import making
from widget_server.demo.history import Desk
from widget_server.demo.site import SITE_KEY
from widget_server.demo.voices import themes
from widget_server.recovery.models import Approval, Case, CaseMessage, Gesture, Incident, IncidentCase
from widget_server.responses.models import Display, Response
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site
from widget_server.sites.queries import origins_of, site_by_key

FRIDAY = 1_795_170_600_000  # 20 November 2026, 10:30 UTC: who complained when is drawn back from now


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_app(make_settings(tmp_path_factory.mktemp("demo"), demo=True))
    with travel(FRIDAY), app.app_context():
        making.make_demo(app, history=True)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def afresh(lived: Flask) -> Iterator[None]:
    yield
    db.session.rollback()


def counted(column: Any) -> Counter[Any]:
    return Counter(dict(db.session.execute(select(column, func.count()).group_by(column)).all()))


def test_two_weeks_of_responses_in_four_languages_and_all_of_them_looked_at() -> None:
    assert sum(counted(Response.language).values()) >= 220
    assert set(counted(Response.language)) == {"en", "nl", "no", "th"}
    assert counted(Response.processed_at.is_(None)) == {False: sum(counted(Response.id).values())}
    assert not db.session.scalar(select(func.count()).where(Response.failure.is_not(None)))
    oldest = db.session.scalar(select(func.min(Response.received_at))) or 0
    assert 12 * DAY < now_ms() - oldest <= 14 * DAY
    assert not db.session.scalar(select(func.count()).where(Response.received_at > now_ms()))


def test_more_were_asked_than_answered() -> None:
    shown, answered = counted(Display.survey_key), counted(Response.survey_key)
    assert shown["checkout-exit"] == 5 * answered["checkout-exit"]
    assert shown["feedback"] == answered["feedback"]


def test_complaints_come_most_in_the_morning() -> None:
    hours = counted(Response.local_hour)
    assert hours[9] > 2 * hours[7]


def test_cases_stand_in_every_state_with_what_was_said_and_given() -> None:
    assert set(counted(Case.state)) >= {"open", "resolved", "closed"}
    assert set(counted(Case.closed_as)) >= {"documented", "not_a_failure"}
    assert set(counted(CaseMessage.kind)) == {"reply", "note", "customer"}
    assert db.session.scalar(select(func.count(Gesture.id))) > 5
    assert set(counted(Case.satisfied)) == {True, False, None} or counted(Case.reopened)[1]


def test_the_queue_has_something_overdue_something_soon_and_something_later() -> None:
    now = now_ms()
    due = [due - now for due in db.session.scalars(select(Case.due).where(Case.state == "open")) if due]
    assert any(left < 0 for left in due)
    assert any(0 <= left < HOUR for left in due)
    assert any(left >= HOUR for left in due)
    assert all(left > -DAY for left in due), "nothing lies about for days"


def test_what_hit_several_at_the_payment_is_an_incident() -> None:
    incident = db.session.scalars(select(Incident)).one()
    assert 2 <= counted(IncidentCase.incident_id)[incident.id] <= 3


class Undone(Exception):
    """Leaves the story as the other tests are to find it."""


def test_a_gesture_waits_for_an_approval_whoever_has_the_case() -> None:
    site = site_by_key(SITE_KEY)
    assert site is not None
    desk = Desk(site)
    asked = db.session.scalars(select(Approval)).one()
    assert (asked.state, asked.user_id) == ("asked", desk.agent)
    case_id, found = asked.case_id, []
    with suppress(Undone), writing():
        case = db.session.get_one(Case, case_id)
        case.owner_id = desk.lead  # as every fourth case is: who has no limit asks for nothing
        desk._ask_to_give(case, themes()["refund"])
        found += db.session.scalars(select(Approval.user_id).where(Approval.state == "asked")).all()
        raise Undone
    assert found == [desk.agent]


def test_somebody_was_let_down_twice() -> None:
    repeat = db.session.scalars(select(Case).where(Case.failures == 2)).one()
    assert repeat.repeat_of_id is not None


def test_thai_is_read_and_more_than_one_thing_is_said_of_it() -> None:
    labels = db.session.execute(
        select(AssessmentRow.label, AssessmentRow.polarity)
        .join(Response, Response.id == AssessmentRow.response_id)
        .where(Response.language == "th", AssessmentRow.label != "no_text")
    ).all()
    assert {label for label, _ in labels} >= {"negative", "positive"}
    assert all(-1 <= polarity <= 1 for _, polarity in labels)


def test_nobody_in_the_story_gets_a_real_mail() -> None:
    assert set(counted(Delivery.state)) == {"held"}


def test_demo_json_says_how_to_get_in_and_to_its_owner_alone(lived: Flask) -> None:
    path = lived.extensions["widget_settings"].instance / "demo.json"
    made = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {"url", "site_key", "identity_secret", "api_token", "users"} <= set(made)
    assert [user["role"] for user in made["users"]] == ["admin", "product", "support", "viewer"]
    assert all(set(user) == {"email", "password", "role"} for user in made["users"])
    case = db.session.scalars(select(Response.public_id)).first()
    headers = {"Authorization": f"Bearer {made['api_token']}"}
    assert lived.test_client().get(f"/api/v1/cases?response_id={case}", headers=headers).status_code == 200


def test_made_again_it_stays_as_it_is_but_for_the_address(lived: Flask) -> None:
    settings = lived.extensions["widget_settings"]
    path = settings.instance / "demo.json"
    before, responses = json.loads(path.read_text()), counted(Response.id)
    lived.extensions["widget_settings"] = replace(settings, base_url="http://127.0.0.1:8123", port=8123)
    try:
        making.make_demo(lived, history=True)
    finally:
        lived.extensions["widget_settings"] = settings
    assert json.loads(path.read_text()) == before | {"url": "http://127.0.0.1:8123"}
    assert counted(Response.id) == responses
    site = site_by_key(before["site_key"])
    assert site
    assert "http://localhost:8123" in origins_of(site.id)


def test_the_second_site_has_its_own_people_and_none_of_the_first_ones_answers(lived: Flask) -> None:
    second = db.session.scalars(select(Site).where(Site.key == making.SECOND_KEY)).one()
    assert not db.session.scalar(select(func.count()).where(Response.site_id == second.id))
    assert db.session.scalar(select(func.count(User.id))) == len(making.STAFF) + len(making.SECOND_STAFF)
