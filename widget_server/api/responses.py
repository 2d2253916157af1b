"""`/api/v1/responses`: what visitors said, newest first."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from widget_server.api import paging, queries
from widget_server.api.frame import area, reading, site
from widget_server.api.reading import QueryFlag, QueryWhole
from widget_server.api.schemas import STATES, ResponseListSchema, VisitorResponseSchema

responses = area("responses", "What visitors said to surveys: redacted, and never with who they are.")

WORD = validate.Regexp(r"^[A-Za-z0-9_-]{1,60}\Z", error="use letters, digits, - and _, 60 at most")
SINCE = validate.Range(0, 2**53)
CHANGED_SINCE = "Changed at or after, ms since 1970. The list is then in the order of changed_at, to be followed."


class ResponseQuery(paging.PageQuery):
    since = QueryWhole(validate=SINCE, metadata={"description": "Received at or after, ms since 1970."})
    until = QueryWhole(validate=SINCE, metadata={"description": "Received before, ms since 1970."})
    changed_since = QueryWhole(validate=SINCE, metadata={"description": CHANGED_SINCE})
    survey = fields.String(validate=WORD, metadata={"description": "A survey's key."})
    state = fields.String(validate=validate.OneOf(STATES))
    language = fields.String(validate=WORD, metadata={"description": "The form's language, such as en."})
    flagged = QueryFlag(metadata={"description": "Whether the newest assessment calls for recovery."})


@reading(responses, "/responses", "responses:read", ResponseListSchema, query=ResponseQuery)
def list_responses(query: dict[str, Any]) -> Any:
    """List responses"""
    return paging.answer(*queries.list_responses(site(), query))


@reading(responses, "/responses/<id>", "responses:read", VisitorResponseSchema)
def get_response(id: str) -> Any:
    """Get a response by our id, or by the one that its client gave it, where no other has that from us"""
    return queries.one_response(site(), id)
