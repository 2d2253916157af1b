"""PostgreSQL restarts at once, under load, again and again: 503 and nothing worse, back by itself, nothing lost."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from pathlib import Path

from tests.postgres import PostgresServer, start_server
from tests.proofs.frame import Found, command
from tests.proofs.installation import Installation, installation
from tests.proofs.kill import count, drain, sound
from tests.proofs.visitors import Visitors


def prove(restarts: int) -> Found:
    home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
    server = start_server(home)
    try:
        return prove_on(server, restarts)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def prove_on(server: PostgresServer, restarts: int) -> Found:
    """Serve on this PostgreSQL, send, and restart it `restarts` times as a crash would."""
    back = []
    database = server.create()
    with installation(database_url=server.url(database)) as at:
        at.start()
        at.await_health("/readyz")
        visitors = Visitors(at)
        visitors.start()
        try:
            for _ in range(restarts):
                time.sleep(0.5)
                back.append(restart(server, at))
        finally:
            visitors.stop()
        drained = drain(at)
        ready = at.answers("/readyz")
        at.stop()
        found = count(at, visitors.acknowledged)
    server.drop(database)
    ok = sound(found) and drained and ready and not visitors.odd and max(back) < 10
    return found | {
        "ok": ok, "restarts": restarts, "drained": drained, "ready": ready,
        "back_seconds_max": round(max(back), 1), "odd": visitors.odd[:5],
    }  # fmt: skip


def restart(server: PostgresServer, at: Installation) -> float:
    """An immediate shutdown, then a start. Returns seconds from when PostgreSQL takes connections until all is ready."""
    server.stop(signal.SIGQUIT)
    server.start()
    began = time.monotonic()
    at.await_health("/readyz")
    return time.monotonic() - began


if __name__ == "__main__":
    command(prove, __doc__, restarts=50)
