"""Addresses of the console's own files, with a hash of their content: changed files are fetched, others never again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "console"


@cache
def asset(name: str) -> str:
    """The address of `static/console/<name>`. Raises FileNotFoundError for a name that isn't there."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/console/static/console/{name}?v={digest}"
