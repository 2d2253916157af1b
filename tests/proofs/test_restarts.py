"""A12, A20, A22 at a small size: mail under kill, the database restarting, the server restarting; all under load."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.postgres import PostgresServer
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
def test_a_restart_of_the_database_loses_nothing_and_is_a_503_at_worst(start_postgres: Callable[[], PostgresServer]) -> None:
    found = database_restart.prove_on(start_postgres(), 2)
    assert found["ok"], found
