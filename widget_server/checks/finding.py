"""What `doctor` says of one thing: what it is about, whether all is well, and in plain words what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    about: str
    ok: bool
    says: str


def well(about: str, says: str) -> Finding:
    return Finding(about, True, says)


def wrong(about: str, says: str) -> Finding:
    return Finding(about, False, says)
