"""A21: what the machine can't do any more is said with 503, and nothing is lost by it."""

from __future__ import annotations

import pytest

from tests.postgres import PostgresServer
from tests.proofs import faults

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_lock_that_somebody_holds_is_a_503_until_it_is_let_go() -> None:
    found = faults.lock_held(5)
    assert found["ok"], found


@pytest.mark.skipif(not faults.may_mount(), reason="a small disk can be mounted by root alone")
def test_a_full_disk_takes_nothing_falsely_and_stops_nobody() -> None:
    found = faults.full_disk(2)
    assert found["ok"], found
    assert found["told_to_wait"] > 0


def test_a_database_without_a_free_connection_is_a_503(postgres_server: PostgresServer) -> None:
    found = faults.no_connection(postgres_server, 2)
    assert found["ok"], found
