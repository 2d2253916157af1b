"""Puts work into the database and returns when its commit is on disk.

On SQLite every commit waits for the disk, so submissions share one: a thread takes all that wait, commits once, and only
then are they answered. One that fails hurts no other: then all is done again, each in its own savepoint. PostgreSQL
commits many at a time by itself: there the work runs on the caller's own thread. One contract test holds both to the
same promises.
"""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, TimeoutError

from widget_server.database import writing_connection, writing_on
from widget_server.errors import Refusal, Unavailable
from widget_server.responses.prepared import run

T = TypeVar("T")
MOST_WAITING = 1_000
MOST_TOGETHER = 200
IDLE_SECONDS = 20.0
UNREACHABLE = (DBAPIError, TimeoutError, OSError)
"""What a database that can't be written to raises: locked, full, restarting, out of connections."""

log = structlog.get_logger()


class Writer(Protocol):
    def write(self, work: Callable[[Connection], T], handed_over: Callable[[], object] | None = None) -> T:
        """Run `work` in a transaction; return its value once it is committed.

        Args:
            handed_over: called when another thread is to do it, and all that is left here is to wait.

        Raises:
            Refusal: raised by the work itself, whose part is then rolled back.
            Unavailable: it could not be committed in time, or at all; the same work may be tried again.
        """
        ...

    def close(self) -> None:
        """Finish what waits; take nothing more."""
        ...


def make_writer(engine: Engine, wait_seconds: float) -> Writer:
    return GroupWriter(engine, wait_seconds) if engine.dialect.name == "sqlite" else DirectWriter(engine)


class DirectWriter:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, work: Callable[[Connection], T], handed_over: Callable[[], object] | None = None) -> T:
        try:
            with writing_connection(self._engine) as connection:
                return work(connection)
        except UNREACHABLE as error:
            raise unavailable(error) from error

    def close(self) -> None:
        pass


class _Job:
    """`done` is a lock that whoever did the work opens: an Event would be three objects and as many wake-ups."""

    __slots__ = ("done", "error", "given_up", "value", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.done = threading.Lock()
        self.done.acquire()
        self.value: Any = None
        self.error: BaseException | None = None
        self.given_up = False


class GroupWriter:
    def __init__(self, engine: Engine, wait_seconds: float) -> None:
        self._engine = engine
        self._wait = wait_seconds
        self._closed = False
        self._begin_anew()
        leave = weakref.WeakMethod(self.close)
        atexit.register(lambda: (close := leave()) and close())

    def _begin_anew(self) -> None:
        """At the start, and in a forked child, which has none of its parent's threads."""
        self._process = os.getpid()
        self._jobs: deque[_Job] = deque()
        self._waiting = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, work: Callable[[Connection], T], handed_over: Callable[[], object] | None = None) -> T:
        job = _Job(work)
        self._enqueue(job)
        if handed_over is not None:
            handed_over()
        if not job.done.acquire(timeout=self._wait):
            job.given_up = True
            raise Unavailable("The database took too long; nothing is lost if it is sent again.")
        if isinstance(job.error, UNREACHABLE):
            raise unavailable(job.error) from job.error
        if job.error is not None:
            raise job.error
        value: T = job.value
        return value

    def _enqueue(self, job: _Job) -> None:
        if self._process != os.getpid():
            self._begin_anew()
        with self._waiting:
            if self._closed:
                raise Unavailable("The server is stopping; send it again.")
            if len(self._jobs) >= MOST_WAITING:
                raise Unavailable("Too much is waiting to be written; send it again in a moment.")
            self._jobs.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()
            self._waiting.notify()

    def close(self) -> None:
        with self._waiting:
            self._closed = True
            thread = self._thread
            self._waiting.notify_all()
        if thread is not None and thread is not threading.current_thread() and self._process == os.getpid():
            thread.join(self._wait)

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                with self._engine.connect() as connection:
                    while batch:
                        self._commit(connection, batch)
                        batch = self._told(batch)
            except BaseException as error:  # noqa: BLE001 — whoever waits must hear of it
                log.warning("group_commit_failed", error=type(error).__name__, submissions=len(batch))
                for job in batch:
                    job.error = error
                    job.done.release()

    def _next_batch(self) -> list[_Job]:
        """All that waits. Empty when there was nothing for a while, or no more will come: the thread ends."""
        with self._waiting:
            if not self._jobs and not self._closed:
                self._waiting.wait_for(lambda: self._jobs or self._closed, IDLE_SECONDS)
            batch = self._taken()
            if not batch:
                self._thread = None
            return batch

    def _told(self, batch: list[_Job]) -> list[_Job]:
        """Those whose commit is done hear of it. Returns who came meanwhile, for the same connection."""
        for job in batch:
            job.done.release()
        with self._waiting:
            return self._taken()

    def _taken(self) -> list[_Job]:
        return [self._jobs.popleft() for _ in range(min(len(self._jobs), MOST_TOGETHER))]

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        if self._commit_at_once(connection, batch):
            return
        with writing_on(connection):  # one of them fails: now each by itself
            for job in batch:
                if not job.given_up:
                    self._run_one(connection, job)

    def _commit_at_once(self, connection: Connection, batch: list[_Job]) -> bool:
        """All without savepoints, for nearly always none fails. False when one did: then nothing was done."""
        working = False
        try:
            with writing_on(connection):
                working = True
                wanted = [job for job in batch if not job.given_up]
                for job, value in zip(wanted, _all(connection, [job.work for job in wanted]), strict=True):
                    job.value = value
                working = False
        except Exception:
            if working:
                return False
            raise
        return True

    @staticmethod
    def _run_one(connection: Connection, job: _Job) -> None:
        run(connection, "SAVEPOINT submission")
        try:
            job.value = job.work(connection)
        except Exception as error:  # noqa: BLE001 — theirs alone; the others go on, unless the transaction itself is gone
            run(connection, "ROLLBACK TO submission")
            job.error = error
        run(connection, "RELEASE submission")


def _all(connection: Connection, works: list[Callable[[Connection], Any]]) -> list[Any]:
    """Works that are all of one kind, and know how, are done by a few statements for all of them."""
    together = getattr(works[0], "together", None) if len(works) > 1 else None
    if together is not None and len({type(work) for work in works}) == 1:
        done: list[Any] = together(connection, works)
        return done
    return [work(connection) for work in works]


def unavailable(error: BaseException) -> Refusal:
    log.warning("write_failed", error=type(error).__name__)
    return Unavailable("The database can't be written to just now; nothing is lost if it is sent again.")
