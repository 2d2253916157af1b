"""The answer to the follow-up is counted as a response to the survey `recovered`, and opens no case."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import select

from tests.recovery.people import complaint
from widget_server import desk, pipeline
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.followup.queries import followups_of
from widget_server.recovery.models import Case
from widget_server.responses.models import Answer, Response
from widget_server.responses.queries import texts_of
from widget_server.surveys.operations import load_library


def answer(desk_at: SimpleNamespace, satisfied: bool, comment: str = "") -> Case:
    with writing():
        load_library(desk_at.site, settings().surveys_dir)
    with writing():
        case = complaint(desk_at.site)
        desk.resolve(case, desk_at.maren, expected_version=None)
        desk.answer_followup(case, satisfied, comment)
    return case


def test_a_yes_is_counted(desk_at: SimpleNamespace) -> None:
    case = answer(desk_at, True)
    kept = db.session.get_one(Response, followups_of(case.id)[0].response_id)
    assert (kept.survey_key, kept.finished, kept.answers) == ("recovered", True, {"satisfied": True})
    assert db.session.scalars(select(Answer.question).where(Answer.response_id == kept.id)).all() == [
        "satisfied"
    ]


def test_a_no_keeps_its_words_and_opens_no_second_case(desk_at: SimpleNamespace) -> None:
    case = answer(desk_at, False, "Still terrible, I am angry")
    kept_id = followups_of(case.id)[0].response_id
    assert texts_of(kept_id) == {"comment": "Still terrible, I am angry"}
    with writing():
        pipeline.process(db.session.get_one(Response, kept_id))
    assert db.session.scalars(select(Case.id)).all() == [case.id]


def test_deleting_ones_message_deletes_the_answers_words_too(desk_at: SimpleNamespace) -> None:
    case = answer(desk_at, False, "Still terrible")
    kept_id = followups_of(case.id)[0].response_id
    with writing():
        desk.erase(db.session.get_one(Response, case.first_response_id))
    assert texts_of(kept_id) == {}
    assert followups_of(case.id)[0].comment is None
