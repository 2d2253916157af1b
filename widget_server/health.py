"""Liveness and readiness. Open to anybody, so each check says one short sentence, and nothing of the inside."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, jsonify
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from widget_server.clock import SECOND, now_ms
from widget_server.config import settings
from widget_server.database import db, writing_connection
from widget_server.delivery.models import Heartbeat

blueprint = Blueprint("health", __name__)

OK = "ok"
WORKER = "worker"
"""The name of the row that a worker writes while it lives."""
STALE = 15 * SECOND
LEAST_FREE_BYTES = 64 * 1024 * 1024
PATIENCE_SECONDS = 3.0
"""How long the writers' queue may be before the database counts as not writable."""
REMEMBERED_SECONDS = 1.0
"""Anybody may ask, so the answer about the database is worth that long."""


@blueprint.get("/healthz")
def healthz() -> Response:
    return _answer({"process": OK})


@blueprint.get("/readyz")
def readyz() -> Response:
    written, beat = _probe.ask(db.engine)
    folder = settings().instance
    return _answer({"database": written, "worker": worker_state(beat, now_ms()), "disk": disk_state(folder)})


def worker_state(beat: int | None, now: int) -> str:
    """What a heartbeat at `beat` (ms since the epoch; None: never) says at `now`."""
    if beat is None:
        return "no worker has been seen"
    return OK if now - beat <= STALE else f"the worker was last seen {(now - beat) // SECOND} seconds ago"


def disk_state(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return "the data folder can't be read"
    return OK if free >= LEAST_FREE_BYTES else f"less than {LEAST_FREE_BYTES // 1024 // 1024} MB are free"


class _Undo(Exception):
    """Takes back what was written to see whether it could be."""


class _Probe:
    """Writes and takes back, reads the heartbeat; one at a time, and never waits for ever.

    It runs in a thread of its own because waiting for the writers' lock has no end that could be set.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, "readiness")
        self._running: Future[tuple[str, int | None]] | None = None
        self._known: tuple[str, int | None] = ("not asked yet", None)
        self._known_until = 0.0
        self._engine: Engine | None = None

    def ask(self, engine: Engine) -> tuple[str, int | None]:
        with self._lock:
            if engine is not self._engine:
                self._engine, self._running, self._known_until = engine, None, 0.0
            if time.monotonic() < self._known_until:
                return self._known
            if self._running is None:
                self._running = self._thread.submit(_look, engine)
            try:
                self._known = self._running.result(PATIENCE_SECONDS)
                self._running = None
            except Late:
                self._known = ("writers wait too long", None)
            self._known_until = time.monotonic() + REMEMBERED_SECONDS
            return self._known


def _look(engine: Engine) -> tuple[str, int | None]:
    try:
        with engine.connect() as connection:
            beat = connection.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
    except (SQLAlchemyError, OSError):
        return "the database does not answer", None
    try:
        with writing_connection(engine) as connection:
            connection.execute(insert(Heartbeat).values(name="readiness", at=0, detail=""))
            raise _Undo
    except _Undo:
        return OK, beat
    except (SQLAlchemyError, OSError):
        return "the database does not take writes", beat


_probe = _Probe()


def _answer(checks: dict[str, str]) -> Response:
    ready = all(state == OK for state in checks.values())
    answer = jsonify({"status": OK if ready else "unavailable", "checks": checks})
    answer.headers["Cache-Control"] = "no-store"
    if not ready:
        answer.status_code = 503
        answer.headers["Retry-After"] = "5"
    return answer
