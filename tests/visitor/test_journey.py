"""From the complaint to the answer that it held, over HTTP, on both databases: intake, worker, desk, page, mail."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from tests.recovery.people import make_user
from widget_server import desk
from widget_server.clock import DAY, now_ms, travel
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.sites.operations import create_site
from widget_server.surveys.operations import load_library
from widget_server.surveys.queries import live_surveys
from widget_server.worker import run_once


def submission(version: str, **answers: Any) -> dict[str, Any]:
    return {
        "p": 1,
        "id": str(uuid.uuid4()),
        "secret": uuid.uuid4().hex,
        "seq": 1,
        "finished": True,
        "survey": "feedback",
        "version": version,
        "answers": answers,
        "context": {
            "url": "https://tern.example/book/pay?card=4111111111111111",
            "facts": {"order": "TA-7Q4K2"},
        },
    }


def test_a_complaint_is_recovered_and_its_receipt_tells_so(any_app: Flask) -> None:
    client = any_app.test_client()
    with writing():
        site = create_site("Tern Air", zone="Europe/Oslo", languages=("en", "nl"), reference_prefix="TA")
        load_library(site, settings().surveys_dir)
        maren = make_user("Maren Solli")
        key, version = site.key, next(one for one in live_surveys(site.id) if one.key == "feedback").version
    contact = {"email": "eleanor@example.org", "name": "Eleanor", "consent": True}
    body = submission(version, mood=1, comment="I paid twice and could not find my ticket", contact=contact)
    accepted = client.post(f"/v1/sites/{key}/responses", data=json.dumps(body), content_type="text/plain")
    assert accepted.status_code == 202
    page = urlsplit(accepted.get_json()["receipt_url"]).path
    db.session.rollback()  # this test's own session reads afresh
    assert "We have your message. A person will read it." in client.get(page).text

    run_once(any_app)
    db.session.rollback()
    case = db.session.scalars(select(Case)).one()
    assert case.reach == "email"
    with writing():
        desk.reply(
            db.session.get_one(Case, case.id), maren, expected_version=case.version, body="I am sorry.", token="t",
            apology=True, then="resolve", cause="double capture", remedy="refund",
        )  # fmt: skip
    assert "I am sorry." in client.get(page).text
    assert "Is it right now?" in client.get(page).text

    with travel(now_ms() + 3 * DAY + 1000):
        db.session.rollback()
        run_once(any_app)
        purposes = set(db.session.scalars(select(Delivery.purpose).where(Delivery.contact_id.is_not(None))))
        assert purposes == {"reply", "follow_up"}
        assert client.post(page, data={"do": "yes"}).status_code == 303
        with writing():
            desk.document_and_close(db.session.get_one(Case, case.id), maren, expected_version=None)
        assert "This is settled." in client.get(page).text

    assert client.post(page, data={"do": "erase"}).status_code == 303
    db.session.rollback()
    kept = db.session.get_one(Response, case.first_response_id)
    assert "TA-7Q4K2" not in json.dumps(kept.context)
    assert kept.answers["mood"] == 1
    assert db.session.scalars(select(Case.closed_as)).all() == ["documented"]
