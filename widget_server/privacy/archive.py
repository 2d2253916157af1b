"""All that there is of one person, as they are handed it: JSON, and their pictures in a zip.

What another person wrote in the same case is not theirs, nor are notes among staff, which are about how we work.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from widget_server.clock import now_ms
from widget_server.database import db
from widget_server.delivery.models import Delivery
from widget_server.followup.queries import followups_of
from widget_server.people.models import Contact, PersonKey
from widget_server.people.queries import opened
from widget_server.privacy.finding import Person
from widget_server.recovery.addressing import reference
from widget_server.recovery.models import Case
from widget_server.recovery.queries import gestures_of, messages_of, promises_of, shares_thread
from widget_server.responses.models import Answer, Attachment, Response
from widget_server.responses.queries import texts_of
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site

ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
FORMAT = "widget-server person 1"


def as_zip(person: Person) -> bytes:
    """`data.json`, and `pictures/<id>.png|jpg`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(as_json(person), ensure_ascii=False, indent=1))
        for picture in _pictures(person):
            archive.writestr(_file_of(picture), picture.content)
    return out.getvalue()


def as_json(person: Person) -> dict[str, Any]:
    """The same without the pictures' bytes. Times are milliseconds since 1970, UTC."""
    ids = {one.id for one in person.responses}
    site = db.session.get_one(Site, person.site_id)
    return {
        "format": FORMAT,
        "site": site.name,
        "made_at": now_ms(),
        "responses": [_response(one) for one in person.responses],
        "cases": [_case(case, ids, site) for case in person.cases()],
        "mails": [_mail(row) for row in _mails(ids)],
        "mentioned_in": [
            {"received_at": db.session.get_one(Response, one.response_id).received_at, "address": opened(one)}
            for one in person.mentions
        ],
    }


def _response(one: Response) -> dict[str, Any]:
    closed = db.session.scalars(select(Answer).where(Answer.response_id == one.id).order_by(Answer.question))
    contacts = db.session.scalars(select(Contact).where(Contact.response_id == one.id).order_by(Contact.id))
    keys = db.session.scalars(select(PersonKey).where(PersonKey.response_id == one.id).order_by(PersonKey.kind))
    pictures = _pictures_of([one.id])
    return {
        "id": one.public_id,
        "survey": one.survey_key,
        "received_at": one.received_at,
        "updated_at": one.updated_at,
        "language": one.language,
        "page": one.url,
        "origin": one.origin,
        "release": one.release,
        "state": one.state,
        "verified": one.visitor_verified,
        "answers": {row.question: row.key if row.number is None else row.number for row in closed} or one.answers,
        "texts": texts_of(one.id),
        "context": one.context,
        "contacts": [
            {"kind": row.kind, "source": row.source, "value": opened(row), "consent": row.consent_version,
             "delete_at": row.delete_at}
            for row in contacts
        ],
        "recognised_by": [{"kind": row.kind, "fingerprint": row.hmac} for row in keys],
        "pictures": [{"file": _file_of(row), "width": row.width, "height": row.height} for row in pictures],
        "read_as": [_assessment(row) for row in _assessments(one.id)],
    }  # fmt: skip


def _assessments(response_id: int) -> Iterator[AssessmentRow]:
    found = select(AssessmentRow).where(AssessmentRow.response_id == response_id).order_by(AssessmentRow.id)
    yield from db.session.scalars(found)


def _assessment(row: AssessmentRow) -> dict[str, Any]:
    return {
        "model": row.model, "sentiment": row.label, "flagged": row.flagged, "severity": row.severity,
        "topics": row.topics, "reasons": row.reasons, "at": row.created_at,
    }  # fmt: skip


def _case(case: Case, ids: set[int], site: Site) -> dict[str, Any]:
    shared = any(shares_thread(case, id) for id in ids)
    said = [
        {"from": "you" if row.message.kind == "customer" else row.author, "at": row.message.at, "body": row.message.body}
        for row in messages_of(case.id, newest_first=False)
        if row.message.response_id in ids or (shared and row.message.kind == "reply")
    ]
    return {
        "reference": reference(site, case.number),
        "state": case.state,
        "opened_at": case.opened_at,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "severity": case.severity,
        "priority": case.priority,
        "reasons": case.reasons,
        "fair_solution": case.fair_solution if shared else None,
        "satisfied": case.satisfied,
        "cause": case.cause,
        "remedy": case.remedy,
        "messages": said,
        "promises": [{"text": row.text, "due": row.due, "state": row.state} for row in promises_of(case.id)]
        if shared
        else [],
        "gestures": [
            {"what": row.description, "amount": row.amount, "currency": row.currency, "at": row.at}
            for row in gestures_of(case.id)
        ]
        if shared
        else [],
        "follow_ups": [
            {"asked_at": row.asked_at, "answered_at": row.answered_at, "held": row.satisfied, "comment": row.comment}
            for row in followups_of(case.id)
        ]
        if shared
        else [],
    }


def _mails(ids: set[int]) -> list[Delivery]:
    theirs = select(Contact.id).where(Contact.response_id.in_(ids))
    return list(db.session.scalars(select(Delivery).where(Delivery.contact_id.in_(theirs)).order_by(Delivery.id)))


def _mail(row: Delivery) -> dict[str, Any]:
    return {
        "purpose": row.purpose, "subject": row.subject, "body": row.body, "state": row.state,
        "written_at": row.created_at, "sent_at": row.sent_at,
    }  # fmt: skip


def _pictures(person: Person) -> list[Attachment]:
    return _pictures_of([one.id for one in person.responses])


def _pictures_of(ids: list[int]) -> list[Attachment]:
    return list(db.session.scalars(select(Attachment).where(Attachment.response_id.in_(ids)).order_by(Attachment.id)))


def _file_of(row: Attachment) -> str:
    return f"pictures/{row.public_id}.{ENDINGS.get(row.media_type, 'bin')}"
