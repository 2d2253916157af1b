"""What goes on after the thank-you: every 250 ms the worker takes what is due and lets `pipeline` do the rest.

The rows are the truth. Work is claimed by a conditional update with a lease, each effect has a unique key, and an
outcome is committed with what it caused: so a worker may die at any moment, and another goes on. On SQLite there is
one worker, held by a lock file; on PostgreSQL as many as you like.

One thread looks after responses, follow-ups, timed jobs and the heartbeat; another talks to the outside world, so
that a slow mail server delays no case.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event, Thread

import structlog
from flask import Flask
from sqlalchemy.engine import make_url

from widget_server import jobs, processing
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.delivery import outbox
from widget_server.delivery.sending import send_due

LOOK_SECONDS = 0.25
BEAT_SECONDS = 4.0
SLOW_DOWN_SECONDS = 5.0
"""After a step failed as a whole (no database, full disk), the next look waits up to that long."""

log = structlog.get_logger("worker")


def run(app: Flask, stop: Event | None = None) -> None:
    """Work until `stop` is set, or forever. Ends within a step; what it holds then is committed or rolled back."""
    stop = stop or Event()
    with app.app_context(), _alone(stop) as alone:
        if not alone:
            return
        processing.warm_up()
        messenger = Thread(target=_deliver, args=(app, stop), name="deliveries", daemon=True)
        messenger.start()
        log.info("worker.started")
        _every(LOOK_SECONDS, stop, _Round())
        messenger.join(outbox.LEASE / 1000)
        log.info("worker.stopped")


def run_once(app: Flask) -> int:
    """All that is due now, in this thread: responses, follow-ups, deliveries. Returns how much was done."""
    with app.app_context() if not _inside(app) else nullcontext():
        processing.warm_up()
        done = 0
        while step := processing.process_due() + jobs.run_due() + send_due():
            done += step
        return done


class _Round:
    """One look at what is due; a heartbeat now and then."""

    def __init__(self) -> None:
        self._beat_at = 0.0

    def __call__(self, stop: Event) -> int:
        if time.monotonic() >= self._beat_at:
            with writing():
                jobs.beat()
            self._beat_at = time.monotonic() + BEAT_SECONDS
        return processing.process_due(stop) + jobs.run_due()


def _deliver(app: Flask, stop: Event) -> None:
    with app.app_context():
        _every(LOOK_SECONDS, stop, send_due)


def _every(seconds: float, stop: Event, step: Callable[[Event], int]) -> None:
    """Do `step` again and again; rest when it found nothing. A step that fails is tried again, ever more slowly."""
    wait = seconds
    while not stop.is_set():
        try:
            found = step(stop)
            wait = seconds
        except Exception:
            log.exception("worker.step_failed")
            found, wait = 0, min(wait * 2, SLOW_DOWN_SECONDS)
        finally:
            db.session.remove()
        if not found:
            stop.wait(wait)


@contextmanager
def _alone(stop: Event) -> Iterator[bool]:
    """On SQLite: wait until no other worker runs, then free what a dead one held. False when stopped meanwhile."""
    if not settings().is_sqlite:
        yield True
        return
    path = Path(f"{make_url(settings().database_url).database}.worker")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _locked(descriptor):
            if stop.wait(LOOK_SECONDS):
                yield False
                return
        with writing():
            processing.release_leases()
            outbox.release_leases()
        yield True
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _inside(app: Flask) -> bool:
    from flask import current_app, has_app_context

    return has_app_context() and current_app._get_current_object() is app  # type: ignore[attr-defined]
