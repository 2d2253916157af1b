"""Codes of a second factor, pure: which step of time a code belongs to (RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac
import secrets

import pyotp

STEP_MS = 30_000
WINDOW = 1
"""Steps before and after now that are taken: clocks of phones differ."""
RECOVERY_CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another
LENGTH = 10  # 49 bits


def new_secret() -> str:
    """160 random bits in Base32, as authenticator apps take them."""
    return pyotp.random_base32(32)


def address_for_app(secret: str, email: str, issuer: str) -> str:
    """What the QR code says: otpauth://totp/…"""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer))


def code_at(secret: str, at_ms: int) -> str:
    return str(pyotp.TOTP(secret).generate_otp(at_ms // STEP_MS))


def step_of(secret: str, code: str, at_ms: int) -> int | None:
    """The step whose code this is, near `at_ms`; None when it is none. Compared in constant time."""
    now, found, app = at_ms // STEP_MS, None, pyotp.TOTP(secret)
    for step in range(now - WINDOW, now + WINDOW + 1):
        if hmac.compare_digest(str(app.generate_otp(step)).encode(), code.encode()):
            found = step
    return found


def tidy(code: str) -> str:
    """A code as it was meant: without the spaces and dashes that make it readable."""
    return "".join(letter for letter in code.casefold() if letter.isalnum())[:64]


def is_of_app(code: str) -> bool:
    return len(code) == 6 and code.isascii() and code.isdecimal()


def new_recovery_codes() -> list[str]:
    return ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(RECOVERY_CODES)]


def readable(code: str) -> str:
    """In two halves, to be written down; the key in fours."""
    if len(code) == LENGTH:
        return f"{code[:5]}-{code[5:]}"
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
