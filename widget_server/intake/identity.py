"""What a page says about its visitor is a claim; what the site's own server signed is known. Pure.

`sig` is "<exp>.<hex>": exp in seconds since 1970, hex = HMAC-SHA256(identity secret, "<purpose>.<exp>." + canonical JSON
of the object without `sig`). The purpose, visitor or facts, keeps signed facts from passing as a signed visitor. Several
secrets are tried, so that they can rotate.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_SIGNATURE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


def canonical_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def signature(secret: str, purpose: str, expires: int, value: Mapping[str, Any]) -> str:
    """What the site's server makes; `purpose` is visitor or facts, `expires` in seconds since 1970."""
    signed = f"{purpose}.{expires}.{canonical_json(value)}"
    return f"{expires}.{hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()}"


def is_signed(purpose: str, value: Mapping[str, Any], sig: object, secrets: Sequence[str], now_ms: int) -> bool:
    """Whether one of the secrets signed exactly this, and it has not expired. `sig` itself is no part of `value`."""
    if not isinstance(sig, str) or not (match := _SIGNATURE.fullmatch(sig)):
        return False
    expires = int(match[1])
    if expires * 1000 < now_ms:
        return False
    given = sig.encode()
    return any([hmac.compare_digest(signature(secret, purpose, expires, value).encode(), given) for secret in secrets])  # noqa: C419 — no short cut: the time says nothing
