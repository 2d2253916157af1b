"""Cryptography in one place, pure: sealed words (Fernet with rotating keys), blind indexes, signed tokens.

Keys come in as arguments; nothing here knows where they are kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


@lru_cache(64)
def key_id(key: str) -> str:
    """A short public name for an encryption key, so that rows say which one sealed them."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


@lru_cache(64)
def secret_id(secret_key: str) -> str:
    """A short public name for the secret key: keyed by itself, so that it says which one it is and nothing of it."""
    return blind_index(secret_key, "id", "secret_key")[:12]


def seal(plain: str, keys: Sequence[str]) -> str:
    """Encrypt with the first key. Returns a Fernet token."""
    return _fernet(keys[0]).encrypt(plain.encode()).decode()


def unseal(token: str, keys: Sequence[str]) -> str | None:
    """Decrypt with whichever key fits; None when none does."""
    try:
        return MultiFernet([_fernet(key) for key in keys]).decrypt(token.encode()).decode()
    except InvalidToken:
        return None


@lru_cache(64)
def _fernet(key: str) -> Fernet:
    return Fernet(key)


def blind_index(key: str, kind: str, value: str) -> str:
    """A keyed fingerprint of an identity: equal for equal (kind, value) under one site's key. 64 hex digits."""
    return _digest(key, f"{kind}\0{value}").hex()


def sign_token(secret: str, purpose: str, subject: str) -> str:
    """A capability: `subject` with a 128-bit HMAC, url-safe, the same each time. Subject must be ASCII without '.'."""
    return f"{subject}.{_mac(secret, purpose, subject)}"


def read_token(secret: str, purpose: str, token: str) -> str | None:
    """The subject of a token that we signed for this purpose, else None. Constant time."""
    subject, dot, mac = token.rpartition(".")
    if not dot or not token.isascii():
        return None
    return subject if hmac.compare_digest(mac, _mac(secret, purpose, subject)) else None


def _mac(secret: str, purpose: str, subject: str) -> str:
    return base64.urlsafe_b64encode(_digest(secret, f"{purpose}\0{subject}")[:16]).decode().rstrip("=")


def _digest(key: str, words: str) -> bytes:
    """HMAC-SHA-256. Not by `hmac.digest`, which gives the interpreter's lock away for a microsecond's work: under load
    each time is a wait for all other threads."""
    return hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()
