"""A15: limits hold to the last request over several web servers, with real PostgreSQL and Redis."""

from __future__ import annotations

import pytest

from tests.postgres import PostgresServer
from tests.proofs.limits import prove_on
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_no_limit_lets_one_more_in(postgres_server: PostgresServer, redis_server: RedisServer) -> None:
    found = prove_on(postgres_server, redis_server.url, requests=100, servers=2)
    assert found["ok"], found


def test_the_proof_notices_who_believes_the_left_most_address(
    postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    found = prove_on(postgres_server, redis_server.url, requests=100, servers=1, module="tests.proofs.believes_anybody")
    assert found["over"]["forged X-Forwarded-For"] > 0, found
