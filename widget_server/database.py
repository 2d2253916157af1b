"""The database's one door: typed base, column types, and how transactions begin.

SQLite runs in WAL with `synchronous=FULL`. A transaction reads (`BEGIN`, `query_only`) unless it was begun inside
`writing()`, which first queues on one lock file that every process of the installation shares, then does
`BEGIN IMMEDIATE`: so no reader is ever promoted, and writers wait fairly in the kernel's order. PostgreSQL needs neither.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Annotated, Any

from flask import has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Connection, Engine, Integer, MetaData, String, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, mapped_column

from widget_server.errors import Unavailable

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives row ids only to a column that is exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Id = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
PublicId = Annotated[str, mapped_column(String(36), unique=True, default=lambda: public_id())]
Millis = Annotated[int, mapped_column(BigInteger)]
"""Milliseconds since 1970, UTC."""
Name = Annotated[str, mapped_column(String(200))]
Words = Annotated[str, mapped_column(Text)]
Object = Annotated[dict[str, Any], mapped_column(Json)]
Items = Annotated[list[Any], mapped_column(Json)]


APPLICATION = "widget-server"
"""What our connections to PostgreSQL are called."""
PATIENCE_SECONDS = 10.0
"""How long a request waits for the writers' lock: whoever holds it longer is not done soon, and a person is told so."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def public_id() -> str:
    """A UUIDv7 (RFC 9562): sorts by the time of its making, says nothing of how many there are."""
    return public_ids(1)[0]


def public_ids(count: int) -> list[str]:
    """Several at once: chance is asked for once, since each asking is a turn of all other threads."""
    now = (time.time_ns() // 1_000_000) << 80 | 7 << 76 | 2 << 62
    chance = os.urandom(10 * count)
    drawn = (int.from_bytes(chance[at : at + 10]) for at in range(0, 10 * count, 10))
    return [_spelled(now | (one >> 62 & 0xFFF) << 64 | one & (1 << 62) - 1) for one in drawn]


def _spelled(value: int) -> str:
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """The edge's unit of work on `db.session`: begins a writing transaction, commits once at the end.

    Whatever the session had read before is given up first, so that all is read afresh under the lock. An
    exception rolls back and goes on upwards. Operations inside only flush. Nested use is a mistake.
    """
    if _writing.get():
        raise RuntimeError("writing() inside writing(): operations flush, only the edge commits")
    db.session.rollback()
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


@contextmanager
def writing_connection(engine: Engine) -> Iterator[Connection]:
    """The same for Core statements on a connection of their own (ingest): one transaction, committed at the end."""
    with engine.connect() as connection, writing_on(connection):
        yield connection


@contextmanager
def writing_on(connection: Connection) -> Iterator[None]:
    """The same on a connection that is there and in no transaction."""
    token = _writing.set(True)
    try:
        with connection.begin():
            yield
    finally:
        _writing.reset(token)


class SqliteConnection(sqlite3.Connection):
    """Holds the writers' lock from before BEGIN until after COMMIT or ROLLBACK, whatever they answer."""

    writer_lock: int | None = None
    reads_only: bool | None = None

    def read_only(self, wanted: bool) -> None:
        """Whether it may not write. Said to SQLite when it changes."""
        if self.reads_only is not wanted:
            self.execute(f"PRAGMA query_only = {wanted:d}")
            self.reads_only = wanted

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self.unlock()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.unlock()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.unlock()

    def unlock(self) -> None:
        if self.writer_lock is not None:
            os.close(self.writer_lock)
            self.writer_lock = None


def engine_options(url: str) -> dict[str, Any]:
    """What Flask-SQLAlchemy passes to create_engine for this address."""
    if make_url(url).get_backend_name() == "sqlite":
        driver = {"timeout": 10, "check_same_thread": False, "factory": SqliteConnection}
        # the connection that was given back last knows our statements and has the pages in memory
        return {"connect_args": driver, "pool_size": 20, "max_overflow": 20, "pool_use_lifo": True}
    driver = {"application_name": APPLICATION, "connect_timeout": 5}  # one that went without a word is away, and says so
    return {"connect_args": driver, "pool_pre_ping": True, "pool_size": 12, "max_overflow": 12, "pool_timeout": 10}


def prepare_engine(engine: Engine) -> None:
    """Hang our rules on an engine, once: pragmas on connect, how a transaction begins and ends."""
    if engine.dialect.name != "sqlite":
        return
    lock_path = f"{engine.url.database}.writers"
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", lambda connection: _begin(connection, lock_path))


class Commits:
    """Whether anybody has committed since it was last asked. On SQLite that costs a hundredth of a look at a table: it
    stands in the log's head. PostgreSQL has no such sign, and there the answer is always yes.

    For one thread, with a connection of its own, which is opened again after an error.
    """

    def __init__(self, engine: Engine) -> None:
        self._path = engine.url.database if engine.dialect.name == "sqlite" else None
        self._connection: sqlite3.Connection | None = None
        self._last = -1

    def came(self) -> bool:
        if self._path is None:
            return True
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, timeout=0)
                self._last = -1
            version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            self.close()
            return True  # who looks then will be told what is wrong
        came, self._last = version != self._last, version
        return came

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
"""What must hold on every connection; synchronous 2 is FULL: a commit returns when it is on the disk. What is deleted is
overwritten with zeros."""


def _set_pragmas(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # we say BEGIN ourselves
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 10000")
    for name, wanted in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {wanted}")
        actual = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if actual != wanted:
            # the driver's own error: while another process repairs the log after a crash this passes, and is a 503
            raise sqlite3.OperationalError(f"SQLite did not take PRAGMA {name}: it is {actual!r}, and must be {wanted!r}")
    cursor.close()


def _begin(connection: Connection, lock_path: str) -> None:
    driver: SqliteConnection = connection.connection.dbapi_connection  # type: ignore[assignment]
    if not _writing.get():
        _begin_by("BEGIN", driver)
        return
    driver.writer_lock = _writers_turn(lock_path)
    try:
        _begin_by("BEGIN IMMEDIATE", driver)
    except BaseException:
        driver.unlock()
        raise


def _begin_by(words: str, driver: SqliteConnection) -> None:
    """By the driver itself: SQLAlchemy's way to two words costs more than what they do.

    Raises:
        DBAPIError: as SQLAlchemy would.
    """
    try:
        driver.read_only(words == "BEGIN")
        driver.execute(words)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, None, error, sqlite3.Error, hide_parameters=True) from error


def _writers_turn(lock_path: str) -> int:
    """The writers' lock, held: its descriptor. A request waits for it so long; the worker, and visitors' answers, for good.

    Raises:
        Unavailable: it was not this request's turn in time.
    """
    descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if not has_request_context():
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor
    if not _Place(descriptor).came_within(PATIENCE_SECONDS):
        raise Unavailable("Something else is being written for long just now. Nothing was changed; try again in a minute.")
    return descriptor


class _Place:
    """A place in the kernel's queue, kept by a thread: so who waits can leave, and nobody is passed over by trying again."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._settling = descriptor, Lock()
        self._came, self._left = Event(), False
        Thread(target=self._wait, name="writers-turn", daemon=True).start()

    def came_within(self, seconds: float) -> bool:
        if not self._came.wait(seconds):
            with self._settling:
                self._left = not self._came.is_set()
        return not self._left

    def _wait(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._settling:
            if self._left:
                os.close(self._descriptor)
            else:
                self._came.set()
