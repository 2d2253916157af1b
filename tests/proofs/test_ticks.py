"""A26: timed work runs once, on both databases, though whoever is at it is killed."""

from __future__ import annotations

import pytest

from tests.postgres import PostgresServer
from tests.proofs.ticks import prove_on

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_each_tick_has_one_effect() -> None:
    found = prove_on(3, 60, 2)
    assert found["ok"], found


def test_each_tick_has_one_effect_on_postgresql(postgres_server: PostgresServer) -> None:
    found = prove_on(3, 60, 2, server=postgres_server)
    assert found["ok"], found
