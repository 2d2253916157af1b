"""An installation after years: responses with words, readings and answers, and cases of which nearly all are closed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, insert, select

from benchmarks.bodies import IN_LANGUAGES, TEXTS
from widget_server.clock import DAY, HOUR, now_ms
from widget_server.database import db, writing
from widget_server.recovery.models import Case, CaseEvent, CaseMessage, CaseResponse
from widget_server.responses.models import Answer, Display, Response, TextAnswer
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site, Team
from widget_server.surveys.models import SurveyVersion

YEARS = 3
A_CASE_EACH = 10
"""Responses for each case."""
OPEN = 200
"""Cases that are open, however many there were."""
SURVEYS = ("feedback", "checkout-exit", "seat-dwell", "bags-stuck")
LANGUAGES = tuple(IN_LANGUAGES)
Rows = Iterator[dict[str, Any]]


def live(site_id: int, responses: int) -> None:
    """Fill it, spread evenly over the years until now."""
    chance, now = random.Random(7), now_ms()
    versions = dict(db.session.execute(select(SurveyVersion.hash, SurveyVersion.id)).tuples().all())
    team = db.session.scalar(select(Team.id).where(Team.site_id == site_id).limit(1))
    zone = db.session.get_one(Site, site_id).zone
    db.session.rollback()
    step = YEARS * 365 * DAY // responses
    version, version_id = next(iter(versions.items()))
    _add(Response, (
        {
            "id": id, "public_id": f"r{id}", "site_id": site_id, "survey_key": SURVEYS[id % 4], "version": version,
            "version_id": version_id, "state": "kept", "finished": True, "seq": 1, "zone": zone, "due_at": None,
            "received_at": now - (responses - id) * step, "updated_at": now - (responses - id) * step,
            "processed_at": now, "local_day": "2026-01-01", "local_hour": id % 24, "display_id": f"d{id}",
            "language": chance.choice(LANGUAGES), "url": "https://shop.example/pay", "answers": {"mood": id % 5 + 1},
            "context": {"signals": {"errors": id % 3}, "device": "phone", "trail": [{"what": "button.pay"}] * 12},
        }
        for id in range(1, responses + 1)
    ))  # fmt: skip
    _add(Display, (
        {
            "site_id": site_id, "display_id": f"d{id}", "survey_key": SURVEYS[id % 4], "version": version,
            "shown_at": now - (2 * responses - id) * step // 2,
        }
        for id in range(1, 2 * responses + 1)
    ))  # fmt: skip
    _add(TextAnswer, (
        {"response_id": id, "question": "comment", "site_id": site_id, "text": f"{chance.choice(TEXTS)} No. {id}"}
        for id in range(1, responses + 1)
    ))  # fmt: skip
    _add(Answer, (
        {"response_id": id, "question": "mood", "kind": "smiley", "number": id % 5 + 1, "key": None}
        for id in range(1, responses + 1)
    ))  # fmt: skip
    _add(AssessmentRow, (
        {
            "id": id, "site_id": site_id, "response_id": id, "model": "m", "revision": 1, "language": "en",
            "language_confidence": 1.0, "supported": True, "polarity": -0.4, "label": "negative", "friction": 0.5,
            "needs_recovery": 0.8, "threshold": 0.5, "likelihood": None, "flagged": id % A_CASE_EACH == 0,
            "severity": id % 4 + 1, "reasons": ["low smiley"], "topics": ["payment"], "created_at": now,
        }
        for id in range(1, responses + 1)
    ))  # fmt: skip
    _cases(site_id, team, responses, step, now)


def _cases(site_id: int, team: int | None, responses: int, step: int, now: int) -> None:
    count = responses // A_CASE_EACH
    numbers = range(1, count + 1)
    _add(Case, (_case(id, site_id, team, now - (count - id) * A_CASE_EACH * step, id > count - OPEN) for id in numbers))
    _add(CaseResponse, ({"response_id": id * A_CASE_EACH, "case_id": id, "linked_at": now} for id in numbers))
    _add(CaseMessage, (
        {"public_id": f"m{id}", "case_id": id, "kind": "reply", "body": "We are sorry.", "at": now, "step": "acknowledge"}
        for id in numbers
    ))  # fmt: skip
    _add(CaseEvent, ({"case_id": id, "seq": 1, "kind": "opened", "data": {}, "at": now} for id in numbers))


def _case(id: int, site_id: int, team: int | None, at: int, open_: bool) -> dict[str, Any]:
    done = None if open_ else at + HOUR
    return {
        "id": id, "public_id": f"c{id}", "site_id": site_id, "number": 1000 + id, "state": "open" if open_ else "closed",
        "severity": id % 4 + 1, "priority": f"P{id % 4 + 1}", "points": id % 60, "parts": [], "reasons": ["low smiley"],
        "reach": "receipt", "language": "en", "team_id": team, "first_response_id": id * A_CASE_EACH, "opened_at": at,
        "acknowledge_due": at + HOUR, "resolve_due": at + 4 * HOUR, "due": at + HOUR if open_ else None,
        "acknowledged_at": done, "understood_at": done, "resolved_at": done, "documented_at": done, "closed_at": done,
        "closed_as": None if open_ else "documented", "cause": None if open_ else "The page failed",
        "remedy": None if open_ else "Refunded", "changed_at": at,
    }  # fmt: skip


def _add(model: Any, rows: Rows) -> None:
    """Through the tables' own defaults, some thousands at a time."""
    table = cast("Table", model.__table__)
    while some := list(islice(rows, 5_000)):
        with writing():
            db.session.execute(insert(table), some)
