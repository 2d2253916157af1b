"""Several web processes on one port: refused where they would count apart, and one limit where they count in Redis (A15)."""

from __future__ import annotations

import http.client
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.install.test_proxies import submission
from tests.proofs.installation import ORIGIN, Installation, children_of, installation
from tests.redis_server import RedisServer
from widget_server.checks.address import _ask
from widget_server.cli import main
from widget_server.config import ensure_keys

LIMIT = 20


def test_several_processes_that_count_in_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_keys(tmp_path)
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path))
    done = CliRunner().invoke(main, ["serve", "--workers", "4"])
    assert done.exit_code == 1
    assert "let in 4 times as many: set WIDGET_LIMITS_URL" in done.output


@pytest.mark.slow
def test_three_processes_on_a_port_are_one_server(postgres_url: str, redis_server: RedisServer) -> None:
    with installation(database_url=postgres_url) as at:
        at.more = {"WIDGET_LIMITS_URL": redis_server.url, "WIDGET_RESPONSES_PER_MINUTE": str(LIMIT)}
        at.start("widget_server.cli", "--no-worker", "--workers", "3")
        assert len(processes(at)) == 3
        statuses = [sent(at) for _ in range(3 * LIMIT)]
        assert statuses.count(202) == LIMIT
        assert set(statuses) == {202, 429}
        victim = web_processes(at)[0]
        os.kill(victim, signal.SIGKILL)
        until = time.monotonic() + 20
        while time.monotonic() < until and len(set(web_processes(at)) - {victim}) < 3:
            time.sleep(0.1)
        assert len(set(web_processes(at)) - {victim}) == 3
        assert at.answers()
        assert at.stop() < 15


def processes(at: Installation) -> set[str]:
    """The web processes that answer, by what they say of themselves to `doctor`."""
    seen: set[str] = set()
    until = time.monotonic() + 20
    while len(seen) < 3 and time.monotonic() < until:
        with suppress(Exception):
            seen.add(_ask(at.settings)["process"])
    return seen


def web_processes(at: Installation) -> list[int]:
    return [pid for pid in children_of(at.children()["web"]) if "resource_tracker" not in command_of(pid)]


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def sent(at: Installation) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", at.port, timeout=10)
    connection.request(
        "POST", "/v1/sites/proof/responses", submission(at), {"Origin": ORIGIN, "Content-Type": "text/plain"}
    )
    status = connection.getresponse().status
    connection.close()
    return status
