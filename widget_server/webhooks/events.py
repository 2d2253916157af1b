"""What a site tells the outside world, pure: the events by name, and a message as it goes over the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

EVENTS: Mapping[str, str] = {
    "response.received": "A response came in and was scored",
    "response.flagged": "A response calls for recovery",
    "case.opened": "A case was opened",
    "case.claimed": "Somebody took a case",
    "case.replied": "An answer went to the customer",
    "case.resolved": "It was put right",
    "case.reopened": "The customer says that it did not hold, or wrote again",
    "case.closed": "A case was closed",
    "followup.answered": "The customer said whether it held",
}
TEST = "webhook.test"
"""Sent by the button alone; nobody subscribes to it, and it is tried once."""


def body_of(event: str, at: int, data: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> bytes:
    """The message as bytes: type, time of the event (ms since 1970 → ISO 8601), data.

    Args:
        texts: what the visitor wrote, by question; only for endpoints that ask for it.
    """
    told = dict(data) if texts is None else {**data, "texts": dict(texts)}
    message = {"type": event, "timestamp": iso(at), "data": told}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
