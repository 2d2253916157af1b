"""A site with responses and what became of them, written as rows: enough of them to fit weights to."""

from __future__ import annotations

from itertools import count
from typing import Any

from widget_server import clock
from widget_server.database import db
from widget_server.responses.models import Answer, Response, TextAnswer
from widget_server.scoring.labelling import keep
from widget_server.sites.models import Site
from widget_server.surveys.operations import publish

SURVEY: dict[str, Any] = {
    "title": {"en": "Feedback"},
    "languages": ["en"],
    "questions": [
        {"key": "mood", "type": "smiley", "text": {"en": "How was it?"}},
        {"key": "comment", "type": "text", "text": {"en": "What happened?"}},
    ],
}
_numbers = count()


def store(site: Site, mood: int | None, text: str | None, **fields: Any) -> Response:
    """One response that was processed, not yet scored."""
    version = publish(site, "feedback", SURVEY)
    now = clock.now_ms() + next(_numbers)
    values: dict[str, Any] = {
        "site_id": site.id, "survey_key": "feedback", "version": version.hash, "version_id": version.id, "finished": True,
        "seq": 1, "received_at": now, "updated_at": now, "processed_at": now, "local_day": "2026-11-21", "local_hour": 9,
        "zone": "UTC", "language": "en", "answers": {"mood": mood} if mood else {}, "context": {},
    }  # fmt: skip
    response = Response(**values | fields)
    db.session.add(response)
    db.session.flush()
    if mood:
        db.session.add(Answer(response_id=response.id, question="mood", kind="smiley", number=mood))
    if text:
        db.session.add(TextAnswer(response_id=response.id, question="comment", site_id=site.id, text=text))
    db.session.flush()
    return response


def label(response: Response, needed: bool, source: str = "correction") -> None:
    keep(response, "needs_recovery", source, "yes" if needed else "no", response.received_at)


def two_hundred(site: Site, wordy: int = 0) -> None:
    """At this site fast clicks and errors mean nothing, and a middling rating with blame in it means a lot."""
    for at in range(50):
        label(store(site, 2, None), at % 10 != 0)
        label(store(site, 3, "Disappointing and slow, sadly."), at % 10 != 1)
        clicks = {"signals": {"rage_clicks": 9, "errors": 5, "left_without_goal": "purchase"}}
        label(store(site, None, None, context=clicks), at % 10 == 2)
        label(store(site, 4, "Fine."), at % 25 == 3)
    for at in range(wordy):
        store(site, 1 if at % 2 else 5, "It broke." if at % 2 else "Lovely.")
