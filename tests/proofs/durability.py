"""A2: every commit is on the disk before it is acknowledged: syncs are counted, pragmas read on each connection."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.conftest import make_app, make_settings
from tests.postgres import start_server
from tests.proofs.frame import Found, command
from tests.proofs.installation import children_of, installation
from tests.proofs.visitors import Visitors
from widget_server import checkup
from widget_server.database import PRAGMAS, db

SECONDS = 30


def prove(acknowledgements: int) -> Found:
    """Serve under strace where there is one, take so many submissions one after the other, and count."""
    settled = {"pragmas": pragmas(), "doctor": doctor()}
    synced = syncs(acknowledgements) if shutil.which("strace") else {"ok": True, "strace": "not here"}
    return {"ok": all(settled.values()) and synced["ok"], **settled, **{k: v for k, v in synced.items() if k != "ok"}}


def pragmas() -> bool:
    """On each connection that the pool gives, as many as it may."""
    folder = Path(tempfile.mkdtemp(prefix="widget-pragmas-"))
    app = make_app(make_settings(folder))
    try:
        with app.app_context():
            pool = db.engine.pool
            connections = [pool.connect() for _ in range(pool.size() + pool._max_overflow)]  # type: ignore[attr-defined]
            read = [
                {name: connection.cursor().execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
                for connection in connections
            ]
            for connection in connections:
                connection.close()
            db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return read == [PRAGMAS] * len(connections)


def doctor() -> bool:
    """Whether it is content with a PostgreSQL as it comes, and not with one that does not wait for its disk."""
    home, folder = (Path(tempfile.mkdtemp(prefix=f"widget-{name}-")) for name in ("postgres", "doctor"))
    server = start_server(home)
    try:
        name = server.create()
        app = make_app(make_settings(folder, database_url=server.url(name)))
        verdicts = []
        for value in ("on", "off"):
            server.run(f"ALTER DATABASE {name} SET synchronous_commit = {value}")
            with app.app_context():
                db.engine.dispose()
                verdicts.append(next(one.ok for one in checkup.findings() if one.about == "durability"))
                db.session.remove()
        with app.app_context():
            db.engine.dispose()
    finally:
        server.stop()
        for made in (home, folder):
            shutil.rmtree(made, ignore_errors=True)
    return verdicts == [True, False]


def syncs(acknowledgements: int) -> Found:
    """One after the other, each acknowledgement must have had a sync of its own before it."""
    with installation() as at:
        at.start("widget_server.cli", "--no-worker")
        trace = at.folder / "trace"
        web = at.children()["web"]
        with tracing(web, trace):
            visitor = Visitors(at, threads=1, pause=0)
            visitor.start()
            until = time.monotonic() + SECONDS + acknowledgements / 2
            while len(visitor.acknowledged) < acknowledgements and time.monotonic() < until:
                time.sleep(0.02)
            visitor.stop()
        at.stop()
        words = trace.read_text(errors="replace")
    synced, commits = len(re.findall(r"fdatasync\(|fsync\(", words)), len(visitor.acknowledged)
    return {
        "ok": commits >= acknowledgements and synced >= commits and not visitor.odd,
        "acknowledged": commits, "synced": synced,
    }  # fmt: skip


class tracing:
    """strace on a process and all of its threads and children, from when it watches until it is let go."""

    def __init__(self, pid: int, trace: Path) -> None:
        pids = [pid, *_below(pid)]
        flags = [word for one in pids for word in ("-p", str(one))]
        self._command = ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", str(trace), *flags]
        self._watching = threading.Event()

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        if not self._watching.wait(10):
            sys.exit("strace may not watch here.")
        time.sleep(0.3)

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _read(self) -> None:
        for line in self._process.stderr or ():
            if "attached" in line:
                self._watching.set()


def _below(pid: int) -> list[int]:
    return [found for child in children_of(pid) for found in (child, *_below(child))]


if __name__ == "__main__":
    command(prove, __doc__, acknowledgements=500)
