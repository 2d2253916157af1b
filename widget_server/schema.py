"""Which revision the tables are at, against those that this release knows: asked by what starts, and by what says whether it
is ready. Without Alembic, which the web and the worker don't load.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, text
from sqlalchemy import inspect as look_at

FOLDER = Path(__file__).resolve().parent / "migrations" / "versions"
UPGRADE = "run 'widget-server db upgrade'"

State = Literal["current", "empty", "older", "newer"]


@cache
def revisions() -> tuple[str, ...]:
    """All that this release knows, the newest last: their files are named by them."""
    return tuple(sorted(path.name.partition("_")[0] for path in FOLDER.glob("[0-9]*_*.py")))


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    if not look_at(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def state_of(at: str | None) -> State:
    """What no revision of ours says is taken for a newer release's: an older one's are all known."""
    if at is None:
        return "empty"
    known = revisions()
    return "current" if at == known[-1] else "older" if at in known else "newer"


def remedy(at: str | None) -> str | None:
    """What is wrong with tables at this revision, and what to do, in a sentence; None when all is well."""
    match state_of(at):
        case "current":
            return None
        case "empty":
            return f"The database has no tables yet: {UPGRADE}."
        case "older":
            return f"The tables are at revision {at}, and this release wants {revisions()[-1]}: {UPGRADE}."
    return (
        f"The tables are at revision {at}, and this release knows none after {revisions()[-1]}: they are a newer release's. "
        "Install that one, or restore a backup of this one into an empty place."
    )


def readiness(at: str | None) -> str | None:
    """What keeps a process that runs from being ready. A newer release's tables don't: while an upgrade goes from process to
    process, the older ones answer on."""
    return {"empty": "the database has no tables", "older": "the tables are an older release's"}.get(state_of(at))
