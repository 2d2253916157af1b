"""Timed work runs once, heartbeats are sparse, what should be gone is gone."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.worker.conftest import Tern, tern_at
from widget_server import clock, jobs, processing, worker
from widget_server.clock import DAY, HOUR, MINUTE, now_ms
from widget_server.database import Commits, db, writing
from widget_server.delivery.models import Heartbeat, JobTick
from widget_server.people.models import Contact


def test_a_tick_is_claimed_by_one_of_many(any_app: Flask) -> None:
    won: list[int] = []

    def race() -> None:
        with any_app.app_context():
            for tick in range(30):
                with writing():
                    if jobs.claim_tick("digest", tick):
                        won.append(tick)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(30))


def test_a_holder_that_dies_gives_its_tick_back(any_app: Flask) -> None:
    def die() -> None:
        with writing():
            assert jobs.claim_tick("digest", 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    with writing():
        assert jobs.claim_tick("digest", 1)


def test_addresses_found_in_texts_are_gone_after_thirty_days(tern: Tern) -> None:
    tern.send("Write to mara@customer.example please, I could not pay", email="form@customer.example")
    worker.run_once(tern.app)
    assert {contact.source for contact in tern.all(Contact)} == {"form", "text"}
    with clock.travel(now_ms() + 31 * DAY):
        worker.run_once(tern.app)
    assert {contact.source for contact in tern.all(Contact)} == {"form"}


def test_jobs_run_once_an_hour_however_often_the_worker_looks(any_app: Flask) -> None:
    start = (now_ms() // DAY + 1) * DAY
    for minutes in (0, 1, 59):
        with clock.travel(start + minutes * 60_000):
            jobs.run_due()
    with clock.travel(start + HOUR):
        jobs.run_due()
    db.session.rollback()
    ticks = db.session.scalars(select(JobTick).where(JobTick.name == "purge_contacts")).all()
    assert len(ticks) == 2


def test_a_job_that_fails_keeps_no_other_from_its_turn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail(_now: int) -> int:
        raise RuntimeError

    def work(_now: int) -> int:
        done.append("good")
        return 1

    monkeypatch.setattr(jobs, "JOBS", (jobs.Job("bad", HOUR, fail), jobs.Job("good", HOUR, work)))
    assert jobs.run_due() == 1
    assert done == ["good"]
    assert db.session.scalars(select(JobTick.name)).all() == ["good"]  # the other is tried again


def test_a_log_that_readers_held_is_cut_at_the_next_turn(app: Flask) -> None:
    path = Path(str(db.engine.url.database))
    log = path.with_name(f"{path.name}-wal")
    with writing():
        db.session.add(Heartbeat(name="somebody", at=1))
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM heartbeats").fetchall()
        with writing():
            db.session.add(Heartbeat(name="eleanor", at=1))
        jobs.run_due()
        assert log.stat().st_size > 0
    with clock.travel(now_ms() + 10 * MINUTE):
        jobs.cut_log(now_ms(), None)
    assert log.stat().st_size == 0


def test_the_loop_beats_works_and_stops_when_told(tern: Tern) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(tern.app, stop))
    thread.start()
    sent = tern.send("I could not pay, the page is broken")
    tern.await_processed(sent, 20)
    assert tern.all(Heartbeat)[0].name == "worker"
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_on_sqlite_a_second_worker_waits_for_the_first(app: Flask) -> None:
    first, second = threading.Event(), threading.Event()
    with worker._alone(first) as alone:
        assert alone
        threading.Timer(0.4, second.set).start()
        with worker._alone(second) as also:
            assert not also


def test_a_step_that_fails_holds_up_no_other(app: Flask) -> None:
    def fail() -> int:
        raise RuntimeError

    stop, done = threading.Event(), []

    def good() -> int:
        done.append(1)
        if len(done) == 3:
            stop.set()
        return 1

    steps = [worker.Step("bad", fail), worker.Step("good", good)]
    worker._look_after(steps, stop)
    assert len(done) == 3
    assert 1 <= steps[0].failed <= 3


def test_a_commit_is_seen_once_and_on_postgresql_always_supposed(any_app: Flask) -> None:
    on_sqlite = db.engine.dialect.name == "sqlite"
    db.session.scalars(select(Heartbeat)).all()  # the first connection turns a new file's log on
    db.session.rollback()
    with closing(Commits(db.engine)) as commits:
        assert commits.came()
        assert commits.came() is not on_sqlite
        db.session.scalars(select(Heartbeat)).all()
        db.session.rollback()
        assert commits.came() is not on_sqlite
        with writing():
            jobs.beat()
        assert commits.came()
        assert commits.came() is not on_sqlite


def test_a_step_looks_when_something_was_committed_and_anyway_after_two_seconds(app: Flask) -> None:
    looks: list[str] = []
    step = worker.Step("responses", lambda: looks.append("one") or 0)
    for something_came, sum_of_looks in ((False, 1), (False, 1), (True, 2), (True, 3), (False, 3)):
        step.look(something_came)
        assert len(looks) == sum_of_looks
    step.anyway -= worker.ANYWAY_SECONDS
    step.look(False)
    assert len(looks) == 4


def test_what_came_before_the_next_look_may_be_is_not_forgotten(app: Flask) -> None:
    looks: list[str] = []
    step = worker.Step("deliveries", lambda: looks.append("one") or 0, every=60)
    for something_came in (False, True, False):
        step.look(something_came)
    assert len(looks) == 1
    step.not_before = 0
    step.look(False)
    assert len(looks) == 2


def test_a_step_that_failed_is_not_hurried_and_that_did_something_looks_again(app: Flask) -> None:
    def fail() -> int:
        raise RuntimeError

    failing, looks = worker.Step("bad", fail), list[str]()
    assert [failing.look(True), failing.look(True)] == [0, 0]
    assert failing.failed == 1
    busy = worker.Step("good", lambda: looks.append("one") or 1, every=60)
    assert [busy.look(False), busy.look(False)] == [1, 1]


def test_a_quiet_worker_looks_seldom_and_at_once_when_something_comes(app: Flask) -> None:
    tern, stop, looks = tern_at(app), threading.Event(), list[float]()

    def look() -> int:
        looks.append(time.monotonic())
        return processing.process_due(stop)

    thread = threading.Thread(target=worker._beside, args=(tern.app, stop, worker.Step("responses", look)))
    thread.start()
    try:
        time.sleep(3)
        quiet = len(looks)
        sent = tern.send("I could not pay, the page is broken")
        tern.await_processed(sent, 20)
    finally:
        stop.set()
        thread.join(10)
    assert quiet <= 4  # at the start, for what the test had committed, and every two seconds


def test_letting_go_of_much_delays_no_response(tern: Tern, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, busy = threading.Event(), threading.Event()

    def long_job(_stop: threading.Event) -> int:
        busy.set()
        stop.wait(30)
        return 0

    monkeypatch.setattr(jobs, "run_due", long_job)
    running = threading.Thread(target=worker.run, args=(tern.app, stop))
    running.start()
    try:
        assert busy.wait(30)
        sent = tern.send("The seat map was empty", mood=1)
        tern.await_processed(sent, 30)
    finally:
        stop.set()
        running.join(30)


def test_told_to_stop_it_begins_no_further_job(any_app: Flask) -> None:
    stop = threading.Event()
    stop.set()
    assert jobs.run_due(stop) == 0
