"""What programs do to a case: one call to the desk each, under the same rules as the console, and the case as it is then.

Every write says which version it looked at by If-Match: 428 without, 412 when somebody was first. What the lifecycle
refuses is a 409, words that are missing or too many a 422.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import request
from marshmallow import ValidationError, fields, validate
from sqlalchemy import select

from widget_server import desk
from widget_server.accounts.models import Membership, User
from widget_server.api import queries
from widget_server.api.cases import cases
from widget_server.api.frame import acting, actor, bearer, site
from widget_server.api.preconditions import Stale, hold_to, versions_wanted
from widget_server.api.reading import words
from widget_server.api.schemas import CaseSchema
from widget_server.database import db
from widget_server.desk.gestures import MOST, Gift
from widget_server.desk.replies import Promise
from widget_server.desk.words import LONGEST
from widget_server.errors import Conflict, Fault, Invalid
from widget_server.recovery.models import Case
from widget_server.recovery.queries import open_promises_of
from widget_server.surveys.shapes import Strict, StrictSchema, Whole, YesNo

LINE = 200
MOMENT = validate.Range(0, 2**53)


class ClaimBody(StrictSchema):
    owner = words(LINE, about="A colleague's id; the token itself where it is left out.")


class NoteBody(StrictSchema):
    body = words(LONGEST, required=True)


class UnderstandBody(NoteBody):
    preventable = YesNo()


class PromiseBody(StrictSchema):
    text = words(LINE, required=True)
    due = Whole(required=True, validate=MOMENT, metadata={"description": "Milliseconds since 1970, UTC."})


class MovedBody(StrictSchema):
    id = Whole(required=True, validate=MOMENT)
    due = Whole(required=True, validate=MOMENT)


class GestureBody(StrictSchema):
    description = words(LINE, required=True)
    amount = Whole(required=True, validate=validate.Range(0, MOST), metadata={"description": "In minor units: cents."})
    currency = Strict(required=True, validate=validate.Regexp(r"^[A-Z]{3}\Z", error="write three capitals, as in EUR"))


class DocumentBody(StrictSchema):
    cause = words(LONGEST, shortest=0)
    remedy = words(LONGEST, shortest=0)


def each_once(items: list[Any]) -> None:
    """A promise is kept or moved once: the same one again is a mistake of the caller's, and not ours to guess at."""
    ids = [one["id"] if isinstance(one, dict) else one for one in items]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise ValidationError(f"name each promise once: {', '.join(map(str, twice))} stands here more than once")


MOST_PROMISES = validate.Length(max=100)


class ReplyBody(DocumentBody):
    """Cause and remedy count where then is resolve."""

    body = words(LONGEST, required=True)
    apology = YesNo()
    promise = fields.Nested(PromiseBody)
    promises_kept = fields.List(Whole(validate=MOMENT), validate=[MOST_PROMISES, each_once])
    promises_moved = fields.List(fields.Nested(MovedBody), validate=[MOST_PROMISES, each_once])
    gesture = fields.Nested(GestureBody)
    then = Strict(
        validate=validate.OneOf(("send", "wait", "resolve")),
        metadata={"description": "wait: it is the customer's turn; resolve: it is put right with this message."},
    )


class SeverityBody(StrictSchema):
    severity = Whole(required=True, validate=validate.Range(1, 4))
    reason = words(LINE, required=True)


class ReasonBody(StrictSchema):
    reason = words(LONGEST, required=True)


Body = dict[str, Any]


def _do(id: str, act: Callable[[Case, User, int | None], Any]) -> Body:
    """One call to the desk on the version that the caller looked at; the case as it is then."""
    wanted = versions_wanted(request.headers.get("If-Match"))
    case = queries.find_case(site(), id)
    expected = hold_to(case.version, wanted)
    me = actor()
    try:
        act(case, me, expected)
    except Conflict as conflict:
        if conflict.theirs is not None:
            raise Stale(conflict.detail) from conflict
        raise
    return queries.one_case(site(), id)


@acting(cases, "/cases/<id>/claim", "cases:write", CaseSchema, body=ClaimBody, versioned=True)
def claim_case(body: Body, id: str) -> Any:
    """Take a case, or give it to a colleague"""

    def act(case: Case, me: User, expected: int | None) -> None:
        if "owner" in body:
            desk.assign(case, me, expected_version=expected, owner=_colleague(body["owner"]))
        else:
            desk.claim(case, me, expected_version=expected)

    return _do(id, act)


@acting(cases, "/cases/<id>/note", "cases:write", CaseSchema, body=NoteBody, versioned=True)
def note_case(body: Body, id: str) -> Any:
    """Add words among staff"""
    return _do(id, lambda case, me, expected: desk.note(case, me, expected_version=expected, body=body["body"]))


@acting(cases, "/cases/<id>/understand", "cases:write", CaseSchema, body=UnderstandBody, versioned=True)
def understand_case(body: Body, id: str) -> Any:
    """Write down what happened: the second step"""
    return _do(id, lambda case, me, expected: desk.understand(case, me, expected_version=expected, **body))


@acting(cases, "/cases/<id>/reply", "cases:write", CaseSchema, body=ReplyBody, versioned=True)
def reply_to_case(body: Body, id: str) -> Any:
    """Write to the customer, with an apology, a promise or a gesture"""
    promise, gift = body.get("promise"), body.get("gesture")

    def act(case: Case, me: User, expected: int | None) -> None:
        try:
            desk.reply(
                case,
                me,
                expected_version=expected,
                body=body["body"],
                token=secrets.token_hex(20),
                apology=body.get("apology", False),
                promise=Promise(**promise) if promise else None,
                kept=_open_here(case, body.get("promises_kept", [])),
                moved={one["id"]: one["due"] for one in body.get("promises_moved", [])},
                gesture=Gift(**gift) if gift else None,
                then=body.get("then", "send"),
                cause=body.get("cause", ""),
                remedy=body.get("remedy", ""),
            )
        except desk.BeyondBudget as beyond:
            raise Invalid(beyond.detail, [Fault("/gesture/amount", beyond.detail)]) from None

    return _do(id, act)


@acting(cases, "/cases/<id>/resolve", "cases:write", CaseSchema, body=DocumentBody, versioned=True)
def resolve_case(body: Body, id: str) -> Any:
    """Mark a case resolved, with no message of its own"""
    return _do(id, lambda case, me, expected: desk.resolve(case, me, expected_version=expected, **body))


@acting(cases, "/cases/<id>/close", "cases:write", CaseSchema, body=DocumentBody, versioned=True)
def close_case(body: Body, id: str) -> Any:
    """Document cause and remedy, and close: the fifth step"""
    return _do(id, lambda case, me, expected: desk.document_and_close(case, me, expected_version=expected, **body))


@acting(cases, "/cases/<id>/severity", "cases:write", CaseSchema, body=SeverityBody, versioned=True)
def change_severity(body: Body, id: str) -> Any:
    """Change how severe it is, and say why"""
    return _do(id, lambda case, me, expected: desk.change_severity(case, me, expected_version=expected, **body))


@acting(cases, "/cases/<id>/not-a-failure", "cases:write", CaseSchema, body=ReasonBody, versioned=True)
def not_a_failure(body: Body, id: str) -> Any:
    """Close a case that was flagged by mistake, and say why"""
    return _do(id, lambda case, me, expected: desk.not_a_failure(case, me, expected_version=expected, **body))


def _open_here(case: Case, ids: list[int]) -> list[int]:
    """Promises that are open; the desk refuses the others, once, in its own words."""
    if set(ids) - {row.id for row in open_promises_of(case.id)}:
        raise Invalid("A promise in 'promises_kept' is not open any more: read the case's thread again.")
    return ids


def _colleague(public_id: str) -> User:
    """Somebody who works cases at this site."""
    found = None
    if queries.ID.fullmatch(public_id):
        found = db.session.scalar(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                User.public_id == public_id,
                User.active,
                Membership.site_id == bearer().site_id,
                Membership.role.in_(("admin", "support")),
            )
        )
    if found is None:
        raise Invalid("Nobody with this id works cases at this site.")
    return found
