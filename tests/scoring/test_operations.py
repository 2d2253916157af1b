"""A stored response gets its assessment, once for each snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from widget_server import clock
from widget_server.database import db, writing
from widget_server.responses.models import Response, TextAnswer
from widget_server.scoring.models import AssessmentRow
from widget_server.scoring.operations import assess_response
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import publish

SURVEY: dict[str, Any] = {
    "title": {"en": "Feedback"},
    "languages": ["en"],
    "questions": [
        {"key": "mood", "type": "smiley", "text": {"en": "How was it?"}},
        {
            "key": "topic",
            "type": "choice",
            "text": {"en": "What about?"},
            "options": [{"key": "seats", "label": {"en": "Seats"}}],
        },
        {"key": "comment", "type": "text", "text": {"en": "What happened?"}},
        {"key": "more", "type": "text", "text": {"en": "More?"}},
    ],
}


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with writing():
        yield create_site("Tern Air", key="tern")


def store(
    site: Site, answers: dict[str, Any], texts: dict[str, str] | None = None, **fields: Any
) -> Response:
    version = publish(site, "feedback", SURVEY)
    now = clock.now_ms()
    values: dict[str, Any] = {
        "site_id": site.id,
        "survey_key": "feedback",
        "version": version.hash,
        "version_id": version.id,
        "finished": True,
        "seq": 1,
        "received_at": now,
        "updated_at": now,
        "local_day": "2026-11-21",
        "local_hour": 9,
        "zone": "UTC",
        "language": "en",
        "url": "https://tern.example/pay",
        "answers": answers,
        "context": {},
    }
    response = Response(**values | fields)
    db.session.add(response)
    db.session.flush()
    for question, text in (texts or {}).items():
        db.session.add(TextAnswer(response_id=response.id, question=question, site_id=site.id, text=text))
    db.session.flush()
    return response


def test_a_complaint_is_stored_with_its_reasons(site: Site) -> None:
    context = {"signals": {"left_without_goal": "purchase"}}
    row = assess_response(
        store(site, {"mood": 1, "comment": True}, {"comment": "I could not find the button"}, context=context)
    )
    assert row.flagged
    told = [reason for reason in row.reasons if reason != "negative words"]
    assert told == ["low smiley", "'could not find'", "left without paying"]
    assert row.severity == 2
    assert row.severity_reasons[0] == "blocked: 'could not find'"
    assert (row.language, row.label, row.supported) == ("en", "negative", True)
    assert sum(term["contribution"] for term in row.terms) > 0


def test_the_same_snapshot_is_scored_once_and_a_newer_one_again(site: Site) -> None:
    response = store(site, {"mood": 5})
    first = assess_response(response)
    assert assess_response(response).id == first.id
    response.seq, response.answers = 2, {"mood": 1}
    second = assess_response(response)
    assert (first.flagged, second.flagged) == (False, True)
    assert db.session.scalar(select(func.count()).select_from(AssessmentRow)) == 2


def test_evidence_points_into_each_written_answer(site: Site) -> None:
    texts = {"comment": "Lovely crew", "more": "but my card was declined"}
    row = assess_response(store(site, {}, texts))
    found = [(one["question"], one["text"], one["kind"]) for one in row.evidence]
    assert ("more", "card was declined", "strong") in found
    assert ("comment", "Lovely", "positive") in found
    assert all(texts[one["question"]][one["start"] : one["end"]] == one["text"] for one in row.evidence)


def test_the_chosen_topic_comes_before_those_of_the_words(site: Site) -> None:
    row = assess_response(store(site, {"topic": "seats"}, {"comment": "payment failed"}))
    assert row.topics[:2] == ["seats", "payment"]


def test_a_response_without_text_or_known_survey_is_scored_too(site: Site) -> None:
    row = assess_response(store(site, {"mood": 1}, version_id=None, context={"signals": "odd", "locale": 5}))
    assert (row.label, row.language, row.flagged) == ("no_text", None, False)


def test_an_unsupported_language_has_no_polarity(site: Site) -> None:
    row = assess_response(store(site, {"mood": 2}, {"comment": "Η πληρωμή απέτυχε"}, language="el"))
    assert (row.language, row.supported, row.polarity, row.label, row.flagged) == (
        "el",
        False,
        None,
        "unsupported",
        True,
    )
