"""The audit log can only be added to, whoever asks the database: by the models' tables and by the migrated ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import IntegrityError

from widget_server.accounts.append_only import REFUSAL
from widget_server.database import Base, engine_options, prepare_engine, writing_connection
from widget_server.migrations import runner

ENTRY = "INSERT INTO audit (id, user_id, action, subject, detail, note, at) VALUES (1, 7, 'seen', 'x', '{}', '', 5)"
USER = (
    "INSERT INTO users (id, public_id, email, name, language, password, active, fs_uniquifier, single_keys) "
    "VALUES (7, 'p', 'maren@ternair.example', '', 'en', '', true, 'f', true)"
)
REFUSED = [
    "DELETE FROM audit",
    "UPDATE audit SET action = 'nothing'",
    "UPDATE audit SET at = 6",
    "UPDATE audit SET detail = '{\"a\": 1}'",
    "UPDATE audit SET user_id = 8",
    "UPDATE audit SET id = 2",
]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], scope="module")
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('audit') / 'widget.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=["models", "migrations"])
def engine(request: pytest.FixtureRequest, url: str) -> Iterator[Engine]:
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    if request.param == "migrations":
        runner.upgrade(engine)
    else:
        with writing_connection(engine) as connection:
            Base.metadata.create_all(connection)
    yield engine
    if request.param == "migrations":
        runner.downgrade(engine)
    else:
        with writing_connection(engine) as connection:
            Base.metadata.drop_all(connection)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("DROP FUNCTION audit_is_append_only")
    engine.dispose()


def entries(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql("SELECT id, user_id, action, at FROM audit")]


def test_an_entry_stays_as_it_was_written(engine: Engine) -> None:
    with writing_connection(engine) as connection:
        connection.exec_driver_sql(USER)
        connection.exec_driver_sql(USER.replace("7, 'p'", "8, 'q'").replace("maren", "lise").replace("'f'", "'g'"))
        connection.exec_driver_sql(ENTRY)
    also = ["TRUNCATE audit"] if engine.dialect.name == "postgresql" else []
    for statement in [*REFUSED, *also]:
        with pytest.raises(IntegrityError, match=REFUSAL), writing_connection(engine) as connection:
            connection.exec_driver_sql(statement)
    with writing_connection(engine) as connection:
        assert entries(connection) == [(1, 7, "seen", 5)], "nothing was changed"
        connection.exec_driver_sql("DELETE FROM users WHERE id = 7")
        assert entries(connection) == [(1, None, "seen", 5)], "who left is no longer named; what was done stays"


def test_leave_to_retire_ends_with_its_transaction(engine: Engine) -> None:
    with writing_connection(engine) as connection:
        connection.exec_driver_sql(ENTRY.replace("7, 'seen'", "NULL, 'seen'"))
    with writing_connection(engine) as connection:
        leave = connection.begin_nested()
        connection.exec_driver_sql("INSERT INTO audit_retiring (id) VALUES (1)")
        leave.rollback()
    with pytest.raises(IntegrityError, match=REFUSAL), writing_connection(engine) as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    with writing_connection(engine) as connection:
        connection.exec_driver_sql("INSERT INTO audit_retiring (id) VALUES (1)")
        connection.exec_driver_sql("DELETE FROM audit")
        connection.exec_driver_sql("DELETE FROM audit_retiring")
        assert entries(connection) == []
