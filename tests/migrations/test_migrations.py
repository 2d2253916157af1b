"""The migrations make exactly the tables of the models, on both databases, and take them away again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from widget_server import app as _every_model  # noqa: F401
from widget_server.database import PRAGMAS, Base, engine_options, prepare_engine, writing_connection
from widget_server.migrations import runner

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(runner.FOLDER)).walk_revisions()))]


def open_engine(url: str) -> Engine:
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    return engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, opened by the rules of database.py."""
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_empty_url") if postgres else f"sqlite:///{tmp_path / 'widget.db'}"
    engine = open_engine(url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def checks(engine: Engine) -> dict[str, set[tuple[str | None, str]]]:
    seen = inspect(engine)
    return {
        table: {(check["name"], "".join(check["sqltext"].split())) for check in seen.get_check_constraints(table)}
        for table in tables(engine)
    }


def test_every_migration_goes_up_down_and_up_again(engine: Engine) -> None:
    for revision in REVISIONS:
        runner.upgrade(engine, revision)
        assert runner.current(engine) == revision
        runner.downgrade(engine, "-1")
        runner.upgrade(engine, revision)
    runner.downgrade(engine)
    assert tables(engine) == set()
    runner.upgrade(engine)
    assert tables(engine) == set(Base.metadata.tables)


def test_the_migrated_schema_is_that_of_the_models(engine: Engine) -> None:
    runner.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_check_constraints_are_those_of_the_models(engine: Engine) -> None:
    runner.upgrade(engine)
    migrated = checks(engine)
    runner.downgrade(engine)
    with writing_connection(engine) as connection:
        Base.metadata.create_all(connection)
    assert migrated == checks(engine)


def test_a_migration_that_fails_changes_nothing(engine: Engine) -> None:
    with pytest.raises(Exception, match="nowhere-to-be-found"):
        runner.upgrade(engine, "nowhere-to-be-found")
    assert tables(engine) == set()


def test_after_migrating_sqlite_enforces_its_keys_again(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'widget.db'}")
    runner.upgrade(engine)
    with engine.connect() as connection:
        for name, wanted in PRAGMAS.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == wanted
    engine.dispose()
