"""`/api/v1/people`: what we have of one person: found, handed out, erased. Each look is written into the audit log.

Whoever asks says who in the body, never in the address: addresses are logged. A person is known by the e-mail address
that they gave, by the reference that the site's server signed, or by the receipt that they hold.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import g, request
from marshmallow import ValidationError, fields, validates_schema

from widget_server.api import queries
from widget_server.api.frame import acting, actor, area, bearer, site
from widget_server.api.reading import words
from widget_server.api.schemas import CaseSchema, MessageSchema, Shape, VisitorResponseSchema
from widget_server.database import writing
from widget_server.errors import Invalid
from widget_server.people.queries import contacts_of, opened
from widget_server.privacy import operations as privacy
from widget_server.privacy.operations import Person
from widget_server.recovery.models import Case
from widget_server.recovery.queries import messages_of, shares_thread
from widget_server.responses.models import Response
from widget_server.surveys.shapes import StrictSchema

people = area("people", "What there is of one person: find, export, erase. Every use is in the audit log.")

KINDS = ("email", "reference", "receipt")


class PersonBody(StrictSchema):
    """One of them."""

    needed = True
    email = words(254)
    reference = words(200, about="As the site's server signed it.")
    receipt = words(300, about="The end of the address /r/…")

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError("give one of email, reference and receipt")


class FoundSchema(Shape):
    responses = fields.List(fields.String(), metadata={"description": "Ids, oldest first."})
    cases = fields.List(fields.String())


class ContactSchema(Shape):
    kind = fields.String()
    source = fields.String()
    value = fields.String(
        allow_none=True, metadata={"description": "Null where the key that sealed it is gone."}
    )
    response = fields.String()


class ExportSchema(Shape):
    """What a person gave and was told, but for what another person wrote in the same case. The archive that the console
    and `widget-server people export` make has their pictures, mails, promises and gestures too.
    """

    responses = fields.List(fields.Nested(VisitorResponseSchema))
    contacts = fields.List(fields.Nested(ContactSchema))
    cases = fields.List(fields.Nested(CaseSchema))
    messages = fields.List(fields.Nested(MessageSchema))


class ErasedSchema(Shape):
    erased = fields.Integer(metadata={"description": "Responses whose words and contacts are gone now."})
    mentions = fields.Integer(metadata={"description": "What others wrote that held the address: it is gone from there."})


@acting(people, "/people/find", "people:read", FoundSchema, body=PersonBody, keyed=False, looking=True)
def find_person(body: dict[str, str]) -> Any:
    """Find what a person sent"""
    person = _person(body)
    found = {"responses": [one.public_id for one in person.responses], "cases": [case.public_id for case in person.cases()]}
    with writing():
        privacy.note_search(person, actor())
    return found


@acting(people, "/people/export", "people:read", ExportSchema, body=PersonBody, keyed=False, looking=True)
def export_person(body: dict[str, str]) -> Any:
    """Export what there is of a person"""
    person = _person(body)
    responses, cases = list(person.responses), person.cases()
    made = {
        "responses": queries.response_shapes([one.id for one in responses]),
        "contacts": [
            {"kind": one.kind, "source": one.source, "value": opened(one), "response": response.public_id}
            for response in responses
            for one in contacts_of(response.id)
        ],
        "cases": queries.case_shapes(site(), [case.id for case in cases]),
        "messages": [message for case in cases for message in _theirs(case, responses)],
    }
    with writing():
        privacy.note_export(person, actor())
    return made


def _look_for_person() -> None:
    """Opens the site's sealed addresses ahead of the writers' lock; what is wrong with the body is said later."""
    body = request.get_json(force=True, silent=True)
    g.others = set()
    if isinstance(body, dict) and len(body) == 1 and all(isinstance(value, str) for value in body.values()):
        with suppress(Invalid):
            _person(body, g.others)


@acting(people, "/people/erase", "people:erase", ErasedSchema, body=PersonBody, before=_look_for_person)
def erase_person(body: dict[str, str]) -> Any:
    """Erase words, contacts and keys of a person; facts about nobody stay"""
    done = privacy.erase(_person(body, g.others), actor())
    return {"erased": done.responses, "mentions": done.mentions}


def _person(body: dict[str, str], others: set[str] | None = None) -> Person:
    """The same person as on the console's screen: an erasure must not depend on who asks for it."""
    [(kind, value)] = body.items()
    return privacy.find(bearer().site_id, kind, value, others=others)


def _theirs(case: Case, responses: list[Response]) -> list[dict[str, Any]]:
    """What they wrote and what was written to them; notes among staff, and words of another person, are not theirs."""
    ids = {one.id for one in responses}
    shared = any(shares_thread(case, id) for id in ids)
    return [
        {
            "id": said.message.public_id, "kind": said.message.kind, "author": said.author, "body": said.message.body,
            "apology": said.message.apology, "at": said.message.at,
        }
        for said in messages_of(case.id, newest_first=False)
        if said.message.response_id in ids or (shared and said.message.kind == "reply")
    ]  # fmt: skip
