"""The frame that every route of the API stands in: whose token it is, what it is for, how often, and the transaction.

A route says its scope in one line, so it can't be forgotten:

    cases = area("cases", "What went wrong, and what was done about it.")

    @reading(cases, "/cases/<id>", "cases:read", CaseSchema)
    def get_case(id): ...

    @acting(cases, "/cases/<id>/claim", "cases:write", CaseSchema, body=ClaimSchema, versioned=True)
    def claim_case(body, id): ...

A view returns a dict, which the schema writes out. `acting` runs it inside `writing()`, once for each Idempotency-Key.
Inside, `site()` is the token's site and `actor()` the token as somebody who acts. Nothing here knows sessions or cookies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import flask_smorest
from flask import Response, current_app, g, make_response, request

from widget_server.accounts.models import User
from widget_server.accounts.tokens import BadToken, Bearer, actor_of, bearer_of, note_use
from widget_server.api import repeats
from widget_server.api.preconditions import etag
from widget_server.api.reading import Reader
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.errors import TooMany
from widget_server.intake.limits import Limits
from widget_server.sites.models import Site

PREFIX = "/api/v1"

View = Callable[..., Any]


@dataclass(frozen=True)
class Rule:
    """What a route needs and does; the documentation says it from here."""

    scope: str
    writes: bool
    versioned: bool
    keyed: bool


POLICY: dict[str, Rule] = {}
"""Endpoint → its rule. What is not in here is refused; a test holds every route of the API to it."""


class Area(flask_smorest.Blueprint):  # type: ignore[misc]
    """The routes of one kind of thing."""

    ARGUMENTS_PARSER = Reader()

    def __init__(self, tag: str, description: str) -> None:
        super().__init__(f"api_{tag}", __name__, url_prefix=PREFIX, description=description)
        self.tag = tag
        self.before_request(_enter)
        self.after_request(_finish)


def area(tag: str, description: str) -> Area:
    """A new kind of thing in the API; `v1.py` lists them all."""
    return Area(tag, description)


def reading(
    area: Area, rule: str, scope: str, answers: Any, *, query: Any = None, versioned: bool = False
) -> Callable[[View], View]:
    """GET /api/v1<rule>. With `versioned`, the answer's `version` becomes its ETag."""

    def wrap(view: View) -> View:
        inner = area.arguments(query, location="query")(view) if query is not None else view
        told = area.response(200, answers)(inner)

        @wraps(told)
        def read(**values: Any) -> Response:
            answer = _answered(told(**values), versioned)
            if versioned and request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
                answer.status_code = 304
                answer.set_data(b"")
            return answer

        return _added(area, rule, view, read, "GET", Rule(scope, False, versioned, False))

    return wrap


def acting(
    area: Area,
    rule: str,
    scope: str,
    answers: Any,
    *,
    body: Any = None,
    status: int = 200,
    method: str = "POST",
    versioned: bool = False,
    keyed: bool = True,
    looking: bool = False,
    before: Callable[[], None] | None = None,
) -> Callable[[View], View]:
    """A write: one transaction, once for each Idempotency-Key, unless `keyed` says that it may as well happen twice.

    With `looking`, the view only reads, at length, and writes down that it did in a transaction of its own.

    `before` runs ahead of the writers' lock, for what takes long; the body is not yet checked then. Of a request that
    was answered before, it does not run.

    With `versioned`, the answer's `version` becomes its ETag; the view holds the row to the caller's If-Match.
    """

    def wrap(view: View) -> View:
        inner = area.arguments(body, location="json", required=_needed(body))(view) if body is not None else view
        told = area.response(status, answers)(inner)

        @wraps(told)
        def write(**values: Any) -> Response:
            key, token_id = repeats.key_of(request) if keyed else None, bearer().token_id
            request.get_data()  # all of it, before the writers' lock is held
            if looking:
                return _answered(told(**values), versioned)
            if before is not None:
                known = repeats.known_answer(token_id, key, request) if key is not None else None
                if known is not None:
                    return known
                before()
            with writing():
                if key is None:
                    return _answered(told(**values), versioned)
                answer = repeats.earlier_answer(token_id, key, request)
                if answer is None:
                    answer = _answered(told(**values), versioned)
                    repeats.keep(token_id, key, answer)
                return answer

        return _added(area, rule, view, write, method, Rule(scope, True, versioned, keyed))

    return wrap


def _needed(body: Any) -> bool:
    """Whether a request without a body can't be meant; a schema whose fields are all optional may say so itself."""
    return bool(getattr(body, "needed", False)) or any(field.required for field in body().fields.values())


def _added(area: Area, rule: str, view: View, wrapped: View, method: str, policy: Rule) -> View:
    name = view.__name__
    POLICY[f"{area.name}.{name}"] = policy
    documented = area.doc(operationId=name)(wrapped)
    area.route(rule, endpoint=name, methods=[method], tags=[area.tag])(documented)
    return view


def _answered(answer: Any, versioned: bool) -> Response:
    made = make_response(answer)
    if versioned and made.status_code < 300:
        made.headers["ETag"] = etag(made.get_json(force=True)["version"])
    return made


# Who asks ---------------------------------------------------------------------------------------------------------------


def bearer() -> Bearer:
    """Whose token came with this request."""
    found: Bearer = g.bearer
    return found


def site() -> Site:
    """The token's site, as a row of the running transaction."""
    return db.session.get_one(Site, bearer().site_id)


def actor() -> User:
    """The token as somebody who acts: ask inside `writing()` only."""
    return actor_of(bearer().token_id)


def _enter() -> None:
    """A token in the address is not looked at: addresses are logged. A cookie is not either."""
    rule = POLICY.get(request.endpoint or "")
    given = request.authorization
    try:
        if rule is None or given is None or given.type != "bearer" or not given.token:
            raise BadToken
        found = bearer_of(given.token)
    except BadToken:
        _count("api-stranger", request.remote_addr or "")
        raise
    _count(f"api-token:{found.token_id}", "")
    found.need(rule.scope)
    if not found.used_lately:
        with writing():
            note_use(found.token_id)
    g.bearer = found


def _count(what: str, address: str) -> None:
    most = settings().api_per_minute
    limits: Limits | None = current_app.extensions.get("api_limits")
    if limits is None:
        limits = current_app.extensions.setdefault("api_limits", Limits(settings().limits_url))
    try:
        limits.count(what, address, most)
    except TooMany as refusal:
        refusal.detail = f"More than {most} requests within a minute."
        raise


def _finish(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="widget-server"'
    return answer
