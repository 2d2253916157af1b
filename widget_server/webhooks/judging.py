"""What an answer means, pure: it arrived, it is to be tried again, or the receiver wants nothing more."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from widget_server.clock import DAY, SECOND
from widget_server.delivery.transports.outcome import Arrived, Outcome, Refused, Unreached
from widget_server.webhooks.exchange import Answer

FAILING_FOR = 5 * DAY
"""An endpoint without any success for so long is switched off: longer than one message's whole schedule."""
GONE = 410


def judged(answer: Answer, now: int) -> Outcome:
    """2xx alone is success. 410 says: never again. All else is tried again, not before the time that 429 or 503 name."""
    if answer.status is None:
        return Unreached(answer.error or "No answer")
    if 200 <= answer.status < 300:
        return Arrived()
    if answer.status == GONE:
        return Refused("It answered 410: gone")
    if 300 <= answer.status < 400:
        return Unreached(f"It answered {answer.status}: redirects are not followed")
    asked = asked_wait(answer.retry_after, now) if answer.status in (429, 503) else None
    return Unreached(f"It answered {answer.status}", asked)


def asked_wait(retry_after: str | None, now: int) -> int | None:
    """`Retry-After` in ms from now: seconds or a date (RFC 9110, 10.2.3); None for what is neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text) * SECOND
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0, round(at.timestamp() * 1000) - now)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # an overflow, too: years and zones of any size are read
        return None


def is_worn_out(failing_since: int | None, now: int) -> bool:
    return failing_since is not None and now - failing_since >= FAILING_FOR
