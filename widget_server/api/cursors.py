"""Where a list goes on: an opaque, signed mark after the last item, so that what comes in meanwhile moves nothing. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from widget_server.errors import Invalid
from widget_server.sealing import read_token, sign_token

LONGEST = 300


def cursor_for(secret: str, listed: str, site_id: int, filters: Mapping[str, Any], after: list[int]) -> str:
    """A mark after the item with these sort values. It fits this list of this site with these filters, and no other."""
    words = base64.urlsafe_b64encode(json.dumps(after, separators=(",", ":")).encode()).decode().rstrip("=")
    return sign_token(secret, _purpose(listed, site_id, filters), words)


def read_cursor(
    secret: str, listed: str, site_id: int, filters: Mapping[str, Any], cursor: str, parts: int
) -> list[int]:
    """The sort values after which to go on, as many as `parts`.

    Raises:
        Invalid: we did not make it for this list and these filters.
    """
    words = read_token(secret, _purpose(listed, site_id, filters), cursor)
    after: list[int] = json.loads(base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))) if words is not None else []
    if len(after) != parts:  # a release before this one may have sorted by others
        raise Invalid("This cursor is not one of this list: go on with the same filters, or start without a cursor.")
    return after


def _purpose(listed: str, site_id: int, filters: Mapping[str, Any]) -> str:
    said = json.dumps(dict(filters), sort_keys=True, default=str)
    return f"cursor:{listed}:{site_id}:{hashlib.sha256(said.encode()).hexdigest()}"
