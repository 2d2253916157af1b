"""A link for a site's owner, with which the widget says on the page why each survey would or would not show. Pure.

The parameter is signed by the installation for one site and for a while. Nothing is stored: whoever has it sees reasons,
and nothing of anybody else's.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from widget_server.clock import DAY
from widget_server.errors import Invalid
from widget_server.sealing import read_token, sign_token

PARAMETER = "fw-explain"
LASTS_DAYS, MOST_DAYS = 2, 30
PAGE = re.compile(r"https?://(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]\\\"'<>]+)(?::[0-9]{1,5})?(?:[/?#][^\s\\\"'<>]*)?")
SUBJECT = re.compile(r"([0-9]{1,15})-([A-Za-z0-9_-]{1,40})")


def explain_token(secret_key: str, site_key: str, now: int, days: float = LASTS_DAYS) -> tuple[str, int]:
    """The parameter's value, and until when it holds (ms)."""
    until = now + int(min(days, MOST_DAYS) * DAY)
    return sign_token(secret_key, "explain", f"{until}-{site_key}"), until


def explains_until(secret_key: str, site_key: str, token: object, now: int) -> int | None:
    """Until when this holds for the site (ms); None for what we did not sign, for another site's, and for what is over."""
    subject = (
        read_token(secret_key, "explain", token) if isinstance(token, str) and len(token) <= 120 else None
    )
    found = SUBJECT.fullmatch(subject or "")
    if found is None or found[2] != site_key or int(found[1]) <= now:
        return None
    return int(found[1])


def explain_link(address: str, token: str) -> str:
    """The address of a page with the parameter in it, beside those that it has.

    Raises:
        Invalid: it is no address of a page.
    """
    if not PAGE.fullmatch(address):
        raise Invalid(f"{address!r} is no address of a page: write it as in https://www.example.com/basket.")
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, f"{PARAMETER}={token}") if part)
    return parts._replace(query=query).geturl()
