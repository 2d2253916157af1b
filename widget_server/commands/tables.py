"""Takes the tables to a revision, or says in a sentence why this release can't."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError

from widget_server import schema
from widget_server.commands.frame import engine
from widget_server.errors import Conflict
from widget_server.migrations import runner


def upgrade_tables(to: str = "head") -> None:
    """Raises: Conflict, when the tables can't be taken there by this release."""
    with _said():
        runner.upgrade(engine(), _named(to))


def downgrade_tables(to: str) -> None:
    """Raises: Conflict, the same."""
    with _said():
        runner.downgrade(engine(), _named(to))


def _named(to: str) -> str:
    if not to.strip():
        raise CommandError("No revision was given")
    return to


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise Conflict(why(runner.current(engine()), str(error))) from error


def why(at: str | None, said: str) -> str:
    if schema.state_of(at) == "newer":
        return str(schema.remedy(at))
    there = ", ".join(("base", *schema.revisions()))
    return f"{said}. The database is at {at or 'base'}; there are {there}. Nothing was changed."
