"""Refusals as pages in the console's look: one sentence, a way on, a reference to quote."""

from __future__ import annotations

import secrets

import structlog
from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from widget_server.console.rendering import frame_context
from widget_server.errors import Refusal

TITLES = {
    400: "That form can’t be used any more",
    401: "Sign in first",
    403: "This is not yours to open",
    404: "There is no such page here",
    405: "That can’t be done here",
    409: "Somebody changed this while you were at it",
    413: "That is too much at once",
    415: "That can’t be read",
    422: "Something in it does not fit",
    429: "Too many tries",
    500: "That did not work, and it is our fault",
    503: "Not just now",
}
WAYS_ON = {
    400: "Go back, load the page again, and send it once more. What you typed is still in the form.",
    403: "Ask an admin of the site if you need it.",
    404: "The address may be mistyped, or the page is not one of yours.",
    429: "Wait a few minutes, then try again.",
    500: "Try it again. If it stays, tell whoever runs this server, with the reference.",
    503: "Try it again in a moment.",
}


def refused(refusal: Refusal) -> Response:
    """One of our own refusals. A 404 says the same whatever was asked for."""
    detail = "" if refusal.status == 404 else refusal.detail
    answer = _page(refusal.status, detail)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def http_error(error: HTTPException) -> Response:
    """What Flask or Werkzeug refused, and whatever failed in us (500)."""
    status = error.code or 500
    if error.response is not None and status < 400:
        return make_response(error.response)
    answer = _page(status, "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    if status == 429:
        answer.headers.setdefault("Retry-After", "900")  # the login's quarter of an hour
    return answer


def _page(status: int, detail: str) -> Response:
    reference = secrets.token_hex(4)
    if status >= 500:
        structlog.get_logger().error("console_failed", reference=reference, endpoint=request.endpoint)
    if request.path.startswith("/console/static/"):
        return make_response(f"{status}", status, {"Content-Type": "text/plain"})
    page = render_template(
        "console/problem.html",
        status=status,
        heading=TITLES.get(status, "That did not work"),
        detail=detail,
        way_on=WAYS_ON.get(status, "Go back and try another way."),
        reference=reference,
        **frame_context(),  # an address that no route knows belongs to no blueprint, and has no context of its own
    )
    return make_response(page, status)
