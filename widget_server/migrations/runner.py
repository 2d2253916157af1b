"""Brings a database to a revision, and says at which one it stands. Called by the command line and by tests.

All steps of one call are one transaction: a migration that fails leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event

from widget_server.database import writing_connection

FOLDER = Path(__file__).resolve().parent


def upgrade(engine: Engine, to: str = "head") -> None:
    _run(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str = "base") -> None:
    _run(engine, lambda config: command.downgrade(config, to))


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this release wants."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def config_for(connection: Connection) -> Config:
    """Alembic's settings without a file of its own; env.py works on this connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _run(engine: Engine, work: Callable[[Config], None]) -> None:
    with _keys_unenforced(engine), writing_connection(engine) as connection:
        work(config_for(connection))
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"The migration leaves {len(broken)} rows that point nowhere, so nothing was changed")


@contextmanager
def _keys_unenforced(engine: Engine) -> Iterator[None]:
    """SQLite changes a table by making it anew; while foreign keys are on, dropping the old one deletes what points at it.

    The pragma holds for a connection and can't be changed inside a transaction, so it is set as connections are made.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    def unenforce(dbapi_connection: object, _record: object, _proxy: object) -> None:
        dbapi_connection.execute("PRAGMA foreign_keys = 0")  # type: ignore[attr-defined]

    event.listen(engine, "checkout", unenforce)
    try:
        yield
    finally:
        event.remove(engine, "checkout", unenforce)
        engine.dispose()  # the next connections begin with the pragmas that database.py asks for
