"""Other projects on the same server. See below."""

from __future__ import annotations

from typing import Any


class NotHere(Exception):
    """One sentence on why a peer can't be measured here."""


PEERS: dict[str, Any] = {}
