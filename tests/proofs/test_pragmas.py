"""A2: a commit is on the disk when it returns, on every connection that the pool hands out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import REPOSITORY
from widget_server.database import PRAGMAS, db

WRITES = 20
PROGRAM = """
import sys
from pathlib import Path
from tests.conftest import make_app, make_settings
from widget_server import jobs
from widget_server.clock import travel
from widget_server.database import db, writing
app = make_app(make_settings(Path(sys.argv[1])))
with app.app_context():
    with writing():
        jobs.beat()
    print("BEGIN", flush=True)
    for moment in range({writes}):
        with travel(moment), writing():  # equal content would not be written again
            jobs.beat()
    print("END", flush=True)
    import os
    os._exit(0)
"""


def test_every_pooled_connection_syncs_each_commit(app: Flask) -> None:
    pool = db.engine.pool
    connections = [pool.connect() for _ in range(pool.size() + pool._max_overflow)]  # type: ignore[attr-defined]
    for connection in connections:
        for name, wanted in PRAGMAS.items():
            assert connection.cursor().execute(f"PRAGMA {name}").fetchone()[0] == wanted
    for connection in connections:
        connection.close()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace counts the syncs; 'apt install strace' brings it")
def test_each_commit_is_one_sync_of_the_log(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    watched = [shutil.which("strace") or "strace", "-f", "-e", "trace=fdatasync,fsync,write", "-o", str(trace)]
    done = subprocess.run(
        [*watched, sys.executable, "-c", PROGRAM.replace("{writes}", str(WRITES)), str(tmp_path)],
        cwd=REPOSITORY, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip("this machine does not allow strace")
    assert done.returncode == 0, done.stderr
    between = trace.read_text().partition('"BEGIN')[2].partition('"END')[0]
    syncs = between.count("fdatasync(") + between.count("fsync(")
    assert syncs >= WRITES
