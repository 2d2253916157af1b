"""What `serve` and `worker` look at before they begin: what would let them die again and again is said once, in words."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import InterfaceError, OperationalError

from widget_server import counting, schema
from widget_server.checks.analysers import unknown_analysers
from widget_server.config import Settings, WrongSetting
from widget_server.database import engine_options
from widget_server.routing.rulebook import WrongRulebook, load_rulebook


def refuse_to_start(ours: Settings) -> None:
    """
    Raises:
        WrongSetting: with what to do.
        SQLAlchemyError: SQLite's file can't be used. A server that is away is waited for, as when it goes away later.
    """
    if wrong := unusable(ours):
        raise WrongSetting(wrong)
    if ours.is_sqlite:
        _refuse_other_tables(ours)
    else:
        with suppress(OperationalError, InterfaceError):
            _refuse_other_tables(ours)


def unusable(ours: Settings) -> str | None:
    """What is wrong with settings that name something to be loaded: analysers, the rulebook, where limits are counted."""
    return unknown_analysers(ours.analysers) or _unusable_rules(ours.surveys_dir) or _unusable_limits(ours.limits_url)


def _unusable_rules(folder: Path) -> str | None:
    try:
        load_rulebook(folder / "routing.yaml")
    except WrongRulebook as error:
        return f"WIDGET_SURVEYS, {folder}: {error.faults[0]}. 'widget-server surveys check' tells all"
    return None


def _unusable_limits(url: str) -> str | None:
    """That a store is away is no reason: it may come, and meanwhile visitors are let in."""
    if url == counting.MEMORY or counting.usable(url):
        return None
    return (
        "WIDGET_LIMITS_URL names no store that can be used: give memory://, or redis://host:6379/0, for which "
        "'redis' must be installed (pip install 'widget-server[redis]')"
    )


def _refuse_other_tables(ours: Settings) -> None:
    engine = create_engine(ours.database_url, **engine_options(ours.database_url))
    try:
        with engine.connect() as connection:
            wrong = schema.remedy(schema.revision_of(connection))
    finally:
        engine.dispose()
    if wrong:
        raise WrongSetting(wrong)
