"""`/api/v1/cases`: what went wrong, read."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from widget_server.api import paging, queries
from widget_server.api.frame import area, reading, site
from widget_server.api.reading import QueryWhole
from widget_server.api.responses import CHANGED_SINCE, SINCE, WORD
from widget_server.api.schemas import CASE_STATES, PRIORITIES, CaseListSchema, CaseSchema, ThreadSchema

cases = area("cases", "Failures of service, and what is done about them. A write needs If-Match with the ETag.")


class CaseQuery(paging.PageQuery):
    response_id = fields.String(
        validate=validate.Length(min=1, max=500), metadata={"description": "The case that this response opened or joined."}
    )
    state = fields.String(validate=validate.OneOf(CASE_STATES))
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    severity = QueryWhole(validate=validate.Range(1, 4))
    team = fields.String(validate=WORD, metadata={"description": "A team's key."})
    owner = fields.String(validate=WORD, metadata={"description": "An owner's id, or none for cases that nobody took."})
    since = QueryWhole(validate=SINCE, metadata={"description": "Opened at or after, ms since 1970."})
    until = QueryWhole(validate=SINCE, metadata={"description": "Opened before, ms since 1970."})
    changed_since = QueryWhole(validate=SINCE, metadata={"description": CHANGED_SINCE})


@reading(cases, "/cases", "cases:read", CaseListSchema, query=CaseQuery)
def list_cases(query: dict[str, Any]) -> Any:
    """List cases"""
    return paging.answer(*queries.list_cases(site(), query))


@reading(cases, "/cases/<id>", "cases:read", CaseSchema, versioned=True)
def get_case(id: str) -> Any:
    """Get a case, with its version as ETag"""
    return queries.one_case(site(), id)


@reading(cases, "/cases/<id>/thread", "cases:read", ThreadSchema)
def get_thread(id: str) -> Any:
    """Get what was said, promised, given and done in a case"""
    return queries.thread_of(queries.find_case(site(), id))
