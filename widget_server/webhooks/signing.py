"""Signatures by Standard Webhooks (https://www.standardwebhooks.com), pure: HMAC-SHA256 over `id.timestamp.body`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """A fresh secret as receivers store it: `whsec_` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed_headers(id: str, at: int, body: bytes, secrets_: Iterable[str]) -> dict[str, str]:
    """The three headers. `at` is ms since 1970, of this try. While secrets rotate, one signature for each."""
    seconds = str(at // 1000)
    signatures = [f"v1,{_signature(secret, id, seconds, body)}" for secret in secrets_]
    return {"webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": " ".join(signatures)}


def _signature(secret: str, id: str, seconds: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((id.encode(), seconds.encode(), body))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
