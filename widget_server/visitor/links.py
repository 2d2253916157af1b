"""The address of a survey's own page, with attributes that a site signed. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from widget_server.intake.identity import canonical_json, is_signed, signature

MOST_FACTS = 4_000  # characters of the parameter


def hosted_link(
    base_url: str, site_key: str, survey_key: str, facts: Mapping[str, Any], secret: str, expires: int
) -> str:
    """The address to send.

    Args:
        facts: attributes, flat; none: a plain address.
        secret: one of the site's identity secrets.
        expires: seconds since 1970, from which on the attributes are not believed.
    """
    address = f"{base_url}/s/{site_key}/{survey_key}"
    if not facts:
        return address
    raw = base64.urlsafe_b64encode(canonical_json(facts).encode()).decode().rstrip("=")
    return f"{address}?{urlencode({'facts': raw, 'sig': signature(secret, 'facts', expires, facts)})}"


def signed_facts(raw: str, sig: str, secrets: Sequence[str], now_ms: int) -> dict[str, Any] | None:
    """The attributes of a link, if the site signed them and they have not expired."""
    if not raw or len(raw) > MOST_FACTS or not raw.isascii():
        return None
    try:
        facts = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return facts if isinstance(facts, dict) and is_signed("facts", facts, sig, secrets, now_ms) else None
