"""A page of a list: what to ask for, where it went on, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, fields, validate
from sqlalchemy import ColumnElement, Select, and_, tuple_

from widget_server.api.cursors import LONGEST, cursor_for, read_cursor
from widget_server.api.frame import bearer
from widget_server.api.reading import QueryWhole
from widget_server.config import settings
from widget_server.database import db

USUAL, MOST = 50, 200
Row = TypeVar("Row")


class PageQuery(Schema):
    """What every list understands."""

    limit = QueryWhole(load_default=USUAL, validate=validate.Range(1, MOST))
    cursor = fields.String(
        validate=validate.Length(min=1, max=LONGEST),
        metadata={"description": "What 'next' of the page before says; same filters."},
    )
    order = fields.String(load_default="newest", validate=validate.OneOf(("newest", "oldest")))


def one_page(
    listed: str,
    found: Select[Any],
    query: Mapping[str, Any],
    by: Sequence[Any],
    values: Callable[[Any], list[int]],
) -> tuple[list[Any], str | None]:
    """The rows of the page that `query` asks for, and the cursor of the next one.

    Args:
        by: the columns that the list is sorted by, unique together.
        values: a row's values of them.
    """
    secret, filters = settings().secret_key, {key: value for key, value in query.items() if key not in ("cursor", "limit")}
    site_id, newest = bearer().site_id, query["order"] == "newest"
    if "cursor" in query:
        after = read_cursor(secret, listed, site_id, filters, query["cursor"], len(by))
        found = found.where(_beyond(by, after, newest))
    ordered = found.order_by(*(column.desc() if newest else column.asc() for column in by))
    rows = list(db.session.execute(ordered.limit(query["limit"] + 1)).all())
    if len(rows) <= query["limit"]:
        return rows, None
    rows.pop()
    return rows, cursor_for(secret, listed, site_id, filters, values(rows[-1]))


def _beyond(by: Sequence[Any], after: Sequence[Any], newest: bool) -> ColumnElement[bool]:
    here, there = tuple_(*by), tuple_(*after)
    if newest:
        return and_(by[0] <= after[0], here < there)  # the first part alone is what SQLite seeks by in an index
    return and_(by[0] >= after[0], here > there)


def answer(items: list[Any], cursor: str | None) -> Any:
    """The body, and a Link header (RFC 8288) to the next page where there is one."""
    body = {"items": items, "next": cursor}
    if cursor is None:
        return body
    again = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return body, {"Link": f'<{request.path}?{urlencode([*again, ("cursor", cursor)])}>; rel="next"'}
