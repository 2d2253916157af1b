"""The worker's hold on due responses: leases, poison, newer snapshots, two workers at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from tests.worker.conftest import COMPLAINT, Tern
from widget_server import clock, pipeline, processing, worker
from widget_server.clock import MINUTE, now_ms
from widget_server.database import db, writing
from widget_server.recovery.models import Case, CaseResponse
from widget_server.responses.models import Response
from widget_server.scoring.models import AssessmentRow

POISON = "poison"


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is on a page with this release fails in the pipeline, halfway."""
    go_on = pipeline._go_on

    def fail_on_poison(response: Response, assessment: AssessmentRow) -> None:
        go_on(response, assessment)
        if response.release == POISON:
            raise ValueError("secret words of a visitor")

    monkeypatch.setattr(pipeline, "_go_on", fail_on_poison)


def pass_time(tern: Tern, rounds: int, each: int = MINUTE) -> None:
    start = now_ms()
    for step in range(rounds):
        with clock.travel(start + step * each):
            worker.run_once(tern.app)


def test_an_unfinished_response_is_processed_after_its_quiet_minutes(tern: Tern) -> None:
    sent = tern.send(COMPLAINT, finished=False)
    worker.run_once(tern.app)
    assert tern.response(sent).processed_at is None
    with clock.travel(now_ms() + 11 * MINUTE):
        worker.run_once(tern.app)
    assert tern.response(sent).processed_at is not None
    assert len(tern.all(Case)) == 1


def test_finishing_later_may_raise_a_case_and_never_closes_one(tern: Tern) -> None:
    body = tern.body(COMPLAINT, finished=False)
    tern.post(body)
    with clock.travel(now_ms() + 11 * MINUTE):
        worker.run_once(tern.app)
    tern.post({**body, "seq": 2, "finished": True, "answers": {"mood": 5}})
    with clock.travel(now_ms() + 12 * MINUTE):
        worker.run_once(tern.app)
    assert [row.revision for row in tern.all(AssessmentRow)] == [1, 2]
    [case] = tern.all(Case)
    assert case.state == "open"


@pytest.mark.usefixtures("poisoned")
def test_a_poison_response_blocks_no_other_and_ends_where_staff_see_it(tern: Tern) -> None:
    bad = tern.send(COMPLAINT, context={"release": POISON})
    good = [tern.send(COMPLAINT) for _ in range(3)]
    worker.run_once(tern.app)
    assert all(tern.response(sent).processed_at for sent in good)
    assert tern.response(bad).due_at is not None
    pass_time(tern, 7)
    given_up = tern.response(bad)
    assert (given_up.due_at, given_up.processed_at) == (None, None)
    assert "ValueError" in (given_up.failure or "")
    assert "secret" not in (given_up.failure or "")
    assert len(tern.all(Case)) == len(good)


def test_what_kills_the_worker_each_time_is_set_aside(tern: Tern) -> None:
    killer = tern.send(COMPLAINT)
    start = now_ms()
    for round_ in range(processing.DEATHS):
        with clock.travel(start + 2 * round_ * MINUTE), writing():
            assert processing._claim(50, min(round_, processing.MANY))
    with clock.travel(start + 2 * processing.DEATHS * MINUTE):
        worker.run_once(tern.app)
    assert "ended each time" in (tern.response(killer).failure or "")


def test_what_a_dead_worker_held_is_due_when_its_lease_ends(tern: Tern) -> None:
    sent = tern.send(COMPLAINT)
    with writing():
        assert len(processing._claim(50, 0)) == 1
    worker.run_once(tern.app)
    assert tern.response(sent).processed_at is None
    with clock.travel(now_ms() + processing.LEASE + 1):
        worker.run_once(tern.app)
    assert tern.response(sent).processed_at is not None


@pytest.mark.parametrize(("deaths", "at_once"), [(1, 5), (2, 1)])
def test_what_a_dead_worker_left_is_taken_together_once_and_then_one_by_one(tern: Tern, deaths: int, at_once: int) -> None:
    sent = [tern.send(f"The map was empty {number}") for number in range(5)]
    for one in sent:
        tern.change(one, attempts=deaths)
    assert processing.process_due() == at_once
    while processing.process_due():
        pass
    assert all(tern.response(one).processed_at for one in sent)


def test_a_worker_that_lost_its_lease_leaves_the_response_alone(tern: Tern) -> None:
    sent = tern.send(COMPLAINT)
    with writing():
        claimed = processing._claim(50, 0)
    with writing():
        db.session.execute(update(Response).values(lease_until=Response.lease_until + 1))
    assert processing._process_some(claimed) == []
    assert tern.response(sent).processed_at is None


def test_a_newer_snapshot_between_claim_and_processing_takes_over(tern: Tern) -> None:
    body = tern.body(COMPLAINT)
    tern.post({**body, "finished": False})
    tern.change(body["id"], due_at=now_ms())
    with writing():
        claimed = processing._claim(50, 0)
    tern.post({**body, "seq": 2})
    processing._process_some(claimed)
    worker.run_once(tern.app)
    response = tern.response(body["id"])
    assert (response.seq, response.due_at, response.lease_until) == (2, None, 0)
    assert [row.revision for row in tern.all(AssessmentRow)] == [2]


@pytest.mark.postgres
def test_eight_workers_racing_make_one_link_for_each_flagged_response(tern_on_postgres: Tern) -> None:
    tern = tern_on_postgres
    for number in range(60):
        tern.send(COMPLAINT, email=f"person{number % 7}@customer.example")
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with tern.app.app_context():
                while processing.process_due():
                    pass
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(tern.all(AssessmentRow)) == len(tern.all(CaseResponse)) == 60
    assert len(tern.all(Case)) == 7
    left = db.session.scalars(select(Response).where(Response.due_at.is_not(None))).all()
    assert left == []
