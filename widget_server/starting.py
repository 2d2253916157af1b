"""What `serve` and `worker` look at before they begin: what would let them die again and again is said once, in words."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import create_engine
from sqlalchemy.exc import InterfaceError, OperationalError

from widget_server import schema
from widget_server.config import Settings, WrongSetting
from widget_server.database import engine_options


def refuse_to_start(ours: Settings) -> None:
    """
    Raises:
        WrongSetting: with what to do.
        SQLAlchemyError: SQLite's file can't be used. A server that is away is waited for, as when it goes away later.
    """
    if ours.is_sqlite:
        _refuse_other_tables(ours)
    else:
        with suppress(OperationalError, InterfaceError):
            _refuse_other_tables(ours)


def _refuse_other_tables(ours: Settings) -> None:
    engine = create_engine(ours.database_url, **engine_options(ours.database_url))
    try:
        with engine.connect() as connection:
            wrong = schema.remedy(schema.revision_of(connection))
    finally:
        engine.dispose()
    if wrong:
        raise WrongSetting(wrong)
