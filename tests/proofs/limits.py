"""A15: a limit holds across four web servers, whatever a caller writes into X-Forwarded-For, and for a whole IPv6 /64."""

from __future__ import annotations

import http.client
import itertools
import random
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.postgres import PostgresServer, start_server
from tests.proofs.frame import Found, command
from tests.proofs.installation import ORIGIN, Installation, installation
from tests.proofs.sending import post
from tests.redis_server import start_redis

LIMIT = 60
CALLERS = 8
WINDOW_SECONDS = 60


def prove(requests: int, servers: int = 4) -> Found:
    if shutil.which("redis-server") is None:
        sys.exit("No Redis: on Debian and Ubuntu 'apt install redis-server' brings it.")
    home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
    postgres = start_server(home)
    try:
        redis = start_redis(home)
        try:
            return prove_on(postgres, redis.url, requests, servers)
        finally:
            redis.stop()
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


def prove_on(
    postgres: PostgresServer, redis: str, requests: int, servers: int, *, module: str = "widget_server.cli"
) -> Found:
    """Ask `requests` times in each way, over all servers; count who was let in."""
    database = postgres.create()
    try:
        with installation(database_url=postgres.url(database)) as at:
            at.more = {
                "WIDGET_LIMITS_URL": redis, "WIDGET_TRUSTED_PROXIES": "1", "WIDGET_RESPONSES_PER_MINUTE": str(LIMIT),
                "WIDGET_UNVERIFIED_PER_MINUTE": str(LIMIT // 2), "WIDGET_API_PER_MINUTE": str(LIMIT),
            }  # fmt: skip
            ports = [at.start_beside("serve", "--no-worker", module=module) for _ in range(servers)]
            for port in ports:
                at.await_health(port=port)
            let_in, slowest = {}, 0.0
            for way, (most, ask) in ways(at).items():
                began = time.monotonic()
                let_in[way] = (count(ask, ports, requests), most)
                slowest = max(slowest, time.monotonic() - began)
            at.stop()
    finally:
        postgres.drop(database)
    over = {way: got - most for way, (got, most) in let_in.items()}
    return {
        "ok": not any(over.values()) and slowest < WINDOW_SECONDS, "servers": servers, "requests_each": requests,
        **{f"let_in: {way}": f"{got} of {requests}, limit {most}" for way, (got, most) in let_in.items()}, "over": over,
        "slowest_seconds": round(slowest, 1),
    }  # fmt: skip


Ask = Callable[[http.client.HTTPConnection, int], int]


def ways(at: Installation) -> dict[str, tuple[int, Ask]]:
    """Each way to come in: how many a minute may, and one request of it, the n-th."""
    chance = random.Random(1)

    def submission() -> dict[str, object]:
        return {
            "p": 1, "id": str(uuid.uuid4()), "secret": uuid.uuid4().hex, "survey": "feedback",
            "version": at.versions["feedback"], "answers": {"mood": 5},
        }  # fmt: skip

    def forging(connection: http.client.HTTPConnection, n: int) -> int:
        forged = ", ".join(f"198.51.{chance.randrange(256)}.{chance.randrange(256)}" for _ in range(1 + n % 3))
        return post(connection, submission(), {"X-Forwarded-For": f"{forged}, 203.0.113.7"})[0]

    def one_network(connection: http.client.HTTPConnection, n: int) -> int:
        return post(connection, submission(), {"X-Forwarded-For": f"2001:db8:7:7:{n:x}::{n:x}"})[0]

    def without_origin(connection: http.client.HTTPConnection, n: int) -> int:
        headers = {"X-Forwarded-For": f"198.51.100.{n % 250}, 203.0.113.8", "Origin": None}
        return post(connection, submission(), headers)[0]

    def events(connection: http.client.HTTPConnection, n: int) -> int:
        headers = {"X-Forwarded-For": f"10.0.0.{n % 250}, 203.0.113.9", "Origin": ORIGIN, "Content-Type": "text/plain"}
        event = f'{{"events": [{{"display": "{uuid.uuid4()}", "survey": "feedback", "version": "a", "kind": "shown"}}]}}'
        connection.request("POST", "/v1/sites/proof/events", event.encode(), headers)
        return read(connection)

    def token(connection: http.client.HTTPConnection, n: int) -> int:
        connection.request("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {at.token}"})
        return read(connection)

    return {
        "forged X-Forwarded-For": (LIMIT, forging), "addresses of one /64": (LIMIT, one_network),
        "no Origin": (LIMIT // 2, without_origin), "events": (LIMIT, events), "one token at the API": (LIMIT, token),
    }  # fmt: skip


def read(connection: http.client.HTTPConnection) -> int:
    answer = connection.getresponse()
    answer.read()
    return answer.status


def count(ask: Ask, ports: list[int], requests: int) -> int:
    """How many of `requests`, from many callers at once and each at every server in turn, were let in, not 429."""
    numbers: Iterator[int] = iter(range(requests))
    statuses: list[int] = []

    def call() -> None:
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=20) for port in ports]
        for connection in itertools.cycle(connections):
            number = next(numbers, None)
            if number is None:
                break
            statuses.append(ask(connection, number))
        for connection in connections:
            connection.close()

    callers = [threading.Thread(target=call) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(statuses) == requests
    assert {status for status in statuses if status >= 300} <= {429}
    return sum(status < 300 for status in statuses)


if __name__ == "__main__":
    command(prove, __doc__, requests=1000, servers=4)
