"""What a transport answers: arrived, refused for good, or worth another try. Pure; siblings share it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Arrived:
    """The other side took it over."""


@dataclass(frozen=True)
class Refused:
    """No further try will help. `reason` is for staff, and names no address."""

    reason: str


@dataclass(frozen=True)
class Unreached:
    """Not now; a later try may. `reason` is for staff, and names no address. `wait`: what the other side asked for, ms."""

    reason: str
    wait: int | None = None


Outcome = Arrived | Refused | Unreached


@dataclass(frozen=True)
class Message:
    """One message as a transport needs it. `key` is the same on every try."""

    key: str
    recipient: str
    subject: str
    body: str
    language: str
    at: int  # ms since the epoch, when it was written
    automatic: bool  # nobody wrote it by hand
