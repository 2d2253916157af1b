"""What goes on after the thank-you: the worker takes what is due, and lets `pipeline` do the rest.

Every 250 ms it sees whether anything was committed, and looks for what is due then; every two seconds it looks anyway.

The rows are the truth. Work is claimed by a conditional update with a lease, each effect has a unique key, and an
outcome is committed with what it caused: so a worker may die at any moment, and another goes on. On SQLite there is
one worker, held by a lock file; on PostgreSQL as many as you like.

One thread looks after responses, follow-ups and the heartbeat. Timed jobs have another, so that letting go of a year's
answers delays no new one, and so has what talks to the outside world: a slow mail server delays no case.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event, Thread, current_thread, main_thread

import structlog
from flask import Flask, current_app, has_app_context

from widget_server import holding, jobs, processing
from widget_server.config import settings
from widget_server.database import Commits, db, writing
from widget_server.delivery import outbox
from widget_server.delivery.sending import send_due
from widget_server.scoring import rescoring
from widget_server.webhooks import outbox as webhook_outbox
from widget_server.webhooks import sending as webhooks

LOOK_SECONDS = 0.25
UNHURRIED_SECONDS = 1.0  # for what goes by mail or waits for nobody
ANYWAY_SECONDS = 2.0  # what was to wait for its time becomes due without a commit
BEAT_SECONDS = 4.0
JOBS_SECONDS = 10.0
SLOWEST_SECONDS = 2.0
"""After a step failed as a whole (no database, full disk), its next look waits up to that long."""

log = structlog.get_logger("worker")


def run(app: Flask, stop: Event | None = None) -> None:
    """Work until `stop` is set (in the main thread of a process: until SIGTERM or SIGINT).

    Ends within a step; what it holds then is committed or given back.
    """
    stop = stop or _stop_by_signal()
    with app.app_context(), _alone(stop) as alone:
        if not alone:
            return
        processing.warm_up()
        steps = _steps_beside(stop)
        beside = [Thread(target=_beside, args=(app, stop, step), name=step.name, daemon=True) for step in steps]
        for thread in beside:
            thread.start()
        log.info("worker.started")
        _look_after(
            [
                Step("heartbeat", _beat, every=BEAT_SECONDS),
                Step("responses", lambda: processing.process_due(stop)),
                Step("follow_ups", jobs.ask_followups, every=UNHURRIED_SECONDS),
                Step("new_models", rescoring.begin_due, every=JOBS_SECONDS),
                Step("rescoring", lambda: rescoring.rescore_some(stop), every=UNHURRIED_SECONDS),
            ],
            stop,
        )
        for thread in beside:
            thread.join(outbox.LEASE / 1000)
        log.info("worker.stopped")


def run_once(app: Flask) -> int:
    """All that is due now, in this thread: responses, follow-ups, jobs, deliveries. Returns how much was done."""
    with nullcontext() if _inside(app) else app.app_context():
        processing.warm_up()
        done = 0
        while step := processing.process_due() + jobs.ask_followups() + jobs.run_due() + _send() + _rescore():
            done += step
        return done


@dataclass
class Step:
    """Something to look after, when anything was committed since the last look, and now and then anyway: each look costs a
    quiet server its share of a core. One that fails is tried again, ever more slowly, and holds up no other.
    """

    name: str
    act: Callable[[], int]
    every: float = 0.0
    """Two looks that find nothing are so far apart, in seconds."""
    not_before: float = 0.0
    anyway: float = 0.0
    """Then it looks though nothing was committed."""
    failed: int = 0

    def look(self, something_came: bool) -> int:
        """Returns how much was done: more than none means that more may wait."""
        if something_came:
            self.anyway = 0.0
        if time.monotonic() < max(self.not_before, self.anyway):
            return 0
        try:
            done = self.act()
        except Exception:
            log.exception("worker.step_failed", step=self.name)
            self.failed += 1
            self.not_before = time.monotonic() + min(LOOK_SECONDS * 2**self.failed, SLOWEST_SECONDS)
            return 0
        finally:
            db.session.remove()
        self.failed, now = 0, time.monotonic()
        self.not_before, self.anyway = (now, now) if done else (now + self.every, now + ANYWAY_SECONDS)
        return done


def _look_after(steps: list[Step], stop: Event) -> None:
    """Until `stop` is set, in the context of an application."""
    with closing(Commits(db.engine)) as commits:
        while not stop.is_set():
            something_came = commits.came()
            if not sum([step.look(something_came) for step in steps]):
                stop.wait(LOOK_SECONDS)


def _steps_beside(stop: Event) -> list[Step]:
    """What may take long, a thread for each: a slow mail server delays no webhook."""
    return [
        Step("deliveries", lambda: send_due(stop), every=UNHURRIED_SECONDS),
        Step("webhooks", lambda: webhooks.send_due(stop), every=UNHURRIED_SECONDS),
        Step("jobs", lambda: jobs.run_due(stop), every=JOBS_SECONDS),
    ]


def _beside(app: Flask, stop: Event, step: Step) -> None:
    with app.app_context():
        _look_after([step], stop)


def _rescore() -> int:
    return rescoring.begin_due() + rescoring.rescore_some()


def _send() -> int:
    return send_due() + webhooks.send_due()


def _beat() -> int:
    with writing():
        jobs.beat()
    return 0


def _stop_by_signal() -> Event:
    stop = Event()
    if current_thread() is main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
    return stop


@contextmanager
def _alone(stop: Event) -> Iterator[bool]:
    """On SQLite: wait until no other worker runs, then free what a dead one held. False when stopped meanwhile."""
    if not settings().is_sqlite:
        yield True
        return
    descriptor = holding.open_lock(settings(), "worker")
    try:
        while not holding.locked(descriptor):
            if stop.wait(LOOK_SECONDS):
                yield False
                return
        with writing():
            processing.release_leases()
            outbox.release_leases()
            webhook_outbox.release_leases()
        yield True
    finally:
        os.close(descriptor)


def _inside(app: Flask) -> bool:
    return has_app_context() and current_app._get_current_object() is app  # type: ignore[attr-defined]
