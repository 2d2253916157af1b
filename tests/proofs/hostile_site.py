"""A site where somebody wrote the same hostile words into every field that they could reach, as visitor and as author.

Everything goes through the real doors: intake over HTTP, the real worker, the desk. `addresses` is where it can be read.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.worker.conftest import ORIGIN, Tern, tern_at
from widget_server import desk, worker
from widget_server.accounts.models import User
from widget_server.accounts.operations import create_user, grant, set_budgets
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.delivery.models import Delivery
from widget_server.desk.incidents import add_case, open_incident
from widget_server.desk.saved_replies import MOST, Typed, save_reply
from widget_server.recovery.models import Case, CaseResponse, Incident
from widget_server.replies.models import SavedReply
from widget_server.responses.models import Response
from widget_server.responses.receipts import receipt_token
from widget_server.sites.models import Site, Team
from widget_server.surveys.models import Survey, SurveyState, SurveyVersion
from widget_server.surveys.operations import publish
from widget_server.visible import is_plain_line

STAFF, AGENT, PASSWORD = "admin@tern.example", "agent@tern.example", "correct horse battery"
COMPLAINT = "Terrible, I paid twice and nobody helps me! "


def build(app: Flask, payloads: Sequence[str]) -> Tern:
    """The site, its staff, surveys, responses, cases and answers; one of each for every payload."""
    tern = tern_at(app)
    with writing():
        site = db.session.get_one(Site, tern.site_id)
        grant(create_user(STAFF, PASSWORD, payloads[0][:100]), site, "admin")
        grant(create_user(AGENT, PASSWORD, payloads[-1][:100]), site, "support")
        set_budgets(site, 0, "EUR")
        site.name, site.phone, site.phone_hours = payloads[0][:200], payloads[-1][:200], payloads[0][:200]
        for place, payload in enumerate(payloads):
            db.session.add(Team(site_id=site.id, key=f"hostile-{place}", name=payload[:200]))
            publish(site, f"hostile-{place}", hostile_survey(tern, payload))
        publish(site, "feedback", hostile_survey(tern, payloads[0]))
        admin = db.session.scalars(select(User).where(User.email == STAFF)).one()
        for place, payload in enumerate(payloads[:MOST]):
            save_reply(site, admin, Typed(site.language, f"{place} {one_line(payload)}", payload))
    for place, payload in enumerate(payloads):
        send(tern, payload, place)
    worker.run_once(app)
    for place, payload in enumerate(payloads):
        answer(place, payload)
    worker.run_once(app)
    db.session.rollback()
    return tern


def one_line(payload: str) -> str:
    return "".join(sign for sign in payload if is_plain_line(sign))[:100]


def hostile_survey(tern: Tern, payload: str) -> dict[str, Any]:
    """The button's survey with every text of it replaced."""
    known = select(SurveyVersion.definition).join(SurveyState, SurveyState.live_version_id == SurveyVersion.id)
    found = db.session.scalar(known.join(Survey, Survey.id == SurveyState.survey_id).where(Survey.key == "feedback"))
    return _with_words(copy.deepcopy(found), payload[:200])  # type: ignore[no-any-return]


TEXTS = ("title", "text", "button", "labels", "thanks", "placeholder", "words", "label", "intro", "note", "hint", "subject")


def _with_words(part: Any, payload: str, inside: bool = False) -> Any:
    if isinstance(part, dict):
        return {name: _with_words(value, payload, inside or name in TEXTS) for name, value in part.items()}
    if isinstance(part, list):
        return [_with_words(value, payload, inside) for value in part]
    return payload if inside and isinstance(part, str) else part


def send(tern: Tern, payload: str, place: int) -> None:
    """A complaint with the payload in everything that a visitor's browser says."""
    scheme = f"javascript:canary({place})//"
    body = tern.body(COMPLAINT + payload, email=f"v{place}@person.example", lang="en")
    body["answers"]["contact"]["name"] = payload[:100]
    body["visitor"] = {"id": payload[:50], "reference": payload[:50], "name": payload[:100], "consent": {"version": "1"}}
    body["context"] = {
        "url": scheme if place % 2 else f"https://www.tern-air.example/{payload}#{payload}", "referrer_host": payload[:200],
        "title": payload, "tz": payload[:50], "locale": payload[:30], "device": payload[:20], "release": payload[:90],
        "viewport": payload[:50], "facts": {"order": payload[:200], "link": scheme, "tier": payload[:100]},
        "signals": {"trigger": "button", "rage_clicks": 5, "left_without_goal": payload[:50]},
        "trail": [{"at": 5, "kind": "click", "what": payload[:190]}, {"at": 2, "kind": "page", "what": scheme}],
        "element": {"selector": payload[:200]},
    }  # fmt: skip
    agent = " ".join(payload.encode("ascii", "replace").decode().split())  # a header is one line
    headers = {"Origin": ORIGIN, "User-Agent": agent, "Referer": scheme}
    said = tern.app.test_client().post(
        "/v1/sites/tern/responses", data=json.dumps(body), content_type="text/plain", headers=headers
    )
    assert said.status_code == 202, said.text
    db.session.rollback()


def answer(place: int, payload: str) -> None:
    """Staff writes the payload too, and the customer writes it again."""
    with writing():
        case = db.session.scalars(select(Case).order_by(Case.id).offset(place).limit(1)).one_or_none()
        if case is None:
            return  # not flagged: it is among the responses
        staff = db.session.scalars(select(User).where(User.email == STAFF)).one()
        desk.note(case, staff, body=payload)
        agent = db.session.scalars(select(User).where(User.email == AGENT)).one()
        gift, reason = desk.Gift(payload[:200], 100, "EUR"), payload[:200]
        asked = desk.ask_to_give(case, agent, gift, expected_version=None, token=secrets.token_hex(16), reason=reason)
        if place % 3:
            desk.decide(case, staff, asked.public_id, approve=place % 3 == 1, answer=payload[:200])
        incident = open_incident(db.session.get_one(Site, case.site_id), staff, f"{place} {one_line(payload)}")
        add_case(incident, case, staff)
        desk.reply(case, staff, expected_version=None, body=payload, token=secrets.token_hex(16))
        response = db.session.get_one(Response, case.first_response_id)
        desk.say_what_is_fair(case, payload, response=response, token=secrets.token_hex(16))


def addresses(tern: Tern) -> list[str]:
    """Every page that shows any of it, the console's and the customers'."""
    db.session.rollback()
    cases = db.session.scalars(select(Case.number).order_by(Case.id)).all()
    responses = db.session.scalars(select(Response.public_id).order_by(Response.id)).all()
    deliveries = db.session.scalars(select(Delivery.public_id)).all()
    surveys = db.session.scalars(select(Survey.key).where(Survey.key.like("hostile-%"))).all()
    saved = db.session.scalars(select(SavedReply.public_id)).all()
    linked = set(db.session.scalars(select(CaseResponse.response_id)))
    assert linked, "no case was opened: the walk would see none"
    incidents = db.session.scalars(select(Incident.public_id)).all()
    console = [
        "queue", "queue?view=closed", "queue?view=approval", "recovery", "incidents",
        "responses", "surveys", "settings", "deliveries", "audit", "data", "webhooks",
        "settings/replies", *[f"settings/replies?reply={public_id}" for public_id in saved],
        *[f"cases/{number}?use={public_id}" for number, public_id in zip(cases, saved, strict=False)],
        *[f"cases/{number}" for number in cases], *[f"responses/{public_id}" for public_id in responses],
        *[f"incidents/{public_id}" for public_id in incidents],
        *[f"deliveries/{public_id}" for public_id in deliveries], *[f"surveys/{key}" for key in surveys],
    ]  # fmt: skip
    receipts = [receipt_token(settings().secret_key, public_id) for public_id in responses]
    db.session.rollback()
    return [
        *[f"/console/tern/{path}" for path in console], *[f"/r/{token}" for token in receipts],
        f"/r/{receipts[0]}/delete", "/api/docs",
    ]  # fmt: skip
