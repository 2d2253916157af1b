"""Refusals as pages in the console's look: one sentence, a way on, a reference to quote."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

import structlog
from flask import Response, current_app, make_response, render_template, request, url_for
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from widget_server.accounts.login import own_path
from widget_server.console.rendering import frame_context
from widget_server.console.words import upfirst
from widget_server.errors import Conflict, Refusal

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
    heading, detail = None, "" if refusal.status == 404 else refusal.detail
    if isinstance(refusal, Conflict) and refusal.theirs is None:  # nobody was first: it just can't be done
        heading, detail = in_two(refusal.detail)
    answer = _page(refusal.status, detail, heading)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def http_error(error: HTTPException) -> Response:
    """What Flask or Werkzeug refused, and whatever failed in us (500)."""
    status = error.code or 500
    if error.response is not None and status < 400:
        return make_response(error.response)
    signed_out = isinstance(error, CSRFError) and not current_user.is_authenticated
    answer = _signed_out() if signed_out and request.endpoint != "security.login" else _page(status, "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    if status == 429:
        answer.headers.setdefault("Retry-After", "900")  # the login's quarter of an hour
    return answer


def in_two(sentence: str) -> tuple[str, str]:
    """A refusal's own sentence as a heading and what comes after its colon."""
    heading, _, rest = sentence.partition(": ")
    return heading.rstrip("."), upfirst(rest)


DRAFTED = {"body", "cause", "remedy", "note", "reason"}
"""Fields of a case's page that its script keeps in the browser until they are sent."""


def _signed_out() -> Response:
    """A form that came after its session had ended: nothing was done, and nothing that was written is lost."""
    back = own_path(_readable(urlsplit(request.referrer or "").path or request.path))
    drafted = "number" in (request.view_args or {}) and DRAFTED & request.form.keys()
    kept = "; your text is kept in this browser" if drafted else ""
    sentence = f"Sign in and send it again{kept}."
    return _page(400, "", "You were signed out.", sentence, url_for("security.login", next=back))


def _readable(path: str) -> str:
    """The nearest page at or above `path`: an address that only takes a form lies under the page that it belongs to."""
    routes = current_app.url_map.bind("")
    while path and not routes.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def _page(
    status: int, detail: str, heading: str | None = None, way_on: str | None = None, sign_in: str | None = None
) -> Response:
    reference = secrets.token_hex(4)
    if status >= 500:
        structlog.get_logger().error("console_failed", reference=reference, endpoint=request.endpoint)
    if request.path.startswith("/console/static/"):
        return make_response(f"{status}", status, {"Content-Type": "text/plain"})
    page = render_template(
        "console/problem.html",
        status=status,
        heading=heading or TITLES.get(status, "That did not work"),
        detail=detail,
        way_on=way_on or WAYS_ON.get(status, "Go back and try another way."),
        sign_in=sign_in,
        reference=reference,
        **frame_context(),  # an address that no route knows belongs to no blueprint, and has no context of its own
    )
    return make_response(page, status)
