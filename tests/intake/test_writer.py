"""One contract over both writers: what is answered is committed, and one failure hurts nobody else."""

from __future__ import annotations

import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, insert, select
from sqlalchemy.exc import OperationalError

from tests.intake.conftest import sender_at
from widget_server.database import db, writing_connection
from widget_server.delivery.models import Heartbeat
from widget_server.errors import Conflict, Unavailable
from widget_server.intake.writer import MOST_WAITING, GroupWriter, make_writer

TABLE: Any = Heartbeat.__table__


def put(name: str, fail: Exception | None = None) -> Any:
    def work(connection: Connection) -> str:
        connection.execute(insert(TABLE), {"name": name, "at": 1, "detail": ""})
        if fail:
            raise fail
        return name

    return work


def names(engine: Engine) -> set[str]:
    with engine.connect() as connection, connection.begin():
        return set(connection.scalars(select(TABLE.c.name)))


def test_what_is_returned_is_committed(any_app: Flask) -> None:
    writer = make_writer(db.engine, 10)
    assert writer.write(put("one")) == "one"
    assert names(db.engine) == {"one"}
    writer.close()


def test_one_that_fails_hurts_no_other(any_app: Flask) -> None:
    writer = make_writer(db.engine, 10)

    def send(number: int) -> str | None:
        try:
            return writer.write(put(f"n{number}", Conflict("no") if number % 3 == 0 else None))
        except Conflict:
            return None

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(60)))
    assert names(db.engine) == {one for one in answers if one} == {f"n{n}" for n in range(60) if n % 3}
    writer.close()


def test_a_row_that_breaks_a_rule_hurts_no_other(any_app: Flask) -> None:
    writer = make_writer(db.engine, 10)
    writer.write(put("twin"))

    def send(name: str) -> bool:
        try:
            writer.write(put(name))
        except Unavailable:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, ["a", "twin", "b", "twin", "c"])) == [True, False, True, False, True]
    assert names(db.engine) == {"twin", "a", "b", "c"}
    writer.close()


def test_an_interrupted_caller_gets_503_and_its_turn_is_skipped(app: Flask) -> None:
    writer = GroupWriter(db.engine, 0.2)
    with writing_connection(db.engine), pytest.raises(Unavailable) as refused:  # somebody else holds the lock
        writer.write(put("late"))
    assert refused.value.retry_after
    writer._wait = 10.0
    writer.write(put("after"))
    assert names(db.engine) == {"after"}
    writer.close()


def test_a_commit_that_fails_is_told_to_everyone(app: Flask) -> None:
    writer = GroupWriter(db.engine, 10)

    def full(_connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(db.engine, "commit", full)
    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(writer.write, put(f"n{n}")) for n in range(5)]
        assert all(isinstance(one.exception(), Unavailable) for one in waiting)
    event.remove(db.engine, "commit", full)
    assert names(db.engine) == set()
    assert writer.write(put("again")) == "again"
    writer.close()


def test_a_full_queue_says_come_again(app: Flask) -> None:
    writer = GroupWriter(db.engine, 0.5)
    with writing_connection(db.engine), ThreadPoolExecutor(1) as pool:
        first = pool.submit(writer.write, put("first"))
        while not writer._thread or writer._jobs:
            threading.Event().wait(0.01)
        writer._jobs.extend([None] * MOST_WAITING)  # type: ignore[list-item]
        with pytest.raises(Unavailable):
            writer.write(put("too many"))
        writer._jobs.clear()
        db.session.rollback()
        released = first
    assert released.exception() is None or isinstance(released.exception(), Unavailable)
    writer.close()


def test_closing_finishes_what_waits(app: Flask) -> None:
    writer = GroupWriter(db.engine, 10)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(writer.write, put(f"n{n}")) for n in range(20)]
        writer.close()
        kept = {one.result() for one in waiting if one.exception() is None}
    assert names(db.engine) == kept
    with pytest.raises(Unavailable):
        writer.write(put("late"))


@pytest.mark.postgres
def test_a_postgresql_that_is_down_is_503_until_it_is_back(postgres_app: Flask, postgres_server: Any) -> None:
    tern = sender_at(postgres_app)
    assert tern.send().status_code == 202
    postgres_server.stop(signal.SIGQUIT)
    try:
        refused = tern.send()
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    finally:
        postgres_server.start()
    assert tern.send().status_code == 202
