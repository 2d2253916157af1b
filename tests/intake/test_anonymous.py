"""A survey that is anonymous: the answers are kept, and nothing of whoever gave them nor of where they were."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from tests.intake.conftest import Sender
from widget_server import database
from widget_server.database import db
from widget_server.people.models import Contact, PersonKey
from widget_server.responses.models import Response, TextAnswer
from widget_server.sites.models import Site
from widget_server.surveys.checks import findings
from widget_server.surveys.operations import publish

SURVEY: dict[str, Any] = {
    "title": {"en": "Work"},
    "languages": ["en"],
    "anonymous": True,
    "show": {"hosted_only": True},
    "questions": [
        {"key": "recommend", "type": "nps", "required": True, "text": {"en": "Would you recommend us as an employer?"}},
        {"key": "change", "type": "text", "text": {"en": "What would you change?"}},
    ],
}
SENT: dict[str, Any] = {
    "answers": {"recommend": 3, "change": "Ask kari@tern.example or call +47 412 34 567"},
    "visitor": {
        "id": "v-secret", "reference": "emp-77", "name": "Kari", "email": "kari@tern.example", "consent": {"version": "1"},
    },
    "context": {
        "url": "https://www.tern-air.example/staff?who=kari", "release": "r9", "tz": "Europe/Oslo", "locale": "nb-NO",
        "device": "mobile", "trail": [{"at": 5, "kind": "page", "path": "/staff/kari"}],
        "signals": {"trigger": "hosted", "rage_clicks": 4},
        "facts": {"team": "crew-kari"},
    },
    "display": "3f0d52c4-7e6b-4a69-9d4e-0f2f6d3b7c11",
}  # fmt: skip


def test_what_is_sent_beside_the_answers_is_dropped_of_a_version_known_or_not(
    tern: Sender, rows: Callable[[Any], list[Any]]
) -> None:
    with database.writing():
        version = publish(db.session.get_one(Site, tern.site_id), "work", SURVEY).hash
    first = tern.body(SENT["answers"], survey="work", **{k: v for k, v in SENT.items() if k != "answers"}, version=version)
    for body in (first, first | {"seq": 2}, first | {"id": str(uuid.uuid4()), "version": "0" * 16}):
        told = tern.post(body)
        assert told.status_code == 202, told.text
    kept = [one for (one,) in rows(select(Response).order_by(Response.id))]
    assert [(one.state, one.url, one.release, one.origin, one.display_id, one.context) for one in kept] == [
        ("kept", "", None, None, None, {}), ("quarantined", "", None, None, None, {}),
    ]  # fmt: skip
    assert kept[0].answers["recommend"] == 3
    words = [one for (one,) in rows(select(TextAnswer.text))]
    held = json.dumps([words, [one.answers for one in kept]])
    assert not any(told in held for told in ("kari", "412", "v-secret", "emp-77"))
    for table in (Contact, PersonKey):
        assert rows(select(func.count()).select_from(table)) == [(0,)]


def test_an_anonymous_survey_asks_for_no_address_and_no_part_of_a_page() -> None:
    asks = {"key": "where", "type": "element", "text": {"en": "Where was it?"}}
    found = list(findings(SURVEY | {"questions": [*SURVEY["questions"], asks]}))
    assert [(one.where, one.is_error) for one in found] == [(("questions", 2, "type"), True)]
    assert list(findings(SURVEY)) == []
