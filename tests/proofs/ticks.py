"""A26: timed work runs once for each tick, however many processes look at the clock and whichever is killed at it."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests import warm
from tests.conftest import make_app, make_settings
from tests.postgres import PostgresServer, start_server
from tests.proofs.frame import Found, command
from tests.proofs.goes_through import EFFECTS
from widget_server.config import Settings
from widget_server.database import db, writing


def prove(processes: int, ticks: int, kills: int, seed: int = 1) -> Found:
    """On SQLite, then on a PostgreSQL of its own."""
    found = prove_on(processes, ticks, kills, seed)
    home = Path(tempfile.mkdtemp(prefix="widget-postgres-"))
    server = start_server(home)
    try:
        other = prove_on(processes, ticks, kills, seed, server)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    return {
        "ok": found["ok"] and other["ok"], "processes": processes, "ticks": ticks,
        **{f"sqlite: {name}": value for name, value in found.items()},
        **{f"postgresql: {name}": value for name, value in other.items()},
    }  # fmt: skip


def prove_on(processes: int, ticks: int, kills: int, seed: int = 1, server: PostgresServer | None = None) -> Found:
    """Let `processes` go through `ticks` side by side, killing whoever just works; count the effects."""
    folder = Path(tempfile.mkdtemp(prefix="widget-ticks-"))
    database = server.create() if server else None
    changes = {"database_url": server.url(database)} if server and database else {}
    settings = make_settings(folder, **changes)
    app = make_app(settings)
    with app.app_context(), writing():
        db.session.execute(text(f"CREATE TABLE {EFFECTS} (tick INTEGER NOT NULL, pid INTEGER NOT NULL)"))
    workers = [_start(settings, ticks) for _ in range(processes)]
    killed = _kill_often(workers, settings, ticks, kills, random.Random(seed), app)
    for worker in workers:
        worker.wait(600)
    with app.app_context():
        effects, distinct, busy = db.session.execute(
            text(f"SELECT count(*), count(DISTINCT tick), count(DISTINCT pid) FROM {EFFECTS}")
        ).one()
        db.session.remove()
        db.engine.dispose()
    finished = all(worker.returncode == 0 for worker in workers)
    if server and database:
        server.drop(database)
    shutil.rmtree(folder, ignore_errors=True)
    return {
        "ok": finished and effects == distinct == ticks, "effects": effects, "twice": effects - distinct,
        "missed": ticks - distinct, "kills": killed, "processes_that_won": busy,
    }  # fmt: skip


def _start(settings: Settings, ticks: int) -> warm.Warm:
    """One process: each tick in turn, as a worker's timed work meets it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
    environment = inherited | {
        "WIDGET_INSTANCE": str(settings.instance),
        "WIDGET_DATABASE_URL": settings.database_url,
        "WIDGET_SECRET_KEY": settings.secret_key,
        "WIDGET_ENCRYPTION_KEYS": ",".join(settings.encryption_keys),
    }
    with open(settings.instance / "ticks.log", "ab") as log:
        return warm.start(str(ticks), module="tests.proofs.goes_through", env=environment, log=log)


def _kill_often(
    workers: list[warm.Warm], settings: Settings, ticks: int, kills: int, chance: random.Random, app: Any
) -> int:
    """SIGKILL one after the other while ticks are left; another takes its place."""
    with app.app_context():
        while not _reached():  # they need a second to start
            time.sleep(0.05)
        killed, at_most = 0, ticks / (kills + 1)
        while killed < kills and any(worker.poll() is None for worker in workers):
            if _reached() >= (killed + 1) * at_most:
                place = chance.randrange(len(workers))
                if workers[place].poll() is None:
                    workers[place].kill()
                    workers[place].wait()
                    workers[place] = _start(settings, ticks)
                    killed += 1
            time.sleep(0.01)
    return killed


def _reached() -> int:
    db.session.rollback()
    found: int = db.session.scalar(text(f"SELECT count(*) FROM {EFFECTS}")) or 0
    db.session.rollback()
    return found


if __name__ == "__main__":
    command(prove, __doc__, processes=8, ticks=1000, kills=20, seed=1)
