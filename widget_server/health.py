"""Liveness and readiness. Open to anybody, so each check says one short sentence, and nothing of the inside."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from widget_server import schema
from widget_server.clock import MINUTE, SECOND, now_ms
from widget_server.config import settings
from widget_server.database import db, writing_connection
from widget_server.delivery.models import Heartbeat
from widget_server.sealing import read_token, sign_token

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


DOCTOR = "X-Widget-Doctor"
"""Under this header `doctor` proves that it holds the same secrets, and is told what a request looks like from here."""
_PROCESS = secrets.token_hex(8)  # made before the fork: with the pid it names one process on one machine


@blueprint.get("/healthz")
def healthz() -> Response:
    answer = _answer({"process": OK})
    if is_doctor(settings().secret_key, request.headers.get(DOCTOR, ""), now_ms()):
        chain = request.headers.get("X-Forwarded-For", "").split(",")
        named = {"hops": sum(bool(one.strip()) for one in chain), "scheme": request.scheme}
        named["process"] = f"{_PROCESS}-{os.getpid()}"
        answer.headers[DOCTOR] = " ".join(f"{name}={value}" for name, value in named.items())
    return answer


def doctors_pass(secret_key: str, now: int) -> str:
    return sign_token(secret_key, "doctor", str(now))


def is_doctor(secret_key: str, given: str, now: int) -> bool:
    """Whether this pass was made with our secret within the last minutes; clocks may differ a little."""
    at = read_token(secret_key, "doctor", given)
    return at is not None and at.isdecimal() and abs(now - int(at)) < 5 * MINUTE


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
            at = schema.revision_of(connection)
            beat = connection.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER)) if at else None
            if lacking := schema.readiness(at):
                return lacking, beat
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
