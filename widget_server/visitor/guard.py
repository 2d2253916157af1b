"""What holds for every answer of the customer's page: its headers, and how often a receipt may act."""

from __future__ import annotations

import structlog
from flask import Response, current_app, request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.strategies import MovingWindowRateLimiter

from widget_server import counting
from widget_server.config import settings
from widget_server.errors import TooMany

log = structlog.get_logger()

RATES: tuple[RateLimitItem, ...] = (RateLimitItemPerMinute(12), RateLimitItemPerDay(200))
STATIC = "/r/static/"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def secure(answer: Response) -> Response:
    """Also for what no route answers: a wrong method's 405 belongs to no blueprint."""
    if not request.path.startswith("/r/"):
        return answer
    answer.headers.update(HEADERS)
    if request.path.startswith(STATIC) and answer.status_code in (200, 304):
        lasting = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=300"
        answer.headers["Cache-Control"] = lasting
    elif request.endpoint == "visitor.theme" and answer.status_code == 200:
        answer.headers["Cache-Control"] = "public, max-age=60"
    else:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def limit(receipt_of: str) -> None:
    """Count one act of a receipt. Keyed by the message, not by an address: that is what a capability can be held to.

    Raises:
        TooMany: says when to come again.
    """
    limiter = current_app.extensions.get("widget_receipt_limits")
    if limiter is None:
        limiter = MovingWindowRateLimiter(counting.storage(settings().limits_url))
        current_app.extensions["widget_receipt_limits"] = limiter
    try:
        within = all(limiter.hit(rate, "receipt", receipt_of) for rate in RATES)
    except StorageError as error:  # the customer's words matter more than a count
        log.warning("limits_unreachable", error=type(error).__name__)
        return
    if not within:
        raise TooMany("That was many times in a row. Wait a minute.")
