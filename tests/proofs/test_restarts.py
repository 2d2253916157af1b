"""A12, A20, A22 at a small size: mail under kill, the database restarting, the server restarting; all under load."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, start_server
from tests.proofs import database_restart, outbox, rolling

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_mail_arrives_though_the_worker_is_killed_and_twice_at_most_as_often_as_that() -> None:
    found = outbox.prove(60, 4)
    assert found["ok"], found


def test_a_restart_of_the_server_loses_nothing() -> None:
    found = rolling.prove(2)
    assert found["ok"], found
    assert found["stop_seconds_max"] < 15


@pytest.mark.postgres
def test_a_restart_of_the_database_loses_nothing_and_is_a_503_at_worst(own_postgres: PostgresServer) -> None:
    found = database_restart.prove_on(own_postgres, 2)
    assert found["ok"], found


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """One that may be restarted without disturbing other tests; as root it must lie where its user can reach it."""
    home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
    server = start_server(home)
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)
